import { assert, assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { readProgram } from "../lib/program/read.ts";

const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));

Deno.test("README: every task that it names exists, and every task is named", () => {
  const named = new Set([...readme.matchAll(/(?:deno|2\.9\.6) task (\w+)/g)].map(([, name]) => name!));
  const there = Object.keys(manifest.tasks).filter((name) => name !== "build");
  assertEquals([...named].filter((name) => name !== "build").sort(), there.sort());
});

Deno.test("README: the lines that run a program without MDLab run it to its last image", async () => {
  const fixture = new URL("./fixtures/two_part_v1_1.wasm", import.meta.url);
  const { items } = readProgram(await Deno.readFile(fixture));
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme)!;
  assert(example!.includes(`Deno.readFile("x.wasm")`) && example!.includes("const pixels = "));
  const lines = example!.replace(`"x.wasm"`, `new URL("${fixture}")`)
    .replace("const pixels = ", "images++; const pixels = ");
  const module = `let images = 0;\n${lines}\nexport default images;`;
  const { default: images } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  assertEquals(images, items.reduce((n, { count }) => n + count, 0));
});
