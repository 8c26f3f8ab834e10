/** Programs of stored data: the law of the round trip, the ledger's sum, comparison, drawing, time and abort. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Dataset, dataset, type ImageGroup, symbolCount } from "../lib/image/dataset.ts";
import { itemCount, runningNames } from "../lib/items.ts";
import { readShape } from "../lib/image/shape.ts";
import { MdlError } from "../lib/errors.ts";
import type { RunRecord } from "../lib/program/header.ts";
import { ledgerOf } from "../lib/program/ledger.ts";
import { programOf, storedProgram } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import { type Random, random } from "../lib/random.ts";
import { smallSpec } from "./small_spec.ts";

const PROVENANCE = { source: "computed", licence: "CC0", citation: "Random bytes." };

function randomSet(rnd: Random, channels: 1 | 3, groups: readonly ImageGroup[], names?: string[]): Dataset {
  const symbols = Uint8Array.from({ length: symbolCount(groups, channels) }, () => rnd.below(256));
  return dataset({
    name: "noise",
    channels,
    groups,
    symbols,
    provenance: PROVENANCE,
    names: names ?? runningNames(itemCount(groups)),
  });
}

/** Random sizes: 1×1 and single images come up often. */
function randomGroups(rnd: Random): ImageGroup[] {
  const side = () => rnd.below(2) ? 1 + rnd.below(24) : 1;
  return Array.from({ length: 1 + rnd.below(4) }, () => {
    return { count: 1 + rnd.below(5), height: side(), width: side() };
  });
}

Deno.test("a stored program regenerates its set, and its ledger sums to its length", async () => {
  const rnd = random(1, "round trip");
  for (let i = 0; i < 12; i++) {
    const names = i % 3 === 0
      ? undefined
      : (count: number) => Array.from({ length: count }, (_, j) => `图 ${rnd.below(1000)}\n${j}`);
    const groups = randomGroups(rnd);
    const set = randomSet(rnd, i % 2 ? 3 : 1, groups, names?.(itemCount(groups)));
    const program = await storedProgram(set, { dataset: set.name, seed: i, nested: { a: [1, "ü"] } });
    const decoded = await program.decode();
    for (const field of ["channels", "groups", "names", "symbols", "sha256", "name"] as const) {
      assertEquals(decoded[field], set[field]);
    }
    assertEquals(program.info.record, { dataset: "noise", seed: i, nested: { a: [1, "ü"] } });
    const { entries, bytes } = program.ledger;
    assertEquals(bytes, program.bytes.length);
    assert(entries.every((entry) => entry.bytes >= 0));
    assertEquals(entries.find(({ name }) => name === "payload")?.bytes, set.symbols.length);
    assertEquals((entries.find(({ name }) => name === "names")?.bytes ?? -1) > 0, names !== undefined);
  }
});

Deno.test("the same set and record give the same bytes", async () => {
  const set = randomSet(random(2), 3, [{ count: 2, height: 3, width: 4 }]);
  const [a, b] = [await storedProgram(set, { dataset: "x" }), await storedProgram(set, { dataset: "x" })];
  assertEquals(a.bytes, b.bytes);
});

Deno.test("uniform noise costs at most 1 % more than raw", async () => {
  const set = randomSet(random(3), 1, [{ count: 100, height: 32, width: 32 }]);
  const { bytes } = await storedProgram(set, { dataset: "noise", seed: 1, preset: "quick" });
  assert(bytes.length < 1.01 * set.symbols.length, `${bytes.length}`);
});

Deno.test("an estimate stands beside the real bytes of its entry, and needs one", async () => {
  const set = randomSet(random(4), 1, [{ count: 1, height: 8, width: 8 }]);
  const { info } = await storedProgram(set, { dataset: "x" });
  const payload = ledgerOf(info, { payload: 511.5 }).entries.find(({ name }) => name === "payload");
  assertEquals(payload, { name: "payload", bytes: 64, estimatedBits: 511.5 });
  assertThrows(() => ledgerOf(info, { pauload: 1 }), MdlError, "pauload");
});

Deno.test("verify names the first pixel that differs", async () => {
  const set = randomSet(random(5), 3, [{ count: 2, height: 4, width: 5 }, { count: 2, height: 2, width: 3 }]);
  const program = await storedProgram(set, { dataset: "x" });
  assertEquals(await program.verify(set), { symbols: set.symbols.length, sha256: set.sha256 });
  const symbols = set.symbols.slice();
  symbols[60 + (2 * 5 + 3) * 3 + 1]! ^= 1; // image 1, row 2, column 3, channel 1
  const changed = dataset({ ...set, symbols });
  const error = await assertRejects(() => program.verify(changed), MdlError, "Image 000001");
  assertEquals((error as MdlError).code, "mismatch");
  assert(error.message.includes("row 2, column 3, channel 1"), error.message);
  const other = randomSet(random(5), 3, [{ count: 2, height: 5, width: 4 }, {
    count: 2,
    height: 2,
    width: 3,
  }]);
  await assertRejects(() => program.verify(other), MdlError, "5×4 in the program and 4×5");
  const shorter = randomSet(random(5), 3, [{ count: 2, height: 4, width: 5 }]);
  await assertRejects(
    () => program.verify(dataset({ ...shorter, symbols: set.symbols.slice(0, 120) })),
    MdlError,
    "4 images",
  );
});

