/** Numbers as contexts want them: in a few steps that grow with the number. */
import { log } from "../math";
import { allocate } from "../text/block";

let levels: usize; // u8[256], of magnitudes, about 3 ln (1 + n)
let logs: usize; // f64[1024], ln (1 + n)

export function allocateLevels(): void {
  levels = allocate(256);
  logs = allocate(1024 << 3);
}

export function openLevels(): void {
  for (let i = 0; i < 1024; i++) {
    const x = log(<f32> i + 1);
    store<f64>(logs + (i << 3), x);
    if (i < 256) store<u8>(levels + i, min(15, <i32> (x * <f32> 2.9)));
  }
}

/** 0 to 15. */
export function level(n: i32): i32 {
  return load<u8>(levels + min(abs(n), 255));
}

/** 0 to 31, with the sign. */
export function signed(n: i32): i32 {
  return n < 0 ? 15 - level(n) : 16 + level(n);
}

/** ln (1 + |n|). */
export function logOf(n: i32): f64 {
  return load<f64>(logs + (<usize> min(abs(n), 1023) << 3));
}
