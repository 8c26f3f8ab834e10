/** Figures of wholes and their parts: one horizontal bar a whole, its parts in a row. */
import { checkOptions, listOf, object, required, TEXT } from "../../../lib/options.ts";
import { axis, type Figure, grouped, layoutOf, legendLines, SERIES } from "./figure.ts";

/** Pixels: the height of one bar with its gap. */
const BAR = 30;

/** Larger numbers would not fit into their part of a bar: the sum then stands beside the bar's name. */
const INSIDE = 999;

/** A part of every bar; its colour is the same from bar to bar. */
export interface Part {
  /** For the legend. */
  readonly name: string;
  /** As CSS writes it; the next of the palette by default. */
  readonly colour?: string;
  /** One number a bar. */
  readonly values: readonly number[];
}

/**
 * A bar a label, in the order given, its parts from left to right.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const parts = [{ name: "weights", values: [3, 4] }, { name: "payload", values: [605, 289] }];
 * const figure = figures.stackedBars({ title: "Parts", labels: ["S1", "S3"], parts, unit: "size (kB)" });
 * assertEquals(figure.data.length, 2);
 * ```
 */
export function stackedBars(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** Names of the bars, from top to bottom. */
  readonly labels: readonly string[];
  /** From left to right. */
  readonly parts: readonly Part[];
  /** Name of the axis, with the unit. */
  readonly unit: string;
}): Figure {
  checkOptions("stackedBars", figure, {
    title: required(TEXT),
    labels: required(listOf("names", TEXT)),
    parts: required(listOf("parts, each with name and values", object("", "name", "values"))),
    unit: required(TEXT),
  });
  const { title, labels, parts, unit } = figure;
  const sums = labels.map((_, i) => parts.reduce((sum, { values }) => sum + values[i]!, 0));
  const inside = Math.max(...sums) <= INSIDE;
  const names = labels.map((label, i) => inside ? label : `${label}\u2002${grouped(sums[i]!)}`);
  const layout = layoutOf(title, legendLines(parts.map(({ name }) => name)), {
    xaxis: { ...axis(unit), rangemode: "tozero", nticks: 8, tickformat: inside ? ",d" : ",~s" },
    yaxis: { ...axis(""), autorange: "reversed", ticks: "", showgrid: false, ticksuffix: "\u2002" },
    barmode: "stack",
    bargap: 0.3,
    showlegend: true,
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1.01, yanchor: "bottom", traceorder: "normal" },
  });
  return {
    data: parts.map(({ name, colour, values }, i) => ({
      type: "bar",
      orientation: "h",
      name,
      x: [...values],
      y: names,
      ...(inside
        ? {
          text: values.map((value) => value ? String(value) : ""),
          textposition: "inside" as const,
          insidetextanchor: "middle" as const,
          textangle: 0,
          insidetextfont: { color: "#FFFFFF" },
        }
        : {}),
      marker: { color: colour ?? SERIES[i % SERIES.length]!, line: { color: "#FFFFFF", width: 1 } },
      hovertemplate: `${name}: %{x:,}<extra></extra>`,
    })),
    layout: { ...layout, height: BAR * labels.length + layout.margin!.t! + layout.margin!.b! },
  };
}
