/** What codings keep of a set when all get the same budget of bytes (article 5.4). */
import { atBytes, LOSSY_CODECS, type LossyCodecName } from "../../../scripts/laboratory/baselines/lossy.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import type { Series } from "../../../scripts/laboratory/figures/curves.ts";
import type { ConvolutionalCoder } from "../networks/convolutional_file.ts";
import { checkArguments, contextWith, DATASET, NUMBERS, oneOf, TEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { interpolated } from "./interpolate.ts";
import { decodePrefix } from "../../../scripts/laboratory/prefix.ts";
import type { Program } from "../../../lib/program/program.ts";
import { scalesOf } from "../../../lib/image/scales.ts";
import { type Quality, qualityOf } from "../../../scripts/laboratory/quality/quality.ts";

/** One coding of a set, really encoded and decoded. */
export interface BudgetPoint extends Quality {
  readonly method: string;
  /** What it had to fit in, in bytes; its own length where it cannot choose. */
  readonly budget: number;
  /** Of the file. */
  readonly bytes: number;
  readonly decoded: Dataset;
}

/** A coding as a point, measured against the set. */
function budgetPoint(
  method: string,
  set: Dataset,
  { bytes, decoded }: { readonly bytes: number; readonly decoded: Dataset },
  budget = bytes,
): BudgetPoint {
  return { method, budget, bytes, decoded, ...qualityOf(set, decoded) };
}

/** At each budget that one of the networks can keep, the file of the one that fits the images best. */
export async function networkAtBudgets(
  method: string,
  set: Dataset,
  coders: readonly ConvolutionalCoder[],
  budgets: readonly number[],
  context: Pick<Context, "signal" | "progress">,
): Promise<readonly BudgetPoint[]> {
  checkArguments("networkAtBudgets", { method, set, budgets, context }, {
    method: TEXT,
    set: DATASET,
    budgets: NUMBERS,
    context: contextWith("signal", "progress"),
  });
  const { signal, progress } = context;
  const points: BudgetPoint[] = [],
    counted = { label: `${method}: files`, total: budgets.length, unit: "rates" };
  for (const [done, budget] of budgets.entries()) {
    progress({ ...counted, done });
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    const errors = await Promise.all(coders.map((coder) => coder.fit(budget)));
    const fits = coders.map((coder, i) => ({ coder, error: errors[i]?.error ?? Infinity }));
    const best = fits.reduce((a, b) => b.error < a.error ? b : a);
    const coding = await best.coder.atBytes(budget);
    if (coding) points.push(budgetPoint(method, set, coding, budget));
  }
  progress({ ...counted, done: budgets.length });
  return points;
}

/** At each budget, a lossy codec's best quality that keeps it. */
export async function lossyAtBudgets(
  codec: LossyCodecName,
  set: Dataset,
  budgets: readonly number[],
  context: Pick<Context, "signal" | "progress">,
): Promise<readonly BudgetPoint[]> {
  checkArguments("lossyAtBudgets", { codec, set, budgets, context }, {
    codec: oneOf(LOSSY_CODECS),
    set: DATASET,
    budgets: NUMBERS,
    context: contextWith("signal", "progress"),
  });
  const points: BudgetPoint[] = [];
  for (const budget of budgets) {
    const coding = await atBytes(set, codec, budget, context);
    if (coding) points.push(budgetPoint(codec, set, coding, budget));
  }
  return points;
}

/** The prefixes of a program in pyramid order, the last scale left out; pixels between are interpolated. */
export async function firstScales(
  method: string,
  set: Dataset,
  program: Program,
): Promise<readonly BudgetPoint[]> {
  const points: BudgetPoint[] = [];
  for (const { scale, stride, prefix } of scalesOf(program.info).slice(0, -1)) {
    const coarse = await decodePrefix(program.bytes.subarray(0, prefix!), { scales: scale + 1 });
    const { name, symbols } = interpolated(coarse, set.groups, stride);
    const decoded = { ...set, name, symbols, sha256: sha256(symbols) };
    points.push(budgetPoint(method, set, { bytes: prefix!, decoded }));
  }
  return points;
}

/** Points as lines of one measure against bytes, a method each. */
export function budgetSeries(
  points: readonly BudgetPoint[],
  measure: (point: BudgetPoint) => number,
): Series[] {
  return [...Map.groupBy(points, ({ method }) => method)].map(([name, own]) => {
    const sorted = [...own].sort((a, b) => a.bytes - b.bytes);
    return { name, x: sorted.map(({ bytes }) => bytes), y: sorted.map(measure) };
  });
}

/** The point of each method that is nearest to a length, by the ratio of their bytes; methods in the order of the points. */
export function nearestPoints<P extends BudgetPoint>(points: readonly P[], bytes: number): readonly P[] {
  const distance = (point: P) => Math.abs(Math.log(point.bytes / bytes));
  return [...Map.groupBy(points, ({ method }) => method).values()].map((own) =>
    own.reduce((a, b) => distance(b) < distance(a) ? b : a)
  );
}
