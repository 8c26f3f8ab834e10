/** The encoder of few photos: the decoder's model, with the pixels known. */
import { openBehind } from "./photo/coder";
import { BLOCK, codePixels } from "./photo/model";

export { close, spent } from "./range_coder";

let group: usize = COLOUR ? 24580 : 100; // GROUPS
let image: usize;
let at: usize; // the next row

/** Begins; the code goes to `code`, behind all that the model needs. */
export function open(code: usize): void {
  image = at = load<u32>(BLOCK);
  openBehind(code);
}

/** Encodes the next row; returns its bytes, 0 behind the last. */
export function encodeRow(): usize {
  if (image == load<u32>(group)) group += 12;
  const line: usize = load<u32>(group, 8);
  if (line) codePixels(image, at, at + line, line);
  at += line;
  if (at == image + load<u32>(group, 4)) image = at;
  return line;
}
