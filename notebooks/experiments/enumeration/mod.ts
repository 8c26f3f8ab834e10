/** The tiny language: a reference machine so small that all its short programs can be run (article 2.1). */
export { brightened, describe, type Descriptions, together } from "./descriptions.ts";
export { interpret, interpreterBytes } from "./interpret.ts";
export { type AtLimit, searchAtLimits } from "./limits.ts";
export { OPCODES, parsed, run, written } from "./language.ts";
export {
  byLength,
  censusRows,
  compare,
  type Compared,
  descriptionDots,
  DESCRIPTIONS,
  shortestRows,
} from "./report.ts";
export { type Census, type Finding, type Search, search, type SearchOptions } from "./search.ts";
export { patterns, sequences, type Target, type Targets } from "./targets.ts";
