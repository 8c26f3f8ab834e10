/** One mistake in a call is one sentence: what a notebook may get wrong, for no types are checked there. */
// deno-lint-ignore-file no-explicit-any
import { assertEquals, assertMatch } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import * as article from "../notebooks/experiments/article/mod.ts";
import * as enumeration from "../notebooks/experiments/enumeration/mod.ts";
import * as history from "../notebooks/experiments/history/mod.ts";
import * as language from "../notebooks/experiments/language/mod.ts";
import * as networks from "../notebooks/experiments/networks/mod.ts";
import * as pca from "../notebooks/experiments/pca/mod.ts";
import * as programs from "../notebooks/experiments/programs/mod.ts";
import * as scenes from "../notebooks/experiments/scenes/mod.ts";
import * as image from "../lib/image/mod.ts";
import * as typed from "../lib/mod.ts";
import * as figures from "../scripts/laboratory/figures/mod.ts";
import { trainLanguages } from "../notebooks/experiments/language/jobs.ts";
import * as laboratory from "../scripts/laboratory/mod.ts";
import {
  checkArguments,
  checkOptions,
  FLAG,
  listOf,
  nearest,
  required,
  TEXT,
  whole,
} from "../lib/options.ts";

const lib: any = Object.assign(
  { trainLanguages },
  article,
  typed,
  image,
  laboratory,
  figures,
  enumeration,
  history,
  language,
  networks,
  pca,
  programs,
  scenes,
);
const set = await typed.loadDataset("scenes", { take: 2 }), context = typed.contextOf(1);
const bytes = new Uint8Array(8), figure = { title: "t", x: { title: "x" }, y: { title: "y" }, series: [] };

/** The error of a call; every mistake is refused before any work begins. */
async function errorOf(call: () => unknown): Promise<MdlError> {
  const error = await Promise.resolve().then(call).then(() => "accepted", (error) => error);
  if (error instanceof MdlError) return error;
  throw new Error(`${call}: ${error}`);
}

