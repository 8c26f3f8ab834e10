/** Stretches of files with what they cost: of what was drawn, and of the data that stand beside it. */
import { readWav, type Wav } from "../../lib/audio/wav.ts";
import { MdlError } from "../../lib/errors.ts";
import { eachFile, type Files } from "../../lib/files/data.ts";
import type { Series } from "../laboratory/figures/curves.ts";
import { concat } from "../../lib/program/bytes.ts";
import { median } from "../laboratory/figures/distribution.ts";
import type { Rows } from "../laboratory/figures/table.ts";
import { evenly } from "../laboratory/measure/select.ts";
import type { CodeLengths, Mark, Weighable } from "./code_lengths.ts";
import { COPIED, copiesOf } from "./copies.ts";

/** A stretch: its bytes, what they cost, and how many units they are. */
export interface Stretch {
  /** Place of its first byte, counted from the first of the data. */
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly bits: number;
  /** Bytes of text, rows of a table, samples of a sound. */
  readonly units: number;
  /** Of a table, the bits of each column. */
  readonly columns?: readonly number[];
}

/** Stretches that belong together, and what they are held against. */
export interface Stretches {
  readonly kind: "drawn" | "data" | "unseen";
  readonly name: string;
  readonly stretches: readonly Stretch[];
  /** All their bytes. */
  readonly bytes: Uint8Array;
  /** What copies, new words and so on are told by: all data, or the other half of them. */
  readonly known: Uint8Array;
}

/** Bytes of a drawn stretch, and what a code length is said of. */
export interface Unit {
  readonly bytes: number;
  readonly one: string;
  /** Of a distribution: so many units. */
  readonly many: number;
}

const LF = 10;

/** Moments that the encoder of sound takes at once. */
const MOMENTS = 4096;

/**
 * The format of the first sound among files.
 *
 * @throws {MdlError} `usage` where there is none
 */
export function soundOf(files: Files): Wav {
  for (const { bytes } of eachFile(files)) {
    const wav = readWav(bytes);
    if (wav?.frames) return wav;
  }
  throw new MdlError("usage", `${files.name} holds no sound: none of its files is WAV of plain samples.`);
}

/**
 * The unit of a kind of data.
 *
 * @throws {MdlError} as `soundOf`
 */
export function unitOf(data: Files<Weighable>): Unit {
  const { modality } = data;
  if (modality === "table") return { bytes: 1000, one: "row", many: 1 };
  if (modality !== "audio") return { bytes: 1000, one: "byte", many: 1000 };
  const { bits, channels } = soundOf(data);
  return { bytes: MOMENTS * channels * bits / 8, one: "sample", many: 1000 };
}

/** How many units bytes are. */
function unitsOf({ modality }: Files<Weighable>, bytes: Uint8Array, sampleBytes: number): number {
  if (modality === "audio") return bytes.length / sampleBytes;
  return modality === "table"
    ? Math.max(1, bytes.reduce((n, byte) => n + Number(byte === LF), 0))
    : bytes.length;
}

/**
 * The stretches between marks; at ends of files some are short, and left out below half of the others.
 *
 * @throws {MdlError} `usage` where that leaves none
 */
function between(
  marks: readonly Mark[],
  symbols: Uint8Array,
  data: Files<Weighable>,
  name = data.name,
): Stretch[] {
  const wav = data.modality === "audio" ? soundOf(data) : undefined,
    { bytes: least, one } = unitOf(data);
  const found = marks.slice(1).map((mark, i): Stretch => {
    const { bytes: at, bits, columns = [] } = marks[i]!, all = symbols.subarray(at, mark.bytes);
    const from = wav ? readWav(all)?.start ?? 0 : i === 0 && all[0] === LF ? 1 : 0; // behind a header, or an added line end
    const bytes = all.subarray(from);
    return {
      at,
      bytes,
      bits: mark.bits - bits,
      units: unitsOf(data, bytes, (wav?.bits ?? 8) / 8),
      ...(mark.columns && { columns: mark.columns.map((sum, c) => sum - (columns[c] ?? 0)) }),
    };
  });
  const long = found.filter(({ bytes }) => bytes.length >= (one === "row" ? 1 : least / 2));
  if (long.length > 0) return long;
  const short = `Nothing of ${name} is as long as half of a stretch, which has ${
    least.toLocaleString("en")
  } bytes`;
  throw new MdlError("usage", `${short}: there is nothing to compare.`);
}

