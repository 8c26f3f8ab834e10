import { MdlError } from "../../../lib/errors.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";

/** Samples as rows of numbers, with their classes from 0: what classifiers take. */
export interface Labelled {
  /** f32[count, size] */
  readonly inputs: Float32Array;
  readonly size: number;
  readonly labels: ArrayLike<number>;
}

/**
 * The images of a set, all of one size, as rows of numbers from 0 to 1.
 *
 * @throws {MdlError} `usage` when the set has no labels; `unsupported` when its images differ in size.
 */
export function labelledOf({ name, groups, symbols, labels }: Dataset): Labelled {
  if (!labels) throw new MdlError("usage", `The set ${name} has no labels to learn.`);
  if (groups.length > 1) {
    throw new MdlError("unsupported", `The images of ${name} differ in size: bring them to one (size).`);
  }
  return { inputs: Float32Array.from(symbols, (v) => v / 255), size: symbols.length / labels.length, labels };
}
