import type { Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { MdlError } from "../errors.ts";
import { type Files, itemsOf } from "../files/data.ts";
import { readModule } from "../decoder/modules.ts";
import { STOPPED_ENCODING } from "../pace.ts";
import { ask, inWorker } from "../workers.ts";
import type { EncodeRequest } from "./encode_worker.ts";
import {
  type BytesCode,
  type ByteSpec,
  DEFAULT_SPEC,
  encodeBytes,
  moduleName,
  rateFor,
  sizeFor,
  tableBytes,
} from "./engine.ts";

const MODULE = new URL("./encode_worker.ts", import.meta.url);

/** Models with larger tables than this, in bytes, have a Worker of their own: two of them do not fit side by side. */
const LARGE = 2 ** 26;

/** The model with everything on, for so many bytes. */
export function specOf(model: ByteSpec["model"], kind: ByteSpec["kind"], bytes: number): ByteSpec {
  return { ...DEFAULT_SPEC, model, kind, size: sizeFor(model, bytes), rate: rateFor(bytes) };
}

/**
 * Files under a model that learns while it decodes.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeText(data: Files, spec: ByteSpec, context: Context): Promise<Coded> {
  const request: EncodeRequest = { symbols: data.symbols, items: itemsOf(data), spec };
  const { itemBits: _, ...code } = tableBytes(spec) > LARGE
    ? await inWorker(MODULE, (worker) => ask<BytesCode>(worker, request, context)).catch((cause) => {
      throw context.signal.aborted ? new MdlError("interrupted", STOPPED_ENCODING, { cause }) : cause;
    })
    : await encodeBytes(request.symbols, request.items, spec, context);
  return { ...code, decoder: await readModule(moduleName("text", spec)) };
}
