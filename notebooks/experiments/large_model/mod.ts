/** What the notebooks use of a large model as a compressor. */
export {
  bytesUnder,
  type CodedText,
  codeText,
  excerpt,
  openModel,
  projectFile,
  ratesAfter,
  ratesOf,
  windowsFrom,
} from "./coding.ts";
export { modelOf } from "../../../scripts/laboratory/large_model/llama.ts";
export { type Crossing, crossingSaid, crossingWithin, lengthOf, shortest, type Way } from "./length.ts";
export { type Quantisation, quantised } from "./quantise.ts";
export { type ShrinkResults, type Shrunk } from "./shrink.ts";
export { shrinkSamples, writeText } from "./samples.ts";
