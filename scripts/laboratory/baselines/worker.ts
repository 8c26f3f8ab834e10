/** Runs one codec on one set for `measure.ts`: WebAssembly of a codec is in no hurry to let others run. */
import type { Effort } from "./codec.ts";
import type { Laid } from "./layouts.ts";
import { type CodecName, codecs, type Outcome, outcomeOf, type Trial } from "./trials.ts";

export interface Request {
  readonly codec: CodecName;
  readonly effort: Effort;
  readonly set: Laid;
}

/** One after each trial, then the outcome. */
export type Reply = { readonly trial: Trial } | { readonly outcome: Outcome };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(reply: Reply): void;
};

scope.onmessage = async ({ data: { codec, effort, set } }) => {
  const report = (trial: Trial) => scope.postMessage({ trial });
  scope.postMessage({ outcome: await outcomeOf(codec, codecs[codec], { set, effort, report }) });
};
