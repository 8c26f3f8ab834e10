/** Notebooks as their readers see them: JupyterLab of `deno task lab` in a real browser. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { fileURLToPath } from "node:url";
import { writeNotebook } from "../scripts/ipynb.ts";
import { freePort, type Lab, startLab } from "../scripts/lab.ts";
import { cellsOf } from "../scripts/percent.ts";
import { keptInside, prepareJupyter, pythonThere } from "../scripts/python.ts";
import { findBrowser, pageProblems, watched, withBrowser } from "./browser.ts";

const missing = [
  ...(findBrowser() ? [] : ["Chromium"]),
  ...(await pythonThere() ? [] : ["Python"]),
];
const skipped = missing.length ? `: skipped here, there is no ${missing.join(" and no ")}` : "";

/** Serves a folder with copies of notebooks in JupyterLab, in the project, whose configuration the kernel needs. */
async function inLab(
  notebooks: Readonly<Record<string, string>>,
  work: (lab: Lab, browser: Browser) => Promise<void>,
): Promise<void> {
  const results = fileURLToPath(new URL("../results/", import.meta.url));
  await Deno.mkdir(results, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: results, prefix: "browser-test-" });
  try {
    for (const [name, text] of Object.entries(notebooks)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const { python } = await prepareJupyter(), env = keptInside(new URL(`file://${folder}/.jupyter/`));
    const lab = await startLab(folder, { python, env }, { port: freePort(0)!, browser: false });
    try {
      await withBrowser((browser) => work(lab, browser));
    } finally {
      await lab.stop();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens a notebook and waits for its kernel; in a tall window all its cells are drawn. Notes what goes wrong in the page. */
async function opened(
  browser: Browser,
  lab: Lab,
  name: string,
  height: number,
  errors: string[],
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height } });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(lab.url.replace("/lab?", `/lab/tree/${name}?`));
  await page.locator(".jp-Notebook .jp-Cell").first().waitFor({ timeout: 30_000 });
  await page.getByText("Deno | Idle").waitFor({ timeout: 60_000 });
  return page;
}

/** Where MDLAB_PICTURES says so, what was seen is kept, to be looked at. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("MDLAB_PICTURES");
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

const fixture = await Deno.readTextFile(new URL("fixtures/lab_notebook.ts", import.meta.url));
const committed = await Deno.readTextFile(
  new URL("../notebooks/04_mathematical_model.ipynb", import.meta.url),
);

Deno.test({
  name: `JupyterLab: a notebook runs to its end and shows everything that it should${skipped}`,
  ignore: missing.length > 0,
  fn: () =>
    inLab({ "fixture.ipynb": writeNotebook(cellsOf(fixture, "fixture")) }, async (lab, browser) => {
      const errors: string[] = [];
      const page = await opened(browser, lab, "fixture.ipynb", 2400, errors);
      await page.getByRole("menuitem", { name: "Run", exact: true }).click();
      await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();

      const bar = page.locator(".jp-OutputArea-output", { hasText: "counting" });
      const lines = await watched(
        page,
        async () => await bar.count() ? (await bar.first().innerText()).trim() : "",
        (line) => line.includes("100 %"),
        90_000,
      ).finally(() => keep(page, "lab-progress"));
      const shares = lines.flatMap((line) => /(\d+) %/.exec(line)?.[1] ?? []).map(Number);
      assert(new Set(shares).size >= 4, `the bar hardly moved: ${shares}`);
      assertEquals(shares, shares.toSorted((a, b) => a - b), "the bar went back");
      assertEquals(await bar.count(), 1, "one bar, rewritten in place");

      const last = page.locator(".jp-CodeCell .jp-InputPrompt").last();
      await watched(page, () => last.innerText(), (prompt) => /\[\d+\]/.test(prompt), 60_000);
      assertEquals(
        await page.locator("[data-mime-type*=stderr], .jp-RenderedText[data-mime-type*=error]").count(),
        0,
      );

      const figure = page.locator(".js-plotly-plot");
      await figure.locator(".scatterlayer .js-line").first().waitFor({ timeout: 20_000 });
      assertEquals(await figure.locator(".scatterlayer .js-line").count(), 2);
      const area = await figure.locator("svg.main-svg").first().boundingBox();
      assert(area && area.width > 300 && area.height > 300, "the figure has no size");
      assert(!await page.locator("img.plot-img").isVisible(), "the figure is a picture only");

      const table = page.locator(".jp-OutputArea-output table", { hasText: "square" });
      assertEquals(await table.locator("tbody tr").allInnerTexts(), ["2\t4", "3,000\t9,000,000"]);

      const pictures = page.locator(".jp-RenderedImage img");
      const widths = await pictures.evaluateAll((all) =>
        all.map((one) => (one as HTMLImageElement).naturalWidth)
      );
      assertEquals(widths, [700]);
      await page.locator(".jp-RenderedMermaid svg, .jp-RenderedMermaid img").first().waitFor({
        timeout: 20_000,
      });
      await keep(page, "lab-run");
      assertEquals(errors, []);
    }),
});

Deno.test({
  name:
    `JupyterLab: a committed notebook opens with its outputs, figures come alive under the pointer${skipped}`,
  ignore: missing.length > 0,
  fn: () =>
    inLab({ "committed.ipynb": committed }, async (lab, browser) => {
      const errors: string[] = [];
      const page = await opened(browser, lab, "committed.ipynb", 2400, errors);
      const picture = page.locator("img.plot-img").first();
      await picture.scrollIntoViewIfNeeded();
      await picture.waitFor();
      const { x, y, width, height } = (await picture.boundingBox())!;
      await page.mouse.move(x + width / 2, y + height / 2);
      const figure = page.locator(".js-plotly-plot").first();
      await figure.locator("svg.main-svg").first().waitFor({ timeout: 20_000 });
      assertMatch(await figure.locator(".gtitle").first().innerHTML(), /\w/);
      await keep(page, "lab-committed");
      assertEquals(errors, []);
    }),
});

/** A notebook of cells that each take a moment and put out more than the window holds. */
const long = writeNotebook(Array.from({ length: 6 }, (_, i) => ({
  kind: "code",
  source: `for (let n = 0; n < 60; n++) console.log("cell ${i}", n);\n` +
    "await new Promise((resolve) => setTimeout(resolve, 2000));",
})));

