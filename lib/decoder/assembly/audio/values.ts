/**
 * The values that samples have: `levels` of them, in rising order, at equal distances or from a table. In units of a
 * 16-bit sample: 24-bit samples have eight bits behind the point, 8-bit ones eight zero bits.
 */
import { codeFlag } from "./plain";

/** How many values there are. */
export let levels: i32;
/** The distance between two, on the average. */
export let unit: f64;
/** The size of a sample's step. */
let size: f64;
let lowest: i32;
let spacing: i32;
let table: usize; // i32[levels]; 0 where distances are equal

/**
 * Values lowest, lowest + spacing … for samples of `bytes` bytes; with `room`, for a table, only those of them are there
 * that are coded as such. Encoder: `used` has a byte for each, 1 where it is.
 */
export function openValues(from: i32, step: i32, count: i32, bytes: i32, room: usize, used: usize): void {
  lowest = from;
  spacing = step;
  levels = count;
  size = bytes == 1 ? 256 : bytes == 2 ? 1 : 0.00390625;
  unit = <f64> step * size;
  table = room;
  if (!room) return;
  let history = 0;
  levels = 0;
  for (let i = 0; i < count; i++) {
    const there = codeFlag(ENCODE ? load<u8>(used + i) : 0, history);
    history = (history << 1) | there;
    if (there) {
      store<i32>(room + (<usize> levels << 2), from + i * step);
      levels++;
    }
  }
  unit *= <f64> count / <f64> max(levels, 1);
}

/** The value of a level. */
export function valueOf(level: i32): i32 {
  return table ? load<i32>(table + (<usize> level << 2)) : lowest + level * spacing;
}

/** A value as predictors see it. */
export function sampleOf(value: i32): f64 {
  return <f64> value * size;
}

/** Between a level and the one below it. */
export function boundary(level: i32): f64 {
  if (!table) return (<f64> (lowest + level * spacing) - 0.5 * <f64> spacing) * size;
  return 0.5 * (<f64> valueOf(max(level - 1, 0)) + <f64> valueOf(level)) * size;
}

/** The level whose surroundings have x in them. */
export function place(x: f64): i32 {
  let low = 0, high = levels; // boundary(low) ≤ x < boundary(high)
  if (!table) {
    const at = <i32> floor((x / size - <f64> lowest) / <f64> spacing + 0.5);
    return max(0, min(levels - 1, at));
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (boundary(middle) > x) high = middle;
    else low = middle;
  }
  return low;
}
