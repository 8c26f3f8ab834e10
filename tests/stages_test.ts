/** The chain from images to a program and back: stages, prices, choice of a model, determinism, resuming. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type BackendName, openBackend } from "../lib/backend/backend.ts";
import { type Dataset, dataset } from "../lib/image/dataset.ts";
import { drawNoise } from "../lib/sources/noise.ts";
import { random } from "../lib/random.ts";
import { estimateBaselines } from "../scripts/laboratory/baselines/estimate.ts";
import { aboutSeconds } from "../lib/duration.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import { checkpointFile } from "../lib/training/checkpoint.ts";
import { parameterCount } from "../lib/image/spec.ts";
import type { Progress } from "../lib/progress.ts";
import { mermaid, pipe } from "../lib/pipeline.ts";
import { contextOf, type Reports } from "../lib/context.ts";
import { attention } from "../lib/stages/attention.ts";
import { compress, type Compressed, type CompressOptions } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import type { Plan } from "../lib/stages/mechanism.ts";
import { generate } from "../lib/stages/generate.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { scalesFor } from "../lib/image/mechanisms.ts";
import { type Order, ORDERS } from "../lib/program/header.ts";
import { preprocess } from "../lib/stages/preprocess.ts";
import { stagePrices } from "../lib/stages/prices.ts";
import { sharing } from "../lib/stages/sharing.ts";
import type { SharingOptions } from "../lib/codecs.ts";

async function withBackend(name: BackendName, work: () => Promise<void>): Promise<void> {
  const backend = await openBackend(name);
  try {
    await work();
  } finally {
    await backend.close();
  }
}

const SMALL = { width: 8, blocks: 1, neighbours: 8 };

/** Plans a small model, in raster order or as a pyramid with attention. */
async function planned(set: Dataset, order: Order = "raster", share: SharingOptions = {}): Promise<Plan> {
  const over = order === "pyramid" ? "patches" : "none";
  const chain = pipe(features(SMALL), sharing(share), hierarchy({ order }), attention({ over }));
  return (await chain.run(set, contextOf(1))).output;
}

/** Compresses with one small model, seed 1. */
async function program(
  set: Dataset,
  options: CompressOptions,
  share: SharingOptions = {},
  order: Order = "raster",
): Promise<Compressed> {
  const plan = await planned(set, order, share);
  return await compress({ exactly: true, ...options }).run(plan, contextOf(1));
}

Deno.test("the chain keeps what goes in and out, says what is absent, and its prices sum to the file", async () => {
  await withBackend("wasm", async () => {
    const lines: string[] = [];
    const chain = pipe(
      preprocess({ take: 9 }),
      features(),
      sharing(),
      hierarchy(),
      attention(),
      compress({ steps: 60, threads: 1 }),
      generate({ count: 2 }),
    );
    const scenes = drawScenes({ take: 10 });
    const { output, passages } = await chain.run(scenes, contextOf(1, { log: (line) => lines.push(line) }));
    const names = ["preprocess", "features", "sharing", "hierarchy", "attention", "compress", "generate"];
    assertEquals(passages.map(({ stage }) => stage.name), names);
    passages.forEach(({ input, seconds }, i) => {
      assert(input === (i ? passages[i - 1]!.output : scenes) && seconds >= 0);
    });
    for (const { stage, input, output } of passages) {
      if (!stage.active) assert(input === output && /^(absent|off)/.test(stage.summary), stage.summary);
    }
    assertEquals(passages.filter(({ stage }) => !stage.active).map(({ stage }) => stage.name), [
      "hierarchy",
      "attention",
    ]);
    const set = passages[0]!.output as Dataset, made = passages[5]!.output as Compressed;
    assertEquals(set.symbols, scenes.symbols.slice(0, 9 * 1024));
    assertEquals((await made.verify(set)).symbols, 9 * 1024);
    assertEquals(output.groups, [{ count: 2, height: 32, width: 32 }]);

    const prices = stagePrices(chain.stages, made.ledger);
    assertEquals(prices.map(({ stage }) => stage), chain.stages);
    assertEquals(prices.reduce((sum, { bytes }) => sum + bytes, 0), made.bytes.length);
    assertEquals(prices.map(({ bytes }) => bytes > 0), [false, true, true, false, false, true, false]);
    const entry = (name: string) => made.ledger.entries.find((e) => e.name === name)!;
    assertEquals(prices[2]!.bytes, entry("weights").bytes);
    const { bytes, estimatedBits } = entry("payload");
    assert(Math.abs(8 * bytes - estimatedBits!) < 0.001 * estimatedBits! + 64);
    assertMatch(lines.join("\n"), /9,216 bytes before coding[^]*inputs for each symbol[^]*parameters/);

    const diagram = mermaid(chain).split("\n");
    for (const line of ["graph TD", '    G --> H["generate 生成新数据"]', "    class E,F absent"]) {
      assert(diagram.includes(line), diagram.join("\n"));
    }
    assertEquals(diagram.filter((line) => line.includes("-.-> A")).length, 1);
    assert(!mermaid(pipe(features(), compress())).includes("-.->"), "no loop without generating");
  });
});

