/** Whether models that spend fewer bits are wrong less often, judged over users, who are the same for all models. */
import type { Random } from "../../../lib/random.ts";
import { type Interval, intervalOf } from "../../../scripts/laboratory/measure/interval.ts";
import { rankCorrelation } from "../programs/sampling.ts";

/** What a model costs each user, and how wrong it is: sums over questions or ratings, and how many these are. */
export interface ByUser {
  readonly bits: readonly number[];
  readonly errors: readonly number[];
  readonly counts: readonly number[];
}

/** Sums over the users that things belong to. */
export function byUser(users: readonly number[], bits: readonly number[], errors: readonly number[]): ByUser {
  const sums = new Map<number, { bits: number; errors: number; count: number }>();
  users.forEach((user, i) => {
    const own = sums.get(user) ?? { bits: 0, errors: 0, count: 0 };
    sums.set(user, { bits: own.bits + bits[i]!, errors: own.errors + errors[i]!, count: own.count + 1 });
  });
  const all = [...sums.values()];
  return {
    bits: all.map(({ bits }) => bits),
    errors: all.map(({ errors }) => errors),
    counts: all.map(({ count }) => count),
  };
}

/** How far one model's mean is above another's, with its interval over users. */
export const apart = (one: ByUser, other: ByUser, what: "bits" | "errors"): Interval =>
  intervalOf(one[what].map((own, u) => (own - other[what][u]!) / one.counts[u]!));

/** Pairs of models. */
export interface Agreement {
  readonly pairs: number;
  /** Pairs that differ in bits and in errors, each with its whole interval. */
  readonly sure: number;
  /** Of these, the ones where the model of fewer bits is less wrong. */
  readonly agree: number;
}

/** Compares every two models, user by user. */
export function agreementOf(models: readonly ByUser[]): Agreement {
  const found = models.flatMap((one, i) =>
    models.slice(i + 1).map((other) => [apart(one, other, "bits"), apart(one, other, "errors")] as const)
  );
  const sure = found.filter((both) => both.every(({ mean, half }) => Math.abs(mean) > (half ?? Infinity)));
  const agree = sure.filter(([bits, errors]) => bits.mean * errors.mean > 0);
  return { pairs: found.length, sure: sure.length, agree: agree.length };
}

/** A rank correlation of bits and errors, and where 95 % of it lie when users are drawn again. */
export interface Correlation {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The correlation over models; its range is the bootstrap's over users (Efron 1979), each draw one for all models. */
export function correlationOf(
  models: readonly ByUser[],
  draws: number,
  { below }: Pick<Random, "below">,
): Correlation {
  const users = models[0]!.counts.map((_, u) => u);
  const over = (drawn: readonly number[]) => {
    const mean = ({ counts, ...own }: ByUser, what: "bits" | "errors") =>
      drawn.reduce((sum, u) => sum + own[what][u]!, 0) / drawn.reduce((sum, u) => sum + counts[u]!, 0);
    return rankCorrelation(models.map((own) => mean(own, "bits")), models.map((own) => mean(own, "errors")));
  };
  const again = Float64Array.from({ length: draws }, () => over(users.map(() => below(users.length)))).sort();
  const at = (share: number) => again[Math.round(share * (draws - 1))]!;
  return { value: over(users), low: at(0.025), high: at(0.975) };
}
