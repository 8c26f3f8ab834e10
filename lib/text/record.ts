/**
 * Shortest record that the decoder takes, longest one that is looked for, bytes that are looked at, and how much oftener
 * than beside it a distance repeats.
 */
const LEAST = 4, LONGEST = 4096, SAMPLE = 2 ** 16, CLEAR = 1.3;

/**
 * Bytes of a record in binary data: the distance at which a byte returns most often, compared with the distances beside
 * it, or a multiple of that; 0 where none stands out.
 */
export function recordLength(bytes: Uint8Array): number {
  const seen = bytes.subarray(0, SAMPLE), repeats = new Float64Array(LONGEST + 2);
  const longest = Math.min(LONGEST, seen.length >> 3);
  for (let distance = 1; distance <= longest + 1; distance++) {
    let same = 0;
    for (let i = distance; i < seen.length; i++) if (seen[i] === seen[i - distance]) same++;
    repeats[distance] = same / (seen.length - distance);
  }
  let best = 0, gain = 0;
  for (let distance = 2; distance <= longest; distance++) {
    const beside = (repeats[distance - 1]! + repeats[distance + 1]!) / 2, own = repeats[distance]! - beside;
    if (own > gain && repeats[distance]! > CLEAR * beside) [best, gain] = [distance, own];
  }
  return best && best * Math.ceil(LEAST / best);
}
