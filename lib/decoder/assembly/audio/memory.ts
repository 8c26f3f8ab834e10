/** Memory behind the parameter block and the payload. Nothing is freed: all is taken once, in `start`. */

let top: usize;

/** Everything that is allocated from now on lies behind `heap`. */
export function openMemory(heap: usize): void {
  top = heap;
}

/** Takes `bytes` bytes, all zero, at an address that 16 divides. */
export function allocate(bytes: usize): usize {
  const found = (top + 15) & ~15;
  top = found + bytes;
  memory.fill(found, 0, bytes);
  return found;
}
