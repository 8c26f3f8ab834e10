import type { Context } from "../context.ts";
import { encodeInWorker } from "../workers.ts";
import type { EncodeRequest } from "./encode_worker.ts";
import type { JpegCode, JpegSpec } from "./engine.ts";

const MODULE = new URL("./encode_worker.ts", import.meta.url);

/**
 * JPEG files as `encodeJpeg` of the engine codes them, in a Worker.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeFiles(
  files: readonly Uint8Array[],
  spec: JpegSpec,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<JpegCode> {
  return await encodeInWorker<JpegCode>(MODULE, { files, spec } satisfies EncodeRequest, context);
}
