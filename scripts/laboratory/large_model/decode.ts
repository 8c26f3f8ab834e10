/** Decoding a program of text under a language model in several Workers, each some of the windows. */
import { codecOf } from "../../../lib/codecs.ts";
import type { Files } from "../../../lib/files/data.ts";
import { byteCount, itemLengths } from "../../../lib/items.ts";
import { MdlError } from "../../../lib/errors.ts";
import { concat } from "../../../lib/program/bytes.ts";
import type { Program } from "../../../lib/program/program.ts";
import { checkedData, compared } from "../../../lib/program/regenerate.ts";
import { type DecodeOptions, inSandbox } from "../../../lib/program/sandbox.ts";
import { type ProgramInfo, readFront } from "../../../lib/program/read.ts";
import { writeDataSection, writeDataSegment } from "../../../lib/program/wasm_module.ts";
import { choose, windowsOf } from "./text.ts";

/** How a program is decoded in parallel. */
export interface Parallel {
  readonly weights?: Uint8Array<SharedArrayBuffer>;
  readonly threads?: number;
}

/**
 * A program that decodes in less time; the data are the same.
 *
 * @param how `weights` are those of the program, where they are in shared memory already: else they are copied there.
 * `threads` is the number of Workers, each with a copy of its own; two by default.
 * @throws {MdlError} `unsupported` for one of other data; `usage` for one without weights
 */
export function inParallel<D extends Files>(program: Program<D>, how: Parallel = {}): Program<D> {
  const { info, bytes } = program, codec = codecOf<D>(info as { modality: D["modality"] });
  if (info.modality !== "text" && info.modality !== "bytes") {
    throw new MdlError("unsupported", `A language model gives text or bytes, not ${info.modality}.`);
  }
  if (info.segments[1]?.kind !== "weights") throw new MdlError("usage", "The program has no weights.");
  const decode = async (options: DecodeOptions = {}) =>
    checkedData(info, codec, await decodeWindows(bytes, info, options, how));
  return {
    ...program,
    decode,
    verify: async (expected, options) => compared(codec, await decode(options), expected),
  };
}

/** All symbols. */
async function decodeWindows(
  program: Uint8Array,
  info: ProgramInfo,
  { progress = () => {}, ...options }: DecodeOptions,
  { threads = 2, weights: there }: Parallel,
): Promise<Uint8Array> {
  const [parameters, weights] = info.segments, windows = windowsOf(parameters!);
  const lengths = itemLengths(info.items), total = byteCount(info.items), shares = share(windows, threads);
  const small = { ...info, module: withoutWeights(program, info) };
  const shared = there ?? inSharedMemory(weights!.bytes), done = shares.map(() => 0);
  const parts = await Promise.all(shares.map(async ({ first, last, from, to }, i) => {
    const memory = [{ address: weights!.address, bytes: shared }, choose(first, last)];
    const shown = { label: "decode", unit: "bytes" };
    const symbols = await inSandbox(small, { drawn: 0, seed: 0, memory }, total, {
      ...options,
      progress: (so) => {
        done[i] = through(windows.slice(first, last), so.done - from);
        progress({ ...shown, done: done.reduce((a, b) => a + b, 0), total });
      },
    }, (sandbox) => sandbox.items(lengths, shown));
    return symbols.subarray(from, to);
  }));
  return concat(parts);
}

function inSharedMemory(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** A program's module without its weights. */
function withoutWeights(program: Uint8Array, { segments }: ProgramInfo): Uint8Array {
  const { dataAt } = readFront(program), kept = segments.filter(({ kind }) => kind !== "weights");
  return concat([program.subarray(0, dataAt), ...writeDataSection(kept.map(writeDataSegment))]);
}

/** Windows, and bytes, of each thread. */
function share(windows: readonly number[], threads: number) {
  const places = [0];
  for (const bytes of windows) places.push(places.at(-1)! + bytes);
  const count = Math.max(1, Math.min(threads, windows.length));
  return Array.from({ length: count }, (_, i) => {
    const at = (n: number) => Math.floor(n * windows.length / count), first = at(i), last = at(i + 1);
    return { first, last, from: places[first]!, to: places[last]! };
  });
}

/** Bytes that are done, about, when so many are done in order: the windows behind the one at work are as far as it is. */
function through(windows: readonly number[], made: number): number {
  let before = 0;
  for (let i = 0; i < windows.length; i++) {
    const side = windows.slice(i, i + 4).reduce((a, b) => a + b, 0);
    if (made < before + windows[i]!) return before + Math.max(0, made - before) / windows[i]! * side;
    before += windows[i]!;
  }
  return before;
}
