/** What all kinds of data have in common that are files, given back byte for byte by a program that learns. */
import type { Codec, Coded, Estimate, Mechanism, MechanismName } from "../codec.ts";
import type { Context } from "../context.ts";
import { MdlError } from "../errors.ts";
import { type ItemGroup, itemLengths, runningNames } from "../items.ts";
import { BYTES, checkArguments, checkOptions, decimal, type Kind, SEED, TEXT, whole } from "../options.ts";
import { DEFAULT_LIMITS, type ProgramInfo } from "../program/read.ts";
import { regenerate } from "../program/regenerate.ts";
import { DECODING, type DrawOptions } from "../program/sandbox.ts";
import { describeFiles, type Files, type FilesModality, filesOf, firstDifference, itemsOf } from "./data.ts";
import { describeLoss, PREPROCESS, preprocessOf, steps, transform } from "./transform.ts";

/** What is special to a kind of data. */
export interface Engine<M extends FilesModality, Spec> {
  readonly modality: M;
  /** Of a new file: bytes where nobody says, the most that the decoder has room for, and whether it takes a beginning. */
  readonly newFile: { readonly length: number; readonly most: number; readonly prompted: boolean };
  /** What a model of it has: each mechanism turns a spec into a spec. */
  readonly mechanisms: Readonly<Record<MechanismName, Mechanism<Files<M>, Spec>>>;
  /** What the mechanisms would have to be asked for a model. */
  optionsOf(spec: Spec): Readonly<Record<MechanismName, object>>;
  /** The models that are worth trying; the shortest program wins. */
  candidates(spec: Spec, data: Files<M>, exactly: boolean): readonly Spec[];
  /** In a few words. */
  describe(spec: Spec): string;
  /** The mechanisms that a model has. */
  uses(spec: Spec): readonly MechanismName[];
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
    const silent = { seed: 1, signal, progress: () => {}, log: () => {}, random: unused };
    const seconds = async (bytes: number) => {
      const sample = await transform(data, { bytes }, { signal }), begun = performance.now();
      await engine.encode(sample, spec, silent);
      return (performance.now() - begun) / 1000;
    };
    const few = await seconds(FEW), size = data.symbols.length;
    if (size <= FEW) return { training: 0, encoding: few, decoding: few };
    const many = await seconds(MANY), aByte = Math.max(0, many - few) / (Math.min(size, MANY) - FEW);
    const all = few + aByte * (size - FEW);
    return { training: 0, encoding: all, decoding: all };
  };
  return {
    ...engine,
    unit: "files",
    drawn: 1,
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
    smaller(_, share, { symbols }) {
      const bytes = Math.max(1, Math.floor(share * symbols.length)).toLocaleString("en");
      return `take at most the first ${bytes} bytes (bytes)`;
    },
    decoderBytes: () => Promise.resolve({}),
    fit: (_, spec) => Promise.resolve({ trained: null, model: spec, forget: () => Promise.resolve() }),
    estimate: (data, spec, _, context) => estimate(data, spec, context),
    estimateCoding: estimate,
  };
}

function unused(): never {
  throw new Error("Nothing is drawn at random while files are coded.");
}

function checkShape(shape: Uint8Array): void {
  if (shape.length === 0) return;
  throw new MdlError("damaged", "The program is damaged: its header gives files a shape.");
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
  const drawing = { temperature: decimal(0.01, 100), length: whole(1, newFile.most), prompt: PROMPT };
  checkOptions("generate", options, { ...DECODING, ...drawing });
  const { temperature = 1, limits, ...running } = options, prompt = bytesOf(options.prompt);
  const stored = info.mode === "stored",
    { length: asked = stored ? info.items[0]!.bytes : newFile.length } = options;
  const length = Math.max(asked, prompt.length),
    { symbols: symbolsLimit, items: itemsLimit } = {
      ...DEFAULT_LIMITS,
      ...limits,
    };
  if (prompt.length > 0 && !newFile.prompted) {
    throw new MdlError(
      "usage",
      `How new files begin can be told of text and bytes, not of ${modality} (prompt).`,
    );
  }
  if (prompt.length > newFile.most) {
    throw new MdlError("usage", `A prompt has at most ${newFile.most.toLocaleString("en")} bytes.`);
  }
  if (count * length > symbolsLimit || count > itemsLimit) {
    throw new MdlError(
      "too-large",
      `${count} files of ${length} bytes are more than fit in memory: draw fewer.`,
    );
  }
  if (stored && (options.prompt || options.length !== undefined)) {
    throw new MdlError(
      "unsupported",
      "The program stores its data: what is drawn from it is noise, of one length.",
    );
  }
  const items: ItemGroup[] = [{ count, bytes: length }];
  const start = {
    drawn: 1,
    seed,
    temperature,
    given: prompt.length,
    ...(stored ? {} : { length }),
  } as const;
  const known = prompt.length ? new Uint8Array(count * prompt.length) : undefined;
  for (let i = 0; known && i < count; i++) known.set(prompt, i * prompt.length);
  const { dataset } = info.record;
  const symbols = await regenerate(
    info,
    { items, start, label: "generate", unit: "files", ...(known && { known }) },
    running,
  );
  return filesOf<M>({
    modality,
    name: `drawn from ${dataset}`,
    names: runningNames(count),
    lengths: Array.from({ length: count }, () => length),
    symbols,
    provenance: {
      source: "computed",
      licence: `that of ${dataset}`,
      citation:
        `Drawn with seed ${seed}${
          temperature === 1 ? "" : ` and temperature ${temperature}`
        } from the model ` +
        `of a program that regenerates ${dataset}.`,
    },
  });
}
