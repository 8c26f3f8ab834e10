/** What the notebooks use of attention's layers. */
export { frontiers, leastWork, type Work, workOf } from "./products.ts";
