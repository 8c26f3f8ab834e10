/**
 * Damaged and forged programs without end, each made from a seed and its number. The law: a program is refused with an
 * `MdlError`, or gives the data of the one that it was made of; where checksums were computed anew, the data that it
 * announces. Anything else is a failure, and so is memory that grows.
 */
import { drawScenes } from "../../../lib/sources/scenes.ts";
import { select } from "../measure/select.ts";
import { MdlError } from "../../../lib/errors.ts";
import { image } from "../../../lib/image/codec.ts";
import { programFrom, programOf } from "../../../lib/program/program.ts";
import { cellCount, cellSize, type ModelSpec } from "../../../lib/image/spec.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { ledgerOf } from "../../../lib/program/ledger.ts";
import { modelOf } from "../../../lib/image/model.ts";
import { decodePrefix } from "../prefix.ts";
import { readProgram } from "../../../lib/program/read.ts";
import { scalesOf } from "../../../lib/image/scales.ts";
import { type Random, random } from "../../../lib/random.ts";
import { contextOf } from "../../../lib/context.ts";
import { preprocessOf } from "../../../lib/image/transform.ts";
import { forged, signed } from "./forge.ts";

/** A program that is as it should be. */
export interface Original {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was made of one. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly original: Original;
  /** Whether its checksums were computed anew. */
  readonly signed: boolean;
  /** What was done, for a person. */
  readonly how: string;
}

/** How it went: `failure` says what broke the law. */
export interface Outcome {
  readonly verdict: "refused" | "decoded" | "failure";
  readonly failure?: string;
}

/** Small, so that many fit in a second; and the milliseconds of one that loops. */
const LIMITS = { memoryBytes: 2 ** 26, symbols: 2 ** 20, items: 2 ** 16 }, TIME = 1000;

const SPEC: ModelSpec = {
  neighbours: 6,
  cross: 2,
  width: 4,
  blocks: 1,
  tied: false,
  grid: 1,
  bits: 6,
  scales: 3,
  shareScales: true,
  leastSquares: true,
  attention: "none",
};

/** A program in pyramid order, built here and now, of a model that knows nothing. */
export async function freshProgram(): Promise<Original> {
  const set = select(drawScenes({ take: 2 }), [0, 1]), context = contextOf(1);
  const weights = new Float32Array(cellCount(SPEC) * cellSize(SPEC, set.channels));
  const steps = { input: 1, first: 1, second: 1, output: 1 };
  const coded = await image.encode(set, { spec: SPEC, channels: set.channels, weights, steps }, context);
  const record = { dataset: set.name, preprocess: { take: 2 }, model: SPEC };
  return { name: "fresh", bytes: programFrom({ ...set, names: ["one", "two"] }, coded, record).bytes };
}

/** The `index`-th mutant of a seed. */
export function mutantOf(originals: readonly Original[], seed: number, index: number): Mutant {
  const rnd = random(seed, `mutant ${index}`), original = one(rnd, originals);
  const others = originals.map(({ bytes }) => bytes);
  const forge = rnd.below(4) === 0, how = forge ? "header" : one(rnd, Object.keys(CHANGES));
  const bytes = forge ? forgedHeader(rnd, original.bytes) : CHANGES[how]!(rnd, original.bytes, others);
  if (forge) return { bytes, original, signed: true, how };
  const anew = rnd.below(2) === 1 && signedIfPossible(bytes);
  return { bytes: anew || bytes, original, signed: anew !== false, how };
}

function signedIfPossible(bytes: Uint8Array): Uint8Array | false {
  try {
    return signed(bytes);
  } catch (error) {
    if (error instanceof MdlError) return false;
    throw error;
  }
}

/** Bytes that are different in any two programs: the decoder's checksum is among them. */
const FIRST = 64;

/** Bytes that are more often wrong than others. */
const ODD_BYTES = [0, 1, 0x0b, 0x40, 0x41, 0x7f, 0x80, 0xfd, 0xff];

