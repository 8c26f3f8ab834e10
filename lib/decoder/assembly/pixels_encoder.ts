/** The encoder of pictures that are learnt while they are decoded: the decoder's model, with the pixels known. */
import { first, free } from "./pixels/block";
import { beginNext, codeRow, complete, openImages } from "./pixels/images";
import { line } from "./pixels/place";
import { close as closeCode, open as openCode, reserve } from "./range_coder";
import { openCost, spent } from "./text/cost";

/** Begins; returns the address of the code, which is behind all that the model needs. */
export function open(): usize {
  openImages();
  openCost();
  const code = free();
  openCode(code, false, 0);
  return code;
}

/** Where the host writes the images, one after another. */
export function images(): usize {
  return first;
}

/** Encodes the next row; returns its bytes, 0 behind the last. */
export function encodeRow(): usize {
  if (complete() && !beginNext()) return 0;
  reserve(<i32> line * 9);
  codeRow(false);
  return line;
}

/** Bits that were spent so far, to a fraction. */
export function bits(): f64 {
  return spent;
}

/** Ends the code; returns the address behind it. */
export function close(): usize {
  reserve(8);
  return closeCode();
}
