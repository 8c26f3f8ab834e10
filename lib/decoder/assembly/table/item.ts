/**
 * Which item a group's next event has: a softmax over all items that the group has not had. A logit is a weighted sum of
 * what makes items likely: how many groups have the item (all; those of near times; those of near size, too), what stood
 * near the group's last items in earlier groups, and where the item is in the catalogue. Weights are learned for each
 * size of the gap in time; a group adds corrections of its own, which are learned faster and forgotten with it.
 */
import { log, sum4 } from "../math";
import { learning } from "../range_coder";
import { allocate, tell, watched } from "./memory";
import { codeBit } from "./mix";
import { bitsOf } from "./number";

/** Sizes of gaps that have weights of their own. */
const GAPS: i32 = 8;
/** Events to both sides, within that time, that count as near. */
const NEAR: i32 = 16;
const MOMENT: i32 = 600;
/** How fast weights learn: all groups', a group's own, and the items' biases. */
const RATE: f32 = 0.001;
const OWN: f32 = 0.02;
const BIAS: f32 = 0.06;
/** The bits of 1, and what a factor of e adds to a float's bits: 2²³ / ln 2. */
const ONE: f32 = 1065353216;
const E_BITS: f32 = 12102203;

export let items: i32;
let padded: i32; // to whole vectors
let x: usize; // f32[padded / 4][16][4]: 14 inputs, one unused, the item's bias
let theta: usize; // f32[GAPS + 2][16]: of each gap; the group's own; their sum
let times: usize; // f32[GAPS] events seen
let near: usize; // f32[4][padded]: what stood near the last items, forgotten at three speeds; what followed the last one
let nearMass: v128 = i64x2(0, 0);
let open: usize; // f32[padded]: 1: the group has not had it
let odds: usize; // f32[padded] not normalised
let tails: usize; // f32[padded] odds of all items behind
let had: usize; // f32[padded] groups that had the item
let worth: usize; // f32[padded] sum of its values
let first: usize; // f32[padded] when it was first had
let distances: usize; // f32[2 · padded] log(1 + |d|), d = −padded …
let heads: usize; // i32[padded]: its last event + 1
let links: usize; // i32[events]: the event + 1 that had the same item before
let owners: usize; // u32[events]: the event's group + 1, once the group is learned
let starts: usize; // of each group: u32 first event, u32 events, u32 first and last time
export let groups: i32; // learned
let span: f32; // what counts as a long time
let last: i32; // items of the last two events; −1: none
let second: i32;

export let chosen: usize; // u32[events]: items in the order of events
export let when: usize; // u32[events]: their times

/** Reserves its memory: 128 bytes an item, 16 a group, 16 an event and an item. */
export function openItems(count: i32, events: i32, most: i32, longTime: f32): void {
  items = count;
  padded = (count + 3) & ~3;
  const bytes = <usize> padded << 2;
  x = allocate(16 * bytes);
  theta = allocate((GAPS + 2) << 6);
  times = allocate(GAPS << 2);
  near = allocate(4 * bytes);
  open = allocate(bytes);
  odds = allocate(bytes);
  tell(7, odds);
  tails = allocate(bytes);
  had = allocate(bytes);
  worth = allocate(bytes);
  first = allocate(bytes);
  distances = allocate(2 * bytes + 16);
  heads = allocate(bytes);
  links = allocate((events + count) << 2);
  owners = allocate((events + count) << 2);
  chosen = allocate((events + count) << 2);
  when = allocate((events + count) << 2);
  starts = allocate((most + 2) << 4);
  groups = 0;
  span = longTime;
  for (let i = 0; i < 2 * padded; i++) store<f32>(distances + (i << 2), log(<f32> abs(i - padded) + 1));
  for (let g = 0; g < GAPS; g++) {
    const t = theta + (g << 6);
    v128.store(t, f32x4(0.6, 0.25, 0.25, 0.4));
    v128.store(t, f32x4(0.2, 0.8, 1, 0.2), 16);
    v128.store(t, f32x4(-0.15, 0.1, -0.15, 0), 32);
    v128.store(t, f32x4(-0.5, 0, 0, 0), 48);
  }
  for (let i = 0; i < items; i++) store<f32>(first + (i << 2), 4e9);
}

/** ln x of x > 0 and e^x of x < 80, roughly (within 0.06, and 7 %): a float's bits are about its logarithm. */
function log4(x: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(x), f32x4.splat(ONE)), f32x4.splat(1 / E_BITS));
}

function exp4(x: v128): v128 {
  const bits = f32x4.add(f32x4.mul(x, f32x4.splat(E_BITS)), f32x4.splat(ONE));
  return i32x4.trunc_sat_f32x4_s(f32x4.max(bits, f32x4.splat(0)));
}

function distance(a: u32, b: u32): f32 {
  return <f32> (a > b ? a - b : b - a);
}

