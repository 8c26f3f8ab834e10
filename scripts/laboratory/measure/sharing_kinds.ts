/** The kinds of parameter sharing (article 2.2 (1), 4.3 (3)), one at a time: across positions, layers, scales, values. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import { parameterCount } from "../../../lib/image/spec.ts";
import type { Context } from "../../../lib/context.ts";
import { ARTICLE_ENCODER } from "./comparison.ts";
import { measureAll } from "./campaign.ts";
import { type Interval, intervalOf } from "./interval.ts";
import {
  type Design,
  type Measured,
  planOf,
  sharedVariant,
  unsharedVariant,
  type Variant,
  variantJob,
} from "./variant.ts";

/** A variant with what it is to be compared with. */
export interface Case {
  readonly kind: "positions" | "layers" | "scales" | "codebook" | "width";
  readonly setting: string;
  readonly variant: Variant;
  /** Setting of the same kind that the bytes are compared with. */
  readonly against: string;
}

const BITS = [3, 4, 5, 6, 7, 8], WIDTHS = [8, 16, 24, 32, 48];

/** The bits that are the default (stage sharing). */
const USUAL_BITS = 6;

/** All cases: what shares beside what does not, the codebook's sizes, and widths down from the article's 1/10. */
export async function sharingCases(set: Dataset, flop: number, context: Context): Promise<readonly Case[]> {
  const shared = sharedVariant(flop);
  const pair = (kind: Case["kind"], on: Variant, off: Variant): readonly Case[] => [
    { kind, setting: "shared", variant: on, against: "not shared" },
    { kind, setting: "not shared", variant: off, against: "not shared" },
  ];
  const twoBlocks = { ...shared, features: { ...shared.features, blocks: 2 } };
  const pyramid = { ...shared, hierarchy: { order: "pyramid" as const } };
  const tenth = await tenthWidth(set, context), widthName = (width: number) => `width ${width}`;
  return [
    ...pair("positions", shared, unsharedVariant(set)),
    ...pair("layers", { ...twoBlocks, sharing: { layers: true } }, twoBlocks),
    ...pair("scales", pyramid, { ...pyramid, sharing: { scales: false } }),
    ...BITS.map((bits): Case => ({
      kind: "codebook",
      setting: `${bits} bits`,
      against: `${USUAL_BITS} bits`,
      variant: { ...shared, sharing: { bits } },
    })),
    ...[...new Set([...WIDTHS, tenth])].map((width): Case => ({
      kind: "width",
      setting: widthName(width),
      against: widthName(tenth),
      variant: { ...shared, features: { width } },
    })),
  ];
}

/** The widest network that has at most 1/10 of the parameters of the article's convolutional encoder. */
async function tenthWidth(set: Dataset, context: Context): Promise<number> {
  const quiet = { ...context, log: () => {} };
  for (let width = 128; width > 4; width -= 4) {
    const { spec } = await planOf(set, { ...sharedVariant(Infinity), features: { width } }, quiet);
    if (parameterCount(spec, set.channels) <= ARTICLE_ENCODER / 10) return width;
  }
  return 4;
}

/** A case over all seeds. */
export interface CaseMeasured extends Omit<Case, "variant"> {
  readonly parameters: number;
  readonly weights: Interval;
  readonly bytes: Interval;
  /** Bytes less those of what it is compared with, seed by seed. */
  readonly difference: Interval;
  /** In the order of the seeds. */
  readonly points: readonly Measured[];
}

/**
 * Measures all cases for each seed, with equal FLOP.
 *
 * @throws {MdlError} as `measureAll`
 */
export async function measureSharing(
  set: Dataset,
  { seeds, backend, training, campaign }: Design,
  context: Context,
): Promise<readonly CaseMeasured[]> {
  const cases = await sharingCases(set, training.flop, context);
  const jobs = await Promise.all(
    seeds.flatMap((seed) =>
      cases.map(({ kind, setting, variant }) =>
        variantJob(`${kind}, ${setting}`, set, variant, training, { seed, backend })
      )
    ),
  );
  const results = await measureAll(jobs, campaign, context);
  const pointsOf = (index: number) => seeds.map((_, s) => results[s * cases.length + index]!);
  return cases.map(({ variant: _, ...rest }, i) => {
    const points = pointsOf(i);
    const other = pointsOf(cases.findIndex((c) => c.kind === rest.kind && c.setting === rest.against));
    return {
      ...rest,
      parameters: points[0]!.parameters,
      points,
      weights: intervalOf(points.map(({ weights }) => weights)),
      bytes: intervalOf(points.map(({ bytes }) => bytes)),
      difference: intervalOf(points.map(({ bytes }, s) => bytes - other[s]!.bytes)),
    };
  });
}

/**
 * The fewest parameters among the widths at which the program is, in the mean over the seeds, no longer than with 1/10
 * of the article's parameters.
 */
export function narrowestWithoutLoss(measured: readonly CaseMeasured[]): CaseMeasured {
  const widths = measured.filter(({ kind, difference }) => kind === "width" && difference.mean <= 0);
  return widths.reduce((least, one) => one.parameters < least.parameters ? one : least);
}
