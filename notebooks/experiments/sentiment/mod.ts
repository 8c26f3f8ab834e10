/** What the notebooks use of sentiment. */
export { answers, attentionTask, attentionUses } from "./attention.ts";
export { compressionTask } from "./by_compression.ts";
export { excerptsOf, loadEncoder } from "./encoder.ts";
export { cosine, encoderTasks } from "./head.ts";
export { linearTask, linearWords } from "./linear.ts";
export { loadReviews, type Review, sharedOpenings, splitReviews } from "./reviews.ts";
export { decodeWordModel, wordsOf } from "./words.ts";
