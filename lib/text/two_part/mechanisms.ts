/** The article's mechanisms as the transformer has them, and what it cannot be asked. */
import type { MechanismName } from "../../codec.ts";
import { type Part, refuse, type TextModality } from "../options.ts";
import { transformerFor, type TransformerSpec } from "./spec.ts";

type Parts = { readonly [Name in MechanismName]: Part<TextModality, TransformerSpec, Name> };

/** Of text and of bytes. */
export const transformer: Parts = {
  features: {
    describe({ mode: _, width, blocks, ...contexts }) {
      refuse("two-part", contexts);
      const size = [...(width ? [`of width ${width}`] : []), ...(blocks ? [`${blocks} layers`] : [])];
      return { summary: ["a small transformer over bytes", ...size].join(", "), active: true };
    },
    apply: (_, { symbols }, { width, blocks }) => transformerFor(symbols.length, { width, layers: blocks }),
    asked: ({ width, layers }) => ({ mode: "two-part", width, blocks: layers }),
  },
  sharing: {
    describe({ positions = true, bits }, spec) {
      if (!positions) refuse("two-part", { positions });
      const summary = `one transformer at all positions, a codebook of ${bits ?? spec!.bits} bits`;
      return { summary, active: true };
    },
    apply: (spec, _, { bits }) => ({ ...spec!, bits: bits ?? spec!.bits }),
    asked: ({ bits }) => ({ bits }),
  },
  hierarchy: {
    describe(options, spec) {
      refuse("two-part", options);
      return { summary: `${spec!.layers} layers, each over the one below`, active: true };
    },
    apply: (spec) => spec!,
    asked: () => ({}),
  },
  attention: {
    describe(options, spec) {
      refuse("two-part", options);
      const { context, heads } = spec!;
      return { summary: `to the last ${context} bytes, by ${heads} heads in each layer`, active: true };
    },
    apply: (spec) => spec!,
    asked: () => ({}),
  },
};
