/** A thread of the fused kernel: waits for a turn, works on shards until none is left, waits again. */
import { CONTROL, openThread, type SharedWork, waitWhile } from "./fused_thread.ts";

addEventListener("message", ({ data: work }: MessageEvent<SharedWork>) => {
  const { compute } = openThread(work);
  const control = new Int32Array(work.memory.buffer, CONTROL.address, CONTROL.fields);
  for (let turn = 0;;) {
    waitWhile(control, CONTROL.turn, turn);
    turn = Atomics.load(control, CONTROL.turn);
    if (Atomics.load(control, CONTROL.stop)) return;
    compute();
  }
});
