/**
 * Sizes of SVG elements. jsdom has no layout, and plotly.js asks where its labels end: this module answers from the
 * attributes that plotly.js itself writes (texts, lines of texts, rectangles, groups, transforms).
 */
import type { Typeface } from "./text.ts";

/** Of an element, what is used here: this is read outside of a browser, where no types of a document are. */
export interface SvgElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>;
  readonly children: Iterable<SvgElement>;
  readonly parentElement: SvgElement | null;
  hasAttribute(name: string): boolean;
  getAttribute(name: string): string | null;
  querySelectorAll(selectors: string): Iterable<SvgElement>;
}

/** A rectangle in the coordinates of the element's parent, in pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** (x, y) → (a x + c y + e, b x + d y + f) */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The box that holds an element, as `getBBox` and `getBoundingClientRect` give it. */
export function boundingBox(element: SvgElement, face: Typeface) {
  const box = boxOf(element, face) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  return { ...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** Length of a text on one line, pixels. */
export function textLength(element: SvgElement, face: Typeface): number {
  let length = 0;
  for (const child of element.childNodes) {
    if (child.nodeType === 3) length += face.width(child.textContent ?? "", fontSize(element));
    else if (child.nodeType === 1) length += textLength(child as SvgElement, face);
  }
  return length;
}

function boxOf(element: SvgElement, face: Typeface): Box | undefined {
  const box = ownBox(element, face), transform = element.getAttribute("transform");
  return box && transform ? moved(box, transform) : box;
}

function ownBox(element: SvgElement, face: Typeface): Box | undefined {
  switch (element.localName) {
    case "text":
      return textBox(element, face);
    case "rect":
    case "image":
      return rectangle(element);
    case "svg":
    case "g":
      return union([...element.children].map((child) => boxOf(child, face)));
    default: // paths are never measured
      return undefined;
  }
}

const numeric = (element: SvgElement, name: string) =>
  Number.parseFloat(element.getAttribute(name) ?? "") || 0;

function rectangle(element: SvgElement): Box {
  const left = numeric(element, "x"), top = numeric(element, "y");
  return { left, top, right: left + numeric(element, "width"), bottom: top + numeric(element, "height") };
}

/** The lines of a text (`tspan.line`, each set lower by its `dy` in em), or its only line. */
function textBox(text: SvgElement, face: Typeface): Box | undefined {
  const lines = [...text.querySelectorAll("tspan.line")];
  return union((lines.length ? lines : [text]).map((line) => {
    const size = fontSize(line), width = textLength(line, face);
    const share = { middle: 0.5, end: 1 }[inherited(text, "text-anchor") ?? ""] ?? 0;
    const left = numeric(line.hasAttribute("x") ? line : text, "x") - share * width;
    const base = numeric(line.hasAttribute("y") ? line : text, "y") + numeric(line, "dy") * size;
    return { left, right: left + width, top: base - face.ascent * size, bottom: base + face.descent * size };
  }));
}

/** A property of the element or of the nearest ancestor that sets it, from its style or its attribute. */
function inherited(element: SvgElement | null, name: string): string | undefined {
  for (let at = element; at; at = at.parentElement) {
    const style = new RegExp(`(?:^|;)\\s*${name}:\\s*([^;]+)`).exec(at.getAttribute("style") ?? "")?.[1];
    const value = style ?? at.getAttribute(name);
    if (value) return value.trim();
  }
}

function fontSize(element: SvgElement): number {
  const size = inherited(element, "font-size") ?? "12";
  const value = Number.parseFloat(size);
  return size.endsWith("%") ? value / 100 * fontSize(element.parentElement!) : value;
}

function union(boxes: readonly (Box | undefined)[]): Box | undefined {
  return boxes.reduce((all, box) =>
    all && box
      ? {
        left: Math.min(all.left, box.left),
        top: Math.min(all.top, box.top),
        right: Math.max(all.right, box.right),
        bottom: Math.max(all.bottom, box.bottom),
      }
      : all ?? box, undefined);
}

/** The box of a box that was translated, rotated and scaled. */
function moved(box: Box, transform: string): Box {
  const [a, b, c, d, e, f] = matrixOf(transform);
  const corners = [box.left, box.right].flatMap((x) =>
    [box.top, box.bottom].map((y) => ({ x: a * x + c * y + e, y: b * x + d * y + f }))
  );
  const xs = corners.map(({ x }) => x), ys = corners.map(({ y }) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function matrixOf(transform: string): Matrix {
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  for (const [, name, list] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [p = 0, q, r] = list!.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix = times(matrix, [1, 0, 0, 1, p, q ?? 0]);
    if (name === "scale") matrix = times(matrix, [p, 0, 0, q ?? p, 0, 0]);
    if (name === "rotate") {
      const cos = Math.cos(p * Math.PI / 180), sin = Math.sin(p * Math.PI / 180), x = q ?? 0, y = r ?? 0;
      matrix = times(matrix, [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y]);
    }
  }
  return matrix;
}

function times([a, b, c, d, e, f]: Matrix, [p, q, r, s, t, u]: Matrix): Matrix {
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}
