/** What a model that compresses some images is worth on images that it has not seen. */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import { type Dataset, images, take } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { select } from "../../../scripts/laboratory/measure/select.ts";
import { parameterCount } from "../../../lib/image/spec.ts";
import {
  checkArguments,
  checkOptions,
  DATASET,
  NUMBERS,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { bitsOf, modelOf } from "../../../lib/image/model.ts";
import { random, shuffled } from "../../../lib/random.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";

export interface GeneralisationPlan {
  /** Numbers of training images, ascending. */
  readonly counts: readonly number[];
  readonly seeds: readonly number[];
  /** Training steps of every program, whatever its number of images. */
  readonly steps: number;
  readonly width: number;
  /** Images of the reference, which is trained on no image of the others. */
  readonly reference: number;
}

/** One program. Bits a pixel are the model's code lengths, its weights and decoder left out. */
export interface GeneralisationPoint {
  readonly count: number;
  readonly seed: number;
  readonly parameters: number;
  /** Of the program, image names left out. */
  readonly bytes: number;
  readonly flop: number;
  readonly trainingSeconds: number;
  readonly decodingSeconds: number;
  /** Bits a pixel of images that it was trained on, and of images that it was not. */
  readonly seen: number;
  readonly unseen: number;
  /**
   * How much more the unseen ones cost, in bits a pixel, once it is taken off how hard the images are: each is measured
   * against the reference model, which has seen neither.
   */
  readonly gap: number;
  /** The program gave its data back. */
  readonly verified: true;
}

export interface Generalisation {
  readonly points: readonly GeneralisationPoint[];
  /** Of all trainings, the reference's included. */
  readonly flop: number;
  /** The last seed's largest program, and its data. */
  readonly program: Compressed;
  readonly data: Dataset;
}

/** Most images that seen bits are measured on. */
const MEASURED = 200;

/**
 * Trains a program for each number of images and seed; a seed picks its own images from the pool. No local fit, which would
 * adapt to the unseen images: all that is known of them stands in the weights. Every program is decoded and compared.
 *
 * @throws {MdlError} as `compress`; `usage` when the pool is too small
 */
export async function measureGeneralisation(
  pool: Dataset,
  unseen: Dataset,
  plan: GeneralisationPlan,
  context: Context,
): Promise<Generalisation> {
  checkArguments("measureGeneralisation", { pool, unseen, context }, {
    pool: DATASET,
    unseen: DATASET,
    context: WHOLE_CONTEXT,
  });
  checkOptions("measureGeneralisation", plan, {
    counts: required(NUMBERS),
    seeds: required(NUMBERS),
    steps: required(whole(1)),
    width: required(whole(4, 128, 4)),
    reference: required(whole(1)),
  });
  const { counts, seeds, steps, width, reference } = plan;
  const points: GeneralisationPoint[] = [],
    total = seeds.length * (counts.length + 1),
    most = Math.max(...counts);
  if (pool.names.length < most + reference) {
    throw new MdlError("usage", `Generalisation needs ${most + reference} images, not ${pool.names.length}.`);
  }
  let last: { program: Compressed; data: Dataset } | undefined, done = 0, flop = 0;
  for (const seed of seeds) {
    const own = contextOf(seed, { signal: context.signal });
    const order = [...shuffled(pool.names.length, random(seed, "generalisation"))];
    const built = async (indices: readonly number[]) => {
      const note = `seed ${seed}, ${indices.length} images`;
      context.progress({ label: "generalisation", done: done++, total, unit: "programs", note });
      const data = select(pool, indices);
      const asked = { features: { width, leastSquares: false }, compress: { steps, exactly: true } };
      const { program, decodingSeconds } = await buildVerified(data, asked, own);
      flop += program.trained!.flop;
      return { data, program, decodingSeconds, model: await modelOf(program.bytes, own) };
    };
    const other = await built(order.slice(most, most + reference));
    const onUnseen = await bitsOf(other.model, unseen, own);
    for (const count of counts) {
      const { data, program, decodingSeconds, model } = await built(order.slice(0, count));
      const shown = take(data, Math.min(count, MEASURED));
      const seenBits = await bitsOf(model, shown, own), unseenBits = await bitsOf(model, unseen, own);
      const excess = rate(unseenBits, unseen) - rate(onUnseen, unseen) -
        (rate(seenBits, shown) - rate(await bitsOf(other.model, shown, own), shown));
      const names = program.ledger.entries.find(({ name }) => name === "names")!.bytes;
      points.push({
        count,
        seed,
        parameters: parameterCount(program.spec!, data.channels),
        bytes: program.bytes.length - names,
        flop: program.trained!.flop,
        trainingSeconds: program.trained!.seconds,
        decodingSeconds,
        verified: true,
        seen: rate(seenBits, shown),
        unseen: rate(unseenBits, unseen),
        gap: excess,
      });
      last = { program, data };
    }
  }
  context.progress({ label: "generalisation", done: total, total, unit: "programs" });
  return { points, flop, ...last! };
}

/** Bits a pixel. */
function rate(bits: Float64Array, set: Dataset): number {
  const pixels = [...images(set)].reduce((sum, { height, width }) => sum + height * width, 0);
  return bits.reduce((a, b) => a + b, 0) / pixels;
}
