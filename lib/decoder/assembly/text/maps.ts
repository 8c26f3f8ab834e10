/**
 * Adaptive maps: an entry, u32, is the probability of a 1 in its upper 22 bits and a count in the lower 10. It moves by
 * 1 / (count + 1.5) of what it misses.
 */

export function mapEntry(p: u32, count: u32): u32 {
  return (p << 10) | count;
}

/** In 4096ths. */
export function mapProbability(entry: usize): u32 {
  return load<u32>(entry) >> 20;
}

export function updateMap(entry: usize, bit: i32, limit: u32): void {
  const e = load<u32>(entry), n = e & 1023, p: i32 = e >> 10;
  store<u32>(
    entry,
    (<u32> (p + (((bit << 22) - bit - p) * 2) / <i32> (2 * n + 3)) << 10) | min(n + 1, limit),
  );
}