/** What goes on behind the data, and what it cost. */
export interface Behind {
  readonly name: string;
  readonly symbols: Uint8Array;
  readonly lengths: CodeLengths;
}

/** Part of the data's length up to which what is drawn counts as near: does it change further on? */
const NEAR = 0.1;

/**
 * What was drawn, near the data and further on; both halves of the data, each held against the other; and what else goes on
 * behind the data.
 *
 * @throws {MdlError} `usage` where one of them is too short
 */
export function stretchesOf(data: Files<Weighable>, drawn: Behind, unseen?: Behind): readonly Stretches[] {
  const { symbols } = data, header = data.modality === "table" ? 1 : 0;
  const own = between(drawn.lengths.own, symbols, data).slice(header), half = symbols.length >> 1;
  const behind = ({ name, symbols: more, lengths }: Behind) => {
    const marks = lengths.more.map((mark) => ({ ...mark, bytes: mark.bytes - symbols.length }));
    return between(marks, more, data, name).map((one) => ({ ...one, at: one.at + symbols.length }));
  };
  const set = (
    kind: Stretches["kind"],
    name: string,
    stretches: readonly Stretch[],
    known = symbols,
  ): Stretches => ({ kind, name, stretches, bytes: concat(stretches.map(({ bytes }) => bytes)), known });
  const [first, second] = [own.filter(({ at }) => at < half), own.filter(({ at }) => at >= half)];
  const all = behind(drawn),
    isNear = ({ at }: Stretch) => at === all[0]!.at || at < (1 + NEAR) * symbols.length;
  const far = all.filter((stretch) => !isNear(stretch));
  return [
    set("drawn", far.length ? "drawn, near the data" : drawn.name, all.filter(isNear)),
    set("drawn", "drawn, further on", far),
    set("data", "data, first half", first, concat(second!.map(({ bytes }) => bytes))),
    set("data", "data, second half", second!, concat(first!.map(({ bytes }) => bytes))),
    set("unseen", `${unseen?.name} (unseen)`, unseen ? behind(unseen) : []),
  ].filter(({ stretches }) => stretches.length > 0);
}

/** Places of the figure along the data. */
const PLACES = 64;

/** Stretches whose copies are looked for. */
const LOOKED_AT = 64;

/** The sets along the data and what goes on behind them: how many units, and bits of each, at some places. */
export function alongOf(sets: readonly Stretches[]): Series[] {
  return sets.map(({ name, stretches }) => {
    const parts = Math.min(PLACES, stretches.length);
    const each = Array.from({ length: parts }, (_, i) => {
      const some = stretches.slice(i * stretches.length / parts, (i + 1) * stretches.length / parts);
      return {
        at: some[0]!.at,
        ...some.reduce((sum, { bits, units }) => ({ bits: sum.bits + bits, units: sum.units + units }), {
          bits: 0,
          units: 0,
        }),
      };
    });
    return { name, x: each.map(({ at }) => at / 1000), y: each.map(({ bits, units }) => bits / units) };
  });
}

/** What each set costs, and how much of it is copied. */
export function stretchRows(sets: readonly Stretches[], { one, many }: Unit): Rows {
  return sets.map(({ name, stretches, known }) => {
    const sum = (of: (stretch: Stretch) => number) =>
      stretches.reduce((total, stretch) => total + of(stretch), 0);
    const some = evenly(stretches.length, LOOKED_AT).map((i) => stretches[i]!.bytes);
    const copies = copiesOf(some, known), all = some.reduce((total, { length }) => total + length, 0);
    return {
      stretches: name,
      number: stretches.length,
      [`bits/${one}`]: Number((sum(({ bits }) => bits) / sum(({ units }) => units)).toFixed(3)),
      [`median, bits/${many > 1 ? `${many.toLocaleString("en")} ${one}s` : one}`]: Number(
        median(stretches.map(({ bits, units }) => many * bits / units)).toFixed(many > 1 ? 0 : 2),
      ),
      "longest copy, median, bytes": median(copies.map(({ longest }) => longest)),
      [`in copies of ${COPIED} bytes and more, %`]: Number(
        (100 * copies.reduce((total, { copied }) => total + copied, 0) / Math.max(1, all)).toFixed(1),
      ),
    };
  });
}
