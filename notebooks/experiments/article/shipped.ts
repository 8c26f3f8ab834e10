/** Results of experiments that take too long for a notebook: they come with the project. */
import hashes from "../../../data/results/hashes.json" with { type: "json" };
import type { Preset } from "../../../lib/run.ts";
import { loadResults } from "../../../scripts/laboratory/measure/results.ts";

/** Results that come with the project, and how they are called where a verdict is read from them. */
export interface Shipped<T> {
  readonly results: T;
  /** For instance “scale, preset quick”. */
  readonly stored: string;
}

/**
 * The shipped results of an experiment, of the preset if there are such, else of `quick`; data/results/hashes.json has
 * the SHA-256 of each file.
 *
 * @throws {MdlError} `not-found`; `integrity`
 */
export async function shippedResults<T>(experiment: string, preset: Preset): Promise<Shipped<T>> {
  const fileOf = (preset: Preset) => `${experiment}-${preset}.json`;
  const taken: Preset = Object.hasOwn(hashes, fileOf(preset)) ? preset : "quick", file = fileOf(taken);
  const results = await loadResults<T>(
    `data/results/${file}`,
    (hashes as Record<string, string>)[file] ?? "",
  );
  return { results, stored: `${experiment}, preset ${taken}` };
}
