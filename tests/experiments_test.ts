/** Experiments: arithmetic of effects, intervals and crossings; measured once and kept; results read by their hash. */
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import { type Job, measureAll, shares } from "../scripts/laboratory/measure/campaign.ts";
import { crossing, describeCrossing } from "../scripts/laboratory/measure/crossings.ts";
import { COMBINATIONS, effectsOf, nameLevels } from "../scripts/laboratory/measure/effects.ts";
import {
  factorialPanels,
  factorialSteps,
  measureFactorial,
  summarise,
  variantOf,
} from "../scripts/laboratory/measure/factorial.ts";
import { intervalName, intervalOf } from "../scripts/laboratory/measure/interval.ts";
import { keep, kept, nameOf } from "../scripts/laboratory/measure/keep.ts";
import { loadResults, saveResults } from "../scripts/laboratory/measure/results.ts";
import { OURS, programJob } from "../scripts/laboratory/measure/codings.ts";
import { measureScale, scaleCsv } from "../scripts/laboratory/measure/scale.ts";
import { narrowestWithoutLoss, sharingCases } from "../scripts/laboratory/measure/sharing_kinds.ts";
import {
  decoderHashes,
  sharedVariant,
  unsharedVariant,
  variantIdentity,
} from "../scripts/laboratory/measure/variant.ts";
import { strips } from "../scripts/laboratory/figures/strips.ts";
import { toSvg } from "../scripts/laboratory/figures/render.ts";
import type { Progress } from "../lib/progress.ts";
import { features } from "../lib/stages/features.ts";
import { contextOf } from "../lib/context.ts";
import { builtFile, moduleNames } from "../scripts/build_decoder.ts";
import { transform } from "../lib/image/transform.ts";
import { inFolder } from "./in_folder.ts";

const filesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("an interval is Student's, over the values' own number", () => {
  const { mean, half, least, most } = intervalOf([1, 2, 3]);
  assertEquals([mean, least, most], [2, 1, 3]);
  assertAlmostEquals(half!, 4.303 / Math.sqrt(3), 1e-3);
  assertEquals(intervalOf([5]), { mean: 5, half: null, least: 5, most: 5 });
  assertEquals(intervalName(3), "95 % interval (t, 3 seeds, 2 d.f.)");
});

Deno.test("effects: what sizes were made of comes back, and what a seed does to all programs cancels", () => {
  // sharing −100, hierarchy +10, attention −4, sharing and attention together −6 more; a seed shifts all by 1000
  const points = [1, 2, 3].flatMap((seed) =>
    COMBINATIONS.map((levels) => {
      const { sharing: s, hierarchy: h, attention: a } = levels;
      return { seed, levels, bytes: 5000 + 1000 * seed - 100 * +s + 10 * +h - 4 * +a - 6 * +(s && a) };
    })
  );
  assertEquals(new Set(COMBINATIONS.map(nameLevels)).size, 8);
  const effects = Object.fromEntries(
    effectsOf(points).map((
      e,
    ) => [e.mechanisms.join(" × "), [e.effect.mean, e.effect.half, e.alone?.mean, e.last?.mean]]),
  );
  assertEquals(effects, {
    "sharing": [-103, 0, -100, -106],
    "hierarchy": [10, 0, 10, 10],
    "attention": [-7, 0, -4, -10],
    "sharing × hierarchy": [0, 0, undefined, undefined],
    "sharing × attention": [-3, 0, undefined, undefined],
    "hierarchy × attention": [0, 0, undefined, undefined],
    "sharing × hierarchy × attention": [0, 0, undefined, undefined],
  });
});

