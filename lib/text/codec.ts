/** Text and any bytes as kinds of data: one engine, which learns while it decodes. */
import { type Codec, MECHANISMS } from "../codec.ts";
import { type Engine, filesCodec } from "../files/codec.ts";
import type { Files } from "../files/data.ts";
import { encodeText } from "./encode.ts";
import { type ByteSpec, DRAWN_BYTES, sizeFor } from "./engine.ts";
import { mechanismsOf } from "./mechanisms.ts";

/** Files up to so many bytes are tried with the plain decoder, too. */
const SMALL = 60_000;

/** Files of text. */
export const text: Codec<Files<"text">, ByteSpec, ByteSpec, null> = filesCodec(engine("text"));

/** Files of any bytes. */
export const bytes: Codec<Files<"bytes">, ByteSpec, ByteSpec, null> = filesCodec(engine("bytes"));

function engine<M extends "text" | "bytes">(modality: M): Engine<M, ByteSpec> {
  return {
    modality,
    newFile: { length: 1000, most: DRAWN_BYTES, prompted: true },
    mechanisms: mechanismsOf(modality),
    candidates(spec: ByteSpec, { symbols }: Pick<Files, "symbols">, exactly: boolean): readonly ByteSpec[] {
      if (exactly || symbols.length > SMALL || !isWhole(spec)) return [spec];
      return [spec, { ...spec, model: "plain", size: sizeFor("plain", symbols.length) }];
    },
    uses: ({ model }) => model === "plain" ? ["features", "sharing"] : MECHANISMS,
    describe: ({ model }: ByteSpec) =>
      model === "plain" ? "orders 0 to 6, in the plain decoder" : "all contexts",
    encode: encodeText,
  };
}

/** Whether nothing is left out: what somebody leaves out is not brought back by another model. */
function isWhole({ orders, refinement, words, lines, match, gating, forget }: ByteSpec): boolean {
  return orders && refinement && words && lines && match && gating && forget === 0;
}
