/**
 * One binary decision: slots of all contexts, maps of what came of slots like theirs, and a logistic mixture of these
 * under three sets of weights, which learn (as in PAQ: Mahoney 2005).
 */
import { log, sigmoid4, sum4 } from "../math";
import { code, learning } from "../range_coder";
import { hash } from "../text/history";
import { mapEntry, updateMap } from "../text/maps";
import { divisor } from "../text/temperature";
import { tables } from "./block";
import { CONTEXTS, equal, LATEST, RECORDS } from "./contexts";
import { findRow } from "./rows";

/** Two inputs for each context, 1, and 0. */
const INPUTS: usize = 2 * CONTEXTS + 2;
const ROW: usize = INPUTS << 2;
/** Counts and levels of a slot's probability that have a map's entry of their own. */
const COUNTS = 16, LEVELS = 16;
const LIMIT: u32 = 255;
const RATE: f32 = 0.015;
/** The first input of a context counts so much at the beginning, the second nothing. */
const WEIGHT: f32 = 0.15;
const FARTHEST: f32 = 12;

// sets of weights: by channel and bits that are known; by contexts that know the decision; by equal neighbours
const BY_BITS = 0, BY_KNOWN = 768, BY_EQUAL = BY_KNOWN + 32 * (CONTEXTS + 1), ALL = BY_EQUAL + 64 * 32;

/** f32[INPUTS]; u32[3], addresses of the weights in use; f32[4], probabilities of the three, and of their mean. */
const GIVEN: usize = 448, CHOSEN: usize = 640, MIXED: usize = 656;
/** u32[CONTEXTS][COUNTS][LEVELS] */
const MAPS: usize = 1024;

let weights: usize; // f32[ALL][INPUTS], behind which are the rows
let node: i32; // decisions of the tree that are known, behind a leading 1

export function openDecisions(): void {
  for (let i = 0; i < CONTEXTS * COUNTS * LEVELS; i++) {
    store<u32>(i << 2, mapEntry(((i & 15) << 18) + 131072, 6), MAPS);
  }
  weights = tables() + LATEST;
  for (let i: usize = 0; i < <usize> ALL * ROW; i += 8) store<f32>(weights + i, WEIGHT);
  store<f32>(0, 0.3, GIVEN + (CONTEXTS << 3));
}

/** Begins a channel: contexts are others. */
export function beginTree(): void {
  node = 8;
}

/** Codes a decision of channel k whose first bits are `bits`, behind a leading 1; number q of its decisions. */
export function decide(bit: i32, known: bool, k: i32, bits: i32, q: i32): i32 {
  if (node > 7) {
    node = 1;
    for (let i = 0; i < CONTEXTS; i++) {
      const c = <usize> i << 4;
      store<u32>(
        c,
        findRow(weights + <usize> ALL * ROW, hash(load<u32>(c, RECORDS + 12), bits << 5 | i)),
        RECORDS,
      );
    }
  }
  const sure = readSlots(), place = 9 * k + q;
  choose(0, BY_BITS + (k << 8) + bits);
  choose(4, BY_KNOWN + (sure << 5) + place);
  choose(8, BY_EQUAL + (equal << 5) + place);
  const p = mix(), zero = 65536 - <u32> max(min(p * 65536, <f32> 65535), <f32> 1);
  if (ENCODE || !known) bit = code(bit, zero);
  if (known || learning()) learn(bit);
  node = node << 1 | bit;
  return bit;
}

/** Fills the inputs; returns how many contexts have seen the decision before. */
function readSlots(): i32 {
  let sure = 0;
  for (let i = 0; i < CONTEXTS; i++) {
    const c = <usize> i << 4,
      slot = <usize> load<u32>(c, RECORDS) + (node << 2),
      s = load<u32>(slot),
      n = s & 1023;
    let entry: usize = 0, a: f32 = 0, b: f32 = 0;
    if (n) {
      entry = MAPS + (((i << 4) + min(n, COUNTS - 1) << 6) | (s >> 28 << 2));
      const p = (<f32> (load<u32>(entry) >> 10) + <f32> 0.5) * <f32> (1.0 / 4194304);
      a = log(p / (1 - p));
      b = 4 * p - 2;
      sure++;
    }
    store<u32>(c, slot, RECORDS + 4);
    store<u32>(c, entry, RECORDS + 8);
    store<f32>(i << 3, a, GIVEN);
    store<f32>(i << 3, b, GIVEN + 4);
  }
  return sure;
}

function choose(set: usize, n: i32): void {
  store<u32>(set, weights + <usize> n * ROW, CHOSEN);
}

/** The probability of a 1. */
function mix(): f32 {
  let sum: f32 = 0;
  for (let set: usize = 0; set < 12; set += 4) {
    const w: usize = load<u32>(set, CHOSEN);
    let s = f32x4.splat(0);
    for (let i: usize = 0; i < ROW; i += 16) {
      s = f32x4.add(s, f32x4.mul(v128.load(w + i), v128.load(i, GIVEN)));
    }
    const logit = max(min(sum4(s), FARTHEST), -FARTHEST);
    store<f32>(set, logit, MIXED);
    sum += logit;
  }
  store<f32>(0, sum / (3 * divisor), MIXED + 12);
  v128.store(0, sigmoid4(v128.load(0, MIXED)), MIXED);
  return load<f32>(0, MIXED + 12);
}

function learn(bit: i32): void {
  for (let set: usize = 0; set < 12; set += 4) {
    const w: usize = load<u32>(set, CHOSEN), e = f32x4.splat((<f32> bit - load<f32>(set, MIXED)) * RATE);
    for (let i: usize = 0; i < ROW; i += 16) {
      v128.store(w + i, f32x4.add(v128.load(w + i), f32x4.mul(e, v128.load(i, GIVEN))));
    }
  }
  for (let i = 0; i < CONTEXTS; i++) {
    const c = <usize> i << 4, entry: usize = load<u32>(c, RECORDS + 8);
    if (entry) updateMap(entry, bit, LIMIT);
    updateMap(load<u32>(c, RECORDS + 4), bit, LIMIT);
  }
}
