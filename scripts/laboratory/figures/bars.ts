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
  /** Name of the bar. */
  readonly label: string;
  /** Its length. */
  readonly bytes: number;
  /** Drawn in the colour of our own results; false by default. */
  readonly ours?: boolean;
}

/**
 * A horizontal bar a size, the smallest on top, our own in colour. The references (the raw size, the best baseline) are
 * lines through all bars.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = figures.sizeBars({
 *   title: "S1, 1000 images",
 *   sizes: [{ label: "xz", bytes: 785_324 }, { label: "MDLab", bytes: 613_020, ours: true }],
 *   references: [{ label: "raw", value: 1_024_000 }],
 * });
 * assertEquals(figure.data.length, 1);
 * ```
 */
export function sizeBars(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** The bars, in any order. */
  readonly sizes: readonly Size[];
  /** Lines to read it against, such as the raw size and the best baseline. */
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
  /** Name of the bar. */
  readonly label: string;
  /** A total stands on the axis; a change starts where the step before ended; a part is taken off the total. */
  readonly kind: "total" | "change" | "part";
  /** Negative for a change that saves. */
  readonly bytes: number;
}

/** A bar with an outline of its own colour: however small, it can be seen. */
const visible = (color: string) => ({ color, line: { color, width: 1.5 } });

/** How a step is written: only changes carry a sign. */
const written = ({ kind, bytes }: Step) => (kind === "change" && bytes > 0 ? "+" : "") + grouped(bytes);

/**
 * A waterfall from top to bottom: totals stand on the axis, changes and parts hang between them.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const parts = [{ name: "payload", bytes: 605_000 }, { name: "weights", bytes: 3_592 }];
 * const steps = figures.ledgerSteps(1_024_000, parts);
 * assertEquals(figures.waterfall({ title: "Where the bytes go", steps }).data[0]?.type, "waterfall");
 * ```
 */
export function waterfall(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** From top to bottom. */
  readonly steps: readonly Step[];
  /** Lines to read it against, such as the raw size and the best baseline; none by default. */
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
    totals: { marker: visible(PALETTE.blue) },
    decreasing: { marker: visible(PALETTE.green) },
    increasing: { marker: visible(PALETTE.vermilion) },
    connector: { line: { color: MUTED, width: 1 } },
    hovertemplate: "%{y} bytes<extra></extra>",
  });
}

/** Parts below this share of the raw size are one step: their bars would be thinner than a pixel. */
const SMALL = 0.002;

/**
 * The steps of a ledger: the raw size, what the program saves, and the parts of the program, which add up to its size;
 * what is below 0.2 % of the raw size is taken together.
 *
 * @param raw Bytes of the raw data.
 * @param parts Entries of the ledger.
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const [raw, saved, program] = figures.ledgerSteps(1000, [{ name: "payload", bytes: 600 }]);
 * assertEquals([raw!.bytes, saved!.bytes, program!.bytes], [1000, -400, 600]);
 * ```
 */
export function ledgerSteps(
  raw: number,
  parts: readonly { readonly name: string; readonly bytes: number }[],
): Step[] {
  const program = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const small = parts.filter(({ bytes }) => bytes < SMALL * raw), rest = small.length > 1 ? small : [];
  const shown = parts.filter((part) => !rest.includes(part)).concat(
    rest.length
      ? [{ name: `${rest.length} small entries`, bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0) }]
      : [],
  );
  return [
    { kind: "total", label: "raw data", bytes: raw },
    { kind: "change", label: program > raw ? "added" : "saved", bytes: program - raw },
    { kind: "total", label: "program", bytes: program },
    ...shown.map(({ name, bytes }) => ({ kind: "part" as const, label: `of which ${name}`, bytes })),
  ];
}

/** A bar's name, with its number: beside the bar it would run into the reference lines. */
const named = (label: string, number: string) => `${label}:\u2002${number}`;

/** One bar of a rate. */
export interface Rate {
  /** Bars of one group stand together, below its name. */
  readonly group: string;
  /** Name of the bar. */
  readonly label: string;
  /** Bits a symbol. */
  readonly rate: number;
  /** Our own result, another codec's, or a bound that nothing can be below. */
  readonly kind: "ours" | "other" | "bound";
}

const KINDS = { ours: PALETTE.blue, other: MUTED, bound: PALETTE.orange } as const;

/**
 * Horizontal bars of bits a symbol in the order given, group after group.
 *
 * @throws {MdlError} `usage` for an option that is no such thing
 *
 * @example
 * ```ts
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assertEquals } from "@std/assert";
 *
 * const rates = [
 *   { group: "scenes", label: "least possible", rate: 0.0625, kind: "bound" },
 *   { group: "scenes", label: "MDLab", rate: 0.43, kind: "ours" },
 * ] as const;
 * assertEquals(figures.rateBars({ title: "Rates", rates }).data.length, 1);
 * ```
 */
export function rateBars(figure: {
  /** What the figure shows. */
  readonly title: string;
  /** From top to bottom. */
  readonly rates: readonly Rate[];
  /** Lines to read it against, such as the raw size and the best baseline; none by default. */
  readonly references?: readonly Reference[];
  /** What takes the bits; a symbol by default. */
  readonly unit?: string;
}): Figure {
  checkOptions("rateBars", figure, {
    title: required(TEXT),
    rates: required(
      listOf("rates, each with group, label, rate and kind", object("", "group", "label", "rate", "kind")),
    ),
    references: REFERENCES,
    unit: TEXT,
  });
  const { title, rates, references = [], unit = "symbol" } = figure;
  const bars = [...Map.groupBy(rates, ({ group }) => group)].flatMap(([group, members], i) => [
    { name: `${group}:`, rate: 0, color: MUTED },
    ...members.map(({ label, rate, kind }) => ({
      name: named(label, rate.toFixed(3)) + "\u200b".repeat(i), // categories have to differ
      rate,
      color: KINDS[kind],
    })),
  ]);
  const largest = Math.max(...bars.map(({ rate }) => rate));
  return horizontal(
    { title, references, largest, unit: { title: `rate (bits/${unit})`, tickformat: ",~r" } },
    {
      type: "bar",
      orientation: "h",
      y: bars.map(({ name }) => name),
      x: bars.map(({ rate }) => rate),
      marker: { color: bars.map(({ color }) => color) },
      hovertemplate: `%{y} bits/${unit}<extra></extra>`,
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
