/** What each part of a model of files is worth: the whole chain, and the chain without it, as programs that decoded. */
import { planning } from "../../../lib/chain.ts";
import { codecOf, type MechanismOptions } from "../../../lib/codecs.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import type { Files, FilesModality } from "../../../lib/files/data.ts";
import { sizeBars } from "../figures/bars.ts";
import type { Rows } from "../figures/table.ts";
import { type Campaign, measureAll } from "./campaign.ts";
import { filesJob } from "./codings.ts";

/** A mechanism and what is left of it where it is off. */
interface Switch {
  readonly mechanism: string;
  readonly what: string;
  readonly off: MechanismOptions;
}

const OF_TEXT: readonly Switch[] = [
  { mechanism: "features", what: "contexts of the last characters", off: { features: { orders: false } } },
  { mechanism: "features", what: "refined probabilities", off: { features: { refinement: false } } },
  { mechanism: "sharing", what: "one model for all positions", off: { sharing: { positions: false } } },
  { mechanism: "hierarchy", what: "lines", off: { hierarchy: { level: "words" } } },
  { mechanism: "hierarchy", what: "words and lines", off: { hierarchy: { level: "characters" } } },
  { mechanism: "hierarchy", what: "characters, words and lines", off: { hierarchy: { level: "bytes" } } },
  { mechanism: "attention", what: "the longest match", off: { attention: { match: false } } },
  { mechanism: "attention", what: "weights chosen by context", off: { attention: { gating: false } } },
  {
    mechanism: "attention",
    what: "both",
    off: { attention: { match: false, gating: false } },
  },
];

const OF_SOUND: readonly Switch[] = [
  { mechanism: "features", what: "least squares with a long memory", off: { features: { slow: false } } },
  { mechanism: "features", what: "least squares with a short memory", off: { features: { fast: false } } },
  { mechanism: "sharing", what: "what other files taught", off: { sharing: { files: false } } },
  { mechanism: "hierarchy", what: "predictors of what is left", off: { hierarchy: { cascade: false } } },
  { mechanism: "attention", what: "the other channel", off: { attention: { stereo: false } } },
  { mechanism: "attention", what: "trust in each prediction", off: { attention: { blend: false } } },
  { mechanism: "attention", what: "trust in each distribution", off: { attention: { mixture: false } } },
];

const OF_JPEG: readonly Switch[] = [
  { mechanism: "features", what: "the blocks around", off: { features: { around: false } } },
  { mechanism: "features", what: "refined probabilities", off: { features: { refinement: false } } },
  { mechanism: "sharing", what: "what other files taught", off: { sharing: { files: false } } },
  { mechanism: "hierarchy", what: "brightness before colours", off: { hierarchy: { planes: false } } },
  { mechanism: "attention", what: "weights chosen by context", off: { attention: { gating: false } } },
];

const OF_TABLES: readonly Switch[] = [
  { mechanism: "features", what: "the cells to the left", off: { features: { columns: false } } },
  { mechanism: "sharing", what: "what columns have in common", off: { sharing: { statistics: false } } },
  { mechanism: "attention", what: "the rows above", off: { attention: { rows: false } } },
];

const OF_BYTES: readonly Switch[] = [
  { mechanism: "features", what: "contexts of the last bytes", off: { features: { orders: false } } },
  ...OF_TEXT.filter(({ mechanism }) => mechanism === "sharing" || mechanism === "attention"),
  { mechanism: "features", what: "refined probabilities", off: { features: { refinement: false } } },
  { mechanism: "features", what: "where calls go", off: { features: { calls: false } } },
  { mechanism: "hierarchy", what: "columns of records", off: { hierarchy: { level: "words" } } },
  {
    mechanism: "hierarchy",
    what: "columns, and bytes some places back",
    off: { hierarchy: { level: "bytes" } },
  },
];

/** The switches of a kind of data. */
const SWITCHES: Readonly<Record<FilesModality, readonly Switch[]>> = {
  text: OF_TEXT,
  bytes: OF_BYTES,
  audio: OF_SOUND,
  table: OF_TABLES,
  jpeg: OF_JPEG,
};

/** A part that was left out. */
export interface Switched {
  readonly mechanism: string;
  readonly what: string;
  /** Of the program without it. */
  readonly bytes: number;
}

/** What the switches came to. */
export interface SwitchResults {
  /** Bytes of the program with everything, names apart. */
  readonly whole: number;
  readonly without: readonly Switched[];
}

/** Builds, decodes and compares the program of the whole chain, and one without each part; nothing is random. */
export async function measureSwitches(
  files: Files,
  campaign: Campaign,
  context: Context,
): Promise<SwitchResults> {
  const calls = await hasCalls(files), several = files.lengths.length > 1;
  const switches = SWITCHES[files.modality].filter(({ off }) =>
    (several || !("files" in (off.sharing ?? {}))) && (calls || !("calls" in (off.features ?? {})))
  );
  const chains = [{}, ...switches.map(({ off }) => off)].map((off: MechanismOptions) =>
    calls ? { ...off, features: { calls, ...off.features } } : off
  );
  const jobs = await Promise.all(
    chains.map((chain) => filesJob(files, { ...chain, compress: { exactly: true } })),
  );
  const [whole, ...others] = (await measureAll(jobs, campaign, context)).map((result) => result!.bytes);
  const without = switches.map(({ mechanism, what }, i) => ({ mechanism, what, bytes: others[i]! }));
  return { whole: whole!, without };
}

/** Whether `compress` tries the model that sees where calls go. */
async function hasCalls(files: Files): Promise<boolean> {
  const { output: { spec } } = await planning<Files>().run(files, contextOf(1));
  return codecOf<Files>(files).candidates(spec, files, false).some((one) =>
    "model" in one && one.model === "calls"
  );
}

/** As a table: what a part is worth is what the program is longer without it. */
export function switchRows({ whole, without }: SwitchResults): Rows {
  return without.map(({ mechanism, what, bytes }) => ({
    mechanism,
    "without": what,
    "program, bytes": bytes,
    "longer by": bytes - whole,
    "%": Number((100 * (bytes / whole - 1)).toFixed(2)),
  }));
}

/** The same as a figure. */
export function switchFigure(name: string, { whole, without }: SwitchResults) {
  return sizeBars({
    title: `${name}: the program with everything, and without a part`,
    sizes: [
      { label: "everything", bytes: whole, ours: true },
      ...without.map(({ what, bytes }) => ({ label: `without ${what}`, bytes })),
    ],
    references: [],
  });
}
