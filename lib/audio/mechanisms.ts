/** The article's mechanisms as sound has them: each is a part of the model that can be left out. */
import type { Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { acrossFiles, switches } from "../files/switches.ts";
import { type AudioSpec, DEFAULT_SPEC } from "./engine.ts";

/** What the mechanisms of sound take: switches, all true by default; {@linkcode AudioSpec} says what each does. */
export interface AudioOptions {
  /** What a sample is predicted from. */
  readonly features: Partial<Pick<AudioSpec, "slow" | "fast">>;
  /** What one file taught serves the next; false makes every file learn anew. */
  readonly sharing: { readonly files?: boolean };
  /** Predictors for what other predictors leave. */
  readonly hierarchy: Partial<Pick<AudioSpec, "cascade">>;
  /** What is looked at, and how far each is trusted. */
  readonly attention: Partial<Pick<AudioSpec, "stereo" | "blend" | "mixture">>;
}

/** The mechanisms of sound. */
export const mechanisms: Mechanisms<Files<"audio">, AudioSpec, AudioOptions> = {
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
