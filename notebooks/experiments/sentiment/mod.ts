/** What the notebooks use of sentiment. */
export { answers, attentionTask, attentionUses } from "./attention.ts";
export { compressionTask } from "./by_compression.ts";
export { linearTask, linearWords } from "./linear.ts";
export { loadReviews, sharedOpenings, splitReviews } from "./reviews.ts";
export { decodeWordModel } from "./words.ts";