/** Begins a group whose `count` times are known, its first event being number `event`. */
export function openGroup(event: i32, count: i32): void {
  const bytes = <usize> padded << 2, own = starts + (groups << 4);
  const from = load<u32>(when + (event << 2)), to = load<u32>(when + ((event + count - 1) << 2));
  store<u32>(own, event);
  store<u32>(own, count, 4);
  store<u32>(own, from, 8);
  store<u32>(own, to, 12);
  memory.fill(near, 0, bytes);
  memory.fill(odds, 0, bytes);
  let all: f32 = 2, both: f32 = 2;
  for (let g = 0; g < groups; g++) {
    const s = starts + (g << 4), n = load<i32>(s, 4);
    const d = (distance(from, load<u32>(s, 8)) + distance(to, load<u32>(s, 12))) / span;
    const close = <f32> 1 / (1 + d * d) + 0.01,
      r = <f32> 2 * log(<f32> count / <f32> n),
      like = close / (1 + r * r);
    all += close;
    both += like;
    for (let e = load<i32>(s), end = e + n; e < end; e++) {
      const at = <usize> load<u32>(chosen + (e << 2)) << 2;
      store<f32>(near + at, load<f32>(near + at) + close);
      store<f32>(odds + at, load<f32>(odds + at) + like);
    }
  }
  const before = f32x4.splat(<f32> 1 / (<f32> groups + 25)), one = f32x4.splat(1);
  for (let i: usize = 0; i < bytes; i += 16) {
    const n = v128.load(had + i), b = x + (i << 4);
    const base = f32x4.mul(f32x4.add(n, f32x4.splat(0.35)), before), twice = f32x4.add(base, base);
    v128.store(b, log4(f32x4.mul(base, f32x4.splat(400))));
    v128.store(b, log4(f32x4.mul(f32x4.add(v128.load(near + i), twice), f32x4.splat(400 / all))), 16);
    v128.store(b, log4(f32x4.mul(f32x4.add(v128.load(odds + i), twice), f32x4.splat(400 / both))), 32);
    v128.store(b, v128.and(f32x4.lt(n, f32x4.splat(0.5)), one), 48);
    v128.store(b, f32x4.div(v128.load(worth + i), f32x4.add(n, f32x4.splat(5))), 13 << 4);
    v128.store(open + i, one);
  }
  for (let i = items; i < padded; i++) store<f32>(open + (i << 2), 0);
  memory.fill(near, 0, 4 * bytes);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(x + (i << 4), f32x4.splat(0), 7 << 4);
  nearMass = f32x4.splat(0);
  last = second = -1;
  memory.fill(theta + (GAPS << 6), 0, 64);
}

/** The weights of a gap: 0 the group's first event, 1 at the same time as the last one, then by the gap's size. */
function weightsOf(event: i32): i32 {
  if (last < 0) return 0;
  const bits = bitsOf(load<u32>(when + (event << 2)) - load<u32>(when + ((event - 1) << 2)));
  return bits < 9 ? 1 + ((bits + 1) >> 1) : bits < 15 ? 6 : 7;
}

/** Codes the item of an event, the `rest` next ones of the group being at the same time, and therefore ascending. */
export function codeItem(event: i32, rest: i32): void {
  const gap = weightsOf(event), from = gap == 1 ? last + 1 : 0;
  if (ENCODE && watched()) memory.fill(odds, 0, (from & ~3) << 2);
  const total = weigh(event, gap, from, rest);
  const item = choose(load<u32>(chosen + (event << 2)), from & ~3, total);
  store<u32>(chosen + (event << 2), item);
  if (learning()) learn(gap, item, from & ~3, total);
  move(item);
}

