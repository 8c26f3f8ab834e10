/**
 * A block's coefficients in zigzag order: the first, then, behind each that is not 0, whether there are more, and what each is.
 * Blocks continue each other: where two meet, their samples are to be alike, which says what is missing of a coefficient (as
 * in Lepton: Horn et al. 2017). A fit by least squares says how far to trust that, and another one how large it will be.
 */
import { LeastSquares, openLeastSquares } from "../audio/least_squares";
import { openMemory } from "../audio/memory";
import { log } from "../math";
import { allocate, has } from "../text/block";
import { spent } from "../text/cost";
import { order, QUANTA, STRIDE, VALUES } from "./frame";
import { AROUND, summaryOf, values } from "./memory";
import { addContext, beginContexts, chooseBy, codeNumber, decide } from "./predictor";

/** Encoder: bits that first coefficients took. */
export let firsts: f64;

/** The largest coefficient that there is. */
const LARGEST = 2047;
/** Inputs of the fits of values and of sizes. */
const SIGNED = 8, SIZES = 16;
/** Bytes that a fit takes at most. */
const FIT = 6144;
/** Decisions: the numbers of the first coefficient and of the others, and whether there are more. */
const FIRST = 32, OTHER = 0, MORE = 23;
/** A block's summary: place of its last coefficient, u8 at 0; sum of magnitudes but the first, u16; what was not predicted of the first, i16. */
const SUM = 2, MISSED = 4;

let levels: usize; // u8[256], of magnitudes, about 3 ln (1 + n)
let logs: usize; // f64[1024], ln (1 + n)
let cosines: usize; // f32[8] in the middle of the outermost sample, f32[8] at its edge
let ends: usize; // f32[4][8], at the middle and at the edge: left block's rows and above block's columns as they end
let begins: usize; // f32[4][8], this block's as they begin, as far as it is known
let known: usize; // i16[64], the block as far as it is known, its first coefficient as 0
let inputs: usize; // f64[SIGNED + 2], f64[SIZES + 2]
let fits: usize; // u32[2][64][2], addresses
let room: usize; // of the fits

export function allocateBlocks(): void {
  levels = allocate(256);
  logs = allocate(1024 << 3);
  cosines = allocate(64);
  ends = allocate(128);
  begins = allocate(128);
  known = allocate(128);
  inputs = allocate((SIGNED + 2 + SIZES + 2) << 3);
  fits = allocate(256 << 2);
  room = allocate(256 * FIT);
}

export function openBlocks(): void {
  if (ENCODE) firsts = 0;
  for (let i = 0; i < 1024; i++) {
    const x = log(<f32> i + 1);
    store<f64>(logs + (i << 3), x);
    if (i < 256) store<u8>(levels + i, min(15, <i32> (x * <f32> 2.9)));
  }
  openMemory(room);
  for (let i = 0; i < 256; i++) {
    store<usize>(
      fits + (i << 2),
      changetype<usize>(openLeastSquares(i & 1 ? SIZES : SIGNED, 16, 0.9995, 0.0005)),
    );
  }
  // √2 cos (vπ/16), by 2 cos a cos b = cos (a + b) + cos (a − b)
  let before: f32 = 1.3870398, here: f32 = 1.4142135;
  for (let v = 0; v < 8; v++) {
    store<f32>(cosines + (v << 2), v ? here : 1);
    store<f32>(cosines + (v << 2), v ? 1.4142135 : 1, 32);
    const next = here * <f32> 1.9615705 - before;
    before = here;
    here = next;
  }
}

/** 0 to 15. */
function level(n: i32): i32 {
  return load<u8>(levels + min(abs(n), 255));
}

/** 0 to 31, with the sign. */
function signed(n: i32): i32 {
  return n < 0 ? 15 - level(n) : 16 + level(n);
}

function logOf(n: i32): f64 {
  return load<f64>(logs + (<usize> min(abs(n), 1023) << 3));
}

function rounded(x: f32): i32 {
  return max(-200, min(200, <i32> nearest(x * 4)));
}

/** Of what is drawn: no larger than there is. */
function limited(n: i32): i32 {
  return max(-LARGEST, min(LARGEST, n));
}

/** The coefficient at (u, v) of a block; those outside are 0. */
function at(block: usize, u: i32, v: i32): i32 {
  return (u | v) & ~7 ? 0 : load<i16>(block + (<usize> (u << 3 | v) << 1));
}

/** Magnitudes around (u, v), the first coefficient left out. */
function around(block: usize, u: i32, v: i32): i32 {
  let sum = 0;
  for (let i = u - 1; i <= u + 1; i++) {
    for (let j = v - 1; j <= v + 1; j++) {
      if (i | j) sum += abs(at(block, i, j)) << (i32(i == u) + i32(j == v));
    }
  }
  return sum;
}

