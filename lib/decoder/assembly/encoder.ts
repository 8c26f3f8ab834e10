/**
 * The encoder's side of the decoder: the same model, run with the symbols known. It also lets the host look at what the
 * model says (distributions).
 */
import { openContext, readContext } from "./context";
import { codeImage, image, openImage, probabilities } from "./image";
import { below, openMixture } from "./mixture";
import { openModel, payload, weights } from "./model";
import { cellWeights, openNetwork, outputs, predict } from "./network";
import { close, open } from "./range_coder";
import { codeWeights } from "./weights";

/** Reads the parameter block that the host has written, and reserves memory. */
export function openEncoder(): void {
  openModel();
  openContext();
  openNetwork();
  openImage();
}

export function weightsAddress(): usize {
  return weights;
}

/** Where the host puts the image for `encodeImage` and `distribution`. */
export function imageAddress(): usize {
  return image;
}

/** f32[height, width, channels], filled by `encodeImage`. */
export function probabilitiesAddress(): usize {
  return probabilities;
}

/** Rounds the weights to their steps, codes them; returns the address behind the code. */
export function encodeWeights(): usize {
  codeWeights();
  return close();
}

export function openPayload(): void {
  open(payload(), false, 0);
}

/** Appends the image to the payload. */
export function encodeImage(h: i32, w: i32): void {
  codeImage(h, w);
}

/** Ends the payload; returns the address behind it. */
export function closePayload(): usize {
  return close();
}

/** Writes P(symbol < t) for t = 0 … 256 to `to` (257 f32). */
export function distribution(h: i32, w: i32, y: i32, x: i32, k: i32, to: usize): void {
  readContext(image, h, w, y, x, k);
  predict(cellWeights(h, w, y, x), k);
  openMixture(outputs);
  for (let t = 0; t <= 256; t++) store<f32>(to + (t << 2), below(t));
}
