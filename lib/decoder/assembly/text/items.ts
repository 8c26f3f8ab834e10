/** The items of the data: where each begins, and after how many bytes all is forgotten. */
import { forget, heap, openMemory, PAIRS, ROOM } from "./block";
import { at, beginItem, openHistory } from "./history";
import { allocateModel, codeByte, CODED, openModel } from "./model";

/** Bytes of the current item, and how many of them are done. */
export let size: i32;
export let done: i32;

let entry: usize; // pair of the next item
let left: i32; // items of that pair to come
let remembered: i32; // bytes to be coded before all is forgotten; 0 at first, for the model is to be opened

/** Opens the items that the block describes; returns the address behind them. */
export function openItems(): usize {
  let end = heap();
  for (entry = PAIRS; load<u32>(entry); entry += 8) end += load<u32>(entry) * load<u32>(entry, 4);
  entry = PAIRS;
  left = 0;
  remembered = 0;
  setItem(0);
  openHistory(heap());
  openMemory(end + ROOM);
  allocateModel();
  return end;
}

/** An item of so many bytes begins. */
export function setItem(bytes: i32): void {
  size = bytes;
  done = 0;
}

/** Begins the next item; false behind the last one. */
export function beginNext(): bool {
  if (!left) {
    left = load<i32>(entry);
    if (!left) return false;
    entry += 8;
  }
  left--;
  setItem(load<i32>(entry - 4));
  beginItem(at);
  return true;
}

/** Codes a byte of the item; `what` it is as `codeByte` says. */
export function codeNext(byte: i32, what: i32): void {
  if (what == CODED && !remembered--) {
    openModel();
    remembered = forget() - 1; // which at −1 takes 2³² bytes to come back to 0
  }
  codeByte(byte, what);
  done++;
}
