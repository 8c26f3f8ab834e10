/** A published model as a two-part code of what it was trained on: its weights, and the data given the weights. */
import type { LargeModel, Loss } from "./models.ts";

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

/** Whether a paper says the loss of this model, and not only a law that was fitted to others. */
export const isPublished = ({ loss }: { readonly loss?: Loss | undefined }): boolean =>
  loss !== undefined && !loss.law && !loss.byLaw;

/**
 * Bytes of a prequential code of what was read: no weights, but the area under the loss curve in place of its end, by
 * the law, for a training in one pass. The mean of B/D^beta over the tokens up to D is that at D, divided by 1 − beta.
 */
export function prequentialBytes({ parameters, tokens, loss }: LargeModel): number | undefined {
  if (!loss?.law || !tokens) return undefined;
  const { E, A, alpha, B, beta } = loss.law;
  const nats = E + A / parameters ** alpha + B / tokens ** beta / (1 - beta);
  return nats / Math.LN2 * tokens / 8;
}

/** A paper and how many of its models pass a test: a paper has one vote, however many sizes it tried. */
export interface PaperVote {
  readonly source: string;
  readonly passed: number;
  readonly models: number;
  /** More than half of its models pass. */
  readonly vote: boolean;
}

/** The votes of papers, in the order of their first models. */
export function votesOf<M extends Pick<LargeModel, "source">>(
  models: readonly M[],
  passes: (model: M) => boolean,
): readonly PaperVote[] {
  return [...Map.groupBy(models, ({ source }) => source)].map(([source, own]) => {
    const passed = own.filter(passes).length;
    return { source, passed, models: own.length, vote: passed > own.length / 2 };
  });
}

/** Bytes of ImageNet's labels, if nothing were known of them: what a classifier could have compressed. */
export function labelBytes(images: number, classes: number): number {
  return images * Math.log2(classes) / 8;
}
