/** The model in a program, taken out of it: to look at, to code other sets with, to weigh what it drew. */
import { type Dataset, images, type Tiling } from "./dataset.ts";
import { sha256 } from "../hash.ts";
import { openEncoder } from "./encoder.ts";
import { isLattice } from "./lattice.ts";
import { LAYER_KINDS, type Steps } from "./parameters.ts";
import { MdlError } from "../errors.ts";
import { cellCount, cellSize, checkSpec, inForce, type ModelSpec, tilingOf } from "./spec.ts";
import { BYTES, checkArguments, checkOptions, contextWith, DATASET, MODEL, optional } from "../options.ts";
import { paced, paceOf } from "../pace.ts";
import type { Context } from "../context.ts";
import { readShape } from "./shape.ts";
import { equal } from "../program/bytes.ts";
import { type ProgramInfo, readProgram } from "../program/read.ts";
import { type DecodeOptions, DECODING, inSandbox } from "../program/sandbox.ts";

/** A trained predictor. */
export interface ProgramModel {
  /** SHA-256 of the program that it was taken from. */
  readonly program: string;
  /** Its shape. */
  readonly spec: ModelSpec;
  /** Of the images that it predicts: 1 gray, 3 colour. */
  readonly channels: 1 | 3;
  /** Quantisation steps. */
  readonly steps: Steps;
  /** Quantised, f32, laid out as `layers` says. */
  readonly weights: Float32Array;
  /** Their code in the program. */
  readonly weightCode: Uint8Array;
}

/** What a run record of an earlier version leaves out. */
const EARLIER = { scales: 1, shareScales: true, leastSquares: false, attention: "none" };

const NUMBERS = ["neighbours", "cross", "width", "blocks", "grid", "bits", "scales"] as const;

/** A hundred times what a predictor for each of 32 × 32 positions has. */
const MOST_WEIGHTS = 2 ** 24;

/** Fields of the parameter block (lib/decoder/README.md): where the weights will be; the four steps. */
const HEAP = 16, STEPS = 20;

/**
 * Takes the model out of a program: runs its start, within the time limit, and reads its memory. As `prior` of `compress`
 * it codes another set without training. It looks at each image by itself, also where the program's are tiles of larger
 * pictures.
 *
 * @param bytes The program.
 * @throws {MdlError} as `programOf` and its `decode`; `unsupported` when the program stores its data, or when this
 * version lays its weights out differently; `too-large` for more than `MOST_WEIGHTS`.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const model = await mdl.modelOf(program.bytes);
 * assert(model.weights.length > 0);
 * console.log(model.spec.width, model.weightCode.length); // width of the layers, bytes of the weights
 * ```
 */
export async function modelOf(bytes: Uint8Array, options: DecodeOptions = {}): Promise<ProgramModel> {
  checkArguments("modelOf", { bytes }, { bytes: BYTES });
  checkOptions("modelOf", options, DECODING);
  const info = readProgram(bytes, options),
    { record, segments } = info,
    { channels, groups } = readShape(info);
  const weightCode = segments.find(({ kind }) => kind === "weights")?.bytes;
  if (info.mode !== "two-part" || !weightCode || typeof record.model !== "object") {
    const instead = info.mode === "prequential" ? "it learns while it decodes" : "it stores its data";
    throw new MdlError("unsupported", `The program of ${record.dataset} holds no model: ${instead}.`);
  }
  const { tiles: _, ...spec } = inForce({ ...EARLIER, ...record.model } as ModelSpec); // of that set alone
  if (spec.lattice !== undefined && !isLattice(spec.lattice)) throw unknown(record.dataset);
  if (!NUMBERS.every((field) => Number.isInteger(spec[field]))) throw unknown(record.dataset);
  checkSpec(spec);
  const block = segments[0]!.bytes, view = new DataView(block.buffer, block.byteOffset, block.length);
  if (block.length < STEPS + 16) throw unknown(record.dataset);
  const steps = Object.fromEntries(
    LAYER_KINDS.map((kind, i) => [kind, view.getFloat32(STEPS + 4 * i, true)]),
  ) as Steps;
  const count = cellCount(spec) * cellSize(spec, channels);
  if (count > MOST_WEIGHTS) {
    throw new MdlError("too-large", `The model has ${count} weights; allowed are ${MOST_WEIGHTS}.`);
  }
  const start = { drawn: 0, seed: 0 } as const;
  const heap = view.getUint32(HEAP, true);
  const memory = await inSandbox(info, start, 0, options, ({ memory }) => memory(heap, 4 * count));
  const weights = new Float32Array(memory.slice().buffer);
  const encoder = await openEncoder(spec, channels, groups, weights, steps);
  if (!equal(encoder.weightCode, weightCode)) throw unknown(record.dataset);
  return { program: sha256(bytes), spec, channels, steps, weights, weightCode };
}

/** How the pictures that a program decodes are cut into the images that it gives; undefined where they are not. */
export function tilingOfProgram({ record: { model } }: ProgramInfo): Tiling | undefined {
  return tilingOf({ ...model as ModelSpec | undefined });
}

function unknown(name: string): MdlError {
  return new MdlError("unsupported", `The model in the program of ${name} is of another version of MDLab.`);
}

/**
 * A model's code length of each image of a set, in bits: −Σ log₂ p over all that is coded. The set need not be the model's
 * own.
 *
 * @param context Where it reports and by what it is stopped; silent by default.
 * @throws {MdlError} `usage` when model and set differ in channels; `interrupted`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const unseen = await mdl.loadDataset("scenes", { take: 4, seed: 2 });
 * const bits = await mdl.bitsOf(await mdl.modelOf(program.bytes), unseen);
 * assert(bits.length === 4 && bits.every((n) => n < 8 * 32 * 32)); // fewer than stored
 * ```
 */
export async function bitsOf(
  model: Omit<ProgramModel, "program" | "weightCode">,
  set: Dataset,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<Float64Array> {
  checkArguments("bitsOf", { model, set, context }, {
    model: MODEL,
    set: DATASET,
    context: optional(contextWith()),
  });
  const { spec, channels, weights, steps } = model;
  checkChannels(channels, set);
  const encoder = await openEncoder(spec, channels, set.groups, weights, steps);
  const bits = new Float64Array(set.names.length);
  const counted = { label: `bits of ${set.name}`, total: bits.length, unit: "images" };
  const pace = paceOf(context, counted, "Stopped while measuring code lengths.");
  let done = 0;
  for (const { pixels, height, width } of images(set)) {
    const before = encoder.spent();
    for (let scale = 0; scale < spec.scales; scale++) {
      const work = encoder.encodeInPieces(pixels, height, width, scale);
      await paced(work, (share) => pace(done + (scale + share) / spec.scales));
    }
    bits[done++] = encoder.spent() - before;
  }
  return bits;
}

/** @throws {MdlError} `usage` when a model of that many channels cannot code the set */
export function checkChannels(channels: number, set: Dataset): void {
  if (channels === set.channels) return;
  const said = (n: number) => n === 1 ? "gray" : "colour";
  throw new MdlError(
    "usage",
    `The model is for ${said(channels)} images, and those of ${set.name} are in ${said(set.channels)}.`,
  );
}
