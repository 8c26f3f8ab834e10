/** The sets of images that pinned packages carry: importing this is enough for `loadDataset` to know them. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import { transform } from "../../../lib/image/transform.ts";
import type { LoadOptions } from "../../../lib/sources/loading.ts";
import { addDataset } from "../../../lib/sources/registry.ts";
import { loadCifar10 } from "./cifar10.ts";
import { loadDrawings } from "./drawings.ts";
import { loadEmoji } from "./emoji.ts";
import type { DatasetName } from "./manifest.ts";
import { loadMnist } from "./mnist.ts";
import { loadNative } from "./native.ts";
import { loadPhotos } from "./photos.ts";

export { loadDataset } from "../../../lib/sources/registry.ts";

const BENCH = 1000; // images in a bench set

const loaders: Readonly<
  Record<Exclude<DatasetName, "noise" | "scenes">, (options: LoadOptions) => Promise<Dataset>>
> = {
  "photos": loadPhotos,
  "native": loadNative,
  "emoji": loadEmoji,
  "icons": (options) => loadDrawings("icons", options),
  "flags": (options) => loadDrawings("flags", options),
  "screenshots": (options) => loadDrawings("screenshots", options),
  "cifar10": loadCifar10,
  "fashion-mnist": (options) => loadMnist("fashion-mnist", options),
  "mnist": (options) => loadMnist("mnist", options),
  "S1": async (options) => transform({ ...await firstTestImages(options), name: "S1" }, { gray: true }),
  "S2": async (options) => ({ ...await firstTestImages(options), name: "S2" }),
  "S3": async (options) => ({ ...await loadMnist("fashion-mnist", atMostBench(options)), name: "S3" }),
};

const atMostBench = (options: LoadOptions) => ({ ...options, take: Math.min(options.take ?? BENCH, BENCH) });

const firstTestImages = (options: LoadOptions) => loadCifar10({ ...atMostBench(options), first: "test" });

for (const [name, load] of Object.entries(loaders)) addDataset(name, load);
