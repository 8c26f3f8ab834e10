/** A model as data, and the text that it writes. */
import type { Context } from "../../../lib/context.ts";
import { type Files, filesOf } from "../../../lib/files/data.ts";
import { programFrom } from "../../../lib/program/program.ts";
import { encodeWithModel } from "../../../scripts/laboratory/large_model/encode.ts";
import { measureTextCodecs } from "../../../scripts/laboratory/baselines/text_codecs.ts";
import { learntPayload, type OpenedModel } from "./coding.ts";

/** What lossless coding makes of a stretch of a model's file. */
export interface ShrunkSample {
  readonly at: number;
  readonly bytes: number;
  /** Bytes of the file of each codec; of ours, without its decoder. */
  readonly codecs: Readonly<Record<string, number>>;
}

/** Stretches of a file at even distances, each under other codecs and under the one for any bytes. */
export async function shrinkSamples(
  file: Uint8Array,
  count: number,
  length: number,
  context: Context,
): Promise<ShrunkSample[]> {
  const samples: ShrunkSample[] = [];
  for (let i = 0; i < count; i++) {
    const at = Math.floor((i + 0.5) * Math.max(0, file.length - length) / count),
      symbols = file.slice(at, at + length);
    const names = ["weights"], lengths = [symbols.length];
    const provenance = { source: "computed", licence: "its own", citation: "a stretch of a model's file" };
    const data = filesOf({ modality: "bytes", name: "weights", names, lengths, symbols, provenance });
    const codecs: Record<string, number> = { "ours, for any bytes": await learntPayload(data, context) };
    for (const { codec, alone } of await measureTextCodecs(symbols, new Uint8Array())) codecs[codec] = alone;
    samples.push({ at, bytes: symbols.length, codecs });
  }
  return samples;
}

/** Text that a model writes: random bits decoded. `temperature` below 1 makes it tamer. */
export async function writeText(
  { model }: OpenedModel,
  length: number,
  seed: number,
  temperature: number,
  context: Context,
): Promise<string> {
  const provenance = { source: "computed", licence: "none", citation: "nothing" };
  const nothing: Files<"text"> = filesOf({
    modality: "text",
    name: "nothing",
    names: ["text"],
    lengths: [length],
    symbols: new Uint8Array(length).fill(32),
    provenance,
  });
  const program = programFrom(nothing, await encodeWithModel(nothing, model, context), {
    dataset: "nothing",
  });
  const drawn = await program.generate(1, seed, {
    length,
    temperature,
    timeLimit: Infinity,
  }) as unknown as Files;
  return new TextDecoder().decode(drawn.symbols);
}
