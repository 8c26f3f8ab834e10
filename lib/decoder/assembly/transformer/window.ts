/** A window of a text as an encoder goes through it: many positions share a step, all of the one window. */
import { open as openCode, reserve } from "../range_coder";
import { places, step, tokens, windows } from "./forward";
import { rows } from "./model";

let left: i32;
let position: i32;

/** Begins a window of so many tokens; its code goes to `to`. */
export function beginWindow(count: i32, to: usize): void {
  left = count;
  position = 0;
  openCode(to, false, 0);
}

/** How many tokens go into the next step; the token before each is put by `read`. */
export function nextRows(): i32 {
  return min(left, rows);
}

/** Says which token stands before the one that a row is asked for. */
export function read(row: i32, token: i32): void {
  store<i32>(tokens + (row << 2), token);
  store<i32>(places + (row << 2), position++);
  store<i32>(windows + (row << 2), 0);
}

/** Makes the step for so many rows, with room for as many bytes of code a row; returns how many tokens are left. */
export function stepRows(count: i32, bytes: i32): i32 {
  step(count);
  reserve(bytes * count);
  return left -= count;
}
