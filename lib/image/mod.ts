/** Images as a kind of data: what goes beyond the chain. */
export { type Dataset, imageCount, images, take } from "./dataset.ts";
export { completeImages } from "./draw.ts";
export { openEncoder } from "./encoder.ts";
export { completePrefix, decodePrefix } from "./prefix.ts";
export { scalesOf } from "./scales.ts";
export { featureCount, flopPerSymbol, type ModelSpec, parameterCount } from "./spec.ts";
