/**
 * Images as a kind of data: what goes beyond the chain.
 *
 * | I want                                             | take                                                                          |
 * | -------------------------------------------------- | ----------------------------------------------------------------------------- |
 * | the images of a set, one by one; how many; the first | {@linkcode images}, {@linkcode imageCount}, {@linkcode take}                 |
 * | coarse pictures from the beginning of a file       | {@linkcode decodePrefix}                                                      |
 * | full-size pictures from the beginning of a file    | {@linkcode completePrefix}                                                    |
 * | to know where in the file each scale ends          | {@linkcode scalesOf}                                                          |
 * | the rest of images of which the upper rows are given | {@linkcode completeImages}                                                  |
 * | a model's probabilities, and what its inputs are   | {@linkcode openEncoder}                                                       |
 * | how large a model is, and how much it computes     | {@linkcode parameterCount}, {@linkcode featureCount}, {@linkcode flopPerSymbol} |
 *
 * @module
 */
export { type Dataset, imageCount, images, take } from "./dataset.ts";
export { completeImages } from "./draw.ts";
export { type Encoder, openEncoder } from "./encoder.ts";
export { completePrefix, decodePrefix, type PrefixOptions } from "./prefix.ts";
export type { Raster } from "./raster.ts";
export { type Scale, scalesOf } from "./scales.ts";
export { featureCount, flopPerSymbol, type ModelSpec, parameterCount } from "./spec.ts";
