/** Where one curve of sizes falls below another. */

/** A size in bytes at a number of images. */
export interface Size {
  readonly count: number;
  readonly bytes: number;
}

/** From which number of images on ours is the shorter. */
export type Crossing =
  /** Between two measured numbers; `at` is interpolated. */
  | { readonly kind: "crosses"; readonly at: number; readonly between: readonly [number, number] }
  /** At the smallest measured number already, which `at` is. */
  | { readonly kind: "already"; readonly at: number }
  /** Not at the largest measured number, which `at` is. */
  | { readonly kind: "never"; readonly at: number }
  /** There is no number at which both were measured. */
  | { readonly kind: "unknown" };

/**
 * The number of images from which on ours is shorter at every measured number. Between two measured numbers the
 * logarithm of ours / theirs is taken to be linear in the logarithm of the number.
 */
export function crossing(ours: readonly Size[], theirs: readonly Size[]): Crossing {
  const points = [...ours].sort((a, b) => a.count - b.count).flatMap(({ count, bytes }) => {
    const other = theirs.find((size) => size.count === count);
    return other ? [{ count, ratio: Math.log(bytes / other.bytes) }] : [];
  });
  const last = points.at(-1);
  if (!last) return { kind: "unknown" };
  if (last.ratio >= 0) return { kind: "never", at: last.count };
  const before = points.findLastIndex(({ ratio }) => ratio >= 0);
  if (before < 0) return { kind: "already", at: points[0]!.count };
  const a = points[before]!, b = points[before + 1]!, share = a.ratio / (a.ratio - b.ratio);
  const at = a.count * (b.count / a.count) ** share;
  return { kind: "crosses", at, between: [a.count, b.count] };
}

/** A crossing in words. */
export function describeCrossing(crossing: Crossing): string {
  const images = (count: number) => `${Math.round(count).toLocaleString("en")} images`;
  switch (crossing.kind) {
    case "crosses":
      return `from about ${images(crossing.at)} on`;
    case "already":
      return `already at ${images(crossing.at)}`;
    case "never":
      return `never within the range, up to ${images(crossing.at)}`;
    case "unknown":
      return "not measured";
  }
}
