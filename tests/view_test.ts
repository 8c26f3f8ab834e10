/** The page of `deno task view`, in a real browser: what it shows of programs, and what it bears. */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { chain } from "../lib/chain.ts";
import { codecOf } from "../lib/codecs.ts";
import { contextOf } from "../lib/context.ts";
import { type Files, filesOf } from "../lib/files/data.ts";
import { sha256 } from "../lib/hash.ts";
import { concat } from "../lib/program/bytes.ts";
import { readProgram } from "../lib/program/read.ts";
import { forged, signed } from "../scripts/laboratory/fuzz/forge.ts";
import { csvRows } from "../scripts/view/csv.ts";
import { findBrowser, watched, withBrowser } from "./browser.ts";
import { outcome, taskIn } from "./run_task.ts";
import { SOON } from "./soon.ts";

const root = fileURLToPath(new URL("..", import.meta.url)), fixtures = join(root, "tests/fixtures");
const missing = !findBrowser(), skipped = missing ? ": skipped here, there is no Chromium" : "";

/** A program of files of text. */
async function textProgram(contents: readonly string[], name = "words"): Promise<Uint8Array> {
  const parts = contents.map((text) => new TextEncoder().encode(text)), symbols = concat(parts);
  const data = filesOf({
    modality: "text",
    name,
    names: parts.map((_, i) => `${name} ${i}.txt`),
    lengths: parts.map(({ length }) => length),
    symbols,
    provenance: { source: "computed", licence: "MIT", citation: "for this test" },
  });
  const { output } = await chain<Files<"text">>().run(data, contextOf(1));
  return output.bytes;
}

/** Runs the command as one who stands in a folder. */
async function view(place: string, ...args: string[]) {
  return await outcome(
    new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "--config", join(root, "deno.json"), "view", ...args],
      cwd: place,
      env: { NO_COLOR: "1", INIT_CWD: place },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }),
  );
}

interface Bench {
  readonly folder: string;
  readonly browser: Browser;
  /** Writes a program and gives its path. */
  put(name: string, bytes: Uint8Array): string;
  /** A page that the command writes with these programs in it. */
  open(programs: readonly string[], how?: Parameters<Browser["newContext"]>[0]): Promise<Page>;
}

/** Opens pages offline; in none of them an error may come up, and none may fetch anything. */
async function atBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), problems: string[] = [];
  try {
    await withBrowser((browser) =>
      work({
        folder,
        browser,
        put(name, bytes) {
          Deno.writeFileSync(join(folder, name), bytes);
          return join(folder, name);
        },
        async open(programs, how = {}) {
          const { code, err } = await view(folder, ...programs, "--output", "view.html", "--force");
          assertEquals([code, err], [0, ""]);
          const context = await browser.newContext({
            viewport: { width: 1280, height: 900 },
            offline: true,
            ...how,
          });
          const page = await context.newPage();
          page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
          page.on("pageerror", (error) => problems.push(error.message));
          page.on("request", (one) => /^https?:/.test(one.url()) && problems.push(`fetches ${one.url()}`));
          await page.goto(pathToFileURL(join(folder, "view.html")).href);
          return page;
        },
      })
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assertEquals(problems, []);
}

/** Waits until the work of a kind has ended, and says how: "done", "stopped", "failed", and the sentence. */
async function ended(article: Locator, which: "decoding" | "drawing"): Promise<[string, string]> {
  const work = article.locator(".work").nth(which === "decoding" ? 0 : 1);
  await work.and(article.page().locator("[data-state]:not([data-state=running])")).waitFor({
    timeout: 20_000,
  });
  return [(await work.getAttribute("data-state"))!, await work.locator(".said").innerText()];
}

/** SHA-256 of the pixels of all pictures in a place. */
async function pixels(place: Locator, channels: number): Promise<string> {
  const values = await place.locator(".pictures canvas").evaluateAll(
    (all, channels) =>
      (all as HTMLCanvasElement[]).flatMap((canvas) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, i) => i % 4 < channels);
      }),
    channels,
  );
  return sha256(Uint8Array.from(values));
}

