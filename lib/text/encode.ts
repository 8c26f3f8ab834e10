import type { Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { type Files, itemsOf } from "../files/data.ts";
import { type ByteSpec, decoderFor, DEFAULT_SPEC, encodeBytes, rateFor, sizeFor } from "./engine.ts";

/** The model with everything on, for so many bytes. */
export function specOf(model: ByteSpec["model"], kind: ByteSpec["kind"], bytes: number): ByteSpec {
  return { ...DEFAULT_SPEC, model, kind, size: sizeFor(model, bytes), rate: rateFor(bytes) };
}

/** Files under a model that learns while it decodes. Throws as `encodeBytes`. */
export async function encodeText(data: Files, spec: ByteSpec, context: Context): Promise<Coded> {
  const code = await encodeBytes(data.symbols, itemsOf(data), spec, context);
  return {
    mode: "prequential",
    decoder: await decoderFor(spec),
    memoryBytes: code.memoryBytes,
    parameters: code.parameters,
    payloads: [code.payload],
  };
}
