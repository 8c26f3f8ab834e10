/** ln (p / (1 − p)) of probabilities in 4096ths, by table. The mixer works in this domain. */
import { log } from "../math";
import { allocate } from "./block";

let table: usize;

export function allocateStretch(): void {
  table = allocate(4096 << 2);
}

export function openStretch(): void {
  for (let i = 0; i < 4096; i++) {
    store<f32>(table + (i << 2), log((<f32> i + <f32> 0.5) / (<f32> 4095.5 - <f32> i)));
  }
}

export function stretch(p: u32): f32 {
  return load<f32>(table + (p << 2));
}
