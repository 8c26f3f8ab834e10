/** What the notebooks use of models of attention: what the forms of one cost to compute, and which are worth it. */
export { frontiers, leastWork, type Work, workOf } from "./products.ts";
export type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
