/** What a reader sees, in a real browser: Debian's or the user's own Chromium, driven by Playwright. */
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";

// When it loads, Playwright looks into /proc for Windows, which Deno's sandbox does not allow; told so, it does not.
Deno.env.set("__IS_WSL_TEST__", "1");
const { chromium } = await import("playwright-core");
Deno.env.delete("__IS_WSL_TEST__");

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of a Chromium or Chrome; undefined where there is none. */
export function findBrowser(): string | undefined {
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => `${folder}/${name}`)), mac];
  return paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/**
 * Opens the browser for `work` and closes it afterwards.
 *
 * @throws what `work` throws
 */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: ["--disable-dev-shm-usage"],
    env: { ...Deno.env.toObject(), GSETTINGS_BACKEND: "memory" }, // else it writes a folder dconf/ here
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** A laptop's window and a telephone's, in CSS pixels. */
const WINDOWS = [{ width: 1280, height: 800 }, { width: 400, height: 800 }];

/** Milliseconds for a page's figures to be drawn. */
const DRAWING = 20_000;

export interface PageCheck {
  /** How many interactive figures there must be; at least one where left out. */
  readonly figures?: number;
  /** Where to leave a picture of the whole page a window, as NAME-WIDTH.png. */
  readonly pictures?: { readonly folder: string; readonly name: string };
}

/**
 * Opens an HTML file offline, in a wide window and a narrow one, and says what is wrong with it: errors on the console,
 * anything fetched from outside, no figure at all, figures that show nothing, broken pictures, content wider than the
 * window. An empty list is a page without these faults.
 */
export async function pageProblems(path: string, { figures, pictures }: PageCheck = {}): Promise<string[]> {
  return await withBrowser(async (browser) => {
    const problems: string[] = [];
    for (const viewport of WINDOWS) {
      const context = await browser.newContext({ viewport, offline: true });
      const page = await context.newPage(),
        say = (text: string) => problems.push(`${viewport.width} px: ${text}`);
      page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
      page.on("pageerror", (error) => say(`error: ${error.message}`));
      page.on("request", (request) => /^https?:/.test(request.url()) && say(`fetches ${request.url()}`));
      await page.goto(pathToFileURL(path).href, { waitUntil: "load" });
      await page.evaluate(lookThrough);
      await page.waitForFunction(allDrawn, undefined, { timeout: DRAWING }).catch(() =>
        say("figures not drawn")
      );
      for (const problem of await page.evaluate(faults)) say(problem);
      const drawn = await page.locator(".js-plotly-plot").count();
      if (drawn === 0 || drawn !== (figures ?? drawn)) {
        say(`${drawn} figures of ${figures ?? "at least one"}`);
      }
      if (pictures) {
        const file = `${pictures.folder}/${pictures.name}-${viewport.width}.png`;
        await page.screenshot({ path: file, fullPage: true });
      }
      await context.close();
    }
    return problems;
  });
}

/** In the page: scrolls to its end and back, for figures may be drawn only when they come into view. */
async function lookThrough(): Promise<void> {
  const step = innerHeight / 2;
  for (let y = 0; y < document.documentElement.scrollHeight; y += step) {
    scrollTo(0, y);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  scrollTo(0, 0);
}

/** In the page: plotly.js has drawn every figure's frame. */
function allDrawn(): boolean {
  const plots = [...document.querySelectorAll(".js-plotly-plot")];
  return plots.every((plot) => plot.querySelector(".main-svg"));
}

/** In the page: what its figures lack, and what is too wide. */
function faults(): string[] {
  /** Whether something of the figure's data can be seen: a stroke, an area, a picture. */
  const shows = (plot: Element) =>
    [...plot.querySelectorAll(
      ".mlayer :is(path, rect, image, text), .imagelayer image, .pielayer path, .sankey path, .table rect",
    )].some((mark) => {
      const { width, height } = mark.getBoundingClientRect(),
        { display, visibility, opacity, fill, stroke } = getComputedStyle(mark);
      const inked = mark.tagName === "image" || fill !== "none" || stroke !== "none";
      return width + height > 0 && inked && display !== "none" && visibility === "visible" &&
        Number(opacity) > 0;
    });
  const nameOf = (plot: Element, i: number) =>
    `figure ${i + 1} (${plot.querySelector(".gtitle")?.textContent ?? "no title"})`;
  const window = document.documentElement.clientWidth;
  const plots = [...document.querySelectorAll(".js-plotly-plot")];
  const clipped = (element: Element | null): boolean =>
    element !== null &&
    (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || clipped(element.parentElement));
  const wide = [...document.body.querySelectorAll("*")].find((element) =>
    element.getBoundingClientRect().right > window + 1 && !clipped(element.parentElement)
  );
  return [
    ...plots.flatMap((plot, i) => shows(plot) ? [] : [`${nameOf(plot, i)} shows nothing`]),
    ...[...document.images].flatMap(({ complete, naturalWidth, alt }) =>
      complete && naturalWidth > 0 ? [] : [`picture “${alt}” is broken`]
    ),
    ...(document.documentElement.scrollWidth > window
      ? [
        `content is ${document.documentElement.scrollWidth} px wide, for instance ${
          wide ? `<${wide.tagName.toLowerCase()} class="${wide.getAttribute("class") ?? ""}">` : "something"
        }`,
      ]
      : []),
  ];
}

/** Waits until `read` gives something that `enough` accepts, and returns all that it gave on the way, in order. */
export async function watched<T>(
  page: Page,
  read: (page: Page) => Promise<T>,
  enough: (value: T) => boolean,
  milliseconds: number,
): Promise<T[]> {
  const seen: T[] = [], end = performance.now() + milliseconds;
  while (true) {
    const value = await read(page);
    if (value !== seen.at(-1)) seen.push(value);
    if (enough(value)) return seen;
    if (performance.now() > end) throw new Error(`Waited in vain; seen so far: ${JSON.stringify(seen)}`);
    await page.waitForTimeout(50);
  }
}
