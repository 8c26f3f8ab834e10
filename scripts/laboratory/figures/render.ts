/** Figures as static pictures: plotly.js → SVG → PNG, in JavaScript and WebAssembly only. */
import { MdlError } from "../../../lib/errors.ts";
import { printable } from "../../../lib/printable.ts";
import { type Figure, WIDTH } from "./figure.ts";
import { plotly } from "./headless.ts";
import { typeface } from "./text.ts";

/** Trace types that plotly.js draws as SVG; the others need WebGL (some would hang without it) or a map's tiles. */
const DRAWN = "scatter bar waterfall heatmap histogram box contour image table sankey pie".split(" ");

/**
 * Draws a figure as a complete SVG document. Texts stay texts, in DejaVu Sans (Chinese: Noto Sans SC).
 *
 * @throws {MdlError} `unsupported` for a trace that needs WebGL.
 */
export async function toSvg(figure: Figure): Promise<string> {
  for (const { type = "scatter" } of figure.data) {
    if (!DRAWN.includes(type)) {
      throw new MdlError(
        "unsupported",
        `A trace of type ${type} cannot be drawn here: take one of ${DRAWN.join(", ")}.`,
      );
    }
  }
  const { width = WIDTH, height = 420 } = figure.layout;
  const plot = {
    data: shown(figure.data),
    layout: { ...shown(figure.layout), width, height },
  };
  const url = await (await plotly()).toImage(plot, { format: "svg", width, height });
  return decodeURIComponent(url.slice(url.indexOf(",") + 1))
    .replaceAll(/url\('(#[^']+)'\)/g, "url($1)") // resvg takes no quotes here,
    .replaceAll("image-rendering: pixelated", "image-rendering: optimizeSpeed"); // and this older word for sharp pixels
}

/** A copy whose texts have no control characters, which no SVG can hold. */
function shown<T>(value: T): T {
  const copy = (value: unknown): unknown => {
    if (typeof value === "string") return printable(value, true);
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
      return structuredClone(value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as T;
}

let ready: Promise<typeof import("@resvg/resvg-wasm").Resvg> | undefined;

async function loadResvg() {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  await initWasm(await Deno.readFile(new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))));
  return Resvg;
}

/**
 * Draws a figure as PNG, a device pixel to a CSS pixel.
 *
 * @throws {MdlError} `unsupported` for a trace that needs WebGL.
 */
export async function toPng(figure: Figure): Promise<Uint8Array<ArrayBuffer>> {
  return await pngOf(await toSvg(figure));
}

/** A document of `toSvg` as PNG. */
export async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const Resvg = await (ready ??= loadResvg()), { files, family } = await typeface();
  const drawing = new Resvg(svg, {
    font: { fontBuffers: [...files], defaultFontFamily: family, sansSerifFamily: family },
  });
  const image = drawing.render();
  try {
    return new Uint8Array(image.asPng());
  } finally {
    image.free();
    drawing.free();
  }
}