Deno.test("drawn images depend on the seed alone and fill the range", async () => {
  const set = randomSet(random(6), 3, [{ count: 1, height: 16, width: 16 }, {
    count: 1,
    height: 2,
    width: 2,
  }]);
  const program = await storedProgram(set, { dataset: "x" });
  const [a, b, c] = [
    await program.generate(8, 7),
    await program.generate(9, 7),
    await program.generate(8, 8),
  ];
  assertEquals(a.groups, [{ count: 8, height: 16, width: 16 }]);
  assertEquals(a.symbols, b.symbols.slice(0, a.symbols.length));
  assert(a.sha256 !== c.sha256);
  const counts = new Float64Array(256);
  for (const symbol of a.symbols) counts[symbol]!++;
  const mean = a.symbols.length / 256; // 24
  const chiSquare = counts.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0); // 255 degrees of freedom
  assert(chiSquare > 170 && chiSquare < 360, `${chiSquare}`);
  await assertRejects(() => program.generate(0, 1), MdlError, "a whole number from 1 on");
  await assertRejects(() => program.generate(2 ** 32, 1), MdlError, "draw fewer");
});

Deno.test("decoding reports progress and can be stopped", async () => {
  const set = randomSet(random(7), 1, [{ count: 300, height: 32, width: 32 }]);
  const program = await storedProgram(set, { dataset: "x" });
  const seen: number[] = [];
  await program.decode({ progress: ({ done, total }) => seen.push(done / total) });
  assert(seen.length > 2 && seen.at(-1) === 1 && seen.every((x, i) => i === 0 || x > seen[i - 1]!));
  const controller = new AbortController();
  const stopped = program.decode({ signal: controller.signal, progress: () => controller.abort() });
  assertEquals((await assertRejects(() => stopped, MdlError) as MdlError).code, "interrupted");
  assertEquals(
    (await assertRejects(() => program.decode({ signal: AbortSignal.abort() }), MdlError) as MdlError).code,
    "interrupted",
  );
});

Deno.test("a file can be read back from its bytes alone", async () => {
  const set = randomSet(random(8), 1, [{ count: 3, height: 7, width: 2 }]);
  const { bytes } = await storedProgram(set, { dataset: "some set", preset: "smoke" });
  const info = readProgram(bytes);
  assertEquals([info.modality, info.mode, info.order, info.complete], ["image", "stored", "raster", true]);
  assertEquals([readShape(info).groups, info.sha256, info.names], [set.groups, set.sha256, set.names]);
  assertEquals(info.module, bytes);
});

Deno.test("a program of format version 1 stays readable", async () => {
  const bytes = await Deno.readFile(new URL("fixtures/stored_v1.wasm", import.meta.url));
  const { info, decode } = programOf(bytes);
  assertEquals([info.record, info.names], [{ dataset: "golden", seed: 5 }, ["left", "right", "wide"]]);
  const decoded = await decode();
  assertEquals(decoded.groups, [{ count: 2, height: 2, width: 1 }, { count: 1, height: 1, width: 3 }]);
  assertEquals(decoded.symbols, Uint8Array.from({ length: 21 }, (_, i) => 37 * i));
});

Deno.test("programs of format versions 2 and 3 stay readable, and their headers as they are", async () => {
  const golden = {
    two_part_v3_adaptive_3: "409194a8175aa1f5",
    stored_v2: "558d6a6e16fa6449",
    two_part_v2_pyramid_1: "4acb64794d416297",
    two_part_v2_adaptive_3: "409194a8175aa1f5",
  };
  for (const [file, sha256] of Object.entries(golden)) {
    const bytes = await Deno.readFile(new URL(`fixtures/${file}.wasm`, import.meta.url));
    const { info, decode } = programOf(bytes);
    assertEquals((await decode()).sha256, info.sha256);
    assertEquals(info.sha256.slice(0, 16), sha256, file);
    if (file.includes("adaptive")) assertEquals(info.record, ADAPTIVE, file);
  }
});

/** What the golden programs of that name record. */
const ADAPTIVE = {
  dataset: "golden",
  model: smallSpec({
    leastSquares: true,
    mixing: true,
    adaptive: true,
    tiles: { columns: 2, rows: 2 },
    lattice: { JFIF: 100 },
  }),
};

Deno.test("a program records what most of them do in few bytes", async () => {
  const set = randomSet(random(8), 1, [{ count: 3, height: 7, width: 2 }]);
  const bytesOf = async (record: RunRecord) => {
    const { ledger, info } = await storedProgram(set, record);
    assertEquals(info.record, record);
    return ledger.entries.find(({ name }) => name === "run record")!.bytes;
  };
  assert(await bytesOf({ dataset: "S1", mdlab: "0.6.0", seed: 3, preset: "quick", backend: "wasm" }) < 30);
  assert(await bytesOf(ADAPTIVE) < 90);
});
