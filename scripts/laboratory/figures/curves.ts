/** Figures of numbers against numbers: lines, points, and values over a plane. */
import { MdlError } from "../../../lib/errors.ts";
import {
  checkOptions,
  type Kinds,
  listOf,
  NUMBERS,
  object,
  required,
  TEXT,
  whole,
} from "../../../lib/options.ts";
import { inBothLanguages } from "./axis_names.ts";
import {
  axis,
  type Figure,
  horizontalReferences,
  layoutOf,
  legendLines,
  MUTED,
  type Reference,
  REFERENCES,
  SERIES,
} from "./figure.ts";

/** Points that belong together. */
export interface Series {
  /** For the legend. */
  readonly name: string;
  /** One number a point. */
  readonly x: readonly number[];
  /** One number a point. */
  readonly y: readonly number[];
  /** What to write beside each point; nothing by default. */
  readonly labels?: readonly string[];
}

/** An axis: its name with the unit, and whether it is logarithmic. */
export interface Scale {
  /** Name of the axis, with the unit in brackets. */
  readonly title: string;
  /** False by default. */
  readonly log?: boolean;
  /** Of its numbers, as d3-format says it; thousands separators where left out. */
  readonly format?: string;
}

/** A figure with two axes. */
export interface Plot {
  /** What the figure shows. */
  readonly title: string;
  /** In the order of the legend. */
  readonly series: readonly Series[];
  /** The axis below. */
  readonly x: Scale;
  /** The axis at the left. */
  readonly y: Scale;
  /** Horizontal lines to read the plot against; none by default. */
  readonly references?: readonly Reference[];
}

/** Shapes tell series apart where colours do not. */
export const SYMBOLS = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "cross",
  "x",
  "star",
  "pentagon",
] as const;

const SCALE = object('a scale with its title, as { title: "size (bytes)" }', "title");

/** What a figure with two axes takes. */
export const PLANE: Kinds = {
  title: required(TEXT),
  series: required(listOf("series, each with name, x and y", object("", "name", "x", "y"))),
  x: required(SCALE),
  y: required(SCALE),
  references: REFERENCES,
};

/**
 * A line a series, with points where there are few.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const series = [{ name: "MDLab", x: [10, 100, 1000], y: [1069, 703, 618] }];
 * const x = { title: "images", log: true }, y = { title: "size (bytes/image)" };
 * assertEquals(figures.lines({ title: "The more, the shorter", series, x, y }).data.length, 1);
 * ```
 */
export function lines(plot: Plot): Figure {
  checkOptions("lines", plot, PLANE);
  return plane(plot, ({ x }) => x.length <= 32 ? "lines+markers" : "lines");
}

/**
 * Points without lines.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const series = [{ name: "MDLab", x: [10, 100, 1000], y: [1069, 703, 618] }];
 * const x = { title: "images", log: true }, y = { title: "size (bytes/image)" };
 * assertEquals(figures.scatter({ title: "The more, the shorter", series, x, y }).data.length, 1);
 * ```
 */
export function scatter(plot: Plot): Figure {
  checkOptions("scatter", plot, PLANE);
  return plane(plot, () => "markers");
}

function plane(
  { title, series, x, y, references = [] }: Plot,
  mode: (series: Series) => "lines" | "markers" | "lines+markers",
): Figure {
  const legend = series.length > 1;
  return {
    data: series.map((one, i) => ({
      type: "scatter",
      name: one.name,
      x: [...one.x],
      y: [...one.y],
      mode: one.labels ? `${mode(one)}+text` as "markers+text" : mode(one),
      ...(one.labels ? { text: [...one.labels], textposition: "top center", cliponaxis: false } : {}),
      line: { color: SERIES[i % SERIES.length]!, width: 2 },
      marker: { color: SERIES[i % SERIES.length]!, size: 7, symbol: SYMBOLS[i % SYMBOLS.length]! },
    })),
    layout: layoutOf(title, legend ? legendLines(series.map(({ name }) => name)) : 0, {
      xaxis: scaled(x, series.flatMap((one) => one.x)),
      yaxis: scaled(y, series.flatMap((one) => one.y), true),
      showlegend: legend,
      shapes: horizontalReferences(references, Math.max(...series.flatMap((one) => one.y))),
    }),
  };
}

