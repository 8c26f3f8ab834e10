/** The encoder of JPEG files: the decoder's model, with the file known. */
import { readFrame } from "./jpeg/frame";
import { beginFile, openFiles, setFile, write } from "./jpeg/file";
import { bytes as from, capacity, values as to } from "./jpeg/memory";
import { reserve } from "./range_coder";

export { close, spent } from "./range_coder";
/** Encodes a piece of the file. */
export { work as encode } from "./jpeg/file";
/** How far the file is: of its bytes, and of its coefficients, rows of blocks; and whether it is complete. */
export { complete, done, rows } from "./jpeg/file";
/** Where the host writes a file's bytes but for its scans, and its coefficients; where `assemble` writes the file. */
export { bytes, item, values } from "./jpeg/memory";
/** Bits that first coefficients took, and all. */
export { firsts } from "./jpeg/block";
/** Between files, where the next one is to learn anew. */
export { forget } from "./jpeg/file";

/** Begins; returns the address of the code, which is behind all that the model needs. */
export function open(): usize {
  return openFiles();
}

/** Writes the file as the decoder is going to; returns the address behind it. */
export function assemble(told: i32): usize {
  setFile(told);
  readFrame(from, to);
  return write(capacity);
}

/** Begins to encode it. */
export function begin(told: i32): void {
  reserve(32);
  beginFile(told);
}
