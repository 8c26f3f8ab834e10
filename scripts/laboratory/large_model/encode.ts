/** Text under a language model: windows are encoded by Workers, as many as wanted, with the same result. */
import type { Coded } from "../../../lib/codec.ts";
import type { Context } from "../../../lib/context.ts";
import { compileModule, readModule } from "../../../lib/decoder/modules.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Files, itemsOf } from "../../../lib/files/data.ts";
import { STOPPED_ENCODING } from "../../../lib/pace.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { ask, closeWorker, openWorker } from "../../../lib/workers.ts";
import type { Encoded, EncodeSome, OpenEncoder } from "./encode_worker.ts";
import type { LanguageModel } from "./llama.ts";
import {
  cutWindows,
  decoderWorkspace,
  encoderWorkspace,
  MARGIN,
  memoryBytes,
  placesFor,
  type Window,
  writeBlock,
} from "./text.ts";
import { tokenizer } from "./tokenizer.ts";

const MODULE = new URL("./encode_worker.ts", import.meta.url);

export interface ModelOptions {
  /** Windows that are coded by themselves; by default one for some thousand tokens. */
  readonly windows?: number;
  /** Workers; the result does not depend on it. */
  readonly threads?: number;
}

/** A window's code, and the bits that the model gave it. */
export interface WindowCode {
  readonly code: Uint8Array<ArrayBuffer>;
  readonly bits: number;
}

/**
 * Files of any bytes under a model.
 *
 * @throws {MdlError} `interrupted`; `too-large` where memory does not suffice
 */
export async function encodeWithModel(
  data: Pick<Files, "symbols" | "lengths">,
  model: LanguageModel,
  context: Pick<Context, "signal" | "progress">,
  options: ModelOptions = {},
): Promise<Coded> {
  const windows = cutWindows(tokenizer(model.vocabulary)(data.symbols), options.windows),
    items = itemsOf(data);
  const codes = await encodeWindows(windows, model, context, options.threads);
  const parts = codes.flatMap(({ code }) => [code, new Uint8Array(MARGIN)]),
    payload = concat(parts.slice(0, -1));
  const space = decoderWorkspace(windows), places = placesFor(model, windows.length, items, payload.length);
  let at = places.payload;
  const placed = windows.map(({ bytes }, i) => {
    const code = at;
    at += codes[i]!.code.length + MARGIN;
    return { bytes, code };
  });
  return {
    mode: "two-part",
    decoder: await readModule("transformer", import.meta.url),
    memoryBytes: memoryBytes(model, space, places),
    parameters: writeBlock(model, space, places, placed, items),
    weights: { address: places.spelling, bytes: model.memory },
    payloads: [{
      address: places.payload,
      bytes: payload,
      estimatedBits: codes.reduce((sum, { bits }) => sum + bits, 0),
    }],
  };
}

/** Tokens of each window of a sample. */
const SAMPLE = 192;

/**
 * How many tokens files become, and the seconds that one takes, measured on the first of them. Throws as
 * `encodeWithModel`.
 */
export async function estimateWithModel(
  data: Pick<Files, "symbols">,
  model: LanguageModel,
  { signal }: Pick<Context, "signal">,
): Promise<{ readonly tokens: number; readonly seconds: number }> {
  const all = tokenizer(model.vocabulary)(data.symbols), tokens = all.tokens.length;
  const sample = { tokens: all.tokens.slice(0, 2 * SAMPLE), lengths: all.lengths.slice(0, 2 * SAMPLE) };
  const seen: { readonly done: number; readonly time: number }[] = [];
  const progress = ({ done }: { readonly done: number }) => seen.push({ done, time: performance.now() });
  await encodeWindows(cutWindows(sample, 2), model, { signal, progress });
  const first = seen[0]!, last = seen.at(-1)!;
  const seconds = last.done > first.done ? (last.time - first.time) / 1000 / (last.done - first.done) : 0;
  return { tokens, seconds };
}

/** Encodes windows; each Worker takes the next that waits. Throws as `encodeWithModel`. */
export async function encodeWindows(
  windows: readonly Window[],
  model: LanguageModel,
  { signal, progress }: Pick<Context, "signal" | "progress">,
  threads = 2,
): Promise<WindowCode[]> {
  const codes: WindowCode[] = [],
    done = windows.map(() => 0),
    total = sum(windows.map(({ tokens }) => tokens.length));
  const opening = await openingOf(windows, model);
  let next = 0;
  const work = async () => {
    const worker = openWorker(MODULE);
    try {
      await ask<Encoded>(worker, opening, { signal });
      while (next < windows.length) {
        const i = next++, { tokens } = windows[i]!;
        let message: EncodeSome = { tokens };
        for (;;) {
          const { left, code, bits } = await ask<Encoded>(worker, message, { signal });
          done[i] = tokens.length - left;
          progress({ label: "encode", done: sum(done), total, unit: "tokens" });
          if (code) {
            codes[i] = { code, bits: bits! };
            break;
          }
          message = {};
        }
      }
    } finally {
      closeWorker(worker, MODULE, false); // its memory ends with it
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(threads, windows.length) }, work));
  } catch (error) {
    if (signal.aborted) throw new MdlError("interrupted", STOPPED_ENCODING);
    throw error;
  }
  return codes;
}

/** What opens an encoder; the model is shared by all of them. */
async function openingOf(windows: readonly Window[], model: LanguageModel): Promise<OpenEncoder> {
  const space = encoderWorkspace(windows), places = placesFor(model, 0, [], 0);
  return {
    module: await compileModule("transformer_encoder", import.meta.url),
    memoryBytes: memoryBytes(model, space, places),
    parts: [writeBlock(model, space, places, [], []), { address: places.spelling, bytes: model.memory }],
    tokens: Math.max(...windows.map(({ tokens }) => tokens.length)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