/**
 * An axis for these values. A logarithmic one is labelled at powers of ten, and between them where it spans few;
 * numbers keep their thousands separators.
 */
export function scaled({ title, log, format = ",~r" }: Scale, values: readonly number[], upright = false) {
  const shared = { ...axis(title, upright), tickformat: format, showline: true };
  if (!log) return { ...shared, nticks: 8 };
  const shown = values.filter((v) => v > 0), decades = Math.log10(Math.max(...shown) / Math.min(...shown));
  const minor = { dtick: "D1", ticks: "outside" as const, ticklen: 3, tickcolor: MUTED };
  return { ...shared, type: "log" as const, dtick: decades < 1.5 ? "D2" : Math.ceil(decades / 8), minor };
}

/** Whole numbers to label along a side of that many cells: every 1, 2, 5, 10 … */
const tickStep = (cells: number) =>
  [1, 2, 5].flatMap((n) => [n, 10 * n, 100 * n, 1000 * n]).sort((a, b) => a - b).find((n) =>
    cells / n <= 8
  ) ?? cells;

/** Pixels that a map may take, its axes and colour bar aside. */
const MAP_WIDTH = 560, MAP_HEIGHT = 320;

/**
 * Values over a plane as colours, row 0 on top, with square cells; for instance the bits that each pixel costs.
 *
 * @throws {MdlError} `usage` when the number of values is not height × width, or for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const cost = { title: "What pixels cost", values: [1, 2, 3, 4, 5, 6], height: 2, width: 3, unit: "bits" };
 * assertEquals(figures.heatmap(cost).data[0]?.type, "heatmap");
 * ```
 */
export function heatmap(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** [height, width], row by row, in `unit`. */
  readonly values: ArrayLike<number>;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Beside the colours. */
  readonly unit: string;
  /** Name of the axis at the left. */
  readonly rows?: string;
  /** Name of the axis below. */
  readonly columns?: string;
  /** Numbers of the first row and column; 0 and 0 by default. */
  readonly first?: readonly [row: number, column: number];
}): Figure {
  checkOptions("heatmap", figure, {
    title: required(TEXT),
    values: required(NUMBERS),
    height: required(whole(1)),
    width: required(whole(1)),
    unit: required(TEXT),
    rows: TEXT,
    columns: TEXT,
    first: NUMBERS,
  });
  const {
    title,
    values,
    height,
    width,
    unit,
    rows = "row (pixels)",
    columns = "column (pixels)",
    first = [0, 0],
  } = figure;
  if (values.length !== height * width) {
    throw new MdlError(
      "usage",
      `A map of ${height}×${width} needs ${height * width} values, not ${values.length}.`,
    );
  }
  const row = (y: number) => Array.from({ length: width }, (_, x) => values[y * width + x]!);
  const plain = (title: string, upright = false) => ({
    ...axis(title, upright),
    showgrid: false,
    ticks: "" as const,
    constrain: "domain" as const,
    tick0: 0,
    dtick: tickStep(Math.max(height, width)),
  });
  const share = Math.min(1, MAP_HEIGHT / height * width / MAP_WIDTH);
  return {
    data: [{
      type: "heatmap",
      z: Array.from({ length: height }, (_, y) => row(y)),
      y0: first[0],
      dy: 1,
      x0: first[1],
      dx: 1,
      colorscale: "Viridis",
      colorbar: {
        x: share,
        xpad: 12,
        title: { text: inBothLanguages(unit), side: "right" },
        outlinecolor: MUTED,
        thickness: 16,
      },
      hovertemplate: `column %{x}, row %{y}: %{z:.3f} ${unit}<extra></extra>`,
    }],
    layout: layoutOf(title, 0, {
      xaxis: { ...plain(columns), domain: [0, share] },
      yaxis: { ...plain(rows, true), autorange: "reversed", scaleanchor: "x" },
    }),
  };
}