/** Samples where blocks meet: how rows of the left block and columns of the one above end there. */
function openEnds(left: usize, above: usize, quanta: usize): void {
  memory.fill(begins, 0, 128);
  memory.fill(ends, 0, 128);
  for (let z: usize = 0; z < 64; z++) {
    const q = load<f32>(quanta + (z << 2)), u = z >> 3, v = z & 7;
    const l = <f32> load<i16>(left + (z << 1)) * q, a = <f32> load<i16>(above + (z << 1)) * q;
    add(ends, u, v, v & 1 ? -l : l);
    add(ends + 32, v, u, u & 1 ? -a : a);
  }
}

/** Adds a coefficient to a sum of cosines, and to the same at the blocks' edge. */
function add(sums: usize, sum: usize, frequency: usize, value: f32): void {
  const p = sums + (sum << 2), c = cosines + (frequency << 2);
  store<f32>(p, load<f32>(p) + value * load<f32>(c));
  store<f32>(p, load<f32>(p, 64) + value * load<f32>(c, 32), 64);
}

/** What a sum of cosines lacks, as a coefficient; `edge` is 0 or 64. */
function lacking(sum: usize, frequency: usize, edge: usize, quantum: f32): f32 {
  const p = (sum << 2) + edge;
  const c = load<f32>(cosines + (frequency << 2) + (edge >> 1));
  return (load<f32>(ends + p) - load<f32>(begins + p)) / (quantum * c);
}

/** Now that a coefficient is known. */
function know(z: usize, value: f32): void {
  add(begins, z >> 3, z & 7, value);
  add(begins + 32, z & 7, z >> 3, value);
}

/**
 * Codes a block of plane number `i` at (x, y); `other` and `second` are those of two other planes at the same place, which are
 * known, or zeros.
 */
