/** MDLab: what notebooks and scripts import. */
export { type Backend, openBackend } from "./backend/backend.ts";
export { describeEnvironment } from "../notebooks/experiments/programs/environment.ts";
export {
  atBytes,
  codeLossy,
  LOSSY_CODECS,
  type LossyCodecName,
  type LossyCoding,
  lossyCurve,
} from "../scripts/laboratory/baselines/lossy.ts";
export { type BaselineResult, measureBaselines } from "../scripts/laboratory/baselines/measure.ts";
export { type Components, principalComponents, project } from "../notebooks/experiments/pca/pca.ts";
export { decodePca, encodePca } from "../notebooks/experiments/pca/pca_file.ts";
export { residualOf, withResidual } from "../notebooks/experiments/pca/residual.ts";
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
} from "../notebooks/experiments/language/corpus.ts";
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
} from "../notebooks/experiments/programs/attention_weights.ts";
export {
  type BudgetPoint,
  budgetSeries,
  firstScales,
  lossyAtBudgets,
  nearestPoints,
  networkAtBudgets,
} from "../notebooks/experiments/programs/budget_points.ts";
export { type Cost, measureCosts } from "../notebooks/experiments/programs/cost.ts";
export { turnBits } from "../notebooks/experiments/programs/damage.ts";
export { measureDecoding } from "../notebooks/experiments/programs/decoding_speed.ts";
export { measureDense } from "../notebooks/experiments/programs/dense_latency.ts";
export type {
  FactorialResults,
  ScaleResults,
  SharingResults,
} from "../scripts/laboratory/measure/document.ts";
export {
  crossingBand,
  extrapolate,
  fitPowerLaw,
  holdOut,
  type PowerLaw,
} from "../notebooks/experiments/programs/extrapolate.ts";
export { factorialPanels, factorialSteps } from "../scripts/laboratory/measure/factorial.ts";
export { type Gap, measureGap, type TrainingLength } from "../notebooks/experiments/programs/gap.ts";
export { measureGeneralisation, upperEnd } from "../notebooks/experiments/programs/generalisation.ts";
export { type Generation, goRound } from "../notebooks/experiments/programs/generations.ts";
export {
  adjacentShare,
  correlation,
  counterparts,
  influenceOf,
} from "../notebooks/experiments/programs/influence.ts";
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
} from "../notebooks/experiments/programs/languages.ts";
export { latencies } from "../scripts/laboratory/measure/latency.ts";
export {
  changeOf,
  changePanels,
  type Loop,
  loopRows,
  loopSeries,
  samplingRows,
  samplingSeries,
} from "../notebooks/experiments/programs/loop_report.ts";
export { compareNearest } from "../notebooks/experiments/programs/nearest_cost.ts";
export {
  frontier,
  lossyPoints,
  pcaPoints,
  prefixPoints,
  type RatePoint,
} from "../notebooks/experiments/programs/rate_distortion.ts";
export { measureTwoFiles } from "../notebooks/experiments/programs/residual_coding.ts";
export { loadResults } from "../scripts/laboratory/measure/results.ts";
export {
  programAfter,
  rankCorrelation,
  sampleAfter,
  type Sampled,
  weigh,
} from "../notebooks/experiments/programs/sampling.ts";
export {
  compareSpeed,
  decodingSeconds,
  type Speed,
} from "../notebooks/experiments/programs/sharing_speed.ts";
export { measureControl, measureShift, type Shifted } from "../notebooks/experiments/programs/shift.ts";
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
export { codeLengthOf, labelBytes, weightBytes } from "../notebooks/experiments/history/code_length.ts";
export { growthOf, largestOfFamilies, recordsOf } from "../notebooks/experiments/history/growth.ts";
export { type LargeModel, loadHistory, yearOf } from "../notebooks/experiments/history/models.ts";
export { textRates } from "../notebooks/experiments/history/text_rates.ts";
export { articleExtractor, attempt, sightOf } from "../notebooks/experiments/networks/article_extractor.ts";
export { type Classifier, trainClassifier } from "../notebooks/experiments/networks/classifier.ts";
export {
  codeLength,
  type ConvolutionalSpec,
  convolutionFlop,
  convolutionParameters,
  PLAIN,
} from "../notebooks/experiments/networks/convolutional.ts";
export { coarsePixels, drawFromCodes } from "../notebooks/experiments/networks/convolutional_draw.ts";
export {
  type ConvolutionalCoder,
  convolutionalCoder,
  type ConvolutionalCoding,
  pixelsOf,
  readConvolutionalFile,
} from "../notebooks/experiments/networks/convolutional_file.ts";
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
} from "../notebooks/experiments/networks/dense.ts";
export { decodeDense, encodeDense } from "../notebooks/experiments/networks/dense_file.ts";
export { featureMaps } from "../notebooks/experiments/networks/feature_maps.ts";
export { applyRanks, ranksOf } from "../notebooks/experiments/networks/fixed_point.ts";
export { type LanguageJob, trainLanguages } from "../notebooks/experiments/language/jobs.ts";
export { sampleText } from "../notebooks/experiments/language/sample.ts";
export {
  type AttentionSpec,
  type Dropout,
  languageFlop,
  languageParameters,
  type LanguageSpec,
  recurrentLike,
  type RecurrentSpec,
} from "../notebooks/experiments/language/spec.ts";
export type { LanguageTraining, Texts, TrainedLanguage } from "../notebooks/experiments/language/train.ts";
export { type TwoPart, twoPart } from "../notebooks/experiments/language/two_part.ts";
export { featureCount, flopPerSymbol, type ModelSpec, parameterCount } from "./image/spec.ts";
export {
  type Autoencoder,
  imagesTensor,
  trainAutoencoder,
} from "../notebooks/experiments/networks/train_convolutional.ts";
export { trainMany } from "../notebooks/experiments/networks/train_many.ts";
export {
  TRANSFORMER_PARTS,
  transformerFlop,
  transformerParameters,
  transformerParts,
  TRANSFORMERS,
} from "../notebooks/experiments/networks/transformer_size.ts";
export { type Context, mermaid, pipe, type Stage } from "./pipeline.ts";
export { completeImages } from "./image/draw.ts";
export { bitsOf, modelOf, type ProgramModel } from "./image/model.ts";
export { completePrefix, decodePrefix } from "./image/prefix.ts";
export { type Program, programOf } from "./program/program.ts";
export { saveFile } from "./save.ts";
export { scalesOf } from "./image/scales.ts";
export { rendererProgram } from "../notebooks/experiments/scenes/program.ts";
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
export * as tiny from "../notebooks/experiments/enumeration/mod.ts";
