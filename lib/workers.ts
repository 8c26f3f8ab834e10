/**
 * Workers for short pieces of work. In the Deno kernel a new Worker takes a second before it answers (Deno 2.9.6; a
 * script's takes a hundredth of that), so there one that is done waits for the next piece of work of its kind.
 */
import { kernel } from "./kernel.ts";

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
