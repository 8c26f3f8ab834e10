/** Files under a transformer that is shipped: its weights, and the files under it, as the segments of a program. */
import type { Coded } from "../../codec.ts";
import type { Context } from "../../context.ts";
import { type EncoderExports, openModule, readModule } from "../../decoder/modules.ts";
import { type Files, itemsOf } from "../../files/data.ts";
import { encodingPace } from "../../pace.ts";
import { concat } from "../../program/bytes.ts";
import { BLOCK_ADDRESS } from "../engine.ts";
import { blockEnd, placesFrom, writeBlock } from "./block.ts";
import { multiplesOf, symbolsOf, type TransformerModel } from "./model.ts";

/** What shipped_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): number;
  encodeWeights(multiples: number, count: number, to: number): number;
  begin(known: number, count: number, to: number): void;
  encode(): number;
}

/** Windows that are decoded side by side, of files that have so many bytes. */
const LANES = 4, LARGE = 2 ** 14;
/** Positions that the encoder takes at once. */
const ROWS = 32;
/** Bytes behind a code that the range coder may read: zeros. */
const MARGIN = new Uint8Array(3);

/**
 * Codes files with trained weights, which are rounded to whole multiples of their steps.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeShipped(data: Files, model: TransformerModel, context: Context): Promise<Coded> {
  const items = itemsOf(data), lanes = data.symbols.length < LARGE ? 1 : LANES;
  const { weights, codes, bits } = await codesOf(data.symbols, lanes, model, context);
  const weightCode = blockEnd(items, model), at = weightCode + weights.length + MARGIN.length;
  const windowCodes = codes.map((_, i) =>
    codes.slice(0, i).reduce((sum, { length }) => sum + length + MARGIN.length, at)
  );
  const payload = concat(codes.flatMap((code, i) => i ? [MARGIN, code] : [code]));
  const places = placesFrom(at + payload.length + MARGIN.length, items, model, { lanes, rows: lanes });
  return {
    mode: "two-part",
    decoder: await readModule("shipped"),
    memoryBytes: places.end,
    parameters: {
      address: BLOCK_ADDRESS,
      bytes: writeBlock(items, model, places, { weightCode, windowCodes }),
    },
    weights: { address: weightCode, bytes: weights },
    payloads: [{ address: at, bytes: payload, estimatedBits: bits }],
  };
}

/** The codes of the weights and of each window, by the decoder's own model. */
async function codesOf(bytes: Uint8Array, lanes: number, model: TransformerModel, context: Context) {
  const items = [{ count: 1, bytes: bytes.length }];
  const places = placesFrom(blockEnd(items, model), items, model, { lanes: 1, rows: ROWS });
  const multiples = multiplesOf(model), symbols = places.text; // where the decoder has the text
  const size = places.end + multiples.length;
  const { encoder, memory } = await openModule<EncoderModule>("shipped_encoder", size);
  memory().set(writeBlock(items, model, places, { weightCode: 0, windowCodes: [] }), BLOCK_ADDRESS);
  memory().set(symbolsOf(model.alphabet, bytes), symbols);
  const known = encoder.open(), to = known + multiples.length;
  memory().set(new Uint8Array(multiples.buffer), known);
  const end = encoder.encodeWeights(known, multiples.length, to), weights = memory().slice(to, end);
  const pace = encodingPace(context, bytes.length, "bytes"), codes: Uint8Array[] = [];
  let done = 0, bits = 0;
  for (let i = 0; i < lanes; i++) {
    const last = Math.floor((i + 1) * bytes.length / lanes);
    encoder.begin(symbols + done, last - done, to);
    while (done < last) {
      done = last - encoder.encode();
      await pace(done);
    }
    const end = encoder.close();
    codes.push(memory().slice(to, end));
    bits += encoder.spent.value;
  }
  return { weights, codes, bits };
}
