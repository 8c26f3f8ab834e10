/** The sets that the controls are made of: gray, 500 or 1000 images each. */
import { type Dataset, dataset } from "../../lib/image/dataset.ts";
import { runningNames } from "../../lib/items.ts";
import { loadDataset } from "../laboratory/sets/named_sets.ts";
import { select } from "../laboratory/measure/select.ts";
import { shufflePixels } from "../laboratory/measure/shuffle.ts";
import { MdlError } from "../../lib/errors.ts";
import type { Context } from "../../lib/context.ts";
import { transform } from "../../lib/image/transform.ts";

const SIZE = { width: 32, height: 32 };

/** Images of a set that is compared with half of the photos' patches. */
const HALF = 500;

export interface ControlSets {
  readonly noise: Dataset;
  /** Patches of the first half of the photos, and of the second: no photo is in both. */
  readonly seen: Dataset;
  readonly unseen: Dataset;
  /** Pixels in random order: the second half's, whose values are of all kinds, and the clothes', half of them black. */
  readonly shuffled: readonly Dataset[];
  readonly scenes: Dataset;
  /** Other kinds of pictures. */
  readonly shifted: readonly Dataset[];
}

/** Loads or draws them all; what is random depends on the seed. */
export async function controlSets(seed: number, context: Context): Promise<ControlSets> {
  const gray = async (name: string, take?: number) => {
    const set = await loadDataset(name, { ...context, ...(take ? { take } : {}) });
    return transform(set, set.channels === 3 ? { gray: true, size: SIZE } : {});
  };
  const photos = await gray("photos"), { tiling } = photos;
  if (!tiling) throw new MdlError("empty", "The photos cannot be parted: their tiling is not known.");
  const tiles = tiling.columns * tiling.rows, first = Math.ceil(photos.names.length / tiles / 2) * tiles;
  const part = (name: string, from: number, to: number) => {
    const chosen = select(photos, Array.from({ length: to - from }, (_, i) => from + i));
    return dataset({ ...chosen, name, names: runningNames(to - from), tiling });
  };
  const unseen = part("photos, second half", first, photos.names.length);
  const clothes = { ...await gray("fashion-mnist", HALF), name: "clothes" };
  return {
    noise: await loadDataset("noise", { take: HALF, seed }),
    seen: part("photos, first half", 0, first),
    unseen,
    shuffled: [unseen, clothes].map((set) => shufflePixels(set, seed)),
    scenes: await loadDataset("scenes", { seed }),
    shifted: [await gray("emoji", HALF), clothes, { ...await gray("S1", HALF), name: "CIFAR-10" }],
  };
}
