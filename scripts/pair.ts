/**
 * deno task pair: keeps scripts/NN_*.ts and notebooks/NN_*.ipynb in step: one source in two forms. The one that was edited
 * since they were last in step is the source; where both were, `--from script` or `--from notebook` has to say which.
 * Outputs of unchanged cells stay; behind changed code they are marked as stale. `--check` changes nothing and exits
 * with 1 when something would have to change.
 */
import { createHash } from "node:crypto";
import { MdlError } from "../lib/errors.ts";
import { command, oneOf, options, type Task } from "./command.ts";
import { pairedWith, readNotebook, withOutputs, writeNotebook } from "./ipynb.ts";
import { cellsOf, scriptOf } from "./percent.ts";

const SIDES = ["script", "notebook"] as const;
export type Side = typeof SIDES[number];

/** Both forms in step, and which of them was the source. */
export interface Pair {
  readonly script: string;
  readonly notebook: string;
  readonly source: Side;
}

/**
 * Brings both forms in step; at least one must be there. The notebook's metadata keep a hash of the source that they then
 * have in common, which tells later which of them was edited.
 *
 * @throws {MdlError} `mismatch` where both were edited, or may have been, and `from` does not say which one counts;
 * `unreadable` or `unsupported` where one of them has no other form.
 */
export function paired(
  stem: string,
  script: string | undefined,
  notebook: string | undefined,
  from?: Side,
): Pair {
  const old = notebook === undefined ? [] : readNotebook(notebook, `${stem}.ipynb`);
  const rewritten = notebook === undefined ? undefined : scriptOf(old, `${stem}.ipynb`);
  const common = notebook === undefined ? undefined : pairedWith(notebook);
  const source = from && script !== undefined && rewritten !== undefined
    ? from
    : edited(stem, script, rewritten, common);
  const cells = cellsOf(source === "script" ? script! : rewritten!, `${stem}.ts`),
    text = scriptOf(cells, stem);
  return { script: text, notebook: writeNotebook(withOutputs(cells, old), fingerprint(text)), source };
}

/** The side that is not what both `common`ly were. */
function edited(
  stem: string,
  script: string | undefined,
  notebook: string | undefined,
  common: string | undefined,
): Side {
  if (script === undefined) return "notebook";
  if (notebook === undefined || script === notebook || fingerprint(notebook) === common) return "script";
  if (fingerprint(script) === common) return "notebook";
  const what = common
    ? "script and notebook were both edited since they were last in step"
    : "script and notebook differ, and no record says which one was edited";
  const choice = "--from script or --from notebook says which one counts, and the other's edits are lost";
  throw new MdlError("mismatch", `${stem}: ${what}: ${choice}.`);
}

function fingerprint(script: string): string {
  return createHash("sha256").update(script.replaceAll("\r\n", "\n")).digest("hex").slice(0, 16);
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

/** All experiments (`NN_name`), of those numbers (or of those names) where some are given. */
export function experiments(numbers: readonly string[]): string[] {
  const files = SIDES.flatMap((side) => [...Deno.readDirSync(new URL(FOLDERS[side], import.meta.url))]);
  const stems = new Set(files.flatMap(({ name }) => /^(\d\d_\w+)\.(?:ts|ipynb)$/.exec(name)?.[1] ?? []));
  const isOf = (stem: string, number: string) =>
    stem === number || stem.startsWith(`${number.replace(".", "_")}_`);
  for (const number of numbers) {
    if (![...stems].some((stem) => isOf(stem, number))) {
      throw new MdlError("not-found", `There is no notebook or script of number ${number}.`);
    }
  }
  return [...stems].filter((stem) => !numbers.length || numbers.some((number) => isOf(stem, number))).sort();
}

async function read(url: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(url);
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
export async function pair(
  stem: string,
  check: boolean,
  from: Side | undefined,
  say = console.log,
): Promise<Side[]> {
  const forms = { script: await read(place(stem, "script")), notebook: await read(place(stem, "notebook")) };
  const result = paired(stem, forms.script, forms.notebook, from);
  const behind = SIDES.filter((side) => forms[side] !== result[side]);
  for (const side of behind) {
    if (!check) await replaceFile(place(stem, side), result[side]);
    say(
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
        help: "which one counts: needed where both were edited",
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
