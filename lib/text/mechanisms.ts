/** The article's mechanisms as text and bytes have them: each is a part of the model that can be left out. */
import type { Mechanism, MechanismName, Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { switches } from "../files/switches.ts";
import { MdlError } from "../errors.ts";
import { FLAG, oneOf, whole } from "../options.ts";
import { specOf, withCalls } from "./encode.ts";
import { type ByteSpec, sizeFor } from "./engine.ts";
import { recordLength } from "./record.ts";
import { transformerFor, type TransformerSpec } from "./two_part/spec.ts";

/** A model of text or bytes: of either mode. */
export type TextSpec = ByteSpec | TransformerSpec;

/** Whether the model is trained beforehand and its weights are shipped (mode two-part). */
export function isShipped(spec: TextSpec): spec is TransformerSpec {
  return spec.model === "transformer";
}

/** How text is coded: learnt while decoding, or with weights that are shipped. */
export type TextMode = "prequential" | "two-part";

export const TEXT_MODES: readonly TextMode[] = ["prequential", "two-part"];

/** What contexts are made of, the simplest first; in binary data, words are bytes some places back, lines are records. */
export type Level = "bytes" | "characters" | "words" | "lines";
const LEVELS: readonly Level[] = ["bytes", "characters", "words", "lines"];

/** What the mechanisms of text and bytes take. */
export interface TextOptions {
  /** What a symbol is predicted from. */
  readonly features: {
    /**
     * "prequential", the default: contexts, and what came in them so far; the model learns while it decodes. "two-part": a
     * small transformer over bytes that is trained beforehand, and whose weights are in the program.
     */
    readonly mode?: TextMode;
    /** Of the transformer, a multiple of 16; by default one that suits the size of the data. */
    readonly width?: number;
    /** Layers of the transformer; 2 by default. */
    readonly blocks?: number;
    /** Contexts of the last 1 to 6 bytes (see `hierarchy`); true by default. */
    readonly orders?: boolean;
    /** The last probability once more by what came of it (secondary symbol estimation); true by default. */
    readonly refinement?: boolean;
    /** Of binary data: bytes of a record, such as a line of pixels; 4 or more; found from the data by default. */
    readonly record?: number;
    /**
     * Of binary data: behind calls and jumps of x86, where they go in place of how far it is; by default it is tried where
     * that comes again often.
     */
    readonly calls?: boolean;
  };
  /** What shares what was learnt with what. */
  readonly sharing: {
    /** All positions, true by default: false makes every 65,536 bytes learn anew. */
    readonly positions?: boolean;
    /** Of the transformer: a weight has one of about 2^bits values that all of a matrix share; 4 by default. */
    readonly bits?: number;
  };
  /** Of what contexts are made: "lines" by default; each level has those before it, too. */
  readonly hierarchy: { readonly level?: Level };
  /** What is looked at besides the contexts. */
  readonly attention: {
    /** What followed the longest earlier text like this one; true by default. */
    readonly match?: boolean;
    /** Weights of the mixture chosen by the context; true by default. */
    readonly gating?: boolean;
  };
}

type Kind = "text" | "bytes";
type Part<M extends Kind, Name extends MechanismName> = Mechanism<Files<M>, TextSpec, TextOptions[Name]>;

/** Bytes that learn for themselves where positions share nothing. */
const BLOCK = 65_536;

/** @throws {MdlError} `usage` for an option that the mode does not have */
function refuse(mode: TextMode, options: object): void {
  const [name] = Object.entries(options).find(([, value]) => value !== undefined) ?? [];
  if (name) throw new MdlError("usage", `The mode ${mode} has no option ${name}.`);
}

/** The mechanisms of text, or of bytes. */
export function mechanismsOf<M extends Kind>(kind: M): Mechanisms<Files<M>, TextSpec, TextOptions> {
  const binary = kind === "bytes";
  const features: Part<M, "features"> = {
    kinds: {
      mode: oneOf(TEXT_MODES),
      width: whole(16, 256, 16),
      blocks: whole(1, 16),
      orders: FLAG,
      refinement: FLAG,
      ...(binary ? { record: whole(4, 65_535), calls: FLAG } : {} as { record: never; calls: never }),
    },
    describe({ mode, width, blocks, ...contexts }) {
      if (mode === "two-part") {
        refuse(mode, contexts);
        const size = [...(width ? [`of width ${width}`] : []), ...(blocks ? [`${blocks} layers`] : [])];
        const summary = ["a small transformer over bytes", ...size].join(", ");
        return { summary, active: true };
      }
      refuse("prequential", { width, blocks });
      const { orders = true, refinement = true, record, calls } = contexts;
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
    apply(_, { symbols }, { mode, width, blocks, orders = true, refinement = true, record, calls }) {
      if (mode === "two-part") return transformerFor(symbols.length, { width, layers: blocks });
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
    asked(spec) {
      if (isShipped(spec)) return { mode: "two-part", width: spec.width, blocks: spec.layers };
      const { model, orders, refinement, record } = spec;
      return {
        orders,
        refinement,
        ...(record ? { record } : {}),
        ...(model === "calls" ? { calls: true } : {}),
      };
    },
  };
  const sharing: Part<M, "sharing"> = {
    kinds: { positions: FLAG, bits: whole(2, 8) },
    describe({ positions = true, bits }, spec?: TextSpec) {
      if (spec && isShipped(spec)) {
        if (!positions) refuse("two-part", { positions });
        const summary = `one transformer at all positions, a codebook of ${bits ?? spec.bits} bits`;
        return { summary, active: true };
      }
      if (spec) refuse("prequential", { bits });
      const summary = positions
        ? "across all positions: what was learnt anywhere serves everywhere"
        : `within ${BLOCK.toLocaleString("en")} bytes, then everything is learnt anew`;
      return { summary, active: true };
    },
    apply: (spec: TextSpec, _, { positions = true, bits }) => {
      if (isShipped(spec)) return { ...spec, bits: bits ?? spec.bits };
      const size = Math.min(spec.size, sizeFor("whole", BLOCK)); // tables are cleared with what they know
      return positions ? { ...spec, forget: 0 } : { ...spec, forget: BLOCK, size };
    },
    asked: (spec) => isShipped(spec) ? { bits: spec.bits } : { positions: spec.forget === 0 },
  };
  const hierarchy: Part<M, "hierarchy"> = {
    kinds: { level: oneOf(LEVELS) },
    describe({ level }, spec?: TextSpec) {
      if (spec && isShipped(spec)) {
        refuse("two-part", { level });
        return { summary: `${spec.layers} layers, each over the one below`, active: true };
      }
      level ??= "lines";
      const names = binary
        ? ["bytes", "bytes some places back", "records"]
        : ["characters", "words", "lines"];
      const some = names.slice(0, LEVELS.indexOf(level)), active = some.length > 0;
      return {
        summary: active ? `contexts of ${some.join(", ")}` : "off (contexts of bytes)",
        active,
      };
    },
    apply: (spec: TextSpec, _, { level = "lines" }) => {
      if (isShipped(spec)) return spec;
      const height = LEVELS.indexOf(level);
      return { ...spec, characters: height > 0 && !binary, words: height > 1, lines: height > 2 };
    },
    asked(spec) {
      if (isShipped(spec)) return {};
      const { lines, words, characters } = spec;
      return { level: lines ? "lines" : words ? "words" : characters ? "characters" : "bytes" };
    },
  };
  const plain = switches<M, ByteSpec, "match" | "gating">(
    { match: "match", gating: "gating" },
    { match: "to the longest earlier match", gating: "weights chosen by context" },
    "off",
  );
  const attention: Part<M, "attention"> = {
    ...plain,
    describe(options, spec?: TextSpec) {
      if (!spec || !isShipped(spec)) return plain.describe(options);
      refuse("two-part", options);
      const summary = `to the last ${spec.context} bytes, by ${spec.heads} heads in each layer`;
      return { summary, active: true };
    },
    apply: (spec: TextSpec, data, options, context) =>
      isShipped(spec) ? spec : plain.apply(spec, data, options, context),
    asked: (spec) => isShipped(spec) ? {} : plain.asked(spec),
  };
  return { features, sharing, hierarchy, attention };
}
