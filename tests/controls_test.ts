/** The controls' parts: another program's weights, scenes as the program that draws them, shuffled pixels. */
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { dataset, images } from "../lib/image/dataset.ts";
import { drawNoise } from "../lib/sources/noise.ts";
import { drawScenes, SCENE_BITS, sceneFields } from "../lib/sources/scenes.ts";
import { neighboursOf } from "../scripts/laboratory/measure/neighbours.ts";
import { select, spread } from "../scripts/laboratory/measure/select.ts";
import { histogram, marginalEntropy, shufflePixels } from "../scripts/laboratory/measure/shuffle.ts";
import { MdlError } from "../lib/errors.ts";
import { pipe } from "../lib/pipeline.ts";
import type { Progress } from "../lib/progress.ts";
import { bytesWithout } from "../scripts/laboratory/measure/prior.ts";
import { checkChannels, modelOf } from "../lib/image/model.ts";
import { programOf } from "../lib/program/program.ts";
import { packScene, rendererProgram } from "../notebooks/experiments/scenes/program.ts";
import { contextOf } from "../lib/context.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { inFolder } from "./in_folder.ts";
import { taskIn } from "./run_task.ts";
import { trainedScenes } from "./trained_scenes.ts";

Deno.test("prior: a set coded with another program's weights is a whole program of its own", async () => {
  const first = await trainedScenes(),
    prior = await modelOf(first.bytes),
    set = drawScenes({ take: 9, seed: 4 });
  const stage = compress({ prior, preprocess: { take: 9 } });
  const { output } = await pipe(features(), stage).run(set, contextOf(1));
  const alone = programOf(output.bytes); // nothing but the file
  assertEquals(await alone.verify(set), { symbols: 9 * 1024, sha256: set.sha256 });
  const { record } = alone.info, { prior: said, preprocess, model } = record;
  assertEquals([said, preprocess, model], [prior.program, { take: 9 }, first.spec]);
  assertEquals((await modelOf(alone.bytes)).weights, prior.weights);
  const of = (name: string) => alone.ledger.entries.find((entry) => entry.name === name)!.bytes;
  assertEquals(bytesWithout(alone.ledger), alone.bytes.length - of("decoder code") - of("weights"));
  assertEquals([output.trained, output.tried.length], [null, 1]);
  const thirds = {
    channels: 3,
    groups: [{ count: 3, height: 32, width: 32 }],
    names: ["a", "b", "c"],
  } as const;
  const colour = dataset({ ...set, ...thirds });
  await assertRejects(() => pipe(features(), stage).run(colour, contextOf(1)), MdlError, "for gray images");
  assertThrows(() => checkChannels(3, set), MdlError, "for colour images");
});

Deno.test("scenes: the renderer's program is exact, a little above the entropy, far below the neural one", async () => {
  for (const [count, seed] of [[1, 1], [12, 1], [300, 7]] as const) {
    const program = await rendererProgram(count, seed), scenes = drawScenes({ take: count, seed });
    await program.verify(scenes);
    assertEquals(
      program.ledger.entries.find(({ name }) => name === "payload")!.bytes,
      count * SCENE_BITS / 8,
    );
    assert(program.bytes.length < 1000 + count * SCENE_BITS / 8, `${program.bytes.length}`);
  }
  const own = await trainedScenes(), renderer = await rendererProgram(12, 1);
  assert(renderer.bytes.length < own.bytes.length / 4);
  await assertRejects(() => modelOf(renderer.bytes), MdlError, "holds no model");
  const [a, again, b] = [
    await renderer.generate(3, 5),
    await renderer.generate(3, 5),
    await renderer.generate(3, 6),
  ];
  assertEquals(a.sha256, again.sha256);
  assertNotEquals(a.sha256, b.sha256);
  assertEquals(new Set([...images(a)].map(({ pixels }) => pixels.join())).size, 3);
});

Deno.test("scenes: fields are packed into 64 bits, the first lowest", () => {
  const [scene] = sceneFields(1, 3);
  assertEquals(Number(packScene(scene!) & 127n), scene!.skyTop);
  assertEquals(Number(packScene(scene!) >> 60n), scene!.houseShade);
});

