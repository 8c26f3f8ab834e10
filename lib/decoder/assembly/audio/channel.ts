/**
 * What is known of a channel, and what it predicts: a slow and a fast fit by least squares from the last samples of both
 * channels, a cascade of gradient predictors for what the slow fit leaves over, and a fit of how far to trust each.
 * Samples are f64 in units of a 16-bit sample.
 */
import { learning } from "../range_coder";
import { Gradient, openGradient } from "./gradient";
import { LeastSquares, openLeastSquares } from "./least_squares";
import { allocate } from "./memory";

/** Bits of `switches`. */
const SLOW = 1, FAST = 2, CASCADE = 4, BLEND = 16;
export const STEREO = 8, MIXTURE = 32, FORGET = 64;
/** Samples of the channel itself that the slow fit sees. */
const SEEN = 32;

export let switches: i32;

export function openSwitches(bits: i32): void {
  switches = bits;
}

@unmanaged
export class Channel {
  other: Channel | null = null;
  past: usize = 0; // f64[SEEN], the last sample first
  inputs: usize = 0; // f64[SEEN · 3/2 + 2], of both channels in turn: two of its own, one of the other
  trusted: usize = 0; // f64[6 + 2], inputs of `blend`
  slow: LeastSquares | null = null;
  fast: LeastSquares | null = null;
  blend: LeastSquares | null = null;
  cascade: Gradient | null = null; // each for what the one before leaves
  errors: usize = 0; // f32[3, 4], running means of each prediction's error: fast, middling, slow
  weights: usize = 0; // f32[sets, nodes, 8] of residual.ts
  time: f32 = 1.5; // samples that were seen
  predictions: usize = 0; // f64[4]: blend, fast, slow, cascade

  /** Predicts the next sample, from what is known of both channels: of the second one's moment, the first one, too. */
  predict(): void {
    const x = this.inputs, past = this.past, mono = !this.other;
    if (mono) memory.copy(x, past, SEEN << 3);
    else {
      const others = this.other!.past;
      for (let i: usize = 0, at = x; i < <usize> SEEN << 3; i += 16, at += 24) {
        v128.store(at, v128.load(past + i));
        store<f64>(at, load<f64>(others + (i >> 1)), 16);
      }
    }
    const fast = switches & FAST ? this.fast!.predict(x) : load<f64>(past);
    const slow = switches & SLOW ? this.slow!.predict(x) : fast;
    const t = this.trusted;
    let sum = slow;
    store<f64>(t, slow);
    store<f64>(t, fast - slow, 8);
    if (switches & CASCADE) {
      let at = t + 16;
      for (let g: Gradient | null = this.cascade; g; g = g!.next) {
        const left = <f64> g!.predict();
        store<f64>(at, left);
        sum += left;
        at += 8;
      }
    }
    const p = this.predictions;
    store<f64>(p, switches & BLEND ? this.blend!.predict(t) : sum);
    store<f64>(p, fast, 8);
    store<f64>(p, slow, 16);
    store<f64>(p, sum, 24);
  }

  /** How far the four predictions lie above x, in f32. */
  beyond(x: f64): v128 {
    const p = this.predictions, from = f64x2.splat(x);
    const two = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(p), from));
    const more = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(p, 16), from));
    return v128.shuffle<i64>(two, more, 0, 2);
  }

  /** Learns the sample that was predicted. */
  learn(y: f64): void {
    if (switches & SLOW) this.slow!.learn(this.inputs, y);
    if (switches & FAST) this.fast!.learn(this.inputs, y);
    if (switches & BLEND) this.blend!.learn(this.trusted, y);
    if (switches & CASCADE) {
      let left = <f32> (y - load<f64>(this.predictions, 16));
      for (let g: Gradient | null = this.cascade; g; g = g!.next) left = g!.learn(left);
    }
    const e = this.errors, error = f32x4.abs(this.beyond(y));
    const least: f32 = <f32> 1 / this.time;
    this.time += 1;
    if (learning()) { // else sound that is drawn would grow louder and louder
      follow(e, error, max(<f32> 0.2, least));
      follow(e + 16, error, max(<f32> 0.05, least));
      follow(e + 32, error, max(<f32> 0.01, least));
    }
    memory.copy(this.past + 8, this.past, (SEEN - 1) << 3);
    store<f64>(this.past, y);
  }
}

/** Moves the four running means at `p` towards `error`. */
function follow(p: usize, error: v128, rate: f32): void {
  const mean = v128.load(p);
  v128.store(p, f32x4.add(mean, f32x4.mul(f32x4.splat(rate), f32x4.sub(error, mean))));
}

/** A channel of which nothing is known, with room for `weights` bytes of weights; `paired` where there is another one. */
export function openChannel(paired: bool, weights: usize): Channel {
  const c = changetype<Channel>(allocate(offsetof<Channel>()));
  const inputs = paired ? SEEN * 3 / 2 : SEEN;
  c.past = allocate(SEEN << 3);
  c.inputs = allocate(<usize> (inputs + 2) << 3);
  c.trusted = allocate(64);
  c.slow = openLeastSquares(inputs, 32, 0.999, 1);
  c.fast = openLeastSquares(inputs >> 1, 4, 0.98, 1);
  c.blend = openLeastSquares(6, 1, 0.985, 0.1);
  store<f64>(c.blend!.weights, 1);
  for (let i: usize = 16; i < 48; i += 8) store<f64>(c.blend!.weights + i, 1);
  c.cascade = openGradient(
    1024,
    0.006,
    openGradient(256, 0.25, openGradient(32, 0.1, openGradient(16, 0.05, null))),
  );
  c.errors = allocate(48);
  for (let i: usize = 0; i < 48; i += 4) store<f32>(c.errors + i, 30);
  c.weights = allocate(weights);
  c.time = 1.5;
  c.predictions = allocate(32);
  return c;
}
