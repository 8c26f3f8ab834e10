/**
 * plotly.js without a browser: it runs in a jsdom window that is given what jsdom lacks and static figures need, the
 * sizes of texts and a canvas. jsdom and plotly.js take about two seconds to load, so they are loaded at first use.
 */
import { boundingBox, type SvgElement, textLength } from "./boxes.ts";
import { PixelCanvas } from "./canvas.ts";
import type { Figure } from "./figure.ts";
import { type Typeface, typeface } from "./text.ts";

/** Of plotly.js, what is used here. */
export interface Plotly {
  toImage(figure: Figure, options: { format: "svg"; width: number; height: number }): Promise<string>;
}

let loaded: Promise<Plotly> | undefined;

/** The one plotly.js of this process. Needs permission to read, and to read the environment (jsdom asks for it). */
export function plotly(): Promise<Plotly> {
  return loaded ??= load();
}

async function load(): Promise<Plotly> {
  const { JSDOM, VirtualConsole } = await import("jsdom");
  await import("plotly.js-dist-min/package.json", { with: { type: "json" } }); // else the package may not be there
  const source = await Deno.readTextFile(new URL(import.meta.resolve("plotly.js-dist-min/plotly.min.js")));
  const { window } = new JSDOM("<!doctype html>", {
    pretendToBeVisual: true, // plotly.js waits for animation frames
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(), // jsdom's remarks on what it lacks are not the user's concern
  });
  furnish(window, await typeface());
  window.eval(source);
  return window.Plotly;
}

/** Gives a jsdom window what plotly.js calls while it draws. */
// deno-lint-ignore no-explicit-any
function furnish(window: any, face: Typeface): void {
  Object.defineProperty(window.navigator, "hardwareConcurrency", { value: 1 }); // spares asking for --allow-sys
  window.URL.createObjectURL = () => "blob:none"; // for the workers of maps, which are never drawn
  const box = function (this: SvgElement) {
    return boundingBox(this, face);
  };
  Object.assign(window.SVGElement.prototype, {
    getBBox: box,
    getBoundingClientRect: box,
    getComputedTextLength(this: SvgElement) {
      return textLength(this, face);
    },
  });
  const canvases = new WeakMap<object, PixelCanvas>();
  const contextOf = (canvas: PixelCanvas["canvas"]) => {
    const context = canvases.get(canvas) ?? new PixelCanvas(canvas);
    canvases.set(canvas, context);
    return context;
  };
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: PixelCanvas["canvas"], kind: string) {
      return kind === "2d" ? contextOf(this) : null;
    },
    toDataURL(this: PixelCanvas["canvas"]) {
      return contextOf(this).toDataURL();
    },
  });
}
