/** A thread of the fused kernel: waits for a turn, works on shards until none is left, waits again. */
import { CONTROL, openThread, type SharedWork } from "./fused.ts";

/** Turns follow each other within a fraction of a millisecond: look that often before going to sleep. */
const LOOKS = 20_000;

addEventListener("message", ({ data: work }: MessageEvent<SharedWork>) => {
  const { compute } = openThread(work);
  const control = new Int32Array(work.memory.buffer, CONTROL.address, 4);
  for (let turn = 0;;) {
    for (let i = 0; i < LOOKS && Atomics.load(control, CONTROL.turn) === turn; i++);
    Atomics.wait(control, CONTROL.turn, turn);
    turn = Atomics.load(control, CONTROL.turn);
    if (Atomics.load(control, CONTROL.stop)) return;
    compute();
  }
});
