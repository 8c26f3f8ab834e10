/** The article's mechanisms as sound has them: each is a part of the model that can be left out. */
import type { Mechanism, MechanismName } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { FLAG } from "../options.ts";
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

type Part<Options extends object> = Mechanism<Files<"audio">, AudioSpec, Options>;

const OFF = { slow: false, fast: false, cascade: false, stereo: false, blend: false, mixture: false };

/** A mechanism whose options are switches of the model, each with what it is called; on where nobody says. */
function switches<Name extends keyof AudioSpec>(
  off: string,
  names: Readonly<Record<Name, string>>,
): Part<{ readonly [N in Name]?: boolean }> {
  const all = Object.keys(names) as Name[],
    is = (options: { readonly [N in Name]?: boolean }, name: Name) => options[name] ?? true;
  const chosen = (options: { readonly [N in Name]?: boolean }) =>
    Object.fromEntries(all.map((name) => [name, is(options, name)]));
  return {
    kinds: Object.fromEntries(all.map((name) => [name, FLAG])),
    describe(options) {
      const on = all.filter((name) => is(options, name));
      return {
        summary: on.map((name) => names[name]).join(", ") || off,
        active: on.length > 0,
        options: chosen(options),
      };
    },
    apply: (spec, _, options) => ({ ...DEFAULT_SPEC, ...OFF, ...spec, ...chosen(options) }),
  };
}

const sharing: Part<AudioSharingOptions> = {
  kinds: { files: FLAG },
  describe: ({ files = true }) => ({
    summary: files ? "across all samples, and from file to file" : "across the samples of a file",
    active: true,
    options: { files },
  }),
  apply: (spec: AudioSpec, _, { files = true }) => ({ ...spec, forget: !files }),
};

export const mechanisms: {
  readonly features: Part<AudioFeatureOptions>;
  readonly sharing: Part<AudioSharingOptions>;
  readonly hierarchy: Part<AudioHierarchyOptions>;
  readonly attention: Part<AudioAttentionOptions>;
} = {
  features: switches("no least squares", {
    slow: "least squares with a long memory",
    fast: "with a short memory",
  }),
  sharing,
  hierarchy: switches("off (one layer of predictors)", {
    cascade: "gradient predictors for what least squares leave",
  }),
  attention: switches("off (all are trusted alike)", {
    stereo: "to the other channel",
    blend: "trust in each prediction",
    mixture: "and in each distribution",
  }),
};

/** What the mechanisms would have to be asked for a model. */
export function optionsOf({ slow, fast, cascade, stereo, blend, mixture, forget }: AudioSpec) {
  return {
    features: { slow, fast },
    sharing: { files: !forget },
    hierarchy: { cascade },
    attention: { stereo, blend, mixture },
  } as const satisfies Record<MechanismName, object>;
}
