/**
 * A WAV file: bytes (its header), samples, bytes again. Of a header is expected that it is the one of the file before,
 * but for the sizes in it.
 *
 * Parameter block, little-endian u32: address of the payload, of the memory behind it; number of files; switches
 * (channel.ts); bytes of the largest file, of the largest header.
 */
import { open } from "../range_coder";
import { Channel, FORGET, openChannel, openSwitches, STEREO, switches } from "./channel";
import { allocate, openMemory } from "./memory";
import { codeByte, codeNumber, openPlain } from "./plain";
import { codeLevel, openResidual, openWeights, WEIGHTS } from "./residual";
import { openValues, place, sampleOf, valueOf } from "./values";

export const BLOCK: usize = 16;
/** Samples of each channel, or other bytes, that a call codes: less than a tenth of a second's work. */
export const PIECE = 1 << 12;
/** Values that a table may have. */
const TABLE = 1 << 16;

export let item: usize; // the file
export let at: i32; // its next byte
export let total: i32; // its length
/**
 * Encoder: where the numbers of the next file are to be written, i32[10]: bytes before the samples, samples of each channel,
 * bytes behind; bytes of a sample, channels; 1 where the values are from now on others than before, and then the lowest,
 * the distance between two, how many; 1 where only those are there whose flags are set.
 */
export let numbers: usize;
/** Encoder: where these flags are to be written, u8[TABLE]. */
export let used: usize;

let expected: usize; // what a header should be: the one before
let familiar: i32; // length of `expected`
let table: usize; // i32[TABLE]
let heap: usize; // behind all that lasts
let capacity: i32; // bytes at `item`
let head: i32; // where samples begin
let tail: i32; // where they end
let bytes: i32; // of a sample
let channels: i32;
let first: Channel | null; // the channels
let second: Channel | null;
let drawing: bool;

/** Begins the payload. */
export function openFiles(): void {
  openMemory(load<u32>(BLOCK, 4));
  openSwitches(load<i32>(BLOCK, 12));
  capacity = max(load<i32>(BLOCK, 16), 1 << 22);
  item = allocate(capacity);
  expected = allocate(load<u32>(BLOCK, 20));
  table = allocate(TABLE << 2);
  if (ENCODE) {
    numbers = allocate(40);
    used = allocate(TABLE);
  }
  openPlain();
  openResidual(false);
  heap = allocate(0);
  open(load<u32>(BLOCK), false, 0);
  drawing = false;
  at = total = 0;
  channels = familiar = 0;
}

/** Begins the next file; the encoder has its bytes at `item`, and its numbers. */
export function beginFile(): void {
  head = number(0);
  const frames = number(1), behind = number(2);
  bytes = number(3);
  const count = number(4);
  if (number(5)) openValues(number(6), number(7), number(8), bytes, number(9) ? table : 0, used);
  if (count != channels || switches & FORGET) openChannels(count);
  tail = head + frames * bytes * channels;
  total = tail + behind;
  at = 0;
  if (head == familiar) expect();
}

/** Codes one of the numbers that describe a file. */
function number(k: i32): i32 {
  return codeNumber(ENCODE ? load<i32>(numbers + (<usize> k << 2)) : 0, k);
}

/** Begins an item that is drawn, `size` bytes with the header and the format of the last file. */
export function beginDrawn(size: i32): void {
  drawing = true;
  openResidual(true);
  total = max(0, min(size, capacity));
  at = head = min(familiar, total);
  const frame = bytes * channels;
  tail = head + (total - head) / frame * frame;
  memory.fill(item, 0, total);
  expect();
  memory.copy(item, expected, head);
}

/** Writes the file's size and that of its samples, which ends a header, into the header that is expected. */
function expect(): void {
  if (head < 44) return;
  store<i32>(expected, total - 8, 4);
  store<i32>(expected + head - 4, tail - head);
}

/** Channels of which nothing is known. */
function openChannels(count: i32): void {
  channels = count;
  openMemory(heap);
  const paired = count == 2 && (switches & STEREO) != 0;
  first = openChannel(paired, WEIGHTS);
  second = openChannel(paired, WEIGHTS);
  openWeights(first!);
  openWeights(second!);
  if (paired) {
    first!.other = second;
    second!.other = first;
  }
}

/** Codes the next `count` samples (of each channel) and other bytes of the item, or what is left of it. */
export function work(count: i32): void {
  for (; count > 0 && at < total; count--) {
    if (at >= head && at < tail) {
      codeSample(first!);
      if (channels == 2) codeSample(second!);
    } else if (drawing) at = total;
    else {
      const p = item + at;
      const byte = codeByte(load<u8>(p), at < head && at < familiar ? load<u8>(expected + at) : -1);
      store<u8>(p, byte);
      if (at < head) store<u8>(expected + at, byte);
      if (++at == head) familiar = head;
    }
  }
}

/** Codes a channel's next sample, in as many bytes as it has; those of 8 bits have no sign. */
function codeSample(c: Channel): void {
  const p = item + at;
  let value: i32 = 0, level = 0;
  c.predict();
  if (ENCODE) {
    value = bytes == 1 ? load<u8>(p) - 128 : load<i16>(p + bytes - 2);
    if (bytes == 3) value = (value << 8) | load<u8>(p);
    level = place(sampleOf(value));
  }
  value = valueOf(codeLevel(c, level));
  c.learn(sampleOf(value));
  if (bytes == 1) store<u8>(p, value + 128);
  else if (bytes == 2) store<u16>(p, value);
  else {
    store<u8>(p, value);
    store<u16>(p, value >> 8, 1);
  }
  at += bytes;
}
