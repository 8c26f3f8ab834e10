/** A file's bytes in hexadecimal digits, sixteen a line, with what is printable of ASCII beside them. */
import { button, element, number } from "./element.ts";
import type { FileView } from "./files.ts";
import type { Items } from "./items.ts";

/** Bytes of a line, bytes that are shown at first, and that "more" adds. */
const LINE = 16, PART = 2048;

/** Most bytes that stand in the page at once. */
const MOST = 2 ** 18;

function line(bytes: Uint8Array, at: number): string {
  const row = Array.from(bytes.subarray(at, at + LINE));
  const digits = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const seen = row.map((byte) => byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·").join("");
  return `${at.toString(16).padStart(8, "0")}  ${digits.padEnd(3 * LINE)} ${seen}\n`;
}

export function hex(items: Items): FileView {
  const box = element("pre", { class: "scroll", tabindex: 0, "aria-label": "bytes" });
  let file = -1, shown = 0, asked = PART;
  const more = button("more", () => {
    asked += Math.max(PART, asked);
    show(file);
  });
  const show = (i: number) => {
    if (i !== file) {
      [file, shown, asked] = [i, 0, PART];
      box.replaceChildren();
    }
    const bytes = items.of(i), end = Math.min(asked, bytes.length, MOST), lines: string[] = [];
    const till = bytes.length === items.length(i) ? end : end - end % LINE;
    for (; shown < till; shown = Math.min(till, shown + LINE)) lines.push(line(bytes, shown));
    box.append(lines.join(""));
    more.hidden = shown >= bytes.length || shown >= MOST;
    more.textContent = `more (${number(shown)} of ${number(items.length(i))} bytes are shown)`;
  };
  return { element: element("div", {}, box, element("p", { class: "row" }, more)), show };
}
