/** The article's mechanisms as sound has them: each is a part of the model that can be left out. */
import type { Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { acrossFiles, switches } from "../files/switches.ts";
import { type AudioSpec, DEFAULT_SPEC } from "./engine.ts";

/** What a sample is predicted from. */
export interface AudioFeatureOptions {
  /** Least squares with a long memory; true by default. */
  readonly slow?: boolean;
  /** Least squares with a short memory; true by default. */
  readonly fast?: boolean;
}

/** What shares what was learnt with what. */
export interface AudioSharingOptions {
  /** What one file taught serves the next, true by default: false makes every file learn anew. */
  readonly files?: boolean;
}

/** Predictors for what other predictors leave. */
export interface AudioHierarchyOptions {
  /** Gradient predictors, of up to 1,024 samples, for what least squares leave; true by default. */
  readonly cascade?: boolean;
}

/** What is looked at, and how far each is trusted. */
export interface AudioAttentionOptions {
  /** Each channel sees the other; true by default. */
  readonly stereo?: boolean;
  /** Another fit says how far to trust each prediction; true by default, else they are added up. */
  readonly blend?: boolean;
  /** The mixture of residual distributions learns; true by default, else all have the same weight. */
  readonly mixture?: boolean;
}

/** The mechanisms of sound. */
export const mechanisms: Mechanisms<Files<"audio">, AudioSpec, {
  features: AudioFeatureOptions;
  sharing: AudioSharingOptions;
  hierarchy: AudioHierarchyOptions;
  attention: AudioAttentionOptions;
}> = {
  features: switches(
    { slow: "slow", fast: "fast" },
    { slow: "least squares with a long memory", fast: "with a short memory" },
    "no least squares",
    { ...DEFAULT_SPEC, cascade: false, stereo: false, blend: false, mixture: false },
  ),
  sharing: acrossFiles("samples"),
  hierarchy: switches(
    { cascade: "cascade" },
    { cascade: "gradient predictors for what least squares leave" },
    "off (one layer of predictors)",
  ),
  attention: switches(
    { stereo: "stereo", blend: "blend", mixture: "mixture" },
    {
      stereo: "to the other channel",
      blend: "trust in each prediction",
      mixture: "and in each distribution",
    },
    "off (all are trusted alike)",
  ),
};
