/** Runs one codec on one set for `measure.ts`: WebAssembly of a codec is in no hurry to let others run. */
import type { Effort } from "./codec.ts";
import type { Laid } from "./layouts.ts";
import { type CodecName, codecs, runTrials, type Trial } from "./trials.ts";

export interface Request {
  readonly codec: CodecName;
  readonly effort: Effort;
  readonly set: Laid;
}

/** One after each trial, then `version` as the last one; or what went wrong. */
export type Reply =
  | { readonly trial: Trial }
  | { readonly version: string }
  | { readonly failure: "mismatch" | "codec"; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(reply: Reply): void;
};

scope.onmessage = async ({ data: { codec, effort, set } }) => {
  try {
    for await (const trial of runTrials(codec, set, effort)) scope.postMessage({ trial });
    scope.postMessage({ version: await codecs[codec].version() });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({
      failure: (error as { code?: string }).code === "mismatch" ? "mismatch" : "codec",
      message,
    });
  }
};
