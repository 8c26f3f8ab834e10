import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeImage } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { intervalName, intervalOf } from "../scripts/laboratory/measure/interval.ts";
import { ledgerSteps, rateBars, sizeBars, waterfall } from "../scripts/laboratory/figures/bars.ts";
import { inBothLanguages } from "../scripts/laboratory/figures/axis_names.ts";
import { heatmap, lines, scatter } from "../scripts/laboratory/figures/curves.ts";
import { distributions } from "../scripts/laboratory/figures/distribution.ts";
import { flow } from "../scripts/laboratory/figures/flow.ts";
import { fits } from "../scripts/laboratory/figures/fits.ts";
import { dots } from "../scripts/laboratory/figures/dots.ts";
import { type Figure, MUTED, PALETTE, WIDTH } from "../scripts/laboratory/figures/figure.ts";
import { pictures } from "../scripts/laboratory/figures/pictures.ts";
import { progressLine, progressOn } from "../lib/progress.ts";
import { toPng, toSvg } from "../scripts/laboratory/figures/render.ts";
import { stackedBars } from "../scripts/laboratory/figures/stacked.ts";
import { strips } from "../scripts/laboratory/figures/strips.ts";
import { tableBundle, tableCsv } from "../scripts/laboratory/figures/table.ts";
import { pipe } from "../lib/pipeline.ts";
import { random } from "../lib/random.ts";
import { attention } from "../lib/stages/attention.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { generate } from "../lib/stages/generate.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { sharing } from "../lib/stages/sharing.ts";

const { uniform, below } = random(7, "figures");
const references = [{ label: "raw 1,024,000 bytes", value: 1_024_000 }, { label: "JPEG XL", value: 667_148 }];
const ledger = [
  { name: "payload", bytes: 604_924 },
  { name: "weights", bytes: 5_136 },
  { name: "decoder code", bytes: 3_862 },
];
const photo = (width: number, height: number, channels: 1 | 3): Raster => ({
  width,
  height,
  channels,
  pixels: Uint8Array.from({ length: width * height * channels }, () => below(200)),
});
const sizes = [
  { label: "gzip -9", bytes: 954_385 },
  { label: "a baseline with a rather long name and its version 1.2.3", bytes: 667_148 },
  { label: "MDLab", bytes: 500_000, ours: true },
];
const curve = (n: number, step = 1) => ({
  name: `every ${step}`,
  x: Array.from({ length: n }, (_, i) => 1 + i * step),
  y: Array.from({ length: n }, (_, i) => 8 / (1 + Math.log10(1 + i)) + uniform() / 9),
});
const axes = { x: { title: "step", log: true }, y: { title: "cost (bits/pixel)" } };

