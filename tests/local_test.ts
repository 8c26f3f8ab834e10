/** Predictors that adapt to an image (lib/decoder/assembly/local.ts) against their definition in double precision. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertAlmostEquals } from "@std/assert";
import { type Dataset, dataset, images } from "../lib/image/dataset.ts";
import { openFused } from "../lib/image/fused.ts";
import { SAMPLE_BYTES } from "../lib/image/samples.ts";
import { featureCount, mixes, type ModelSpec } from "../lib/image/spec.ts";
import { random } from "../lib/random.ts";

const SPEC: ModelSpec = smallSpec({ width: 4, blocks: 0, leastSquares: true, attention: "patches" });
/** What is left a pixel further, the weight of all before, and neighbours of each channel: of a fit without mixing. */
const PLAIN = { left: 0.45, prior: 20, own: 5, cross: 4 };
/** With mixing. */
const WIDE = { left: 0.48, prior: 5, own: 12, cross: 6 };
const KEPT = 0.99999,
  RIDGE = 0.3,
  FAR = 8,
  SHARPNESS = 0.3,
  REACH = 7;

/** Two pictures with edges, waves and noise; their sides are even, so that all rows of a pass are equally long. */
function pictures(channels: 1 | 3, height: number, width: number): Dataset {
  const { below } = random(1, "local"), symbols = new Uint8Array(2 * height * width * channels);
  for (let i = 0; i < symbols.length; i++) {
    const x = Math.floor(i / channels) % width, y = Math.floor(i / channels / width);
    symbols[i] = 100 + 60 * Math.sin(x / 2 + y / 5) + (x > y % height ? 60 : 0) + below(12) +
      9 * (i % channels);
  }
  const provenance = { source: "computed", licence: "MIT", citation: "for this test" };
  return dataset({
    name: "pictures",
    channels,
    groups: [{ count: 2, height, width }],
    symbols,
    provenance,
  });
}

/** A symbol as the local predictors see it. */
interface Seen {
  /** 1 and the nearest neighbours. */
  readonly z: readonly number[];
  readonly value: number;
  /** The four inputs that are to be held to the definition. */
  readonly inputs: readonly number[];
}

const clamp = (v: number) => Math.max(-FAR, Math.min(FAR, v));

/** Every symbol's context, [image, y, x, channel], as the trainer gives it after its survey. */
async function contexts(
  set: Dataset,
  spec: ModelSpec,
): Promise<(image: number, y: number, x: number, k: number) => Seen> {
  const { channels } = set,
    { height, width } = set.groups[0]!,
    count = Math.ceil(set.symbols.length / 32) * 32;
  const fused = await openFused(set, spec, count, 1), { records, space } = fused;
  for (const _ of fused.survey());
  for (let i = 0; i < count; i++) {
    const at = i * SAMPLE_BYTES,
      pixel = Math.floor(i / channels) % (height * width),
      image = i / channels / height / width;
    records.setUint32(at, space.address + Math.min(1, Math.floor(image)) * height * width * channels, true);
    [height, width, Math.floor(pixel / width), pixel % width].forEach((v, j) =>
      records.setUint16(at + 4 + 2 * j, v, true)
    );
    records.setUint8(at + 14, i % channels);
  }
  const D = featureCount(spec, channels), rows = fused.contexts().slice();
  fused.close();
  const fit = mixes(spec) ? WIDE : PLAIN;
  const own = Math.min(spec.neighbours, channels === 1 ? 9 : fit.own),
    cross = Math.min(spec.cross, fit.cross);
  return (image, y, x, k) => {
    const row = rows.subarray((((image * height + y) * width + x) * channels + k) * (D + 4)), near = [1];
    near.push(...row.subarray(0, own));
    for (let b = 0; b < channels - 1; b++) {
      const from = spec.neighbours + b * spec.cross;
      near.push(...row.subarray(from, from + cross));
    }
    const [mean, scale, , symbol] = row.subarray(D, D + 4);
    const value = clamp((symbol! - mean!) / scale!);
    return { z: near.map(clamp), value, inputs: [...row.subarray(D - 4, D)] };
  };
}

/** The pixels of each pass, row by row. */
function passes(height: number, width: number, scales: number): (readonly [number, number])[][][] {
  const lattice = (t: number, rows: (y: number) => boolean, columns: (y: number, x: number) => boolean) => {
    const along = (n: number) => Array.from({ length: Math.ceil(n / t) }, (_, i) => i * t);
    return along(height).filter((y) => rows(y / t)).map((y) =>
      along(width).filter((x) => columns(y / t, x / t)).map((x) => [y, x] as const)
    );
  };
  const found = [lattice(2 ** (scales - 1), () => true, () => true)];
  for (let t = 2 ** (scales - 2); t >= 1; t /= 2) {
    found.push(lattice(t, (y) => y % 2 === 1, (_, x) => x % 2 === 1));
    found.push(lattice(t, () => true, (y, x) => (y + x) % 2 === 1));
  }
  return found;
}

