/**
 * The percent format: a script whose comments `// %%` and `// %% [markdown]` begin the cells of a notebook. Markdown
 * stands in line comments. Cells are parted by one blank line.
 */
import { MdlError } from "../lib/errors.ts";

export interface SourceCell {
  readonly kind: "code" | "markdown";
  /** Without blank lines at its ends. */
  readonly source: string;
}

const MARKER = /^\/\/ %%(?: (\[markdown\]))?$/;

/**
 * The cells of a script.
 *
 * @param name The script's name, for the error's sentence.
 * @throws {MdlError} `unsupported` for text before the first cell, an unknown marker, a line in a Markdown cell that is
 * no comment, or what a notebook cannot run.
 */
export function cellsOf(script: string, name: string): SourceCell[] {
  const cells: { kind: SourceCell["kind"]; lines: string[] }[] = [];
  for (const line of script.replaceAll("\r\n", "\n").split("\n")) {
    const marker = MARKER.exec(line), open = cells.at(-1);
    if (marker) cells.push({ kind: marker[1] ? "markdown" : "code", lines: [] });
    else if (open) open.lines.push(line);
    else if (line.trim()) {
      throw new MdlError("unsupported", `${name} must begin with a cell: // %% or // %% [markdown].`);
    }
  }
  return cells.map(({ kind, lines }, i) => {
    const source = kind === "code" ? lines : lines.map((line) => uncommented(line, `${name}, cell ${i + 1}`));
    return checked({ kind, source: trimmed(source.join("\n")) }, `${name}, cell ${i + 1}`);
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
    if (kind === "code") return `// %%\n${source}\n`;
    return `// %% [markdown]\n${source.split("\n").map((line) => line ? `// ${line}` : "//").join("\n")}\n`;
  }).join("\n");
}

/** Line ends as \n, no blank lines at the ends. */
export function trimmed(source: string): string {
  return source.replaceAll("\r\n", "\n").replace(/^(?:[ \t]*\n)+/, "").trimEnd();
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
