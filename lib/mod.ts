/**
 * Data in, a program out, and back: MDLab turns images, text or any files into one WebAssembly module without imports
 * that regenerates them bit for bit. The length of that file is the description length of the data.
 *
 * ## Which function do I want?
 *
 * | I have                    | I want                                     | take                                                        |
 * | ------------------------- | ------------------------------------------ | ----------------------------------------------------------- |
 * | a folder of pictures      | a data set                                 | {@linkcode loadFolder}                                      |
 * | a text, or any files      | a data set                                 | {@linkcode loadFiles}                                       |
 * | the name of a set         | a data set                                 | {@linkcode loadDataset}, with the laboratory for most       |
 * | pictures that are too big | a smaller, gray, or shorter set            | {@linkcode preprocess}, or {@linkcode transform} alone      |
 * | a data set                | a program                                  | {@linkcode pipe} of the stages below, the last {@linkcode compress} |
 * | a program                 | its file                                   | {@linkcode saveFile}                                        |
 * | a file                    | its data; what is in it; where bytes go    | {@linkcode programOf}: `decode()`, `info`, `ledger`         |
 * | a program and its data    | to know that they are the same             | `program.verify(set)`                                       |
 * | a program                 | new images, or text that goes on           | `program.generate()`, or the stage {@linkcode generate}     |
 * | a program                 | its model, for another set                 | {@linkcode modelOf}, as `prior` of {@linkcode compress}     |
 * | a model and images        | how likely they are, in bits               | {@linkcode bitsOf}                                          |
 * | a chain and a ledger      | what each stage costs in bytes             | {@linkcode stagePrices}                                     |
 * | a chain                   | a diagram                                  | {@linkcode mermaid}                                         |
 * | half a program, a pyramid | coarse images                              | {@linkcode [laboratory].decodePrefix} |
 * | results                   | a figure or a table                        | {@link [figures] @mdlab/mdlab/figures} |
 * | a size                    | to know whether it is good                 | {@linkcode [laboratory].measureBaselines} |
 *
 * Six kinds of data have a codec. Images: gray or RGB, 8 bits a channel, of any sizes; a model is trained on them, and
 * its weights are in the program. Text, tables (CSV), sound (WAV), JPEG files and any bytes: files that come back byte
 * for byte; nothing is trained, the program learns while it decodes, unless of text or bytes features is asked for
 * `mode: "two-part"`, a small transformer whose weights are in the program. The same chain takes all of them,
 * `chain<Files>()` for the types; each mechanism has the options of its kind of data.
 *
 * What the stages of each kind of data can be asked, with defaults, stands in {@linkcode ImageOptions},
 * {@linkcode TextOptions} (of bytes, too), {@linkcode TableOptions}, {@linkcode AudioOptions} and
 * {@linkcode JpegOptions}; how long to train, at {@linkcode Preset}. All stages can be left out but
 * {@linkcode features} and {@linkcode compress}; `deno task ablate` measures what each part is worth.
 *
 * ## In doubt
 *
 * Don't overthink it. Take {@linkcode features}, {@linkcode sharing} and {@linkcode compress} as they are, and look at the
 * ledger. With fewer than about 130 images JPEG XL is likely to be shorter; give more images before you turn at stages.
 * Of drawings, screenshots and icons `compress({ ways: ["network", "drawing", "photo"] })` finds a shorter program.
 * Only a file that was decoded and compared has a length.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ preset: "smoke" }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 * await program.verify(set);
 * console.log(`${set.symbols.length} bytes in a program of ${program.bytes.length}`);
 * ```
 *
 * @module
 */
