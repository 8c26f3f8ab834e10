/**
 * The parameter block of a text under a transformer: the model's fields (`model.ts`), and behind them those of the text.
 * `README.md` lists them.
 */
export const BLOCK: usize = 16;

const TEXT: usize = BLOCK + 72;

/** Pairs of u32, bytes and address of the code of each window. */
const PAIRS: usize = TEXT + 28;

/** Where the text goes. */
export function text(): usize {
  return load<u32>(TEXT);
}
/** Lengths of the tokens, u8 each; behind them, at a multiple of 4, their bytes one after another. */
export function spelling(): usize {
  return load<u32>(TEXT, 4);
}
/** The token that stands before every window; within it, a byte follows as it is. */
export function none(): i32 {
  return load<i32>(TEXT, 8);
}
/** Windows from `firstWindow` to before `lastWindow` are decoded, of so many. */
export function firstWindow(): i32 {
  return load<i32>(TEXT, 12);
}
export function lastWindow(): i32 {
  return load<i32>(TEXT, 16);
}
export function windowCount(): i32 {
  return load<i32>(TEXT, 20);
}
/** Bytes of what is drawn, at most. */
export function room(): i32 {
  return load<i32>(TEXT, 24);
}
export function windowBytes(window: i32): i32 {
  return load<i32>(PAIRS + (window << 3));
}
export function windowCode(window: i32): usize {
  return load<u32>(PAIRS + (window << 3), 4);
}
/** Pairs of u32, count and bytes of items; count 0 ends them. */
export function itemPairs(): usize {
  return PAIRS + (windowCount() << 3);
}
