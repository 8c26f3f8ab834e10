/**
 * Figures and how a notebook shows things. A figure is plain plotly.js JSON; {@linkcode show} draws it below the cell of a
 * notebook, and writes it to files from a script.
 *
 * | I have                                            | take                                                  |
 * | ------------------------------------------------- | ----------------------------------------------------- |
 * | sizes of files                                    | {@linkcode sizeBars}                                  |
 * | bits a symbol, in groups                          | {@linkcode rateBars}                                  |
 * | a ledger                                          | {@linkcode waterfall} of {@linkcode ledgerSteps}      |
 * | wholes of the same parts                          | {@linkcode stackedBars}                               |
 * | numbers against numbers                           | {@linkcode lines}, {@linkcode scatter}                |
 * | the same with fitted curves                       | {@linkcode fits}                                      |
 * | repeated measurements                             | {@linkcode strips}                                    |
 * | quantities of many sizes, by case                 | {@linkcode dots}                                      |
 * | samples to compare                                | {@linkcode distributions}, {@linkcode median}         |
 * | a value for every pixel                           | {@linkcode heatmap}                                   |
 * | a chain                                           | {@linkcode flow}                                      |
 * | pictures; a table; a text                         | {@linkcode showImages}, {@linkcode showTable}, {@linkcode showMarkdown} |
 * | work that takes long                              | {@linkcode progressBar}                               |
 *
 * @module
 */
export { ledgerSteps, type Rate, rateBars, type Size, sizeBars, type Step, waterfall } from "./bars.ts";
export { heatmap, lines, type Plot, type Scale, scatter, type Series } from "./curves.ts";
export { distributions, median, type Sample } from "./distribution.ts";
export { dots } from "./dots.ts";
export type { Figure, Reference, Trace } from "./figure.ts";
export { fits, type Fitted, type Measured } from "./fits.ts";
export { flow } from "./flow.ts";
export type { Panel } from "./pictures.ts";
export { type ProgressBar, progressBar } from "../../../lib/progress.ts";
export { show, showImages, showMarkdown, showTable } from "./show.ts";
export { type Part, stackedBars } from "./stacked.ts";
export { type Panel as Strips, strips } from "./strips.ts";
export type { Cell, Rows } from "./table.ts";
