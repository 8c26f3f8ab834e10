/** The encoder of pictures that are learnt while they are decoded: the decoder's model, with the pixels known. */
import { payload } from "./pixels/block";
import { beginNext, codeRows, openImages } from "./pixels/images";
import { at, y } from "./pixels/place";
import { open as openCode } from "./range_coder";

export { close, spent } from "./range_coder";

/** Begins; the code goes to `payload`, behind all that the model needs. */
export function open(): void {
  openImages();
  openCode(payload(), false, 0);
}

/** Encodes the next row; returns its bytes, 0 behind the last. */
export function encodeRow(): usize {
  const before = at;
  codeRows(y + 1, 0);
  if (at == before && beginNext()) codeRows(1, 0);
  return at - before;
}
