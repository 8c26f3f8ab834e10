/**
 * Showing results from code that is a notebook and a script at once: in a Jupyter kernel they appear below the cell, in
 * a script figures are written into a folder, tables to stdout and as CSV. Always `await` these calls: the Deno kernel
 * drops what it is asked to display without being waited for.
 */
import { join, resolve } from "node:path";
import { makeFolder, saveFile } from "../../../lib/save.ts";
import { checkArguments, listOf, object, TEXT, whole } from "../../../lib/options.ts";
import { home } from "../section/home.ts";
import type { Shown } from "../section/record.ts";
import type { Figure } from "./figure.ts";
import { kernel } from "../../../lib/jupyter.ts";
import { type Panel, pictures } from "./pictures.ts";
import { pngOf, toSvg } from "./render.ts";
import { type Rows, tableBundle, tableCsv } from "./table.ts";

/** Where what is shown goes besides the reader's eyes. */
interface Place {
  /** As it is said, for instance results/NAME. */
  readonly folder: string;
  /** Where it is; from `home` on when left out. */
  readonly at?: string;
  /** Gets an entry for everything that a script shows. */
  readonly shown: Shown[];
  /** What has to be done before something is shown: a progress bar that is open ends. */
  before(): Promise<void>;
}

let place: Place = { folder: "results/figures", shown: [], before: async () => {} };

/** Sets the folder that a command writes its figures to, from where it runs; a notebook keeps them itself. */
export function saveFiguresIn(folder: string): void {
  place = { ...place, folder, at: resolve(folder) };
}

/** Sets where all that is shown from now on is kept and noted. */
export function recordShown(to: Place): void {
  place = to;
}

/**
 * Shows a figure: interactive where plotly.js is at hand, as PNG elsewhere. A script writes NAME.png, .svg and .json
 * into results/figures/.
 *
 * @param name Name of the files, and what is read out in place of the figure.
 * @throws {MdlError} `unsupported` for a trace that needs WebGL; `not-writable` when a script cannot write its files.
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 *
 * const sizes = [{ label: "xz", bytes: 785_324 }, { label: "MDLab", bytes: 613_020, ours: true }];
 * const references = [{ label: "raw", value: 1_024_000 }];
 * await figures.show(figures.sizeBars({ title: "S1", sizes, references }), "Sizes of S1");
 * ```
 */
export async function show(figure: Figure, name: string): Promise<void> {
  checkArguments("show", { figure, name }, {
    figure: object("a figure, as lines or sizeBars makes it", "data", "layout"),
    name: TEXT,
  });
  await display(figure, name, { "application/vnd.plotly.v1+json": figure, "text/plain": name });
}

/**
 * Shows titled pictures in rows of `columns` (all in one row where left out), as `show` does.
 *
 * @param columns From 1 on.
 * @throws {MdlError} `usage` for what are no panels; `not-writable`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import * as figures from "@mdlab/mdlab/figures";
 *
 * const set = await mdl.loadDataset("scenes", { take: 3 });
 * const panels = [...image.images(set)].map((view, i) => ({
 *   title: set.names[i]!,
 *   picture: { ...view, channels: set.channels },
 * }));
 * await figures.showImages(panels, "Three scenes");
 * ```
 */
export async function showImages(
  panels: readonly Panel[],
  name: string,
  columns: number = panels?.length,
): Promise<void> {
  checkArguments("showImages", { panels, name, columns }, {
    panels: listOf("panels, each with title and picture", object("", "title", "picture")),
    name: TEXT,
    columns: whole(1),
  });
  await display(pictures(name, panels, columns), name); // plotly.js would blur the pixels
}

async function display(figure: Figure, name: string, interactive?: Record<string, unknown>): Promise<void> {
  await place.before();
  const jupyter = kernel();
  // JupyterLab leaves a figure that comes with a picture a picture until the pointer is over it: so the picture, which
  // documents need, comes as an update of what is already drawn.
  const display_id = crypto.randomUUID();
  if (interactive) await jupyter?.display(interactive, { raw: true, display_id });
  const svg = await toSvg(figure), png = await pngOf(svg);
  if (jupyter) {
    const bundle = { ...interactive, "image/png": png.toBase64(), "text/plain": name };
    return await jupyter.display(bundle, { raw: true, display_id, update: interactive !== undefined });
  }
  const stem = stemOf(name), files = { png: `${stem}.png`, json: `${stem}.json` };
  await save(files.png, png);
  await save(`${stem}.svg`, bytesOf(svg));
  await save(files.json, bytesOf(JSON.stringify(figure)));
  place.shown.push({ kind: "figure", name, ...files });
  console.log(`Figure: ${place.folder}/${files.png}`);
}

/**
 * Shows rows as a table; a script prints it and writes NAME.csv.
 *
 * @param rows Records; the keys of the first are the columns.
 * @throws {MdlError} `usage` for what are no rows; `not-writable`
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 *
 * await figures.showTable([{ codec: "xz", bytes: 785_324 }, { codec: "MDLab", bytes: 613_020 }], "Sizes");
 * ```
 */
export async function showTable(rows: Rows, name: string): Promise<void> {
  checkArguments("showTable", { rows, name }, {
    rows: listOf("rows, objects of one shape", object("")),
    name: TEXT,
  });
  await place.before();
  const bundle = tableBundle(rows), jupyter = kernel();
  if (jupyter) return await jupyter.display(bundle, { raw: true });
  const csv = `${stemOf(name)}.csv`;
  await save(csv, bytesOf(tableCsv(rows)));
  place.shown.push({ kind: "table", name, csv });
  console.log(`\n${name}\n${bundle["text/plain"]}\n`);
}

/**
 * Shows Markdown, for instance a Mermaid diagram; a script prints it.
 *
 * @throws {MdlError} `usage` for what is no text
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 *
 * await figures.showMarkdown("The program has **1,084** parameters.");
 * ```
 */
export async function showMarkdown(text: string): Promise<void> {
  checkArguments("showMarkdown", { text }, { text: TEXT });
  await place.before();
  const jupyter = kernel();
  if (jupyter) return await jupyter.display({ "text/markdown": text, "text/plain": text }, { raw: true });
  place.shown.push({ kind: "markdown", text });
  console.log(text);
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Name of a file without its extension; a second one of that name in a section gets a number. */
function stemOf(name: string): string {
  const stem = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "") || "shown";
  const files = place.shown.flatMap((one) =>
    one.kind === "figure" ? [one.png] : one.kind === "table" ? [one.csv] : []
  );
  const taken = (stem: string) => files.some((file) => file.replace(/\.\w+$/, "") === stem);
  for (let n = 2, free = stem;; free = `${stem}_${n++}`) if (!taken(free)) return free;
}

async function save(file: string, bytes: Uint8Array): Promise<void> {
  const folder = place.at ?? join(home(), place.folder);
  await makeFolder(folder);
  await saveFile(join(folder, file), bytes);
}