Deno.test("what sharing is compared with are positions where there are so many, and parts of an image elsewhere", async () => {
  const said = async (height: number, width: number) => {
    const lines: string[] = [], groups = [{ count: 1, height, width }];
    const symbols = new Uint8Array(height * width);
    const set = dataset({ ...drawScenes({ take: 1 }), groups, symbols });
    await pipe(features(), sharing()).run(set, contextOf(1, { log: (line) => lines.push(line) }));
    return lines.at(-1)!.replace(/.* with /, "");
  };
  assertEquals([await said(32, 32), await said(28, 28), await said(40, 48), await said(5, 64)], [
    "a predictor for each of 32×32 positions",
    "a predictor for each of 28×28 positions",
    "a predictor for each of 32×32 parts of an image",
    "a predictor for each of 5×5 parts of an image",
  ]);
});

Deno.test("a stage that is off hands on its very input", async () => {
  const plan = await planned(drawScenes({ take: 1 })), context = contextOf(1);
  for (
    const stage of [hierarchy(), hierarchy({ order: "raster" }), attention(), attention({ over: "none" })]
  ) {
    assert(!stage.active && await stage.run(plan, context) === plan, stage.name);
  }
  const off = preprocess();
  assert(!off.active && await off.run(plan.dataset, context) === plan.dataset);
});

Deno.test("hierarchy makes a pyramid whose coarsest picture has 4 to 7 pixels a side; attention is over patches", async () => {
  assertEquals([1, 3, 4, 7, 8, 15, 16, 28, 32, 64].map(scalesFor), [1, 1, 1, 1, 2, 2, 3, 3, 4, 5]);
  const groups = [{ count: 1, height: 32, width: 32 }, { count: 1, height: 16, width: 64 }];
  const { spec } = await planned(dataset({ ...drawScenes({ take: 2 }), groups }), "pyramid");
  assertEquals([spec.scales, spec.attention, spec.leastSquares], [3, "patches", true]);
  await withBackend("wasm", async () => {
    const chain = pipe(
      features(SMALL),
      sharing(),
      hierarchy({ order: "pyramid" }),
      attention({ over: "patches" }),
      compress({ preset: "smoke", exactly: true, threads: 1 }),
    );
    const set = drawScenes({ take: 8 }), { output, passages } = await chain.run(set, contextOf(1));
    assert(passages.every(({ stage }) => stage.active));
    assertEquals((await output.verify(set)).symbols, set.symbols.length);
    assertEquals(output.info.order, "pyramid");
    const payloads = output.ledger.entries.filter(({ name }) => name.startsWith("payload"));
    assertEquals(payloads.map(({ name }) => name), [0, 1, 2, 3].map((scale) => `payload, scale ${scale}`));
    for (const { bytes, estimatedBits } of payloads) {
      assert(Math.abs(8 * bytes - estimatedBits!) < 0.01 * estimatedBits! + 64);
    }
    const prices = stagePrices(chain.stages, output.ledger);
    assertEquals(prices.reduce((sum, { bytes }) => sum + bytes, 0), output.bytes.length);
    assert(!mermaid(chain).includes("absent"));
    const drawn = await output.generate(2, 1);
    assertEquals([drawn.groups, drawn.sha256], [
      [{ count: 2, height: 32, width: 32 }],
      (await output.generate(2, 1)).sha256,
    ]);
  });
});