export { type Backend, openBackend } from "./backend/backend.ts";
export { chain, type ChainOptions } from "./chain.ts";
export type {
  Codec,
  Coded,
  Data,
  Estimate,
  Learning,
  Mechanism,
  MechanismName,
  Mechanisms,
  Provenance,
  Said,
  Schedule,
  Training,
  Weighed,
} from "./codec.ts";
export type {
  AllOptions,
  AnyData,
  AttentionOptions,
  DataTypes,
  DefaultData,
  FeatureOptions,
  HierarchyOptions,
  MechanismOptions,
  ModelOf,
  PreprocessOptions,
  SharingOptions,
  SpecOf,
  TrainedOf,
  TypesOf,
  Way,
} from "./codecs.ts";
export type { Kind, Kinds } from "./options.ts";
export { type Context, contextOf } from "./context.ts";
export { MdlError } from "./errors.ts";
export { loadFiles } from "./files/load.ts";
export { loadFolder } from "./image/folder.ts";
export { bitsOf, modelOf, type ProgramModel } from "./image/model.ts";
export { mermaid, pipe, type Stage } from "./pipeline.ts";
export { type Program, programOf } from "./program/program.ts";
export type { Preset } from "./run.ts";
export { saveFile } from "./save.ts";
export { loadDataset } from "./sources/registry.ts";
export { attention } from "./stages/attention.ts";
export { compress, type Compressed, type Prior } from "./stages/compress.ts";
export { features } from "./stages/features.ts";
export { generate } from "./stages/generate.ts";
export { hierarchy } from "./stages/hierarchy.ts";
export type { Plan } from "./stages/mechanism.ts";
export { preprocess } from "./stages/preprocess.ts";
export { transform } from "./image/transform.ts";
export { stagePrices } from "./stages/prices.ts";
export { sharing } from "./stages/sharing.ts";

// What these take and give, for the types of a user's own functions, and for the reference.
export type { BackendName } from "./backend/backend.ts";
export type { Reports } from "./context.ts";
export type { ErrorCode } from "./errors.ts";
export type { Dataset, ImageGroup, ImageView, Tiling } from "./image/dataset.ts";
export type { Files, FilesModality } from "./files/data.ts";
export type { FilePreprocessOptions } from "./files/transform.ts";
export type { ImageOptions } from "./image/mechanisms.ts";
export type { ImagePreprocessOptions } from "./image/transform.ts";
export type { AudioSpec } from "./audio/engine.ts";
export type { AudioOptions } from "./audio/mechanisms.ts";
export type { JpegSpec } from "./jpeg/engine.ts";
export type { JpegOptions } from "./jpeg/mechanisms.ts";
export type { TableSwitches } from "./table/engine.ts";
export type { TableOptions, TableSpec } from "./table/mechanisms.ts";
export type { ByteSpec } from "./text/engine.ts";
export type { TextSpec } from "./text/mechanisms.ts";
export type { Level, TextMode, TextOptions } from "./text/options.ts";
export type { TextModel, TextTrained } from "./text/codec.ts";
export type { TransformerModel } from "./text/two_part/model.ts";
export type { TransformerSpec } from "./text/two_part/spec.ts";
export type { TrainedTransformer } from "./text/two_part/train.ts";
export type { Quantisation, TwoPartWeights } from "./training/two_part.ts";
export type { FilesOptions } from "./files/load.ts";
export type { FolderOptions } from "./image/folder.ts";
export type { DecodeOptions as ImageFileOptions } from "./image/image_file.ts";
export type { ImageModel } from "./image/codec.ts";
export type { Lattice } from "./image/lattice.ts";
export type { Steps } from "./image/parameters.ts";
export type { Attention, Layer, ModelSpec } from "./image/spec.ts";
export type { Trained } from "./image/train.ts";
export type { ItemGroup } from "./items.ts";
export type { Passage, Pipeline } from "./pipeline.ts";
export type { Header, Modality, Mode, Order, RunRecord, SegmentKind } from "./program/header.ts";
export type { Ledger, LedgerEntry, Purpose } from "./program/ledger.ts";
export type { Limits, ProgramInfo, ReadOptions } from "./program/read.ts";
export type { ProgramSegment } from "./program/segments.ts";
export type { DecodeOptions, DrawOptions } from "./program/sandbox.ts";
export type { Part } from "./program/wasm_module.ts";
export type { Progress } from "./progress.ts";
export type { Random } from "./random.ts";
export type { LoadOptions } from "./sources/loading.ts";
export type { CompressOptions } from "./stages/compress.ts";
export type { GenerateOptions } from "./stages/generate.ts";
export type { StagePrice } from "./stages/prices.ts";
