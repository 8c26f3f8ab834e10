/** What a 2³ factorial and the kinds of sharing say (`ablate`): rows of tables, panels of a figure, and a sentence. */
import { type Effect, nameLevels } from "./effects.ts";
import type { Summary } from "./factorial.ts";
import { type Interval, intervalName } from "./interval.ts";
import { type CaseMeasured, narrowestWithoutLoss } from "./sharing_kinds.ts";
import { grouped } from "../figures/figure.ts";
import { number } from "../figures/number.ts";
import type { Panel } from "../figures/strips.ts";
import type { Rows } from "../figures/table.ts";
import { ARTICLE_ENCODER } from "./comparison.ts";

/** "1,234 … 1,456": the interval around a mean, in whole bytes. */
const span = ({ mean, half }: Interval) =>
  half === null ? undefined : `${grouped(mean - half)} … ${grouped(mean + half)}`;

const range = ({ least, most }: Interval) => `${grouped(least)} … ${grouped(most)}`;

/** "+12" or "−1,234". */
const signed = ({ mean }: Interval) => (Math.round(mean) > 0 ? "+" : "") + grouped(mean);

/** A row for each combination of mechanisms. */
export function variantRows(summaries: readonly Summary[], runs: number): Rows {
  return summaries.map(({ levels, parameters, flop, bytes, decodingSeconds }) => ({
    mechanisms: nameLevels(levels),
    parameters,
    "training FLOP": flop.toExponential(2),
    "bytes, mean": grouped(bytes.mean),
    [intervalName(runs)]: span(bytes),
    "all seeds": range(bytes),
    "decoding, s": number(decodingSeconds.mean, 2),
  }));
}

/** A row for each effect. */
export function effectRows(effects: readonly Effect[], runs: number): Rows {
  return effects.map(({ mechanisms, effect, alone, last }) => ({
    effect: mechanisms.join(" × "),
    "bytes, mean": signed(effect),
    [intervalName(runs)]: span(effect),
    "all seeds": range(effect),
    "other two off": alone && signed(alone),
    "other two on": last && signed(last),
  }));
}

/** A row for each case of sharing. */
export function sharingRows(cases: readonly CaseMeasured[], runs: number): Rows {
  const unshared = unsharedParameters(cases);
  return cases.map(({ kind, setting, against, parameters, weights, bytes, difference }) => ({
    kind,
    setting,
    parameters,
    "of the article's encoder": fraction(ARTICLE_ENCODER, parameters),
    "of the unshared": fraction(unshared, parameters),
    "weights, bytes": grouped(weights.mean),
    "program, bytes": grouped(bytes.mean),
    "all seeds": range(bytes),
    "difference, bytes": setting === against ? undefined : `${signed(difference)} against ${against}`,
    [intervalName(runs)]: setting === against ? undefined : span(difference),
  }));
}

/** "1/13.5", or "1.6 ×" for more than the whole. */
function fraction(whole: number, part: number): string {
  return part > whole ? `${number(part / whole, 1)} ×` : `1/${number(whole / part, 1)}`;
}

const unsharedParameters = (cases: readonly CaseMeasured[]) =>
  cases.find(({ kind, setting }) => kind === "positions" && setting === "not shared")!.parameters;

/** How far below the article's 1/10 of the parameters one can go, in English and in Chinese. */
export function narrowestSentence(
  cases: readonly CaseMeasured[],
): { readonly en: string; readonly zh: string } {
  const { setting, against, parameters, difference } = narrowestWithoutLoss(cases);
  const tenth = number(cases.find((one) => one.kind === "width" && one.setting === against)!.parameters);
  const ofEncoder = fraction(ARTICLE_ENCODER, parameters), all = number(ARTICLE_ENCODER);
  const ofUnshared = fraction(unsharedParameters(cases), parameters), left = number(parameters);
  const less = signed(difference), [from, to] = [against, setting].map((s) => s.replace("width", "宽度"));
  return {
    en:
      `The article's 1/10 of ${all} parameters is ${against} here (${tenth}). One can go down to ${setting}: ` +
      `${left} parameters, ${ofEncoder} of the article's encoder and ${ofUnshared} of the unshared predictor, ` +
      `without a longer program (${less} bytes, mean of the seeds).`,
    zh: `文章的 ${all} 个参数的 1/10，在此相当于${from}（${tenth} 个）。可以减到${to}：${left} 个参数，` +
      `为文章编码器的 ${ofEncoder}、不共享预测器的 ${ofUnshared}，而程序不变长（${less} 字节，各种子的均值）。`,
  };
}

/** Every point: the unshared predictor, which lies far from all others, on an axis of its own. */
export function sharingPanels(cases: readonly CaseMeasured[]): readonly Panel[] {
  const far = ({ kind, setting }: CaseMeasured) => kind === "positions" && setting === "not shared";
  const panel = (which: string, chosen: readonly CaseMeasured[]): Panel => ({
    title: `whole program${which} (bytes)`,
    rows: chosen.map(({ kind, setting, points }) => ({
      label: kind === "width" ? setting : `${kind}, ${setting}`,
      values: points.map(({ bytes }) => bytes),
    })),
  });
  return [
    panel("", cases.filter((one) => !far(one))),
    panel(", a predictor for each position", cases.filter(far)),
  ];
}
