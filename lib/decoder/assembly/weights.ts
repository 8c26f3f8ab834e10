/**
 * The weights in the program: whole multiples of their layer's step, the multiples coded with one adaptive table for
 * all layers (stage "sharing": a codebook that all weights share, as in Deep Compression, Han et al. 2016).
 */
import { allocate, cells, distinct, features, inputLayers, step, weightCode, weights, width } from "./model";
import { codeMultiple, expectRare, openMultiples } from "./multiples";
import { OUTPUTS, USED } from "./network";
import { open } from "./range_coder";

/** Codes a layer [rows, columns], of which the first `used` columns are coded; returns the address behind it. */
function codeLayer(p: usize, rows: i32, columns: i32, used: i32, kind: i32): usize {
  const s = step(kind);
  for (let i = 0; i < rows * columns; i++, p += 4) {
    if (i % columns < used) {
      let q = 0;
      if (ENCODE) q = max(-512, min(511, <i32> nearest(load<f32>(p) / s)));
      store<f32>(p, <f32> codeMultiple(q) * s);
    }
  }
  return p;
}

/** Codes all weights at `weights`; in the encoder they are replaced by what the decoder will see. */
export function codeWeights(): void {
  openMultiples(allocate(4096));
  if (LATTICE) expectRare();
  open(weightCode(), false, 0);
  let p = weights;
  for (let cell = 0; cell < cells(); cell++) {
    p = codeLayer(p, inputLayers * (features + 1), width, width, 0);
    for (let l = 0; l < distinct; l++) {
      p = codeLayer(p, width + 1, width, width, 1);
      p = codeLayer(p, width + 1, width, width, 2);
    }
    p = codeLayer(p, width + 1, OUTPUTS, USED, 3);
  }
}
