/** Notebook files (.ipynb, nbformat 4.5), written so that the same cells and outputs are the same text. */
import { createHash } from "node:crypto";
import { MdlError } from "../lib/errors.ts";
import { type SourceCell, trimmed } from "./percent.ts";

/** A cell's output, as the kernel gave it. */
export type Output = Readonly<Record<string, unknown>>;

/** A cell with what it put out when it last ran; undefined when it has not run since it was written. */
export interface NotebookCell extends SourceCell {
  readonly outputs?: readonly Output[];
}

/**
 * Reads a notebook. What its cells' metadata say (folded, trusted …) is dropped, but for tags.
 *
 * @param name The file's name, for the error's sentence.
 * @throws {MdlError} `unreadable` when it is no notebook; `unsupported` for a cell that is neither code nor Markdown.
 */
export function readNotebook(text: string, name: string): NotebookCell[] {
  let cells: {
    cell_type: string;
    source: string | string[];
    outputs?: Output[];
    execution_count?: number | null;
    metadata?: { tags?: string[] };
  }[];
  try {
    ({ cells } = JSON.parse(text));
    if (!Array.isArray(cells)) throw new TypeError("no cells");
  } catch (cause) {
    throw new MdlError("unreadable", `${name} is not a notebook of format 4.`, { cause });
  }
  return cells.map(({ cell_type: kind, source, outputs, execution_count: count, metadata }, i) => {
    if (kind !== "code" && kind !== "markdown") {
      throw new MdlError("unsupported", `${name}, cell ${i + 1}: a ${kind} cell has no form in a script.`);
    }
    const text = trimmed(typeof source === "string" ? source : source.join("")), tags = metadata?.tags;
    const cell = { ...(tags?.length && { tags }), kind, source: text } as const;
    return kind === "code" && typeof count === "number" ? { ...cell, outputs: outputs ?? [] } : cell;
  });
}

/** What `writeNotebook` was told that the notebook is paired with; undefined when it was told nothing. */
export function pairedWith(text: string): string | undefined {
  const paired = JSON.parse(text).metadata?.mdlab?.paired;
  return typeof paired === "string" ? paired : undefined;
}

/**
 * Writes a notebook. A cell's id is a hash of its source, so ids change where cells change and nowhere else; run cells
 * are numbered in order; keys are sorted and indented as Jupyter does.
 *
 * @param paired What stands for the source that the notebook has in common with its script, kept in its metadata.
 */
export function writeNotebook(cells: readonly NotebookCell[], paired?: string): string {
  const ids = idsOf(cells);
  let count = 0;
  const notebook = {
    cells: cells.map(({ kind, source, tags, outputs }, i) => {
      const metadata = tags?.length ? { tags } : {};
      const shared = { id: ids[i], cell_type: kind, metadata, source: splitLines(source) };
      if (kind === "markdown") return shared;
      const execution_count = outputs ? ++count : null;
      const numbered = (outputs ?? []).map((output) =>
        "execution_count" in output ? { ...output, execution_count } : output
      );
      return { ...shared, execution_count, outputs: numbered };
    }),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
      ...(paired && { mdlab: { paired } }),
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return JSON.stringify(notebook, sortedKeys, 1) + "\n";
}

/** Says in front of outputs that they are of code that has changed. */
const STALE: Output = {
  output_type: "display_data",
  data: {
    "text/markdown": ["*Stale: the code above has changed since · 已过期：此后上面的代码有改动*"],
    "text/plain": ["Stale: the code above has changed since · 已过期：此后上面的代码有改动"],
  },
  metadata: { mdlab: "stale" },
};

/**
 * These cells with the outputs of the `previous` cells that have the same source. Where code before them is not what it
 * was, settings say, the outputs are marked as stale.
 */
export function withOutputs(cells: readonly SourceCell[], previous: readonly NotebookCell[]): NotebookCell[] {
  const before = idsOf(previous), known = new Map(previous.map(({ outputs }, i) => [before[i]!, outputs]));
  const ids = idsOf(cells), code = previous.filter(({ kind }) => kind === "code");
  let same = true, at = 0;
  return cells.map(({ outputs: _, ...cell }: NotebookCell, i) => {
    if (cell.kind === "code") same &&= code[at++]?.source === cell.source;
    const outputs = known.get(ids[i]!);
    return outputs ? { ...cell, outputs: same ? outputs : stale(outputs) } : cell;
  });
}

function stale(outputs: readonly Output[]): readonly Output[] {
  const marked = (outputs[0]?.metadata as { mdlab?: string } | undefined)?.mdlab === "stale";
  return marked || !outputs.length ? outputs : [STALE, ...outputs];
}

/** Ids by content; cells of the same content are told apart by a running number. */
function idsOf(cells: readonly SourceCell[]): string[] {
  const seen = new Map<string, number>();
  return cells.map(({ kind, source }) => {
    const hash = createHash("sha256").update(`${kind}\n${source}`).digest("hex").slice(0, 12);
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return nth === 1 ? hash : `${hash}-${nth}`;
  });
}

/** Lines with their ends, as notebooks store texts. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
