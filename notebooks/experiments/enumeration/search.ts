/** The shortest programs of the tiny language that print given symbols: all programs, length after length. */
import { MdlError } from "../../../lib/errors.ts";
import { threadsOf } from "../../../lib/backend/threads.ts";
import {
  checkArguments,
  checkOptions,
  contextWith,
  FLAG,
  object,
  required,
  whole,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { closeWorker, openWorker } from "../../../lib/workers.ts";
import { redundantWindows } from "./equivalence.ts";
import type { Outcome, Share, Work } from "./enumerator.ts";
import type { Targets } from "./targets.ts";

const MODULE = new URL("./search_worker.ts", import.meta.url);

export interface SearchOptions {
  /** Opcodes of the longest programs, at most 15. */
  readonly longest: number;
  /** Instructions without printing after which a program is given up. */
  readonly limit: number;
  /** False runs redundant programs, too: to check that nothing is lost by leaving them out. */
  readonly prune?: boolean;
  readonly workers?: number;
}

/** All 16^length programs of a length, by what became of them. */
export interface Census extends Readonly<Record<Outcome, bigint>> {
  readonly length: number;
  /** Prefixes that were run. */
  readonly prefixes: number;
  /** Instructions that were executed. */
  readonly instructions: number;
  readonly seconds: number;
}

/** What was found of one target. */
export interface Finding {
  readonly name: string;
  /** The first shortest program, one opcode each; null where no program up to the longest length prints the target. */
  readonly program: Uint8Array | null;
  /** Its most instructions between two symbols. */
  readonly gap: number;
  /** Programs of that length that print it, redundant ones left out. */
  readonly others: bigint;
  /**
   * Programs shorter than that (or none longer than the longest) that agreed with the target as far as they ran. While
   * there are any, the length is an upper bound of the shortest, otherwise it is the shortest.
   */
  readonly undecided: bigint;
}

export interface Search {
  readonly census: readonly Census[];
  readonly findings: readonly Finding[];
}

/** First opcodes: the shares of the work. */
const SHARES = 16;

/**
 * Runs all programs of 1, 2, … opcodes against all targets; a target that has been printed is left out of the next
 * length. It ends early when all have been.
 *
 * @throws {MdlError} `usage` for more than 32 targets or a senseless length; `interrupted`
 */
export async function search(
  targets: Targets,
  options: SearchOptions,
  context: Pick<Context, "signal" | "progress">,
): Promise<Search> {
  checkArguments("search", { targets, context }, {
    targets: object("targets, as patterns or sequences makes them", "width", "count", "all"),
    context: contextWith("signal", "progress"),
  });
  checkOptions("search", options, {
    longest: required(whole(1, 15)),
    limit: required(whole(1)),
    prune: FLAG,
    workers: whole(1),
  });
  const { width, count, all } = targets;
  const { longest, limit, prune = true, workers = Math.min(2, threadsOf()) } = options;
  if (all.length > 32) throw new MdlError("usage", `A search takes 32 targets at once, not ${all.length}.`);
  const work: Work = {
    width,
    count,
    limit,
    prune,
    windows: redundantWindows({ sequence: width === count }),
    targets: all.map(({ symbols }) => symbols),
  };
  const pool = await openPool(work, workers, context.signal);
  const census: Census[] = [], found: (Finding | null)[] = all.map(() => null);
  const undecided = all.map(() => 0n);
  try {
    for (let length = 1; length <= longest && found.includes(null); length++) {
      const alive = found.reduce((bits, one, t) => one ? bits : bits | 1 << t, 0) >>> 0;
      const begun = performance.now(), shares: Share[] = [];
      await pool.run(length, alive, (share) => {
        shares.push(share);
        const done = programsUpTo(length - 1) + shares.length * SHARES ** (length - 1);
        const note = `of ${length} opcodes`;
        context.progress({ label: "search", done, total: programsUpTo(longest), unit: "programs", note });
      });
      shares.sort((a, b) => a.first - b.first);
      const sum = (of: (share: Share) => bigint) => shares.reduce((total, share) => total + of(share), 0n);
      const number = (of: (share: Share) => bigint) => Number(sum(of));
      census.push({
        length,
        printed: sum((s) => s.counts.printed),
        wrong: sum((s) => s.counts.wrong),
        silent: sum((s) => s.counts.silent),
        redundant: sum((s) => s.counts.redundant),
        undecided: sum((s) => s.counts.undecided),
        prefixes: number((s) => s.prefixes),
        instructions: number((s) => s.instructions),
        seconds: (performance.now() - begun) / 1000,
      });
      all.forEach(({ name }, t) => {
        if (found[t]) return;
        const first = shares.find((share) => share.found[t]!.programs > 0n)?.found[t];
        if (first) {
          const others = sum((s) => s.found[t]!.programs);
          found[t] = { name, program: first.program, gap: first.gap, others, undecided: undecided[t]! };
        } else undecided[t]! += sum((s) => s.undecided[t]!);
      });
    }
  } finally {
    pool.close();
  }
  const missing = (t: number): Finding => ({
    name: all[t]!.name,
    program: null,
    gap: 0,
    others: 0n,
    undecided: undecided[t]!,
  });
  return { census, findings: found.map((one, t) => one ?? missing(t)) };
}

/** How many programs have so many opcodes or fewer. */
function programsUpTo(length: number): number {
  return Array.from({ length }, (_, i) => SHARES ** (i + 1)).reduce((a, b) => a + b, 0);
}

/** Workers that take shares of a length as they become free. */
async function openPool(work: Work, size: number, signal: AbortSignal) {
  const pool = Array.from(
    { length: Math.max(1, size) },
    () => openWorker(MODULE),
  );
  let asked = 0; // and not answered
  const close = () => pool.forEach((worker) => closeWorker(worker, MODULE, asked === 0));
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  const stop = () => stopped.reject(new MdlError("interrupted", "Stopped while running all programs."));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const ask = <T>(worker: Worker, message: unknown): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    asked++;
    worker.onmessage = ({ data }) => {
      asked--;
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new MdlError("unsupported", `The search does not run here: ${event.message}`));
    };
    worker.postMessage(message);
    return Promise.race([promise, stopped.promise]);
  };
  try {
    await Promise.all(pool.map((worker) => ask(worker, work)));
  } catch (error) {
    close();
    throw error;
  }
  return {
    async run(length: number, alive: number, done: (share: Share) => void): Promise<void> {
      let next = 0;
      await Promise.all(pool.map(async (worker) => {
        while (next < SHARES) done(await ask<Share>(worker, { first: next++, length, alive }));
      }));
    },
    close() {
      signal.removeEventListener("abort", stop);
      close();
    },
  };
}
