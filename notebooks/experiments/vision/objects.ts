/**
 * Synthetic scenes for detection: pictures of single things in several sizes on a noisy canvas. How many there are, where
 * and how large comes from a seed; what they are pictures of is real.
 */
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Random, random } from "../../../lib/random.ts";
import { select } from "../../../scripts/laboratory/measure/select.ts";
import { type Raster, resize } from "../../../lib/image/raster.ts";

/** Names of the classes of Fashion-MNIST, in the order of their labels. */
export const CLOTHES: readonly string[] = "T-shirt trouser pullover dress coat sandal shirt sneaker bag boot"
  .split(" ");

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A thing of a class, and where it is. */
export interface Thing extends Box {
  readonly label: number;
}

/** Scenes with what is in each. */
export interface Scenes {
  /** Of a scene, in pixels. */
  readonly side: number;
  /** u8[count, side, side] */
  readonly pixels: Uint8Array;
  /** One list a scene. */
  readonly objects: readonly (readonly Thing[])[];
}

/** Pixels a side of a scene, and of a thing at least and at most. */
export const CANVAS = 48;
const SMALLEST = 14, LARGEST = 24;

/** Things in a scene at most; places that are tried for one; what two may share (intersection over union). */
const MOST = 3, TRIES = 20, TOUCHING = 0.05;

/** Part of its brightness that the canvas has at most, 0–255. */
const NOISE = 60;

/** The images of some classes, which become the classes 0, 1, … in the order given. */
export function ofClasses(set: Dataset, classes: readonly number[]): Dataset {
  const { labels = [] } = set;
  const some = select(set, labels.flatMap((label, i) => classes.includes(label) ? [i] : []));
  return { ...some, labels: some.labels!.map((label) => classes.indexOf(label)) };
}

/** Shared area of two boxes as part of what they cover together. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/**
 * Composes scenes of a set's images, each scene of 1 to 3 that are drawn from it.
 *
 * @throws {MdlError} `usage` for a set in colour or without labels
 */
export function composeScenes(things: Dataset, count: number, seed: number): Scenes {
  const { labels } = things, all = [...images(things)];
  if (!labels || things.channels !== 1) {
    throw new MdlError("usage", `${things.name}: scenes are made of gray images with labels.`);
  }
  const stream = random(seed, "composed scenes"), pixels = new Uint8Array(count * CANVAS ** 2);
  const objects = Array.from({ length: count }, (_, n) => {
    const canvas = pixels.subarray(n * CANVAS ** 2, (n + 1) * CANVAS ** 2);
    for (let i = 0; i < canvas.length; i++) canvas[i] = stream.below(NOISE);
    const placed: Thing[] = [], wanted = 1 + stream.below(MOST);
    for (let k = 0; k < wanted; k++) {
      const chosen = stream.below(all.length), box = freePlace(placed, stream);
      if (!box) continue;
      const thing = resize({ ...all[chosen]!, channels: 1 }, box.width, box.height);
      for (let y = 0; y < box.height; y++) {
        for (let x = 0; x < box.width; x++) {
          const at = (box.top + y) * CANVAS + box.left + x;
          canvas[at] = Math.max(canvas[at]!, thing.pixels[y * box.width + x]!); // black is see-through
        }
      }
      placed.push({ ...box, label: labels[chosen]! });
    }
    return placed;
  });
  return { side: CANVAS, pixels, objects };
}

function freePlace(placed: readonly Box[], { below }: Random): Box | undefined {
  for (let n = 0; n < TRIES; n++) {
    const side = SMALLEST + below(LARGEST - SMALLEST + 1), free = CANVAS - side + 1;
    const box = { left: below(free), top: below(free), width: side, height: side };
    if (placed.every((other) => overlap(box, other) <= TOUCHING)) return box;
  }
}

/** A scene in which boxes are outlined, for looking at. */
export function outlined({ side, pixels }: Scenes, scene: number, boxes: readonly Box[]): Raster {
  const out = pixels.slice(scene * side ** 2, (scene + 1) * side ** 2);
  const mark = (y: number, x: number) => {
    if (x >= 0 && y >= 0 && x < side && y < side) out[y * side + x] = 255;
  };
  for (const box of boxes) {
    const [left, top] = [Math.round(box.left), Math.round(box.top)];
    const [right, bottom] = [Math.round(box.left + box.width) - 1, Math.round(box.top + box.height) - 1];
    for (let x = left; x <= right; x++) mark(top, x), mark(bottom, x);
    for (let y = top; y <= bottom; y++) mark(y, left), mark(y, right);
  }
  return { width: side, height: side, channels: 1, pixels: out };
}