/** Where MDLAB_PICTURES says so, what was seen is kept, to be looked at. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("MDLAB_PICTURES");
  if (folder) await page.screenshot({ path: `${folder}/view-${name}.png`, fullPage: true });
}

Deno.test("csvRows: separators, quotes, line ends, whatever the text", () => {
  assertEquals(csvRows('a;b\r\n"x;""y""\n";2\r\n', 9), [["a", "b"], ['x;"y"\n', "2"]]);
  assertEquals(csvRows("\ufeffa,b\n1,\n,2", 9), [["a", "b"], ["1", ""], ["", "2"]]);
  assertEquals(csvRows('"open, never closed', 9), [["open, never closed"]]);
  assertEquals(csvRows("1\n2\n3\n", 2), [["1"], ["2"]]);
  assertEquals(csvRows("", 9), []);
});

Deno.test("view: writes a page, and nothing over another's file", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const first = await view(folder), again = await view(folder, join(fixtures, "stored_v2.wasm"));
    assertMatch(first.out, /^results\/view\.html: a page, [\d,]+ bytes/);
    assertMatch(again.out, /^results\/view\.html: a page with 1 program/);
    assert((await Deno.stat(join(folder, "results/view.html"))).size < 150_000);
    const taken = await view(folder, "--output", "results/view.html"), none = await view(folder, "none.wasm");
    assertMatch(taken.err, /is there already/);
    assertMatch(none.err, /There is no file none\.wasm/);
    assertEquals([taken.code, none.code], [1, 1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name:
    `view: pictures are those of the library, decoded and drawn, and the ledger sums to the file${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open }) => {
      const path = join(fixtures, "two_part_v2_pyramid_1.wasm"), info = readProgram(Deno.readFileSync(path));
      const page = await open([path]),
        article = page.locator("article"),
        [data, drawn] = [0, 1].map((i) => article.locator(".data").nth(i)) as [Locator, Locator];
      assertMatch((await ended(article, "decoding")).join(), /^done,verified/);
      assertEquals(await pixels(data, 1), info.sha256);

      const bytes = await article.locator("table.ledger tbody td:nth-child(2)").allInnerTexts();
      const sum = bytes.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0);
      assertEquals(sum, Deno.statSync(path).size);
      const widths = await article.locator("svg.ledger rect[height='30']").evaluateAll((all) =>
        all.map((one) => Number.parseFloat(one.getAttribute("width")!))
      );
      assert(Math.abs(widths.reduce((sum, width) => sum + width, 0) - 100) < 1e-6);

      const seen = new Set<string>();
      for (const [seed, temperature] of [[1, 1], [2, 1], [2, 0.5]] as const) {
        await article.getByLabel("seed").fill(String(seed));
        await article.getByLabel("temperature").fill(String(temperature));
        await article.getByLabel("images").fill("5");
        await article.getByRole("button", { name: "draw" }).press("Enter");
        assertMatch((await ended(article, "drawing")).join(), /^done,drawn with seed/);
        const expected = await codecOf(info).draw(info, 5, seed, { temperature });
        seen.add(await pixels(drawn, 1));
        assert(seen.has(sha256(expected.symbols)), `seed ${seed}, temperature ${temperature}`);
      }
      assertEquals(seen.size, 3);

      await data.locator("button.picture").first().press("Enter");
      const dialog = page.locator("dialog[open]");
      assertMatch(await dialog.innerText(), /32×32, 1 of 2 pictures/);
      await page.keyboard.press("ArrowRight");
      assertMatch(await dialog.innerText(), /2 of 2 pictures/);
      const saved = page.waitForEvent("download");
      await dialog.getByRole("button", { name: "save as PNG" }).click();
      assertEquals((await saved).suggestedFilename(), `${info.names[1]}.png`);
      await page.keyboard.press("Escape");
      assertEquals(await dialog.count(), 0);

      const archive = page.waitForEvent("download");
      await data.getByRole("button", { name: "save all" }).click();
      const zip = Deno.readFileSync(await (await archive).path());
      assertEquals(new TextDecoder("latin1").decode(zip).split("PNG\r\n\x1a").length - 1, 2);
      await keep(page, "pictures-light");
    }),
});

Deno.test({
  name: `view: says what images are coded with, in inspect's words${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open }) => {
      const paths = ["two_part_v2_adaptive_3", "two_part_v2_pyramid_1"].map((name) =>
        join(fixtures, `${name}.wasm`)
      );
      const page = await open(paths), inspect = await outcome(taskIn(fixtures, "inspect", paths[0]!));
      const [adaptive, pyramid] = await page.locator("article").allInnerTexts();
      assertEquals(
        /^coded with (.*)$/m.exec(inspect.out)?.[1],
        "colours as luma and chroma, other predictors mixed in, tiles joined to pictures, weights that follow the image",
      );
      assertMatch(adaptive!, /coded with\s+colours as luma and chroma, .*, weights that follow the image\n/);
      assertEquals(pyramid!.includes("coded with"), false);
    }),
});

Deno.test({
  name: `view: text is shown in slices, found, saved byte for byte; new text is the library's${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open, put }) => {
      const lines = Array.from({ length: 1500 }, (_, i) =>
        `line ${i}: <b>大</b> é &amp; ${"x".repeat(i % 7)}\n`);
      const contents = [lines.join(""), "\ufeffa,b\r\n1,2\r\n\u202e\x1b[31m<img src=x onerror=alert(1)>"];
      const bytes = await textProgram(contents), info = readProgram(bytes);
      const page = await open([put("words.wasm", bytes)], { colorScheme: "dark" });
      const article = page.locator("article"),
        data = article.locator(".data").first(),
        box = data.locator("pre");
      assertMatch((await ended(article, "decoding")).join(), /^done,verified/);
      const shown = (await box.textContent())!;
      assert(
        shown.length < 20_000 && contents[0]!.startsWith(shown),
        "the first slice is the text's beginning",
      );
      await data.getByLabel("find").fill("LINE 1234:");
      await page.keyboard.press("Enter");
      assertEquals(await data.locator("mark").innerText(), "line 1234:");
      assert(
        await data.locator("mark").evaluate((mark) => {
          const [own, box] = [mark, mark.parentElement!].map((one) =>
            one.getBoundingClientRect()
          ) as [
            DOMRect,
            DOMRect,
          ];
          return own.top >= box.top && own.bottom <= box.bottom;
        }),
      );
      await data.getByLabel("find").fill("onerror");
      await page.keyboard.press("Enter");
      assertEquals(await data.getByLabel("file", { exact: true }).inputValue(), "2");
      assertEquals(await box.textContent(), contents[1]!.replaceAll("\x1b", "␛"));
      assertEquals(await page.locator("img").count(), 0);

      const saved = page.waitForEvent("download");
      await data.getByRole("button", { name: "save this file" }).click();
      const download = await saved;
      assertEquals(download.suggestedFilename(), "words 1.txt");
      assertEquals(Deno.readFileSync(await download.path()), new TextEncoder().encode(contents[1]));

      await data.getByLabel("shown as").selectOption("bytes");
      assertMatch((await box.textContent())!, /^00000000 {2}ef bb bf 61 2c 62 0d 0a /);
      await data.getByLabel("shown as").selectOption("table");
      assertEquals(await data.locator("thead th").allInnerTexts(), ["a", "b"]);
      await data.getByLabel("shown as").selectOption("audio");
      assertMatch(await data.innerText(), /no sound/);

      await article.getByRole("spinbutton", { name: "bytes" }).fill("300");
      await article.getByLabel("prompt").fill("line 7");
      await article.getByRole("button", { name: "draw" }).click();
      assertMatch((await ended(article, "drawing")).join(), /^done,drawn/);
      const prompt = new TextEncoder().encode("line 7");
      const expected = await codecOf(info).draw(info, 1, 1, { length: 300, prompt });
      await article.locator(".data").nth(1).getByLabel("shown as").selectOption("bytes");
      const hex = (await article.locator(".data").nth(1).locator("pre").textContent())!.split("\n");
      const drawn = hex.flatMap((line) => line.slice(10, 57).trim().split(" ")).filter(Boolean);
      assertEquals(Uint8Array.from(drawn, (two) => parseInt(two, 16)).join(), expected.symbols.join());
      await keep(page, "text-dark");
    }),
});

Deno.test({
  name: `view: sound has a player and a waveform, a table its rows${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open }) => {
      const page = await open(["audio_v2", "table_v2"].map((name) => join(fixtures, `${name}.wasm`)));
      const [sound, table] = [page.locator("article").first(), page.locator("article").last()];
      for (const article of [sound, table]) assertEquals((await ended(article, "decoding"))[0], "done");
      await page.waitForFunction(() => document.querySelector("audio")!.duration > 0);
      const inked = await sound.locator("canvas.wave").evaluate((canvas: HTMLCanvasElement) =>
        canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.some((value) =>
          value > 0
        )
      );
      assert(inked, "the waveform is empty");
      await sound.getByRole("spinbutton", { name: "bytes" }).fill("2000");
      await sound.getByRole("button", { name: "draw" }).click();
      assertMatch((await ended(sound, "drawing")).join(), /^done,drawn/);
      assertMatch(await sound.locator(".data").nth(1).innerText(), /drawn\.wav, 2,000 bytes/);

      const rows = table.locator("table.cells tbody tr");
      assertEquals([await table.locator("thead th").nth(3).innerText(), await rows.count()], ["day", 200]);
      await table.getByRole("button", { name: "more rows" }).click();
      assert(await rows.count() > 200);
    }),
});

Deno.test({
  name: `view: JPEG files are pictures, and so is what is drawn${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open }) => {
      const page = await open([join(fixtures, "jpeg_v2.wasm")]), article = page.locator("article").first();
      assertEquals((await ended(article, "decoding"))[0], "done");
      const size = () =>
        article.locator("img.photo").last().evaluate((image: HTMLImageElement) => image.naturalWidth);
      await page.waitForFunction(() =>
        document.querySelector<HTMLImageElement>("img.photo")!.naturalWidth > 0
      );
      assertEquals(await size(), 67);
      await article.getByRole("spinbutton", { name: "file" }).fill("3");
      await article.getByRole("spinbutton", { name: "file" }).press("Enter");
      await article.locator(".data").first().getByText("cannot show it: look at its bytes").waitFor();
      await article.getByRole("spinbutton", { name: "bytes" }).fill("5000");
      await article.getByRole("button", { name: "draw" }).click();
      assertMatch((await ended(article, "drawing")).join(), /^done,drawn/);
      await page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLImageElement>("img.photo")].at(-1)!.naturalWidth > 0
      );
      assert(await size() >= 8);
    }),
});

Deno.test({
  name: `view: an endless loop freezes nothing and is stopped at once; damage is one sentence${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open, put }) => {
      const loop = forged(Deno.readFileSync(join(fixtures, "hostile/12_loop_30h.wasm")), {
        items: [{ count: 1, bytes: 100 }],
        shape: Uint8Array.of(1, 10),
      });
      const page = await open([put("loop.wasm", loop)]);
      const work = page.locator("article .work").first(), state = () => work.getAttribute("data-state");
      for (const how of ["button", "Escape"]) {
        await page.waitForFunction(() => /, 1 s/.test(document.querySelector(".said")!.textContent!));
        assertEquals(await state(), "running");
        const begun = performance.now();
        if (how === "Escape") await page.keyboard.press("Escape");
        else await page.getByRole("button", { name: "stop" }).click();
        const [end, said] = await ended(page.locator("article"), "decoding");
        assert(performance.now() - begun < SOON, "it stops at once");
        assertEquals([end, /^Stopped/.test(said)], ["stopped", true]);
        if (how === "button") await page.getByRole("button", { name: "decode" }).press("Enter");
      }
      // Chromium gives a Worker two seconds to end by itself before it ends it by force
      await watched(page, (page) => Promise.resolve(page.workers().length), (count) => count === 0, 5000);

      const whole = Deno.readFileSync(join(fixtures, "two_part_v1_1.wasm")), info = readProgram(whole);
      const at = whole.findIndex((_, i) => info.sha256.startsWith(whole.subarray(i, i + 8).toHex()));
      const lying = signed(whole.with(at, whole[at]! ^ 1)), damaged = whole.with(5000, whole[5000]! ^ 1);
      await page.locator("#file").setInputFiles([
        put("damaged.wasm", damaged),
        put("<img src=x>.txt", new TextEncoder().encode("no program")),
        put("lying.wasm", lying),
        join(fixtures, "hostile/71_dataset_esc.wasm"),
        join(fixtures, "hostile/40_names_bomb_100M.wasm"),
      ]);
      await page.locator("article").nth(2).waitFor();
      const [end, said] = await ended(page.locator("article").nth(1), "decoding");
      assertEquals([end, /do not have the SHA-256/.test(said)], ["failed", true]);
      assertEquals(await page.locator("article").nth(1).locator(".pictures").count(), 0);
      await page.locator("#errors p").nth(2).waitFor();
      const errors = await page.locator("#errors p").allInnerTexts();
      assertMatch(errors[0]!, /^damaged\.wasm: The program is damaged: [^.]+\. dismiss$/);
      assertMatch(errors[1]!, /^<img src=x>\.txt: This is no WebAssembly module\. dismiss$/);
      assertMatch(errors[2]!, /^40_names_bomb_100M\.wasm: The program is damaged: [^.]+\. dismiss$/);
      assertEquals(await page.locator("img").count(), 0);
    }),
});

Deno.test({
  name:
    `view: programs are dropped into it; on a telephone nothing is too wide, by night it is dark${skipped}`,
  ignore: missing,
  fn: () =>
    atBench(async ({ open, put }) => {
      const text = await textProgram([`${"wide".repeat(3000)}\n`, "b"], "n".repeat(200)),
        looks: string[] = [];
      const colour = readProgram(Deno.readFileSync(join(fixtures, "two_part_v1_3.wasm")));
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open([put("a-long-name-".repeat(15) + ".wasm", text)], {
          colorScheme,
          viewport: { width: 390, height: 844 },
        });
        const base64 = colour.module.toBase64();
        await page.evaluate((base64) => {
          const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
            transfer = new DataTransfer();
          transfer.items.add(new File([bytes], "dropped.wasm"));
          document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
        }, base64);
        for (const i of [0, 1]) {
          assertEquals((await ended(page.locator("article").nth(i), "decoding"))[0], "done");
        }
        const picture = page.locator("article").nth(1);
        assertEquals(await picture.locator("h2").innerText(), "dropped.wasm");
        assertEquals(await pixels(picture.locator(".data").first(), 3), colour.sha256);
        await page.locator("summary").first().click();
        for (const way of ["text", "bytes", "table", "audio", "jpeg"]) {
          await page.locator("select").first().selectOption(way);
          assertEquals(
            await page.evaluate(() => document.documentElement.scrollWidth),
            390,
            way,
          );
        }
        looks.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        await keep(page, `telephone-${colorScheme}`);
        await page.context().close();
      }
      assertNotEquals(looks[0], looks[1]);
    }),
});
