/**
 * A token under its logits. Softmax becomes whole frequencies, at least 1 and together about 2³⁰; the token is then found
 * by halving the vocabulary, each half a decision of the range coder.
 */
import { exp4, sum4 } from "../math";
import { code } from "../range_coder";
import { max4 } from "./activation";
import { logits } from "./forward";
import { vocabulary } from "./model";

/** Frequencies u32 in place of a row's logits, which are first divided by a temperature; returns their sum. */
function frequencies(p: usize, temperature: f32): u32 {
  const end = p + (<usize> vocabulary << 2);
  let m = v128.load(p), sum = f32x4.splat(0);
  for (let at = p; at < end; at += 16) m = f32x4.max(m, v128.load(at));
  const top = f32x4.splat(max4(m)), sharpness = f32x4.splat(1 / temperature);
  for (let at = p; at < end; at += 16) {
    const e = exp4(f32x4.mul(f32x4.sub(v128.load(at), top), sharpness));
    sum = f32x4.add(sum, e);
    v128.store(at, e);
  }
  const scale = f32x4.splat(<f32> 1073741824 / sum4(sum)), one = i32x4.splat(1);
  for (let at = p; at < end; at += 16) {
    v128.store(at, i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.mul(v128.load(at), scale)), one));
  }
  return total(p, end);
}

/** The sum of u32 from p to end. */
function total(p: usize, end: usize): u32 {
  let sum = i32x4.splat(0), rest: u32 = 0;
  for (; p + 16 <= end; p += 16) sum = i32x4.add(sum, v128.load(p));
  for (; p < end; p += 4) rest += load<u32>(p);
  return rest + i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3);
}

/** Codes the token that comes behind a row of the last step; the encoder is given it. */
export function codeToken(row: i32, token: i32, temperature: f32): i32 {
  const p = logits + (<usize> row * vocabulary << 2);
  let sum = frequencies(p, temperature), low = 0, high = vocabulary;
  while (high - low > 1) {
    const middle = low + ((high - low + 1) >> 1), lower = total(p + (low << 2), p + (middle << 2));
    const zero = max(1, min(65535, <u32> ((<u64> lower << 16) / sum)));
    const bit = code(i32(token >= middle), zero);
    if (bit) {
      low = middle;
      sum -= lower;
    } else {
      high = middle;
      sum = lower;
    }
  }
  return low;
}

/** Codes a byte as it is. */
export function codeByte(byte: i32): i32 {
  let made = 0;
  for (let i = 7; i >= 0; i--) made = made << 1 | code(byte >> i & 1, 32768);
  return made;
}
