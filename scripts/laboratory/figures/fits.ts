/** Figures of points and of what was fitted to them: a curve each, with the band of its interval. */
import { checkOptions } from "../../../lib/options.ts";
import { PLANE, type Scale, scaled, type Series, SYMBOLS } from "./curves.ts";
import { type Figure, horizontalReferences, layoutOf, type Reference, SERIES, type Trace } from "./figure.ts";

/** A curve with its interval at each x. */
export interface Fitted {
  /** For the legend; left out of it where there is none. */
  readonly name?: string;
  /** Where the curve is known. */
  readonly x: readonly number[];
  /** Its height there. */
  readonly y: readonly number[];
  /** The interval's lower end. */
  readonly low: readonly number[];
  /** The interval's upper end. */
  readonly high: readonly number[];
}

/** Points of one colour and shape, and what was fitted to them. */
export interface Measured extends Series {
  /** Its curve; none by default. */
  readonly fit?: Fitted;
  /** Points that the fit did not see, by index: drawn open. */
  readonly heldOut?: readonly number[];
}

const HEIGHT = 540, PLOT = { width: 590, height: 400 }; // pixels, about: for where labels find room

/**
 * Points with their labels where there is room for them, fitted curves dashed, bands shaded.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const fit = { name: "a line", x: [1, 3], y: [2, 6], low: [1.8, 5.7], high: [2.2, 6.3] };
 * const series = [{ name: "measured", x: [1, 2, 3], y: [2.1, 3.9, 6], fit }];
 * const figure = figures.fits({ title: "A fit", series, x: { title: "x" }, y: { title: "y" } });
 * assertEquals(figure.data.at(-1)?.name, "measured");
 * ```
 */
export function fits(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** In the order of the legend. */
  readonly series: readonly Measured[];
  /** The axis below. */
  readonly x: Scale;
  /** The axis at the left. */
  readonly y: Scale;
  /** Horizontal lines to read it against; none by default. */
  readonly references?: readonly Reference[];
}): Figure {
  checkOptions("fits", figure, PLANE);
  const { title, series, x, y, references = [] } = figure;
  const curves = series.flatMap(({ fit }, i) => fit ? [{ ...fit, colour: SERIES[i % SERIES.length]! }] : []);
  const xs = [...series, ...curves].flatMap((one) => one.x);
  const ys = [...series, ...curves].flatMap((one) => one.y).concat(
    curves.flatMap(({ low, high }) => [...low, ...high]),
  );
  const labelled = series.flatMap((one, s) =>
    (one.labels ?? []).map((text, i) => ({ s, i, text, x: one.x[i]!, y: one.y[i]! }))
  );
  const down = (value: number) => PLOT.height * (1 - share(value, ys, y.log));
  const lines = references.flatMap(({ label, value }): Box[] => [
    {
      left: PLOT.width - WIDE * label.length,
      right: PLOT.width,
      top: down(value) - LINE,
      bottom: down(value),
    },
    { left: 0, right: PLOT.width, top: down(value) - 2, bottom: down(value) + 2 },
  ]);
  const points = labelled.map((label) => ({
    text: label.text,
    left: PLOT.width * share(label.x, xs, x.log),
    top: down(label.y),
  }));
  const places = placeLabels(points, lines);
  const placesOf = (s: number) => places.filter((_, i) => labelled[i]!.s === s);
  const names = series.length + curves.filter(({ name }) => name).length;
  return {
    data: [
      ...curves.flatMap(({ x, low, high, colour }): Trace[] => {
        const edge = {
          type: "scatter",
          mode: "lines",
          line: { width: 0 },
          showlegend: false,
        } as const;
        return [
          { ...edge, x: [...x], y: [...low], hoverinfo: "skip" },
          { ...edge, x: [...x], y: [...high], hoverinfo: "skip", fill: "tonexty", fillcolor: `${colour}26` },
        ];
      }),
      ...curves.map(({ name = "", x, y, colour }): Trace => ({
        type: "scatter",
        mode: "lines",
        name,
        showlegend: name !== "",
        x: [...x],
        y: [...y],
        line: { color: colour, width: 2, dash: "dash" },
      })),
      ...series.map((one, s): Trace => ({
        type: "scatter",
        name: one.name,
        x: [...one.x],
        y: [...one.y],
        cliponaxis: false,
        mode: one.labels ? "text+markers" : "markers",
        ...(one.labels ? { text: [...one.labels], textposition: placesOf(s), textfont: { size: 10 } } : {}),
        marker: {
          color: SERIES[s % SERIES.length]!,
          size: 8,
          symbol: one.x.map((_, i) => {
            const symbol = SYMBOLS[s % SYMBOLS.length]!;
            return one.heldOut?.includes(i) ? `${symbol}-open` as const : symbol;
          }),
        },
      })),
    ],
    layout: layoutOf(title, names > 1 ? Math.ceil(names / 3) : 0, {
      height: HEIGHT,
      xaxis: scaled(x, xs),
      yaxis: scaled(y, ys, true),
      showlegend: names > 1,
      shapes: horizontalReferences(references, Math.max(...ys)),
    }),
  };
}

/** Where a value lies between the least and the largest one, 0 to 1. */
function share(value: number, values: readonly number[], log = false): number {
  const at = (v: number) => log ? Math.log(v) : v;
  const low = at(Math.min(...values)), high = at(Math.max(...values));
  return (at(value) - low) / (high - low || 1);
}

const PLACES = [
  "top center",
  "bottom center",
  "middle right",
  "middle left",
  "top right",
  "bottom left",
  "top left",
  "bottom right",
] as const;
type PlaceName = typeof PLACES[number];

/** A label's size in pixels: of a character, of a line, and its distance from the point. */
const CHARACTER = 6.2, LINE = 12, GAP = 5;

/** Of a character of a reference line's label. */
const WIDE = 7;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How often labels make way for those that were placed after them. */
const SWEEPS = 4;

/** For each label the place about its point where it covers the least of points, other labels and `others`. */
function placeLabels(
  labels: readonly { readonly text: string; readonly left: number; readonly top: number }[],
  others: readonly Box[],
): PlaceName[] {
  const points = labels.map(({ left, top }) => ({
    left: left - 4,
    right: left + 4,
    top: top - 4,
    bottom: top + 4,
  }));
  const outside = (box: Box) => Math.max(0, -box.left) + Math.max(0, box.right - PLOT.width);
  const placed: { place: PlaceName; box: Box }[] = [];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const [own, { text, left, top }] of labels.entries()) {
      const taken = [points, others, placed.map(({ box }) => box)].map((boxes, kind) =>
        boxes.filter((_, i) => kind === 1 || i !== own)
      ).flat();
      const costs = PLACES.map((place) => {
        const box = boxOf(place, left, top, CHARACTER * text.length);
        return { place, box, cost: 100 * outside(box) + taken.reduce((sum, b) => sum + overlap(box, b), 0) };
      });
      placed[own] = costs.reduce((a, b) => b.cost < a.cost ? b : a);
    }
  }
  return placed.map(({ place }) => place);
}

function boxOf(place: PlaceName, left: number, top: number, width: number): Box {
  const [vertical, horizontal] = place.split(" ");
  const x = horizontal === "center"
    ? left - width / 2
    : horizontal === "right"
    ? left + GAP
    : left - GAP - width;
  const y = vertical === "middle" ? top - LINE / 2 : vertical === "top" ? top - GAP - LINE : top + GAP;
  return { left: x, right: x + width, top: y, bottom: y + LINE };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
