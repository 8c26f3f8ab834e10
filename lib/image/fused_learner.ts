/** A learner whose weights, gradients and optimiser stay in the fused kernel's memory; tfjs has no part in its steps. */
import type { OpenLearner } from "../training/learner.ts";
import { attributesOf, STATE, type State } from "../training/optimiser.ts";
import type { FusedTraining } from "./fused.ts";

/** The same steps as `composedLearner`, bit for bit, of samples that `draw` writes to the records. */
export function fusedLearner(fused: FusedTraining, draw: (t: number) => void): OpenLearner {
  return (start, _, price) => {
    for (const name of STATE) fused.state[name].set(start[name]);
    fused.show();
    let sum = 0;
    return {
      step(t, rate) {
        draw(t);
        fused.computeShards();
        sum = Math.fround(sum + Math.fround(fused.addShards(price)));
        fused.step(attributesOf(t + 1, rate));
      },
      quantise: fused.show,
      takeBits() {
        const bits = sum;
        sum = 0;
        return Promise.resolve(bits);
      },
      state: () => {
        const copies = STATE.map((name) => [name, fused.state[name].slice()]);
        return Promise.resolve(Object.fromEntries(copies) as State);
      },
      dispose() {},
    };
  };
}
