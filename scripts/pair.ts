/**
 * deno task pair: keeps scripts/NN_*.ts and notebooks/NN_*.ipynb in step: one source in two forms. Where both differ, the newer file is
 * the source, unless `--from script` or `--from notebook` says otherwise; outputs of unchanged cells stay. `--check`
 * changes nothing and exits with 1 when something would have to change.
 */
import { MdlError } from "../lib/errors.ts";
import { command, oneOf, options, type Task } from "./command.ts";
import { readNotebook, withOutputs, writeNotebook } from "./ipynb.ts";
import { cellsOf, scriptOf } from "./percent.ts";

/** One of the two forms, as it is on disk. */
export interface Form {
  readonly text: string;
  /** When it was last written, in milliseconds. */
  readonly written: number;
}

const SIDES = ["script", "notebook"] as const;
export type Side = typeof SIDES[number];

/** Both forms in step, and which of them was the source. */
export interface Pair {
  readonly script: string;
  readonly notebook: string;
  readonly source: Side;
}

/**
 * Brings both forms in step; at least one must be there.
 *
 * @throws {MdlError} `unreadable` or `unsupported` where one of them has no other form.
 */
export function paired(
  stem: string,
  script: Form | undefined,
  notebook: Form | undefined,
  from?: Side,
): Pair {
  const old = notebook ? readNotebook(notebook.text, `${stem}.ipynb`) : [];
  const rewritten = notebook && scriptOf(old, `${stem}.ipynb`);
  const newer = (script?.written ?? 0) >= (notebook?.written ?? 0) ? "script" : "notebook";
  const source = !script ? "notebook" : !notebook || script.text === rewritten ? "script" : from ?? newer;
  const cells = cellsOf(source === "script" ? script!.text : rewritten!, `${stem}.ts`);
  return { script: scriptOf(cells, stem), notebook: writeNotebook(withOutputs(cells, old)), source };
}

const TASK: Task = {
  start: "deno task pair",
  about: "Brings notebooks/NN_*.ipynb and scripts/NN_*.ts in step; outputs of unchanged cells stay.",
  takes: "[NN …]",
  least: 0,
  most: Infinity,
  example: "deno task pair 04",
};

const FOLDERS = { script: "../scripts/", notebook: "../notebooks/" } as const;
const EXTENSIONS = { script: ".ts", notebook: ".ipynb" } as const;
const place = (stem: string, side: Side) => new URL(FOLDERS[side] + stem + EXTENSIONS[side], import.meta.url);

/** All experiments (`NN_name`), of those numbers where some are given. */
export function experiments(numbers: readonly string[]): string[] {
  const files = SIDES.flatMap((side) => [...Deno.readDirSync(new URL(FOLDERS[side], import.meta.url))]);
  const stems = new Set(files.flatMap(({ name }) => /^(\d\d_\w+)\.(?:ts|ipynb)$/.exec(name)?.[1] ?? []));
  for (const number of numbers) {
    if (![...stems].some((stem) => stem.startsWith(`${number}_`))) {
      throw new MdlError("not-found", `There is no notebook or script of number ${number}.`);
    }
  }
  return [...stems].filter((stem) => !numbers.length || numbers.includes(stem.slice(0, 2))).sort();
}

async function read(url: URL): Promise<Form | undefined> {
  try {
    return { text: await Deno.readTextFile(url), written: (await Deno.stat(url)).mtime?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes a file at once or not at all. */
export async function replaceFile(url: URL, text: string): Promise<void> {
  const temporary = new URL(`${url.href}.tmp`);
  await Deno.writeTextFile(temporary, text);
  await Deno.rename(temporary, url);
}

/** Pairs one experiment; returns the sides that differ from what they should be. */
export async function pair(stem: string, check: boolean, from: Side | undefined): Promise<Side[]> {
  const forms = { script: await read(place(stem, "script")), notebook: await read(place(stem, "notebook")) };
  const result = paired(stem, forms.script, forms.notebook, from);
  const behind = SIDES.filter((side) => forms[side]?.text !== result[side]);
  for (const side of behind) {
    if (!check) await replaceFile(place(stem, side), result[side]);
    console.log(
      `${stem}: the ${side} ${check ? "is behind" : "was rewritten"}; the ${result.source} is the source.`,
    );
  }
  return behind;
}

if (import.meta.main) {
  await command(async () => {
    const { values, positionals } = options(TASK, {
      check: { type: "boolean", help: "change nothing; fail when something would have to change" },
      from: {
        type: "string",
        value: SIDES.join("|"),
        help: "what counts where both differ, not the newer one",
      },
    });
    const from = values.from === undefined ? undefined : oneOf("from", values.from, SIDES);
    let behind = 0;
    for (const stem of experiments(positionals)) {
      behind += (await pair(stem, values.check ?? false, from)).length;
    }
    if (values.check && behind) {
      throw new MdlError("mismatch", "Notebooks and scripts differ: run deno task pair.");
    }
  });
}