Deno.test("the shortest program is kept: a small model's for a small set, the stored one for noise", async () => {
  await withBackend("wasm", async () => {
    const compressed = async (set: Dataset) => {
      const { output } = await pipe(features(), sharing(), compress({ steps: 60, threads: 1 })).run(
        set,
        contextOf(1),
      );
      const sizes = output.tried.map(({ bytes }) => bytes);
      assertEquals([sizes.length, sizes[0]], [4, output.bytes.length]);
      assertEquals(sizes, sizes.toSorted((a, b) => a - b));
      await output.verify(set);
      return output;
    };
    const small = await compressed(drawScenes({ take: 30 }));
    const planned = await features().run(drawScenes({ take: 30 }), contextOf(1));
    const largest = `${parameterCount(planned.spec, 1).toLocaleString("en")} parameters`;
    assertEquals(small.tried.map(({ model }) => model).slice(2), [largest, "stored"]);
    assert(parameterCount(small.spec!, 1) < 2000);

    const noise = drawNoise({ take: 60 }), stored = await compressed(noise);
    assertEquals([stored.tried[0]!.model, stored.info.mode, stored.spec], ["stored", "stored", null]);
    assert(stored.bytes.length <= 1.01 * noise.symbols.length, `${stored.bytes.length} bytes`);
  });
});

Deno.test("wasm: the same seed gives the same bytes, on one thread and on two; another seed gives others", async () => {
  await withBackend("wasm", async () => {
    const set = drawScenes({ take: 6 });
    for (const order of ORDERS) {
      for (const scales of order === "raster" ? [true] : [true, false]) {
        const plan = await planned(set, order, { scales });
        assert(plan.spec.leastSquares);
        const run = (seed: number, threads: number) =>
          compress({ preset: "smoke", exactly: true, threads }).run(plan, contextOf(seed));
        const one = await run(1, 1), two = await run(1, 2), other = await run(2, 1);
        assertEquals(one.bytes, two.bytes);
        assert(one.bytes.join() !== other.bytes.join());
        assertEquals(one.info.record.seed, 1);
        for (const made of [one, other]) await made.verify(set);
        assert(one.trained!.curve.at(-1)!.bits < 6 && one.trained!.flop > 1e8);
      }
    }
  });
});

Deno.test("cpu: a tiny training twice gives the same bytes; every kind of sharing makes a program", async () => {
  await withBackend("cpu", async () => {
    const set = drawScenes({ take: 2 }), options = { steps: 4, batch: 64 };
    const once = await program(set, options);
    assertEquals((await program(set, options)).bytes, once.bytes);
    for (const share of [{ positions: false, cells: 2 }, { layers: true }, { bits: 3 }]) {
      const made = await program(set, options, share);
      await made.verify(set);
      if (share.positions === false) assertEquals(made.spec!.grid, 2);
    }
    for (const share of [{ scales: true }, { scales: false }, { positions: false, cells: 2 }]) {
      const made = await program(set, options, share, "pyramid");
      await made.verify(set);
      const { grid, scales, shareScales } = made.spec!;
      assertEquals([grid, scales, shareScales], [
        share.positions === false ? 2 : 1,
        4,
        share.scales !== false,
      ]);
    }
  });
});

