/** The ledger as a figure, and as a table beneath it. */
import type { Ledger } from "../../lib/program/ledger.ts";
import { counted, element, number, svgElement } from "./element.ts";

/** A colour for each purpose that stays apart for the colour-blind (Okabe and Ito's palette), in light and dark. */
const COLOURS: Readonly<Record<string, string>> = {
  "module framing": "#999999",
  "header": "#cc79a7",
  "run record": "#f0e442",
  "names": "#56b4e9",
  "checksums": "#d55e00",
  "decoder code": "#009e73",
  "parameters": "#6f6f6f",
  "weights": "#0072b2",
};

/** Payloads of the first scales, and of all others. */
const PAYLOADS = ["#e69f00", "#f0b840", "#c98600", "#f5cd78", "#a86f00"];

function colours({ entries }: Ledger): string[] {
  let payloads = 0;
  return entries.map(({ name }) => COLOURS[name] ?? PAYLOADS[payloads++ % PAYLOADS.length]!);
}

/** A bar of all bytes by purpose, and one beneath it that stands beside the data's. */
export function ledgerFigure(ledger: Ledger, raw: number): SVGSVGElement {
  const most = Math.max(raw, ledger.bytes), share = (bytes: number) => `${100 * bytes / most}%`;
  const figure = svgElement("svg", {
    class: "ledger",
    role: "img",
    width: "100%",
    height: 150,
    "aria-label": `Of ${counted(ledger.bytes, "byte")} of the program ${
      ledger.entries.map(({ name, bytes }) => `${name} ${number(bytes)}`).join(", ")
    }; the data as they are take ${counted(raw, "byte")}.`,
  });
  const say = (text: string, x: string | number, y: number, anchor = "start") =>
    figure.append(svgElement("text", { x, y, "text-anchor": anchor }, text));
  const bar = (x: string, y: number, width: string, height: number, fill: string, title: string) =>
    figure.append(svgElement("rect", { x, y, width, height, fill }, svgElement("title", {}, title)));
  say(`the program by purpose, ${counted(ledger.bytes, "byte")}`, 0, 13);
  const fills = colours(ledger);
  let at = 0;
  ledger.entries.forEach(({ name, bytes }, i) => {
    const of = (part: number) => `${100 * part / ledger.bytes}%`;
    if (bytes) bar(of(at), 20, of(bytes), 30, fills[i]!, `${name}: ${counted(bytes, "byte")}`);
    at += bytes;
  });
  say("data as they are, and the program (blue), in bytes", 0, 78);
  bar("0%", 85, share(raw), 12, "#999999", `data: ${counted(raw, "byte")}`);
  bar("0%", 101, share(ledger.bytes), 12, "#0072b2", `program: ${counted(ledger.bytes, "byte")}`);
  figure.append(svgElement("line", { x1: "0%", x2: "100%", y1: 119.5, y2: 119.5, class: "axis" }));
  for (const tick of ticks(most)) {
    const x = share(tick), right = tick / most > 0.9;
    figure.append(svgElement("line", { x1: x, x2: x, y1: 119.5, y2: 125, class: "axis" }));
    say(short(tick), x, 140, tick === 0 ? "start" : right ? "end" : "middle");
  }
  return figure;
}

/** A number at an axis: "20,000", "2.5M". */
function short(value: number): string {
  return value < 1e6 ? number(value) : value.toLocaleString("en", { notation: "compact" });
}

/** Round numbers from 0 on, up to six. */
function ticks(most: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(Math.max(10, most / 5)));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * unit).find((one) => most / one <= 5) ?? 10 * unit;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** Purpose, bytes, and their share of the file. */
export function ledgerTable(ledger: Ledger): HTMLTableElement {
  const fills = colours(ledger);
  const row = (name: string, bytes: number, fill?: string) => {
    const swatch = svgElement("svg", { width: 12, height: 12, "aria-hidden": "true" });
    if (fill) swatch.append(svgElement("rect", { width: 12, height: 12, fill }));
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, swatch, " ", name),
      element("td", {}, number(bytes)),
      element("td", {}, `${(100 * bytes / ledger.bytes).toFixed(1)} %`),
    );
  };
  return element(
    "table",
    { class: "numbers ledger" },
    element("caption", {}, "Ledger: where the bytes of the file go"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["purpose", "bytes", "share"].map((head) => element("th", { scope: "col" }, head)),
      ),
    ),
    element("tbody", {}, ...ledger.entries.map(({ name, bytes }, i) => row(name, bytes, fills[i]))),
    element("tfoot", {}, row("the file", ledger.bytes)),
  );
}