const FIGURES: Readonly<Record<string, Figure>> = {
  sizes: sizeBars({
    title: "A title long enough to need two lines: what every codec makes of the first thousand pictures",
    sizes,
    references,
  }),
  waterfall: waterfall({ title: "Ledger", steps: ledgerSteps(1_024_000, ledger), references }),
  rates: rateBars({
    title: "Controls",
    rates: [
      { group: "noise", label: "the same", rate: 8.5, kind: "other" },
      { group: "noise", label: "entropy of its values", rate: 8, kind: "bound" },
      { group: "photos", label: "the same", rate: 8.5, kind: "ours" },
    ],
    references: [{ label: "raw", value: 8 }],
  }),
  distributions: distributions({
    title: "Bits of an image",
    x: "code length (bits)",
    unit: "bits",
    samples: [
      { name: "samples", values: curve(60).y },
      { name: "data", values: curve(400).y },
      { name: "one", values: [7] },
    ],
  }),
  lines: lines({
    title: "Training",
    series: [curve(400, 10), curve(9, 500)],
    ...axes,
    references: [{ label: "raw", value: 9 }],
  }),
  "many lines": lines({
    title: "",
    series: [3, 4, 5, 6, 7].map((n) => ({ ...curve(n), name: `a curve of some ${n} points` })),
    ...axes,
  }),
  scatter: scatter({
    title: "Points",
    series: [{ ...curve(3, 1e5), labels: ["one", "two", "three"] }],
    ...axes,
  }),
  "few decades": lines({ title: "", series: [curve(12)], ...axes, y: { title: "bits", log: true } }),
  dots: dots({
    title: "What each takes",
    x: "length (bits)",
    series: ["shortest program", "gzip", "xz"],
    rows: [
      { label: "Fibonacci", values: [20, 1200, 2100] },
      { label: "a pattern with a long name", values: [null, 300, 640] },
      { label: "ones", values: [4, 200, 640] },
    ],
  }),
  heatmap: heatmap({
    title: "Bits",
    values: Float32Array.from({ length: 600 }, uniform),
    height: 20,
    width: 30,
    unit: "bits",
  }),
  "named heatmap": heatmap({
    title: "Influence of neighbours, by their place",
    values: Array.from({ length: 28 }, uniform),
    height: 4,
    width: 7,
    unit: "bits",
    rows: "rows above",
    columns: "columns to the right",
    first: [-3, -3],
  }),
  "wide heatmap": heatmap({
    title: "Bits",
    values: Array.from({ length: 900 }, uniform),
    height: 3,
    width: 300,
    unit: "bits",
  }),
  flow: flow("The chain", pipe(features(), sharing(), hierarchy(), attention(), compress(), generate())),
  strips: strips({
    title: "Every program",
    panels: [true, false].map((small) => ({
      title: `whole program, ${small ? "small" : "large"} (bytes)`,
      rows: ["none", "sharing + hierarchy + attention"].map((label, i) => ({
        label,
        values: [0, 1, 2].map((s) => (small ? 6e5 : 7e5) + 900 * i + 300 * s),
      })),
    })),
    series: ["seed 1", "seed 2", "seed 3"],
    interval: intervalOf,
    intervalName: intervalName(3),
  }),
  fits: fits({
    title: "Growth, and what was fitted to it",
    series: [{
      name: "models",
      x: [2012.9, 2015.9, 2018.8, 2020.4],
      y: [6e7, 6e7, 3.4e8, 1.75e11],
      labels: ["AlexNet", "a long name at the end", "BERT", "GPT-3 at the right edge"],
      heldOut: [3],
      fit: {
        name: "fitted",
        x: [2012, 2016, 2021],
        y: [1e7, 1e9, 4e11],
        low: [1e6, 3e8, 3e10],
        high: [1e8, 3e9, 5e12],
      },
    }, { name: "more", x: [2013, 2019], y: [1e8, 8e9] }],
    x: { title: "year", format: "d" },
    y: { title: "parameters", log: true, format: "~s" },
    references: [{ label: "a person's synapses, at a guess", value: 1e12 }],
  }),
  stacked: stackedBars({
    title: "Verdicts by section",
    labels: ["01_background", "a section of a rather long name"],
    parts: [
      { name: "holds", colour: PALETTE.blue, values: [3, 0] },
      { name: "does not hold", colour: PALETTE.vermilion, values: [1, 12] },
    ],
    unit: "claims",
  }),
  pictures: pictures("Before and after", [
    { title: "original", picture: photo(30, 30, 3) },
    { title: "gray", picture: photo(900, 500, 1) },
    { title: "small", picture: photo(8, 12, 1) },
  ], 2),
};

const drawn = async (figure: Figure) => await decodeImage(await toPng(figure), "figure");
const pixel = (
  { width, pixels }: Raster,
  x: number,
  y: number,
) => [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
const rgb = (hex: string) => [...Uint8Array.fromHex(hex.slice(1))];

/** The longest run of a colour in each row that has one, top to bottom, in pixels. */
function runs(image: Raster, hex: string): number[] {
  const wanted = rgb(hex).join();
  return Array.from({ length: image.height }, (_, y) => {
    let longest = 0, run = 0;
    for (let x = 0; x < image.width; x++) {
      run = pixel(image, x, y).join() === wanted ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  });
}

for (const [name, figure] of Object.entries(FIGURES)) {
  Deno.test(`a figure of ${name} fills its column, and nothing is cut off at its edges`, async () => {
    const image = await drawn(figure), { width, height } = image;
    assertEquals(width, WIDTH);
    assertEquals(height, figure.layout.height);
    let inked = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const blank = pixel(image, x, y).every((v) => v === 255);
        if (!blank) inked++;
        const edge = x < 2 || y < 2 || x >= width - 2 || y >= height - 2;
        assert(blank || !edge, `ink at column ${x}, row ${y}`);
      }
    }
    assert(inked > width * height / 100, `${inked} pixels`);
  });
}

Deno.test("bars are as long as their numbers", async () => {
  const image = await drawn(FIGURES["sizes"]!);
  const ours = Math.max(...runs(image, PALETTE.blue)), largest = Math.max(...runs(image, MUTED));
  assert(Math.abs(ours / largest - 500_000 / 954_385) < 0.01, `${ours} and ${largest} pixels`);
});

