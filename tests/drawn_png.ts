/** PNG files of every legal kind, drawn from a seed and written chunk by chunk, with the pixels that they must give. */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import type { Random } from "../lib/random.ts";

/** Colour types by what a sample is, with the depths that the standard allows (PNG 3rd edition, 11.2.1). */
export const PNG_KINDS = [
  { colour: 0, channels: 1, depths: [1, 2, 4, 8, 16] },
  { colour: 2, channels: 3, depths: [8, 16] },
  { colour: 3, channels: 1, depths: [1, 2, 4, 8] },
  { colour: 4, channels: 2, depths: [8, 16] },
  { colour: 6, channels: 4, depths: [8, 16] },
] as const;

export interface PngPlan {
  readonly colour: typeof PNG_KINDS[number]["colour"];
  readonly depth: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** 0–4 for all rows, or "mixed": another one each row. */
  readonly filter: number | "mixed";
  /** Samples [height, width, channels] of `depth` bits; indices when there is a palette. */
  readonly samples: Uint16Array;
  /** PLTE: colours [n, 3]; of types 2 and 6 only a suggestion, without effect. */
  readonly palette?: Uint8Array;
  /** tRNS: alpha of the first palette entries, or the one transparent colour (a sample of `depth` bits a channel). */
  readonly transparency?: readonly number[];
  /** IDAT chunks. */
  readonly pieces?: number;
  /** deflate's level; 0 stores. */
  readonly level?: number;
  /** Other chunks, behind IHDR. */
  readonly extra?: readonly Uint8Array[];
}

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export function channelsOf(colour: PngPlan["colour"]): number {
  return PNG_KINDS.find((kind) => kind.colour === colour)!.channels;
}

export function writePng(plan: PngPlan): Uint8Array<ArrayBuffer> {
  const { colour, depth, width, height, interlaced, palette, transparency, pieces = 1, level = 9 } = plan;
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1] as const];
  const packed = deflateSync(Buffer.concat(passes.map((pass) => packPass(plan, pass))), { level });
  const step = Math.ceil(packed.length / pieces);
  const data = Array.from(
    { length: pieces },
    (_, i) => chunk("IDAT", packed.subarray(i * step, (i + 1) * step)),
  );
  const sample = (v: number) => [v >> 8, v & 255];
  const keys = transparency && Uint8Array.from(colour === 3 ? transparency : transparency.flatMap(sample));
  return join([
    header(width, height, depth, colour, interlaced),
    ...plan.extra ?? [],
    ...(palette ? [chunk("PLTE", palette)] : []),
    ...(keys ? [chunk("tRNS", keys)] : []),
    ...data,
  ]);
}

/** A picture of one colour, whose file is small however large it is. */
export function plainPng(width: number, height: number, ...colour: [number, number, number]) {
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height));
  return join([
    header(width, height, 1, 3, false),
    chunk("PLTE", Uint8Array.from(colour)),
    chunk("IDAT", rows),
  ]);
}

function header(width: number, height: number, depth: number, colour: number, interlaced: boolean) {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width);
  body.writeUInt32BE(height, 4);
  body.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return chunk("IHDR", body);
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Uint8Array.from(Buffer.concat([signature, ...chunks, chunk("IEND", new Uint8Array())]));
}

/** First column and row, and their steps, of the seven passes. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The filtered rows of one pass; nothing when it has no pixel. */
function packPass(plan: PngPlan, [left, top, across, down]: readonly [number, number, number, number]) {
  const { colour, depth, width, height, filter, samples } = plan, channels = channelsOf(colour);
  const columns = Math.ceil((width - left) / across), rows: Uint8Array[] = [];
  if (columns <= 0) return Buffer.alloc(0);
  const bytes = Math.ceil(columns * channels * depth / 8), back = Math.max(1, channels * depth >> 3);
  let above = new Uint8Array(bytes);
  for (let y = top, n = 0; y < height; y += down, n++) {
    const row = new Uint8Array(bytes);
    for (let i = 0; i < columns * channels; i++) {
      const x = left + Math.floor(i / channels) * across;
      const value = samples[(y * width + x) * channels + i % channels]!, bit = i * depth;
      if (depth === 16) row.set([value >> 8, value & 255], 2 * i);
      else row[bit >> 3]! |= value << (8 - depth - bit % 8);
    }
    const kind = filter === "mixed" ? n % 5 : filter;
    rows.push(Uint8Array.from([kind, ...row.map((v, i) => v - predicted(kind, row, above, i, back))]));
    above = row;
  }
  return Buffer.concat(rows);
}

function predicted(kind: number, row: Uint8Array, above: Uint8Array, i: number, back: number): number {
  const a = row[i - back] ?? 0, b = above[i]!, c = above[i - back] ?? 0;
  if (kind === 3) return (a + b) >> 1;
  if (kind < 3) return [0, a, b][kind]!;
  const p = a + b - c, [pa, pb, pc] = [a, b, c].map((v) => Math.abs(p - v)) as [number, number, number];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** A plan with random content. A palette has as many colours as there are indices. */
export function drawPlan(
  random: Random,
  about: Pick<PngPlan, "colour" | "depth" | "width" | "height" | "interlaced" | "filter">,
): PngPlan {
  const { colour, depth, width, height } = about, channels = channelsOf(colour);
  const samples = Uint16Array.from({ length: width * height * channels }, () => random.below(2 ** depth));
  const palette = Uint8Array.from({ length: 3 * 2 ** Math.min(8, depth) }, () => random.below(256));
  return { ...about, samples, ...(colour === 3 ? { palette } : {}) };
}

/** What a plan of at most 8 bits gives: gray, gray and alpha, RGB or RGBA, [height, width, channels], 0–255. */
export function samplesOf({ colour, depth, samples, palette, transparency }: PngPlan) {
  const channels = channelsOf(colour), full = 255 / (2 ** depth - 1), given: number[] = [];
  const keyed = transparency !== undefined;
  for (let i = 0; i < samples.length; i += channels) {
    const values = [...samples.subarray(i, i + channels)];
    if (colour === 3) {
      given.push(...palette!.subarray(3 * values[0]!, 3 * values[0]! + 3));
      if (keyed) given.push(transparency[values[0]!] ?? 255);
    } else {
      given.push(...values.map((v) => v * full));
      if (keyed) given.push(values.every((v, c) => v === transparency[c]) ? 0 : 255);
    }
  }
  const colours = colour === 3 ? 3 : channels;
  return { channels: colours + (keyed ? 1 : 0), samples: Uint8Array.from(given) };
}
