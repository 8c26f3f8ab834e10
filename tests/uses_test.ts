import { assert, assertEquals } from "@std/assert";
import { sectionsUsing } from "../lib/section/uses.ts";

Deno.test("a section uses what its code calls: every one is opened, and none calls what does not exist", async () => {
  const opened = await sectionsUsing("openSection");
  assert(opened.includes(4) && opened.includes(7));
  assert((await sectionsUsing("recurrentLike")).includes(7));
  assertEquals(await sectionsUsing("openSect"), []); // whole names only
});
