/** Deflated text (RFC 1951), as the header has it. */
import { Buffer } from "node:buffer";
import { deflateSync, Inflate } from "fflate";
import { type Bytes, concat } from "./bytes.ts";

/**
 * What run records say, the likeliest last. A record is deflated as if it came behind this text, so that a program does
 * not hold what most of them hold. Part of the format: another text needs another version.
 */
export const RECORDS = new TextEncoder().encode(
  '"lattice":{"PhotoCD":100},"steps":24000,"batch":512,"relaxed":true,"scales":5,"shareScales":false,' +
    '"model":{"model":"transformer","width":64,"layers":2,"heads":4,"inner":160,"context":256,"bits":4}},' +
    '"prior":"","preprocess":{"take":1000},"model":{"scales":1,"shareScales":true,"leastSquares":false,' +
    '"attention":"patches","neighbours":16,"width":32,"blocks":1,"cross":12,"tied":false,"grid":1,"bits":6,' +
    '"lattice":{"JFIF":128},"adaptive":true,"mixing":true,"preset":"paper","backend":"webgpu",' +
    '{"dataset":"photos","mdlab":"0.6.0","seed":1,"preset":"quick","backend":"wasm","preprocess":{"gray":true,' +
    '"size":{"width":32,"height":32}},"model":{"neighbours":24,"width":48,"blocks":1,"cross":12,' +
    '"leastSquares":true,"tied":false,"grid":1,"bits":6,"scales":1,"shareScales":true,"attention":"none",' +
    '"adaptive":true,"mixing":true,"tiles":{"columns":5,"rows":4}}}',
);

/** Bytes that are inflated at once: they cannot give more than 1,032 times as many. */
const PIECE = 512;

export function deflated(text: string, dictionary = new Uint8Array()): Bytes {
  return Uint8Array.from(deflateSync(new TextEncoder().encode(text), { level: 9, dictionary }));
}

/**
 * Inflates; what was deflated without a dictionary never looks there.
 *
 * @throws {Error} for what is no deflated data, ends early, or gives more than `limit` bytes
 */
export function inflated(packed: Uint8Array, limit: number, dictionary = new Uint8Array()): Buffer {
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate({ dictionary }, (part) => {
    length += part.length;
    if (length > limit) throw new RangeError(`more than ${limit} bytes`);
    parts.push(part);
  });
  for (let at = 0; at === 0 || at < packed.length; at += PIECE) {
    inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  }
  return Buffer.from(concat(parts));
}
