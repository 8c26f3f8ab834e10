/** A published model as a two-part code of what it was trained on: its weights, and the data given the weights. */
import type { LargeModel } from "./models.ts";

/** All in bytes. An estimate: nobody has run these coders over those data. */
export interface CodeLength {
  readonly weights: number;
  /** Loss × tokens. */
  readonly payload: number;
  readonly total: number;
  /** What was read, uncompressed. */
  readonly data: number;
}

/** Bytes of a model's weights at the precision that was published. */
export function weightBytes({ parameters, weights }: LargeModel): number {
  return parameters * weights.bits / 8;
}

/** Undefined where loss, tokens or bytes are not published. */
export function codeLengthOf(model: LargeModel): CodeLength | undefined {
  const { loss, tokens, data } = model;
  if (!loss || !tokens || !data) return undefined;
  const weights = weightBytes(model), bits = loss.bitsPerToken ?? loss.nats! / Math.LN2;
  const payload = bits * tokens / 8;
  return { weights, payload, total: weights + payload, data: data.bytes };
}

/** Bytes of ImageNet's labels, if nothing were known of them: what a classifier could have compressed. */
export function labelBytes(images: number, classes: number): number {
  return images * Math.log2(classes) / 8;
}
