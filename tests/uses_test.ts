import { assert, assertEquals } from "@std/assert";
import { sectionsUsing } from "../scripts/laboratory/section/uses.ts";
import { experiments } from "../scripts/pair.ts";

Deno.test("a section uses what its code calls; every one is opened", async () => {
  assertEquals(await sectionsUsing("openSection"), experiments([]).map((stem) => Number(stem.slice(0, 2))));
  assert((await sectionsUsing("recurrentLike")).includes(7));
  assertEquals(await sectionsUsing("openSect"), []); // whole names only
});
