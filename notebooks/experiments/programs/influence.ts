/**
 * What a trained predictor looks at: each neighbour is changed by a few grey values, and the distribution of the next
 * pixel with it or not. The whole decoder is asked, network and local predictors, so nothing depends on how it is built.
 */
import { type Dataset, images, type ImageView } from "../../../lib/image/dataset.ts";
import { spread } from "../../../scripts/laboratory/measure/select.ts";
import { type Encoder, openEncoder } from "../../../lib/image/encoder.ts";
import { MdlError } from "../../../lib/errors.ts";
import { layers } from "../../../lib/image/spec.ts";
import { checkArguments, contextWith, DATASET, MODEL, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import type { ProgramModel } from "../../../lib/image/model.ts";

/** Grey values that a neighbour is changed by, towards the middle of the scale. */
const CHANGE = 8;

/** Rows above and columns to both sides that are changed. */
const REACH = 3;

/** Influence by offset: rows −REACH … 0, columns −REACH … REACH; 0 where nothing is known yet. */
export interface InfluenceMap {
  readonly height: number;
  readonly width: number;
  /** Bits that the changed distribution would cost more, mean over all pixels asked; [height, width]. */
  readonly bits: Float64Array;
}

/**
 * Asks a gray model in raster order for the influence of its neighbours on `count` pixels, spread over images and places
 * by the seed; the same seed asks the same pixels of every model. Each image is taken to be the first that is coded.
 *
 * @throws {MdlError} `usage` for colour, a pyramid, or images smaller than 8×8; the context's abort reason
 */
export async function influenceOf(
  model: Omit<ProgramModel, "program" | "weightCode">,
  set: Dataset,
  count: number,
  context: Pick<Context, "random" | "signal" | "progress">,
): Promise<InfluenceMap> {
  checkArguments("influenceOf", { model, set, count, context }, {
    model: MODEL,
    set: DATASET,
    count: whole(1),
    context: contextWith("random", "signal", "progress"),
  });
  const { spec, channels, weights, steps } = model;
  if (channels !== 1 || set.channels !== 1 || spec.scales > 1) {
    throw new MdlError("usage", "Influences are measured for gray images in raster order.");
  }
  const encoder = await openEncoder(spec, channels, set.groups, weights, steps);
  const { below } = context.random("influence"), all = [...images(set)], chosen = spread(set, count);
  const height = REACH + 1, width = 2 * REACH + 1, bits = new Float64Array(height * width);
  for (let done = 0; done < count; done++) {
    const image = all[chosen[done % chosen.length]!]!;
    if (image.height < 8 || image.width < 8) {
      throw new MdlError("usage", "Influences are measured on images of 8×8 pixels or more.");
    }
    const y = REACH + below(image.height - REACH), x = REACH + below(image.width - 2 * REACH);
    const before = distributionAt(encoder, image, y, x);
    for (let at = 0; at < bits.length; at++) {
      const dy = Math.floor(at / width) - REACH, dx = at % width - REACH;
      if (dy === 0 && dx >= 0) continue;
      const pixels = image.pixels.slice(), place = (y + dy) * image.width + x + dx;
      pixels[place]! += pixels[place]! < 128 ? CHANGE : -CHANGE;
      bits[at]! += divergence(before, distributionAt(encoder, { ...image, pixels }, y, x)) / count;
    }
    if (done % 16) continue;
    context.progress({ label: "influence", done, total: count, unit: "pixels" });
    await new Promise((resolve) => setTimeout(resolve));
    context.signal.throwIfAborted();
  }
  context.progress({ label: "influence", done: count, total: count, unit: "pixels" });
  return { height, width, bits };
}

/** Probabilities of the 256 values of a pixel. */
function distributionAt(encoder: Encoder, image: ImageView, y: number, x: number): Float64Array {
  encoder.loadImage(image.pixels, image.height, image.width);
  const below = encoder.distribution(y, x, 0);
  return Float64Array.from({ length: 256 }, (_, v) => below[v + 1]! - below[v]!);
}

/** Bits a symbol that coding with q costs more than with p, where p is right (Kullback and Leibler 1951). */
function divergence(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, own, v) => own > 0 ? sum + own * Math.log2(own / Math.max(q[v]!, 1e-9)) : sum, 0);
}

/** Share of all influence that the four adjacent neighbours have: left, above left, above, above right. */
export function adjacentShare({ height, width, bits }: InfluenceMap): number {
  const centre = (width - 1) / 2, total = bits.reduce((a, b) => a + b);
  const own = (dy: number, dx: number) => bits[(height - 1 + dy) * width + centre + dx]!;
  return (own(0, -1) + own(-1, -1) + own(-1, 0) + own(-1, 1)) / total;
}

/** Pearson's correlation of two lists of numbers. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = Array.from(a),
    y = Array.from(b),
    mean = (v: readonly number[]) => v.reduce((s, n) => s + n) / v.length;
  const mx = mean(x), my = mean(y);
  const covariance = (u: readonly number[], mu: number, v: readonly number[], mv: number) =>
    u.reduce((sum, n, i) => sum + (n - mu) * (v[i]! - mv), 0);
  return covariance(x, mx, y, my) / Math.sqrt(covariance(x, mx, x, mx) * covariance(y, my, y, my));
}

/**
 * For every hidden unit of one model, how much the likest unit of another resembles it: the largest |cosine| of their
 * input weights. 1 where both have learnt the same unit.
 *
 * @throws {MdlError} `usage` for models of different inputs
 */
export function counterparts(
  a: Pick<ProgramModel, "spec" | "channels" | "weights">,
  b: Pick<ProgramModel, "spec" | "channels" | "weights">,
): Float64Array {
  const [own, others] = [unitsOf(a), unitsOf(b)];
  if (own[0]!.length !== others[0]!.length) {
    throw new MdlError("usage", "Units can be compared between models with the same inputs only.");
  }
  return Float64Array.from(
    own,
    (unit) => others.reduce((best, other) => Math.max(best, Math.abs(cosine(unit, other))), 0),
  );
}

/** Input weights of each hidden unit of a model's first input layer. */
function unitsOf(
  { spec, channels, weights }: Pick<ProgramModel, "spec" | "channels" | "weights">,
): readonly Float64Array[] {
  const { rows, columns, offset } = layers(spec, channels)[0]!;
  return Array.from(
    { length: columns },
    (_, unit) => Float64Array.from({ length: rows }, (_, row) => weights[offset + row * columns + unit]!),
  );
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, n, i) => sum + n * v[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}
