/** What the notebooks use of programs. */
export { attentionAt, attentionContexts, meanAttendedPlaces, PLACES_IN_REACH } from "./attention_weights.ts";
export {
  type BudgetPoint,
  budgetSeries,
  firstScales,
  lossyAtBudgets,
  nearestPoints,
  networkAtBudgets,
} from "./budget_points.ts";
export { measureCosts } from "./cost.ts";
export { turnBits } from "./damage.ts";
export { measureDecoding } from "./decoding_speed.ts";
export { measureDense } from "./dense_latency.ts";
export { describeEnvironment } from "./environment.ts";
export { crossingBand, extrapolate, fitPowerLaw, holdOut } from "./extrapolate.ts";
export { type Gap, measureGap, type TrainingLength } from "./gap.ts";
export { measureGeneralisation } from "./generalisation.ts";
export { goRound } from "./generations.ts";
export { adjacentShare, correlation, influenceOf } from "./influence.ts";
export {
  aboveZero,
  compareLanguages,
  type LanguageArm,
  type LanguageOutcome,
  meanCurve,
  saved,
  stepSeconds,
  testBits,
} from "./languages.ts";
export {
  changeOf,
  changePanels,
  type Loop,
  loopRows,
  loopSeries,
  samplingRows,
  samplingSeries,
} from "./loop_report.ts";
export { likenesses, trainInsides } from "./insides.ts";
export { compareNearest } from "./nearest_cost.ts";
export { knownAround, marked, mixedImage, stretched } from "./one_image.ts";
export {
  frontier,
  lossyPoints,
  pcaAtBytes,
  pcaPoints,
  prefixPoints,
  type RatePoint,
} from "./rate_distortion.ts";
export { measureTwoFiles } from "./residual_coding.ts";
export { programAfter, rankCorrelation, sampleAfter, type Sampled, weigh } from "./sampling.ts";
export { compareSpeed, decodingSeconds } from "./sharing_speed.ts";
export { measureControl, measureShift } from "./shift.ts";
