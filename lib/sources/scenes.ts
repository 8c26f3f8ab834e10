/**
 * Landscapes that a short program draws from 64 random bits each. Every bit can be read back from the picture (a test
 * does it), so a picture holds exactly 64 bits of information: no code that knows nothing of how the bits were drawn
 * spends less than 8 bytes a picture in expectation, and a program that contains `renderScene` spends little more.
 * (A program that also contained our generator and its seed would be shorter still.)
 */
import { random } from "../random.ts";
import { type Dataset, dataset } from "../image/dataset.ts";
import type { LoadOptions } from "./loading.ts";

const SIDE = 32; // pixels

/** What a scene is drawn from, and how many bits of it are drawn: each field is uniform over its 2^bits values. */
export const SCENE_FIELDS = {
  skyTop: 7, // gray of the first row
  skyLow: 7, // gray of the last row of sky
  groundFar: 6, // gray of the first row of ground
  groundNear: 6, // gray of the last row
  horizon: 3, // first row of ground
  sunX: 4,
  sunY: 2,
  sunRadius: 2,
  sunShade: 4,
  peakX: 3, // a mountain on the horizon, in the left half
  peakHeight: 2,
  peakShade: 4,
  houseX: 2, // a house in the right half, in front of the horizon
  houseWidth: 3,
  houseHeight: 3,
  houseFoot: 2,
  houseShade: 4,
} as const;

export type Scene = { readonly [Field in keyof typeof SCENE_FIELDS]: number };

/** The information in one scene, in bits: the entropy of its fields. */
export const SCENE_BITS: number = Object.values(SCENE_FIELDS).reduce<number>((sum, bits) => sum + bits, 0);

/** A value that goes from `first` at step 0 to `last` at step `steps`. */
const ramp = (first: number, last: number, step: number, steps: number) =>
  Math.trunc((first * (steps - step) + last * step) / steps);

/**
 * Draws a scene: 32×32 gray pixels, row by row, in integers. Sky is 96–223, sun 240–255, mountain 80–95, ground
 * 16–79, house 0–15; the sizes keep the sun (rows 0–10), the peak and the house (rows 11–28) from hiding one another.
 */
export function renderScene(scene: Scene): Uint8Array {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) pixels[y * SIDE + x] = shade(scene, x, y);
  }
  return pixels;
}

function shade(s: Scene, x: number, y: number): number {
  const horizon = 16 + s.horizon, houseLeft = 20 + s.houseX, houseBottom = horizon + 2 + s.houseFoot;
  const inHouse = x >= houseLeft && x <= houseLeft + s.houseWidth &&
    y <= houseBottom && y >= houseBottom - s.houseHeight;
  if (inHouse) return s.houseShade;
  if (y >= horizon) return 16 + ramp(s.groundFar, s.groundNear, y - horizon, SIDE - 1 - horizon);
  const dx = x - 8 - s.sunX, dy = y - 3 - s.sunY, radius = 1 + s.sunRadius;
  if (dx * dx + dy * dy <= radius * radius) return 240 + s.sunShade;
  const slope = Math.abs(x - 6 - s.peakX);
  if (horizon - y <= 2 + s.peakHeight - slope) return 80 + s.peakShade;
  return 96 + ramp(s.skyTop, s.skyLow, y, horizon - 1);
}

/** The fields of so many scenes, drawn with a seed. */
export function sceneFields(count: number, seed: number): Scene[] {
  const { uint32 } = random(seed, "scenes"), fields = Object.entries(SCENE_FIELDS);
  const draw = () => Object.fromEntries(fields.map(([field, bits]) => [field, uint32() >>> (32 - bits)]));
  return Array.from({ length: count }, () => draw() as Scene);
}

/** 32×32 gray scenes whose fields are drawn with a seed. */
export function drawScenes({ take = 1000, seed = 1 }: LoadOptions): Dataset {
  const symbols = new Uint8Array(take * SIDE * SIDE);
  sceneFields(take, seed).forEach((scene, i) => symbols.set(renderScene(scene), i * SIDE * SIDE));
  return dataset({
    name: "scenes",
    channels: 1,
    groups: [{ count: take, height: SIDE, width: SIDE }],
    symbols,
    provenance: {
      source: "computed",
      licence: "MIT",
      citation: "landscapes drawn from 64 random bits each: almost everything to learn",
    },
  });
}
