/** Figures of counts: horizontal bars made of parts. */
import { axis, type Figure, layoutOf } from "./figure.ts";

/** Pixels: the height of one bar with its gap. */
const BAR = 28;

/** A part of every bar, with a colour of its own. */
export interface Part {
  readonly name: string;
  readonly colour: string;
  /** One number a bar. */
  readonly values: readonly number[];
}

/** A bar a label, in the order given, its parts from left to right with their numbers inside. */
export function stackedBars(
  { title, labels, parts, unit }: {
    readonly title: string;
    readonly labels: readonly string[];
    readonly parts: readonly Part[];
    readonly unit: string;
  },
): Figure {
  const layout = layoutOf(title, 1, {
    xaxis: { ...axis(unit), rangemode: "tozero", nticks: 8 },
    yaxis: { ...axis(""), autorange: "reversed", ticks: "", showgrid: false, ticksuffix: "\u2002" },
    ...{ barmode: "stack", bargap: 0.3, showlegend: true },
  });
  return {
    data: parts.map(({ name, colour, values }) => ({
      ...{ type: "bar", orientation: "h", name, x: [...values], y: [...labels] },
      ...{ text: values.map((value) => value ? String(value) : ""), textposition: "inside" },
      ...{ insidetextanchor: "middle", textangle: 0, insidetextfont: { color: "#FFFFFF" } },
      marker: { color: colour, line: { color: "#FFFFFF", width: 1 } },
    })),
    layout: { ...layout, height: BAR * labels.length + layout.margin!.t! + layout.margin!.b! },
  };
}
