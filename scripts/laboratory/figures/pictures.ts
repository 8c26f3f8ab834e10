/** Pictures beside one another, each with its title. */
import { encodePng } from "../../../lib/image/image_file.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import { type Figure, layoutOf, WIDTH } from "./figure.ts";

/** A titled picture: one image, or the contact sheet of many. */
export interface Panel {
  /** Above the picture. */
  readonly title: string;
  /** As `images` or `contactSheet` give it. */
  readonly picture: Raster;
}

/** Pixels: the gap between panels, the line of a panel's title, the outer margin. */
const GAP = 16, CAPTION = 24, MARGIN = 12;

type Entry<Key extends "images" | "annotations"> = NonNullable<Figure["layout"][Key]>[number];

/**
 * Panels in rows of `columns`, each as wide as its share of the column of text. Small pictures are enlarged by whole
 * factors, so that a pixel stays a sharp square.
 */
export function pictures(title: string, panels: readonly Panel[], columns = panels.length): Figure {
  const cell = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const shown = panels.map(({ picture }) => fitted(picture, cell));
  const images: Entry<"images">[] = [], annotations: Entry<"annotations">[] = [];
  const heading = layoutOf(title, 0, {}), top = heading.margin!.t!;
  let height = 0;
  for (let first = 0; first < panels.length; first += columns) {
    const row = shown.slice(first, first + columns), tallest = Math.max(...row.map((r) => r.height));
    row.forEach(({ width, height: own, source }, i) => {
      const x = i * (cell + GAP), y = height + CAPTION;
      images.push({
        source,
        x,
        y,
        sizex: width,
        sizey: own,
        sizing: "stretch",
        xref: "x",
        yref: "y",
        layer: "above",
      });
      annotations.push({
        text: panels[first + i]!.title,
        x,
        y,
        xanchor: "left",
        yanchor: "bottom",
        showarrow: false,
      });
    });
    height += CAPTION + tallest + GAP;
  }
  const hidden = { visible: false, fixedrange: true };
  return {
    data: [],
    layout: {
      ...heading,
      height: top + height,
      margin: { l: MARGIN, r: MARGIN, t: top, b: 0 },
      xaxis: { ...hidden, range: [0, WIDTH - 2 * MARGIN] },
      yaxis: { ...hidden, range: [height, 0] },
      images,
      annotations,
    },
  };
}

/** A picture as PNG data, and the size in pixels at which it fills `cell`. */
function fitted(picture: Raster, cell: number) {
  const factor = Math.max(1, Math.floor(cell / picture.width));
  const big = enlarged(picture, factor), scale = Math.min(1, cell / big.width);
  const source = `data:image/png;base64,${encodePng(big).toBase64()}`;
  return { width: big.width * scale, height: big.height * scale, source };
}

/** Repeats every pixel `factor` times in both directions. */
function enlarged({ width, height, channels, pixels }: Raster, factor: number): Raster {
  const out = new Uint8Array(width * height * channels * factor * factor);
  for (let y = 0, at = 0; y < height * factor; y++) {
    const from = Math.floor(y / factor) * width * channels;
    for (let x = 0; x < width * factor; x++, at += channels) {
      const pixel = from + Math.floor(x / factor) * channels;
      for (let c = 0; c < channels; c++) out[at + c] = pixels[pixel + c]!;
    }
  }
  return { width: width * factor, height: height * factor, channels, pixels: out };
}
