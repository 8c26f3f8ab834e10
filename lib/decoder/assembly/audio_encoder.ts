/** The encoder of sound: the decoder's model, with the files known. */
import { at, beginFile, PIECE, work } from "./audio/file";
import { reserve } from "./range_coder";

export { close, spent } from "./range_coder";
/** Begins the payload that the parameter block says. */
export { openFiles as open } from "./audio/file";
/** Where the host writes a file, and what is to be known of it. */
export { item, numbers, used } from "./audio/file";

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
