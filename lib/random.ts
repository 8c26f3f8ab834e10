/** A seeded stream of random numbers; two streams with the same seed and label give the same numbers everywhere. */
export interface Random {
  /** A whole number in [0, 2³²). */
  uint32(): number;
  /** A number in [0, 1), 32 bits of it random. */
  uniform(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  /** A normal deviate, mean 0, variance 1 (Box–Muller). */
  normal(): number;
}

/** FNV-1a, so that a label picks a stream of its own. */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * Opens the stream named by `seed` and `label` (sfc32, a small chaotic generator with a counter). Every random choice
 * of a run comes from a stream like this one, so the seed that the run records is enough to repeat it.
 */
export function random(seed: number, label = ""): Random {
  let a = seed >>> 0, b = hash32(label), c = Math.floor(seed / 2 ** 32) >>> 0, counter = 1;
  const uint32 = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const uniform = () => uint32() / 2 ** 32;
  return {
    uint32,
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** 0 … count − 1 in random order (Fisher–Yates). */
export function shuffled(count: number, { below }: Pick<Random, "below">): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Items in random order. */
export const reordered = <T>(items: readonly T[], stream: Pick<Random, "below">): T[] =>
  Array.from(shuffled(items.length, stream), (i) => items[i]!);