/** Computes the odds of all items from `from` on; returns their sum. */
function weigh(event: i32, gap: i32, from: i32, rest: i32): f32 {
  const bytes = <usize> padded << 2, sum = theta + ((GAPS + 1) << 6), own = theta + (GAPS << 6);
  for (let i: usize = 0; i < 64; i += 16) {
    v128.store(sum + i, f32x4.add(v128.load(theta + (gap << 6) + i), v128.load(own + i)));
  }
  store<f32>(sum, 1, 60); // of the bias
  const now = f32x4.splat(<f32> load<u32>(when + (event << 2))), one = f32x4.splat(1);
  const mass = f32x4.mul(nearMass, f32x4.splat(<f32> 1 / (<f32> groups + 1)));
  const m1 = f32x4.splat(f32x4.extract_lane(mass, 0)),
    m2 = f32x4.splat(f32x4.extract_lane(mass, 1)),
    m3 = f32x4.splat(f32x4.extract_lane(mass, 2));
  const toLast = distances + (<usize> (padded - last) << 2),
    toSecond = distances + (<usize> (padded - second) << 2);
  let index = f32x4(-4, -3, -2, -1), total = f32x4.splat(0);
  index = f32x4.add(index, f32x4.splat(<f32> (from & ~3)));
  for (let i = <usize> (from & ~3) << 2; i < bytes; i += 16) {
    index = f32x4.add(index, f32x4.splat(4));
    const n = v128.load(had + i), b = x + (i << 4), off = f32x4.sub(index, f32x4.splat(<f32> last));
    v128.store(b, excess(near + i, f32x4.mul(m1, n), 0.3), 4 << 4);
    v128.store(b, excess(near + bytes + i, f32x4.mul(m2, n), 0.3), 5 << 4);
    v128.store(b, excess(near + 2 * bytes + i, f32x4.mul(m3, n), 1.5), 6 << 4);
    v128.store(b, v128.load(toLast + i), 8 << 4);
    v128.store(b, v128.and(f32x4.gt(off, f32x4.splat(0)), one), 9 << 4);
    v128.store(b, v128.load(toSecond + i), 10 << 4);
    v128.store(b, v128.and(f32x4.lt(f32x4.abs(off), f32x4.splat(4)), one), 11 << 4);
    v128.store(b, v128.and(f32x4.gt(v128.load(first + i), now), one), 12 << 4);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let q: usize = 0; q < 64; q += 16) {
      const c = b + (q << 2), w = sum + q;
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(w), v128.load(c)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(w, 4), v128.load(c, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(w, 8), v128.load(c, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(w, 12), v128.load(c, 48)));
    }
    const logit = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), bound = f32x4.splat(40);
    let weight = f32x4.mul(exp4(f32x4.min(logit, bound)), v128.load(open + i));
    weight = v128.and(weight, f32x4.ge(index, f32x4.splat(<f32> from)));
    v128.store(odds + i, weight);
    total = f32x4.add(total, weight);
  }
  return rest ? weighTails(from & ~3, <f32> rest, sum4(total)) : sum4(total);
}

/** The logarithm of how much more there is at `p` than expected, both raised by `floor`. */
function excess(p: usize, expected: v128, floor: f32): v128 {
  const a = f32x4.splat(floor), bits = i32x4.sub(f32x4.add(v128.load(p), a), f32x4.add(expected, a));
  return f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(1 / E_BITS));
}

/** The first of several ascending items leaves the others behind it: odds times (share of what is behind)^rest. */
function weighTails(from: i32, rest: f32, total: f32): f32 {
  let behind: f32 = 0;
  for (let i = padded - 1; i >= from; i--) {
    store<f32>(tails + (i << 2), behind + <f32> 1e-30);
    behind += load<f32>(odds + (i << 2));
  }
  let sum = f32x4.splat(0);
  const scale = f32x4.splat(1 / total), power = f32x4.splat(rest);
  for (let i = <usize> from << 2; i < <usize> padded << 2; i += 16) {
    const share = exp4(f32x4.mul(power, log4(f32x4.mul(v128.load(tails + i), scale))));
    const weight = f32x4.mul(v128.load(odds + i), share);
    v128.store(odds + i, weight);
    sum = f32x4.add(sum, weight);
  }
  return sum4(sum);
}

/** Codes which item it is by halving what is left. */
function choose(item: i32, from: i32, total: f32): i32 {
  let to = padded;
  while (to - from > 1) {
    const middle = to - from > 4 ? (from + to + 4) >> 1 & ~3 : (from + to) >> 1;
    let left: f32 = 0;
    if (to - from > 4) {
      let sum = f32x4.splat(0);
      for (let i = <usize> from << 2; i < <usize> middle << 2; i += 16) {
        sum = f32x4.add(sum, v128.load(odds + i));
      }
      left = sum4(sum);
    } else for (let i = from; i < middle; i++) left += load<f32>(odds + (i << 2));
    const right = total - left; // whatever it is, the decision has a share on both sides
    if (codeBit(i32(item >= middle), right / total)) {
      from = middle;
      total = right;
    } else {
      to = middle;
      total = left;
    }
  }
  return min(from, items - 1);
}

