/** Figures of distributions: how often which values occur. */
import { checkOptions, listOf, object, required, TEXT } from "../../../lib/options.ts";
import { axis, type Figure, grouped, layoutOf, SERIES } from "./figure.ts";

/** Values that belong together. */
export interface Sample {
  /** For the legend. */
  readonly name: string;
  /** At least one. */
  readonly values: ArrayLike<number>;
}

const BINS = 40;

/**
 * The value that half of them do not reach; of an even number, the mean of the two in the middle. NaN of none.
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(figures.median([5, 1, 2, 9]), 3.5);
 * ```
 */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Outlines of histograms over one another, as shares of each sample; the legend gives their medians.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = [{ name: "data", values: [4.1, 4.4, 5.2] }, { name: "drawn", values: [4.6, 5.1, 5.3] }];
 * const figure = figures.distributions({ title: "Costs", x: "cost (kbit)", unit: "kbit", samples });
 * assertEquals(figure.data.length, 2);
 * ```
 */
export function distributions(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** Name of the axis, with the unit. */
  readonly x: string;
  /** Of the medians in the legend. */
  readonly unit: string;
  /** In the order of the legend. */
  readonly samples: readonly Sample[];
  /** What has values; images by default. */
  readonly of?: string;
}): Figure {
  checkOptions("distributions", figure, {
    title: required(TEXT),
    x: required(TEXT),
    unit: required(TEXT),
    samples: required(listOf("samples, each with name and values", object("", "name", "values"))),
    of: TEXT,
  });
  const { title, x, unit, samples, of = "images" } = figure;
  const every = samples.flatMap(({ values }) => Array.from(values));
  const least = every.reduce((a, b) => Math.min(a, b), Infinity);
  const step = (every.reduce((a, b) => Math.max(a, b), -Infinity) - least) / BINS || 1;
  return {
    data: samples.map(({ name, values }, i) => {
      const shares = new Array<number>(BINS + 2).fill(0); // an empty bin on either side
      for (const value of Array.from(values)) {
        shares[1 + Math.min(BINS - 1, Math.floor((value - least) / step))]! += 100 / values.length;
      }
      const color = SERIES[i % SERIES.length]!;
      return {
        type: "scatter",
        mode: "lines",
        name: `${name}: median ${grouped(median(values))} ${unit}`,
        x: shares.map((_, bin) => least + (bin - 0.5) * step),
        y: shares,
        fill: "tozeroy",
        fillcolor: `${color}30`,
        line: { color, width: 2, shape: "hvh" },
      };
    }),
    layout: layoutOf(title, samples.length, {
      xaxis: { ...axis(x), tickformat: ",d", nticks: 8, showline: true },
      yaxis: { ...axis(`share of ${of} (%)`, true), rangemode: "tozero" },
      showlegend: true,
      legend: { orientation: "v", x: 0, xanchor: "left", y: 1.01, yanchor: "bottom" },
    }),
  };
}
