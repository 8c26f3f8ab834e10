/** The article's mechanisms as text and bytes have them: each is a part of the model that can be left out. */
import type { Mechanism } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { switches } from "../files/switches.ts";
import { FLAG, oneOf, whole } from "../options.ts";
import { specOf } from "./encode.ts";
import { type ByteSpec, sizeFor } from "./engine.ts";
import { recordLength } from "./record.ts";

/** What a symbol is predicted from. */
export interface TextFeatureOptions {
  /** Contexts of the last 1 to 6 bytes (see `hierarchy`); true by default. */
  readonly orders?: boolean;
  /** The last probability once more by what came of it (secondary symbol estimation); true by default. */
  readonly refinement?: boolean;
  /** Of binary data: bytes of a record, such as a line of pixels; 4 or more; found from the data by default. */
  readonly record?: number;
}

/** What shares what was learnt with what. */
export interface TextSharingOptions {
  /** All positions, true by default: false makes every 65,536 bytes learn anew. */
  readonly positions?: boolean;
}

/** Of what contexts are made. */
export interface TextHierarchyOptions {
  /** "lines" by default; each level has those before it, too. */
  readonly level?: Level;
}

/** What contexts are made of, the simplest first; in binary data, words are bytes some places back, lines are records. */
export type Level = "bytes" | "characters" | "words" | "lines";
const LEVELS: readonly Level[] = ["bytes", "characters", "words", "lines"];

/** What is looked at besides the contexts. */
export interface TextAttentionOptions {
  /** What followed the longest earlier text like this one; true by default. */
  readonly match?: boolean;
  /** Weights of the mixture chosen by the context; true by default. */
  readonly gating?: boolean;
}

type Kind = "text" | "bytes";
type Part<M extends Kind, Options extends object> = Mechanism<Files<M>, ByteSpec, Options>;

/** The four of a kind. */
interface Mechanisms<M extends Kind> {
  readonly features: Part<M, TextFeatureOptions>;
  readonly sharing: Part<M, TextSharingOptions>;
  readonly hierarchy: Part<M, TextHierarchyOptions>;
  readonly attention: Part<M, TextAttentionOptions>;
}

/** Bytes that learn for themselves where positions share nothing. */
const BLOCK = 65_536;

/** The mechanisms of text, or of bytes. */
export function mechanismsOf<M extends Kind>(kind: M): Mechanisms<M> {
  const binary = kind === "bytes";
  const features: Part<M, TextFeatureOptions> = {
    kinds: {
      orders: FLAG,
      refinement: FLAG,
      ...(binary ? { record: whole(4, 65_535) } : {} as { record: never }),
    },
    describe({ orders = true, refinement = true, record }) {
      const summary = [
        orders
          ? `contexts of the last 1 to 6 ${binary ? "bytes" : "characters"}`
          : "no contexts of the last bytes",
        ...(record ? [`records of ${record} bytes`] : []),
        ...(refinement ? ["probabilities refined"] : []),
      ].join(", ");
      return {
        summary,
        active: true,
        options: { orders, refinement, ...(record === undefined ? {} : { record }) },
      };
    },
    apply: (_, { symbols }, { orders = true, refinement = true, record }) => ({
      ...specOf("whole", binary ? "binary" : "text", symbols.length),
      orders,
      refinement,
      record: binary ? record ?? recordLength(symbols) : 0,
      characters: false,
      words: false,
      lines: false,
      match: false,
      gating: false,
    }),
    asked: ({ orders, refinement, record }) => ({ orders, refinement, ...(record ? { record } : {}) }),
  };
  const sharing: Part<M, TextSharingOptions> = {
    kinds: { positions: FLAG },
    describe({ positions = true }) {
      const summary = positions
        ? "across all positions: what was learnt anywhere serves everywhere"
        : `within ${BLOCK.toLocaleString("en")} bytes, then everything is learnt anew`;
      return { summary, active: true, options: { positions } };
    },
    apply: (spec: ByteSpec, _, { positions = true }) => {
      const size = Math.min(spec.size, sizeFor("whole", BLOCK)); // tables are cleared with what they know
      return positions ? { ...spec, forget: 0 } : { ...spec, forget: BLOCK, size };
    },
    asked: ({ forget }) => ({ positions: forget === 0 }),
  };
  const hierarchy: Part<M, TextHierarchyOptions> = {
    kinds: { level: oneOf(LEVELS) },
    describe({ level = "lines" }) {
      const names = binary
        ? ["bytes", "bytes some places back", "records"]
        : ["characters", "words", "lines"];
      const some = names.slice(0, LEVELS.indexOf(level)), active = some.length > 0;
      return {
        summary: active ? `contexts of ${some.join(", ")}` : "off (contexts of bytes)",
        active,
        options: { level },
      };
    },
    apply: (spec: ByteSpec, _, { level = "lines" }) => {
      const height = LEVELS.indexOf(level);
      return { ...spec, characters: height > 0 && !binary, words: height > 1, lines: height > 2 };
    },
    asked: ({ lines, words, characters }) => ({
      level: lines ? "lines" : words ? "words" : characters ? "characters" : "bytes",
    }),
  };
  const attention: Part<M, TextAttentionOptions> = switches(
    { match: "match", gating: "gating" },
    { match: "to the longest earlier match", gating: "weights chosen by context" },
    "off",
  );
  return { features, sharing, hierarchy, attention };
}
