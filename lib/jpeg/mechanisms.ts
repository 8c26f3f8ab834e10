/** The article's mechanisms as JPEG files have them: each is a part of the model that can be left out. */
import type { Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { acrossFiles, switches } from "../files/switches.ts";
import { DEFAULT_SPEC, type JpegSpec } from "./engine.ts";

/** What a coefficient is predicted from. */
export interface JpegFeatureOptions {
  /** The blocks to the left and above, and what their samples say where they meet this one; true by default. */
  readonly around?: boolean;
  /** What came of probabilities like the mixer's; true by default. */
  readonly refinement?: boolean;
}

/** What shares what was learnt with what. */
export interface JpegSharingOptions {
  /** What one file taught serves the next, true by default: false makes every file learn anew. */
  readonly files?: boolean;
}

/** What is known before. */
export interface JpegHierarchyOptions {
  /** Brightness comes first, and colours look at it; true by default. */
  readonly planes?: boolean;
}

/** How far each context is trusted. */
export interface JpegAttentionOptions {
  /** Weights of contexts are chosen by what is around; true by default. */
  readonly gating?: boolean;
}

/** The mechanisms of JPEG files. */
export const mechanisms: Mechanisms<Files<"jpeg">, JpegSpec, {
  features: JpegFeatureOptions;
  sharing: JpegSharingOptions;
  hierarchy: JpegHierarchyOptions;
  attention: JpegAttentionOptions;
}> = {
  features: switches(
    { around: "around", refinement: "refinement" },
    { around: "contexts of the block and of those around", refinement: "refined probabilities" },
    "contexts of the block",
    { ...DEFAULT_SPEC, planes: false, gating: false },
  ),
  sharing: acrossFiles("blocks"),
  hierarchy: switches(
    { planes: "planes" },
    { planes: "brightness, then colours" },
    "off (each plane by itself)",
  ),
  attention: switches(
    { gating: "gating" },
    { gating: "weights chosen by context" },
    "off (one set of weights)",
  ),
};
