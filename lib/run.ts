/** What a run is called by: MDLab's version, and the preset that says how long it trains. */
import manifest from "../deno.json" with { type: "json" };

/** Version of MDLab, as programs and runs record it. */
export const VERSION = manifest.version;

/** How long to train: `smoke` for tests, `quick` for looking (a minute or two, of 1000 small images), `paper` for figures to quote. */
export type Preset = "smoke" | "quick" | "paper";

/** Presets fix step counts, never seconds. */
export const PRESETS: Readonly<Record<Preset, { readonly steps: number; readonly epochs: number }>> = {
  smoke: { steps: 300, epochs: 4 },
  quick: { steps: 24_000, epochs: 40 },
  paper: { steps: 600_000, epochs: 400 },
};

export const presetNames = Object.keys(PRESETS) as readonly Preset[];

/** Symbols that a training step looks at. */
export const BATCH = 512;

/** Fewest training steps, whatever the preset's epochs would give on a small set. */
const FEWEST = 300;

/** Training steps of a preset on that many symbols: small sets are seen `epochs` times, large ones less often. */
export function stepsFor(preset: Preset, symbols: number): number {
  const { steps, epochs } = PRESETS[preset];
  return Math.min(steps, Math.max(FEWEST, Math.ceil(epochs * symbols / BATCH)));
}
