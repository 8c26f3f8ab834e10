/**
 * Windows side by side: a lane decodes one after another, each with a code of its own, and every step makes a token in
 * each lane. What a window becomes does not depend on the others.
 */
import { open, resume, suspend } from "../range_coder";
import { firstWindow, lastWindow, none, spelling, text, windowBytes, windowCode, windowCount } from "./block";
import { places, step, tokens, windows } from "./forward";
import { lanes, positions, take, vocabulary } from "./model";
import { codeByte, codeToken } from "./token";

/** Of each lane: window (−1: none), where its next byte goes, where it ends, position, last token, state of its coder. */
const LANE = 48;

let lane: usize;
let offsets: usize; // u32 of each token's bytes
let waiting: i32; // the next window

export function openLanes(): void {
  lane = take(lanes * LANE);
  offsets = take(<usize> vocabulary * 4);
  const lengths = spelling();
  let at = lengths + ((vocabulary + 3) & ~3);
  for (let token = 0; token < vocabulary; token++) {
    store<u32>(offsets + (token << 2), at);
    at += load<u8>(lengths + token);
  }
  waiting = firstWindow();
  for (let i = 0; i < lanes; i++) store<i32>(lane + i * LANE, -1);
}

/** A window begins in a lane: its bytes go from `at` to `end`. The coder is open. */
export function beginWindow(i: i32, window: i32, at: usize, end: usize): void {
  const p = lane + i * LANE;
  store<i32>(p, window);
  store<u32>(p, at, 4);
  store<u32>(p, end, 8);
  store<i32>(p, 0, 12);
  store<i32>(p, none(), 16);
  suspend(p + 24);
}

/** Where a window's bytes go. */
function placeOf(window: i32): usize {
  let at = text();
  for (let i = 0; i < window; i++) at += windowBytes(i);
  return at;
}

/** Gives lanes that have none the windows that wait; a window may be empty. */
function fillLanes(): void {
  for (let i = 0; i < lanes; i++) {
    const p = lane + i * LANE;
    while (load<i32>(p) < 0 && waiting < lastWindow()) {
      const at = placeOf(waiting), bytes = windowBytes(waiting);
      if (bytes) {
        open(windowCode(waiting), false, 0);
        beginWindow(i, waiting, at, at + bytes);
      }
      waiting++;
    }
  }
}

/** Makes a token in each lane; false when there is nothing to do. */
export function decodeStep(temperature: f32): bool {
  fillLanes();
  let count = 0;
  for (let i = 0; i < lanes; i++) {
    const p = lane + i * LANE;
    if (load<i32>(p) < 0) continue;
    store<i32>(tokens + (count << 2), load<i32>(p, 16));
    store<i32>(places + (count << 2), load<i32>(p, 12));
    store<i32>(windows + (count << 2), i);
    count++;
  }
  if (!count) return false;
  step(count);
  for (let row = 0; row < count; row++) {
    advance(lane + load<i32>(windows + (row << 2)) * LANE, row, temperature);
  }
  return true;
}

/** The token behind a row becomes bytes of its lane; a window that is full leaves the lane. */
function advance(p: usize, row: i32, temperature: f32): void {
  resume(p + 24);
  const token = codeToken(row, 0, temperature), end = load<u32>(p, 8);
  let at = <usize> load<u32>(p, 4);
  if (token == none()) store<u8>(at++, codeByte(0));
  else {
    const length = min(<usize> load<u8>(spelling() + token), end - at);
    memory.copy(at, load<u32>(offsets + (token << 2)), length);
    at += length;
  }
  suspend(p + 24);
  const position = load<i32>(p, 12) + 1;
  store<u32>(p, at, 4);
  store<i32>(p, position, 12);
  store<i32>(p, token, 16);
  if (at >= end || position >= positions) store<i32>(p, -1);
}

/** Address behind the bytes of the first lane's window. */
export function madeOf(i: i32): usize {
  return load<u32>(lane + i * LANE, 4);
}

/** Whether a lane has a window. */
export function busy(i: i32): bool {
  return load<i32>(lane + i * LANE) >= 0;
}

/** All bytes before this address are there, but for those of windows that are left to others. */
export function ready(): usize {
  let first = waiting < lastWindow() ? waiting : windowCount();
  for (let i = 0; i < lanes; i++) {
    const window = load<i32>(lane + i * LANE);
    if (window >= 0) first = min(first, window);
  }
  for (let i = 0; i < lanes; i++) {
    if (load<i32>(lane + i * LANE) == first) return madeOf(i);
  }
  return placeOf(first);
}
