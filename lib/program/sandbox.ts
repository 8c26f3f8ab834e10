/** Running a program's module in a Worker, within a time limit: it gives items, or a look into its memory. */
import { MdlError } from "../errors.ts";
import { CONTEXT, decimal, type Kinds, object } from "../options.ts";
import { byteCount } from "../items.ts";
import type { Context } from "../context.ts";
import type { Progress } from "../progress.ts";
import { damaged } from "./bytes.ts";
import type { OpenRequest, Reply, Request } from "./decode_worker.ts";
import { ask, inWorker } from "../workers.ts";
import type { Limits, ProgramInfo } from "./read.ts";

const MODULE = new URL("./decode_worker.ts", import.meta.url);

/** Within what a program is run. */
export interface DecodeOptions extends Partial<Pick<Context, "signal" | "progress">> {
  /** Milliseconds; by default what `timeLimit` says. Infinity is no limit. */
  readonly timeLimit?: number;
  /**
   * Of what is drawn, and of what a program that `modelOf` reads may hold; by default `DEFAULT_LIMITS`. What is decoded was
   * held to the limits of `programOf`.
   */
  readonly limits?: Partial<Limits>;
}

/** What the options take. */
export const DECODING: Kinds = {
  ...CONTEXT,
  timeLimit: decimal(0),
  limits: object("limits, such as { items: 1000 }"),
};

/** How new data are drawn. */
export interface DrawOptions extends DecodeOptions {
  /**
   * Above 1 the distributions from which symbols are drawn are wider than the model's, below 1 narrower (mixture logits
   * divided by it, scales multiplied by it): 0.01 to 100, 1 by default.
   */
  readonly temperature?: number;
  /** Bytes of each new item, where the kind of data has items of any length. */
  readonly length?: number;
  /** How each new item begins, where the kind of data has items of any length. */
  readonly prompt?: string | Uint8Array;
}

/** What those of all kinds of data take. */
export const DRAWING: Kinds = { ...DECODING, temperature: decimal(0.01, 100) };

/** What the decoder is started with; README.md says what the fields mean. */
export type Start = Omit<OpenRequest, "module" | "milliseconds">;

/** A module that has been started. */
export interface Sandbox {
  /**
   * The next items, of these lengths in bytes, one after another.
   *
   * @param shown Name and unit of the progress.
   * @param known What is given of each item, one after another, when it was started so.
   */
  items(
    lengths: Uint32Array,
    shown: Pick<Progress, "label" | "unit">,
    known?: Uint8Array,
  ): Promise<Uint8Array>;
  /** A copy of its memory from an address on. */
  memory(address: number, length: number): Promise<Uint8Array>;
}

/** Symbols that the Worker is asked for at once: some tenths of a second of work. */
const BATCH = 2 ** 16;

/** Milliseconds after which it is said that the Worker is still at an item. */
const WAITING = 2000;

/** Of the default time limit, in milliseconds: what all programs have, what each symbol adds, and the most. */
const LEAST_TIME = 30_000, SYMBOL_TIME = 0.1, MOST_TIME = 3_600_000;

/** What each symbol adds for each byte of weights: several times what a model takes that looks at all of them for each. */
const WEIGHT_TIME = 1e-6;

/**
 * Symbols that a byte of payload can stand for, at most. A symbol is eight decisions, and the likelier side of none has
 * more than 65,535 of 65,536 parts: it takes log₂(65536/65535) bits or more.
 */
const SYMBOLS_A_BYTE = 1 / Math.log2(65536 / 65535);

/**
 * Milliseconds that a program may run for so many symbols: half a minute, and for each of them 0.1 ms (twenty times what
 * a slow model takes) and 10⁻⁶ ms a byte of weights, an hour at most. Symbols that a program announces count in so far as
 * its payload can hold them.
 */
export function timeLimit(
  { segments, scales, items }: Pick<ProgramInfo, "segments" | "scales" | "items">,
  symbols: number,
): number {
  const payloads = segments.filter(({ kind }) => kind === "payload");
  const bytes = payloads.reduce((sum, payload) => sum + payload.bytes.length, 0);
  const left = 4 ** (scales - payloads.length); // each scale has four times the symbols of all before it
  const held = Math.min(1, SYMBOLS_A_BYTE * bytes * left / Math.max(1, byteCount(items)));
  const weights = segments.find(({ kind }) => kind === "weights")?.bytes.length ?? 0;
  return Math.min(MOST_TIME, LEAST_TIME + (SYMBOL_TIME + WEIGHT_TIME * weights) * symbols * held);
}

/**
 * Starts a module, lets `work` use it, and ends it.
 *
 * @param symbols Symbols that will be asked for: the default time limit depends on them.
 * @throws {MdlError} `damaged` when the module fails; `unsupported` when it cannot be started so; `too-long` over the
 * time limit; `interrupted`.
 */