Deno.test("the parts of a stacked bar are as long as their numbers", async () => {
  const image = await drawn(FIGURES["stacked"]!);
  const three = runs(image, PALETTE.blue), twelve = runs(image, PALETTE.vermilion);
  const ratio = (Math.max(...twelve) + 2) / (Math.max(...three) + 2); // a part's outline takes a pixel on each side
  assert(Math.abs(ratio - 12 / 3) < 0.15, `${Math.max(...three)} and ${Math.max(...twelve)} pixels`);
});

Deno.test("a ledger's steps go from the raw size to the program and its parts to nothing", async () => {
  const steps = ledgerSteps(1_024_000, ledger);
  const of = (kind: string) =>
    steps.filter((step) => step.kind === kind).reduce((sum, { bytes }) => sum + bytes, 0);
  assertEquals(of("total") - 1_024_000, of("part"));
  assertEquals(1_024_000 + of("change"), of("part"));
  const payload = Math.max(...runs(await drawn(waterfall({ title: "", steps })), PALETTE.green));
  const raw = Math.max(...runs(await drawn(waterfall({ title: "", steps })), PALETTE.blue));
  assert(Math.abs(payload / raw - 604_924 / 1_024_000) < 0.01, `${payload} and ${raw} pixels`);
});

Deno.test("an enlarged picture keeps every pixel", async () => {
  const picture = photo(13, 7, 3), image = await drawn(pictures("", [{ title: "", picture }]));
  const factor = Math.floor((WIDTH - 24) / 13), top = image.height - 16 - 7 * factor;
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 13; x++) {
      const at = (i: number) => Math.floor((i + 0.5) * factor);
      assertEquals(pixel(image, 12 + at(x), top + at(y)), pixel(picture, x, y), `column ${x}, row ${y}`);
    }
  }
});

Deno.test("a map shows its lowest and highest values in the ends of its colour scale", async () => {
  const image = await drawn(heatmap({ title: "", values: [0, 1, 2, 3], height: 2, width: 2, unit: "bits" }));
  const dark = Math.max(...runs(image, "#440154")), bright = Math.max(...runs(image, "#fde725"));
  assert(dark > 100 && bright > 100, `${dark} and ${bright} pixels`);
  const failed = assertThrows(
    () => heatmap({ title: "", values: [1], height: 2, width: 2, unit: "" }),
    MdlError,
  );
  assertEquals(failed.code, "usage");
});

Deno.test("an SVG holds its texts, and the given size", async () => {
  const figure = FIGURES["sizes"]!;
  const svg = await toSvg({ ...figure, layout: { ...figure.layout, width: 900, height: 500 } });
  assert(/^<svg [^>]*width="900" height="500"/.test(svg), svg.slice(0, 200));
  for (const text of ["raw 1,024,000 bytes", "size (bytes)", "gzip -9:\u2002954,385"]) {
    assert(svg.includes(text), text);
  }
});

Deno.test("Chinese is drawn as letters, beside Latin ones with ligatures, too", async () => {
  const inked = async (text: string) => {
    const image = await drawn(
      lines({ title: text, series: [], ...axes, x: { title: "" }, y: { title: "" } }),
    );
    return image.pixels.subarray(0, 3 * image.width * 40).toHex();
  };
  const [one, other, missing] = [await inked("文件"), await inked("字节"), await inked("\u{20000}\u{20001}")];
  assert(one !== other && one !== missing && other !== missing, "two words look different, and unlike boxes");
  assert(await inked("file 文件") !== await inked("file 字节"));
});

Deno.test("a title too wide for its axis is on two lines, and what is not known stays in English", () => {
  const upright = (title: string) =>
    lines({ title: "", series: [curve(3)], x: { title: "epoch" }, y: { title } }).layout.yaxis!.title;
  assertEquals(upright("program (bytes)"), { text: "program (bytes) · 程序（字节）", standoff: 8 });
  assertEquals(upright("description length (bits per byte of text)"), {
    text: "description length (bits per byte of text)<br>描述长度（比特/文本字节）",
    standoff: 8,
  });
  assertEquals(upright("smoots (parsecs)"), { text: "smoots (parsecs)", standoff: 8 });
  assertEquals(
    inBothLanguages("size (bytes; raw 1,024)"),
    "size (bytes; raw 1,024) · 大小（字节；原始 1,024）",
  );
});

Deno.test("a title in two languages is on a line for each", () => {
  const { title } = lines({ title: "Costs of it all · 全部代价", series: [curve(3)], ...axes }).layout;
  assertEquals(title, { ...title as object, text: "Costs of it all<br>全部代价" });
});

