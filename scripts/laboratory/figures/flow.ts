/** The diagram of article section 2.4: a composed pipeline from the data to new data. */
import type { Pipeline } from "../../../lib/pipeline.ts";
import { type Figure, layoutOf, MUTED, PALETTE, WIDTH } from "./figure.ts";

/** Pixels: a box, the arrow below it, and where boxes begin and what is said of them stands. */
const BOX = { width: 170, height: 30 }, ARROW = 18, LEFT = 60, TEXT = 250, LINE_CHARACTERS = 62;

/** One box. */
interface Node {
  /** In English and as the article has it. */
  readonly name: string;
  readonly about: string;
  readonly active: boolean;
}

/**
 * A box for each stage, from top to bottom, with what it does beside it; dashed where it passes its input on. The loop
 * at the left, by which new data become data again, is drawn where the pipeline generates.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as figures from "@mdlab/mdlab/figures";
 * import { assert } from "@std/assert";
 *
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress());
 * assert(figures.flow("The chain", chain).layout.shapes!.length >= 4); // data and three stages
 * ```
 */
export function flow(title: string, { stages }: Pipeline<never, unknown>): Figure {
  const generates = stages.at(-1)?.name === "generate";
  const nodes: Node[] = [
    { name: "data 数据输入", about: "", active: true },
    ...stages.map(({ name, title, summary, section, active }) => ({
      name: `${name} ${title}`,
      about: `${section}: ${summary}`,
      active,
    })),
    ...(generates ? [{ name: "new data 新数据输入", about: "data again (2.4)", active: true }] : []),
  ];
  const step = BOX.height + ARROW, height = nodes.length * step - ARROW + 16;
  const middle = (i: number) => i * step + BOX.height / 2;
  const layout = layoutOf(title, 0, {});
  const hidden = { visible: false, fixedrange: true };
  const line = (points: readonly (readonly [x: number, y: number])[]) => ({
    type: "path" as const,
    path: points.map(([x, y], i) => `${i ? "L" : "M"}${x},${y}`).join(" "),
    line: { color: MUTED, width: 1.5 },
  });
  const head = (x: number, y: number, down: boolean) => ({
    type: "path" as const,
    path: down
      ? `M${x - 4},${y - 7} L${x + 4},${y - 7} L${x},${y} Z`
      : `M${x - 7},${y - 4} L${x - 7},${y + 4} L${x},${y} Z`,
    fillcolor: MUTED,
    line: { width: 0 },
  });
  const last = nodes.length - 1, turn = LEFT - 30, centre = LEFT + BOX.width / 2;
  return {
    data: [],
    layout: {
      ...layout,
      height: layout.margin!.t! + height,
      margin: { l: 12, r: 12, t: layout.margin!.t!, b: 0 },
      xaxis: { ...hidden, range: [0, WIDTH - 24] },
      yaxis: { ...hidden, range: [height, -2] },
      shapes: [
        ...nodes.map(({ active }, i) => ({
          type: "rect" as const,
          x0: LEFT,
          x1: LEFT + BOX.width,
          y0: i * step,
          y1: i * step + BOX.height,
          fillcolor: active ? "#EAF3FA" : "#FFFFFF",
          line: {
            color: active ? PALETTE.blue : MUTED,
            width: 1.5,
            dash: active ? "solid" as const : "dash" as const,
          },
        })),
        ...nodes.slice(1).flatMap((_, i) => [
          line([[centre, (i + 1) * step - ARROW], [centre, (i + 1) * step - 6]]),
          head(centre, (i + 1) * step, true),
        ]),
        ...(generates
          ? [
            line([[LEFT, middle(last)], [turn, middle(last)], [turn, middle(0)], [LEFT - 6, middle(0)]]),
            head(LEFT, middle(0), false),
          ]
          : []),
      ],
      annotations: [
        ...nodes.flatMap(({ name, about }, i) => [
          label(`${String.fromCharCode(65 + i)}  ${name}`, centre, middle(i), "center"),
          ...(about ? [label(shortened(about), TEXT, middle(i), "left")] : []),
        ]),
      ],
    },
  };
}

function label(text: string, x: number, y: number, xanchor: "left" | "center") {
  return {
    text,
    x,
    y,
    xanchor,
    yanchor: "middle" as const,
    align: "left" as const,
    showarrow: false,
    font: { size: 11 },
  };
}

/** Two lines at most; what does not fit is cut off and marked. */
function shortened(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1)!.length + word.length >= LINE_CHARACTERS) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines.length > 2 ? `${lines[0]}<br>${lines[1]} …` : lines.join("<br>");
}
