/** What the notebooks use of pca. */
export { principalComponents } from "./pca.ts";
export { decodePca, encodePca } from "./pca_file.ts";
export { residualOf, withResidual } from "./residual.ts";
