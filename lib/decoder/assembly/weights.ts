/**
 * The weights in the program: whole multiples of their layer's step, the multiples coded with one adaptive table for
 * all layers (stage "sharing": a codebook that all weights share, as in Deep Compression, Han et al. 2016).
 */
import { allocate, cells, distinct, features, inputLayers, step, weightCode, weights, width } from "./model";
import { OUTPUTS } from "./network";
import { code, open } from "./range_coder";

/** Used outputs of the network; the rest of the output layer is zero and is not coded. */
const USED = 12;

let table: usize; // for each of the 1024 nodes of the binary tree over multiples: zeros u16, ones u16

/** Codes the multiple q, −512 ≤ q < 512, bit by bit, each bit with the frequency seen so far (Krichevsky–Trofimov). */
function codeMultiple(q: i32): i32 {
  let node = 1;
  const target = q + 512;
  for (let i = 9; i >= 0; i--) {
    const p = table + (node << 2);
    const zeros: i32 = load<u16>(p), ones: i32 = load<u16>(p, 2);
    const bit = code((target >> i) & 1, ((2 * zeros + 1) << 16) / (2 * (zeros + ones) + 2));
    store<u16>(p + (bit << 1), load<u16>(p + (bit << 1)) + 1);
    if (zeros + ones == 4095) { // older counts weigh less
      store<u16>(p, zeros >> 1);
      store<u16>(p, ones >> 1, 2);
    }
    node = node * 2 + bit;
  }
  return node - 1536;
}

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
  table = allocate(4096);
  memory.fill(table, 0, 4096);
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