Deno.test("crossings are interpolated in logarithms, or said to be at the start or nowhere", () => {
  const curve = (...bytes: number[]) => bytes.map((size, i) => ({ count: 10 ** (i + 1), bytes: size }));
  const theirs = curve(1000, 10_000, 100_000);
  const between = crossing(curve(4000, 20_000, 50_000), theirs);
  if (between.kind !== "crosses") throw new Error(between.kind);
  assertAlmostEquals(between.at, 10 ** 2.5, 1e-9); // from a factor 2 above to a factor 2 below
  assertEquals(between.between, [100, 1000]);
  const steep = crossing(curve(4000, 40_000, 50_000), theirs); // from a factor 4 above to a factor 2 below
  assertAlmostEquals(Math.log10("at" in steep ? steep.at : 0), 2 + 2 / 3, 1e-9);
  assertEquals(describeCrossing(between), "from about 316 images on");
  assertEquals(describeCrossing(crossing(curve(999, 9999, 99), theirs)), "already at 10 images");
  const never = describeCrossing(crossing(curve(999, 9999, 100_000), theirs));
  assertEquals(never, "never within the range, up to 1,000 images");
  const again = crossing(curve(999, 10_001, 99_999), theirs); // shorter, longer, shorter: only the last stays
  assertEquals("between" in again && again.between, [100, 1000]);
  assertEquals(crossing(theirs, []).kind, "unknown");
});

Deno.test("a measurement is kept under all that it depends on; a damaged or another one is none", async () => {
  await inFolder(async (folder) => {
    const identity = { set: "a", spec: { width: 8, bits: 6 }, seed: 1 };
    assertEquals(nameOf(identity), nameOf({ seed: 1, spec: { bits: 6, width: 8 }, set: "a" }));
    await keep(folder, identity, { bytes: 77 });
    assertEquals(filesIn(folder), [`${nameOf(identity)}.json`]);
    assertEquals(await kept(folder, identity), { bytes: 77 });
    assertEquals(await kept(folder, { ...identity, seed: 2 }), null);
    const path = `${folder}/${nameOf(identity)}.json`, text = Deno.readTextFileSync(path);
    for (const damaged of [text.replace("77", "78"), text.slice(0, -5), ""]) {
      Deno.writeTextFileSync(path, damaged);
      assertEquals(await kept(folder, identity), null);
    }
  });
});

Deno.test("a campaign measures each thing once, shows its progress, and stopped goes on where it was", async () => {
  await inFolder(async (folder) => {
    const made: string[] = [], seen: Progress[] = [], log: string[] = [], stop = new AbortController();
    const job = (name: string): Job<string> => ({
      label: name,
      identity: { name },
      cost: 2,
      measure(context) {
        if (name === "c" && !made.includes("stopped")) {
          made.push("stopped");
          stop.abort();
          context.signal.throwIfAborted();
        }
        context.progress({ label: "train", done: 1, total: 2, unit: "steps" });
        made.push(name);
        return Promise.resolve(name === "absent" ? null : name.toUpperCase());
      },
    });
    const jobs = ["a", "b", "a", "absent", "c"].map(job), campaign = { label: "all", unit: "GFLOP", folder };
    const run = (signal?: AbortSignal) =>
      measureAll(
        jobs,
        campaign,
        contextOf(1, {
          progress: (p) => seen.push(p),
          log: (line) => log.push(line),
          ...signal && { signal },
        }),
      );
    const error = await assertRejects(() => run(stop.signal), MdlError) as MdlError;
    assertEquals([error.code, made.join(), filesIn(folder).length], ["interrupted", "a,b,absent,stopped", 2]);
    assert(filesIn(folder).every((name) => name.endsWith(".json")));
    assertEquals(seen.map(({ done }) => done).slice(0, 4), [0, 0, 2, 2]);

    assertEquals(await run(), ["A", "B", "A", null, "C"]);
    assertEquals(log, ["all: measurements kept: 2, to make: 2"]);
    assertEquals([made.join(), seen.at(-1)!.done, seen.at(-1)!.total], ["a,b,absent,stopped,absent,c", 4, 4]);
  });
});

