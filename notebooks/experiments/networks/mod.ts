/** What the notebooks use of networks. */
export { articleExtractor, attempt, sightOf } from "./article_extractor.ts";
export { trainClassifier } from "./classifier.ts";
export { codeLength, convolutionFlop, convolutionParameters, PLAIN } from "./convolutional.ts";
export { coarsePixels, drawFromCodes } from "./convolutional_draw.ts";
export {
  type ConvolutionalCoder,
  convolutionalCoder,
  pixelsOf,
  readConvolutionalFile,
} from "./convolutional_file.ts";
export {
  ARTICLE_EPOCHS,
  deadFeatures,
  DENSE,
  denseParameters,
  type DenseTrained,
  FEATURES,
  fitAsWritten,
  trainDense,
} from "./dense.ts";
export { decodeDense, encodeDense } from "./dense_file.ts";
export { featureMaps } from "./feature_maps.ts";
export { applyRanks, ranksOf } from "./fixed_point.ts";
export { imagesTensor } from "./train_convolutional.ts";
export { trainMany } from "./train_many.ts";
export {
  TRANSFORMER_PARTS,
  transformerFlop,
  transformerParameters,
  transformerParts,
  TRANSFORMERS,
} from "./transformer_size.ts";