Deno.test("shuffle: the same histogram in another order, by the seed; the pixels of a colour set stay whole", () => {
  const set = drawScenes({ take: 9 }), one = shufflePixels(set, 1);
  assertEquals(histogram(one), histogram(set));
  assertEquals([one.groups, shufflePixels(set, 1).sha256], [set.groups, one.sha256]);
  assertNotEquals(one.sha256, set.sha256);
  assertNotEquals(one.sha256, shufflePixels(set, 2).sha256);
  const symbols = set.symbols.map((_, i) => Math.floor(i / 3) % 251);
  const colour = dataset({
    ...set,
    channels: 3,
    groups: [{ count: 1, height: 96, width: 32 }],
    symbols,
    names: ["a"],
  });
  const pixels = shufflePixels(colour, 1).symbols;
  for (let i = 0; i < pixels.length; i += 3) {
    assertEquals([pixels[i + 1], pixels[i + 2]], [pixels[i], pixels[i]]);
  }
  assertEquals(marginalEntropy(set), marginalEntropy(one));
});

Deno.test("entropy of values: 0 for one, 1 for two of a kind, nearly 8 for noise", () => {
  const of = (...values: number[]) => marginalEntropy({ symbols: Uint8Array.from(values) });
  assertEquals([of(7, 7), of(0, 255), of(1, 2, 3, 4)], [0, 1, 2]);
  const noise = marginalEntropy(drawNoise({ take: 100 }));
  assert(noise > 7.99 && noise <= 8);
});

Deno.test("neighbours: a copy has distance 0, and an image is not its own neighbour", async () => {
  const set = drawScenes({ take: 30 }), chosen = spread(set, 7), part = select(set, chosen);
  assertEquals([chosen.length, new Set(chosen).size, spread(set, 99).length], [7, 7, 30]);
  assertEquals(part.names, chosen.map((i) => set.names[i]!));
  const copies = await neighboursOf(part, set);
  assertEquals(copies, chosen.map((index) => ({ index, distance: 0 })));
  for (const [i, { index, distance }] of (await neighboursOf(part, set, {}, chosen)).entries()) {
    assert(index >= 0 && index !== chosen[i] && distance > 0);
  }
  const brighter = dataset({ ...part, symbols: part.symbols.map((v) => Math.min(255, v + 2)) });
  for (const [i, { index, distance }] of (await neighboursOf(brighter, set)).entries()) {
    assert(index === chosen[i] && distance > 1.9 && distance <= 2);
  }
  const small = dataset({
    ...part,
    groups: [{ count: 14, height: 16, width: 32 }],
    names: Array(14).fill("x"),
  });
  assertEquals((await neighboursOf(small, set))[0], { index: -1, distance: Infinity });
});

Deno.test("looking for neighbours shows its progress to the end, and can be stopped", async () => {
  const set = drawScenes({ take: 5 }), said: Progress[] = [];
  await neighboursOf(set, set, { progress: (progress) => said.push(progress) });
  assertEquals([said.at(-1)!.done, said.at(-1)!.total], [5, 5]);
  const stopped = () => neighboursOf(set, set, { signal: AbortSignal.abort() });
  assertEquals((await assertRejects(stopped, MdlError)).code, "interrupted");
});

Deno.test("controls that are stopped leave no empty folder", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/long.txt`,
      Array.from({ length: 1e5 }, (_, i) => `${i * i}\n`).join(""),
    );
    const child = taskIn(folder, "controls", "--set", "long.txt").spawn(),
      err = new Response(child.stderr).text();
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (text.includes("long.txt: ")) setTimeout(() => child.kill("SIGINT"), 500); // once it measures
    }
    assertEquals((await child.status).code, 130, await err);
    const left = await Array.fromAsync(Deno.readDir(`${folder}/results`)).catch(() => []);
    assertEquals(left.filter(({ name }) => name.startsWith("controls")), []);
  }));
