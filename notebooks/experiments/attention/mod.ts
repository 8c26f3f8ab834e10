/** What the notebooks use of attention's layers. */
export { frontiers, leastWork, type Work, workOf } from "./products.ts";
export type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
