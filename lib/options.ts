/**
 * Checks of what callers give, at run time: a notebook checks no types. A table says of each name what it takes,
 *
 *     checkOptions("hierarchy", options, { order: oneOf(ORDERS) });
 *     checkArguments("generateImages", { bytes, count, seed }, { bytes: BYTES, count: whole(1), seed: SEED });
 *
 * and the error is a sentence with the name, what it takes, and what it was given. What is undefined is absent.
 */
import { MdlError } from "./errors.ts";

/** What a name takes: in words, and as a test. */
export interface Kind {
  /** As they end the sentence “… takes”. */
  readonly words: string;
  /** The test. */
  readonly fits: (value: unknown) => boolean;
  /** Overrides the table's rule: options may be absent, arguments may not. */
  readonly needed?: boolean;
}

/** What each name takes. */
export type Kinds = Readonly<Record<string, Kind>>;

const number = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value);
const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const has = (...names: string[]) => (value: unknown) =>
  record(value) && names.every((name) => value[name] !== undefined);
const range = (least: number, most: number) =>
  `from ${least.toLocaleString("en")} ${most === Infinity ? "on" : `to ${most.toLocaleString("en")}`}`;

/** A whole number from `least` to `most`, a multiple of `unit`. */
export function whole(least: number, most = Infinity, unit = 1): Kind {
  const of = unit === 1 ? "a whole number" : `a multiple of ${unit}`;
  return {
    words: `${of} ${range(least, most)}`,
    fits: (value) =>
      Number.isSafeInteger(value) && number(value) && value >= least && value <= most && value % unit === 0,
  };
}

/** A number from `least` to `most`. */
export function decimal(least: number, most = Infinity): Kind {
  return {
    words: `a number ${range(least, most)}`,
    fits: (value) => number(value) && value >= least && value <= most,
  };
}

/** One of a few words. */
export function oneOf(words: readonly string[]): Kind {
  return { words: either(words), fits: (value) => words.includes(value as string) };
}

/** A list of what another kind takes, or a typed array. */
export function listOf(what: string, kind: Kind): Kind {
  return {
    words: `a list of ${what}`,
    fits: (value) => ArrayBuffer.isView(value) || (Array.isArray(value) && value.every(kind.fits)),
  };
}

/** An object with certain fields. */
export function object(words: string, ...fields: string[]): Kind {
  return { words, fits: has(...fields) };
}

/** An argument that may be left out. */
export function optional(kind: Kind): Kind {
  return { ...kind, needed: false };
}

/** An option that may not. */
export function required(kind: Kind): Kind {
  return { ...kind, needed: true };
}

export const FLAG: Kind = { words: "true or false", fits: (value) => typeof value === "boolean" };
export const TEXT: Kind = { words: "a text", fits: (value) => typeof value === "string" };
export const FUNCTION: Kind = { words: "a function", fits: (value) => typeof value === "function" };
export const BYTES: Kind = { words: "bytes, a Uint8Array", fits: (value) => value instanceof Uint8Array };
export const NUMBERS: Kind = listOf("numbers", { words: "a number", fits: number });
export const SEED: Kind = whole(0, 2 ** 32 - 1);
export const SIZE: Kind = {
  words: "a width and a height in pixels, whole numbers from 1 to 65,535, as { width: 32, height: 32 }",
  fits: (value) => record(value) && [value.width, value.height].every(whole(1, 65_535).fits),
};
export const DATASET: Kind = object(
  "a set of images, as loadDataset or loadFolder gives it",
  "groups",
  "symbols",
  "channels",
);
export const DATA: Kind = object(
  "data, as loadDataset, loadFolder or loadFiles gives them",
  "modality",
  "symbols",
  "names",
);
export const PLAN: Kind = object("a plan, as features makes it of data", "dataset", "spec");
export const PROGRAM: Kind = object(
  "a program, as compress or programOf gives it",
  "bytes",
  "info",
  "ledger",
);
const OF_MODEL = ["a model, as modelOf gives it", "spec", "channels", "weights", "steps"] as const;
export const MODEL: Kind = object(...OF_MODEL);
/** A model of which it is known what program it was in. */
export const PRIOR: Kind = object(...OF_MODEL, "program");

