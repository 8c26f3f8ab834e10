/** The model: from contexts to the probability of the next bit, and what is learnt from the bit. */
import { sigmoid } from "../math";
import { allocateRefinement, openRefinement, refine, updateRefinement } from "./apm";
import { allocate, BINARY, clear, GATING, has, rate, REFINEMENT } from "./block";
import { CONTEXTS, family, kind, missing, openContexts, ORDER, place, renewContexts, word } from "./contexts";
import { bits, forgetHistory, hash, last, partial } from "./history";
import { mapEntry, mapProbability, updateMap } from "./maps";
import { allocateMatch, expected, findMatch, matched, openMatch, readMatch, updateMatch } from "./match";
import { allocateMixer, choose, inputs, mix, openMixer, probability, updateMixer } from "./mixer";
import { allocateSlots, findRow, openSlots, slotProbability, updateSlot } from "./slots";
import { allocateStretch, openStretch, stretch } from "./stretch";

// of each context, 16 bytes: address of the row, of the slot, of the map's entry (0: the slot is new), and the hash
let contexts: usize;
let characters: usize;
let levels: usize; // u8[4096], a slot's probability in 64 levels
let maps: usize; // u32[CONTEXTS][16][64], by the slot's count and level
let known: i32; // how many orders have seen this decision before

/** Levels of a slot's probability for each unit of the stretched probability. */
const LEVELS: f32 = 3.6;

// the weights that each of the mixer's sets chooses from, one behind the other
const BY_MATCH = 0, BY_BITS = 208, BY_BYTE = 1232, BY_KINDS = 1744, BY_ORDER = 5840, BY_WORD = 6008;
const BY_PAIR = BY_WORD + 16384, ALL = BY_PAIR + 16384;

export function allocateModel(): void {
  contexts = allocate(CONTEXTS << 4);
  characters = allocate(64);
  levels = allocate(4096);
  maps = allocate(CONTEXTS << 12);
  allocateStretch();
  allocateSlots();
  allocateMatch();
  allocateMixer(ALL);
  allocateRefinement();
}

/** Begins to learn; what was learnt before is forgotten. */
export function openModel(): void {
  clear();
  forgetHistory();
  openStretch();
  for (let i = 0; i < 4096; i++) {
    store<u8>(levels + i, <i32> nearest(max(min(stretch(i) * LEVELS, <f32> 31), <f32> -32)) + 32);
  }
  for (let i = 0; i < CONTEXTS << 10; i++) {
    const p = <u32> (sigmoid(<f32> ((i & 63) - 32) / LEVELS) * 4194303);
    store<u32>(maps + (i << 2), mapEntry(p, 6));
  }
  openSlots();
  openMatch();
  openMixer(CONTEXTS << 1);
  openRefinement();
  openContexts(contexts, characters);
  renewContexts();
}

/** The probability of a 1. */
export function predict(): f32 {
  const x = inputs + (CONTEXTS << 3), c1 = last & 255;
  if (!(bits & 3)) findRows();
  readSlots();
  store<f32>(x, 0.3);
  readMatch(x + 4);
  const gating = has(GATING);
  if (gating) chooseWeights(c1);
  else for (let k = 0; k < 7; k++) choose(k, k);
  mix(gating ? partial : 0);
  if (!has(REFINEMENT)) return probability;
  return refine(
    c1 << 8 | partial,
    hash(last & 0xffffff, partial) & 0xffff,
    hash(matched << 8 | expected, matched ? partial : word << 8 | partial) & 0xffff,
  );
}

function chooseWeights(c1: i32): void {
  const late = i32(bits > 3), c2 = (last >> 8) & 255;
  choose(0, BY_MATCH + (matched << 3) + bits);
  choose(1, BY_BITS + (missing << 8) + partial);
  choose(2, BY_BYTE + (late << 8) + c1);
  choose(4, BY_ORDER + (known * 3 + (matched > 15 ? 2 : i32(matched > 0)) << 3) + bits);
  const binary = has(BINARY);
  const kinds = binary ? c2 : (kind(c1) << 3 | kind(c2)) << 3 | kind((last >> 16) & 255);
  choose(3, BY_KINDS + (kinds << 3) + bits);
  choose(5, BY_WORD + ((binary ? hash(place(), bits) : hash(word, partial)) >> 18));
  choose(6, BY_PAIR + (hash(last & 0xffff, bits) >> 18));
}

/** Before each half of the byte: the rows of its slots. */
function findRows(): void {
  for (let i = 0; i < CONTEXTS; i++) {
    const c = contexts + (i << 4);
    if (has(family(i))) store<u32>(c, findRow(hash(load<u32>(c, 12), partial + bits * 7)));
  }
}

/** Each context's two inputs: what slots like its own came to, and what its own says, weighed by how much it has seen. */
function readSlots(): void {
  // a half byte's decisions are a tree: its bits that are known behind a leading 1
  const half = bits & 3, node = (partial & ((1 << half) - 1)) | (1 << half);
  known = 0;
  for (let i = 0; i < CONTEXTS; i++) {
    const c = contexts + (i << 4), slot = <usize> load<u32>(c) + (node << 1), n = load<u16>(slot) & 15;
    let a: f32 = 0, b: f32 = 0, entry: usize = 0;
    store<u32>(c, slot, 4);
    if (load<u32>(c) && n) {
      entry = maps + (i << 12) + (n << 8) + (<usize> load<u8>(levels + slotProbability(slot)) << 2);
      a = stretch(mapProbability(entry));
      b = (<f32> slotProbability(slot) - 2048) * <f32> n * (<f32> 1 / 15360);
      if (i < ORDER) known++;
    }
    store<u32>(c, entry, 8);
    store<f32>(inputs + (i << 3), a);
    store<f32>(inputs + (i << 3), b, 4);
  }
}

export function learn(bit: i32): void {
  const limit: u32 = rate(2) << 2 | 3;
  for (let i = 0; i < CONTEXTS; i++) {
    const c = contexts + (i << 4);
    if (!load<u32>(c)) continue;
    const entry: usize = load<u32>(c, 8);
    if (entry) updateMap(entry, bit, limit);
    updateSlot(load<u32>(c, 4), bit);
  }
  updateMatch(bit);
  updateMixer(bit);
  if (has(REFINEMENT)) updateRefinement(bit);
}

/** Behind each byte. */
export function renew(): void {
  findMatch();
  renewContexts();
}
