/** The model that the module is built with: the whole one, or the plain one for small files. */
import { log, sigmoid } from "../math";
import { code } from "../range_coder";
import { addBit, addByte, partial } from "./history";
import * as plain from "./plain";
import * as predictor from "./predictor";
import * as repeats from "./repeats";
import { divisor } from "./temperature";

export function allocateModel(): void {
  if (REPEATS) repeats.allocateModel();
  else if (PLAIN) plain.allocateModel();
  else predictor.allocateModel();
}

/** Begins to learn; what was learnt before is forgotten. */
export function openModel(): void {
  if (REPEATS) repeats.openModel();
  else if (PLAIN) plain.openModel();
  else predictor.openModel();
}

/** What a byte is: drawn, 1 for it is coded; given, 2 for it is learnt from; of the data, both; or given again, neither. */
export const DRAWN = 1, GIVEN = 2, CODED = DRAWN | GIVEN;

/**
 * Codes a byte at the end of the history. One that is drawn is not learnt from: in a few thousand bytes what is unlikely
 * would become what is expected, and text noise.
 */
export function codeByte(byte: i32, what: i32): void {
  while (partial < 256) {
    let p = REPEATS ? repeats.predict() : PLAIN ? plain.predict() : predictor.predict();
    if (!ENCODE && !PLAIN && divisor != 1) p = sigmoid(log(p / (1 - p)) / divisor);
    const zero = 65536 - <u32> max(min(p * 65536, <f32> 65535), <f32> 1);
    let bit = (byte >> 7) & 1;
    if (ENCODE || what & DRAWN) bit = code(bit, zero);
    if (ENCODE || what & GIVEN) {
      if (REPEATS) repeats.learn(bit);
      else if (PLAIN) plain.learn(bit);
      else predictor.learn(bit);
    }
    addBit(bit);
    byte <<= 1;
  }
  addByte();
  if (REPEATS) repeats.renewContexts();
  else if (PLAIN) plain.renewContexts();
  else predictor.renew();
}