Deno.test("a job's progress goes through its parts, model after model, and never back", () => {
  const share = shares([["train", 6], ["encode", 1], ["train", 6], ["encode", 1], ["decode", 2]]);
  const seen = ([
    ["survey", 5],
    ["train", 5],
    ["train", 10],
    ["encode", 10],
    ["train", 5],
    ["encode", 0],
    ["train", 1], // there is no third
    ["decode", 5],
  ] as const).map(([label, done]) => share({ label, done, total: 10, unit: "" }) * 16);
  assertEquals(seen, [0, 3, 6, 7, 10, 13, 13, 15]);
});

Deno.test("results are read by their hash, and refused when it is another one", async () => {
  await inFolder(async (folder) => {
    const sha256 = await saveResults(folder, "x", { points: [1, 2] }), path = `${folder}/x.json`;
    assertEquals(await loadResults(path, sha256), { points: [1, 2] });
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace("2", "3"));
    const codes = await Promise.all(
      [path, `${folder}/y.json`].map(async (file) =>
        (await assertRejects(() => loadResults(file, sha256), MdlError) as MdlError).code
      ),
    );
    assertEquals(codes, ["integrity", "not-found"]);
  });
});

Deno.test("the factorial: with and without sharing, decoded and verified, at equal FLOP; a second run measures nothing", async () => {
  const backend = await openBackend("wasm"), lines: string[] = [];
  const set = transform(drawScenes({ take: 8 }), { size: { width: 8, height: 8 } });
  const seeds = [1, 2], flop = 2e7;
  await inFolder(async (folder) => {
    const plan = {
      seeds,
      backend: backend.name,
      training: { flop, preset: "smoke" as const },
      campaign: { label: "ablate", unit: "GFLOP", folder },
    };
    const run = () => measureFactorial(set, plan, contextOf(1, { log: (line) => lines.push(line) }));
    const points = await run(), files = filesIn(folder);
    assertEquals([points.length, files.length], [16, 16]);
    for (const { levels, bytes, weights, payload, flop: spent, parameters } of points) {
      assert(spent >= flop && spent < 2 * flop, `${spent} FLOP`);
      assert(weights + payload < bytes && bytes < weights + payload + 10_000, `${bytes} bytes`);
      assert(levels.sharing ? parameters < 6400 : parameters > 64 * 100);
    }
    assertEquals(new Set(points.map(({ program }) => program)).size, 16);
    assertEquals(await run(), points);
    assertEquals(filesIn(folder), files);
    assertMatch(lines.at(-1)!, /kept: 16, to make: 0/);

    const summaries = summarise(points), steps = factorialSteps(set.symbols.length, summaries);
    const sum = steps.slice(0, -1).reduce((total, { bytes }) => total + bytes, 0);
    assertAlmostEquals(sum, steps.at(-1)!.bytes, 1e-6);
    const figure = strips({
      title: "",
      panels: factorialPanels(points),
      series: ["seed 1", "seed 2"],
      interval: intervalOf,
      intervalName: "mean",
    });
    const drawn = figure.data.filter(({ name }) => name?.startsWith("seed")) as { x: number[] }[];
    assertEquals(drawn.flatMap(({ x }) => x).sort(), points.map(({ bytes }) => bytes).sort());
    assert((await toSvg(figure)).includes("sharing + hierarchy + attention"));
  });
  await backend.close();
});

