/**
 * chrF2 of a corpus (Popović 2015), as sacreBLEU counts it: F-score of n-grams of 1 to 6 characters, white space left out, β = 2;
 * precision and recall are means over the orders that both sides have.
 */
import { MdlError } from "../../../lib/errors.ts";

const ORDERS = 6, BETA2 = 4;

/** From 0 to 100; 100 only where all are equal but for white space. */
export function chrF(translations: readonly string[], references: readonly string[]): number {
  if (translations.length !== references.length) {
    throw new MdlError("usage", "As many translations as references are compared.");
  }
  const given = new Float64Array(ORDERS), wanted = new Float64Array(ORDERS), both = new Float64Array(ORDERS);
  for (const [i, translation] of translations.entries()) {
    for (let n = 1; n <= ORDERS; n++) {
      const own = grams(translation, n), other = grams(references[i]!, n);
      if (other.size > 0) given[n - 1]! += sum(own.values());
      wanted[n - 1]! += sum(other.values());
      for (const [gram, count] of own) both[n - 1]! += Math.min(count, other.get(gram) ?? 0);
    }
  }
  const orders = [...given.keys()].filter((n) => given[n]! > 0 && wanted[n]! > 0);
  const mean = (of: Float64Array) => sum(orders.map((n) => both[n]! / of[n]!)) / orders.length;
  const precision = mean(given), recall = mean(wanted);
  return precision + recall > 0 ? 100 * (1 + BETA2) * precision * recall / (BETA2 * precision + recall) : 0;
}

function sum(values: Iterable<number>): number {
  let all = 0;
  for (const value of values) all += value;
  return all;
}

function grams(text: string, n: number): Map<string, number> {
  const characters = [...text.replaceAll(/\s+/g, "")], counts = new Map<string, number>();
  for (let i = 0; i + n <= characters.length; i++) {
    const gram = characters.slice(i, i + n).join("");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Share of the translations that are the reference, letter for letter. */
export function exactShare(translations: readonly string[], references: readonly string[]): number {
  return translations.filter((translation, i) => translation === references[i]).length / translations.length;
}
