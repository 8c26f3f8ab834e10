/** The article's mechanisms as JPEG files have them: each is a part of the model that can be left out. */
import type { Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { acrossFiles, switches } from "../files/switches.ts";
import { DEFAULT_SPEC, type JpegSpec } from "./engine.ts";

/** What the mechanisms of JPEG files take: switches, all true by default; {@linkcode JpegSpec} says what each does. */
export interface JpegOptions {
  /** What a coefficient is predicted from. */
  readonly features: Partial<Pick<JpegSpec, "around" | "refinement">>;
  /** What one file taught serves the next; false makes every file learn anew. */
  readonly sharing: { readonly files?: boolean };
  /** What is known before. */
  readonly hierarchy: Partial<Pick<JpegSpec, "planes">>;
  /** How far each context is trusted. */
  readonly attention: Partial<Pick<JpegSpec, "gating">>;
}

/** The mechanisms of JPEG files. */
export const mechanisms: Mechanisms<Files<"jpeg">, JpegSpec, JpegOptions> = {
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
