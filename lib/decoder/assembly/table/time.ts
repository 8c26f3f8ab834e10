/** When a group's events were: first, then how much later each next one was; 0 where they share a time. */
import { log } from "../math";
import { clear, context, hash } from "./mix";
import { bitsOf, codeNumber, sizeOf } from "./number";

const FIRST_KIND: i32 = 18;

/** Codes the ascending times u32[count] of group `group`, at `times`; `earliest` is the file's first. */
export function codeTimes(times: usize, count: i32, group: i32, earliest: u32): void {
  clear();
  context(0);
  store<u32>(times, codeNumber(load<u32>(times) - earliest, FIRST_KIND) + earliest);
  let one: u32 = 0, two: u32 = 0, three: u32 = 0, run = 0, ties = 0, slow: f32 = 0, fast: f32 = 0;
  for (let k = 1; k < count; k++) {
    const p = times + (k << 2), before = load<u32>(p - 4);
    const habit = ties ? min(9, 2 + (ties << 3) / k) : i32(k > 3);
    const s = sizeOf(one);
    clear();
    context(0);
    context(group);
    context(s);
    context(s << 6 | sizeOf(two));
    context(s << 9 | min(run, 20) << 4 | habit);
    context(<u32> (slow * 3));
    context(<u32> (slow * 2) << 6 | s);
    context(habit << 5 | min(run, 30));
    context(group << 6 | s >> 1);
    context(bitsOf(one) << 10 | bitsOf(two) << 5 | bitsOf(three));
    context(<u32> (fast * 2) << 4 | habit);
    context(group << 4 | min(run, 15));
    context(bitsOf(k) << 5 | bitsOf(one));
    context(hash(min(count - k, 6), bitsOf(count)));
    const gap = codeNumber(load<u32>(p) - before, habit);
    store<u32>(p, before + gap);
    if (gap) {
      run = 0;
      three = two;
      two = one;
      one = gap;
      slow += (log(<f32> min(gap, 4000) + 1) * 1.442695 - slow) * 0.1;
      fast += (log(<f32> min(gap, 40000) + 1) * 1.442695 - fast) * 0.3;
    } else {
      run++;
      ties++;
    }
  }
}
