/** Long work on this thread, as stages do it: it shows progress, and lets an abort come in. */
import { MdlError } from "./errors.ts";
import type { Context } from "./context.ts";
import type { Progress } from "./progress.ts";

/** Milliseconds between two pauses: well under the second within which work must end when it is stopped. */
const PAUSE = 100;

/** Call it with what is done, as often as you like: at times it reports, and waits until other tasks have run. */
export type Pace = (done: number) => Promise<void> | undefined;

/**
 * The pace of one piece of work.
 *
 * @param stopped What the error says.
 * @throws {MdlError} `interrupted`, from the function that is returned, when the signal is aborted
 */
export function paceOf(
  { signal, progress }: Partial<Pick<Context, "signal" | "progress">>,
  work: Omit<Progress, "done" | "note">,
  stopped: string,
): Pace {
  let paused = performance.now();
  const pause = async (done: number) => {
    progress?.({ ...work, done });
    await new Promise((resolve) => setTimeout(resolve));
    paused = performance.now();
    if (signal?.aborted) throw new MdlError("interrupted", stopped);
  };
  return (done) => done >= work.total || performance.now() - paused > PAUSE ? pause(done) : undefined;
}

export const STOPPED_ENCODING = "Stopped while encoding; nothing was written.";

/** The pace of an encoder. Throws as `paceOf`. */
export function encodingPace(context: Parameters<typeof paceOf>[0], total: number, unit: string): Pace {
  return paceOf(context, { label: "encode", total, unit }, STOPPED_ENCODING);
}

/** Runs work that yields what is done to its end, at a pace. */
export async function paced<T>(work: Generator<number, T>, pace: Pace): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await pace(value);
  }
}

/** The same without a pause. */
export function finish<T>(work: Generator<number, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
