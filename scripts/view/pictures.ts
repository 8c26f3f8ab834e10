/** Pictures in a grid; a click, or Enter, shows one large. */
import type { ImageShape } from "../../lib/image/shape.ts";
import { button, counted, element, number } from "./element.ts";
import type { Items, View } from "./items.ts";
import { MOST_SAVED, saveAll, saveButton, saveFile } from "./save.ts";

/** Pictures that are shown at first, and that "more" adds. */
const PART = 200;

/** Pixels of the longer side: of a small picture at least and at most, of a large one at most. */
const LEAST = 64, THUMBNAIL = 160, LARGE = 4096;

/** A picture's pixels, [height, width, channels]. */
interface Pixels {
  readonly bytes: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Draws every n-th pixel in both directions, so that no side is longer than `most`; exact where n is 1. */
function paint(canvas: HTMLCanvasElement, { bytes, height, width, channels }: Pixels, most: number): void {
  const stride = Math.max(1, Math.ceil(Math.max(width, height) / most));
  canvas.width = Math.ceil(width / stride);
  canvas.height = Math.ceil(height / stride);
  const picture = new ImageData(canvas.width, canvas.height), { data } = picture;
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  let to = 0;
  for (let y = 0; y < height; y += stride) {
    for (let x = 0; x < width; x += stride) {
      const from = (y * width + x) * channels;
      data[to++] = bytes[from]!;
      data[to++] = bytes[from + green]!;
      data[to++] = bytes[from + blue]!;
      data[to++] = 255;
    }
  }
  canvas.getContext("2d")!.putImageData(picture, 0, 0);
}

/** How large a picture is in the grid: small ones in whole multiples. */
function gridScale(longer: number): number {
  return longer < LEAST ? Math.ceil(LEAST / longer) : Math.min(1, THUMBNAIL / longer);
}

/** Reads pictures of a set. */
function reader(items: Items, { channels, groups }: ImageShape): (i: number) => Pixels {
  const ends: number[] = [];
  for (const { count } of groups) ends.push((ends.at(-1) ?? 0) + count);
  return (i) => {
    let first = 0, last = ends.length - 1;
    while (first < last) {
      const middle = (first + last) >> 1;
      if (ends[middle]! > i) last = middle;
      else first = middle + 1;
    }
    const { height, width } = groups[first]!;
    return { bytes: items.of(i), height, width, channels };
  };
}

export function pictures(items: Items): View {
  const pixelsOf = reader(items, items.shape!), large = largePicture(items, pixelsOf);
  const grid = element("ul", { class: "pictures", "aria-label": "pictures" });
  let asked = PART, shown = 0;
  const more = button("more pictures", () => {
    asked += PART;
    view.update();
  });
  const save = saveButton("save all (PNG in a ZIP)", items, async () => {
    const canvas = element("canvas");
    await saveAll(items, ".png", async (i) => {
      paint(canvas, pixelsOf(i), Infinity);
      return new Uint8Array(await (await png(canvas)).arrayBuffer());
    });
  });
  const view: View = {
    element: element(
      "div",
      {},
      grid,
      element("p", { class: "row" }, more, ...(items.count <= MOST_SAVED ? [save.element] : [])),
      large.element,
    ),
    update() {
      for (; shown < Math.min(asked, items.count) && items.complete(shown); shown++) {
        grid.append(element("li", {}, thumbnail(shown)));
      }
      more.hidden = shown < asked || shown === items.count;
      more.textContent = `more pictures (${number(shown)} of ${number(items.count)} are shown)`;
      save.update();
    },
  };
  const thumbnail = (i: number) => {
    const pixels = pixelsOf(i), canvas = element("canvas", { "aria-hidden": "true" });
    paint(canvas, pixels, 2 * THUMBNAIL);
    const scale = gridScale(Math.max(pixels.width, pixels.height));
    canvas.style.width = `${Math.max(1, Math.round(pixels.width * scale))}px`;
    canvas.style.height = `${Math.max(1, Math.round(pixels.height * scale))}px`;
    const name = items.name(i);
    const made = button("", () => large.show(i), {
      class: "picture",
      title: name,
      "aria-label": `picture ${name}, ${pixels.width} by ${pixels.height} pixels: show it large`,
    });
    made.append(canvas);
    return made;
  };
  return view;
}

/** A dialog with one picture; arrows go to the next and the one before, Escape closes it. */
function largePicture(items: Items, pixelsOf: (i: number) => Pixels) {
  const canvas = element("canvas"), caption = element("p", { "aria-live": "polite" });
  let at = 0;
  const save = saveButton("save as PNG", items, async () => {
    const whole = element("canvas");
    paint(whole, pixelsOf(at), Infinity);
    saveFile(items.fileName(at, ".png"), await png(whole));
  });
  const to = (i: number) => {
    if (i >= 0 && i < items.count && items.complete(i)) show(i);
  };
  const before = button("← before", () => to(at - 1)), next = button("next →", () => to(at + 1));
  const dialog = element(
    "dialog",
    { class: "large", "aria-label": "a picture, large" },
    element("div", { class: "scroll" }, canvas),
    caption,
    element(
      "p",
      { class: "row" },
      before,
      next,
      save.element,
      button("close", () => dialog.close()),
    ),
  );
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") to(at - 1);
    if (key === "ArrowRight") to(at + 1);
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  const show = (i: number) => {
    at = i;
    const pixels = pixelsOf(i), { width, height } = pixels;
    paint(canvas, pixels, LARGE);
    const room = Math.min(innerWidth - 60, 900) / width, high = (innerHeight - 180) / height;
    const fits = Math.min(room, high), scale = fits >= 1 ? Math.floor(fits) : fits;
    canvas.style.width = `${width * scale}px`;
    canvas.style.height = `${height * scale}px`;
    caption.textContent = `${items.name(i)}, ${width}×${height}, ${number(i + 1)} of ${
      counted(items.count, "picture")
    }`;
    save.update();
    before.disabled = i === 0;
    next.disabled = i + 1 >= items.count;
    if (!dialog.open) dialog.showModal();
  };
  return { element: dialog, show };
}

/** @throws {RangeError} for a picture that this browser cannot make */
async function png(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) return blob;
  throw new RangeError("This browser makes no PNG file of that size.");
}
