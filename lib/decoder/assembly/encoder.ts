/**
 * The encoder's side of the decoder: the same model, run with the symbols known. It also lets the host look at what the
 * model says (distributions).
 */
import { channelAt, openContext, readContext, setPassAt } from "./context";
import { colours, image, openImage, plane, recallLocally, setPiece, surveyPiece } from "./image";
import { codeFormula, colour, setFormula } from "./lattice";
import { keep, restore } from "./local";
import { below, openMixture } from "./mixture";
import { adaptive, channels, openModel, payload, scales } from "./model";
import { cellWeights, openNetwork, outputs, predict } from "./network";
import { close, open, reserve } from "./range_coder";
import { codeWeights } from "./weights";
import { beginAdapting, openAdapting } from "./adapt";

export { weights } from "./model";
/**
 * Where the host puts an image, and the colours of one whose Y, C1, C2 are coded; the bits of its symbols, f32[height, width,
 * channels]. `encodePiece` appends a piece of a pass (`setPiece`) to the payload: a scale is pass 0, or two passes.
 */
export { codePiece as encodePiece, colours, costs, image, learnPiece, setPiece } from "./image";
/** How a scale's code is ended, and its bits so far. */
export { close, spent } from "./range_coder";

/** Reads the parameter block that the host has written, and reserves memory. */
export function openEncoder(): void {
  openModel();
  openContext();
  openNetwork();
  openImage();
}

/** Begins an image: the formula of its colours, −1: none, is coded with the first scale. */
export function beginImage(formula: i32, first: bool): void {
  if (first) {
    reserve(8);
    codeFormula(formula, 0);
  } else setFormula(formula);
}

/** Ends an image, when all of it has been coded. */
export function endImage(h: i32, w: i32): void {
  const row = 3 * w;
  for (let at = 0; at < h * row; at += row) {
    reserve(31 * w);
    colour(image + at, w, colours + at);
  }
}

/** Rounds the weights to their steps, codes them; returns the address behind the code. */
export function encodeWeights(): usize {
  codeWeights();
  if (adaptive) openAdapting();
  return close();
}

/** Begins a scale's payload. */
export function openPayload(): void {
  open(payload(0), false, 0);
}

/** Looks at the image as a whole: call before `distribution`. `to` gets f32[height, width, channels, local inputs]. */
export function surveyImage(h: i32, w: i32, to: usize): void {
  if (adaptive) beginAdapting();
  keep();
  for (let pass = 0; pass < 2 * scales - 1; pass++) {
    setPiece(pass, 0, h, 0, w);
    surveyPiece(image, h, w, to);
  }
  restore();
}

/** Writes P(symbol < t) for t = 0 … 256 to `to` (257 f32). */
export function distribution(h: i32, w: i32, y: i32, x: i32, k: i32, to: usize): void {
  setPassAt(y, x);
  readContext(image, h, w, y, x, k);
  recallLocally(plane, <usize> ((y * w + x) * channels + channelAt(k)));
  predict(cellWeights(h, w, y, x), k);
  openMixture(outputs);
  for (let t = 0; t <= 256; t++) store<f32>(to + (t << 2), below(t));
}
