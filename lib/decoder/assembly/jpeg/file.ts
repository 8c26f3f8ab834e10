/**
 * A file: a number says of how many bytes it is made but for its scans, and whether it is a JPEG file at all; then come these
 * bytes, and then the coefficients, plane after plane.
 */
import { free, has, payload } from "../text/block";
import { at, beginItem, openHistory } from "../text/history";
import * as plain from "../text/model";
import { open, reserve } from "../range_coder";
import { allocateBlocks, codeBlock } from "./block";
import { allocateEdges, openEdges } from "./edges";
import { allocateFits, openFits } from "./fits";
import {
  ACROSS,
  allocateFrame,
  COLUMNS,
  count,
  DOWN,
  HEIGHT,
  openFrame,
  plane,
  readFrame,
  ROWS,
  STRIDE,
  VALUES,
} from "./frame";
import { bytes, item, openFileMemory, PLANES, summaries, values } from "./memory";
import { allocateLevels, openLevels } from "./levels";
import { allocatePredictor, openPredictor } from "./predictor";
import { allocateWriter, writeFile } from "./writer";

/** What a file is: JPEG; bytes of its scans are filled up with ones; blocks that only fill up units are there. */
export const JPEG = 1, ONES = 2, FILLED = 4;
/** Decisions that a block takes at most. */
const DECISIONS = 64 * 33;
/** Bytes that a call codes. */
const PIECE = 4096;

/** Bytes that are coded as such; what the file is. */
let size: i32;
export let kind: i32;
/** How many of the bytes are coded. */
export let done: i32;
/** Whether the file is complete. */
export let complete: bool;

/** How many rows of blocks are coded. */
export let rows: i32;

let number: i32; // of the plane
let row: i32; // of blocks

/** Begins the payload; returns its address, in the encoder behind all memory that is needed. */
export function openFiles(): usize {
  openFileMemory();
  openHistory(bytes);
  plain.allocateModel();
  allocateFrame();
  allocateWriter();
  allocateLevels();
  allocateEdges();
  allocateFits();
  allocateBlocks();
  allocatePredictor();
  forget();
  const code = ENCODE ? free() : payload();
  open(code, false, 0);
  return code;
}

/** Begins to learn. */
export function forget(): void {
  plain.openModel(); // which clears the memory
  openFrame();
  openLevels();
  openEdges();
  openFits();
  openPredictor();
}

/** Takes up a file whose bytes are known. */
export function setFile(told: i32): void {
  size = told >> 3;
  kind = told & 7;
  done =
    rows =
    row =
    number =
      0;
  complete = size == 0;
}

/** Begins a file; the encoder says what it is. */
export function beginFile(told: i32): void {
  beginItem(bytes - 4);
  for (let i = 0; i < 4; i++) plain.codeByte(told >> (i << 3), plain.CODED);
  setFile(load<i32>(bytes - 4));
}

/** Codes a piece of the file. */
export function work(): void {
  if (done < size) {
    if (ENCODE) reserve(PIECE << 3);
    for (const stop = min(size, done + PIECE); done < stop; done++) plain.codeByte(load<u8>(at), plain.CODED);
    if (done == size) {
      if (kind & JPEG) openPlanes();
      else complete = true;
    }
    return;
  }
  const p = plane(number), filled = (kind & FILLED) != 0, first = plane(0), known = has(PLANES) ? number : 0;
  const columns = filled ? load<i32>(p, STRIDE) : load<i32>(p, COLUMNS);
  if (ENCODE) reserve(columns * DECISIONS);
  rows++;
  for (let x = 0; x < columns; x++) {
    const other = known > 0 ? colocated(first, p, x) : values - 128;
    codeBlock(p, number, x, row, other, known > 1 ? colocated(plane(number - 1), p, x) : values - 128);
  }
  const all = filled ? load<i32>(p, HEIGHT) : load<i32>(p, ROWS);
  if (++row < all) return;
  row = 0;
  if (++number < count) return;
  complete = true;
}

/** Behind the last byte of the file, written from its bytes and coefficients as far as there is room. */
export function write(room: i32): usize {
  return writeFile(bytes, bytes + size, item, room, (kind & ONES) != 0);
}

/** Begins the planes of a file whose bytes are all there. */
export function openPlanes(): void {
  done = size;
  const n = readFrame(bytes, values);
  if (!ENCODE) memory.fill(values, 0, <usize> n << 1);
  memory.fill(summaries, 0, <usize> n >> 3);
}

/** The block of plane q where column x of the current row of plane p is. */
function colocated(q: usize, p: usize, x: i32): usize {
  const h = load<i32>(q, ACROSS), v = load<i32>(q, DOWN);
  const column = x * h / load<i32>(p, ACROSS), line = row * v / load<i32>(p, DOWN);
  return load<usize>(q, VALUES) + (<usize> (line * load<i32>(q, STRIDE) + column) << 7);
}
