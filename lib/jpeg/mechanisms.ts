/** The article's mechanisms as JPEG files have them: each is a part of the model that can be left out. */
import type { Mechanism } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { switches } from "../files/switches.ts";
import { FLAG } from "../options.ts";
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

type Part<Options extends object> = Mechanism<Files<"jpeg">, JpegSpec, Options>;

const sharing: Part<JpegSharingOptions> = {
  kinds: { files: FLAG },
  describe: ({ files = true }) => ({
    summary: files ? "across all blocks, and from file to file" : "across the blocks of a file",
    active: true,
    options: { files },
  }),
  apply: (spec: JpegSpec, _, { files = true }) => ({ ...spec, forget: !files }),
  asked: ({ forget }) => ({ files: !forget }),
};

export const mechanisms: {
  readonly features: Part<JpegFeatureOptions>;
  readonly sharing: Part<JpegSharingOptions>;
  readonly hierarchy: Part<JpegHierarchyOptions>;
  readonly attention: Part<JpegAttentionOptions>;
} = {
  features: switches(
    { around: "around", refinement: "refinement" },
    { around: "contexts of the block and of those around", refinement: "refined probabilities" },
    "contexts of the block",
    { ...DEFAULT_SPEC, planes: false, gating: false },
  ),
  sharing,
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