const mistakes: readonly (readonly [() => unknown, RegExp])[] = [
  [() => lib.openBackend("gpu"), /^openBackend: backend takes auto, wasm, webgpu or cpu, not “gpu”\.$/],
  [() => lib.openBackend(), /^openBackend needs backend: /],
  [
    () => lib.preprocess({ size: 32 }),
    /^preprocess: the option size takes a width and a height .* not 32\.$/,
  ],
  [() => lib.preprocess({ grey: true }), /^preprocess has no option grey: did you mean gray\?$/],
  [() => lib.preprocess("gray"), /^preprocess takes its options as one object, not “gray”\.$/],
  [
    () => lib.features({ width: -3 }),
    /^features: the option width takes a multiple of 4 from 4 to 128, not -3\.$/,
  ],
  [() => lib.features({ leastSquares: "yes" }), /leastSquares takes true or false, not “yes”/],
  [() => lib.sharing({ position: true }), /^sharing has no option position: did you mean positions\?$/],
  [
    () => lib.sharing({ colour: 1 }),
    /^sharing has no option colour: it takes positions, cells, layers, scales, bits, statistics, files\.$/,
  ],
  [
    () => lib.hierarchy({ order: "spiral" }),
    /^hierarchy: the option order takes raster or pyramid, not “spiral”\.$/,
  ],
  [
    () => lib.attention({ over: "patch" }),
    /^attention: the option over takes none or patches, not “patch”\.$/,
  ],
  [
    () => lib.compress({ preset: "fast" }),
    /^compress: the option preset takes smoke, quick or paper, not “fast”\.$/,
  ],
  [() => lib.compress({ steps: 2.5 }), /steps takes a whole number from 1 on, not 2\.5/],
  [() => lib.compress({ prior: bytes }), /prior takes a model, as modelOf gives it, not 8 bytes/],
  [
    () => lib.compress({ prior: { spec: {}, channels: 1, weights: [], steps: {} } }), // of no program
    /prior takes a model, as modelOf gives it, not an object/,
  ],
  [
    () => lib.compress().run(set, context),
    /^compress\(\)\.run: input takes a plan, .* not a set of images\.$/,
  ],
  [
    () => lib.compress().run({ dataset: set, spec: {} }, { sed: 2 }),
    /^contextOf has no option sed: did you mean seed\?$/,
  ],
  [() => lib.features().run(Promise.resolve(set), context), /not a promise: await it\.$/],
  [() => lib.generate({ count: 0 }), /^generate: the option count takes a whole number from 1 on, not 0\.$/],
  [() => lib.generate().run(set, context), /^generate\(\)\.run: input takes a program/],
  [() => lib.pipe(lib.features), /^pipe: stages takes a list of stages/],
  [() => lib.pipe(lib.features()).run(set, 7), /^pipe\(\)\.run: context takes a context, .* not 7/],
  [() => lib.contextOf("x"), /^contextOf: seed takes a whole number from 0 /],
  [() => lib.contextOf(1, { log: "loud" }), /^contextOf: the option log takes a function, not “loud”\.$/],
  [() => lib.loadFolder(3), /^loadFolder: path takes a text, not 3\.$/],
  [() => lib.loadFolder("x", { takes: 3 }), /^loadFolder has no option takes: did you mean take\?$/],
  [() => lib.loadDataset("scenes", { takes: 3 }), /^loadDataset has no option takes: did you mean take\?$/],
  [() => lib.loadDataset("scenes", { take: 0 }), /take takes a whole number from 1 on, not 0/],
  [() => lib.loadDataset("scenes", { first: "last" }), /first takes train or test/],
  [
    () => lib.take("scenes", 3),
    /^take: set takes a set of images, as loadDataset or loadFolder gives it, not “scenes”/,
  ],
  [() => lib.select(set, [2]), /indices of images, not a list of 1/],
  [
    () => lib.measureBaselines(set, { effort: "fast", only: ["JPEG XL"] }),
    /effort takes quick or slow, not “fast”/,
  ],
  [
    () => lib.measureBaselines(set, { effort: "quick", only: ["jxl"] }),
    /only takes a list of codecs: gzip, .* not a list/,
  ],
  [() => lib.codeLossy(set, "jpeg", 3), /codec takes JPEG, WebP or JPEG XL, not “jpeg”/],
  [
    () => lib.generate({ count: 2.5, seed: -1 }),
    /^generate: the option count takes a whole number from 1 on, not 2\.5\.$/,
  ],
  [() => lib.programOf("x.wasm"), /^programOf: bytes takes bytes, a Uint8Array, not “x\.wasm”\.$/],
  [() => lib.decodePrefix(bytes, { scale: 2 }), /^decodePrefix has no option scale: did you mean scales\?$/],
  [() => lib.modelOf(set), /^modelOf: bytes takes bytes, a Uint8Array, not a set of images\.$/],
  [() => lib.bitsOf(set, set), /^bitsOf: model takes a model, as modelOf gives it/],
  [() => lib.compareSharing(set, 3), /^compareSharing: context takes a context/],
  [() => lib.trainClassifier(set, { epoch: 3 }, context), /no option epoch: did you mean epochs\?/],
  [() => lib.trainLanguages({}, context), /^trainLanguages: jobs takes a list of jobs/],
  [
    () => lib.sizeBars({ title: "t", sizes: [] }),
    /^sizeBars needs the option references: a list of references/,
  ],
  [() => lib.sizeBars({ title: "t", sizes: 3, references: [] }), /sizes takes a list of sizes, .* not 3/],
  [
    () => lib.waterfall({ title: "t", steps: [{}], references: [] }),
    /steps takes a list of steps, each with label/,
  ],
  [
    () => lib.lines({ ...figure, reference: [] }),
    /^lines has no option reference: did you mean references\?$/,
  ],
  [() => lib.scatter({ ...figure, y: "bytes" }), /^scatter: the option y takes a scale with its title/],
  [() => lib.fits({ ...figure, series: undefined }), /^fits needs the option series/],
  [() => lib.heatmap({ title: "t" }), /^heatmap needs the option values/],
  [() => lib.distributions({ title: "t" }), /^distributions needs the option x/],
  [() => lib.dots(), /^dots takes its options as one object, not undefined\.$/],
  [() => lib.stackedBars({}), /^stackedBars needs the option title/],
  [() => lib.strips({ title: 3 }), /^strips: the option title takes a text, not 3/],
  [() => lib.show({}, "x"), /^show: figure takes a figure/],
  [() => lib.showTable("x", "y"), /^showTable: rows takes a list of rows/],
];

for (const [call, sentence] of mistakes) {
  Deno.test(`one mistake is one sentence: ${String(call).replace(/^.*?lib\./, "")}`, async () => {
    const { code, message } = await errorOf(call);
    assertEquals(code, "usage");
    assertMatch(message, sentence);
    assertMatch(message, /^[^\n]{1,300}[.?]$/);
  });
}

Deno.test("what is undefined is absent, and what is right goes through", () => {
  const kinds = { count: required(whole(1)), gray: FLAG, names: listOf("names", TEXT) };
  checkOptions("f", { count: 1, gray: undefined, other: undefined }, kinds);
  checkOptions("f", { count: 1, gray: false, names: [] }, kinds);
  checkArguments("f", { count: 3, gray: true, names: ["a"] }, kinds);
  typed.preprocess({ gray: true, size: { width: 3, height: 4 } });
  typed.compress({ preset: "smoke", steps: 3, exactly: true, preprocess: {} });
});

Deno.test("a name that was nearly right is suggested, another is not", () => {
  const names = ["positions", "cells", "scales", "bits"];
  assertEquals(["position", "Cells", "scale", "bit", "colour", "x", ""].map((name) => nearest(name, names)), [
    "positions",
    "cells",
    "scales",
    "bits",
    undefined,
    undefined,
    undefined,
  ]);
});