/** The w-weighted ridge regression of values on z: what it predicts at `at`, and the objective at its minimum. */
function regression(seen: readonly Seen[], w: readonly number[], at: readonly number[]) {
  const n = at.length;
  const system = Array.from(
    { length: n },
    (_, i) => Array.from({ length: n + 1 }, (_, j) => i === j ? RIDGE : 0),
  );
  let least = 0;
  seen.forEach(({ z, value }, r) => {
    if (w[r] === 0) return;
    least += w[r]! * value * value;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) system[i]![j]! += w[r]! * z[i]! * z[j]!;
      system[i]![n]! += w[r]! * z[i]! * value;
    }
  });
  const right = system.map((row) => row[n]!);
  for (let i = 0; i < n; i++) { // Gauss–Jordan
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const f = system[r]![i]! / system[i]![i]!;
      for (let j = i; j <= n; j++) system[r]![j]! -= f * system[i]![j]!;
    }
  }
  const beta = system.map((row, i) => row[n]! / row[i]!);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  return { predicted: dot(beta, at), least: least - dot(beta, right) };
}

for (
  const [channels, scales, mixing] of [[1, 1], [3, 1], [1, 3], [3, 3], [1, 1, true], [3, 1, true]] as const
) {
  const what = `${channels} channels, ${scales} scales${mixing ? ", mixing" : ""}`;
  Deno.test(`local predictions are those of their definition: ${what}`, async () => {
    const spec = { ...SPEC, scales, ...mixing && { mixing } },
      { left: nearby, prior } = mixing ? WIDE : PLAIN;
    const height = 16, width = 12, set = pictures(channels, height, width);
    const seenAt = await contexts(set, spec);
    let largest = 0, heard = 0;
    for (const rows of passes(height, width, scales)) {
      for (let k = 0; k < channels; k++) {
        const earlier: Seen[] = []; // of this pass and channel, in all images
        for (const [image] of [...images(set)].entries()) {
          // weights of this image's symbols in the state of each column, missed by the fit at [row][column]
          const first = earlier.length, states: number[][] = rows[0]!.map(() => []), missed: number[][] = [];
          for (const [r, row] of rows.entries()) {
            missed.push([]);
            for (const [x, place] of row.entries()) {
              const own = seenAt(image, ...place, k),
                left = states[x - 1],
                above = states[x + 1] ?? states[x]!;
              const state = Array.from({ length: earlier.length - first }, (_, i) => {
                return nearby * ((left?.[i] ?? 0) + (above[i] ?? 0));
              });
              const age = earlier.map((_, i) => KEPT ** (earlier.length - 1 - i));
              const share = prior / Math.max(1, age.reduce((a, b) => a + b, 0));
              const w = age.map((v, i) => v * share + (i < first ? 0 : state[i - first]!));
              const { predicted, least } = regression(earlier, w, own.z), fit = clamp(predicted);
              const total = w.reduce((a, b) => a + b, 1),
                said = `image ${image}, pixel ${place}, channel ${k}`;
              assertAlmostEquals(own.inputs[0]!, fit, 2e-3, said);
              assertAlmostEquals(own.inputs[1]!, 0.5 * Math.log((least + 0.5) / total), 2e-3, said);
              let sum = 0.05, value = 0;
              for (let above = Math.max(0, r - REACH); above <= r; above++) {
                const end = above === r ? x : Math.min(row.length, x + REACH + 1);
                for (let c = Math.max(0, x - REACH); c < end; c++) {
                  const { z } = seenAt(image, ...rows[above]![c]!, k);
                  const weight = Math.exp(-SHARPNESS * z.reduce((d, v, i) => d + (v - own.z[i]!) ** 2, 0));
                  sum += weight;
                  value += weight * missed[above]![c]!;
                }
              }
              assertAlmostEquals(own.inputs[2]!, value / sum, 5e-3, said);
              assertAlmostEquals(own.inputs[3]!, 0.4 * Math.log(sum), 2e-3, said);
              largest = Math.max(largest, Math.abs(fit));
              heard = Math.max(heard, Math.abs(value / sum));
              earlier.push(own);
              state.push(1);
              states[x] = state;
              missed[r]!.push(own.value - fit);
            }
          }
        }
      }
    }
    assert(largest > 1 && heard > 0.1, `the predictions say something: ${largest}, ${heard}`);
  });
}
