import { assert, assertEquals } from "@std/assert";
import { isSection, numberOf } from "../scripts/laboratory/section/names.ts";
import { sectionsUsing } from "../scripts/laboratory/section/uses.ts";
import { experiments } from "../scripts/pair.ts";

Deno.test("a section uses what its code calls; every one is opened", async () => {
  const sections = experiments([]).filter(isSection);
  assertEquals(await sectionsUsing("openSection"), sections.map(numberOf));
  assertEquals(["00_start", "01_a", "09_b", "10_mine", "bench"].filter(isSection), ["01_a", "09_b"]);
  assert((await sectionsUsing("recurrentLike")).includes("7"));
  assertEquals(["01_a", "06_2_b", "09_4_c", "09_42"].map(numberOf), ["1", "6.2", "9.4", "9"]);
  assertEquals(await sectionsUsing("openSect"), []); // whole names only
});
