/** What the notebooks use of history. */
export {
  codeLengthOf,
  isPublished,
  labelBytes,
  prequentialBytes,
  votesOf,
  weightBytes,
} from "./code_length.ts";
export { growthOf, largestOfFamilies, recordsOf } from "./growth.ts";
export { loadHistory, yearOf } from "./models.ts";
export { textRates } from "./text_rates.ts";
