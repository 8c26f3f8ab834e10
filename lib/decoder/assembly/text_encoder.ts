/** The encoder of text and of any bytes: the decoder's model, with the bytes known. The host writes them at the heap. */
import { open as openCode, reserve } from "./range_coder";
import { free } from "./text/block";
import { at } from "./text/history";
import { beginNext, codeNext, done, openItems, size } from "./text/items";
import { CODED } from "./text/model";

export { close, spent } from "./range_coder";

/** Begins; returns the address of the code, which is behind all that the model needs. */
export function open(): usize {
  openItems();
  const code = free();
  openCode(code, false, 0);
  return code;
}

/** Encodes the next `count` bytes. */
export function encode(count: i32): void {
  reserve(count << 3);
  while (count--) {
    while (done == size) if (!beginNext()) return;
    codeNext(load<u8>(at), CODED);
  }
}
