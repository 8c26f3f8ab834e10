/**
 * The percent format: a script whose comments `// %%` and `// %% [markdown]` begin the cells of a notebook; a cell's tags
 * stand behind: `// %% tags=["parameters"]`. Markdown stands in line comments. Cells are parted by one blank line.
 */
import { MdlError } from "../lib/errors.ts";

export interface SourceCell {
  readonly kind: "code" | "markdown";
  /** Without blank lines at its ends. */
  readonly source: string;
  /** What tools know the cell by, such as `parameters`; left out where there are none. */
  readonly tags?: readonly string[];
}

const MARKER = /^\/\/ %%(?: (\[markdown\]))?(?: tags=(\[.*\]))?$/;

/**
 * The cells of a script.
 *
 * @param name The script's name, for the error's sentence.
 * @throws {MdlError} `unsupported` for text before the first cell, an unknown marker, a line in a Markdown cell that is
 * no comment, or what a notebook cannot run.
 */
export function cellsOf(script: string, name: string): SourceCell[] {
  const cells: (Pick<SourceCell, "kind" | "tags"> & { lines: string[] })[] = [];
  for (const line of script.replaceAll("\r\n", "\n").split("\n")) {
    const marker = MARKER.exec(line), open = cells.at(-1);
    if (marker) {
      const [, markdown, tags] = marker;
      cells.push({
        ...(tags && { tags: tagsIn(tags, `${name}, cell ${cells.length + 1}`) }),
        kind: markdown ? "markdown" : "code",
        lines: [],
      });
    } else if (open) open.lines.push(line);
    else if (line.trim()) {
      throw new MdlError("unsupported", `${name} must begin with a cell: // %% or // %% [markdown].`);
    }
  }
  return cells.map(({ lines, ...cell }, i) => {
    const { kind } = cell;
    const source = kind === "code" ? lines : lines.map((line) => uncommented(line, `${name}, cell ${i + 1}`));
    return checked({ ...cell, source: trimmed(source.join("\n")) }, `${name}, cell ${i + 1}`);
  });
}

/**
 * The script of these cells; `cellsOf` gives them back.
 *
 * @throws {MdlError} `unsupported` where a cell holds a line that would begin another one, or what a notebook cannot run.
 */
export function scriptOf(cells: readonly SourceCell[], name: string): string {
  return cells.map((cell, i) => {
    const { kind, source } = checked({ ...cell, source: trimmed(cell.source) }, `${name}, cell ${i + 1}`);
    const tagged = cell.tags?.length
      ? ` tags=[${cell.tags.map((tag) => JSON.stringify(tag)).join(", ")}]`
      : "";
    if (kind === "code") return `// %%${tagged}\n${source}\n`;
    return `// %% [markdown]${tagged}\n${
      source.split("\n").map((line) => line ? `// ${line}` : "//").join("\n")
    }\n`;
  }).join("\n");
}

/** Line ends as \n, no blank lines at the ends. */
export function trimmed(source: string): string {
  return source.replaceAll("\r\n", "\n").replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

function tagsIn(text: string, where: string): string[] {
  try {
    const tags: unknown[] = JSON.parse(text);
    if (tags.length && tags.every((tag) => typeof tag === "string")) return tags;
  } catch { /* no list */ }
  throw new MdlError("unsupported", `${where}: tags are a list of words, such as tags=["parameters"].`);
}

function uncommented(line: string, where: string): string {
  if (!line.trim()) return "";
  if (!line.startsWith("//")) {
    throw new MdlError("unsupported", `${where}: each line of a Markdown cell begins with //.`);
  }
  return line.slice(line.startsWith("// ") ? 3 : 2);
}

function checked(cell: SourceCell, where: string): SourceCell {
  const begins = cell.kind === "code" ? /^\/\/ %%/m : /^%%/m;
  if (begins.test(cell.source)) {
    throw new MdlError(
      "unsupported",
      `${where}: a line that begins like a cell marker cannot be told from one.`,
    );
  }
  if (cell.kind === "code" && /\bimport\.meta\b/.test(cell.source)) {
    throw new MdlError(
      "unsupported",
      `${where}: a notebook has no import.meta; use a module of lib/ for it.`,
    );
  }
  return cell;
}
