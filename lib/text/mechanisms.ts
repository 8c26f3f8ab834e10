/** The article's mechanisms as text and bytes have them: each is a part of the model that can be left out. */
import type { Mechanism, MechanismName, Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { switches } from "../files/switches.ts";
import { FLAG, oneOf, whole } from "../options.ts";
import { specOf, withCalls } from "./encode.ts";
import { type ByteSpec, sizeFor } from "./engine.ts";
import { recordLength } from "./record.ts";
import { LEVELS, type Part, refuse, TEXT_MODES, type TextModality, type TextOptions } from "./options.ts";
import { transformer } from "./two_part/mechanisms.ts";
import type { TransformerSpec } from "./two_part/spec.ts";

/** A model of text or bytes: of either mode. */
export type TextSpec = ByteSpec | TransformerSpec;

/** Whether the model is trained beforehand and its weights are shipped (mode two-part). */
export function isShipped(spec: TextSpec): spec is TransformerSpec {
  return spec.model === "transformer";
}

/** A mechanism that either mode has: which one it is, options of features or the model say. */
function ofModes<M extends TextModality, Name extends MechanismName>(
  contexts: Mechanism<Files<M>, ByteSpec, TextOptions[Name]>,
  shipped: Part<M, TransformerSpec, Name>,
): Mechanism<Files<M>, TextSpec, TextOptions[Name]> {
  const isTwoPart = (options: object, spec?: TextSpec): spec is TransformerSpec | undefined =>
    "mode" in options ? options.mode === "two-part" : spec !== undefined && isShipped(spec);
  return {
    kinds: contexts.kinds,
    describe: (options, spec) =>
      isTwoPart(options, spec)
        ? shipped.describe(options, spec)
        : contexts.describe(options, spec as ByteSpec | undefined),
    apply: (spec, data, options, context) =>
      isTwoPart(options, spec)
        ? shipped.apply(spec, data, options, context)
        : contexts.apply(spec as ByteSpec | undefined, data, options, context),
    asked: (spec) => isShipped(spec) ? shipped.asked(spec) : contexts.asked(spec),
  };
}

/** Bytes that learn for themselves where positions share nothing. */
const BLOCK = 65_536;

/** The mechanisms of text, or of bytes. */
export function mechanismsOf<M extends TextModality>(kind: M): Mechanisms<Files<M>, TextSpec, TextOptions> {
  const { features, sharing, hierarchy, attention } = contextMechanisms(kind);
  return {
    features: ofModes(features, transformer.features),
    sharing: ofModes(sharing, transformer.sharing),
    hierarchy: ofModes(hierarchy, transformer.hierarchy),
    attention: ofModes(attention, transformer.attention),
  };
}

/** Those of mode prequential; what options take is that of either mode. */
function contextMechanisms<M extends TextModality>(kind: M): Mechanisms<Files<M>, ByteSpec, TextOptions> {
  const binary = kind === "bytes";
  return {
    features: {
      kinds: {
        mode: oneOf(TEXT_MODES),
        width: whole(16, 256, 16),
        blocks: whole(1, 16),
        orders: FLAG,
        refinement: FLAG,
        ...(binary ? { record: whole(4, 65_535), calls: FLAG } : {} as { record: never; calls: never }),
      },
      describe({ width, blocks, orders = true, refinement = true, record, calls }) {
        refuse("prequential", { width, blocks });
        const summary = [
          orders
            ? `contexts of the last 1 to 6 ${binary ? "bytes" : "characters"}`
            : "no contexts of the last bytes",
          ...(record ? [`records of ${record} bytes`] : []),
          ...(calls ? ["where calls go"] : []),
          ...(refinement ? ["probabilities refined"] : []),
        ].join(", ");
        return { summary, active: true };
      },
      apply(_, { symbols }, { orders = true, refinement = true, record, calls }) {
        const spec: ByteSpec = {
          ...specOf("whole", binary ? "binary" : "text", symbols.length),
          orders,
          refinement,
          record: binary ? record ?? recordLength(symbols) : 0,
          characters: false,
          words: false,
          lines: false,
          match: false,
          gating: false,
          ...(calls === false ? { calls } : {}),
        };
        return calls ? withCalls(spec) : spec;
      },
      asked: ({ model, orders, refinement, record }) => ({
        orders,
        refinement,
        ...(record ? { record } : {}),
        ...(model === "calls" ? { calls: true } : {}),
      }),
    },
    sharing: {
      kinds: { positions: FLAG, bits: whole(2, 8) },
      describe({ positions = true, bits }, spec) {
        if (spec) refuse("prequential", { bits });
        const summary = positions
          ? "across all positions: what was learnt anywhere serves everywhere"
          : `within ${BLOCK.toLocaleString("en")} bytes, then everything is learnt anew`;
        return { summary, active: true };
      },
      apply: (spec, _, { positions = true }) => {
        const size = Math.min(spec!.size, sizeFor("whole", BLOCK)); // tables are cleared with what they know
        return positions ? { ...spec!, forget: 0 } : { ...spec!, forget: BLOCK, size };
      },
      asked: ({ forget }) => ({ positions: forget === 0 }),
    },
    hierarchy: {
      kinds: { level: oneOf(LEVELS) },
      describe({ level = "lines" }) {
        const names = binary
          ? ["bytes", "bytes some places back", "records"]
          : ["characters", "words", "lines"];
        const some = names.slice(0, LEVELS.indexOf(level)), active = some.length > 0;
        return { summary: active ? `contexts of ${some.join(", ")}` : "off (contexts of bytes)", active };
      },
      apply: (spec, _, { level = "lines" }) => {
        const height = LEVELS.indexOf(level);
        return { ...spec!, characters: height > 0 && !binary, words: height > 1, lines: height > 2 };
      },
      asked: ({ lines, words, characters }) => ({
        level: lines ? "lines" : words ? "words" : characters ? "characters" : "bytes",
      }),
    },
    attention: switches<M, ByteSpec, "match" | "gating">(
      { match: "match", gating: "gating" },
      { match: "to the longest earlier match", gating: "weights chosen by context" },
      "off",
    ),
  };
}
