/** Figures and how a notebook shows things. */
export { ledgerSteps, rateBars, sizeBars, waterfall } from "./bars.ts";
export { heatmap, lines, scatter } from "./curves.ts";
export { distributions, median } from "./distribution.ts";
export { dots } from "./dots.ts";
export { fits } from "./fits.ts";
export { flow } from "./flow.ts";
export { progressBar } from "../../../lib/progress.ts";
export { show, showImages, showMarkdown, showTable } from "./show.ts";
export { stackedBars } from "./stacked.ts";
export { strips } from "./strips.ts";
