/** What a lossy coding leaves to be said: with it, the two together are lossless. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import { MdlError } from "../../../lib/errors.ts";
import type { Pixels } from "../../../scripts/laboratory/quality/quality.ts";

/** Differences of 0 are stored in the middle of the symbols, so that small ones of either sign are neighbours. */
const MIDDLE = 128;

/**
 * The set's differences from an approximation of it, as a set of images: (symbol − approximation + 128) mod 256.
 *
 * @throws {MdlError} `usage` when their sizes differ.
 */
export function residualOf(set: Dataset, approximation: Pixels): Dataset {
  const { symbols: near } = sameSize(set, approximation);
  const symbols = set.symbols.map((v, i) => v - near[i]! + MIDDLE);
  return { ...set, name: `residual of ${set.name}`, symbols, sha256: sha256(symbols) };
}

/** The symbols of the set that `residualOf` was given. */
export function withResidual(approximation: Pixels, residual: Pixels): Uint8Array {
  const { symbols: rest } = sameSize(approximation, residual);
  return approximation.symbols.map((v, i) => v + rest[i]! - MIDDLE);
}

function sameSize(a: Pixels, b: Pixels): Pixels {
  if (a.symbols.length === b.symbols.length) return b;
  const text = `An approximation of ${b.symbols.length} symbols is none of a set of ${a.symbols.length}.`;
  throw new MdlError("usage", text);
}
