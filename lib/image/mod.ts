/**
 * Images as a kind of data: what goes beyond the chain.
 *
 * | I want                                             | take                                                                          |
 * | -------------------------------------------------- | ----------------------------------------------------------------------------- |
 * | the images of a set, one by one; the first         | {@linkcode images}, {@linkcode take}                                          |
 * | to know where in the file each scale ends          | {@linkcode scalesOf}                                                          |
 * | a model's probabilities, and what its inputs are   | {@linkcode openEncoder}                                                       |
 * | how large a model is, and how much it computes     | {@linkcode parameterCount}, {@linkcode featureCount}, {@linkcode flopPerSymbol} |
 *
 * @module
 */
export { type Dataset, images, take } from "./dataset.ts";
export { type Encoder, openEncoder } from "./encoder.ts";
export type { FormulaName, Lattice, PlaneFinder, Planes } from "./lattice.ts";
export type { Raster } from "./raster.ts";
export { type Scale, scalesOf } from "./scales.ts";
export { featureCount, flopPerSymbol, type ModelSpec, parameterCount } from "./spec.ts";