Deno.test("what would take hours to code, or is too long a picture, is refused with advice", async () => {
  await withBackend("cpu", async () => {
    const of = {
      groups: [{ count: 12_000, height: 128, width: 128 }],
      symbols: new Uint8Array(12_000 * 2 ** 14),
    };
    const names = Array.from({ length: 12_000 }, (_, i) => `${i}`);
    const large = dataset({ ...drawScenes({ take: 1 }), ...of, names });
    const refused = () =>
      pipe(features({ width: 128, blocks: 8 }), compress({ steps: 1, batch: 8, exactly: true })).run(
        large,
        contextOf(1),
      );
    const error = await assertRejects(refused, MdlError, "hours on this machine; take at most") as MdlError;
    assertEquals(error.code, "too-large");
    const groups = [{ count: 1, height: 1, width: 2 ** 16 }], symbols = new Uint8Array(2 ** 16);
    const long = dataset({ ...drawScenes({ take: 1 }), groups, symbols });
    const tooLong = await assertRejects(
      () => program(long, { steps: 1 }),
      MdlError,
      "make it smaller (size)",
    ) as MdlError;
    assertEquals(tooLong.code, "unsupported");
    const odd = async () =>
      await pipe(features({ width: 10 }), compress()).run(drawScenes({ take: 1 }), contextOf(1));
    assertEquals((await assertRejects(odd, MdlError, "width") as MdlError).code, "usage");
  });
});

for (const order of ORDERS) {
  Deno.test(`an interrupted compression resumes from its checkpoint to the same bytes, and clears it away: ${order}`, async () => {
    const checkpoints = await Deno.makeTempDir();
    await withBackend("wasm", async () => {
      const plan = await planned(drawScenes({ take: 6 }), order);
      assert(plan.spec.leastSquares);
      const run = (folder: CompressOptions, reports: Reports = {}) =>
        compress({ steps: 600, exactly: true, threads: 1, ...folder }).run(plan, contextOf(1, reports));
      const whole = await run({});
      const stopped = async (folder: CompressOptions, at: string) => {
        const stop = new AbortController(),
          progress = ({ label, done, total }: Progress) => {
            if (label === at && (done < total || at === "encode")) stop.abort();
          };
        const { code, message } = await assertRejects(
          () => run(folder, { signal: stop.signal, progress }),
          MdlError,
        ) as MdlError;
        assertEquals([code, [...Deno.readDirSync(checkpoints)].length], [
          "interrupted",
          folder.checkpoints ? 1 : 0,
        ]);
        return message;
      };
      assertEquals(await stopped({}, "encode"), "Stopped while encoding; nothing was written.");
      assertEquals(await stopped({ checkpoints }, "train"), "Stopped; the same command resumes here.");
      assertMatch(
        await stopped({ checkpoints }, "encode"),
        /^Stopped while encoding; the same command resumes behind/,
      );
      const lines: string[] = [];
      const wider = dataset({ ...plan.dataset, groups: [{ count: 6, height: 16, width: 64 }] });
      const other = { ...plan, dataset: wider };
      await compress({ steps: 600, exactly: true, threads: 1, checkpoints }).run(
        other,
        contextOf(1, { log: (line) => lines.push(line) }),
      );
      assertEquals(lines.filter((line) => /resumes/.test(line)), [], "the same symbols, cut otherwise");
      assertEquals((await run({ checkpoints }, { log: (line) => lines.push(line) })).bytes, whole.bytes);
      assertMatch(lines.join("\n"), /resumes at step \d+ of 600/);
      assertEquals([...Deno.readDirSync(checkpoints)].length, 0);
    });
    await Deno.remove(checkpoints);
  });
}

Deno.test("a checkpoint is read back as it was; a damaged one or another training's is none", async () => {
  const folder = await Deno.makeTempDir(), file = checkpointFile(folder, "a");
  const array = (first: number) => Float32Array.from({ length: 5 }, (_, i) => first + i / 3);
  const state = { weights: array(1), mean: array(2), square: array(3), average: array(4) };
  const quantisation = { input: 1, first: 2, second: 3, output: 4 };
  assertEquals(await file.load(), null);
  await file.save({ step: 7, state, quantisation });
  assertEquals(await file.load(), { step: 7, state, quantisation });
  assertEquals(await checkpointFile(folder, "b").load(), null);
  const [entry] = [...Deno.readDirSync(folder)], path = `${folder}/${entry!.name}`;
  const other = checkpointFile(folder, "b");
  await other.save({ step: 8, state, quantisation: null });
  const [its] = [...Deno.readDirSync(folder)].filter(({ name }) => name !== entry!.name);
  await Deno.copyFile(path, `${folder}/${its!.name}`); // its name is right, and nothing else
  assertEquals(await other.load(), null);
  await other.remove();
  const bytes = await Deno.readFile(path);
  for (
    const damaged of [
      bytes.slice(0, -4),
      bytes.map((b, i) => i === bytes.length - 9 ? b ^ 1 : b),
      bytes.slice(0, 9),
    ]
  ) {
    await Deno.writeFile(path, damaged);
    assertEquals(await file.load(), null);
  }
  await file.remove();
  await Deno.remove(folder);
});

