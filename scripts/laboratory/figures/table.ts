/** Tables, written for every reader: HTML for notebooks, Markdown for documents, plain text for terminals. */

import { stringify } from "@std/csv";
import { columnsOf, printable } from "../../../lib/printable.ts";

/** What a table shows in a place; undefined is a dash. */
export type Cell = string | number | boolean | undefined;

/** Rows as records; the keys of the first are the columns, in order. */
export type Rows = readonly Readonly<Record<string, Cell>>[];

/** A table as lines of text. */
export const tableText = (rows: Rows): string => tableBundle(rows)["text/plain"];

/** The MIME bundle of a table. Numbers stand right with thousands separators, missing cells as a dash. */
export function tableBundle(rows: Rows): Record<"text/html" | "text/markdown" | "text/plain", string> {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => ({
    name,
    right: rows.every((row) => isFigure(row[name])),
    cells: rows.map((row) => written(row[name])),
  }));
  const lines = <T>(line: (cell: (column: typeof columns[number]) => string) => T) => [
    line(({ name }) => name),
    ...rows.map((_, i) => line(({ cells }) => cells[i]!)),
  ];
  return { "text/html": html(), "text/markdown": markdown(), "text/plain": plain() };

  function html(): string {
    const [head, ...body] = lines((cell) => (tag: "th" | "td") =>
      `<tr>${
        columns.map((c) => `<${tag} style="text-align: ${side(c.right)}">${escaped(cell(c))}</${tag}>`).join(
          "",
        )
      }</tr>`
    );
    return `<table><thead>${head!("th")}</thead><tbody>${
      body.map((row) => row("td")).join("")
    }</tbody></table>`;
  }

  function markdown(): string {
    const [head, ...body] = lines((cell) =>
      `| ${columns.map((c) => cell(c).replaceAll("|", "\\|")).join(" | ")} |`
    );
    return [head, `|${columns.map(({ right }) => right ? "---:" : "---").join("|")}|`, ...body].join("\n");
  }

  function plain(): string {
    const widths = columns.map(({ name, cells }) => Math.max(...[name, ...cells].map(columnsOf)));
    const pad = (text: string, i: number) => {
      const space = " ".repeat(widths[i]! - columnsOf(text));
      return columns[i]!.right ? space + text : text + space;
    };
    return lines((cell) => columns.map((c, i) => pad(cell(c), i)).join("  ").trimEnd()).join("\n");
  }
}

/** The rows as CSV (RFC 4180): a line of column names, then numbers as they are; missing cells are empty. */
export function tableCsv(rows: Rows): string {
  return stringify(rows, { columns: Object.keys(rows[0] ?? {}) });
}

const side = (right: boolean) => right ? "right" : "left";

/** A number, a missing one, or a text such as "+8.3 %". */
function isFigure(cell: Cell): boolean {
  return cell === undefined || typeof cell === "number" || /^[+−]?[\d.,]+( %)?$/.test(String(cell));
}

function written(cell: Cell): string {
  if (cell === undefined) return "–";
  return typeof cell === "number"
    ? cell.toLocaleString("en", { maximumSignificantDigits: 15 }).replace("-", "−")
    : printable(String(cell));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string) => text.replaceAll(/[&<>]/g, (char) => ENTITIES[char]!);
