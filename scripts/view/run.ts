/** Running a program's module in a Worker that can be ended at any moment, whatever the module does. */
import { MdlError } from "../../lib/errors.ts";
import { byteCount } from "../../lib/items.ts";
import { damaged } from "../../lib/program/bytes.ts";
import type { Reply, Request } from "../../lib/program/decode_worker.ts";
import type { ProgramInfo } from "../../lib/program/read.ts";
import { type Start, timeLimit } from "../../lib/program/sandbox.ts";

/** What a module is asked for, and who hears of it. */
export interface Run {
  readonly start: Start;
  /** Bytes of each item. */
  readonly lengths: readonly number[];
  /** How each item begins, where it was started so. */
  readonly known?: Uint8Array;
  readonly signal: AbortSignal;
  /** The next bytes of the items one after another; none while the module learns. */
  take(piece: Uint8Array): void;
}

/** Items and symbols that the Worker is asked for at once: some tenths of a second of work. */
const ITEMS = 4096, SYMBOLS = 2 ** 15;

/** Milliseconds of the longest time that a browser's clock can be set to. */
const LONGEST = 2 ** 31 - 1;

let source: string | undefined;

/** The address of the Worker's code, which stands in the page. */
function workerSource(): string {
  const code = document.getElementById("worker")!.textContent!;
  return source ??= URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
}

/**
 * Runs a module until its items are made.
 *
 * @throws {MdlError} `damaged` when it fails; `unsupported` when it cannot be started so; `too-long` over the time
 * limit; `interrupted`
 */
export async function run(info: ProgramInfo, { start, lengths, known, signal, take }: Run): Promise<void> {
  const symbols = lengths.reduce((sum, length) => sum + length, 0);
  const learnt = start.drawn && info.mode === "prequential" ? byteCount(info.items) : 0;
  const limit = timeLimit(info, learnt + symbols), worker = new Worker(workerSource());
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new MdlError("interrupted", "Stopped before the program had run to its end."));
  const timer = setTimeout(() => {
    reject(
      new MdlError(
        "too-long",
        `The program was stopped: it ran for more than ${Math.round(limit / 1000)} s.`,
      ),
    );
  }, Math.min(limit, LONGEST));
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const ask = (request: Request) => Promise.race([answer(worker, request), ended]);
  try {
    const module = Uint8Array.from(info.module);
    const { inPieces } = await ask({ module, ...start, milliseconds: limit });
    const making = inPieces ? pieces(lengths, known) : batches(lengths, known);
    for (let next = making.next(); !next.done;) {
      const { symbols } = await ask({ ...next.value, milliseconds: limit });
      take(symbols);
      next = making.next(symbols.length);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}

/** A request but for its time; what comes back is the number of bytes that it gave. */
type Requests = Generator<
  | Omit<Extract<Request, { lengths: unknown }>, "milliseconds">
  | Omit<Extract<Request, { from: unknown }>, "milliseconds">,
  void,
  number
>;

/** Some items at each request. */
function* batches(lengths: readonly number[], known?: Uint8Array): Requests {
  const each = (known?.length ?? 0) / lengths.length;
  for (let done = 0; done < lengths.length;) {
    let next = done, sum = 0;
    do sum += lengths[next++]!; while (
      next < lengths.length && next - done < ITEMS && sum + lengths[next]! <= SYMBOLS
    );
    const given = known ? { known: known.slice(done * each, next * each) } : {};
    yield { lengths: lengths.slice(done, next), ...given };
    done = next;
  }
}

/** One item after another, each piece by piece. */
function* pieces(lengths: readonly number[], known?: Uint8Array): Requests {
  const each = (known?.length ?? 0) / lengths.length;
  for (const [i, to] of lengths.entries()) {
    const given = known ? { known: known.slice(i * each, (i + 1) * each) } : {};
    let from = 0;
    do from += yield { from, to, ...given }; while (from < to);
  }
}

type Answer = Extract<Reply, { readonly symbols: Uint8Array }>;

/** One request and its reply. */
function answer(worker: Worker, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("symbols" in data) resolve(data);
      else if (data.failure === "absent") reject(new MdlError("unsupported", data.message));
      else reject(damaged(`it fails when it runs (${data.message})`));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new MdlError("damaged", `The program cannot be run: ${event.message || "no Worker starts"}.`));
    };
    worker.postMessage(request);
  });
}
