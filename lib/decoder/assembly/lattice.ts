/**
 * Colours of pictures that were JPEG or PhotoCD once: their red, green and blue are rounded images of whole numbers Y,
 * C1, C2, so that only a quarter of all colours occur, or an eighth. Of such an image Y is coded in green's place, C1 in
 * red's and C2 in blue's, and at its end they become colours: with u = C1 − m and v = C2 − n each channel is
 *
 *     ⌊ aY + o + c⌊du⌋ + e⌊fv⌋ ⌋    cut to 0 … 255.
 *
 * What the pixels off the lattice lack is coded there.
 */
import { FORMULA, formulas, formulasAt } from "./model";
import { codeMultiple, codeRare } from "./multiples";
import { code, drawn } from "./range_coder";

/**
 * The formula of the image, in the parameter block: u32 share of its images in 65,536ths; f32 m, n, a, o, and c, d, e, f of
 * each channel. 0 where its colours are coded as they are.
 */
export let formula: usize;

/** Encoder: sets the formula of the image, of which a part has been coded. */
export function setFormula(wanted: i32): void {
  formula = wanted < 0 ? 0 : formulasAt() + wanted * FORMULA;
}

/**
 * Codes which formula the image has, −1: none. Where rows of it are `given`, they are as the first formula has them if
 * at least half of the images have that.
 */
export function codeFormula(wanted: i32, given: i32): void {
  formula = formulasAt();
  for (let n = 0; n < formulas; n++, formula += FORMULA) {
    const share = load<u32>(formula);
    if (given ? share >= 32768 : code(i32(n == wanted), 65536 - share)) return;
  }
  formula = 0;
}

/** A channel at light aY + o; its c, d, e, f are at `p`. */
function channel(p: usize, light: f32, u: f32, v: f32): i32 {
  const x = light + load<f32>(p, 20) * floor(load<f32>(p, 24) * u) +
    load<f32>(p, 28) * floor(load<f32>(p, 32) * v);
  return <i32> max(0, min(255, x));
}

/** Makes colours of an image of so many pixels; in the encoder they are known, at `colours`. */
export function colour(image: usize, pixels: i32, colours: usize): void {
  if (!formula) return;
  for (const end = image + 3 * pixels; image < end;) {
    const u = <f32> load<u8>(image) - load<f32>(formula, 4),
      v = <f32> load<u8>(image, 2) - load<f32>(formula, 8),
      light = load<f32>(formula, 12) * <f32> load<u8>(image, 1) + load<f32>(formula, 16);
    let off = 0;
    if (ENCODE) {
      for (let c = 0; c < 3; c++) off |= channel(formula + (c << 4), light, u, v) ^ load<u8>(colours + c);
      off = i32(off != 0);
    }
    if (ENCODE || !drawn) off = codeRare(off);
    for (let p = formula; p < formula + 48; p += 16, image++) {
      let x = channel(p, light, u, v);
      if (off) x += codeMultiple(ENCODE ? load<u8>(colours) - x : 0);
      store<u8>(image, x);
      if (ENCODE) colours++;
    }
  }
}
