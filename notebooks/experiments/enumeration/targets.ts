/** What the tiny language's search looks for: sequences and pictures with a rule, and noise, which has none. */
import { random } from "../../../lib/random.ts";

export interface Target {
  readonly name: string;
  readonly zh: string;
  readonly symbols: Uint8Array;
  /** A program of the language that somebody wrote, where it may be beyond a search. */
  readonly byHand?: string;
}

/** Targets of one size, which are looked for together. */
export interface Targets {
  /** Symbols in a row; all of them in a sequence. */
  readonly width: number;
  readonly count: number;
  readonly all: readonly Target[];
}

/** Symbols of a sequence; columns and rows of a picture. */
const TERMS = 256, SIDE = 16;

function sequence(name: string, zh: string, symbol: (i: number) => number, byHand?: string): Target {
  const symbols = Uint8Array.from({ length: TERMS }, (_, i) => symbol(i));
  return { name, zh, symbols, ...(byHand ? { byHand } : {}) };
}

function picture(
  name: string,
  zh: string,
  symbol: (x: number, y: number) => number,
  byHand?: string,
): Target {
  const symbols = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => symbol(i % SIDE, Math.floor(i / SIDE)));
  return { name, zh, symbols, ...(byHand ? { byHand } : {}) };
}

/** A sequence by its first terms and a rule for the next one, modulo 2³². */
function recurrent(first: readonly number[], next: (before: readonly number[]) => number): number[] {
  const terms = [...first];
  while (terms.length < TERMS) terms.push(next(terms) >>> 0);
  return terms;
}

const isPrime = (n: number) => n > 1 && Array.from({ length: n }, (_, i) => i).every((d) => d < 2 || n % d);

function gcd(a: number, b: number): number {
  return b ? gcd(b, a % b) : a;
}

/** Sequences of 256 symbols, each modulo 256. */
export function sequences(seed: number): Targets {
  const fibonacci = recurrent([1, 1], (t) => t.at(-1)! + t.at(-2)!);
  const powers = recurrent([3], (t) => 3 * t.at(-1)!),
    triangular = recurrent([1], (t) => t.at(-1)! + t.length + 1);
  const { below } = random(seed, "noise of the tiny language");
  return {
    width: TERMS,
    count: TERMS,
    all: [
      sequence("ones", "常数", () => 1),
      sequence("counting", "自然数", (i) => i),
      sequence("period 2", "周期 2", (i) => i % 2),
      sequence("period 3", "周期 3", (i) => i % 3),
      sequence("even numbers", "偶数", (i) => 2 * i),
      sequence("squares", "平方数", (i) => i * i),
      sequence("cubes", "立方数", (i) => i ** 3),
      sequence("triangular numbers", "三角形数", (i) => triangular[i]!),
      sequence("powers of 2", "二的幂", (i) => i < 8 ? 2 ** i : 0),
      sequence("powers of 3", "三的幂", (i) => powers[i]!),
      sequence("Fibonacci", "斐波那契数", (i) => fibonacci[i]!),
      sequence("ruler", "尺函数", (i) => (i + 1) & -(i + 1)),
      sequence(
        "parity of bits",
        "图厄–摩尔斯序列",
        (i) => [...i.toString(2)].filter((b) => b === "1").length % 2,
      ),
      sequence("primes from 2 marked", "素数标记", (i) => Number(isPrime(i + 2)), "x1+1+1:1+oo%?-1<."),
      sequence("noise", "噪声", () => below(256)),
    ],
  };
}

/** Pictures of 16 × 16 symbols. */
export function patterns(seed: number): Targets {
  const { below } = random(seed, "noise of the tiny language");
  return {
    width: SIDE,
    count: SIDE * SIDE,
    all: [
      picture("gradient", "渐变", (x) => x),
      picture("stripes", "条纹", (x) => x % 2),
      picture("wide stripes", "宽条纹", (x) => Math.floor(x / 2) % 2),
      picture("checkerboard", "棋盘", (x, y) => (x + y) % 2),
      picture("diagonal", "对角线", (x, y) => Number(x === y)),
      picture("triangle", "三角形", (x, y) => Number(x < y)),
      picture("large squares", "大方格", (x, y) => (x ^ y) & 2),
      picture("exclusive or", "异或", (x, y) => x ^ y),
      picture("Sierpiński", "谢尔宾斯基三角", (x, y) => Number((x & y) === 0)),
      picture("products", "乘法表", (x, y) => x * y),
      picture("rings", "同心环", (x, y) => x * x + y * y, "xx*yy*+."),
      picture("disc", "四分之一圆", (x, y) => Number(x * x + y * y < 64), "xx*yy*+1d+dd**d*<."),
      picture("common divisors", "最大公约数", gcd, "xy:oo%d?+."),
      picture("noise", "噪声", () => below(256)),
    ],
  };
}