export async function inSandbox<T>(
  info: ProgramInfo,
  start: Start,
  symbols: number,
  { signal, progress = () => {}, ...options }: DecodeOptions,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const learnt = start.drawn && info.mode === "prequential" ? byteCount(info.items) : 0;
  const limit = options.timeLimit ?? timeLimit(info, learnt + symbols), end = performance.now() + limit;
  const remaining = () => {
    if (performance.now() < end) return end - performance.now();
    throw tooSlow(limit);
  };
  return await inWorker(MODULE, async (worker) => {
    const request = async (message: Request) => {
      const transfer = "module" in message ? [message.module.buffer] : [];
      const reply = await ask<Reply>(worker, message, signal ? { signal } : {}, transfer).catch((cause) => {
        if (!signal?.aborted) throw new MdlError("damaged", `The program cannot be run: ${cause.message}.`);
        throw new MdlError("interrupted", "Stopped before the program had run to its end.");
      });
      if ("symbols" in reply) return reply;
      if (reply.failure === "time") throw tooSlow(limit);
      if (reply.failure === "absent") throw new MdlError("unsupported", reply.message);
      throw damaged(`it fails when it runs (${reply.message})`);
    };
    const opened = await request({ module: info.module.slice(), ...start, milliseconds: limit });
    const make = async (wanted: Wanted) =>
      (await request({ ...wanted, milliseconds: remaining() } as Request)).symbols;
    return await work({
      memory: async (address, length) => (await request({ address, length })).symbols,
      items: (lengths, shown, known) => {
        const report: Report = (done) => progress({ ...shown, ...done });
        return (opened.inPieces ? itemsInPieces : itemsInBatches)(lengths, known, make, report);
      },
    });
  });
}

/** What the Worker is asked for, but for the time that it has. */
type Wanted =
  | Omit<Extract<Request, { lengths: unknown }>, "milliseconds">
  | Omit<Extract<Request, { from: unknown }>, "milliseconds">;

/** How far the work is: in items, where nothing else is said. */
type Report = (done: Pick<Progress, "done" | "total"> & Partial<Pick<Progress, "unit" | "note">>) => void;

/** Some items at each request. */
async function itemsInBatches(
  lengths: Uint32Array,
  known: Uint8Array | undefined,
  make: (wanted: Wanted) => Promise<Uint8Array>,
  report: Report,
): Promise<Uint8Array> {
  const found = new Uint8Array(total(lengths)), each = (known?.length ?? 0) / lengths.length;
  let done = 0, at = 0;
  while (done < lengths.length) {
    const batch = nextBatch(lengths, done), next = done + batch.length;
    const rows = known ? { known: known.slice(done * each, next * each) } : {};
    // a large item is one call of the module: nobody sees how far it is, but that it goes on
    const goesOn = (note: string) => report({ done, total: lengths.length, note });
    found.set(await waiting(goesOn, () => make({ lengths: batch, ...rows })), at);
    done = next;
    at += total(batch);
    report({ done, total: lengths.length });
  }
  return found;
}

/** One item after another, each piece by piece. */
async function itemsInPieces(
  lengths: Uint32Array,
  known: Uint8Array | undefined,
  make: (wanted: Wanted) => Promise<Uint8Array>,
  report: Report,
): Promise<Uint8Array> {
  const found = new Uint8Array(total(lengths)), each = (known?.length ?? 0) / lengths.length;
  let at = 0;
  for (const [i, to] of lengths.entries()) {
    const first = at, rows = known ? { known: known.slice(i * each, (i + 1) * each) } : {};
    do {
      const piece = await make({ from: at - first, to, ...rows });
      found.set(piece, at);
      at += piece.length;
      report({ done: at, total: found.length, unit: "bytes" });
    } while (at - first < to);
  }
  return found;
}

/** Says every other second that the work goes on. */
async function waiting<T>(say: (note: string) => void, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const timer = setInterval(() => {
    say(`${Math.round((performance.now() - begun) / 1000)} s on this one`);
  }, WAITING);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function total(lengths: Iterable<number>): number {
  let sum = 0;
  for (const length of lengths) sum += length;
  return sum;
}

/** Lengths of the items from `first` on that together have about `BATCH` symbols, at least one. */
function nextBatch(lengths: Uint32Array, first: number): number[] {
  let last = first + 1;
  for (let sum = lengths[first]!; last < lengths.length && (sum += lengths[last]!) <= BATCH;) last++;
  return [...lengths.subarray(first, last)];
}

function tooSlow(limit: number): MdlError {
  return new MdlError(
    "too-long",
    `The program was stopped: it ran for more than ${Math.round(limit / 1000)} s.`,
  );
}
