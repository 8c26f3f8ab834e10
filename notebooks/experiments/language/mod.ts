/** What the notebooks use of language. */
export { excerpts, loadText, spell, splitText, takeText, utf8 } from "./corpus.ts";
export { openPrimed } from "./primed.ts";
export { sampleText } from "./sample.ts";
export { copiedShare, knownShare, piecesOf, unitsOf } from "./samples.ts";
export { type AttentionSpec, languageFlop, languageParameters, recurrentLike } from "./spec.ts";
export { fileNumbers, languageTask, languageTensors, languageUses } from "./task.ts";
export type { TrainedLanguage } from "./train.ts";
export { twoPart } from "./two_part.ts";