export function codeBlock(p: usize, i: i32, x: i32, y: i32, other: usize, second: usize): void {
  const stride = load<i32>(p, STRIDE), quanta = load<usize>(p, QUANTA), zeros = values - 128;
  const block = load<usize>(p, VALUES) + (<usize> (y * stride + x) << 7);
  if (!has(AROUND)) x = y = 0;
  const left = x ? block - 128 : zeros, above = y ? block - (<usize> stride << 7) : zeros;
  const before = x && y ? above - 128 : above, behind = y && x + 1 < stride ? above + 128 : above;
  const sLeft = summaryOf(left), sAbove = summaryOf(above), summary = summaryOf(block);
  const usual =
    (2 * load<u8>(sLeft) + 2 * load<u8>(sAbove) + load<u8>(summaryOf(before)) + load<u8>(summaryOf(behind)) +
      3) / 6;
  openEnds(left, above, quanta);

  // the first coefficient
  const q0 = load<f32>(quanta), fl = lacking(0, 0, 0, q0), fa = lacking(8, 0, 0, q0);
  const both = x && y, guess = both ? (fl + fa) * <f32> 0.5 : fl + fa, guessed = <i32> nearest(guess);
  const spread = both ? <i32> min(abs(fl - fa) * 2, <f32> 40) : 40,
    rest = <i32> nearest((guess - <f32> guessed) * 8) + 8;
  const l0 = load<i16>(left) - guessed, a0 = load<i16>(above) - guessed;
  const slope = signed(l0 + a0 - load<i16>(before) + guessed);
  const ml = load<i16>(sLeft, MISSED), ma = load<i16>(sAbove, MISSED), missed = level(abs(ml) + abs(ma));
  const others = signed(load<i16>(summaryOf(second), MISSED)),
    sure = level(spread),
    pair = signed(ml) << 5 | signed(ma);
  beginContexts(128 + i32(i > 0));
  addContext(rest << 6 | spread);
  addContext(usual);
  addContext(signed(l0) << 5 | signed(a0));
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
  chooseBy(5, i);
  chooseBy(6, level(usual));
  chooseBy(7, 0);
  chooseBy(8, spread);
  chooseBy(9, missed);
  const begun = spent,
    first = limited(codeNumber(load<i16>(block) - guessed, FIRST) + guessed),
    miss = first - guessed;
  if (ENCODE) firsts += spent - begun;
  store<i16>(block, first);
  know(0, <f32> first * q0);
  store<i16>(summary, max(-255, min(255, miss)), MISSED);

  // the others
  memory.fill(known, 0, 128);
  let end = 63, sum = 0, count = 0, run = 0, last = 0, lastButOne = 0, more = true;
  let ahead = <i32> load<u16>(sLeft, SUM) + load<u16>(sAbove, SUM); // what they have from here on
  if (ENCODE) { while (end && !load<i16>(block + (<usize> load<u8>(order + end) << 1))) end--; }
  const otherEnd = load<u8>(summaryOf(i > 1 ? second : other)) + (i << 6);
  let k = 1;
  for (; k < 64; k++) {
    const z = <usize> load<u8>(order + k), at2 = z << 1, u = <i32> z >> 3, v = <i32> z & 7;
    const q = load<f32>(quanta + (z << 2)), fl = lacking(u, v, 0, q), fa = lacking(8 + v, u, 0, q);
    const l = load<i16>(left + at2),
      a = load<i16>(above + at2),
      b = load<i16>(before + at2),
      c = load<i16>(behind + at2);
    const o = load<i16>(other + at2), o2 = load<i16>(second + at2), il = rounded(fl), ia = rounded(fa);
    const aroundA = around(above, u, v), aroundL = around(left, u, v);
    const n1 = abs(at(known, u - 1, v)),
      n2 = abs(at(known, u, v - 1)),
      n4 = abs(at(known, u - 2, v)) + abs(at(known, u, v - 2));
    const n3 = abs(at(known, u - 1, v - 1)) +
      abs((u + v) & 1 ? at(known, u - 1, v + 1) : at(known, u + 1, v - 1));
    const fit = fits + ((i ? 64 + z : z) << 3),
      value = changetype<LeastSquares>(load<usize>(fit)),
      size = changetype<LeastSquares>(load<usize>(fit, 4));
    store<f64>(inputs, fl);
    store<f64>(inputs, fa, 8);
    store<f64>(inputs, lacking(u, v, 64, q), 16);
    store<f64>(inputs, lacking(8 + v, u, 64, q), 24);
    store<f64>(inputs, l, 32);
    store<f64>(inputs, a, 40);
    store<f64>(inputs, b, 48);
    store<f64>(inputs, c, 56);
    const ib = rounded(<f32> value.predict(inputs)), x = inputs + 80;
    store<f64>(x, 1);
    store<f64>(x, logOf(a), 8);
    store<f64>(x, logOf(l), 16);
    store<f64>(x, logOf(b) + logOf(c), 24);
    store<f64>(x, logOf(count), 32);
    store<f64>(x, logOf(aroundA), 40);
    store<f64>(x, logOf(aroundL), 48);
    store<f64>(x, logOf(n1), 56);
    store<f64>(x, logOf(n2), 64);
    store<f64>(x, logOf(n3), 72);
    store<f64>(x, logOf(n4), 80);
    store<f64>(x, logOf(il), 88);
    store<f64>(x, logOf(ia), 96);
    store<f64>(x, logOf(ahead), 104);
    store<f64>(x, logOf(i > 1 ? o2 : o), 112);
    store<f64>(x, logOf(sum), 120);
    const expected = <i32> max(0, min(63, size.predict(x) * 23)), large = expected >> 1;
    const nearby = level((n1 + n2) * 2 + n3 + n4), zeros = min(run, 15);
    beginContexts(<u32> z << 1 | i32(i > 0));
    addContext((level(2 * n1) << 4 | level(2 * n2)) << 4 | level(n3));
    addContext(il);
    addContext(ia);
    addContext(signed(il) << 5 | signed(ia));
    addContext(signed(o) << 5 | signed(o2) | i << 10);
    addContext((signed(last) << 5 | signed(lastButOne)) << 4 | zeros);
    addContext(level(sum) << 6 | count);
    addContext((nearby << 4 | level(aroundA + aroundL)) << 4 | zeros);
    addContext((level(o) << 4 | level(o2)) << 5 | large | i << 13);
    addContext(otherEnd << 4 | level(usual));
    addContext((signed(<i32> nearest(fl + fa) * 2) << 4 | level(n1 + n2 + n3)) << 4 | level((il - ia) >> 1));
    addContext(expected);
    addContext(large << 5 | signed(ib));
    chooseBy(0, <u32> z);
    chooseBy(1, signed(usual - k));
    chooseBy(2, large);
    chooseBy(3, signed(ib));
    chooseBy(4, nearby);
    chooseBy(5, i << 4 | level(ahead));
    chooseBy(6, level(sum) << 2 | min(run, 3));
    chooseBy(7, <u32> z << 6 | expected);
    chooseBy(8, <u32> z << 6 | signed(ib));
    chooseBy(9, (<u32> z << 5 | large) << 4 | level((n1 + n2) * 2 + n3));
    if (more && !decide(i32(end >= k), MORE, 0)) break;
    const found = limited(codeNumber(load<i16>(block + at2), OTHER)), m = abs(found);
    more = m > 0;
    value.learn(inputs, found);
    size.learn(x, logOf(found));
    lastButOne = last;
    last = found;
    ahead -= abs(l) + abs(a);
    run++;
    if (!m) continue;
    run = 0;
    sum += m;
    count++;
    store<i16>(block + at2, found);
    store<i16>(known + at2, found);
    know(z, <f32> found * q);
  }
  store<u8>(summary, k - 1);
  store<u16>(summary, min(sum, 65535), SUM);
}
