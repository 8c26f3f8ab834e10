import { MdlError } from "../../../lib/errors.ts";
import { checkOptions, required, SEED, TEXT } from "../../../lib/options.ts";
import { type Preset, PRESETS } from "../../../lib/run.ts";

/** What a notebook's first cell decides. */
export interface Settings {
  /** How long to train, and how much to measure. */
  readonly preset: Preset;
  /** What all random choices come from. */
  readonly seed: number;
}

/**
 * The settings of a run: the notebook's own, unless the environment has others, MDLAB_PRESET and MDLAB_SEED.
 *
 * @param environment That of this process, by default.
 * @throws {MdlError} `usage` for a senseless preset or seed
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 *
 * const { preset, seed } = lab.settingsOf({ preset: "quick", seed: 1 });
 * console.log(preset, seed);
 * ```
 */
export function settingsOf(
  settings: Settings,
  environment: Pick<Deno.Env, "get"> = Deno.env,
): Settings {
  checkOptions("settingsOf", settings, { preset: required(TEXT), seed: required(SEED) });
  return {
    preset: presetOf(environment.get("MDLAB_PRESET") ?? settings.preset),
    seed: seedOf(environment.get("MDLAB_SEED") ?? String(settings.seed)),
  };
}

function presetOf(text: string): Preset {
  if (Object.hasOwn(PRESETS, text)) return text as Preset;
  throw new MdlError("usage", `There is no preset “${text}”: take ${Object.keys(PRESETS).join(", ")}.`);
}

function seedOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw new MdlError("usage", `A seed is a whole number below 2³², not “${text}”.`);
}
