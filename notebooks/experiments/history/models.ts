/** What is published of large models: data/models.json, checked. */
import published from "../../../data/models.json" with { type: "json" };
import { MdlError } from "../../../lib/errors.ts";
import { type Verdict, VERDICTS } from "../../../scripts/laboratory/section/claims.ts";

/**
 * What a model learnt to say. `language` and `image` models give every symbol a probability, so that their loss is a code
 * length of the data; `masked` and `conditional` ones say some of it given the rest, `classifier`s say labels alone.
 */
const KINDS = ["language", "image", "masked", "conditional", "classifier"] as const;
export type ModelKind = typeof KINDS[number];

/** A law of loss by parameters N and tokens D, in nats a token: E + A/N^alpha + B/D^beta. */
export interface Law {
  readonly E: number;
  readonly A: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
}

/** Nats a token, or bits a token where a token is a byte. */
export interface Loss {
  readonly nats?: number;
  readonly bitsPerToken?: number;
  readonly how: string;
  /** It was looked up in its source again; else it is quoted from memory. */
  readonly checked?: boolean;
  /** No loss was published: a law says what it should be. */
  readonly law?: Law;
  /** Likewise, by a law of another form. */
  readonly byLaw?: boolean;
}

/** Published facts of a model. What its source does not state is missing; what was converted says how. */
export interface LargeModel {
  readonly name: string;
  /** Year and month. */
  readonly date: string;
  readonly kind: ModelKind;
  readonly parameters: number;
  /** Several models of one paper. */
  readonly family?: string;
  /** What it was trained on; of tokens, as often as they were read where the source says that. */
  readonly tokens?: number;
  readonly images?: number;
  readonly data?: { readonly bytes: number; readonly how: string };
  readonly loss?: Loss;
  /** Bits a weight. */
  readonly weights: { readonly bits: number; readonly how: string };
  readonly note?: string;
  readonly source: string;
}

/** What a compressor made of a text, as published or measured. */
export interface TextCoding {
  readonly name: string;
  readonly bytes: number;
  /** Bytes of the text. */
  readonly of: number;
  /** It learns while it codes and ships no weights. */
  readonly prequential?: boolean;
  /** It was looked up in its source again; else it is quoted from memory. */
  readonly checked?: boolean;
  readonly source: string;
}

/** A statement of the article on history, and what is published of it. */
export interface Statement {
  readonly article: string;
  readonly said: string;
  readonly zh: string;
  readonly fact: string;
  readonly verdict: Verdict;
  /** It names a time. */
  readonly dated?: boolean;
  /** It says that a model sees like a human expert. */
  readonly vision?: "classification" | "detection";
  /** The published numbers behind the fact; a human's where there is one. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly source: string;
}

export interface History {
  readonly statements: readonly Statement[];
  readonly models: readonly LargeModel[];
  readonly text: readonly TextCoding[];
}

/**
 * The published facts, models by date.
 *
 * @throws {MdlError} as `checkHistory`
 */
export function loadHistory(): History {
  const { statements, models, text } = checkHistory(published);
  return { statements, text, models: [...models].sort((a, b) => yearOf(a) - yearOf(b)) };
}

/** The middle of a model's month, as a year with a fraction. */
export function yearOf({ date }: Pick<LargeModel, "date">): number {
  const [year, month] = date.split("-").map(Number);
  return year! + (month! - 0.5) / 12;
}

/**
 * Checks facts before anything is computed from them.
 *
 * @throws {MdlError} `unreadable` with the entry and the field that make no sense
 */
export function checkHistory(history: unknown): History {
  const { statements, models, text } = history as History;
  const names = new Set<string>();
  for (const model of models) {
    const must = (right: unknown, what: string) => wrong(right, model.name, what);
    must(!names.has(model.name), "there are two of this name");
    names.add(model.name);
    must(/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(model.date), `date ${model.date}`);
    must(KINDS.includes(model.kind), `kind ${model.kind}`);
    must(model.source.length > 10, "no source");
    must(whole(model.parameters), "parameters");
    must(model.tokens === undefined || whole(model.tokens), "tokens");
    must(model.images === undefined || whole(model.images), "images");
    must(model.weights.bits > 0 && model.weights.bits <= 32 && model.weights.how, "weights");
    must(model.data === undefined || whole(model.data.bytes) && model.data.how, "bytes of data");
    if (!model.loss) continue;
    const { nats, bitsPerToken, how } = model.loss;
    must(
      how && (nats === undefined) !== (bitsPerToken === undefined),
      "loss: one unit, and where it is from",
    );
    must((nats ?? bitsPerToken)! > 0 && (nats ?? bitsPerToken)! < 12, "loss");
    must(model.tokens && model.data, "a loss needs the tokens and the bytes that it is about");
    must(model.kind === "language" || model.kind === "image", "a loss that is no code of the data");
  }
  for (const { name, bytes, of, source } of text) {
    wrong(whole(bytes) && whole(of) && bytes < of && source, name, "a coding of text");
  }
  for (const { said, fact, verdict, source } of statements) {
    wrong(said && fact && source && Object.hasOwn(VERDICTS, verdict), said, "a statement");
  }
  return { statements, models, text };
}

const whole = (value: number) => Number.isInteger(value) && value > 0;

function wrong(right: unknown, name: string, what: string): void {
  if (!right) throw new MdlError("unreadable", `data/models.json, ${name}: ${what} makes no sense.`);
}
