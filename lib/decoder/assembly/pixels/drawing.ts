/**
 * For drawings. A pixel: first whether it has the colour of the one on its left; if not, its channels, each as eight
 * decisions from its highest bit on.
 */
import { channels } from "./block";
import { addChannel, addPixel, readChannel, readPixel } from "./contexts";
import { beginTree, decide, openDecisions } from "./decision";
import { at, colour } from "./place";

export function openModel(): void {
  openDecisions();
}

export function codePixel(known: bool): void {
  readPixel();
  for (let k = 0; k < channels; k++) {
    readChannel(k);
    beginTree();
    if (!k && decide(i32(colour(0) == colour(channels)), known, 0, 0, 0)) {
      memory.copy(at, at - channels, channels);
      break;
    }
    codeChannel(known, k);
  }
  addPixel();
}

function codeChannel(known: bool, k: i32): void {
  let byte: i32 = load<u8>(at + k), bits = 1;
  for (let q = 1; q < 9; q++) {
    bits = bits << 1 | decide((byte >> 7) & 1, known, k, bits, q);
    byte <<= 1;
  }
  store<u8>(at + k, bits);
  addChannel(bits & 255);
}