Deno.test("the time that all the work will take is said first, with its parts", async () => {
  assertEquals(
    aboutSeconds({ training: 40.2, encoding: 4.8, decoding: 0, "other codecs": 34 }),
    "about 1 min 20 s: training 40 s, encoding 5 s, other codecs 34 s",
  );
  assertEquals(
    [0.01, 59.4, 59.6, 64, 594, 596, 3400, 3600, 5400].map((s) => aboutSeconds({ all: s }).split("all ")[1]),
    ["1 s", "59 s", "1 min", "1 min", "9 min 50 s", "10 min", "57 min", "1 h", "1 h 30 min"],
  );
  await withBackend("wasm", async () => {
    const lines: string[] = [], context = contextOf(1, { log: (line) => lines.push(line) });
    const plan = await planned(drawScenes({ take: 2 })), seen: Dataset[] = [];
    const afterwards = (set: Dataset) => {
      seen.push(set);
      return Promise.resolve({ supper: 3600 });
    };
    const made = await compress({ preset: "smoke", steps: 20, exactly: true, afterwards }).run(plan, context);
    assert(seen.length === 1 && seen[0] === plan.dataset);
    const first = lines.findIndex((line) => line.startsWith("compress: "));
    assertMatch(
      lines[first]!,
      /^compress: this will take about 1 h: training \d+ s, encoding .*, supper 1 h$/,
    );
    const trained = made.trained!;
    assert(trained.surveying >= 0 && trained.surveying < trained.seconds);
  });
});

Deno.test("other codecs take longer where there is more to code: what is said of them knows flat data", () => {
  const { below } = random(1, "noise"),
    noise = Uint8Array.from({ length: 3e6 }, () => below(256)),
    flat = new Uint8Array(3e6);
  const seconds = (modality: "image" | "bytes", symbols: Uint8Array) =>
    estimateBaselines({ modality, symbols }, "quick");
  assert(seconds("image", noise) > 2 * seconds("image", flat));
  assert(seconds("bytes", noise) > seconds("bytes", flat) && seconds("bytes", flat) > 0);
  assertEquals(seconds("bytes", new Uint8Array()), 0);
});

Deno.test("a context may lack parts; aborted, a chain stops with a sentence", async () => {
  const chain = pipe(preprocess({ take: 1, gray: true }), features(SMALL)), set = drawScenes({ take: 2 });
  const { random } = contextOf(9), lines: string[] = [];
  for (const part of [{}, { random }, { seed: 3, log: (line: string) => lines.push(line) }]) {
    assertEquals((await chain.run(set, part)).output.dataset.names.length, 1);
  }
  assert(lines.length > 0);
  const error = await assertRejects(() => chain.run(set, { signal: AbortSignal.abort() }), MdlError);
  assertEquals(error.code, "interrupted");
});

Deno.test("what was asked in place of a preset stands in the stage's words and in the program", async () => {
  await withBackend("wasm", async () => {
    const stage = compress({ steps: 5, batch: 64, exactly: true });
    assertMatch(stage.summary, /preset quick, steps 5, batch 64/);
    const made = await stage.run(await planned(drawScenes({ take: 2 })), contextOf(1));
    const { preset, steps, batch } = made.info.record;
    assertEquals([preset, steps, batch], ["quick", 5, 64]);
  });
});
