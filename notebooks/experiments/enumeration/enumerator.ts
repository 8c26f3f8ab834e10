/** Runs all programs of a length that begin with one opcode, in WebAssembly. */

/** What all shares have in common. */
export interface Work {
  readonly width: number;
  readonly count: number;
  readonly limit: number;
  readonly prune: boolean;
  /** See `redundantWindows`. */
  readonly windows: Uint8Array;
  /** Symbols of each target. */
  readonly targets: readonly Uint8Array[];
}

/** A share: programs of `length` opcodes that begin with `first`, against the targets whose bits are in `alive`. */
export interface Task {
  readonly first: number;
  readonly length: number;
  readonly alive: number;
}

/**
 * What becomes of a program: it prints a target; it prints a symbol that none has; it is proved that it prints no more;
 * an earlier program does the same; or nothing was known when it reached the limit.
 */
const OUTCOMES = ["printed", "wrong", "silent", "redundant", "undecided"] as const;
export type Outcome = typeof OUTCOMES[number];

/** What became of the programs of a share. */
export interface Share {
  readonly first: number;
  readonly counts: Readonly<Record<Outcome, bigint>>;
  readonly prefixes: bigint;
  readonly instructions: bigint;
  /** Of each target: programs that agreed with it when they reached the limit. */
  readonly undecided: readonly bigint[];
  /** Of each target: how many programs print it, and the first of them. */
  readonly found: readonly {
    readonly programs: bigint;
    readonly program: Uint8Array;
    readonly gap: number;
  }[];
}

/** Addresses in enumerate.wasm; its source documents them. */
const PROGRAMS = 768, COUNTS = 64, STEPS = 128, NODES = 136, UNDECIDED = 256, FOUND = 512, GAPS = 1280;
const WINDOWS = 4096, MATCH = 655_360, PAGE = 65_536;

interface Enumerator {
  readonly memory: WebAssembly.Memory;
  explore(
    ...args: [
      first: number,
      length: number,
      width: number,
      count: number,
      limit: number,
      alive: number,
      prune: number,
    ]
  ): void;
}

/** Opens the enumerator for the targets; each call runs one share. */
export async function openEnumerator(
  { width, count, limit, prune, windows, targets }: Work,
): Promise<(task: Task) => Share> {
  const bytes = await Deno.readFile(new URL("enumerate.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory, explore } = instance.exports as unknown as Enumerator;
  const missing = Math.ceil((MATCH + 1024 * count) / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  const { buffer } = memory, counters = new BigUint64Array(buffer);
  new Uint8Array(buffer).set(windows, WINDOWS);
  const match = new Uint32Array(buffer, MATCH, 256 * count);
  targets.forEach((symbols, t) => symbols.forEach((symbol, i) => match[256 * i + symbol]! |= 1 << t));
  return ({ first, length, alive }) => {
    explore(first, length, width, count, limit, alive, Number(prune));
    const read = (address: number, i = 0) => counters[address / 8 + i]!;
    const [printed, wrong, silent, redundant, undecided] = OUTCOMES.map((_, i) => read(COUNTS, i));
    return {
      first,
      prefixes: read(NODES),
      instructions: read(STEPS),
      counts: {
        printed: printed!,
        wrong: wrong!,
        silent: silent!,
        redundant: redundant!,
        undecided: undecided!,
      },
      undecided: targets.map((_, t) => read(UNDECIDED, t)),
      found: targets.map((_, t) => ({
        programs: read(FOUND, t),
        program: new Uint8Array(buffer, PROGRAMS + 16 * t, length).slice(),
        gap: new Uint32Array(buffer, GAPS)[t]!,
      })),
    };
  };
}
