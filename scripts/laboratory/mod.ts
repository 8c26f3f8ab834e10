/** The laboratory: how things are measured, judged and kept. */
export {
  atBytes,
  codeLossy,
  LOSSY_CODECS,
  type LossyCodecName,
  type LossyCoding,
} from "./baselines/lossy.ts";
export { type BaselineResult, measureBaselines } from "./baselines/measure.ts";
export { measureTextCodecs, type TextCoding } from "./baselines/text_codecs.ts";
export {
  effectRows,
  narrowestSentence,
  sharingPanels,
  sharingRows,
  variantRows,
} from "./measure/ablation_report.ts";
export { baselineRows, chainRows, ledgerRows } from "./measure/chain_report.ts";
export { showCodecs } from "./measure/codec_report.ts";
export { ARTICLE_ENCODER, compareSharing } from "./measure/comparison.ts";
export { contactSheet } from "./measure/contact_sheet.ts";
export type { FactorialResults, ScaleResults, SharingResults } from "./measure/document.ts";
export { factorialPanels, factorialSteps } from "./measure/factorial.ts";
export { divergence, gradientHistogram, levelHistogram, pixelDeviation } from "./measure/image_statistics.ts";
export { type Interval, intervalName, intervalOf } from "./measure/interval.ts";
export { type Labelled, labelledOf } from "./measure/labelled.ts";
export { latencies } from "./measure/latency.ts";
export { type Neighbour, neighboursOf } from "./measure/neighbours.ts";
export { loadResults } from "./measure/results.ts";
export { select, spread } from "./measure/select.ts";
export { marginalEntropy, shufflePixels } from "./measure/shuffle.ts";
export { sharedVariant, unsharedVariant, type Variant } from "./measure/variant.ts";
export { saveImages } from "./save_images.ts";
export { contrastOf } from "./quality/contrast.ts";
export { psnr } from "./quality/psnr.ts";
export { type Pixels, type Quality, qualityOf } from "./quality/quality.ts";
export { ssim } from "./quality/ssim.ts";
export { type Claim, type Measure, verdictOf, VERDICTS } from "./section/claims.ts";
export { sectionNames } from "./section/names.ts";
export { readRecord, type SectionRecord } from "./section/record.ts";
export { openSection } from "./section/section.ts";
export { settingsOf } from "./section/settings.ts";
export { summaryRows, verdictParts } from "./section/summary.ts";
export { sectionsUsing } from "./section/uses.ts";
export { loadSource } from "./source.ts";