/** Moves weights and biases along the gradient of log P(item), `total` being the sum of the odds. */
function learn(gap: i32, item: i32, from: i32, total: f32): void {
  const bytes = <usize> padded << 2,
    start = <usize> from << 2,
    its = x + (<usize> (item & ~3) << 6) + ((item & 3) << 2);
  const scale = <f32> 1 / max<f32>(total, 1e-37), seen = load<f32>(times + (gap << 2));
  const rate = f32x4.splat(RATE + <f32> 0.01 / (1 + seen * <f32> 0.02)), down = f32x4.splat(-BIAS * scale);
  store<f32>(times + (gap << 2), seen + 1);
  for (let q: usize = 0; q < 64; q += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let i = start; i < bytes; i += 16) {
      const p = v128.load(odds + i), c = x + (i << 4) + (q << 2);
      s0 = f32x4.add(s0, f32x4.mul(p, v128.load(c)));
      s1 = f32x4.add(s1, f32x4.mul(p, v128.load(c, 16)));
      s2 = f32x4.add(s2, f32x4.mul(p, v128.load(c, 32)));
      s3 = f32x4.add(s3, f32x4.mul(p, v128.load(c, 48)));
    }
    const c = its + (q << 2),
      mean = f32x4.mul(f32x4(sum4(s0), sum4(s1), sum4(s2), sum4(s3)), f32x4.splat(scale));
    const slope = f32x4.sub(f32x4(load<f32>(c), load<f32>(c, 16), load<f32>(c, 32), load<f32>(c, 48)), mean);
    const t = theta + (gap << 6) + q, own = theta + (GAPS << 6) + q;
    v128.store(t, f32x4.add(v128.load(t), f32x4.mul(rate, slope)));
    v128.store(own, f32x4.add(v128.load(own), f32x4.mul(f32x4.splat(OWN), slope)));
  }
  for (let i = start; i < bytes; i += 16) {
    const bias = x + (i << 4);
    v128.store(bias, f32x4.add(v128.load(bias, 15 << 4), f32x4.mul(down, v128.load(odds + i))), 15 << 4);
  }
  store<f32>(its, load<f32>(its, 15 << 4) + BIAS, 15 << 4);
}

/** Makes an item the last one: what stood near it in earlier groups is expected next. */
function move(item: i32): void {
  const bytes = <usize> padded << 2;
  store<f32>(open + (item << 2), 0);
  second = last;
  last = item;
  for (let i = near, end = near + bytes; i < end; i += 16) {
    v128.store(i, f32x4.mul(v128.load(i), f32x4.splat(0.6)));
    v128.store(i + bytes, f32x4.mul(v128.load(i + bytes), f32x4.splat(0.85)));
    v128.store(i + 2 * bytes, f32x4.mul(v128.load(i + 2 * bytes), f32x4.splat(0.98)));
    v128.store(x + (i - near << 4), f32x4.splat(0), 7 << 4);
  }
  memory.fill(near + 3 * bytes, 0, bytes);
  const n = f32x4.splat(load<f32>(had + (item << 2)));
  nearMass = f32x4.add(f32x4.mul(nearMass, f32x4(0.6, 0.85, 0.98, 0)), n);
  for (let e = load<i32>(heads + (item << 2)) - 1; e >= 0; e = load<i32>(links + (e << 2)) - 1) {
    lookAround(e, 1, 1.5);
    lookAround(e, -1, 0.75);
  }
}

/** Adds what followed an event, or went before it, in its group. */
function lookAround(event: i32, step: i32, weight: f32): void {
  const bytes = <usize> padded << 2, now = load<u32>(when + (event << 2));
  const owner = load<u32>(owners + (event << 2));
  let e = event;
  for (let z = 1; z <= NEAR; z++) {
    e += step;
    if (e < 0 || load<u32>(owners + (e << 2)) != owner) return;
    const then = load<u32>(when + (e << 2));
    if (abs(<i32> (then - now)) > MOMENT) return;
    const at = near + (<usize> load<u32>(chosen + (e << 2)) << 2), w = weight / sqrt<f32>(<f32> z);
    for (let s = 0; s < 3; s++) {
      const p = at + <usize> s * bytes;
      store<f32>(p, load<f32>(p) + w);
    }
    if (z == 1 && step > 0) {
      const p = at + 3 * bytes, many = load<f32>(p) + 1, item = <i32> ((at - near) >> 2);
      store<f32>(p, many);
      store<f32>(
        x + (<usize> (item & ~3) << 6) + ((item & 3) << 2),
        log(many + <f32> 0.1) + <f32> 2.3026,
        7 << 4,
      );
    }
  }
}

/** Learns the group whose events are all known: how often, and since when its items were had. */
export function closeGroup(event: i32, count: i32): void {
  groups++;
  for (let k = 0; k < count; k++) {
    const e = <usize> (event + k) << 2, at = <usize> load<u32>(chosen + e) << 2;
    store<u32>(owners + e, groups);
    store<u32>(links + e, load<u32>(heads + at));
    store<u32>(heads + at, event + k + 1);
    store<f32>(had + at, load<f32>(had + at) + 1);
    store<f32>(first + at, min(load<f32>(first + at), <f32> load<u32>(when + e)));
  }
}

/** Adds how much better or worse than usual an item's value was. */
export function rate(item: i32, better: f32): void {
  const p = worth + (<usize> item << 2);
  store<f32>(p, load<f32>(p) + better);
}

/** How many groups have had an item. */
export function groupsWith(item: i32): f32 {
  return load<f32>(had + (<usize> item << 2));
}
