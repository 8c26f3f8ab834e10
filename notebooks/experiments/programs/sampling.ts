/**
 * Does a better compressor draw better images (article 2.3)? Programs of the same images with ever longer training, and
 * what each one draws, looked at by statistics and by a judge: another program's model, made from other images.
 */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import {
  divergence,
  gradientHistogram,
  levelHistogram,
} from "../../../scripts/laboratory/measure/image_statistics.ts";
import { neighboursOf } from "../../../scripts/laboratory/measure/neighbours.ts";
import { median } from "../../../scripts/laboratory/figures/distribution.ts";
import { trainingFlop } from "../../../lib/image/train.ts";
import {
  checkArguments,
  checkOptions,
  DATASET,
  NUMBERS,
  object,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { bitsOf, type ProgramModel } from "../../../lib/image/model.ts";
import { BATCH } from "../../../lib/run.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";
import type { FeatureOptions } from "../../../lib/codecs.ts";

/** A program of a training length and a seed, and what its samples are like. */
export interface Sampled {
  readonly steps: number;
  readonly seed: number;
  readonly program: Compressed;
  readonly samples: Dataset;
  readonly flop: number;
  readonly weighed: Weighed;
}

/** What a set of images is like, beside real ones that no program has seen. */
export interface Weighed {
  /** Of its images under the judge's model, the median, in bits a symbol. */
  readonly judged: number;
  /** How far its distribution of differences of neighbours, and of values, is from the real one: bits, 0 to 1. */
  readonly gradients: number;
  readonly levels: number;
  /** Distance of each image to the nearest of the data that the program was made from, in levels. */
  readonly nearest: readonly number[];
}

/** Makes a program of the data, verified; the same shape for all, so that only the training differs. */
export async function programAfter(
  data: Dataset,
  shape: FeatureOptions,
  steps: number,
  context: Context,
): Promise<Compressed> {
  checkArguments("programAfter", { data, steps, context }, {
    data: DATASET,
    steps: whole(1),
    context: WHOLE_CONTEXT,
  });
  const asked = { features: shape, compress: { steps, exactly: true } };
  return (await buildVerified(data, asked, { ...context, log: () => {} })).program;
}

/** What samples are held against. */
export interface Judgement {
  readonly judge: ProgramModel;
  readonly data: Dataset;
  readonly unseen: Dataset;
}

/** Weighs a set; with `own`, indices of its images in the data, none is its own neighbour. */
export async function weigh(
  set: Dataset,
  { judge, data, unseen }: Judgement,
  context: Context,
  own: readonly number[] = [],
): Promise<Weighed> {
  checkArguments("weigh", { set, context }, { set: DATASET, context: WHOLE_CONTEXT });
  const bits = await bitsOf(judge, set, context), size = set.symbols.length / set.names.length;
  return {
    judged: median(bits) / size,
    gradients: divergence(gradientHistogram(set), gradientHistogram(unseen)),
    levels: divergence(levelHistogram(set), levelHistogram(unseen)),
    nearest: (await neighboursOf(set, data, context, own)).map(({ distance }) => distance),
  };
}

/** Trains for each number of steps and each seed, draws as many images as the data has, and weighs them. */
export async function sampleAfter(
  judgement: Judgement,
  options: {
    readonly steps: readonly number[];
    readonly seeds: readonly number[];
    readonly shape: FeatureOptions;
  },
  context: Context,
): Promise<readonly Sampled[]> {
  checkArguments("sampleAfter", { context }, { context: WHOLE_CONTEXT });
  checkOptions("sampleAfter", options, {
    steps: required(NUMBERS),
    seeds: required(NUMBERS),
    shape: required(object("options of features")),
  });
  const { steps, seeds, shape } = options;
  const { data } = judgement, found: Sampled[] = [], total = steps.length * seeds.length;
  for (const seed of seeds) {
    const own = contextOf(seed, { signal: context.signal });
    for (const length of steps) {
      context.progress({ label: "train and draw", done: found.length, total, unit: "programs" });
      const program = await programAfter(data, shape, length, own);
      const samples = await program.generate(data.names.length, seed, own);
      const flop = trainingFlop(program.spec!, data.channels, { steps: length, batch: BATCH });
      found.push({
        steps: length,
        seed,
        program,
        samples,
        flop,
        weighed: await weigh(samples, judgement, own),
      });
    }
  }
  context.progress({ label: "train and draw", done: total, total, unit: "programs" });
  return found;
}

/**
 * Spearman's rank correlation of two quantities, −1 to 1; equal values share their ranks.
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [p, q] = [ranks(a), ranks(b)], middle = (a.length - 1) / 2;
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, r, i) => sum + (r - middle) * (v[i]! - middle), 0);
  return product(p, q) / Math.sqrt(product(p, p) * product(q, q));
}

function ranks(values: readonly number[]): number[] {
  return values.map((v) =>
    values.filter((w) => w < v).length + (values.filter((w) => w === v).length - 1) / 2
  );
}
