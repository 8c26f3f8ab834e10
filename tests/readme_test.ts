import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

Deno.test("README: the library's examples have the right types in a folder of one's own, and the one of files runs", async () => {
  const home = await Deno.makeTempDir(), root = fileURLToPath(new URL("..", import.meta.url));
  const write = (name: string, text: string) => Deno.writeTextFile(join(home, name), text);
  await write("deno.json", JSON.stringify({ links: [root], nodeModulesDir: "none" }));
  await write("essay.txt", "Once upon a time there was a program. ".repeat(60));
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
  const files = blocks.filter((code) => !code.includes("lab.")).map((code, i) =>
    [`example${i}.ts`, code] as const
  );
  assertEquals(files.length, 2);
  for (const [name, code] of files) await write(name, code);
  const deno = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: home }).output();
    const said = new TextDecoder();
    assertEquals(code, 0, said.decode(stderr));
    return said.decode(stdout);
  };
  await deno("check", ...files.map(([name]) => name));
  const [ofFiles] = files.find(([, code]) => code.includes("essay.txt"))!;
  const out = await deno("run", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", ofFiles);
  assert(out.includes("Once ") && out.includes("decoder code"), out);
});
