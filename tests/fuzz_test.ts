/** Some seconds of `deno task fuzz`: programs of all formats that were, damaged and forged. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { freshProgram, judge, mutantOf, type Original } from "../scripts/laboratory/fuzz/fuzz.ts";
import { decodeProgram } from "./decoding.ts";
import { outcome, taskIn } from "./run_task.ts";
import { readProgram } from "../lib/program/read.ts";

const FIXTURES = [
  "stored_v1",
  "two_part_v1_1",
  "two_part_v1_local_1",
  "two_part_v1_pyramid_3",
  "jpeg_v2",
  "pixels_drawing_v2",
];
const originals: readonly Original[] = [
  ...FIXTURES.map((name) => ({
    name,
    bytes: Deno.readFileSync(new URL(`./fixtures/${name}.wasm`, import.meta.url)),
  })),
  await freshProgram(),
];

Deno.test("damaged and forged programs are refused or give what they should", async () => {
  const counts = { refused: 0, decoded: 0, failure: 0 }, ways = new Set<string>();
  for (let index = 0; index < 250; index++) {
    const mutant = mutantOf(originals, 1, index), { verdict, failure } = await judge(mutant);
    assertEquals(failure, undefined, `${index}: ${mutant.original.name}, ${mutant.how}`);
    counts[verdict]++;
    ways.add(`${mutant.how}${mutant.signed ? ", signed" : ""}`);
  }
  assert(counts.refused > 120 && counts.decoded > 12, JSON.stringify(counts));
  assert(ways.size > 10, [...ways].join("; "));
});

Deno.test("a mutant depends on its seed and number alone, and the law is one that can be broken", async () => {
  assertEquals(mutantOf(originals, 5, 9), mutantOf(originals, 5, 9));
  const fresh = originals.at(-1)!, other = originals[0]!;
  assertEquals((await decodeProgram(fresh.bytes)).sha256, readProgram(fresh.bytes).sha256);
  const swapped = { bytes: other.bytes, original: fresh, signed: false, how: "another program" };
  assertEquals((await judge(swapped)).verdict, "failure");
});

Deno.test("deno task fuzz: no failure, none of memory either, in a process of its own", async () => {
  const seed = "424242", report = new URL(`../results/fuzz/seed${seed}.json`, import.meta.url);
  const task = taskIn(
    fileURLToPath(new URL("..", import.meta.url)),
    "fuzz",
    "--minutes",
    "0.1",
    "--seed",
    seed,
  );
  try {
    const { code, out, err } = await outcome(task);
    assertEquals(code, 0, err);
    assertMatch(out, /^seed 424242: \d+ refused, [1-9]\d* decoded as they should, 0 failures$/m);
  } finally {
    await Deno.remove(report).catch(() => {});
  }
});
