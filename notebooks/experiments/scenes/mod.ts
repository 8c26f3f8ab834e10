/** What the notebooks use of scenes. */
export { rendererProgram } from "./program.ts";