Deno.test("the hash covers set, model, schedule, seed, backend and decoder; an image has no more cells than pixels", async () => {
  const set = drawScenes({ take: 2 }), context = contextOf(1), training = { flop: 1e7 };
  const identity = await variantIdentity(set, sharedVariant(1e7), training, "wasm", context);
  const built = moduleNames.filter((name) => builtFile(name).pathname.includes("/lib/decoder/"));
  const files = Object.keys(await decoderHashes("text")), images = Object.keys(identity.decoder as object);
  assertEquals([...new Set([...images, ...files])].sort(), built.map((name) => `${name}.wasm`).sort());
  assertEquals(images.filter((name) => files.includes(name)), ["stored.wasm"]);
  const others = await Promise.all([
    variantIdentity(drawScenes({ take: 3 }), sharedVariant(1e7), training, "wasm", context),
    variantIdentity({ ...set, names: ["a", "b"] }, sharedVariant(1e7), training, "wasm", context),
    variantIdentity(set, unsharedVariant(set), training, "wasm", context),
    variantIdentity(set, sharedVariant(1e7), { flop: 2e7 }, "wasm", context),
    variantIdentity(set, sharedVariant(1e7), training, "cpu", context),
    variantIdentity(set, sharedVariant(1e7), training, "wasm", contextOf(2)),
  ]);
  assertEquals(new Set([identity, ...others].map(nameOf)).size, 7);
  const thin = { ...set, groups: [{ count: 2, height: 64, width: 16 }] };
  assertEquals(unsharedVariant(thin).sharing.cells, 16);
  assertEquals(variantOf(set, COMBINATIONS[0]!, 1e7).sharing.cells, 32);
});

Deno.test("kinds of sharing: every case has what it is compared with; the narrowest without loss is found", async () => {
  const cases = await sharingCases(drawScenes({ take: 2 }), 1e7, contextOf(1));
  for (const { kind, against } of cases) {
    assert(cases.some((one) => one.kind === kind && one.setting === against), `${kind}, ${against}`);
  }
  assert(cases.some(({ setting }) => setting === "width 56")); // 8,972 of 93,248 parameters
  const width = (parameters: number, difference: number) => ({
    kind: "width" as const,
    setting: `${parameters}`,
    against: "9",
    parameters,
    points: [],
    weights: intervalOf([1]),
    bytes: intervalOf([1]),
    difference: intervalOf([difference]),
  });
  const found = narrowestWithoutLoss([width(9, 0), width(7, 5), width(5, -3), width(3, 8)]);
  assertEquals(found.parameters, 5);
});

Deno.test("scale: ours and the codecs on growing parts of a set, kept, and as CSV", async () => {
  const backend = await openBackend("wasm"), set = drawScenes({ take: 12 });
  await inFolder(async (folder) => {
    const run = () =>
      measureScale(set, {
        counts: [3, 12],
        preset: "smoke",
        seed: 1,
        backend: backend.name,
        campaign: { label: "scale", unit: "s", folder },
      }, contextOf(1));
    const points = await run();
    const others = points.filter(({ codec }) => codec !== OURS && codec !== "paq8px");
    assertEquals(others.map(({ count, codec }) => `${count} ${codec}`), [
      "3 xz",
      "3 WebP",
      "3 JPEG XL",
      "12 xz",
      "12 WebP",
      "12 JPEG XL",
    ]);
    const [few, many] = points.filter(({ codec }) => codec === OURS);
    assert(few!.bytes > 3 * 1024 && many!.bytes < 12 * 1024, `${few!.bytes} and ${many!.bytes} bytes`);
    assertEquals(await run(), points);
    const csv = scaleCsv(points).trim().split("\n");
    assertMatch(csv[1]!, /^3,MDLab,\d+,\d+\.\d{3},[\d.]+,[\d.]+,"(stored|width \d+, \d+ parameters)"$/);
    assertEquals(csv.length, points.length + 1);
  });
  await backend.close();
});

Deno.test("a program's times are apart: encoding and decoding fit into the time that both took", async () => {
  const backend = await openBackend("wasm"), context = contextOf(1);
  const plan = await features({ width: 8, blocks: 0 }).run(drawScenes({ take: 40 }), context);
  const run = { seed: 1, backend: backend.name };
  const job = await programJob(plan, { preset: "smoke", steps: 5, exactly: true }, run),
    begun = performance.now();
  const { encodingSeconds, decodingSeconds } = (await job.measure(context))!;
  const both = encodingSeconds + decodingSeconds, whole = (performance.now() - begun) / 1000;
  assert(decodingSeconds > 0 && both <= whole, `${both} of ${whole} s`);
  await backend.close();
});
