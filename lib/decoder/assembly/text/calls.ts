/**
 * Calls and jumps in machine code for x86: the byte E8 or E9, and four of how far it is to the target. The model has seen
 * the target's place in the item instead, which is the same from everywhere.
 */

/**
 * Bytes of an item as they are in the file: copies those that `from` has and `to` has not, and makes distances of places.
 *
 * @param ready bytes that `to` has
 * @param done bytes that `from` has, of `size` in all
 * @returns bytes that `to` has now
 */
export function restoreCalls(from: usize, to: usize, ready: i32, done: i32, size: i32): i32 {
  memory.copy(to + ready, from + ready, done - ready);
  while (ready + 5 <= done) {
    if ((load<u8>(to + ready++) & 254) != 232) continue;
    const at = to + ready, target = load<i32>(at);
    ready += 4;
    if (target >= -ready && target < size) store<i32>(at, target + (target < 0 ? size : -ready));
  }
  return done == size ? size : ready;
}
