import { assert, assertEquals } from "@std/assert";
import * as mdl from "../lib/mod.ts";
import { sectionsUsing } from "../scripts/laboratory/section/uses.ts";
import { experiments } from "../scripts/pair.ts";

Deno.test("a section uses what its code calls; every one is opened", async () => {
  assertEquals(await sectionsUsing("openSection"), experiments([]).map((stem) => Number(stem.slice(0, 2))));
  assert((await sectionsUsing("recurrentLike")).includes(7));
  assertEquals(await sectionsUsing("openSect"), []); // whole names only
});

Deno.test("what the library exports is used by a section, a command or a test", async () => {
  const texts: string[] = [];
  for (const folder of ["scripts", "tests"]) {
    for (const { name } of Deno.readDirSync(new URL(`../${folder}/`, import.meta.url))) {
      if (/\.ts$/.test(name)) {
        texts.push(await Deno.readTextFile(new URL(`../${folder}/${name}`, import.meta.url)));
      }
    }
  }
  const all = texts.join("\n"),
    unused = Object.keys(mdl).filter((name) => !new RegExp(`\\b${name}\\b`).test(all));
  assertEquals(unused, []);
});
