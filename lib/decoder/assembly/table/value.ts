/**
 * The value that a group gives an item: one of few, coded as decisions along a tree over them, in the order of events.
 * How much groups and items are above the mean is learned by stochastic gradient descent while coding; what that says,
 * who gives the value, to what, and what was given last are the contexts.
 */
import { learning } from "../range_coder";
import { allocate, has, SHARED, tell, watched } from "./memory";
import { chanceOf, clear, context, decide, hash } from "./mix";
import { bitsOf } from "./number";
import { chosen, groups, groupsWith, items, rate } from "./item";

/** The first of its sets of weights. */
const SETS: i32 = 4032;
/** How fast offsets are learned. */
const SPEED: f32 = 0.06;

let leaves: usize; // of each value u32: depth in the tree, rank among the values << 8
let values: i32;
let ofGroup: f32; // how much the current group is above the mean
let ofItems: usize; // f32[items]: the same of each item
let mean: f32;
export let given: usize; // u32[events]: indices of values in the order of events
let chances: usize; // encoder: f32[events of a group][values]

/** Reserves its memory: 4 bytes an item, 4 an event. `tree` is u32[count], as in the parameter block. */
export function openValues(tree: usize, count: i32, events: i32): void {
  leaves = tree;
  values = count;
  ofItems = allocate(<usize> items << 2);
  given = allocate((events + items) << 2);
  mean = <f32> count * 0.6;
  if (ENCODE) tell(8, chances = allocate(<usize> (items * count) << 2));
}

function rankOf(value: u32): f32 {
  return <f32> (load<u32>(leaves + (value << 2)) >> 8);
}

/** Codes the values of a group's events, in their order; `times` are u32[count], `unit` a long time. */
export function codeValues(event: i32, count: i32, times: usize, unit: u32): void {
  ofGroup = 0;
  let one: u32 = 63, two: u32 = 63, upper = 0;
  for (let k = 0; k < count; k++) {
    const e = <usize> (event + k) << 2,
      item = load<u32>(chosen + e),
      offset = ofItems + (<usize> item << 2);
    const guess = mean + ofGroup + load<f32>(offset),
      near = min(max(guess, 0), <f32> (values - 1));
    const fine = <u32> (near * 4 + 0.5), seen = min(3, bitsOf(<u32> groupsWith(item)));
    const habit: u32 = k ? 1 + min(6, (upper << 3) / k) : 0;
    const mild = <i32> (ofGroup * 2 + 40), better = <i32> (load<f32>(offset) * 2 + 40);
    clear();
    context(0);
    context(groups);
    context(fine);
    context(<u32> (near * 2 + 0.5) << 4 | habit);
    context(one << 6 | two);
    context((load<u32>(times + (k << 2)) / unit) << 3 | habit);
    context(groups << 6 | one);
    context((fine << 2 | seen) << 3 | habit);
    context(mild << 8 | better);
    context(groups << 8 | fine);
    if (has(SHARED)) {
      context(item);
      context(item << 3 | <u32> (min(max(ofGroup, -3), 3) + 3));
    }
    if (ENCODE && watched()) {
      const into = chances + ((k * values) << 2);
      expect(into, 0, values, 0, 1, min(3, bitsOf(k) >> 1), habit, fine);
    }
    const value = codeLeaf(load<u32>(given + e), min(3, bitsOf(k) >> 1), habit, fine);
    store<u32>(given + e, value);
    upper += i32(value >= half());
    two = one;
    one = value;
    const rank = rankOf(value);
    const error = rank - guess;
    ofGroup += SPEED * (error - <f32> 0.02 * ofGroup);
    if (!learning()) continue;
    rate(item, rank - mean);
    store<f32>(offset, load<f32>(offset) + SPEED * (error - <f32> 0.06 * load<f32>(offset)));
    mean += (rank - mean) * 0.0003;
  }
}

/** The first value in the tree's right half. */
function half(): u32 {
  return split(0, 1);
}

/** The first value right of a node at `depth` − 1 whose leftmost is `from`: the left part fills half of the node. */
function split(from: u32, depth: u32): u32 {
  for (let room: u32 = 1 << 16; room; from++) {
    room -= 1 << (16 - ((load<u32>(leaves + (from << 2)) & 255) - depth));
  }
  return from;
}

/** Codes a value by going down the tree. */
function codeLeaf(value: u32, early: i32, habit: u32, fine: u32): u32 {
  let from: u32 = 0;
  for (let depth: u32 = 0; (load<u32>(leaves + (from << 2)) & 255) > depth; depth++) {
    const right = split(from, depth + 1), node = <i32> right;
    const bit = decide(
      i32(value >= right),
      hash(right, depth),
      SETS + (node << 2 | early),
      SETS + 256 + (node << 3 | habit),
      SETS + 768 + min(<i32> fine, 127) * 8 + min(<i32> depth, 7),
    );
    if (bit) from = right;
  }
  return from;
}

/** Encoder: the chance of each value from `from` up to `to`, a node of that depth whose own chance is `share`. */
function expect(
  p: usize,
  from: u32,
  to: u32,
  depth: u32,
  share: f32,
  early: i32,
  habit: u32,
  fine: u32,
): void {
  if (to - from == 1) return store<f32>(p + (from << 2), share);
  const right = split(from, depth + 1), node = <i32> right;
  const chance = chanceOf(
    hash(right, depth),
    SETS + (node << 2 | early),
    SETS + 256 + (node << 3 | habit),
    SETS + 768 + min(<i32> fine, 127) * 8 + min(<i32> depth, 7),
  );
  expect(p, from, right, depth + 1, share * (1 - chance), early, habit, fine);
  expect(p, right, to, depth + 1, share * chance, early, habit, fine);
}
