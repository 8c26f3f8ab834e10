/**
 * The decoder of a table: regenerates a CSV file, or draws new rows. The model learns while it decodes; a program has no
 * weights. Cells are coded row by row (`table/cell.ts`).
 */
import { close, open, reserve } from "./range_coder";
import { codeCell, openCells, separate } from "./table/cell";
import { busy, codeGroup, codeShared, grouped, openGroups } from "./table/group";
import { allocate, openMemory, parameter, tell, watched } from "./table/memory";
import { openMix } from "./table/mix";
import { beginDrawing } from "./text/temperature";

export { temperature } from "./text/temperature";

/** Bytes of an item that is drawn, at most 512 KiB; while decoding, those of the file. */
export let length: i32 = 1024;
/** Bytes of the current item that are ready. */
export let made: i32 = 0;

/** Cells' bytes between two answers: about 0.1 s. */
const PIECE: usize = 8000;
/** Room behind the file for what is drawn. */
const ROOM: usize = 1 << 20;

let file: usize;
let at: usize; // where the next row begins
let end: usize; // of the file
let stop: usize; // where the last cell ends: there; while drawing, where there is no room for another item
let item: usize; // what is being made
let seeds: u32;
let drawing: i32; // 0: decoding; 1: learning, to draw; 2: drawing
let shared: bool; // what groups share is still to be coded
let over: bool; // the item is complete

/** Begins. `drawn` 0: to decode. 1: to learn from all rows, then to draw others, without end. */
export function start(drawn: i32, seed: u32): void {
  openMemory();
  openMix();
  file = allocate(parameter(2) + (ENCODE ? 16 : ROOM));
  stop = end = file + parameter(2);
  tell(0, file);
  openCells(end);
  at = item = file;
  seeds = seed;
  drawing = drawn;
  made = 0;
  over = false;
  open(parameter(0), false, 0);
  if (GROUPS && grouped()) {
    openGroups();
    shared = true;
  }
  if (ENCODE) reserve((parameter(2) << 3) + 65536);
  if (!drawn) length = parameter(2);
}

/** Codes a row and what ends it. */
function codeRow(): void {
  const columns = parameter(5);
  if (at == file && (parameter(6) & 512)) {
    store<u16>(at, 0xbbef);
    store<u8>(at, 0xbf, 2);
    at += 3;
  }
  for (let c: u32 = 0; c < columns; c++) {
    at = codeCell(c, at);
    if (at >= stop) return;
    at = separate(c, at);
  }
}

/** Codes the next row or group; the header is a row. */
function codeMore(): void {
  if (!GROUPS || !grouped() || at == file) codeRow();
  else at = codeGroup(at, stop);
}

/** Works on for a moment; returns the address of the item, of which `made` bytes are ready, or 0 behind the last. */
export function next(): usize {
  if (over) {
    if (drawing == 0) return 0;
    memory.copy(end, item + length, at - item - length);
    at -= item + length - end;
    item = end;
    over = false;
  }
  if (shared) codeShared();
  shared = false;
  const from = at;
  while (at - from < PIECE && (drawing == 2 ? at < item + length : at < end)) {
    codeMore();
    if (GROUPS && (busy() || ENCODE && watched())) break;
  }
  if (drawing == 1) {
    if (at >= end) {
      drawing = 2;
      beginDrawing();
      item = at = end;
      stop = end + (ROOM >> 1);
      open(0, true, seeds);
    }
    return item;
  }
  made = min(<i32> (at - item), length);
  over = made == length;
  if (ENCODE && over) tell(0, close());
  return item;
}
