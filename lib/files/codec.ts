/** What all kinds of data have in common that are files, given back byte for byte by a program that learns. */
import type { Codec, Coded, Estimate, MechanismName, Mechanisms } from "../codec.ts";
import { type Context, contextOf } from "../context.ts";
import { MdlError } from "../errors.ts";
import { itemLengths } from "../items.ts";
import { BYTES, checkArguments, checkOptions, type Kind, SEED, TEXT, whole } from "../options.ts";
import { concat, damaged } from "../program/bytes.ts";
import { drawItems } from "../program/regenerate.ts";
import type { ProgramInfo } from "../program/read.ts";
import { DRAWING, type DrawOptions } from "../program/sandbox.ts";
import { describeFiles, type Files, type FilesModality, filesOf, firstDifference, itemsOf } from "./data.ts";
import { describeLoss, PREPROCESS, preprocessOf, steps, transform } from "./transform.ts";

/** What is special to a kind of data. */
export interface Engine<M extends FilesModality, Spec> {
  readonly modality: M;
  /** Of a new file: bytes where nobody says, the most that the decoder has room for, and whether it takes a beginning. */
  readonly newFile: { readonly length: number; readonly most: number; readonly prompted: boolean };
  /** What a model of it has: each mechanism turns a spec into a spec. */
  readonly mechanisms: Mechanisms<Files<M>, Spec, Record<MechanismName, object>>;
  /** The models that are worth trying, if not the one alone; the shortest program wins. */
  candidates?(spec: Spec, data: Files<M>, exactly: boolean): readonly Spec[];
  /** In a few words. */
  describe(spec: Spec): string;
  /** The mechanisms that a model has; all where this is absent. */
  uses?(spec: Spec): readonly MechanismName[];
  /** @throws {MdlError} `interrupted` */
  encode(data: Files<M>, spec: Spec, context: Context): Promise<Coded>;
}

/** Bytes of two samples: what the larger takes more is the time that bytes take, the rest is opening the model. */
const FEW = 2 ** 14, MANY = 2 ** 16;

/** A kind of data with this engine. */
export function filesCodec<M extends FilesModality, Spec>(
  engine: Engine<M, Spec>,
): Codec<Files<M>, Spec, Spec, null> {
  const { modality } = engine;
  const estimate = async (data: Files<M>, spec: Spec, { signal }: Context): Promise<Estimate> => {
    const context = contextOf(1, { signal });
    const seconds = async (bytes: number) => {
      const sample = await transform(data, { bytes }, context), begun = performance.now();
      await engine.encode(sample, spec, context);
      return (performance.now() - begun) / 1000;
    };
    const few = await seconds(FEW), size = data.symbols.length;
    if (size <= FEW) return { training: 0, encoding: few, decoding: few };
    const many = await seconds(MANY), aByte = Math.max(0, many - few) / (Math.min(size, MANY) - FEW);
    const all = few + aByte * (size - FEW);
    return { training: 0, encoding: all, decoding: all };
  };
  return {
    candidates: (spec) => [spec],
    ...engine,
    unit: "files",
    drawn: 1,
    trains: () => 0,
    shape: () => new Uint8Array(),
    items: itemsOf,
    checkShape,
    assemble(shape, items, symbols, said) {
      checkShape(shape);
      return filesOf<M>({ ...said, modality, lengths: [...itemLengths(items)], symbols });
    },
    draw: (info, count, seed, options) => draw(engine, info, count, seed, options),
    difference: firstDifference,
    preprocessing: { kinds: PREPROCESS, steps, apply: transform, loss: describeLoss, said: preprocessOf },
    summary: describeFiles,
    smaller(share, { symbols }) {
      const bytes = Math.max(1, Math.floor(share * symbols.length)).toLocaleString("en");
      return `take at most the first ${bytes} bytes (bytes)`;
    },
    decoderBytes: () => Promise.resolve({}),
    fit: (_, spec) => Promise.resolve({ trained: null, model: spec, forget: () => Promise.resolve() }),
    estimate: (data, spec, _, context) => estimate(data, spec, context),
    estimateCoding: estimate,
  };
}

function checkShape(shape: Uint8Array): void {
  if (shape.length > 0) throw damaged("its header gives files a shape");
}

const PROMPT: Kind = {
  words: "a text, or bytes, a Uint8Array",
  fits: (value) => TEXT.fits(value) || BYTES.fits(value),
};

function bytesOf(prompt: string | Uint8Array = ""): Uint8Array {
  return typeof prompt === "string" ? new TextEncoder().encode(prompt) : prompt;
}

/** New files: the module first learns from the whole set, and then decodes random bits. */
async function draw<M extends FilesModality>(
  { modality, newFile }: Pick<Engine<M, never>, "modality" | "newFile">,
  info: ProgramInfo,
  count: number,
  seed: number,
  options: DrawOptions = {},
): Promise<Files<M>> {
  checkArguments("generate", { count, seed }, { count: whole(1), seed: SEED });
  checkOptions("generate", options, { ...DRAWING, length: whole(1, newFile.most), prompt: PROMPT });
  const stored = info.mode === "stored", prompt = bytesOf(options.prompt);
  if (prompt.length > 0 && !newFile.prompted) {
    const text = `How new files begin can be told of text and bytes, not of ${modality} (prompt).`;
    throw new MdlError("usage", text);
  }
  if (prompt.length > newFile.most) {
    throw new MdlError("usage", `A prompt has at most ${newFile.most.toLocaleString("en")} bytes.`);
  }
  if (stored && (options.prompt || options.length !== undefined)) {
    const text = "The program stores its data: what is drawn from it is noise, of one length.";
    throw new MdlError("unsupported", text);
  }
  const asked = stored ? info.items[0]!.bytes : options.length ?? newFile.length;
  const length = Math.max(asked, prompt.length), items = [{ count, bytes: length }];
  const known = () => concat(Array.from({ length: count }, () => prompt));
  const drawing = {
    items,
    unit: "files",
    seed,
    ...(stored ? {} : { length }),
    ...(prompt.length && { given: { each: prompt.length, known } }),
  };
  const drawn = await drawItems(info, drawing, options);
  return filesOf<M>({ ...drawn, modality, lengths: [...itemLengths(items)] });
}
