/** Tables as a kind of data: CSV files, which come back byte for byte. */
import { type Codec, type Coded, MECHANISMS } from "../codec.ts";
import type { Context } from "../context.ts";
import { readModule } from "../decoder/modules.ts";
import { filesCodec } from "../files/codec.ts";
import type { Files } from "../files/data.ts";
import { encodeText, specOf } from "../text/encode.ts";
import { DRAWN_BYTES } from "../text/engine.ts";
import { type Table, tableOf } from "./csv.ts";
import { encodeTable } from "./engine.ts";
import { mechanisms, type TableSpec } from "./mechanisms.ts";

/**
 * Tables up to so many bytes are tried as text, too, in its whole decoder, and in its two small ones; in the whole one also
 * larger ones, most of which is in cells of so many bytes: columns say little of what is written in them.
 */
const MOST_TEXT = 300_000, MOST_REPEATS = 200_000, MOST_PLAIN = 60_000, LONG = 32;

const DESCRIBED: Readonly<Record<TableSpec["model"], string>> = {
  table: "columns and rows",
  text: "text, in the whole decoder",
  repeats: "text, in the decoder for what repeats itself",
  plain: "text, in the plain decoder",
};

/** A CSV file. Several files, and what has no table's structure, are coded as text. */
export const table: Codec<Files<"table">, TableSpec, TableSpec, null> = filesCodec({
  modality: "table",
  newFile: { length: 1000, most: DRAWN_BYTES, prompted: false }, // as text, where that was shorter
  mechanisms,
  candidates(spec, { symbols, lengths }, exactly) {
    const found = lengths.length === 1 ? tableOf(symbols) : undefined, isTable = found !== undefined;
    if (isTable && (exactly || !(spec.earlierColumns && spec.earlierRows && spec.shared))) return [spec];
    return [
      ...(isTable ? [spec] : []),
      ...(!isTable || symbols.length <= MOST_TEXT || isWritten(found)
        ? [{ ...spec, model: "text" as const }]
        : []),
      ...(symbols.length <= MOST_REPEATS ? [{ ...spec, model: "repeats" as const }] : []),
      ...(symbols.length <= MOST_PLAIN ? [{ ...spec, model: "plain" as const }] : []),
    ];
  },
  uses: ({ model }) => model === "table" ? MECHANISMS : [],
  describe: ({ model }) => DESCRIBED[model],
  encode,
});

/** Whether most of a table's bytes are in long cells. */
function isWritten({ bytes, starts, ends }: Table): boolean {
  let long = 0;
  for (let i = 0; i < starts.length; i++) {
    const length = ends[i]! - starts[i]!;
    if (length >= LONG) long += length;
  }
  return 2 * long > bytes.length;
}

async function encode(
  data: Files<"table">,
  { model, ...switches }: TableSpec,
  context: Context,
): Promise<Coded> {
  const code = model === "table" ? await encodeTable(data.symbols, switches, context) : undefined;
  if (!code) {
    return await encodeText(
      data,
      specOf(model === "plain" || model === "repeats" ? model : "whole", "text", data.symbols.length),
      context,
    );
  }
  const { build, columns: _, columnBits: __, ...coded } = code;
  return { ...coded, decoder: await readModule(build) };
}
