/** MDLab: what notebooks and scripts import. */
export { type Backend, openBackend } from "./backend/backend.ts";
export { describeEnvironment } from "./backend/environment.ts";
export {
  atBytes,
  codeLossy,
  LOSSY_CODECS,
  type LossyCodecName,
  type LossyCoding,
  lossyCurve,
} from "../scripts/laboratory/baselines/lossy.ts";
export { type BaselineResult, measureBaselines } from "../scripts/laboratory/baselines/measure.ts";
export { type Components, principalComponents, project } from "./baselines/pca.ts";
export { decodePca, encodePca } from "./baselines/pca_file.ts";
export { residualOf, withResidual } from "./baselines/residual.ts";
export { measureTextCodecs, type TextCoding } from "../scripts/laboratory/baselines/text_codecs.ts";
export { contactSheet } from "../scripts/laboratory/measure/contact_sheet.ts";
export { type Dataset, imageCount, images, take } from "./image/dataset.ts";
export { loadFolder } from "./image/folder.ts";
export {
  divergence,
  gradientHistogram,
  levelHistogram,
  pixelDeviation,
} from "../scripts/laboratory/measure/image_statistics.ts";
export { type Labelled, labelledOf } from "../scripts/laboratory/measure/labelled.ts";
export { type Neighbour, neighboursOf } from "../scripts/laboratory/measure/neighbours.ts";
export { describeDatasets, loadDataset } from "./sources/registry.ts";
export { SCENE_BITS } from "./sources/scenes.ts";
export { select, spread } from "../scripts/laboratory/measure/select.ts";
export { marginalEntropy, shufflePixels } from "../scripts/laboratory/measure/shuffle.ts";
export {
  excerpts,
  loadText,
  partsOfText,
  spell,
  splitText,
  takeText,
  type Text,
  textOf,
  utf8,
} from "./data/text.ts";
export { openEncoder } from "./image/encoder.ts";
export { MdlError } from "./errors.ts";
export {
  effectRows,
  narrowestSentence,
  sharingPanels,
  sharingRows,
  variantRows,
} from "../scripts/laboratory/measure/ablation_report.ts";
export {
  type Attended,
  attendedPlaces,
  attentionAt,
  attentionContexts,
  meanAttendedPlaces,
  PLACES_IN_REACH,
} from "./experiments/attention_weights.ts";
export {
  type BudgetPoint,
  budgetSeries,
  firstScales,
  lossyAtBudgets,
  nearestPoints,
  networkAtBudgets,
} from "./experiments/budget_points.ts";
export { type Cost, measureCosts } from "./experiments/cost.ts";
export { turnBits } from "./experiments/damage.ts";
export { measureDecoding } from "./experiments/decoding_speed.ts";
export { measureDense } from "./experiments/dense_latency.ts";
export type {
  FactorialResults,
  ScaleResults,
  SharingResults,
} from "../scripts/laboratory/measure/document.ts";
export { crossingBand, extrapolate, fitPowerLaw, holdOut, type PowerLaw } from "./experiments/extrapolate.ts";
export { factorialPanels, factorialSteps } from "../scripts/laboratory/measure/factorial.ts";
export { type Gap, measureGap, type TrainingLength } from "./experiments/gap.ts";
export { measureGeneralisation, upperEnd } from "./experiments/generalisation.ts";
export { type Generation, goRound } from "./experiments/generations.ts";
export { adjacentShare, correlation, counterparts, influenceOf } from "./experiments/influence.ts";
export { type Interval, intervalName, intervalOf } from "../scripts/laboratory/measure/interval.ts";
export {
  aboveZero,
  compareLanguages,
  type LanguageArm,
  type LanguageOutcome,
  meanCurve,
  saved,
  stepSeconds,
  testBits,
} from "./experiments/languages.ts";
export { latencies } from "../scripts/laboratory/measure/latency.ts";
export {
  changeOf,
  changePanels,
  type Loop,
  loopRows,
  loopSeries,
  samplingRows,
  samplingSeries,
} from "./experiments/loop_report.ts";
export { compareNearest } from "./experiments/nearest_cost.ts";
export {
  frontier,
  lossyPoints,
  pcaPoints,
  prefixPoints,
  type RatePoint,
} from "./experiments/rate_distortion.ts";
export { measureTwoFiles } from "./experiments/residual_coding.ts";
export { loadResults } from "../scripts/laboratory/measure/results.ts";
export { programAfter, rankCorrelation, sampleAfter, type Sampled, weigh } from "./experiments/sampling.ts";
export { compareSpeed, decodingSeconds, type Speed } from "./experiments/sharing_speed.ts";
export { measureControl, measureShift, type Shifted } from "./experiments/shift.ts";
export { sharedVariant, unsharedVariant, type Variant } from "../scripts/laboratory/measure/variant.ts";
export { ledgerSteps, rateBars, sizeBars, waterfall } from "../scripts/laboratory/figures/bars.ts";
export { heatmap, lines, scatter } from "../scripts/laboratory/figures/curves.ts";
export { distributions, median } from "../scripts/laboratory/figures/distribution.ts";
export { dots } from "../scripts/laboratory/figures/dots.ts";
export { fits } from "../scripts/laboratory/figures/fits.ts";
export { flow } from "../scripts/laboratory/figures/flow.ts";
export { progressBar } from "../scripts/laboratory/figures/progress.ts";
export { show, showImages, showMarkdown, showTable } from "../scripts/laboratory/figures/show.ts";
export { stackedBars } from "../scripts/laboratory/figures/stacked.ts";
export { strips } from "../scripts/laboratory/figures/strips.ts";
export { codeLengthOf, labelBytes, weightBytes } from "./history/code_length.ts";
export { growthOf, largestOfFamilies, recordsOf } from "./history/growth.ts";
export { type LargeModel, loadHistory, yearOf } from "./history/models.ts";
export { textRates } from "./history/text_rates.ts";
export { articleExtractor, attempt, sightOf } from "./models/article_extractor.ts";
export { type Classifier, trainClassifier } from "./models/classifier.ts";
export {
  codeLength,
  type ConvolutionalSpec,
  convolutionFlop,
  convolutionParameters,
  PLAIN,
} from "./models/convolutional.ts";
export { coarsePixels, drawFromCodes } from "./models/convolutional_draw.ts";
export {
  type ConvolutionalCoder,
  convolutionalCoder,
  type ConvolutionalCoding,
  pixelsOf,
  readConvolutionalFile,
} from "./models/convolutional_file.ts";
export {
  ARTICLE_EPOCHS,
  autoencoderUnits,
  deadFeatures,
  DENSE,
  denseParameters,
  type DenseTrained,
  FEATURES,
  fitAsWritten,
  trainDense,
} from "./models/dense.ts";
export { decodeDense, encodeDense } from "./models/dense_file.ts";
export { featureMaps } from "./models/feature_maps.ts";
export { applyRanks, ranksOf } from "./models/fixed_point.ts";
export { type LanguageJob, trainLanguages } from "./models/language/jobs.ts";
export { sampleText } from "./models/language/sample.ts";
export {
  type AttentionSpec,
  type Dropout,
  languageFlop,
  languageParameters,
  type LanguageSpec,
  recurrentLike,
  type RecurrentSpec,
} from "./models/language/spec.ts";
export type { LanguageTraining, Texts, TrainedLanguage } from "./models/language/train.ts";
export { type TwoPart, twoPart } from "./models/language/two_part.ts";
export { featureCount, flopPerSymbol, type ModelSpec, parameterCount } from "./image/spec.ts";
export { type Autoencoder, imagesTensor, trainAutoencoder } from "./models/train_convolutional.ts";
export { trainMany } from "./models/train_many.ts";
export {
  TRANSFORMER_PARTS,
  transformerFlop,
  transformerParameters,
  transformerParts,
  TRANSFORMERS,
} from "./models/transformer_size.ts";
export { type Context, mermaid, pipe, type Stage } from "./pipeline.ts";
export { completeImages } from "./image/draw.ts";
export { bitsOf, modelOf, type ProgramModel } from "./image/model.ts";
export { completePrefix, decodePrefix } from "./image/prefix.ts";
export { type Program, programOf } from "./program/program.ts";
export { saveFile } from "./save.ts";
export { scalesOf } from "./image/scales.ts";
export { rendererProgram } from "./program/scenes.ts";
export { contrastOf } from "../scripts/laboratory/quality/contrast.ts";
export { psnr } from "../scripts/laboratory/quality/psnr.ts";
export { type Pixels, type Quality, qualityOf } from "../scripts/laboratory/quality/quality.ts";
export { ssim } from "../scripts/laboratory/quality/ssim.ts";
export { contextOf, type Preset, PRESETS } from "./run.ts";
export { type Claim, type Measure, verdictOf, VERDICTS } from "../scripts/laboratory/section/claims.ts";
export { sectionNames } from "../scripts/laboratory/section/names.ts";
export { readRecord, type SectionRecord } from "../scripts/laboratory/section/record.ts";
export { openSection } from "../scripts/laboratory/section/section.ts";
export { summaryRows, verdictParts } from "../scripts/laboratory/section/summary.ts";
export { sectionsUsing } from "../scripts/laboratory/section/uses.ts";
export { attention } from "./stages/attention.ts";
export { ARTICLE_ENCODER, compareSharing } from "../scripts/laboratory/measure/comparison.ts";
export { compress, type Compressed } from "./stages/compress.ts";
export { features, type Plan } from "./stages/features.ts";
export { generate } from "./stages/generate.ts";
export { hierarchy } from "./stages/hierarchy.ts";
export { preprocess, transform } from "./stages/preprocess.ts";
export { stagePrices } from "./stages/prices.ts";
export { sharing } from "./stages/sharing.ts";
export * as tiny from "./tiny/mod.ts";
