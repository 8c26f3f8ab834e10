/** A figure of repeated measurements: every point is shown, one strip a case. */
import type { Interval } from "../measure/interval.ts";
import { checkOptions, FUNCTION, listOf, object, required, TEXT } from "../../../lib/options.ts";
import { SYMBOLS } from "./curves.ts";
import { axis, type Figure, layoutOf, SERIES, type Trace } from "./figure.ts";

/** Cases that share an axis. */
export interface Panel {
  /** The axis: the quantity with its unit. */
  readonly title: string;
  /** The strips, from top to bottom. */
  readonly rows: readonly {
    /** Name of the case. */
    readonly label: string;
    /** One value a series. */
    readonly values: readonly number[];
  }[];
}

/** Heights in pixels: of a strip, and of a panel's axis with its title and the gap below. */
const STRIP = 38, AXIS = 62;

/** Where the first and the last series and the mean lie in a strip, as shares of its height from its middle line. */
const FIRST = -0.3, LAST = 0.08, MEAN = 0.25;

/**
 * Panels below each other, each with an axis of its own. A point is a value; the series (the seeds) differ in colour,
 * shape and height within the strip, so that equal values do not hide each other. A bar below them spans `interval` of
 * the values around their mean.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ label: "with", values: [10, 12, 11] }, { label: "without", values: [15, 14, 16] }];
 * const figure = figures.strips({
 *   title: "With and without",
 *   panels: [{ title: "size (kB)", rows }],
 *   series: ["seed 1", "seed 2", "seed 3"],
 *   interval: lab.intervalOf,
 *   intervalName: lab.intervalName(3),
 * });
 * assertEquals(figure.data.length, 4); // three seeds and the mean
 * ```
 */
export function strips(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** From top to bottom. */
  readonly panels: readonly Panel[];
  /** Names of the series, for the legend. */
  readonly series: readonly string[];
  /** Of a strip's values. */
  readonly interval: (values: readonly number[]) => Interval;
  /** What it is, for the legend. */
  readonly intervalName: string;
}): Figure {
  checkOptions("strips", figure, {
    title: required(TEXT),
    panels: required(listOf("panels, each with title and rows", object("", "title", "rows"))),
    series: required(listOf("names", TEXT)),
    interval: required(FUNCTION),
    intervalName: required(TEXT),
  });
  const { title, panels, series, interval, intervalName } = figure;
  const plot = panels.reduce((sum, { rows }) => sum + STRIP * rows.length, AXIS * (panels.length - 1));
  const data: Trace[] = [], axes: Record<string, unknown> = {};
  let top = 0;
  panels.forEach((panel, p) => {
    const id = p ? String(p + 1) : "", height = STRIP * panel.rows.length, last = panel.rows.length - 1;
    axes[`xaxis${id}`] = {
      ...axis(panel.title),
      anchor: `y${id}`,
      tickformat: ",~r",
      nticks: 6,
      showline: true,
    };
    axes[`yaxis${id}`] = {
      ...axis(""),
      anchor: `x${id}`,
      ticks: "",
      range: [last + 0.5, -0.5],
      tickvals: panel.rows.map((_, i) => i),
      ticktext: panel.rows.map(({ label }) => `${label}\u2002`),
      domain: [Math.max(0, 1 - (top + height) / plot), 1 - top / plot],
    };
    top += height + AXIS;
    const on = {
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      type: "scatter",
      mode: "markers",
      showlegend: p === 0,
    } as const;
    series.forEach((name, s) => {
      const shift = FIRST + (LAST - FIRST) * s / Math.max(1, series.length - 1);
      data.push({
        ...on,
        name,
        legendgroup: name,
        x: panel.rows.map(({ values }) => values[s]!),
        y: panel.rows.map((_, i) => i + shift),
        marker: { color: SERIES[s % SERIES.length]!, symbol: SYMBOLS[s % SYMBOLS.length]!, size: 8 },
      });
    });
    const means = panel.rows.map(({ values }) => interval(values));
    data.push({
      ...on,
      name: intervalName,
      legendgroup: "mean",
      x: means.map(({ mean }) => mean),
      y: panel.rows.map((_, i) => i + MEAN),
      marker: { color: "#222222", symbol: "line-ns-open", size: 8, line: { color: "#222222", width: 2 } },
      error_x: {
        type: "data",
        array: means.map(({ half }) => half ?? 0),
        color: "#222222",
        thickness: 1.2,
        width: 3,
      },
    });
  });
  const layout = layoutOf(title, 3, { ...axes, showlegend: true });
  return { data, layout: { ...layout, height: plot + layout.margin!.t! + layout.margin!.b! } };
}
