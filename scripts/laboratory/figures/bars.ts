/** Figures of sizes: bars of bytes or of bits a symbol that are compared, and the steps from one size to another. */
import { checkOptions, listOf, object, required, TEXT } from "../../../lib/options.ts";
import {
  axis,
  type Figure,
  grouped,
  layoutOf,
  MUTED,
  PALETTE,
  type Reference,
  REFERENCES,
  verticalReferences,
} from "./figure.ts";

/** Pixels: the height of one bar with its gap. */
const BAR = 28;

/** Room to the right of the longest bar, as a factor. */
const ROOM = 1.04;

/** One bar. */
export interface Size {
  readonly label: string;
  readonly bytes: number;
  /** Drawn in the colour of our own results. */
  readonly ours?: boolean;
}

/**
 * A horizontal bar a size, the smallest on top, our own in colour. The references (the raw size, the best baseline) are
 * lines through all bars.
 */
export function sizeBars(figure: {
  readonly title: string;
  readonly sizes: readonly Size[];
  readonly references: readonly Reference[];
}): Figure {
  checkOptions("sizeBars", figure, {
    title: required(TEXT),
    sizes: required(listOf("sizes, each with label and bytes", object("", "label", "bytes"))),
    references: required(REFERENCES),
  });
  const { title, sizes, references } = figure;
  const sorted = [...sizes].sort((a, b) => a.bytes - b.bytes);
  return horizontal({ title, references, largest: Math.max(...sorted.map(({ bytes }) => bytes)) }, {
    type: "bar",
    orientation: "h",
    y: sorted.map(({ label, bytes }) => named(label, grouped(bytes))),
    x: sorted.map(({ bytes }) => bytes),
    marker: { color: sorted.map(({ ours }) => ours ? PALETTE.blue : MUTED) },
    hovertemplate: "%{y} bytes<extra></extra>",
  });
}

/** A step of a waterfall, in bytes. */
export interface Step {
  readonly label: string;
  /** A total stands on the axis; a change starts where the step before ended; a part is taken off the total. */
  readonly kind: "total" | "change" | "part";
  /** Negative for a change that saves. */
  readonly bytes: number;
}

/** How a step is written: only changes carry a sign. */
const written = ({ kind, bytes }: Step) => (kind === "change" && bytes > 0 ? "+" : "") + grouped(bytes);

/** A waterfall from top to bottom: totals stand on the axis, changes and parts hang between them. */
export function waterfall(figure: {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly references?: readonly Reference[];
}): Figure {
  checkOptions("waterfall", figure, {
    title: required(TEXT),
    steps: required(listOf("steps, each with label, kind and bytes", object("", "label", "kind", "bytes"))),
    references: REFERENCES,
  });
  const { title, steps, references = [] } = figure;
  const moves = steps.map(({ kind, bytes }) => kind === "part" ? -bytes : bytes);
  let reached = 0;
  const levels = steps.map(({ kind }, i) => reached = kind === "total" ? moves[i]! : reached + moves[i]!);
  return horizontal({ title, references, largest: Math.max(...levels) }, {
    type: "waterfall",
    orientation: "h",
    y: steps.map((step) => named(step.label, written(step))),
    x: moves,
    measure: steps.map(({ kind }) => kind === "total" ? "absolute" : "relative"),
    totals: { marker: { color: PALETTE.blue } },
    decreasing: { marker: { color: PALETTE.green } },
    increasing: { marker: { color: PALETTE.vermilion } },
    connector: { line: { color: MUTED, width: 1 } },
    hovertemplate: "%{y} bytes<extra></extra>",
  });
}

/**
 * The steps of a ledger: the raw size, what the program saves, and the parts of the program, which add up to its size.
 */
export function ledgerSteps(
  raw: number,
  parts: readonly { readonly name: string; readonly bytes: number }[],
): Step[] {
  const program = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    { kind: "total", label: "raw data", bytes: raw },
    { kind: "change", label: program > raw ? "added" : "saved", bytes: program - raw },
    { kind: "total", label: "program", bytes: program },
    ...parts.map(({ name, bytes }) => ({ kind: "part" as const, label: `of which ${name}`, bytes })),
  ];
}

/** A bar's name, with its number: beside the bar it would run into the reference lines. */
const named = (label: string, number: string) => `${label}\u2002${number}`;

/** One bar of a rate. */
export interface Rate {
  /** Bars of one group stand together, below its name. */
  readonly group: string;
  readonly label: string;
  /** Bits a symbol. */
  readonly rate: number;
  /** Our own result, another codec's, or a bound that nothing can be below. */
  readonly kind: "ours" | "other" | "bound";
}

const KINDS = { ours: PALETTE.blue, other: MUTED, bound: PALETTE.orange } as const;

/** Horizontal bars of bits a symbol in the order given, group after group. */
export function rateBars(figure: {
  readonly title: string;
  readonly rates: readonly Rate[];
  readonly references?: readonly Reference[];
}): Figure {
  checkOptions("rateBars", figure, {
    title: required(TEXT),
    rates: required(
      listOf("rates, each with group, label, rate and kind", object("", "group", "label", "rate", "kind")),
    ),
    references: REFERENCES,
  });
  const { title, rates, references = [] } = figure;
  const bars = [...Map.groupBy(rates, ({ group }) => group)].flatMap(([group, members], i) => [
    { name: `${group}:`, rate: 0, color: MUTED },
    ...members.map(({ label, rate, kind }) => ({
      name: named(label, rate.toFixed(3)) + "\u200b".repeat(i), // categories have to differ
      ...{ rate, color: KINDS[kind] },
    })),
  ]);
  const largest = Math.max(...bars.map(({ rate }) => rate));
  return horizontal(
    { title, references, largest, unit: { title: "rate (bits/symbol)", tickformat: ",~r" } },
    {
      type: "bar",
      orientation: "h",
      y: bars.map(({ name }) => name),
      x: bars.map(({ rate }) => rate),
      marker: { color: bars.map(({ color }) => color) },
      hovertemplate: "%{y} bits/symbol<extra></extra>",
    },
  );
}

const BYTES = { title: "size (bytes)", tickformat: ",d" };

/** One trace of horizontal bars, the first bar on top. */
function horizontal(
  { title, references, largest, unit = BYTES }: {
    readonly title: string;
    readonly references: readonly Reference[];
    readonly largest: number;
    readonly unit?: { readonly title: string; readonly tickformat: string };
  },
  trace: Figure["data"][number] & { readonly y: readonly string[] },
): Figure {
  const plotHeight = BAR * trace.y.length;
  const range = ROOM * Math.max(largest, ...references.map(({ value }) => value));
  const layout = layoutOf(title, references.length, {
    xaxis: { ...axis(unit.title), range: [0, range], tickformat: unit.tickformat, nticks: 6 },
    yaxis: { ...axis(""), autorange: "reversed", ticks: "", showgrid: false },
    shapes: verticalReferences(references, range, plotHeight),
    bargap: 0.3,
  });
  return { data: [trace], layout: { ...layout, height: plotHeight + layout.margin!.t! + layout.margin!.b! } };
}
