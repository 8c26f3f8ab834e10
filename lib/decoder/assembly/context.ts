/**
 * The context of a symbol (stage "features"): its causal neighbours, less a local mean, divided by a local scale, so
 * that one network serves dark and bright, smooth and rough places alike; then where the symbol is, and what mean and
 * scale were taken away.
 *
 * Channels are coded in the order green, red, blue within a pixel: green predicts the others best.
 *
 * An image is coded in passes, of three kinds. A pass of stride t codes, row by row,
 *
 *     0  raster: all multiples of t        1  centres: the odd multiples of t     2  edges: where one is odd
 *                                             in both directions
 *        a a a                                a   a                                  a c a
 *        a a a                                  b                                    c b c
 *
 * and knows all that earlier passes coded (a, then b), and what lies before the symbol in its own pass.
 */
import { exp4, log } from "./math";
import { allocate, attended, channels, cross, features, fitted, own, scales } from "./model";

/** Inputs of the network, f32[features]. */
export let inputs: usize;
export let mean: f32;
export let scale: f32;
export let logScale: f32;

/** Trainer: puts the next contexts at `p`. */
export function setInputs(p: usize): void {
  inputs = p;
}

/** Trainer: makes a context that was read before the last one again, as far as the loss is concerned. */
export function recallContext(itsMean: f32, itsScale: f32, itsLogScale: f32): void {
  mean = itsMean;
  scale = itsScale;
  logScale = itsLogScale;
}

/** The pass: its kind, the distance of the lattice that is known behind it, and log₂ of that. */
export let kind: i32;
export let stride: i32 = 1;
export let octave: i32;

export function setPass(k: i32, log2: i32): void {
  if (!PYRAMID) return;
  kind = k;
  octave = log2;
  stride = 1 << log2;
}

/** Sets the pass in which the pixel (y, x) is coded. */
export function setPassAt(y: i32, x: i32): void {
  const log2 = min(scales - 1, ctz(y | x));
  const odd = log2 == scales - 1 ? 0 : ((y >> log2) & (x >> log2) & 1) ? 1 : 2;
  setPass(odd, log2);
}

let offsets: usize; // for each kind, offsets by distance in strides: dy i32, dx i32, 1 / distance² f32, 0
let count: i32; // of one kind
const STRIDE = 16;

/** Number of neighbours that the local mean is taken over, and those that the scale is taken over. */
const NEAR = 6;
const AROUND = 12;

/** Is the symbol at that offset, in strides, known in a pass of that kind? */
function isKnown(kind: i32, dy: i32, dx: i32): bool {
  const before = dy < 0 || (dy == 0 && dx < 0);
  if (!PYRAMID) return before;
  if (kind == 1) return !((dy ^ dx) & 1) && ((dy & 1) || before);
  return before || (kind == 2 && ((dy ^ dx) & 1));
}

/** Lists the offsets that are known, nearest first. */
export function openContext(): void {
  count = max(own, cross);
  inputs = allocate(<usize> features << 2);
  const kinds = scales > 1 ? 3 : 1;
  offsets = allocate(<usize> (count * STRIDE * kinds));
  for (let k = 0; k < kinds; k++) {
    let e = offsets + k * count * STRIDE;
    const end = e + count * STRIDE;
    for (let d = 1; e < end; d++) {
      for (let dy = -9; dy <= 9; dy++) {
        for (let dx = -9; dx <= 9; dx++) {
          if (dy * dy + dx * dx == d && isKnown(k, dy, dx) && e < end) {
            store<i32>(e, dy);
            store<i32>(e, dx, 4);
            store<f32>(e, <f32> 1 / <f32> d, 8);
            e += STRIDE;
          }
        }
      }
    }
  }
}

/** The colour coded at position `k` of a pixel: green, red, blue. */
export function channelAt(k: i32): i32 {
  return channels == 1 ? 0 : k == 2 ? 2 : 1 - k;
}

/** Fills `inputs`, `mean`, `scale` for the k-th symbol of pixel (y, x) of an image [h, w, channels]. */
export function readContext(image: usize, h: i32, w: i32, y: i32, x: i32, k: i32): void {
  let o = inputs;
  let deviation: f32 = 0, weight: f32 = 1e-3;
  let ownMean: f32 = 0; // the other channels' means are features, less this one
  const list = offsets + kind * count * STRIDE;
  const tail = inputs + (<usize> (own + (channels - 1) * cross) << 2);
  for (let b = 0; b < channels; b++) {
    const position = (k + b) % channels, channel = channelAt(position);
    const pixel = image + (y * w + x) * channels + channel;
    const known = position < k;
    const first = o;
    let n = b ? cross : own;
    if (known) {
      store<f32>(o, load<u8>(pixel));
      o += 4;
      n--;
    }
    let sum: f32 = 0, total: f32 = 0;
    for (let j = 0; j < n; j++, o += 4) {
      const e = list + j * STRIDE;
      const dy = load<i32>(e) << octave, dx = load<i32>(e, 4) << octave;
      if (<u32> (y + dy) < <u32> h && <u32> (x + dx) < <u32> w) {
        const v: f32 = load<u8>(pixel + (dy * w + dx) * channels);
        store<f32>(o, v);
        if (j < NEAR) {
          const near = load<f32>(e, 8);
          sum += near * v;
          total += near;
        }
      } else store<f32>(o, -1);
    }
    const m: f32 = total > 0 ? sum / total : 120;
    let j = 0;
    for (let p = first; p < o; p += 4, j++) {
      let v = load<f32>(p);
      v = v < 0 ? 0 : v - m;
      if (load<f32>(p) >= 0) {
        if (b == 0 && j < AROUND) {
          deviation += abs(v);
          weight += 1;
        } else if (b && known && j == 0) {
          deviation += <f32> 1.5 * abs(v);
          weight += 1.5;
        }
      }
      store<f32>(p, v);
    }
    if (b) store<f32>(tail + (b << 2), (m - ownMean) / 32, 28);
    else ownMean = m;
  }
  mean = ownMean;
  scale = weight > 0.5 ? deviation / weight + <f32> 0.7 : 40;
  logScale = log(scale);
  const r: f32 = 1 / scale;
  for (let p = inputs; p < tail; p += 4) store<f32>(p, load<f32>(p) * r);

  // distance to the four borders, decaying; position; log-scale and mean
  const fx = <f32> x, fy = <f32> y;
  const borders = f32x4(fy, <f32> (h - 1) - fy, fx, <f32> (w - 1) - fx);
  v128.store(tail, exp4(f32x4.mul(borders, f32x4.splat(-0.66666667))));
  const py = fy / <f32> h - <f32> 0.5, px = fx / <f32> w - <f32> 0.5;
  store<f32>(tail, py, 16);
  store<f32>(tail, px, 20);
  store<f32>(tail, logScale * <f32> 0.5 - 1, 24);
  store<f32>(tail, mean / 128 - 1, 28);
  if (scales > 1) store<f32>(tail + (<usize> (channels - 1) << 2), <f32> octave / 2 - 1, 32);
}

/** Where the inputs lie that `predictLocally` fills: the last ones. */
export function localInputs(): usize {
  return inputs + (<usize> (features - fitted - attended) << 2);
}
