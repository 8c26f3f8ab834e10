/** The kinds of data: the one place that knows them all. Each has a folder of its own. */
import type { Codec, MechanismName } from "./codec.ts";
import { MdlError } from "./errors.ts";
import { image, type ImageModel } from "./image/codec.ts";
import type { Dataset } from "./image/dataset.ts";
import type {
  AttentionOptions,
  FeatureOptions,
  HierarchyOptions,
  SharingOptions,
} from "./image/mechanisms.ts";
import type { ModelSpec } from "./image/spec.ts";
import type { Trained } from "./image/train.ts";

/** Every kind of data, by its name. */
export const codecs = { image } as const;

/** The name of a kind of data. */
export type Modality = keyof typeof codecs;

/** Data of any kind. */
export type AnyData = Dataset;
/** What a model looks like, for any kind of data. */
export type AnySpec = ModelSpec;
/** A model of any kind of data. */
export type AnyModel = ImageModel;
/** What a training leaves behind, for any kind of data. */
export type AnyTrained = Trained;

/** What the article's mechanisms are asked; each has its defaults. */
export interface MechanismOptions {
  /** See `features`. */
  readonly features?: FeatureOptions;
  /** See `sharing`. */
  readonly sharing?: SharingOptions;
  /** See `hierarchy`. */
  readonly hierarchy?: HierarchyOptions;
  /** See `attention`. */
  readonly attention?: AttentionOptions;
}

/** What a mechanism takes, for any kind of data. */
export type OptionsOf<M extends MechanismName> = Required<MechanismOptions>[M];

export type {
  AttentionOptions,
  FeatureOptions,
  HierarchyOptions,
  SharingOptions,
} from "./image/mechanisms.ts";
export type { PreprocessOptions } from "./image/transform.ts";

/**
 * How data, or a program's data, are coded.
 *
 * @throws {MdlError} `usage` for a kind of data that there is not
 */
export function codecOf(
  { modality }: { readonly modality: Modality },
): Codec<AnyData, AnySpec, AnyModel, AnyTrained> {
  if (Object.hasOwn(codecs, modality)) return codecs[modality];
  throw new MdlError(
    "usage",
    `There is no kind of data “${modality}”, only ${Object.keys(codecs).join(", ")}.`,
  );
}
