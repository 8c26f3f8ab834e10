/** What of a stretch is copied: runs of bytes that are somewhere in known data, too. */

/** How much of a stretch is a copy. */
export interface Copies {
  /** The longest run, in bytes. */
  readonly longest: number;
  /** Bytes that lie in runs of `COPIED` and more. */
  readonly copied: number;
}

/** Shorter runs are commonplaces, not copies. */
export const COPIED = 32;

/** Bytes by which runs are found, places of the same bytes that are looked at, and binary logarithm of the table. */
const FOUND_BY = 6, LOOKED_AT = 200, TABLE = 20;

/**
 * The runs of each stretch that are in `known`; where its bytes are in more than 200 places, the last of them are looked at.
 */
export function copiesOf(stretches: readonly Uint8Array[], known: Uint8Array): readonly Copies[] {
  const heads = new Int32Array(2 ** TABLE).fill(-1), before = new Int32Array(known.length);
  for (let at = 0; at + FOUND_BY <= known.length; at++) {
    const place = placeOf(known, at);
    before[at] = heads[place]!;
    heads[place] = at;
  }
  const longestAt = (stretch: Uint8Array, at: number) => {
    let longest = 0, from = heads[placeOf(stretch, at)]!;
    for (let looks = 0; from >= 0 && looks < LOOKED_AT; looks++, from = before[from]!) {
      let length = 0;
      while (at + length < stretch.length && stretch[at + length] === known[from + length]) length++;
      longest = Math.max(longest, length);
    }
    return longest;
  };
  return stretches.map((stretch) => {
    let longest = 0, copied = 0, end = 0;
    for (let at = 0; at + FOUND_BY <= stretch.length; at++) {
      const length = longestAt(stretch, at);
      longest = Math.max(longest, length);
      if (length < COPIED) continue;
      copied += Math.max(0, at + length - Math.max(at, end));
      end = Math.max(end, at + length);
    }
    return { longest, copied };
  });
}

function placeOf(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + FOUND_BY; i++) hash = Math.imul(hash ^ bytes[i]!, 0x9e3779b1);
  return hash >>> (32 - TABLE);
}
