/**
 * One binary decision: each context has a table of adaptive probabilities, which a mixer weighs whose sets of weights are chosen
 * by the decision and a context each; three maps refine what comes out. The pieces are those of the text model.
 */
import { log, sigmoid } from "../math";
import { code, learning } from "../range_coder";
import { allocateRefinement, openRefinement, refine, updateRefinement } from "../text/apm";
import { allocate, GATING, has, rate, REFINEMENT } from "../text/block";
import { hash } from "../text/history";
import { mapProbability, updateMap } from "../text/maps";
import { allocateMixer, choose, inputs, mix, openMixer, probability, updateMixer } from "../text/mixer";
import { allocateStretch, openStretch, stretch } from "../text/stretch";
import { divisor } from "../text/temperature";

/** Contexts, at most. */
const CONTEXTS = 16;
/** Logarithm of the entries that each context's table has. */
const SIZE = 18;
/** Decisions that the mixer tells apart, and what chooses among their weights. */
const NODES = 64, CHOICES = 64;
/** Sets of weights in use. */
const SETS = 7;

let contexts: usize; // u32[CONTEXTS], hashes
let found: usize; // u32[CONTEXTS], addresses of the entries in use
let tables: usize; // u32[CONTEXTS][1 << SIZE]
let choices: usize; // u32[SETS + 3], what chooses weights, and points of the three maps, whatever the decision is
let used: i32; // contexts

export function allocatePredictor(): void {
  contexts = allocate(CONTEXTS << 2);
  found = allocate(CONTEXTS << 2);
  choices = allocate(64);
  tables = allocate(CONTEXTS << (SIZE + 2));
  allocateStretch();
  allocateMixer(SETS * NODES * CHOICES);
  allocateRefinement();
}

export function openPredictor(): void {
  openStretch();
  openMixer(CONTEXTS << 1);
  openRefinement();
}

/** From now on contexts are told; `family` tells those of one kind of decision from others. */
let family: u32;
export function beginContexts(kind: u32): void {
  family = kind;
  used = 0;
}

export function addContext(value: u32): void {
  store<u32>(contexts + (<usize> used << 2), hash(value, family));
  used++;
}

/** What chooses the weights of set k (below 64), or, from 7 on, the points of a map. */
export function chooseBy(k: i32, value: u32): void {
  store<u32>(choices + (<usize> k << 2), value);
}

/** Codes a decision; `detail` tells apart those that share weights. */
export function decide(bit: i32, node: i32, detail: i32): i32 {
  for (let i = 0; i < used; i++) {
    const h = hash(load<u32>(contexts + (<usize> i << 2)), node << 8 | detail);
    const entry = tables + (<usize> i << (SIZE + 2)) + (<usize> (h >> (32 - SIZE)) << 2);
    if (!load<u32>(entry)) store<u32>(entry, 1 << 31);
    store<u32>(found + (<usize> i << 2), entry);
    const x = stretch(mapProbability(entry)), p = inputs + (<usize> i << 3);
    store<f32>(p, x);
    store<f32>(p, x * <f32> min(load<u32>(entry) & 1023, 30) * (<f32> 1 / 30), 4);
  }
  memory.fill(inputs + (<usize> used << 3), 0, <usize> (CONTEXTS - used) << 3);
  store<f32>(inputs + (CONTEXTS << 3), 0.3);
  for (let k = 0; k < SETS; k++) {
    choose(k, (k * NODES + node) * CHOICES + (has(GATING) ? load<u32>(choices + (<usize> k << 2)) : 0));
  }
  mix(node);
  const refining = has(REFINEMENT);
  let p = refining ? refine(pointsOf(7, node), pointsOf(8, node), pointsOf(9, node)) : probability;
  if (!ENCODE && divisor != 1) p = sigmoid(log(p / (1 - p)) / divisor);
  const zero = 65536 - <u32> max(min(p * 65536, <f32> 65535), <f32> 1);
  bit = code(bit, zero);
  if (!learning()) return bit;
  for (let i = 0; i < used; i++) updateMap(load<u32>(found + (<usize> i << 2)), bit, rate(2) << 2 | 3);
  updateMixer(bit);
  if (refining) updateRefinement(bit);
  return bit;
}

function pointsOf(k: usize, node: i32): u32 {
  return hash(load<u32>(choices + (k << 2)), node) >> 16;
}

/** Codes a number: is it 0, its sign, how many bits it has, those below the highest. `node` is the first of 23. */
export function codeNumber(value: i32, node: i32): i32 {
  let m = abs(value), length = 1;
  if (!decide(i32(m != 0), node, 0)) return 0;
  const size = 32 - <i32> clz(m);
  while (length < 16 && decide(i32(length < size), node + 1 + min(length, 12), 0)) length++;
  let found = 1;
  for (let t = length - 2; t >= 0; t--) {
    const detail = 1 + min(length, 6) * 4 + (t == length - 2 ? 0 : t == length - 3 ? 1 + (found & 1) : 3);
    found = found << 1 | decide(m >> t & 1, node + 13 + min(length, 8), detail);
  }
  return decide(i32(value < 0), node + 22, 0) ? -found : found;
}
