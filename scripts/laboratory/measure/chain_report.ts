/** A chain and the program that came out of it, as rows of tables and in a sentence. */
import type { BaselineResult } from "../baselines/measure.ts";
import { number } from "../figures/number.ts";
import type { Rows } from "../figures/table.ts";
import { type AnyData, codecOf } from "../../../lib/codecs.ts";
import { MECHANISMS } from "../../../lib/codec.ts";
import type { Passage } from "../../../lib/pipeline.ts";
import type { Program } from "../../../lib/program/program.ts";
import { VERSION } from "../../../lib/run.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";
import { described } from "../../../lib/stages/mechanism.ts";
import { stagePrices } from "../../../lib/stages/prices.ts";
import { ARTICLE_ENCODER, type SharingMeasured } from "./comparison.ts";

/** The stages that a codec may do without. */
const WORDED: readonly string[] = MECHANISMS;

/** The stages by the letters that the article gives them (2.4). */
const LETTERS: Readonly<Record<string, string>> = {
  preprocess: "B",
  features: "C",
  sharing: "D",
  hierarchy: "E",
  attention: "F",
  compress: "G",
  generate: "H",
};

/**
 * The full chain with each stage's price, those that are off included.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const { output: program, passages } = await mdl.chain({ compress: { steps: 60 } }).run(set, mdl.contextOf(1));
 * console.table(lab.chainRows(passages, program));
 * ```
 */
export function chainRows(passages: readonly Passage[], compressed: Compressed<AnyData>): Rows {
  const stages = passages.map(({ stage }) => stage), { ledger, decoderBytes } = compressed;
  return stagePrices(stages, ledger, decoderBytes).map(({ stage, bytes }) => ({
    stage: `${LETTERS[stage.name]} ${stage.name} ${stage.title}`,
    article: stage.section,
    "what it does": summary(stage, compressed),
    "price, bytes": bytes,
  }));
}

/** What a stage came to in the program that was kept: the model planned may not be the one. */
function summary(stage: Passage["stage"], { spec, info }: Compressed<AnyData>): string {
  if (!stage.active) return stage.summary;
  const learnt = !spec && info.mode === "prequential";
  if (stage.name === "compress" && learnt) return "prequential code: the program learns while it decodes";
  if (stage.name === "features" && learnt) return "colours and values around each pixel";
  if (stage.name === "compress" && !spec) return "stored: no model makes the data shorter";
  if (stage.name === "features" && spec) {
    return described("features", codecOf(info).mechanisms.features.asked(spec), info, spec).summary;
  }
  if (
    spec && WORDED.includes(stage.name) &&
    !(codecOf<AnyData>(info).uses?.(spec) ?? WORDED).includes(stage.name as never)
  ) {
    return "unused: a decoder without it makes the program shorter";
  }
  return spec || stage.name === "preprocess"
    ? stage.summary
    : learnt
    ? "unused: the program learns while it decodes"
    : "unused: the data are stored";
}

/**
 * The ledger with its sum; what the model expects beside what was written.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const { output: program } = await mdl.chain({ compress: { steps: 60 } }).run(set, mdl.contextOf(1));
 * console.table(lab.ledgerRows(program));
 * ```
 */
export function ledgerRows({ ledger }: Pick<Compressed, "ledger">): Rows {
  const total = { entry: "program", bytes: ledger.bytes, "estimated bits / 8": undefined };
  return [
    ...ledger.entries.map(({ name, bytes, estimatedBits }) => ({
      entry: name,
      bytes,
      "estimated bits / 8": estimatedBits === undefined ? undefined : Math.round(estimatedBits / 8),
    })),
    total,
  ];
}

/** Bytes of a program that are compared with those of other codecs: all but the names of the images. */
export function comparedBytes({ bytes, ledger }: Pick<Program, "bytes" | "ledger">): number {
  return bytes.length - ledger.entries.find(({ name }) => name === "names")!.bytes;
}

/**
 * The program among other codecs, the shortest first.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const { output: program } = await mdl.chain({ compress: { steps: 60 } }).run(set, mdl.contextOf(1));
 * console.table(lab.baselineRows(set, program, await lab.measureBaselines(set)));
 * ```
 */
export function baselineRows(
  set: AnyData,
  program: Program<AnyData>,
  baselines: readonly BaselineResult[],
): Rows {
  const own = comparedBytes(program);
  const rows = [
    { codec: `MDLab ${VERSION}`, layout: "program", effort: program.info.mode, bytes: own },
    ...baselines.map(({ codec, version, layout, effort, bytes }) => ({
      codec: `${codec} (${version})`,
      layout,
      effort,
      bytes,
    })),
    { codec: "raw symbols", layout: "", effort: "", bytes: set.symbols.length },
  ];
  return rows.sort((a, b) => a.bytes - b.bytes).map((row) => ({
    ...row,
    "bits/symbol": number(row.bytes * 8 / set.symbols.length, 3),
    "against ours": row.layout === "program"
      ? undefined
      : `${row.bytes >= own ? "+" : "−"}${number(100 * Math.abs(row.bytes / own - 1), 1)} %`,
  }));
}

/** What sharing across positions is worth. */
export function comparisonRows(comparison: readonly SharingMeasured[]): Rows {
  return comparison.map(({ name, parameters, flop, weights, payload, bytes }) => ({
    predictor: name,
    parameters,
    "training FLOP": flop.toExponential(1),
    "weights, bytes": weights,
    "payload, bytes": payload,
    "program, bytes": bytes,
  }));
}

/** The article's 1/10, in parameters and in bytes. */
export function sharingSentence(comparison: readonly SharingMeasured[]): string {
  const [shared, unshared] = comparison as [SharingMeasured, SharingMeasured];
  const ratio = (a: number, b: number) => `1/${number(a / b, 1)}`;
  return `Parameters: ${number(shared.parameters)}, ${
    ratio(unshared.parameters, shared.parameters)
  } of a predictor for each ` +
    `position, ${ratio(ARTICLE_ENCODER, shared.parameters)} of the article's convolutional encoder (${
      number(ARTICLE_ENCODER)
    }); ` +
    `weights in bytes: ${ratio(unshared.weights, shared.weights)}; whole programs: ${
      ratio(unshared.bytes, shared.bytes)
    }.`;
}
