/**
 * What a pixel is predicted from: colours around it, alone and together, its place, the colour that came last where all
 * around was the same, and for each channel what neighbours' values and the channels before it let expect.
 */
import { hash } from "../text/history";
import { channels, first, tables } from "./block";
import { bytes, colour, image, past, up, x, y } from "./place";

/** Contexts of colours, and all. */
const COLOURS = 11;
export const CONTEXTS = 19;

/** Of each context 16 bytes: the row in use, the slot, the map's entry, the hash. */
export const RECORDS: usize = 64;
/** u32[COLOURS], hashes of a pixel's contexts. */
const HASHES: usize = 384;
/** Bytes of the colours that came last, u32[65536] by what was around; they lie where large tables begin. */
export const LATEST: usize = 0x40000;
let latest: usize; // the one in use
let index: i32;
let before: u32; // hash of the pixel's channels that are known
let value: i32; // of the channel before, and how far it and its neighbours were from each other: 0 before the first
let left: i32;
let above: i32;
let corner: i32;
/** Which of the neighbours have the same colour, 6 bits. */
export let equal: u32;

function add(h: u32): void {
  store<u32>(index++ << 2, h, HASHES);
}

/** Looks around the next pixel. */
export function readPixel(): void {
  const c: usize = channels;
  const w = colour(c), n = colour(up), nw = colour(up + c), ne = colour(up - c);
  const ww = colour(2 * c), nn = colour(2 * up);
  equal = u32(w == n) | u32(n == ne) << 1 | u32(w == nw) << 2 | u32(n == nw) << 3 | u32(ww == w) << 4 |
    u32(nn == n) << 5;
  const near = hash(hash(w, n), hash(nw, ne));
  const far = hash(
    hash(near, hash(ww, nn)),
    hash(colour(2 * up - c), hash(colour(up + 2 * c), colour(up - 2 * c))),
  );
  latest = tables() + (<usize> (far >> 16) << 2);
  before =
    value =
    left =
    above =
    corner =
      0;
  index = 0;
  add(0);
  add(w);
  add(n);
  add(near);
  add(far);
  add(hash(w, hash(ww, colour(3 * c))));
  add(hash(n, ne));
  add(hash(image >= first() + bytes ? colour(bytes) : 0, w));
  add(hash(y, x));
  add(load<u32>(latest));
  add(hash(n, hash(nn, colour(3 * up))));
}

/** Computes the hashes for channel k: colours with the channels that are known, and values. */
export function readChannel(k: i32): void {
  before = hash(before, k + 1);
  for (let i = 0; i < COLOURS; i++) {
    store<u32>(i << 4, hash(load<u32>(i << 2, HASHES), before), RECORDS + 12);
  }
  const w = past(channels - k), n = past(up - k), nw = past(up + channels - k);
  // what the neighbours are, moved as the channel before was from its own
  const toLeft = w + value - left, toAbove = n + value - above;
  const gradient = max(0, min(255, toLeft + toAbove - (nw + value - corner)));
  index = COLOURS;
  addValue(hash(toLeft, toAbove), k);
  addValue((toLeft + toAbove) >> 1, k);
  addValue(value, k);
  addValue(gradient, k);
  addValue(toLeft, k);
  addValue(toAbove, k);
  addValue(n, k);
  addValue(hash(gradient, value), k);
  left = w;
  above = n;
  corner = nw;
}

function addValue(h: u32, k: i32): void {
  store<u32>(index++ << 4, hash(h, k + 1), RECORDS + 12);
}

/** Takes account of the channel's value. */
export function addChannel(c: i32): void {
  value = c;
  before = hash(before, c);
}

/** Takes account of the pixel. */
export function addPixel(): void {
  store<u32>(latest, colour(0));
}
