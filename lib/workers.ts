/**
 * Workers for short pieces of work. In the Deno kernel a new Worker takes a second before it answers (Deno 2.9.6; a
 * script's takes a hundredth of that), so there one that is done waits for the next piece of work of its kind.
 */
import type { Context } from "./context.ts";
import { MdlError } from "./errors.ts";
import { kernel } from "./jupyter.ts";
import { STOPPED_ENCODING } from "./pace.ts";
import type { Progress } from "./progress.ts";

/** Workers that wait, by the address of their module. */
const waiting = new Map<string, Worker[]>();

/** A Worker that runs this module, for one piece of work. */
export function openWorker(module: URL): Worker {
  return waiting.get(module.href)?.pop() ?? new Worker(module, { type: "module" });
}

/**
 * Ends a Worker, or keeps it.
 *
 * @param done It has answered all that it was asked, and could be asked again.
 */
export function closeWorker(worker: Worker, module: URL, done: boolean): void {
  worker.onmessage = worker.onerror = null;
  if (!done || !kernel()) return worker.terminate();
  const others = waiting.get(module.href) ?? [];
  others.push(worker);
  waiting.set(module.href, others);
}

/** Lets `work` use a Worker that runs this module, and ends it, or keeps it, when all that it was asked is answered. */
export async function inWorker<T>(module: URL, work: (worker: Worker) => Promise<T>): Promise<T> {
  const worker = openWorker(module);
  let done = false;
  try {
    const result = await work(worker);
    done = true;
    return result;
  } finally {
    closeWorker(worker, module, done);
  }
}

/**
 * Has a Worker encode: what takes long in one piece, or much memory, does not hold this thread.
 *
 * @throws {MdlError} `interrupted`, at once; what the Worker throws, as an `Error`
 */
export async function encodeInWorker<Reply>(
  module: URL,
  request: unknown,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<Reply> {
  return await inWorker(module, (worker) => ask<Reply>(worker, request, context)).catch((cause) => {
    throw context.signal?.aborted ? new MdlError("interrupted", STOPPED_ENCODING, { cause }) : cause;
  });
}

/** In a Worker that is asked so: answers each message with what `work` makes of it, which may report its progress before. */
export function answer<Request, Reply>(
  work: (request: Request, context: Pick<Context, "progress">) => Promise<Reply>,
): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<Request>) => Promise<void>;
    postMessage(reply: { readonly progress: Progress } | Reply): void;
  };
  const progress = (progress: Progress) => scope.postMessage({ progress });
  scope.onmessage = async ({ data }) => scope.postMessage(await work(data, { progress }));
}

/**
 * Sends a Worker one message and waits for its one answer; before that it may report (`{ progress }`).
 *
 * @param transfer What moves to the Worker instead of being copied; nothing by default.
 * @throws what the Worker throws, as an `Error`; the abort's reason when the signal is aborted first: the Worker goes on
 * with what it does (`terminate` does not stop a busy one in Deno 2.9.6).
 */
export async function ask<Reply>(
  worker: Worker,
  message: unknown,
  { signal, progress }: Partial<Pick<Context, "signal" | "progress">>,
  transfer: Transferable[] = [],
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const stop = () => reject(signal!.reason);
  worker.onmessage = ({ data }: MessageEvent<Reply | { readonly progress: Progress }>) => {
    if ("progress" in (data as object)) progress?.((data as { progress: Progress }).progress);
    else resolve(data as Reply);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  try {
    worker.postMessage(message, transfer);
    return await promise;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