/** The number of the cell that runs, and whether some of it can be seen; -1 where none runs. */
const running = (page: Page) =>
  page.evaluate(() => {
    const cells = [...document.querySelectorAll(".jp-CodeCell")];
    const at = cells.findIndex((cell) =>
      cell.querySelector(".jp-InputPrompt")?.textContent?.startsWith("[*]")
    );
    if (at < 0) return { at, seen: false };
    const { top, bottom } = cells[at]!.getBoundingClientRect();
    const window = document.querySelector(".jp-Notebook")!.getBoundingClientRect();
    return { at, seen: bottom > window.top && top < window.bottom };
  });

Deno.test({
  name: `JupyterLab: the running cell stays in sight, unless its reader scrolls away${skipped}`,
  ignore: missing.length > 0,
  fn: () =>
    inLab({ "long.ipynb": long }, async (lab, browser) => {
      const errors: string[] = [], page = await opened(browser, lab, "long.ipynb", 600, errors);
      const runAll = async () => {
        await page.getByRole("menuitem", { name: "Run", exact: true }).click();
        await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
        await page.waitForFunction(() => document.body.innerText.includes("[*]:"));
      };
      await runAll();
      const seen = new Set<number>();
      await watched(page, running, ({ at, seen: visible }) => {
        if (visible) seen.add(at);
        return at < 0;
      }, 90_000);
      assertEquals([...seen].sort(), [0, 1, 2, 3, 4, 5]);

      await runAll();
      await watched(page, running, ({ at, seen: visible }) => at === 2 && visible, 60_000);
      await page.locator(".jp-Notebook").hover();
      for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -1000);
      await watched(page, running, ({ at }) => at === 4, 60_000);
      assertEquals((await running(page)).seen, false);
      assertEquals(errors, []);
    }),
});

Deno.test({
  name: `pageProblems: finds what is wrong with a page${
    findBrowser() ? "" : ": skipped here, there is no Chromium"
  }`,
  ignore: !findBrowser(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const plotly = fileURLToPath(import.meta.resolve("plotly.js-dist-min"));
      const page = async (data: string, rest: string) => {
        const path = `${folder}/page.html`;
        await Deno.writeTextFile(
          path,
          `<!doctype html><meta charset="utf-8"><script src="file://${plotly}"></script>` +
            `<div style="overflow-x: auto"><div id="figure"></div></div>` +
            `<script>Plotly.newPlot("figure", [${data}], { width: 700 })</script>${rest}`,
        );
        return await pageProblems(path);
      };
      assertEquals(await page(`{ x: [1, 2], y: [3, 4] }`, ""), []);
      const problems = await page(
        `{ x: [], y: [] }`,
        `<p style="width: 2000px">wide</p><script>console.error("broken")</script><img alt="cat" src="data:,">` +
          `<script src="https://example.org/x.js"></script>`,
      );
      for (
        const words of ["shows nothing", "px wide", "console: broken", "“cat” is broken", "fetches https"]
      ) {
        for (const width of ["1280", "400"]) {
          assert(
            problems.some((one) => one.startsWith(width) && one.includes(words)),
            `${width} px: ${words}`,
          );
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
