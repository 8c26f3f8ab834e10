import { MdlError } from "../errors.ts";
import { checkArguments, checkOptions, TEXT } from "../options.ts";
import { reporting } from "../context.ts";
import type { Dataset } from "../image/dataset.ts";
import { LOADING, type LoadOptions } from "./loading.ts";
import { drawNoise } from "./noise.ts";
import { drawScenes } from "./scenes.ts";

type Loader = (options: LoadOptions) => Dataset | Promise<Dataset>;

/** Sets that are computed, and those that were added. */
const computed: Readonly<Record<string, Loader>> = { noise: drawNoise, scenes: drawScenes };
const added = new Map<string, Loader>();

/** Adds a set that `loadDataset` knows from then on. */
export function addDataset(name: string, load: Loader): void {
  added.set(name, load);
}

/**
 * Loads a data set by its name. Sets that packages carry come with the laboratory (`@mdlab/mdlab/laboratory`) and are
 * fetched at first use.
 *
 * @param name `scenes` or `noise`, which are computed; with the laboratory `photos`, `native`, `emoji`, `icons`, `flags`,
 * `screenshots`, `cifar10`, `fashion-mnist`, `mnist`, `S1`, `S2` or `S3`.
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
  const load = added.get(name) ?? (Object.hasOwn(computed, name) ? computed[name] : undefined);
  if (!load) {
    const known = [...added.keys(), ...Object.keys(computed)].join(", ");
    const more = added.size ? "" : "; @mdlab/mdlab/laboratory, imported, brings others";
    throw new MdlError("not-found", `There is no data set ${name}: the sets are ${known}${more}.`);
  }
  return await reporting(options, async (seen) => await load(seen));
}
