/**
 * Calls and jumps in machine code for x86: behind a byte E8 or E9, four say how far it is to the target. The place of the
 * target is the same from everywhere, and shorter to code: the model sees it instead, and the decoder makes it a distance
 * again (`lib/decoder/assembly/text/calls.ts`). Both are whole numbers from −(place) to below the bytes of the item, each
 * distance has a place of its own, and whatever else follows E8 or E9 stays as it is.
 */
import { type ItemGroup, itemLengths } from "../items.ts";

/** Bytes behind E8 or E9. */
const OPERAND = 4;

/**
 * Items with places in place of distances.
 *
 * @param seen called with each distance and the place that it became
 */
export function withPlaces(
  symbols: Uint8Array,
  items: readonly ItemGroup[],
  seen?: (distance: number, place: number) => void,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(symbols), view = new DataView(out.buffer);
  let begin = 0;
  for (const length of itemLengths(items)) {
    for (let i = 1; i + OPERAND <= length; i++) {
      if ((symbols[begin + i - 1]! & 0xfe) !== 0xe8) continue;
      const at = begin + i, distance = view.getInt32(at, true);
      i += OPERAND;
      if (distance < -i || distance >= length) continue;
      const place = distance + (distance < length - i ? i : -length);
      view.setInt32(at, place, true);
      seen?.(distance, place);
    }
    begin += length;
  }
  return out;
}

/**
 * What places would save: how many operands have come before as places, less how many as distances. A place that came
 * before takes about a byte less.
 */
export function placesGain(symbols: Uint8Array, items: readonly ItemGroup[]): number {
  const places = new Set<number>(), distances = new Set<number>();
  withPlaces(symbols, items, (distance, place) => {
    places.add(place);
    distances.add(distance);
  });
  return distances.size - places.size;
}
