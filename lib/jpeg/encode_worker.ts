/** Encodes for `encode.ts`: reading a file's scans, and writing them anew to compare, are one piece of work each. */
import type { Progress } from "../progress.ts";
import { encodeJpeg, type JpegCode, type JpegSpec } from "./engine.ts";

export interface EncodeRequest {
  readonly files: readonly Uint8Array[];
  readonly spec: JpegSpec;
}

/** Progress, as often as it comes, and then the code. */
type EncodeReply = { readonly progress: Progress } | JpegCode;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<EncodeRequest>) => void;
  postMessage(reply: EncodeReply): void;
};

scope.onmessage = async ({ data: { files, spec } }) => {
  const progress = (progress: Progress) => scope.postMessage({ progress });
  scope.postMessage(await encodeJpeg(files, spec, { progress }));
};
