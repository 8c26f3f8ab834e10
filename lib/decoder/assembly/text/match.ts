/** The match model: where the last bytes, 16 or at least 5 of them, were the same before, what came then comes again. */
import { allocate, has, MATCH, size } from "./block";
import { at, begin, bits, last, partial } from "./history";
import { mapEntry, mapProbability, updateMap } from "./maps";
import { stretch } from "./stretch";

const SHORT = 5, LONG = 16, LONGEST = 400, LENGTHS = 26;

let places: usize; // u32[2][2^size], by hash of the last SHORT or LONG bytes
let trusted: usize; // maps by length and bit: is it right?
let known: usize; // maps by expected and last byte

let length: i32; // bytes that agree; 0: none
let place: usize; // the byte that is expected

/** Of the length, from 0, no match, to 25. */
export let matched: i32;
/** The expected byte, 0 if none. */
export let expected: i32;
let expectedBit: i32;
let trustedEntry: usize;
let knownEntry: usize;

export function allocateMatch(): void {
  places = allocate(8 << size());
  trusted = allocate(LENGTHS << 5);
  known = allocate(65536 << 2);
}

export function openMatch(): void {
  length = 0;
  for (let i = 0; i < LENGTHS << 3; i++) store<u32>(trusted + (i << 2), mapEntry(3000000, 0));
  for (let i = 0; i < 65536; i++) store<u32>(known + (i << 2), mapEntry(2097152, 0));
}

/** Behind each byte: goes on with the match, or looks for one; a long one displaces a short one. */
export function findMatch(): void {
  if (!has(MATCH)) return;
  // where items are drawn one over the other, the place may come to lie behind
  if (length && place < at - 1 && load<u8>(place) == (last & 255)) {
    place++;
    length++;
  } else length = 0;
  lookUp(places + (4 << size()), LONG);
  lookUp(places, SHORT);
}

function lookUp(table: usize, least: i32): void {
  if (at < begin + least) return;
  let h: u32 = 0;
  for (let p = at - 1; p >= at - least; p--) {
    h = (h + load<u8>(p) + 1) * 0x2f0b4c47;
    h ^= h >> 15;
  }
  const entry = table + ((h >> (32 - size())) << 2), found: usize = load<u32>(entry);
  store<u32>(entry, at);
  // an entry behind this place is of an item that was drawn here before
  if (!found || found >= at || length && (least == SHORT || length >= LONG)) return;
  let n = 0;
  while (n < LONGEST && found > begin + n && load<u8>(found - 1 - n) == load<u8>(at - 1 - n)) n++;
  if (n >= least && n > length) {
    length = n;
    place = found;
  }
}

/** A length in steps of half an octave above 16. */
function rank(n: i32): i32 {
  const octave = 31 - clz(n);
  return n < 16 ? n : (octave << 1) + (n >> (octave - 1) & 1) + 8;
}

/** What a match says of the next byte: which it is, and how long the match is; 0 where there is none. */
export function foreseen(): u32 {
  return length ? <u32> load<u8>(place) << 8 | rank(length) : 0;
}

/** Three inputs for the mixer, at `x`. */
export function readMatch(x: usize): void {
  matched = 0;
  expected = 0;
  let a: f32 = 0, b: f32 = 0, c: f32 = 0;
  if (length) {
    const byte: i32 = load<u8>(place);
    if (((byte | 256) >> (8 - bits)) == partial) {
      expected = byte;
      expectedBit = (byte >> (7 - bits)) & 1;
      matched = rank(length);
      trustedEntry = trusted + (((matched << 3) + bits) << 2);
      knownEntry = known + (((byte << 8) | (last & 255)) << 2);
      const p = mapProbability(trustedEntry);
      a = stretch(p);
      b = (<f32> p - 2048) * (<f32> 1 / 1024);
      c = stretch(mapProbability(knownEntry));
      if (!expectedBit) {
        a = -a;
        b = -b;
        c = -c;
      }
    } else length = 0;
  }
  store<f32>(x, a);
  store<f32>(x, b, 4);
  store<f32>(x, c, 8);
}

export function updateMatch(bit: i32): void {
  if (!matched) return;
  const right = i32(bit == expectedBit);
  updateMap(trustedEntry, right, 1023);
  updateMap(knownEntry, right, 255);
}
