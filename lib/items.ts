/** The items of which data consist, by their lengths. */

/** Consecutive items of one length. */
export interface ItemGroup {
  /** How many. */
  readonly count: number;
  /** Of each item. */
  readonly bytes: number;
}

/** Running numbers as names: six digits each, so that files of these names sort in the order of the items. */
export function runningNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(6, "0"));
}

/** Number of items. */
export function itemCount(items: readonly Pick<ItemGroup, "count">[]): number {
  return items.reduce((sum, { count }) => sum + count, 0);
}

/** Bytes of all items. */
export function byteCount(items: readonly ItemGroup[]): number {
  return items.reduce((sum, { count, bytes }) => sum + count * bytes, 0);
}

/** Bytes of each item in order. */
export function itemLengths(items: readonly ItemGroup[]): Uint32Array {
  const lengths = new Uint32Array(itemCount(items));
  let at = 0;
  for (const { count, bytes } of items) lengths.fill(bytes, at, at += count);
  return lengths;
}
