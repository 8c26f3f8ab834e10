/** A CSV file as a table, its first rows. */
import { button, element, number } from "./element.ts";
import { csvRows } from "./csv.ts";
import type { FileView } from "./files.ts";
import type { Items } from "./items.ts";
import { printable } from "../../lib/printable.ts";

/** Rows that are shown at first, and that "more" adds; columns, and characters of a cell, at most. */
const PART = 200, COLUMNS = 100, CELL = 200;

/** Bytes of a file in which rows are looked for. */
const LOOKED_AT = 2 ** 22;

function cells(row: readonly string[], tag: "th" | "td"): HTMLTableRowElement {
  const shown = row.slice(0, COLUMNS).map((cell) => {
    const text = printable(cell.length > CELL ? `${cell.slice(0, CELL)}…` : cell);
    const isNumber = tag === "td" && /^\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*$/i.test(cell);
    return element(tag, {
      ...(tag === "th" ? { scope: "col" } : {}),
      ...(isNumber ? { class: "right" } : {}),
    }, text);
  });
  if (row.length > COLUMNS) shown.push(element(tag, {}, `… ${number(row.length - COLUMNS)} more`));
  return element("tr", {}, ...shown);
}

export function table(items: Items): FileView {
  const head = element("thead"), body = element("tbody"), said = element("span");
  let file = -1, asked = PART, drawn = "", seen = 0;
  const more = button("more rows", () => {
    asked += PART;
    show(file);
  });
  const show = (i: number) => {
    if (i !== file) [file, asked, drawn, seen] = [i, PART, "", 0];
    const bytes = items.of(i).subarray(0, LOOKED_AT), whole = bytes.length === items.length(i);
    if (drawn === `${asked}` || (drawn === `${asked} ${whole}`)) return; // all that is asked for stands there
    if (!whole && bytes.length < 2 * seen) return; // it is not read again with every piece
    seen = bytes.length;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const rows = csvRows(text, asked + 2), there = rows.length > asked + 1;
    const [names = [], ...others] = rows;
    if (!there && !whole) others.pop(); // its last row may not be whole
    const kept = others.slice(0, asked);
    head.replaceChildren(cells(names, "th"));
    body.replaceChildren(...kept.map((row) => cells(row, "td")));
    drawn = there ? `${asked}` : whole ? `${asked} ${whole}` : "";
    more.hidden = !there;
    said.textContent = `${number(kept.length)} rows beneath the first are shown, of ${names.length} columns`;
  };
  return {
    element: element(
      "div",
      {},
      element(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "table" },
        element("table", { class: "cells" }, head, body),
      ),
      element("p", { class: "row" }, said, more),
    ),
    show,
  };
}
