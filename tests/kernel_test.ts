/** What the library shows in the real Deno kernel without being asked. */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { MdlError } from "../lib/errors.ts";
import { loadFolder } from "../lib/image/folder.ts";
import { DATASET } from "../lib/options.ts";
import { checked, pipe } from "../lib/pipeline.ts";
import { type Context, contextOf } from "../lib/context.ts";
import { programOf } from "../lib/program/program.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { features } from "../lib/stages/features.ts";
import { preprocess } from "../lib/stages/preprocess.ts";
import { transform } from "../lib/image/transform.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { readNotebook, writeNotebook } from "../scripts/ipynb.ts";
import { saveImages } from "../scripts/laboratory/save_images.ts";
import { prepareJupyter, pythonThere } from "../scripts/python.ts";
import { picture } from "./picture.ts";

const folder = fileURLToPath(new URL("../notebooks/", import.meta.url));
const client = fileURLToPath(new URL("../scripts/execute_notebook.py", import.meta.url));

/** What each cell puts out, as text: streams and what is displayed. */
async function executed(...cells: string[]): Promise<string[]> {
  const { python, env } = await prepareJupyter();
  const child = new Deno.Command(python, {
    args: [client, folder, "120"],
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const text = writeNotebook(cells.map((source) => ({ kind: "code", source })));
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    new Response(text).body!.pipeTo(child.stdin),
  ]);
  assert(success, new TextDecoder().decode(stderr));
  return readNotebook(new TextDecoder().decode(stdout), "executed").map(({ outputs }) =>
    outputs!.map((output) => {
      const { text, data } = output as { text?: string[]; data?: Record<string, string | string[]> };
      return [text ?? data?.["text/plain"] ?? ""].flat().join("");
    }).join("\n")
  );
}

const python = await pythonThere();

Deno.test({
  name: `in a notebook, progress and unawaited failures are seen${python ? "" : ": skipped, no Python"}`,
  ignore: !python,
  fn: async () => {
    const [, , lost, chained] = await executed(
      `import * as mdl from "@mdlab/mdlab";`,
      `const set = await mdl.loadDataset("scenes", { take: 3 });`,
      `void mdl.loadFolder("no such folder"); void Promise.reject(new TypeError("odd"));`,
      `await mdl.pipe(mdl.preprocess({ take: 2 }), mdl.features(), mdl.compress({ steps: 2, exactly: true })).run(set);`,
    );
    assertMatch(lost!, /A call that was not awaited failed: There is no folder no such folder\.\n/);
    assertMatch(lost!, /A call that was not awaited failed: TypeError: odd\n/);
    assertMatch(chained!, /features: \d+ inputs for each symbol/);
    assertMatch(chained!, /█{24} {2}100 %/);
  },
});

/** The lines of README, under "In ten lines". */
const [, lines] = /### In ten lines[^]*?```ts\n([^]*?)```/.exec(
  await Deno.readTextFile(new URL("../README.md", import.meta.url)),
)!;

Deno.test({
  name: `README: ten lines make a program and a figure of 40 pictures${python ? "" : ": skipped, no Python"}`,
  ignore: !python,
  fn: async () => {
    assert(lines!.trimEnd().split("\n").length <= 10);
    const place = await Deno.makeTempDir(), small = { size: { width: 16, height: 12 } };
    try {
      const pictures = transform(drawScenes({ take: 40 }), small), saved = `${place}/pictures.wasm`;
      await saveImages(`${place}/pictures`, pictures);
      const written = lines!.replace("/home/me/pictures", `${place}/pictures`).replace(
        "pictures.wasm",
        saved,
      );
      assert(written.includes(`${place}/pictures"`) && written.includes(saved));
      const [out] = await executed(written);
      assertMatch(
        out!,
        /C features 特征提取[^]*G compress[^]*pictures in other codecs[^]*The program is [\d.]+ % /,
      );
      const { symbols } = await programOf(await Deno.readFile(saved)).verify(
        await loadFolder(`${place}/pictures`),
      );
      assertEquals(symbols, 40 * 16 * 12);
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
});

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };
const set = datasetOf([picture(48, 40, 1, (x, y) => x * y), picture(48, 40, 1, (x, y) => x + y)], {
  name: "x",
  channels: 1 as const,
  names: ["a", "b"],
  provenance,
});

Deno.test("without a context, stages run in one with seed 1", async () => {
  const chain = pipe(preprocess({ take: 1 }), features(), sharing());
  const [own, given] = [await chain.run(set), await chain.run(set, contextOf(1))];
  assertEquals(own.output, given.output);
  assertEquals(await features().run(set), await features().run(set, contextOf()));
  const drawn = async (context?: Partial<Context>) => {
    const { on: _, ...said } = features();
    const work = {
      ...said,
      run: (_: Dataset, { random }: Context) => Promise.resolve(random("x").uniform()),
    };
    return await checked(DATASET, work).run(set, context);
  };
  assertEquals(await drawn({ seed: 2 }), await drawn(contextOf(2)));
  assertNotEquals(await drawn(), await drawn({ seed: 2 }));
  const missing = await loadFolder("no such folder").catch((error) => error);
  assert(missing instanceof MdlError && missing.code === "not-found");
});
