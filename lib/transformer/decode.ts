/** Decoding a program of text under a language model in several Workers, each some of the windows. */
import { sha256 } from "../hash.ts";
import { byteCount, itemLengths } from "../items.ts";
import { MdlError } from "../errors.ts";
import { concat } from "../program/bytes.ts";
import { type DecodeOptions, inSandbox } from "../program/sandbox.ts";
import { type ProgramInfo, readFront } from "../program/read.ts";
import { writeDataSection, writeDataSegment } from "../program/wasm_module.ts";
import { choose, windowsOf } from "./text.ts";

/**
 * All symbols of a program, as `decodeSymbols` gives them, in less time.
 *
 * @param program Its file, with the weights.
 * @throws {MdlError} as `decodeSymbols`
 */
export async function decodeInParallel(
  program: Uint8Array,
  info: ProgramInfo,
  { progress = () => {}, ...options }: DecodeOptions,
  threads = 2,
): Promise<Uint8Array> {
  const [parameters, weights] = info.segments, windows = windowsOf(parameters!);
  const lengths = itemLengths(info.items), total = byteCount(info.items), shares = share(windows, threads);
  const small = { ...info, module: withoutWeights(program, info) };
  const shared = new Uint8Array(new SharedArrayBuffer(weights!.bytes.length)), done = shares.map(() => 0);
  shared.set(weights!.bytes);
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
  const symbols = concat(parts);
  if (sha256(symbols) === info.sha256) return symbols;
  const text = "The program is damaged: its data do not have the SHA-256 that it announces.";
  throw new MdlError("damaged", text);
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
