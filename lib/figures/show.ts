/**
 * Showing results from code that is a notebook and a script at once: in a Jupyter kernel they appear below the cell, in
 * a script figures are written into a folder and tables to stdout. Always `await` these calls: the Deno kernel drops
 * what it is asked to display without being waited for.
 */
import { MdlError } from "../errors.ts";
import type { Figure } from "./figure.ts";
import { kernel } from "./kernel.ts";
import { type Panel, pictures } from "./pictures.ts";
import { toPng } from "./render.ts";
import { type Rows, tableBundle } from "./table.ts";

const root = new URL("../../", import.meta.url);
let folder = "results/figures";

/** Sets the folder in results/ that a script writes its figures to; a notebook keeps them itself. */
export function saveFiguresIn(name: string): void {
  folder = `results/${name}`;
}

/**
 * Shows a figure: interactive where plotly.js is at hand, as PNG elsewhere. A script writes NAME.png and NAME.json.
 *
 * @param name Name of the files, and what is read out in place of the figure.
 * @throws {MdlError} `unsupported` for a trace that needs WebGL; `not-writable` when a script cannot write its files.
 */
export async function show(figure: Figure, name: string): Promise<void> {
  const png = await toPng(figure), jupyter = kernel();
  if (jupyter) {
    await jupyter.display({
      "application/vnd.plotly.v1+json": figure,
      "image/png": png.toBase64(),
      "text/plain": name,
    }, { raw: true });
  } else await save(name, { png, json: new TextEncoder().encode(JSON.stringify(figure)) });
}

/** Shows titled pictures in rows of `columns` (all in one row where left out). A script writes NAME.png. */
export async function showImages(
  panels: readonly Panel[],
  name: string,
  columns = panels.length,
): Promise<void> {
  const png = await toPng(pictures(name, panels, columns)), jupyter = kernel();
  if (jupyter) await jupyter.display({ "image/png": png.toBase64(), "text/plain": name }, { raw: true });
  else await save(name, { png });
}

/** Shows rows as a table; a script prints it. */
export async function showTable(rows: Rows): Promise<void> {
  const bundle = tableBundle(rows), jupyter = kernel();
  if (jupyter) await jupyter.display(bundle, { raw: true });
  else console.log(bundle["text/plain"]);
}

/** Shows Markdown, for instance a Mermaid diagram; a script prints it. */
export async function showMarkdown(text: string): Promise<void> {
  const jupyter = kernel();
  if (jupyter) await jupyter.display({ "text/markdown": text, "text/plain": text }, { raw: true });
  else console.log(text);
}

async function save(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const stem = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_").replaceAll(/^_|_$/g, "");
  const place = `${folder}/${stem}`;
  try {
    await Deno.mkdir(new URL(folder, root), { recursive: true });
    for (const [extension, bytes] of Object.entries(files)) {
      const file = new URL(`${place}.${extension}`, root), temporary = new URL(`${file.href}.tmp`);
      await Deno.writeFile(temporary, bytes);
      await Deno.rename(temporary, file);
    }
  } catch (cause) {
    throw new MdlError("not-writable", `The figure ${name} cannot be written to ${folder}.`, { cause });
  }
  console.log(`Figure: ${place}.png`);
}
