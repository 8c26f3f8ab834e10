/**
 * The parameter block of a text under a small transformer over its bytes: the model's fields (`../transformer/model.ts`),
 * and behind them those of the text. `lib/text/two_part/block.ts` writes it.
 */
export const BLOCK: usize = 16;

const TEXT: usize = BLOCK + 72;

/** Bytes of an item that is drawn, at most. */
export const ROOM: usize = 0x10000;

/** Where the text goes. */
export function text(): usize {
  return load<u32>(TEXT);
}
/** Bytes of all items together. */
export function textBytes(): u32 {
  return load<u32>(TEXT, 4);
}
/** Different bytes that occur; the symbol behind them stands before every window, and for all other bytes. */
export function symbols(): i32 {
  return load<i32>(TEXT, 8);
}
export function weightCode(): usize {
  return load<u32>(TEXT, 12);
}
/** Address of the code of a window, of at most four. */
export function windowCode(window: i32): usize {
  return load<u32>(TEXT + (window << 2), 16);
}
/** Whether a byte occurs: its symbol is the number of those before it that do. */
export function occurs(byte: i32): bool {
  return (load<u8>(TEXT + (byte >> 3), 32) >> (byte & 7) & 1) != 0;
}
/** Pairs of u32, count and bytes of items; count 0 ends them. */
export const PAIRS: usize = TEXT + 68;

/** f32, what the weights of each matrix are multiples of: behind the pairs, of which there are so many. */
export function steps(): usize {
  return PAIRS + (<usize> load<u32>(TEXT, 64) << 3);
}
