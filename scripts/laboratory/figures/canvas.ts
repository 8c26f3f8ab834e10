/** As much of a 2D canvas as plotly.js needs to paint a heatmap: rectangles, pixels, and the result as PNG data. */
import { encode } from "fast-png";

export class PixelCanvas {
  fillStyle = "#000000";
  #width = 0;
  #height = 0;
  #pixels = new Uint8ClampedArray(0); // [height, width, RGBA]

  constructor(readonly canvas: { readonly width: number; readonly height: number }) {}

  /** The pixels at the canvas's present size; a canvas that was resized is blank again. */
  get pixels(): Uint8ClampedArray<ArrayBuffer> {
    const { width, height } = this.canvas;
    if (width !== this.#width || height !== this.#height) {
      this.#pixels = new Uint8ClampedArray(width * height * 4);
      this.#width = width;
      this.#height = height;
    }
    return this.#pixels;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const { pixels } = this, colour = rgba(this.fillStyle);
    const left = Math.max(0, Math.round(x)), right = Math.min(this.#width, Math.round(x + width));
    const top = Math.max(0, Math.round(y)), bottom = Math.min(this.#height, Math.round(y + height));
    for (let j = top; j < bottom; j++) {
      for (let i = left; i < right; i++) pixels.set(colour, (j * this.#width + i) * 4);
    }
  }

  createImageData(width: number, height: number) {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData(
    image: { width: number; height: number; data: Uint8ClampedArray },
    x: number,
    y: number,
  ): void {
    const { pixels } = this, row = image.width * 4;
    for (let j = 0; j < image.height; j++) {
      pixels.set(image.data.subarray(j * row, (j + 1) * row), ((y + j) * this.#width + x) * 4);
    }
  }

  toDataURL(): string {
    const { pixels, canvas: { width, height } } = this;
    const png = encode({ width, height, channels: 4, depth: 8, data: new Uint8Array(pixels.buffer) });
    return `data:image/png;base64,${png.toBase64()}`;
  }
}

/** A colour as plotly.js writes them: `rgb(…)`, `rgba(…)` or `#rrggbb`. */
function rgba(colour: string): [number, number, number, number] {
  const list = /^rgba?\(([^)]+)\)/.exec(colour)?.[1];
  if (list) {
    const [r = 0, g = 0, b = 0, alpha = 1] = list.split(",").map(Number);
    return [r, g, b, 255 * alpha];
  }
  const hex = Number.parseInt(colour.slice(1), 16);
  return [hex >> 16, hex >> 8 & 255, hex & 255, 255];
}
