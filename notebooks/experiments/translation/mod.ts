/** What the notebooks use of translation. */
export { chrF, exactShare } from "./chrf.ts";
export { translatorUses } from "./model.ts";
export { nearestTranslations } from "./nearest.ts";
export { loadPairs, sharedTargets, splitPairs } from "./pairs.ts";
export { translateBy, translationTask } from "./task.ts";
