/** What sections say of shipped results, of the article's own figures, and of one another. */
export {
  effectRows,
  narrowestSentence,
  sharingPanels,
  sharingRows,
  variantRows,
} from "../../../scripts/laboratory/measure/ablation_report.ts";
export { ARTICLE_ENCODER, compareSharing } from "../../../scripts/laboratory/measure/comparison.ts";
export type {
  FactorialResults,
  ScaleResults,
  SharingResults,
} from "../../../scripts/laboratory/measure/document.ts";
export { factorialPanels, factorialSteps } from "../../../scripts/laboratory/measure/factorial.ts";
export { labelledOf } from "../../../scripts/laboratory/measure/labelled.ts";
export { sharedVariant, unsharedVariant, type Variant } from "../../../scripts/laboratory/measure/variant.ts";
export { sectionNames } from "../../../scripts/laboratory/section/names.ts";
export { summaryRows, verdictParts } from "../../../scripts/laboratory/section/summary.ts";
export { sectionsUsing } from "../../../scripts/laboratory/section/uses.ts";
export { shippedResults } from "./shipped.ts";
