/** The kinds of data: the one place that knows them all. Each has a folder of its own. */
import { audio } from "./audio/codec.ts";
import type { AudioSpec } from "./audio/engine.ts";
import type { AudioOptions } from "./audio/mechanisms.ts";
import { type Codec, PLANNED } from "./codec.ts";
import { MdlError } from "./errors.ts";
import { checkOptions, type Kinds } from "./options.ts";
import type { Files } from "./files/data.ts";
import { jpeg } from "./jpeg/codec.ts";
import type { JpegSpec } from "./jpeg/engine.ts";
import type { JpegOptions } from "./jpeg/mechanisms.ts";
import { image, type ImageModel } from "./image/codec.ts";
import type { Dataset } from "./image/dataset.ts";
import type { ImageOptions } from "./image/mechanisms.ts";
import type { ModelSpec } from "./image/spec.ts";
import { LEARNERS } from "./image/prequential.ts";
import type { Trained } from "./image/train.ts";
import type { ImagePreprocessOptions } from "./image/transform.ts";
import type { FilePreprocessOptions } from "./files/transform.ts";
import { bytes, text, type TextModel, type TextTrained } from "./text/codec.ts";
import { table } from "./table/codec.ts";
import type { TableOptions, TableSpec } from "./table/mechanisms.ts";
import type { TextSpec } from "./text/mechanisms.ts";
import type { TextOptions } from "./text/options.ts";

/** Every kind of data, by its name. */
export const codecs = { image, text, bytes, table, audio, jpeg } as const;

/** A way of coding: the planned model, or one that images have besides. */
export type Way = "network" | "drawing" | "photo";
export const WAYS = [PLANNED, ...LEARNERS] as const satisfies readonly Way[];

/** The types of every kind of data. */
export interface DataTypes {
  /** Images. */
  readonly image: TypesOf<Dataset, ModelSpec, ImageModel, Trained>;
  /** Files of text. */
  readonly text: TypesOf<Files<"text">, TextSpec, TextModel, TextTrained>;
  /** Files of any bytes. */
  readonly bytes: TypesOf<Files<"bytes">, TextSpec, TextModel, TextTrained>;
  /** A CSV file. */
  readonly table: TypesOf<Files<"table">, TableSpec>;
  /** WAV files. */
  readonly audio: TypesOf<Files<"audio">, AudioSpec>;
  /** JPEG files. */
  readonly jpeg: TypesOf<Files<"jpeg">, JpegSpec>;
}

/** The types of a kind of data. Where a program learns while it decodes, a spec is all of a model, and nothing is trained. */
export interface TypesOf<Data, Spec, Model = Spec, Trained = null> {
  /** The data. */
  readonly data: Data;
  /** What their model looks like. */
  readonly spec: Spec;
  /** What codes them. */
  readonly model: Model;
  /** What training leaves. */
  readonly trained: Trained;
}

/** Data of any kind. */
export type AnyData = DataTypes[keyof DataTypes]["data"];
/** What is meant where a type says nothing else. */
export type DefaultData = Dataset;
/** What the model of such data looks like. */
export type SpecOf<D extends AnyData> = DataTypes[D["modality"]]["spec"];
/** A model of such data. */
export type ModelOf<D extends AnyData> = DataTypes[D["modality"]]["model"];
/** What a training on such data leaves behind. */
export type TrainedOf<D extends AnyData> = DataTypes[D["modality"]]["trained"];

/** What the article's mechanisms take. Each option has its default; one of another kind of data is refused. */
export type AllOptions = ImageOptions & TextOptions & TableOptions & AudioOptions & JpegOptions;
/** What `features` takes, for any kind of data. */
export type FeatureOptions = AllOptions["features"];
/** What `sharing` takes, for any kind of data. */
export type SharingOptions = AllOptions["sharing"];
/** What `hierarchy` takes, for any kind of data. */
export type HierarchyOptions = AllOptions["hierarchy"];
/** What `attention` takes, for any kind of data. */
export type AttentionOptions = AllOptions["attention"];
/** What the mechanisms are asked, by their names. */
export type MechanismOptions = Partial<AllOptions>;
/** What `preprocess` takes, for any kind of data. */
export interface PreprocessOptions extends ImagePreprocessOptions, FilePreprocessOptions {}

/** What a codec may be asked of any kind of data: what its options take. */
type Asked = Pick<Codec<AnyData, unknown, unknown, unknown>, "mechanisms" | "preprocessing">;

/**
 * The first kind of data that has options of these names.
 *
 * @throws {MdlError} `usage` when there is none
 */
export function codecTaking(caller: string, options: object, kindsOf: (codec: Asked) => Kinds): Asked {
  const all = Object.values(codecs) as unknown as Asked[], named = Object.keys(options);
  const found = all.find((codec) => named.every((name) => Object.hasOwn(kindsOf(codec), name)));
  if (!found) checkOptions(caller, options, Object.assign({}, ...all.map(kindsOf)));
  return found ?? all[0]!;
}

/** How data of a kind are coded. */
export type CodecOf<D extends AnyData> = Codec<D, SpecOf<D>, ModelOf<D>, TrainedOf<D>>;

/**
 * How data, or a program's data, are coded.
 *
 * @throws {MdlError} `usage` for a kind of data that there is not
 */
export function codecOf<D extends AnyData>({ modality }: { readonly modality: D["modality"] }): CodecOf<D> {
  if (Object.hasOwn(codecs, modality)) return codecs[modality] as unknown as CodecOf<D>;
  throw new MdlError(
    "usage",
    `There is no kind of data “${modality}”, only ${Object.keys(codecs).join(", ")}.`,
  );
}