const CHANGES: Readonly<
  Record<string, (rnd: Random, bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array>
> = {
  bytes: (rnd, bytes) => {
    const copy = bytes.slice();
    for (let n = 1 + rnd.below(4); n > 0; n--) {
      copy[rnd.below(copy.length)] = rnd.below(2) ? rnd.below(256) : one(rnd, ODD_BYTES);
    }
    return copy;
  },
  bit: (rnd, bytes) => {
    const copy = bytes.slice();
    copy[rnd.below(copy.length)]! ^= 1 << rnd.below(8);
    return copy;
  },
  removed: (rnd, bytes) => {
    const at = rnd.below(bytes.length), length = 1 + rnd.below(rnd.below(2) ? 4 : 400);
    return concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  },
  repeated: (rnd, bytes) => {
    const at = rnd.below(bytes.length), length = 1 + rnd.below(rnd.below(2) ? 4 : 400);
    return concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  },
  cut: (rnd, bytes) => bytes.slice(0, rnd.below(bytes.length)),
  appended: (rnd, bytes) => concat([bytes, Array.from({ length: 1 + rnd.below(20) }, () => rnd.below(256))]),
  joined: (rnd, bytes, others) => {
    const at = FIRST + rnd.below(bytes.length - FIRST), other = one(rnd, others);
    return concat([bytes.subarray(0, at), other.subarray(rnd.below(2) ? at : rnd.below(other.length))]);
  },
};

const ODD_NUMBERS = [0, 1, 2, 3, 31, 32, 255, 256, 65_535, 65_536, 30_000, 2 ** 20, 2 ** 31, 2 ** 32 - 1];

/** Values that a field of a run record should not have. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  -1,
  0,
  0.5,
  1,
  64,
  1e9,
  1e308,
  2 ** 53,
  "",
  "8",
  "\u001b[2J",
  "\ud800",
  "x".repeat(2000),
  [],
  {},
  [1, 2],
  { width: 1, height: 1 },
  { width: 30_000, height: 30_000 },
  { size: { width: "3" } },
  { take: 1e9 },
  { take: -1 },
  { gray: 1 },
  { gray: true },
  { other: 1 },
  nested(17),
  nested(5000),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** JSON text that is nested more deeply than `JSON.stringify` goes is written by hand. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return `{"dataset":"x","deep":${"[".repeat(5000)}${"]".repeat(5000)}}`;
  }
}

function forgedHeader(rnd: Random, bytes: Uint8Array): Uint8Array {
  const info = readProgram(bytes), number = () => one(rnd, ODD_NUMBERS);
  switch (rnd.below(5)) {
    case 0: {
      const items = Array.from(
        { length: one(rnd, [0, 1, 1, 2, 5, 70_000]) },
        () => rnd.below(2) ? one(rnd, info.items) : { count: number(), bytes: number() },
      );
      return forged(bytes, { items });
    }
    case 1: {
      const name = () => one(rnd, ["", "a", "..", "/", "\u001b", "x".repeat(number() % 3000)]);
      return forged(bytes, {
        names: Array.from({ length: rnd.below(2) ? info.names.length : number() % 5000 }, name).join("\0"),
      });
    }
    case 2:
      return forged(bytes, {
        shape: Uint8Array.from({ length: 1 + rnd.below(4) }, () => rnd.below(8)),
        order: one(rnd, ["raster", "pyramid"]),
        mode: one(rnd, ["stored", "two-part"]),
      });
    case 3: {
      const { model = {} } = info.record, field = one(rnd, [...Object.keys(SPEC), "other"]);
      const changed = { ...model as object, [field]: one(rnd, ODD_VALUES) };
      return forged(bytes, { record: written({ ...info.record, model: changed }) });
    }
    default: {
      const field = one(rnd, ["dataset", "preprocess", "preprocess", "model", "seed", "__proto__", "other"]);
      return forged(bytes, { record: written({ ...info.record, [field]: one(rnd, ODD_VALUES) }) });
    }
  }
}

/** Runs all that a reader does with a program on a mutant. */
export async function judge({ bytes, original, signed }: Mutant): Promise<Outcome> {
  const limits = LIMITS, run = { limits, timeLimit: TIME };
  const acts: readonly (() => unknown)[] = [
    () => preprocessOf(readProgram(bytes, run)),
    () => JSON.stringify([scalesOf(readProgram(bytes, run)), ledgerOf(readProgram(bytes, run))]),
    () => programOf(bytes, {}, { limits }).generate(1, 1, run),
    () => modelOf(bytes, run),
  ];
  let verdict: Outcome["verdict"] = "refused";
  const refused = async (act: () => unknown) => {
    try {
      await act();
      return false;
    } catch (error) {
      if (error instanceof MdlError) return true;
      throw error;
    }
  };
  try {
    if (await refused(() => readProgram(bytes, run))) {
      await refused(() => decodePrefix(bytes, run));
      return { verdict };
    }
    await refused(async () => {
      const decoded = await programOf(bytes, {}, { limits }).decode(run);
      const due = signed ? readProgram(bytes, run).sha256 : readProgram(original.bytes).sha256;
      if (decoded.sha256 !== due) throw new Error("It gives other data.");
      verdict = "decoded";
    });
    for (const act of acts) await refused(act);
  } catch (error) {
    return {
      verdict: "failure",
      failure: error instanceof Error ? error.stack ?? error.message : String(error),
    };
  }
  return { verdict };
}

function one<T>(rnd: Random, of: readonly T[]): T {
  return of[rnd.below(of.length)]!;
}