/** The fields of a context among options: all that takes one forwards it. */
export const CONTEXT = {
  seed: SEED,
  random: FUNCTION,
  signal: object("an AbortSignal", "aborted"),
  progress: FUNCTION,
  log: FUNCTION,
} satisfies Kinds;

/** A context, or the part of it that is used. */
export function contextWith(...fields: (keyof typeof CONTEXT)[]): Kind {
  return object("a context, as contextOf(seed) makes it", ...fields);
}

/** A whole context. */
export const WHOLE_CONTEXT: Kind = contextWith("seed", "random", "signal", "progress", "log");

/** What a context may lack, `inContext` adds. */
export const PART_OF_CONTEXT: Kind = optional(
  object("a context, as contextOf(seed) makes it, or a part of one, such as { seed: 2 }"),
);

/**
 * Checks an options object.
 *
 * @param caller The name of the function, as its user writes it.
 * @throws {MdlError} `usage` for an option that there is not, one that it does not take, or a required one that is absent
 */
export function checkOptions(caller: string, options: unknown, kinds: Kinds): void {
  if (!record(options)) {
    throw new MdlError("usage", `${caller} takes its options as one object, not ${shown(options)}.`);
  }
  const names = Object.keys(kinds);
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(kinds, name) || value === undefined) continue;
    const near = nearest(name, names),
      known = names.length ? `it takes ${names.join(", ")}.` : "it takes none.";
    throw new MdlError(
      "usage",
      `${caller} has no option ${name}: ${near === undefined ? known : `did you mean ${near}?`}`,
    );
  }
  check(caller, "the option ", options, kinds, false);
}

/** Checks arguments by their names. Throws as `checkOptions`. */
export function checkArguments(caller: string, given: Readonly<Record<string, unknown>>, kinds: Kinds): void {
  check(caller, "", given, kinds, true);
}

function check(
  caller: string,
  noun: string,
  given: Readonly<Record<string, unknown>>,
  kinds: Kinds,
  needed: boolean,
): void {
  for (const [name, kind] of Object.entries(kinds)) {
    const value = given[name];
    if (value === undefined) {
      if (kind.needed ?? needed) {
        throw new MdlError("usage", `${caller} needs ${noun}${name}: ${kind.words}.`);
      }
    } else if (!kind.fits(value)) {
      throw new MdlError("usage", `${caller}: ${noun}${name} takes ${kind.words}, not ${shown(value)}.`);
    }
  }
}

/** The word that is meant, when it is at most two letters off, or begins so. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words.map((other) => ({ other, off: distance(word.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.off - b.off);
  const best = ranked[0];
  return best && best.off <= Math.min(2, Math.floor(best.other.length / 2))
    ? best.other
    : words.find((other) => word.length > 2 && other.startsWith(word));
}

/** Letters to put in, leave out or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j]! + Number(a[i] !== b[j]), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** A value as a sentence shows it. */
function shown(value: unknown): string {
  if (typeof value === "string") return `“${value.length > 40 ? `${value.slice(0, 40)}…` : value}”`;
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a promise: await it";
  if (DATASET.fits(value)) return "a set of images";
  if (DATA.fits(value)) return "a set of files";
  if (PLAN.fits(value)) return "a plan";
  if (PROGRAM.fits(value)) return "a program";
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : `a list of ${value.length}, ${shown(value[0])} first`;
  }
  if (ArrayBuffer.isView(value)) return `${value.byteLength.toLocaleString("en")} bytes`;
  if (record(value)) {
    const fields = Object.keys(value);
    return fields.length ? `an object with ${fields.slice(0, 5).join(", ")}` : "an empty object";
  }
  return String(value);
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
