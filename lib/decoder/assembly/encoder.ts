/**
 * The encoder's side of the decoder: the same model, run with the symbols known. It also lets the host look at what the
 * model sees (contexts) and says (distributions).
 */
import { inputs, logScale, mean, openContext, readContext, scale } from "./context";
import { codeImage, image, openImage, probabilities } from "./image";
import { below, openMixture } from "./mixture";
import { channels, features, openModel, payload, weights } from "./model";
import { cellWeights, openNetwork, outputs, predict } from "./network";
import { close, codeEnd, open } from "./range_coder";
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

/** Where the host puts the image for `encodeImage`, `readAt` and `distribution`. */
export function imageAddress(): usize {
  return image;
}

/** f32[height, width, channels], filled by `encodeImage`. */
export function probabilitiesAddress(): usize {
  return probabilities;
}

export function inputsAddress(): usize {
  return inputs;
}

export function outputsAddress(): usize {
  return outputs;
}

export function featureCount(): i32 {
  return features;
}

/** Rounds the weights to their steps, codes them; returns the address behind the code. */
export function encodeWeights(): usize {
  codeWeights();
  return close();
}

export function openPayload(): void {
  open(payload(), false, 0);
}

/** Appends the image to the payload; memory grows as needed. */
export function encodeImage(h: i32, w: i32): void {
  // No symbol takes more than 3 bytes: each of its 8 decisions has a share of at least 2⁻¹⁶ … of the floor 2e-6.
  const needed = codeEnd() + 3 * <usize> (h * w * channels) + 64;
  const pages = <i32> ((needed + 0xffff) >> 16) - memory.size();
  if (pages > 0) memory.grow(max(pages, 64));
  codeImage(h, w);
}

/** Ends the payload; returns the address behind it. */
export function closePayload(): usize {
  return close();
}

/** Reads the context of a symbol into `inputs`; its mean, scale and log-scale go to `to` (3 f32). */
export function readAt(h: i32, w: i32, y: i32, x: i32, k: i32, to: usize): void {
  readContext(image, h, w, y, x, k);
  store<f32>(to, mean);
  store<f32>(to, scale, 4);
  store<f32>(to, logScale, 8);
}

/** Writes P(symbol < t) for t = 0 … 256 to `to` (257 f32). */
export function distribution(h: i32, w: i32, y: i32, x: i32, k: i32, to: usize): void {
  readContext(image, h, w, y, x, k);
  predict(cellWeights(h, w, y, x), k);
  openMixture(outputs);
  for (let t = 0; t <= 256; t++) store<f32>(to + (t << 2), below(t));
}
