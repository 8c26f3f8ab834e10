/**
 * The decoder of JPEG files: their coefficients are coded in place of the code that they are in, which is written anew, byte
 * for byte. What cannot be written so is coded as bytes. The model learns while it decodes.
 */
import { writeMarkers } from "./jpeg/draw";
import {
  beginFile,
  complete,
  done,
  FILLED,
  forget,
  JPEG,
  kind,
  ONES,
  openFiles,
  openPlanes,
  setFile,
  work,
  write,
} from "./jpeg/file";
import { across, count, down } from "./jpeg/frame";
import { bytes, capacity, files, FORGET, item } from "./jpeg/memory";
import { open } from "./range_coder";
import { has } from "./text/block";
import { beginDrawing } from "./text/temperature";

export { temperature } from "./text/temperature";

/** Bytes of the current file that are ready: of a JPEG file none before all are. */
export let made: i32;
/** Bytes of a file that is drawn, at most 2²⁰: its picture fits, mostly, and is not larger than the last one. */
export let length: i32 = 1024;

let left: i32; // files to come
let begun: bool; // with a file
let drawn: bool;
let drawing: bool; // the data are learnt
let source: u32; // seed of what is drawn
let units: f32; // of all pictures
let fileBytes: f32; // and their files' bytes

/** Begins. `drawn` 0: to decode. 1: to learn from all the data, and then draw, without end, by decoding random bits. */
export function start(draw: i32, seed: u32): void {
  openFiles();
  left = files();
  drawn = draw != 0;
  source = seed;
  begun = drawing = false;
  units = fileBytes = 0;
}

/** Works on the file for a while; returns its address, 0 behind the last one. */
export function next(): usize {
  if (!begun) {
    if (left) {
      left--;
      if (has(FORGET)) forget();
      beginFile(0);
    } else if (!drawn) return 0;
    else beginDrawn();
  }
  if (!complete) work();
  begun = !complete;
  made = drawn || kind & JPEG ? 0 : done;
  if (!(kind & JPEG)) return bytes;
  if (complete) {
    const room = drawing ? max(length, 2) - 2 : capacity;
    const end = write(room), size = <i32> (end - item);
    if (!drawn) made = size;
    if (drawing) {
      memory.fill(end, 0xff, room - size);
      store<u16>(item + room, 0xd9ff);
      made = length;
    } else {
      units += <f32> (across * down);
      fileBytes += <f32> size;
    }
  }
  return item;
}

/** Begins a file whose code is random; where there was no JPEG file it has no picture. */
function beginDrawn(): void {
  if (!drawing) {
    drawing = true;
    beginDrawing();
    open(0, true, source);
  }
  const markers = count ? writeMarkers(<i32> (units / fileBytes * <f32> 0.2 * <f32> length)) : 0;
  setFile(markers << 3 | JPEG | ONES | FILLED);
  if (count) openPlanes();
}
