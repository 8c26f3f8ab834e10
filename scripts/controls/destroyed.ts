/**
 * Controls: what a set becomes when a level of its order is destroyed at random, and what no code can then be expected to
 * go below. A model that finds a level pays for its loss; one that is below the bound is wrong.
 */
import { readWav, type Wav } from "../../lib/audio/wav.ts";
import type { AnyData } from "../../lib/codecs.ts";
import { MdlError } from "../../lib/errors.ts";
import { eachFile, type Files, filesOf } from "../../lib/files/data.ts";
import { type Dataset, dataset } from "../../lib/image/dataset.ts";
import { concat } from "../../lib/program/bytes.ts";
import { type Random, random } from "../../lib/random.ts";
import { type Table, tableOf } from "../../lib/table/csv.ts";
import { shufflePixels } from "../laboratory/measure/shuffle.ts";
import { soundNoise } from "./sound_noise.ts";
import {
  blocksOf,
  cellsOf,
  charactersOf,
  eachInRandomOrder,
  inRandomOrder,
  linesOf,
  momentsOf,
  orderBits,
  type Rearranged,
  rearranged,
  rowsOf,
  type Spans,
  wordsOf,
} from "./spans.ts";

/** A set of which something is destroyed. */
export interface Control {
  /** What became of it. */
  readonly name: string;
  readonly data: AnyData;
  /** Bits of the random choice that made it, which no code can be expected to go below; absent where nothing was chosen. */
  readonly bound?: { readonly what: string; readonly bits: number };
}

/** What a random order costs on average, whatever the code. */
const ORDERS = "log₂ of the number of orders";

/** Bytes of a block of binary data that keeps its inner order. */
const BLOCK = 64;
/** Columns of a table that are permuted one at a time, at most. */
const COLUMNS = 8;

/**
 * The set as it is, and its controls, from the mildest on. Everything random comes from the seed.
 *
 * @throws {MdlError} `usage` for JPEG files, whose parts cannot change places; `empty` for a set without anything to shuffle
 */
export function controlsOf(data: AnyData, seed: number): readonly Control[] {
  const whole = { name: "as it is", data }, { length } = data.symbols;
  if (length === 0) throw new MdlError("empty", `${data.name} is empty: there is nothing to shuffle.`);
  if (data.modality === "image") return [whole, ...ofImages(data, seed)];
  const noise = {
    name: "random bytes",
    data: {
      ...remade(data, [randomBytes(length, random(seed, "noise"))], "random bytes"),
      modality: "bytes" as const,
    },
    bound: { what: "entropy of what they are drawn from", bits: 8 * length },
  };
  return [whole, ...OF_FILES[kindOf(data)](data, seed), noise];
}

/** What files are coded as: several tables as text. */
function kindOf({ modality, lengths, symbols, name }: Files): keyof typeof OF_FILES {
  if (modality === "jpeg") {
    const instead = "--as bytes takes its bytes, and --pixels the pixels of a folder";
    throw new MdlError(
      "usage",
      `A JPEG file whose parts change places is none any more (${name}): ${instead}.`,
    );
  }
  return modality === "table" && (lengths.length > 1 || !tableOf(symbols)) ? "text" : modality;
}

const OF_FILES = { text: ofText, bytes: ofBytes, table: ofTable, audio: ofSound } as const;

function ofImages(set: Dataset, seed: number): Control[] {
  const { tiling: _, ...parts } = set, { uint32 } = random(seed, "noise"), { symbols, channels } = set;
  const noise = dataset({
    ...parts,
    name: `${set.name}, noise`,
    symbols: symbols.map(() => uint32() >>> 24),
  });
  return [
    {
      name: "pixels in random order",
      data: shufflePixels(set, seed),
      bound: { what: ORDERS, bits: orderBits(symbols, blocksOf(symbols, channels)) },
    },
    {
      name: "noise",
      data: noise,
      bound: { what: "entropy of what it is drawn from", bits: 8 * symbols.length },
    },
  ];
}

function ofText(files: Files, seed: number): Control[] {
  return [
    shuffledFiles(files, "lines", linesOf, seed),
    shuffledFiles(files, "words", wordsOf, seed),
    shuffledFiles(files, "characters", charactersOf, seed),
  ];
}

