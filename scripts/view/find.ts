/** Finding a text in bytes, in any of the files. */
import type { Items } from "./items.ts";

/** Matches that are counted at most. */
export const MOST_MATCHES = 10_000;

/** Letters of ASCII count as equal to their capitals. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** Where a text stands in the items' bytes, one after another; none reaches from one item into the next. */
export function findAll(items: Items, text: string): number[] {
  const wanted = new TextEncoder().encode(text).map((byte) => FOLDED[byte]!), found: number[] = [];
  if (wanted.length === 0) return found;
  const { bytes } = items, first = wanted[0]!, last = items.ready - wanted.length;
  for (let at = 0; at <= last && found.length < MOST_MATCHES; at++) {
    if (FOLDED[bytes[at]!] !== first) continue;
    let same = 1;
    while (same < wanted.length && FOLDED[bytes[at + same]!] === wanted[same]) same++;
    if (same === wanted.length && items.starts[items.at(at) + 1]! >= at + same) found.push(at);
  }
  return found;
}
