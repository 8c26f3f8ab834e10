/**
 * One image: for each symbol, pass after pass, context, local prediction, network, symbol. The trainer draws its symbols
 * at random; it surveys every image once for what depends on the order, the local predictions.
 */
import { channelAt, kind, localInputs, readContext, setPass, stride } from "./context";
import { codeFormula, colour } from "./lattice";
import { beginPass, endRow, learn, openLocal, predictLocally } from "./local";
import { beginMixing, codeMixed, openMixer } from "./mixer";
import { openMixture } from "./mixture";
import { adaptive, allocate, attended, channels, fitted, group, groups, mixed, scales } from "./model";
import { cellWeights, outputs, predict } from "./network";
import { reserve, spent } from "./range_coder";
import { beginSymbols, codeSymbol, openSymbols } from "./symbol";
import { adapt, beginAdapting, learning, setLearning } from "./adapt";

/** The image, u8[height, width, channels]: in the encoder what is to be coded, in the decoder what has been. */
export let image: usize;
/** Encoder: where Y, C1, C2 of the image are coded, its colours, u8[height, width, 3]. */
export let colours: usize;
/** Encoder: bits that the symbols took, f32[height, width, channels]. */
export let costs: usize;
/** Local predictions of an image that is surveyed, f32[height, width, channels, fitted + attended]. */
export let plane: usize;
let surveying: bool;
/** Not in the decoder: what is gone through next, see `setPiece`. */
let piecePass: i32, firstRow: i32, lastRow: i32, firstColumn: i32, lastColumn: i32;

/** Drawing: so many rows of the image are known and not coded; the host writes and counts them. */
export let given: i32 = 0;

/** Reserves memory for the largest image. */
export function openImage(): void {
  let most = 0, widest = 0;
  for (let g = 0; g < groups; g++) {
    most = max(most, group(g, 1) * group(g, 2) * channels);
    widest = max(widest, group(g, 2));
  }
  openLocal(widest, 2 * scales - 1);
  if (TRAIN) return;
  if (!MIXING || ENCODE) openSymbols();
  if (MIXING && mixed) openMixer(widest);
  image = allocate(most);
  if (ENCODE) {
    costs = allocate(<usize> most << 2);
    colours = allocate(most);
  }
}

/**
 * Not in the decoder: what the next call goes through: of a pass rows `first` … `last` − 1, and of these columns `left` …
 * `right` − 1, so that the host can stop or show progress between two calls. All rows come, pass after pass, each from
 * row 0 on, and all of a row from the left.
 */
export function setPiece(pass: i32, first: i32, last: i32, left: i32, right: i32): void {
  piecePass = pass;
  firstRow = first;
  lastRow = last;
  firstColumn = left;
  lastColumn = right;
}

/** Not in the decoder: fills the plane at `to` with the local predictions of a piece of the image at `p`, all of it known. */
export function surveyPiece(p: usize, h: i32, w: i32, to: usize): void {
  image = p;
  plane = to;
  surveying = true;
  codePiece(h, w);
  surveying = false;
}

/** Not in the decoder: codes a piece of an image. */
export function codePiece(h: i32, w: i32): void {
  const even = (piecePass + 1) & 1; // passes 1, 3, … are of kind 1, passes 2, 4, … of kind 2
  setPass(piecePass ? 1 + even : 0, scales - 1 - ((piecePass + 1) >> 1));
  codePass(h, w, piecePass);
}

/** Encoder: goes through a piece as `codePiece` does and codes nothing, but adds up the gradients of weights that follow. */
export function learnPiece(h: i32, w: i32): void {
  setLearning(true);
  codePiece(h, w);
  setLearning(false);
}

/** Not in the decoder: fills the last inputs from the plane, as `predictLocally` did. */
export function recallLocally(plane: usize, symbol: usize): void {
  const size = <usize> (fitted + attended) << 2;
  memory.copy(localInputs(), plane + symbol * size, size);
}

/** Codes what a scale adds to the image: all of it in raster order, in a pyramid a lattice and then those between. */
export function codeScale(h: i32, w: i32, scale: i32): void {
  const octave = scales - 1 - scale;
  if (LATTICE && (!PYRAMID || !scale)) codeFormula(-1, given);
  if (PYRAMID && scale) {
    setPass(1, octave);
    codePass(h, w, 2 * scale - 1);
    setPass(2, octave);
    codePass(h, w, 2 * scale);
  } else {
    setPass(0, octave);
    codePass(h, w, 0);
  }
  if (LATTICE && (!PYRAMID || !octave)) colour(image, h * w, 0);
}

function codePass(h: i32, w: i32, pass: i32): void {
  const across = kind ? 2 * stride : stride;
  if (!ENCODE || (firstRow == 0 && firstColumn == 0)) {
    beginPass(pass, (w - 1) / across + 1);
    if (!TRAIN && (!MIXING || ENCODE)) beginSymbols();
    if (MIXING && !TRAIN && mixed) beginMixing(w);
    if (ADAPT && (!ENCODE || (adaptive && !surveying))) beginAdapting();
  }
  for (let y = kind == 1 ? stride : 0; y < h; y += kind == 1 ? across : stride) {
    if (ENCODE && y < firstRow) continue;
    if (ENCODE && y >= lastRow) break;
    let column = 0;
    if (ENCODE && !TRAIN && !surveying && !learning) reserve(8 * w * channels);
    for (let x = kind == 1 || (kind && !(y & stride)) ? stride : 0; x < w; x += across) {
      if (ENCODE && x >= lastColumn) return; // the row goes on in the next call
      if (ENCODE && x < firstColumn) {
        column++;
        continue;
      }
      for (let k = 0; k < channels; k++) {
        const at = (y * w + x) * channels + channelAt(k);
        readContext(image, h, w, y, x, k);
        predictLocally(column, k);
        if (TRAIN || (ENCODE && surveying)) {
          const size = <usize> (fitted + attended) << 2;
          memory.copy(plane + <usize> at * size, localInputs(), size);
        } else {
          const before = spent;
          predict(cellWeights(h, w, y, x), k);
          openMixture(outputs);
          if (ENCODE ? !learning : y >= given) {
            const symbol: i32 = load<u8>(image + at);
            const coded = MIXING && (!ENCODE || mixed)
              ? codeMixed(image, symbol, y, x, k)
              : codeSymbol(symbol, k);
            store<u8>(image + at, coded);
          }
          if (ADAPT && (!ENCODE || adaptive)) adapt(k, load<u8>(image + at));
          if (ENCODE) store<f32>(costs + (at << 2), <f32> (spent - before));
        }
        learn(load<u8>(image + at), k);
      }
      column++;
    }
    endRow();
  }
}
