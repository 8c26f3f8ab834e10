/**
 * The laboratory: how things are measured, judged and kept.
 *
 * | I want to know                                     | take                                                          |
 * | -------------------------------------------------- | ------------------------------------------------------------- |
 * | what other lossless codecs make of my images       | {@linkcode measureBaselines}                                  |
 * | what they make of a text                           | {@linkcode measureTextCodecs}                                 |
 * | what a lossy codec keeps at a quality, or a size   | {@linkcode codeLossy}, {@linkcode atBytes}                    |
 * | how much of a set is left in another               | {@linkcode qualityOf}, {@linkcode psnr}, {@linkcode ssim}     |
 * | whether drawn images are copies                    | {@linkcode neighboursOf}                                      |
 * | what a smaller model's file still can do           | {@linkcode measureTask}, {@linkcode shortestWithin}           |
 * | whether a gain is more than chance                 | {@linkcode intervalOf}, over seeds                            |
 * | which of two is faster                             | {@linkcode latencies}                                         |
 * | what is lost when pixels lose their order          | {@linkcode shufflePixels}, {@linkcode marginalEntropy}        |
 * | what a set looks like                              | {@linkcode contactSheet}, {@linkcode contrastOf}              |
 * | the same of some images                            | {@linkcode select}, {@linkcode spread}                        |
 * | coarse pictures from the beginning of a program    | {@linkcode decodePrefix}                                      |
 * | full-size ones, what is missing being drawn        | {@linkcode completePrefix}                                    |
 * | the rest of images of which upper rows are given   | {@linkcode completeImages}                                    |
 *
 * A notebook that judges claims opens with {@linkcode openSection}; {@linkcode verdictOf} says what became of one.
 *
 * @module
 */
export {
  atBytes,
  codeLossy,
  LOSSY_CODECS,
  type LossyCodecName,
  type LossyCoding,
} from "./baselines/lossy.ts";
export type { Effort } from "./baselines/codec.ts";
export {
  type BaselineName,
  type BaselineOptions,
  type BaselineResult,
  measureBaselines,
} from "./baselines/measure.ts";
export type { ProgramName } from "./baselines/path_programs.ts";
export { measureTextCodecs, type TextCoding } from "./baselines/text_codecs.ts";
export type { CodecName, Trial } from "./baselines/trials.ts";
export { completeImages } from "./complete.ts";
export { completePrefix, decodePrefix, type PrefixOptions } from "./prefix.ts";
export { baselineRows, chainRows, ledgerRows } from "./measure/chain_report.ts";
export { showCodecs } from "./measure/codec_report.ts";
export { contactSheet } from "./measure/contact_sheet.ts";
export {
  type Interval,
  intervalName,
  intervalOf,
  lowerEnd,
  plusMinus,
  upperEnd,
} from "./measure/interval.ts";
export { latencies, type Latency, type Timed } from "./measure/latency.ts";
export { type Neighbour, neighboursOf } from "./measure/neighbours.ts";
export { select, spread } from "./measure/select.ts";
export { marginalEntropy, shufflePixels } from "./measure/shuffle.ts";
export { saveImages } from "./save_images.ts";
export { contrastOf } from "./quality/contrast.ts";
export { psnr } from "./quality/psnr.ts";
export { type Pixels, type Quality, qualityOf } from "./quality/quality.ts";
export { ssim } from "./quality/ssim.ts";
export {
  type Claim,
  type Finding,
  type Judged,
  type Measure,
  measuredOfEach,
  onEdge,
  type Verdict,
  verdictOf,
  VERDICTS,
} from "./section/claims.ts";
export type { KeptProgram, SectionRecord, Shown } from "./section/record.ts";
export { openSection, type Section } from "./section/section.ts";
export { type Settings, settingsOf } from "./section/settings.ts";
export { type LoadAny, loadAny, type LoadSource, loadSource } from "./source.ts";
export {
  keeps,
  measureTask,
  type ModelFile,
  shortestWithin,
  type Task,
  type TaskPoint,
  type TaskResult,
  taskRows,
  taskSeries,
} from "./task/task.ts";
