/** A program among other codecs, in a sentence and a figure: whether it is the shortest, and if not, what may help. */
import type { BaselineResult } from "../baselines/measure.ts";
import { sizeBars } from "../figures/bars.ts";
import { number } from "../figures/number.ts";
import { show, showMarkdown } from "../figures/show.ts";
import type { AnyData } from "../../../lib/codecs.ts";
import { checkArguments, DATA, listOf, object, PROGRAM } from "../../../lib/options.ts";
import { triesWithoutFit } from "../../../lib/image/candidates.ts";
import { readShape } from "../../../lib/image/shape.ts";
import type { ModelSpec } from "../../../lib/image/spec.ts";
import { byteCount } from "../../../lib/items.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";
import { comparedBytes } from "./chain_report.ts";

/** How what may help is written where the reader is. */
export interface Ways {
  readonly attention: string;
  readonly noFit: string;
  readonly longer: string;
  readonly ownModel: string;
}

const CALLS: Ways = {
  attention: `attention({ over: "patches" })`,
  noFit: "features({ leastSquares: false })",
  longer: `compress({ preset: "paper" })`,
  ownModel: "compress() without a prior",
};

type Measured = Pick<Compressed<AnyData>, "bytes" | "ledger" | "info" | "spec">;
type Coding = Pick<BaselineResult, "codec" | "bytes">;

/** A program beside the best codec: their bytes, and how far these are apart. */
function compared(program: Measured, codecs: readonly Coding[]) {
  const own = comparedBytes(program), best = codecs.reduce((a, b) => b.bytes < a.bytes ? b : a);
  return { own, best, off: `${number(100 * Math.abs(own / best.bytes - 1), 1)} %` };
}

/** Whether a program is shorter than all codecs that were measured, and if not, what may help; "" without a codec. */
export function codecSentence(program: Measured, codecs: readonly Coding[], ways = CALLS): string {
  if (codecs.length === 0) return "";
  const { own, best, off } = compared(program, codecs);
  const named = own < program.bytes.length ? ` (${number(program.bytes.length)} with the names)` : "";
  const sizes = `${number(own)} bytes${named} against ${number(best.bytes)}`;
  if (own < best.bytes) return `The program is ${off} shorter than the best codec, ${best.codec}: ${sizes}.`;
  return [
    own === best.bytes
      ? `The program is as long as the best codec's file, ${best.codec}: ${sizes}.`
      : `The program is ${off} longer than the best codec's file, ${best.codec}: ${sizes}.`,
    ...advice(program, best.bytes, ways),
  ].join(" ");
}

/** The same in Chinese, without advice. */
function chineseSentence(program: Measured, codecs: readonly Coding[]): string {
  const { own, best, off } = compared(program, codecs);
  const how = own === best.bytes ? "一样长" : `${own < best.bytes ? "短" : "长"} ${off}`;
  const named = own < program.bytes.length ? `（连同名称 ${number(program.bytes.length)} 字节）` : "";
  const payload = own < best.bytes ? "" : `；其中载荷 ${number(bytesOf(program, /^payload/))} 字节`;
  return `与最短的编解码器 ${best.codec} 相比，程序${how}：${number(own)} 字节${named}对 ${
    number(best.bytes)
  } 字节${payload}。`;
}

/** Bytes of a program's parts of such names. */
const bytesOf = ({ ledger }: Measured, names: RegExp) =>
  ledger.entries.reduce((sum, { name, bytes }) => sum + (names.test(name) ? bytes : 0), 0);

/** Pixels of an image in which there are patches to look back at. */
const PATCHES = 32 * 32;

const hasPatches = (info: Measured["info"]) =>
  readShape(info).groups.some(({ width, height }) => width * height >= PATCHES);

const hasTriedWithout = (spec: ModelSpec, info: Measured["info"]) =>
  triesWithoutFit(spec, byteCount(info.items), readShape(info).channels);

/** Why that may be, and what has not been tried. */
function advice(program: Measured, best: number, ways: Ways): string[] {
  const { info, spec } = program;
  const { preset, prior } = info.record as { readonly preset?: string; readonly prior?: string };
  const once = number(bytesOf(program, /^decoder code$|^weights$/));
  const payload = bytesOf(program, /^payload/), hopeful = payload < best;
  const pictured = info.modality === "image" ? spec as Compressed["spec"] : null;
  const trained = pictured !== null && info.mode === "two-part"; // what is stored, or learns, has nothing to turn at
  const why = info.mode === "stored"
    ? "No model made the data shorter: they are stored."
    : hopeful
    ? `Its payload alone would be shorter, ${number(payload)} bytes.`
    : !pictured
    ? `Its payload alone takes ${number(payload)} bytes.`
    : `Its payload alone takes ${
      number(payload)
    } bytes: flat areas and exact repeats, which codecs copy, no model ` +
      "here copies.";
  const untried = [
    ...(trained && pictured.attention !== "patches" && !prior && hasPatches(info)
      ? [`attention, where pictures resemble: ${ways.attention}`]
      : []),
    ...(prior ? [`a model of its own: ${ways.ownModel}`] : []),
    ...(trained && hopeful && pictured.leastSquares && !prior && !hasTriedWithout(pictured, info)
      ? [`no local fit, whose code is in the file: ${ways.noFit}`]
      : []),
    ...(info.mode === "two-part" && preset !== undefined && preset !== "paper"
      ? [`longer training: ${ways.longer}`]
      : []),
    ...(hopeful && info.mode !== "stored"
      ? [
        info.modality === "image"
          ? `more images of the kind, for which the ${once} bytes of decoder and weights do, too`
          : `more files of the kind, for which the ${once} bytes of decoder do, too`,
      ]
      : []),
  ];
  return [why, ...(untried.length ? [`What may help: ${untried.join("; ")}.`] : [])];
}

/**
 * Shows the bytes of a program beside those of other codecs and the raw symbols, and says what `codecSentence` says.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const { output: program } = await mdl.chain({ compress: { steps: 60 } }).run(set, mdl.contextOf(1));
 * await lab.showCodecs(set, program, await lab.measureBaselines(set));
 * ```
 */
export async function showCodecs(
  set: AnyData,
  program: Compressed<AnyData>,
  codecs: readonly BaselineResult[],
): Promise<void> {
  checkArguments("showCodecs", { set, program, codecs }, {
    set: DATA,
    program: PROGRAM,
    codecs: listOf("codings, as measureBaselines gives them", object("", "codec", "bytes")),
  });
  const figure = sizeBars({
    title:
      `${set.name} as a program, decoder counted, and in other codecs · ${set.name}：程序（计入解码器）与其他编解码器`,
    sizes: [
      { label: "MDLab", bytes: comparedBytes(program), ours: true },
      ...codecs.map(({ codec, bytes }) => ({ label: codec, bytes })),
    ],
    references: [{ label: "raw symbols", value: set.symbols.length }],
  });
  await show(figure, `${set.name} in other codecs`);
  if (codecs.length) {
    await showMarkdown(`${codecSentence(program, codecs)}\n\n${chineseSentence(program, codecs)}`);
  }
}
