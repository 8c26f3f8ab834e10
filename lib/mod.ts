/** MDLab, the library: data in, a program out, and back. */
export { type Backend, openBackend } from "./backend/backend.ts";
export { MdlError } from "./errors.ts";
export { loadFolder } from "./image/folder.ts";
export { bitsOf, modelOf, type ProgramModel } from "./image/model.ts";
export { type Context, mermaid, pipe, type Stage } from "./pipeline.ts";
export { type Program, programOf } from "./program/program.ts";
export { contextOf, type Preset } from "./run.ts";
export { saveFile } from "./save.ts";
export { loadDataset } from "./sources/registry.ts";
export { attention } from "./stages/attention.ts";
export { compress, type Compressed } from "./stages/compress.ts";
export { features, type Plan } from "./stages/features.ts";
export { generate } from "./stages/generate.ts";
export { hierarchy } from "./stages/hierarchy.ts";
export { preprocess, transform } from "./stages/preprocess.ts";
export { stagePrices } from "./stages/prices.ts";
export { sharing } from "./stages/sharing.ts";
