/**
 * A block's coefficients in zigzag order: the first, then, behind each that is not 0, whether there are more, and of each
 * what it is. What is known of a block when it is complete is kept as its summary.
 */
import { allocate, has } from "../text/block";
import { spent } from "../range_coder";
import { COLUMNS, EDGE, know, lacking, meet, ROWS } from "./edges";
import { beginFits, expectedSize, expectedValue, give, learnFits } from "./fits";
import { order, QUANTA, STRIDE, VALUES } from "./frame";
import { level, logOf, signed } from "./levels";
import { AROUND, summaryOf, values } from "./memory";
import { addContext, beginContexts, chooseBy, codeNumber, decide } from "./predictor";

/** Encoder: bits that first coefficients took. */
export let firsts: f64;

/** The largest coefficient that there is. */
const LARGEST = 2047;
/** Decisions: the numbers of the first coefficient and of the others, and whether there are more. */
const FIRST = 32, OTHER = 0, MORE = 23;
/**
 * A summary: place of the last coefficient, u8; sum of magnitudes but the first, u16; what was not predicted of the
 * first, i16.
 */
const END = 0, SUM = 2, MISSED = 4;

// the block, those around (zeros where there are none) and those of other planes
let block: usize;
let left: usize;
let above: usize;
let before: usize; // the first of the three above
let behind: usize; // the last one
let other: usize;
let second: usize;
let number: i32; // of the plane
let usual: i32; // place of the last coefficient in those around

// how far it is
let known: usize; // i16[64], coefficients, the first as 0
let sum: i32; // of magnitudes
let count: i32; // of those that are not 0
let run: i32; // zeros just before
let last: i32; // coefficient
let lastButOne: i32;
let ahead: i32; // what the left block and the one above have from here on

export function allocateBlocks(): void {
  known = allocate(128);
  if (ENCODE) firsts = 0;
}

/** Of what is drawn: no larger than there is. */
function limited(n: i32): i32 {
  return max(-LARGEST, min(LARGEST, n));
}

/** In quarters. */
function rounded(x: f32): i32 {
  return max(-200, min(200, <i32> nearest(x * 4)));
}

/** The magnitude of the coefficient at (u, v); of those outside 0. */
function size(block: usize, u: i32, v: i32): i32 {
  return (u | v) & ~7 ? 0 : abs(<i32> load<i16>(block + (<usize> (u << 3 | v) << 1)));
}

/** Magnitudes around (u, v), the first coefficient left out. */
function around(block: usize, u: i32, v: i32): i32 {
  let sum = 0;
  for (let i = u - 1; i <= u + 1; i++) {
    for (let j = v - 1; j <= v + 1; j++) {
      if (i | j) sum += size(block, i, j) << (i32(i == u) + i32(j == v));
    }
  }
  return sum;
}

/**
 * Codes a block of plane number `i` at (x, y); `first` and `next` are those of two planes before at the same place, or zeros.
 */
export function codeBlock(p: usize, i: i32, x: i32, y: i32, first: usize, next: usize): void {
  const stride = load<i32>(p, STRIDE), quanta = load<usize>(p, QUANTA), zeros = values - 128;
  block = load<usize>(p, VALUES) + (<usize> (y * stride + x) << 7);
  if (!has(AROUND)) x = y = 0;
  left = x ? block - 128 : zeros;
  above = y ? block - (<usize> stride << 7) : zeros;
  before = x && y ? above - 128 : above;
  behind = y && x + 1 < stride ? above + 128 : above;
  other = first;
  second = next;
  number = i;
  const corners = load<u8>(summaryOf(before), END) + load<u8>(summaryOf(behind), END);
  usual = (2 * load<u8>(summaryOf(left), END) + 2 * load<u8>(summaryOf(above), END) + corners + 3) / 6;
  meet(left, above, quanta);
  const begun = spent;
  codeFirst(x && y, load<f32>(quanta));
  if (ENCODE) firsts += spent - begun;
  codeOthers(quanta);
}

/** @param both Whether there are blocks to the left and above. */
function codeFirst(both: bool, quantum: f32): void {
  const sLeft = summaryOf(left), sAbove = summaryOf(above);
  const fl = lacking(ROWS, 0, 0, quantum), fa = lacking(COLUMNS, 0, 0, quantum);
  const guess = both ? (fl + fa) * <f32> 0.5 : fl + fa, guessed = <i32> nearest(guess);
  const rest = <i32> nearest((guess - <f32> guessed) * 8) + 8;
  const spread = both ? <i32> min(abs(fl - fa) * 2, <f32> 40) : 40, sure = level(spread);
  const l = load<i16>(left) - guessed, a = load<i16>(above) - guessed;
  const slope = signed(l + a - load<i16>(before) + guessed);
  const ml = load<i16>(sLeft, MISSED), ma = load<i16>(sAbove, MISSED), missed = level(abs(ml) + abs(ma));
  const others = signed(load<i16>(summaryOf(second), MISSED)), pair = signed(ml) << 5 | signed(ma);
  beginContexts(128 + i32(number > 0));
  addContext(rest << 6 | spread);
  addContext(usual);
  addContext(signed(l) << 5 | signed(a));
  addContext(signed(load<i16>(behind) - guessed) << 4 | sure);
  addContext(signed(<i32> nearest(fl) - guessed) << 5 | signed(<i32> nearest(fa) - guessed));
  addContext(slope);
  addContext(level(usual) << 4 | sure);
  addContext((level(load<i16>(left, 2)) << 4 | level(load<i16>(above, 16))) << 4 | sure);
  addContext(pair);
  addContext(pair << 4 | sure);
  addContext(missed << 4 | sure);
  addContext(others << 4 | sure);
  addContext(others << 10 | pair);
  addContext(level(load<u16>(summaryOf(other), SUM)) << 4 | sure);
  addContext(signed(load<i16>(other, 2)) << 5 | signed(load<i16>(other, 16)));
  chooseBy(0, 0);
  chooseBy(1, sure);
  chooseBy(2, missed);
  chooseBy(3, rest);
  chooseBy(4, slope);
  chooseBy(5, number);
  chooseBy(6, level(usual));
  chooseBy(7, 0);
  chooseBy(8, spread);
  chooseBy(9, missed);
  const found = limited(codeNumber(load<i16>(block) - guessed, FIRST) + guessed);
  store<i16>(block, found);
  know(0, <f32> found * quantum);
  store<i16>(summaryOf(block), max(-255, min(255, found - guessed)), MISSED);
}

