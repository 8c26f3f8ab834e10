/** What a program says of itself. */
import { byteCount, itemCount } from "../../lib/items.ts";
import type { ImageShape } from "../../lib/image/shape.ts";
import { codedWith, type ModelSpec } from "../../lib/image/spec.ts";
import { printable } from "../../lib/printable.ts";
import type { ProgramInfo } from "../../lib/program/read.ts";
import { counted, element, number } from "./element.ts";

const MODES: Readonly<Record<string, string>> = {
  "stored": "stored: the data as they are",
  "two-part": "two-part: a model, then the data under it",
  "prequential": "prequential: a model that learns as it decodes",
};

/** Characters of a value that are shown. */
const LONGEST = 2000;

function said(value: unknown): string {
  const text = printable(typeof value === "string" ? value : JSON.stringify(value) ?? "");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** "1,000 images of 32×32 in gray". */
export function itemsSaid({ items }: Pick<ProgramInfo, "items">, shape?: ImageShape): string {
  if (!shape) return counted(itemCount(items), "file");
  const { channels, groups } = shape, colour = channels === 3 ? "in colour" : "in gray";
  const sizes = groups.slice(0, 3).map(({ count, width, height }) =>
    groups.length === 1 ? `${width}×${height}` : `${width}×${height} (${number(count)})`
  );
  return `${counted(itemCount(items), "image")} of ${sizes.join(", ")}${
    groups.length > 3 ? ", …" : ""
  } ${colour}`;
}

function list(pairs: readonly (readonly [string, string])[]): HTMLDListElement {
  return element(
    "dl",
    {},
    ...pairs.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", {}, text))),
  );
}

export function facts(info: ProgramInfo, fileBytes: number, shape?: ImageShape): HTMLElement {
  const { record, modality, mode, order, sha256, memoryBytes, items } = info,
    { dataset, seed, preset } = record;
  const raw = byteCount(items), share = raw ? ` (${(100 * fileBytes / raw).toFixed(1)} % of the data)` : "";
  const ways = shape ? codedWith({ ...record.model as ModelSpec }).join(", ") : "";
  return element(
    "div",
    {},
    list([
      ["data", `${modality}: ${itemsSaid(info, shape)}, ${counted(raw, "byte")}`],
      ["set", said(dataset)],
      ["program", `${counted(fileBytes, "byte")}${share}`],
      ["code", `${MODES[mode] ?? mode}${order === "pyramid" ? `, in ${info.scales} scales` : ""}`],
      ...(ways ? [["coded with", ways] as const] : []),
      ...(preset === undefined ? [] : [["preset", said(preset)] as const]),
      ...(seed === undefined ? [] : [["seed", said(seed)] as const]),
      ["memory", counted(memoryBytes, "byte")],
      ["data's SHA-256", sha256],
    ]),
    element(
      "details",
      {},
      element("summary", {}, "run record"),
      list(Object.entries(record).map(([field, value]) => [printable(field), said(value)])),
    ),
  );
}
