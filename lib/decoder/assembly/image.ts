/** One image in raster order: context, prediction, symbol. */
import { channelAt, readContext } from "./context";
import { openMixture } from "./mixture";
import { allocate, channels, group, groups } from "./model";
import { cellWeights, outputs, predict } from "./network";
import { reserve } from "./range_coder";
import { codeSymbol, probability } from "./symbol";

/** The image, u8[height, width, channels]: in the encoder what is to be coded, in the decoder what has been. */
export let image: usize;
/** Encoder: probabilities that the model gave to the symbols, f32[height, width, channels]. */
export let probabilities: usize;

/** Reserves memory for the largest image. */
export function openImage(): void {
  let most = 0;
  for (let g = 0; g < groups; g++) most = max(most, group(g, 1) * group(g, 2) * channels);
  image = allocate(most);
  if (ENCODE) probabilities = allocate(<usize> most << 2);
}

export function codeImage(h: i32, w: i32): void {
  for (let y = 0; y < h; y++) {
    if (ENCODE) reserve(8 * w * channels);
    for (let x = 0; x < w; x++) {
      const cell = cellWeights(h, w, y, x);
      for (let k = 0; k < channels; k++) {
        const at = (y * w + x) * channels + channelAt(k);
        readContext(image, h, w, y, x, k);
        predict(cell, k);
        openMixture(outputs);
        store<u8>(image + at, codeSymbol(load<u8>(image + at)));
        if (ENCODE) store<f32>(probabilities + (at << 2), probability);
      }
    }
  }
}
