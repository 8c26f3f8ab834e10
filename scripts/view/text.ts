/** A file as text, a slice at a time, with a field to find something in all files. */
import { button, element, labelled, number } from "./element.ts";
import type { FileView } from "./files.ts";
import { findAll, MOST_MATCHES } from "./find.ts";
import type { Items } from "./items.ts";

/** Bytes of a slice. */
const SLICE = 2 ** 14;

/** A match, in bytes of the file. */
interface Match {
  readonly from: number;
  readonly to: number;
}

/** Where the character begins in which a byte lies. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > Math.max(0, at - 3) && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}

/** UTF-8 as text; control characters but for tabs and line ends are seen as symbols. */
function decode(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, (char) => {
    const code = char.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

export function text(items: Items, go: (i: number) => void): FileView {
  let file = 0, start = 0, match: Match | undefined, drawn = "";
  const box = element("pre", { class: "text scroll", tabindex: 0, "aria-label": "text", dir: "auto" });
  const place = element("span");
  const before = button("← earlier", () => to(start - SLICE)),
    next = button("later →", () => to(start + SLICE));
  const to = (at: number) => {
    start = Math.max(0, at);
    match = undefined;
    show(file);
    box.scrollTop = 0;
  };
  const show = (i: number) => {
    if (i !== file) [file, start, match] = [i, 0, undefined];
    const bytes = items.of(i), from = characterStart(bytes, Math.min(start, bytes.length));
    const end = Math.min(bytes.length, start + SLICE);
    const till = end < bytes.length ? characterStart(bytes, end) : end;
    before.disabled = from === 0;
    next.disabled = till >= bytes.length;
    before.parentElement!.hidden = from === 0 && till >= bytes.length;
    place.textContent = `bytes ${number(from)} to ${number(till)} of ${number(items.length(i))}`;
    const now = [i, from, till, match?.from].join();
    if (now === drawn) return;
    drawn = now;
    if (!match) return void box.replaceChildren(decode(bytes.subarray(from, till)));
    const mark = element("mark", {}, decode(bytes.subarray(match.from, match.to)));
    box.replaceChildren(
      decode(bytes.subarray(from, match.from)),
      mark,
      decode(bytes.subarray(match.to, till)),
    );
    box.scrollTop = mark.offsetTop - box.clientHeight / 3;
  };
  const find = findField(items, (at, length) => {
    const i = items.at(at), from = at - items.starts[i]!;
    go(i);
    start = Math.max(0, from - SLICE / 4);
    match = { from, to: from + length };
    show(i);
  });
  return {
    element: element("div", {}, find, box, element("p", { class: "row" }, before, place, next)),
    show,
  };
}

/** The field: Enter finds, and again the next one; Shift and Enter the one before. */
function findField(items: Items, shown: (at: number, bytes: number) => void): HTMLElement {
  const field = element("input", { type: "search" });
  const said = element("span", { role: "status" });
  let matches: number[] = [], at = -1, asked = "", seen = 0;
  const step = (by: number) => {
    if (field.value !== asked || seen !== items.ready) {
      [asked, seen, at] = [field.value, items.ready, -1];
      matches = findAll(items, asked);
    }
    if (!asked || !matches.length) {
      said.textContent = asked ? "not found" : "";
      return;
    }
    at = at < 0 ? (by > 0 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length;
    const more = matches.length === MOST_MATCHES ? " or more" : "";
    said.textContent = `${number(at + 1)} of ${number(matches.length)}${more}`;
    shown(matches[at]!, new TextEncoder().encode(asked).length);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  const before = button("↑", () => step(-1), { "aria-label": "the match before" });
  const next = button("↓", () => step(1), { "aria-label": "the next match" });
  return element(
    "div",
    { class: "row", role: "search" },
    labelled("find", field),
    before,
    next,
    said,
  );
}