function ofBytes(files: Files, seed: number): Control[] {
  return [
    shuffledFiles(files, `blocks of ${BLOCK} bytes`, (bytes) => blocksOf(bytes, BLOCK), seed),
    shuffledFiles(files, "bytes", (bytes) => blocksOf(bytes, 1), seed),
  ];
}

function ofTable(files: Files, seed: number): Control[] {
  const table = tableOf(files.symbols)!, columns = [...Array(table.columns).keys()];
  const alone = table.columns > 1 && table.columns <= COLUMNS ? columns : [];
  return [
    shuffledFiles(files, "rows", () => rowsOf(table), seed),
    ...alone.map((column) => {
      const what = `cells of column ${headOf(table, column)}`;
      return shuffledFiles(files, what, () => cellsOf(table, column), seed);
    }),
    control(
      files,
      "cells of every column in random order",
      ORDERS,
      seed,
      (bytes, stream) => eachInRandomOrder(bytes, columns.map((column) => cellsOf(table, column)), stream),
    ),
  ];
}

/** The first cell of a column, which names it. */
function headOf({ bytes, starts, ends }: Table, column: number): string {
  const text = new TextDecoder().decode(bytes.subarray(starts[column]!, ends[column]!)).trim();
  return text ? `${column + 1}, ${text}` : String(column + 1);
}

function ofSound(files: Files, seed: number): Control[] {
  const sounds = [...eachFile(files)].map(({ bytes }) => readWav(bytes)).filter((wav) => wav?.frames);
  if (sounds.length === 0) {
    throw new MdlError("empty", `${files.name} has no samples that could change places.`);
  }
  const each = (file: Uint8Array, change: (wav: Wav) => Rearranged) => {
    const wav = readWav(file);
    return wav?.frames ? change(wav) : { bytes: file, bits: 0 };
  };
  const { name: backwards, data } = control(
    files,
    "samples in reversed order",
    "",
    seed,
    (file) =>
      each(file, (wav) => {
        const moments = momentsOf(file, wav),
          order = Array.from({ length: wav.frames }, (_, i) => wav.frames - 1 - i);
        return { bytes: rearranged(file, moments, order), bits: 0 };
      }),
  );
  return [
    { name: backwards, data }, // nothing is chosen: there is no bound
    control(
      files,
      "samples in random order",
      ORDERS,
      seed,
      (file, stream) => each(file, (wav) => inRandomOrder(file, momentsOf(file, wav), stream)),
    ),
    control(
      files,
      "white noise as loud",
      "entropy of what it is drawn from",
      seed,
      (file, stream) => each(file, (wav) => soundNoise(file, wav, stream)),
    ),
  ];
}

/** Files with stretches of a kind in random order, each file for itself. */
function shuffledFiles(
  files: Files,
  what: string,
  spansOf: (bytes: Uint8Array) => Spans,
  seed: number,
): Control {
  return control(
    files,
    `${what} in random order`,
    ORDERS,
    seed,
    (bytes, stream) => inRandomOrder(bytes, spansOf(bytes), stream),
  );
}

function control(
  files: Files,
  name: string,
  what: string,
  seed: number,
  change: (file: Uint8Array, stream: Random) => Rearranged,
): Control {
  const stream = random(seed, name), changed = [...eachFile(files)].map(({ bytes }) => change(bytes, stream));
  const bits = changed.reduce((sum, { bits }) => sum + bits, 0);
  return { name, data: remade(files, changed.map(({ bytes }) => bytes), name), bound: { what, bits } };
}

/** Files of the same lengths. */
function remade(files: Files, contents: readonly Uint8Array[], how: string): Files {
  const citation = `${how}, of ${files.name}: a control`;
  return filesOf({
    ...files,
    name: `${files.name}, ${how}`,
    symbols: concat(contents),
    provenance: { ...files.provenance, source: "computed", citation },
  });
}

function randomBytes(length: number, { uint32 }: Pick<Random, "uint32">): Uint8Array {
  return Uint8Array.from({ length }, () => uint32() >>> 24);
}
