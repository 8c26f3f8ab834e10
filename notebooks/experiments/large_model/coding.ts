/** A large model as a compressor: texts that are really encoded and decoded, and what models make of each piece. */
import { type Context, contextOf } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Files, filesOf, firstDifference } from "../../../lib/files/data.ts";
import { sha256 } from "../../../lib/hash.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { programFrom } from "../../../lib/program/program.ts";
import { encodeText, specOf } from "../../../lib/text/encode.ts";
import { encodeWindows, encodeWithModel } from "../../../scripts/laboratory/large_model/encode.ts";
import {
  type LanguageModel,
  modelOf,
  type Published,
  readLlama,
} from "../../../scripts/laboratory/large_model/llama.ts";
import { inParallel } from "../../../scripts/laboratory/large_model/decode.ts";
import { SMOLLM2, smollm2File } from "../../../scripts/laboratory/large_model/smollm2.ts";
import { cutWindows, type Window } from "../../../scripts/laboratory/large_model/text.ts";
import { tokenizer } from "../../../scripts/laboratory/large_model/tokenizer.ts";
import { xz } from "../../../scripts/laboratory/baselines/stream_codecs.ts";
import { measureTextCodecs } from "../../../scripts/laboratory/baselines/text_codecs.ts";
import { openPrimed } from "../language/primed.ts";
import { randomModel } from "./random_model.ts";

/** A model, and the file that it came in. */
export interface OpenedModel extends Published {
  readonly name: string;
  readonly file: Uint8Array;
  readonly model: LanguageModel;
}

/**
 * SmolLM2-135M, fetched at first use; or, where none shall be fetched, a small model of random weights, whose figures say
 * nothing. Throws as `smollm2File`.
 */
export async function openModel(real: boolean, context: Context): Promise<OpenedModel> {
  if (!real) {
    const published = randomModel(context.random("model")), model = modelOf(published);
    return { ...published, name: "random weights (no model)", file: model.memory, model };
  }
  const file = await smollm2File(context), published = readLlama(file);
  return { ...published, name: SMOLLM2.citation, file, model: modelOf(published) };
}

/** A file of this project: text that is younger than the model. */
export async function projectFile(path: string): Promise<Uint8Array> {
  return await Deno.readFile(new URL(`../../../${path}`, import.meta.url));
}

/** The first bytes of a file, cut where a character ends. */
export function excerpt(name: string, bytes: Uint8Array, length: number, from = 0): Files<"text"> {
  const letter = (at: number) => (bytes[at] ?? 0) >= 0x80 && (bytes[at] ?? 0) < 0xc0 ? 1 : 0;
  let first = from, end = Math.min(bytes.length, from + length);
  while (letter(first)) first++;
  while (end > first && letter(end)) end--;
  const symbols = bytes.slice(first, end),
    provenance = { source: "computed", licence: "its own", citation: name };
  return filesOf({ modality: "text", name, names: [name], lengths: [symbols.length], symbols, provenance });
}

/** What became of a text under a model: encoded, decoded and compared; and under what learns from the text alone. */
export interface CodedText {
  readonly name: string;
  readonly bytes: number;
  readonly tokens: number;
  /** Bytes of the payload, without decoder and weights. */
  readonly payload: number;
  readonly encoding: number;
  readonly decoding: number;
  /** The payload of the text codec, without its decoder; the file of xz. */
  readonly textCodec: number;
  readonly xz: number;
}

/** @throws {MdlError} `mismatch`; `interrupted` */
export async function codeText(
  data: Files<"text">,
  { model }: OpenedModel,
  context: Context,
): Promise<CodedText> {
  const begun = performance.now(), coded = await encodeWithModel(data, model, context);
  const encoded = performance.now(), program = programFrom(data, coded, { dataset: data.name });
  const built = performance.now(), { progress, signal } = context;
  const decoded = await inParallel(program, { weights: model.memory }).decode({
    progress,
    signal,
    timeLimit: Infinity,
  });
  const difference = firstDifference(decoded, data);
  if (difference) throw new MdlError("mismatch", difference);
  (program.bytes.buffer as ArrayBuffer).transfer(0); // more than a hundred megabytes, which would wait to be collected
  const codecs = await measureTextCodecs(data.symbols, new Uint8Array());
  return {
    name: data.name,
    bytes: data.symbols.length,
    tokens: tokenizer(model.vocabulary)(data.symbols).tokens.length,
    payload: coded.payloads[0]!.bytes.length,
    encoding: (encoded - begun) / 1000,
    decoding: (performance.now() - built) / 1000,
    textCodec: await learntPayload(data, context),
    xz: codecs.find(({ codec }) => codec === "xz")!.alone,
  };
}

/** The payload of a program that learns while it decodes, decoded and compared. */
export async function learntPayload(
  data: Files<"text" | "bytes">,
  { signal, progress }: Pick<Context, "signal" | "progress">,
): Promise<number> {
  const context = contextOf(1, { signal, progress }), size = data.symbols.length;
  const spec = specOf("whole", data.modality === "text" ? "text" : "binary", size);
  const coded = await encodeText(data, spec, context);
  const program = programFrom<Files<"text" | "bytes">>(data, coded, { dataset: data.name });
  await program.verify(data, { signal, progress, timeLimit: Infinity });
  return coded.payloads[0]!.bytes.length;
}

/** Bytes of a text under what learns from it alone: the text codec's payload, or the file of xz, decoded and compared. */
export async function bytesUnder(
  name: "text codec" | "xz",
  data: Files<"text">,
  context: Context,
): Promise<number> {
  return name === "xz" ? await xzBytes(data.symbols) : await learntPayload(data, context);
}

async function xzBytes(symbols: Uint8Array): Promise<number> {
  const picture = { width: symbols.length, height: 1, channels: 1 as const, pixels: symbols };
  const file = await xz.settings[0]!.encode(picture), decoded = await xz.decode(file, 1);
  if (sha256(decoded) !== sha256(symbols)) throw new MdlError("mismatch", "xz does not give a text back.");
  return file.length;
}

/** Bits a byte of each text for who has read another one before: what the text codec and xz take for them then. */
export async function ratesAfter(
  before: Uint8Array,
  texts: readonly Files<"text">[],
): Promise<Readonly<Record<"text codec" | "xz", readonly number[]>>> {
  const longest = Math.max(...texts.map(({ symbols }) => symbols.length)), alone = await xzBytes(before);
  const primed = await openPrimed(before, specOf("whole", "text", before.length), longest);
  const codec = texts.map(({ symbols }) => primed.bitsOf(symbols) / symbols.length), others: number[] = [];
  for (const { symbols } of texts) {
    others.push(8 * (await xzBytes(concat([before, symbols])) - alone) / symbols.length);
  }
  return { "text codec": codec, xz: others };
}

/** Windows of about so many tokens, one from each text. */
export function windowsFrom(texts: readonly Files<"text">[], { vocabulary }: Published): Window[] {
  return texts.flatMap(({ symbols }) => cutWindows(tokenizer(vocabulary)(symbols), 1));
}

/** Bits a byte of each window under a model. */
export async function ratesOf(
  model: LanguageModel,
  windows: readonly Window[],
  context: Context,
): Promise<number[]> {
  const codes = await encodeWindows(windows, model, context);
  return codes.map(({ bits }, i) => bits / windows[i]!.bytes);
}