Deno.test("axes of the article's sections are named in both languages", async () => {
  const english: string[] = [], scripts = new URL("../scripts/", import.meta.url);
  for await (const { name } of Deno.readDir(scripts)) {
    if (!/^0[1-9]_\w+\.ts$/.test(name)) continue;
    const text = await Deno.readTextFile(new URL(name, scripts));
    for (const [, title] of text.matchAll(/^ +(?:x|y): \{ title: "([^"]+)"/gm)) {
      if (inBothLanguages(title!) === title) english.push(`${name}: ${title}`);
    }
  }
  assertEquals(english, []);
});

Deno.test("titles of figures in the article's sections are in both languages", async () => {
  const english: string[] = [], scripts = new URL("../scripts/", import.meta.url);
  const literal = /(?:"[^"]*"|`[^`]*`)/.source, text = `(${literal}(?:\\s*\\+\\s*${literal})*)`;
  const titles = [ // of a figure, not of a panel in it; the name of pictures stands above them
    new RegExp(`figures\\.(?:flow\\(|\\w+\\(\\{\\s*title:)\\s*${text}`, "g"),
    new RegExp(`figures\\.showImages\\([^]*?${text},?\\s*(?:\\d,?\\s*)?\\);`, "g"),
  ];
  for await (const { name } of Deno.readDir(scripts)) {
    if (!/^0[0-9]_\w+\.ts$/.test(name)) continue;
    const code = await Deno.readTextFile(new URL(name, scripts));
    for (const [, title] of titles.flatMap((title) => [...code.matchAll(title)])) {
      const words = title!.replaceAll(/\$\{[^}]*\}/g, "");
      if (/\w/.test(words) && !/ · [^]*\p{Script=Han}/u.test(words)) english.push(`${name}: ${title}`);
    }
  }
  assertEquals(english, []);
});

Deno.test("traces that need WebGL are refused", async () => {
  for (const type of ["scattergl", "surface", "parcoords"] as const) {
    const error = await assertRejects(() => toSvg({ data: [{ type }], layout: {} }), MdlError);
    assertEquals(error.code, "unsupported");
  }
});

Deno.test("a table is HTML, Markdown and text at once", () => {
  const bundle = tableBundle([{ codec: "a<b|c", bytes: 1234 }, { codec: "xz", bytes: undefined }]);
  assertEquals(bundle["text/plain"], "codec  bytes\na<b|c  1,234\nxz         –");
  assertEquals(bundle["text/markdown"], "| codec | bytes |\n|---|---:|\n| a<b\\|c | 1,234 |\n| xz | – |");
  assert(bundle["text/html"].includes('<td style="text-align: left">a&lt;b|c</td>'));
});

Deno.test("a table as CSV keeps numbers as they are", () => {
  const csv = tableCsv([{ codec: 'a "b", c', bytes: 1234.5 }, { codec: "xz", bytes: undefined }]);
  assertEquals(csv, 'codec,bytes\r\n"a ""b"", c",1234.5\r\nxz,\r\n');
});

Deno.test("progress says how much is done and how long it will take", () => {
  const step = { label: "training", done: 250, total: 1000, unit: "steps", note: "4.81 bits/pixel" };
  const line = progressLine(step, 30);
  assertEquals(line, "training  ██████░░░░░░░░░░░░░░░░░░  25 %  1:30 left  250/1,000 steps  4.81 bits/pixel");
  assert(progressLine(step, 30, 200).includes("  7:30 left  "), "resumed at 200: 50 steps took 30 s");
  assert(progressLine({ ...step, done: 1000 }, 4000).includes("  in 1:06:40  "));
});

Deno.test("progress is shown at the surface's pace, and always to its end", async () => {
  const shown: string[] = [];
  let time = 0;
  const surface = {
    interval: 100,
    write: (line: string, final: boolean) => void shown.push(`${line.split("  ").at(-1)} ${final}`),
  };
  const bar = progressOn(surface, () => time);
  const report = (label: string, done: number) => bar.report({ label, done, total: 40, unit: "u" });
  for (let done = 0; done <= 40; done++, time += 10) report("a", done);
  report("b", 1);
  report("b", 2);
  report("c", 3); // b was broken off: its last state remains
  await bar.close();
  assertEquals(shown, [
    ...[0, 10, 20, 30].map((done) => `${done}/40 u false`),
    "40/40 u true",
    "2/40 u true",
    "3/40 u true",
  ]);
});
