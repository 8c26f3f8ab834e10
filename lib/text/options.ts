/** What text and bytes can be asked, in either mode. */
import type { Mechanism, MechanismName } from "../codec.ts";
import { MdlError } from "../errors.ts";
import type { Files } from "../files/data.ts";

/** How text is coded: learnt while decoding, or with weights that are shipped. */
export type TextMode = "prequential" | "two-part";

export const TEXT_MODES: readonly TextMode[] = ["prequential", "two-part"];

/** What contexts are made of, the simplest first; in binary data, words are bytes some places back, lines are records. */
export type Level = "bytes" | "characters" | "words" | "lines";
export const LEVELS: readonly Level[] = ["bytes", "characters", "words", "lines"];

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

/** The kinds of data that one engine codes. */
export type TextModality = "text" | "bytes";

/** A mechanism of models of one mode. */
export type Part<M extends TextModality, Spec, Name extends MechanismName> = Omit<
  Mechanism<Files<M>, Spec, TextOptions[Name]>,
  "kinds"
>;

/** @throws {MdlError} `usage` for an option that the mode does not have */
export function refuse(mode: TextMode, options: object): void {
  const [name] = Object.entries(options).find(([, value]) => value !== undefined) ?? [];
  if (name) throw new MdlError("usage", `The mode ${mode} has no option ${name}.`);
}
