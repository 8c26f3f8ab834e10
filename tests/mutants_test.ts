/** The faults that are put into the code to try the tests: they can be put in, and are told from what changes nothing. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { assertThere, isNoticed, openCopy } from "../scripts/mutants.ts";
import { root } from "../scripts/outputs.ts";
import { type Fault, GUARDS } from "./mutations.ts";
import { SOON } from "./soon.ts";

const faults = GUARDS.flatMap((guard) => guard.faults);

Deno.test("every mutation has a name of its own, and stands in the code as the table has it", async () => {
  assertEquals(new Set(faults.map(({ name }) => name)).size, faults.length);
  assert(faults.every(({ text, into }) => text !== into && !/[\n]/.test(text)));
  await assertThere(faults);
  const gone = { ...faults[0]!, text: "what nobody wrote" };
  await assertRejects(() => assertThere([gone]), MdlError, "looks for “what nobody wrote”, which is not in");
});

Deno.test("a mutant is killed or survives, in a copy, which goes; the code stays as it is", async () => {
  const guard = { test: "section_test.ts", filter: "a claim holds, else in part" };
  const fault = faults.find(({ name }) => name === "levels-of-a-verdict")!, path = join(root, fault.file);
  const harmless: Fault = { ...fault, into: '!inPart ? "fails" : "in part"' };
  const broken: Fault = { ...fault, into: "((" }, before = await Deno.readTextFile(path);
  let folder: string;
  {
    const stop = new AbortController();
    await using copy = await openCopy(stop.signal);
    folder = copy.folder;
    assertEquals(await copy.run(guard), "passed");
    assertEquals(await copy.run({ ...guard, filter: "a test that is not there" }), "none");
    assertEquals(await isNoticed(copy, fault, guard), true);
    assertEquals(await isNoticed(copy, harmless, guard), false);
    assertEquals(await Deno.readTextFile(join(copy.folder, fault.file)), before);
    await assertRejects(() => isNoticed(copy, broken, guard), MdlError, "does not even load");

    const running = copy.run({ test: "training_test.ts", filter: "" }), begun = performance.now();
    setTimeout(() => stop.abort(), 200);
    assertEquals((await assertRejects(() => running, MdlError)).code, "interrupted");
    assert(performance.now() - begun < SOON);
  }
  await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
  assertEquals(await Deno.readTextFile(path), before);
});