function codeOthers(quanta: usize): void {
  const summary = summaryOf(block);
  let end = 63, k = 1, more = true;
  if (ENCODE) { while (end && !load<i16>(block + (<usize> load<u8>(order + end) << 1))) end--; }
  memory.fill(known, 0, 128);
  sum =
    count =
    run =
    last =
    lastButOne =
      0;
  ahead = <i32> load<u16>(summaryOf(left), SUM) + load<u16>(summaryOf(above), SUM);
  for (; k < 64; k++) {
    const z = <usize> load<u8>(order + k), p = z << 1, q = load<f32>(quanta + (z << 2));
    look(z, k, q);
    if (more && !decide(i32(end >= k), MORE, 0)) break;
    const found = limited(codeNumber(load<i16>(block + p), OTHER)), m = abs(found);
    more = m > 0;
    learnFits(found, logOf(found));
    lastButOne = last;
    last = found;
    ahead -= abs(<i32> load<i16>(left + p)) + abs(<i32> load<i16>(above + p));
    run++;
    if (!m) continue;
    run = 0;
    sum += m;
    count++;
    store<i16>(block + p, found);
    store<i16>(known + p, found);
    know(z, <f32> found * q);
  }
  store<u8>(summary, k - 1, END);
  store<u16>(summary, min(sum, 65535), SUM);
}

/** Tells the contexts of the coefficient at z, the k-th. */
function look(z: usize, k: i32, quantum: f32): void {
  const p = z << 1, u = <i32> z >> 3, v = <i32> z & 7, colour = i32(number > 0);
  const l = load<i16>(left + p),
    a = load<i16>(above + p),
    b = load<i16>(before + p),
    c = load<i16>(behind + p);
  const o = load<i16>(other + p), o2 = load<i16>(second + p);
  const fl = lacking(ROWS + u, v, 0, quantum), fa = lacking(COLUMNS + v, u, 0, quantum);
  const il = rounded(fl), ia = rounded(fa), aroundA = around(above, u, v), aroundL = around(left, u, v);
  const n1 = size(known, u - 1, v), n2 = size(known, u, v - 1);
  const n3 = size(known, u - 1, v - 1) +
    ((u + v) & 1 ? size(known, u - 1, v + 1) : size(known, u + 1, v - 1));
  const n4 = size(known, u - 2, v) + size(known, u, v - 2), nearby = level((n1 + n2) * 2 + n3 + n4);

  beginFits(colour << 6 | z);
  give(fl);
  give(fa);
  give(lacking(ROWS + u, v, EDGE, quantum));
  give(lacking(COLUMNS + v, u, EDGE, quantum));
  give(l);
  give(a);
  give(b);
  give(c);
  const ib = rounded(<f32> expectedValue()), likely = signed(ib);
  give(1);
  give(logOf(a));
  give(logOf(l));
  give(logOf(b) + logOf(c));
  give(logOf(count));
  give(logOf(aroundA));
  give(logOf(aroundL));
  give(logOf(n1));
  give(logOf(n2));
  give(logOf(n3));
  give(logOf(n4));
  give(logOf(il));
  give(logOf(ia));
  give(logOf(ahead));
  give(logOf(number > 1 ? o2 : o));
  give(logOf(sum));
  const expected = <i32> max(0, min(63, expectedSize() * 23)), large = expected >> 1, zeros = min(run, 15);

  const otherEnd = load<u8>(summaryOf(number > 1 ? second : other), END) + (number << 6);
  beginContexts(<u32> z << 1 | colour);
  addContext((level(2 * n1) << 4 | level(2 * n2)) << 4 | level(n3));
  addContext(il);
  addContext(ia);
  addContext(signed(il) << 5 | signed(ia));
  addContext(signed(o) << 5 | signed(o2) | number << 10);
  addContext((signed(last) << 5 | signed(lastButOne)) << 4 | zeros);
  addContext(level(sum) << 6 | count);
  addContext((nearby << 4 | level(aroundA + aroundL)) << 4 | zeros);
  addContext((level(o) << 4 | level(o2)) << 5 | large | number << 13);
  addContext(otherEnd << 4 | level(usual));
  addContext((signed(<i32> nearest(fl + fa) * 2) << 4 | level(n1 + n2 + n3)) << 4 | level((il - ia) >> 1));
  addContext(expected);
  addContext(large << 5 | likely);
  chooseBy(0, <u32> z);
  chooseBy(1, signed(usual - k));
  chooseBy(2, large);
  chooseBy(3, likely);
  chooseBy(4, nearby);
  chooseBy(5, number << 4 | level(ahead));
  chooseBy(6, level(sum) << 2 | min(run, 3));
  chooseBy(7, <u32> z << 6 | expected);
  chooseBy(8, <u32> z << 6 | likely);
  chooseBy(9, (<u32> z << 5 | large) << 4 | level((n1 + n2) * 2 + n3));
}
