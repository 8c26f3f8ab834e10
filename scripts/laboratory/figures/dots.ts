/** A figure of quantities by case: one line a case, one shape a quantity, so that cases of many sizes compare. */
import { checkOptions, listOf, object, required, TEXT } from "../../../lib/options.ts";
import { axis, type Figure, layoutOf, legendLines, MUTED, PALETTE, SERIES } from "./figure.ts";

/** Height of a line in pixels; of the line of names above the plot. */
const LINE = 22;

const SYMBOLS = ["diamond", "circle", "square", "triangle-up", "cross", "x", "star", "pentagon"] as const;

/**
 * Points on a logarithmic axis. A case without a value in a series has no point there; a line joins its least and its
 * largest value. The first series is our own and stands out.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ label: "S1", values: [613, 664] }, { label: "S3", values: [295, null] }];
 * const figure = figures.dots({ title: "Sizes", x: "size (kB)", series: ["MDLab", "JPEG XL"], rows });
 * assertEquals(figure.layout.xaxis?.type, "log");
 * ```
 */
export function dots(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** The quantity with its unit. */
  readonly x: string;
  /** Names of the quantities, our own first. */
  readonly series: readonly string[];
  /** The cases, each with a value a series, null where it has none. */
  readonly rows: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}): Figure {
  checkOptions("dots", figure, {
    title: required(TEXT),
    x: required(TEXT),
    series: required(listOf("names", TEXT)),
    rows: required(listOf("rows, each with label and values", object("", "label", "values"))),
  });
  const { title, x, series, rows } = figure;
  const spans = rows.map(({ values }) => {
    const there = values.filter((value) => value !== null);
    return [Math.min(...there), Math.max(...there)] as const;
  });
  const least = Math.min(...spans.map(([from]) => from)), most = Math.max(...spans.map(([, to]) => to));
  const layout = layoutOf(title, legendLines(series), {
    xaxis: {
      ...axis(x),
      type: "log",
      tickformat: ",~r",
      showline: true,
      dtick: Math.log10(most / least) < 1.5 ? "D2" : 1,
      range: [Math.log10(least) - 0.1, Math.log10(most) + 0.1],
    },
    yaxis: {
      ...axis(""),
      ticks: "",
      range: [rows.length - 0.4, -0.6],
      showgrid: false,
      tickvals: rows.map((_, i) => i),
      ticktext: rows.map(({ label }) => `${label}\u2002`),
    },
    showlegend: true,
    shapes: spans.map(([from, to], i) => ({
      type: "line",
      layer: "below",
      x0: from,
      x1: to,
      y0: i,
      y1: i,
      line: { color: `${MUTED}80`, width: 1 },
    })),
  });
  return {
    data: series.map((name, s) => {
      const own = rows.flatMap(({ values }, i) => values[s] == null ? [] : [{ x: values[s]!, y: i }]);
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: own.map((point) => point.x),
        y: own.map((point) => point.y),
        marker: {
          symbol: SYMBOLS[s % SYMBOLS.length]!,
          size: s ? 8 : 11,
          color: s ? SERIES[(s + 1) % SERIES.length]! : PALETTE.blue,
        },
      };
    }),
    layout: { ...layout, height: LINE * rows.length + layout.margin!.t! + layout.margin!.b! },
  };
}
