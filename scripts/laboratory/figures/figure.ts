/**
 * A figure is plain plotly.js JSON. Its look is decided here, once: palette, fonts, margins, number formats and the
 * lines it is to be read against.
 */
import type { Data, Layout } from "plotly.js-dist-min";
import { listOf, object } from "../../../lib/options.ts";
import { inBothLanguages } from "./axis_names.ts";

/** One trace, as plotly.js takes it. */
export type Trace = Partial<Data>;

/** What plotly.js draws, and what a notebook keeps. */
export interface Figure {
  /** What is drawn. */
  readonly data: readonly Trace[];
  /** Axes, title, margins. */
  readonly layout: Partial<Layout>;
}

/** A value that a figure is read against, such as the raw size or the best baseline. */
export interface Reference {
  /** Beside the line. */
  readonly label: string;
  /** In the unit of the axis. */
  readonly value: number;
}

/** What figures take as their references. */
export const REFERENCES = listOf("references, each with label and value", object("", "label", "value"));

/** Okabe and Ito's eight colours, which remain distinct to colour-blind readers. */
export const PALETTE = {
  blue: "#0072B2",
  vermilion: "#D55E00",
  green: "#009E73",
  purple: "#CC79A7",
  sky: "#56B4E9",
  orange: "#E69F00",
  yellow: "#F0E442",
  black: "#000000",
} as const;

/** Colours of the first, second … series. */
export const SERIES: readonly string[] = Object.values(PALETTE);

export const MUTED = "#8C8C8C";
export const FONT = "DejaVu Sans";

/** Heights and widths in CSS pixels: figures are made for a column 700 pixels wide. */
export const WIDTH = 700;
const TITLE = 15, LINE = 20, TITLE_CHARACTERS = 74;

/** A number of bytes (or any whole number) with thousands separators; the minus sign is a real one. */
export function grouped(value: number): string {
  return (Math.round(value) + 0).toLocaleString("en").replace("-", "−");
}

/** Characters of a text; a Chinese one is as wide as two. */
const widthOf = (text: string) => [...text].reduce((sum, char) => sum + (char >= "\u2e80" ? 2 : 1), 0);

/** Breaks a title into lines that fit the column. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= TITLE_CHARACTERS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/**
 * The layout that all figures share, under `specific`.
 *
 * @param title In two languages "Costs · 代价" stands on two lines.
 * @param lines Text lines to leave room for between title and plot (a legend, labels of reference lines).
 */
export function layoutOf(title: string, lines: number, specific: Partial<Layout>): Partial<Layout> {
  const heading = title.split(" · ").flatMap(wrapped), top = 16 + LINE * heading.length + LINE * lines;
  return {
    title: {
      text: heading.join("<br>"),
      font: { size: TITLE },
      x: 0,
      xref: "container",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { l: 12, t: heading.length > 1 ? 24 : 12 }, // plotly.js lowers a title by its height if it has one line
    },
    width: WIDTH,
    height: 420,
    margin: { l: 20, r: 28, t: top + 8, b: 58 },
    font: { family: `${FONT}, Verdana, sans-serif`, size: 12, color: "#222222" },
    colorway: [...SERIES],
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    showlegend: false,
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1.01, yanchor: "bottom" },
    ...specific,
  };
}

/** Pixels: a name's symbol with its gap, a character of a name, and what names may take together. */
const ENTRY = 48, CHARACTER = 6.8, NAMES = 560;

/** Text lines that a horizontal legend of these names takes: plotly.js sets them in columns of one width. */
export function legendLines(names: readonly string[]): number {
  const width = ENTRY + CHARACTER * Math.max(...names.map(({ length }) => length));
  return Math.ceil(names.length / Math.max(1, Math.floor(NAMES / width)));
}

/** Characters that fit on one line beside an upright axis. */
const UPRIGHT = 40;

/**
 * What the axes of all figures share; `title` names the quantity and its unit, which is said in Chinese, too: on a line of
 * its own where an upright axis is too short for both.
 */
export function axis(title: string, upright = false) {
  const both = inBothLanguages(title), long = upright && widthOf(both) > UPRIGHT;
  return { ...AXIS, title: { text: long ? both.replace(" · ", "<br>") : both, standoff: 8 } };
}

const AXIS = {
  automargin: true,
  gridcolor: "#E5E5E5",
  linecolor: "#666666",
  ticks: "outside",
  tickcolor: "#666666",
  tickangle: 0,
  zeroline: false,
} as const;

const DASH = { dash: "dash", width: 1.5, color: "#444444" } as const;

/** Dashed vertical lines, labelled above the plot: one text line each, so that neighbours never overlap. */
export function verticalReferences(references: readonly Reference[], range: number, plotHeight: number) {
  return references.map(({ label, value }, i) => ({
    type: "line" as const,
    x0: value,
    x1: value,
    y0: 0,
    y1: 1 + (references.length - 1 - i) * LINE / plotHeight,
    yref: "paper" as const,
    line: DASH,
    label: {
      text: label,
      textposition: "end" as const,
      textangle: 0,
      xanchor: value > range / 2 ? "right" as const : "left" as const,
      yanchor: "bottom" as const,
      padding: 1,
    },
  }));
}

/** Dashed horizontal lines across the plot, labelled at their right end; below the line where it tops the data. */
export function horizontalReferences(references: readonly Reference[], largest: number) {
  return references.map(({ label, value }) => ({
    type: "line" as const,
    x0: 0,
    x1: 1,
    xref: "paper" as const,
    y0: value,
    y1: value,
    line: DASH,
    label: {
      text: label,
      textposition: "end" as const,
      xanchor: "right" as const,
      yanchor: value > largest ? "top" as const : "bottom" as const,
    },
  }));
}
