/** Encodes for `encode.ts`: reading a file's scans, and writing them anew to compare, are one piece of work each. */
import { answer } from "../workers.ts";
import { encodeJpeg, type JpegSpec } from "./engine.ts";

export interface EncodeRequest {
  readonly files: readonly Uint8Array[];
  readonly spec: JpegSpec;
}

answer(({ files, spec }: EncodeRequest, context) => encodeJpeg(files, spec, context));
