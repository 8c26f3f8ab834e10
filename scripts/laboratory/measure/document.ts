/** The files of results that `ablate` and `scale` write, and that notebooks read with `loadResults`. */
import type { Dataset, ImageGroup } from "../../../lib/image/dataset.ts";
import type { Preset } from "../../../lib/run.ts";
import type { ImagePreprocessOptions } from "../../../lib/image/transform.ts";
import type { BaselineName } from "../baselines/measure.ts";
import type { Crossing } from "./crossings.ts";
import type { Effect } from "./effects.ts";
import type { FactorialPoint, Summary } from "./factorial.ts";
import type { CodingResult } from "./codings.ts";
import type { ScalePoint } from "./scale.ts";
import type { CaseMeasured } from "./sharing_kinds.ts";

/** What a file of results says of the set that was measured. */
export interface SetSummary {
  readonly name: string;
  readonly images: number;
  readonly channels: number;
  readonly groups: readonly ImageGroup[];
  /** Raw size in bytes. */
  readonly symbols: number;
  readonly sha256: string;
  readonly preprocess: ImagePreprocessOptions;
  readonly source: string;
  readonly licence: string;
}

/** What all files of results begin with. */
interface Head {
  readonly set: SetSummary;
  readonly preset: Preset;
  readonly backend: string;
  readonly mdlab: string;
  /** SHA-256 of the decoder's modules. */
  readonly decoder: Readonly<Record<string, string>>;
}

interface AblationHead extends Head {
  readonly seeds: readonly number[];
  /** The least FLOP of each training. */
  readonly flop: number;
  /** What the intervals are. */
  readonly interval: string;
}

/** `ablate.json` */
export interface FactorialResults extends AblationHead {
  readonly experiment: "ablate";
  readonly points: readonly FactorialPoint[];
  readonly variants: readonly Summary[];
  readonly effects: readonly Effect[];
  readonly jpegXl: CodingResult | null;
}

/** `ablate-sharing.json` */
export interface SharingResults extends AblationHead {
  readonly experiment: "ablate-sharing";
  readonly cases: readonly CaseMeasured[];
}

/** `scale.json` */
export interface ScaleResults extends Head {
  readonly experiment: "scale";
  readonly seed: number;
  readonly points: readonly ScalePoint[];
  readonly crossings: readonly (Crossing & { readonly codec: BaselineName })[];
}

export function setSummary(set: Dataset, preprocess: ImagePreprocessOptions): SetSummary {
  const { name, names, channels, groups, symbols, sha256, provenance: { source, licence } } = set;
  return {
    name,
    images: names.length,
    channels,
    groups,
    symbols: symbols.length,
    sha256,
    preprocess,
    source,
    licence,
  };
}
