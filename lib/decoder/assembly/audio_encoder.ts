/** The encoder of sound: the decoder's model, with the files known. */
import { at, beginFile, openFiles, PIECE, work } from "./audio/file";
import { close as closeCode, reserve } from "./range_coder";

/** Where the host writes a file, and what is to be known of it. */
export { item, numbers, used } from "./audio/file";
/** The code length so far. */
export { rest, spent } from "./audio/plain";

/** Begins the payload that the parameter block says. */
export function open(): void {
  openFiles();
}

/** Begins a file. */
export function begin(): void {
  reserve(1 << 17);
  beginFile();
}

/** Encodes a piece of it; returns how many of its bytes are coded. */
export function encode(): i32 {
  reserve(PIECE << 7);
  work(PIECE);
  return at;
}

/** Ends the code; returns the address behind its last byte. */
export function close(): usize {
  return closeCode();
}
