/** What our programs are measured against: general compressors and lossless image formats. */
export type { Effort } from "./codec.ts";
export {
  type BaselineName,
  type BaselineOptions,
  type BaselineResult,
  BASELINES,
  measureBaselines,
} from "./measure.ts";
export type { Trial } from "./trials.ts";
