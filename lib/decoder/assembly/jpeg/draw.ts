/** The markers of a file that is drawn: those of a baseline file with plain Huffman tables, in which all symbols are as long. */
import { ACROSS, count, DOWN, height, NAME, order, plane, QUANTA, width } from "./frame";
import { bytes } from "./memory";

/** Symbols of first coefficients, of 4 bits each, and of others, of 8 bits each. */
const FIRST = 13, OTHER = 255;

let at: usize;

function pair(value: u32): void {
  store<u16>(at, bswap(<u16> value));
  at += 2;
}

function table(name: i32, symbols: i32, length: i32): void {
  pair(0xffc4);
  pair(19 + symbols);
  store<u8>(at++, name);
  memory.fill(at, 0, 16);
  store<u8>(at + length - 1, symbols);
  at += 16;
  for (let i = 0; i < symbols; i++) store<u8>(at++, i);
}

/** Writes the markers of a picture of at most `units` units, with the planes of the last one; returns their length. */
export function writeMarkers(units: i32): i32 {
  let h = 1, v = 1;
  for (let i = 0; i < count; i++) {
    h = max(h, load<i32>(plane(i), ACROSS));
    v = max(v, load<i32>(plane(i), DOWN));
  }
  const side = max(1, <i32> sqrt(<f32> units));
  at = bytes;
  pair(0xffd8);
  for (let i = 0; i < count; i++) {
    pair(0xffdb);
    pair(67);
    store<u8>(at++, i);
    for (let k = 0; k < 64; k++) {
      const q = load<f32>(load<usize>(plane(i), QUANTA) + (<usize> load<u8>(order + k) << 2));
      store<u8>(at++, <u32> min(q, 255));
    }
  }
  pair(0xffc0);
  pair(8 + 3 * count);
  store<u8>(at++, 8);
  pair(min(height, 8 * v * side));
  pair(min(width, 8 * h * side));
  store<u8>(at++, count);
  for (let i = 0; i < count; i++) {
    store<u8>(at++, load<i32>(plane(i), NAME));
    store<u8>(at++, load<i32>(plane(i), ACROSS) << 4 | load<i32>(plane(i), DOWN));
    store<u8>(at++, i);
  }
  table(0, FIRST, 4);
  table(16, OTHER, 8);
  pair(0xffda);
  pair(6 + 2 * count);
  store<u8>(at++, count);
  for (let i = 0; i < count; i++) pair(load<i32>(plane(i), NAME) << 8);
  pair(63);
  store<u8>(at++, 0);
  return <i32> (at - bytes);
}
