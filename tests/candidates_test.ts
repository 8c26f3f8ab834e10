/** Which models a set is worth trying. */
import { assertEquals } from "@std/assert";
import { candidates } from "../lib/image/candidates.ts";
import { adapts, type ModelSpec } from "../lib/image/spec.ts";
import { smallSpec } from "./small_spec.ts";

const SPEC = smallSpec({
  width: 48,
  blocks: 2,
  neighbours: 24,
  cross: 12,
  leastSquares: true,
  adaptive: true,
});

/** Width, whether there is a local fit, and whether weights follow. */
function tried(symbols: number, channels: 1 | 3, changes: Partial<ModelSpec> = {}): unknown[] {
  return candidates({ ...SPEC, ...changes }, symbols, channels)
    .map((spec) => [spec.width, spec.leastSquares, adapts(spec)]);
}

Deno.test("a small set is tried with narrower models, whose weights do not follow", () => {
  const narrow = [[16, false, false], [8, false, false]];
  assertEquals(tried(399_999, 1), [[48, true, false], ...narrow]);
  assertEquals(tried(30_000, 3), [[48, true, false], ...narrow]);
  assertEquals(tried(29_999, 3), narrow);
  assertEquals(tried(29_999, 1, { width: 12 }), [[12, false, false], [8, false, false]]);
  assertEquals(tried(1, 1, { grid: 2 }).length, 1);
});

Deno.test("a large gray set is tried with and without the local fit, where nothing else builds on it", () => {
  const withFit = [48, true, true], without = [48, false, true];
  assertEquals(tried(400_000, 1), [withFit, without]);
  assertEquals(tried(3_999_999, 1), [withFit, without]);
  assertEquals(tried(4_000_000, 1), [withFit]);
  assertEquals(tried(400_000, 3), [withFit]);
  assertEquals(tried(400_000, 1, { leastSquares: false }), [without]);
  assertEquals(tried(400_000, 1, { tiles: { columns: 2, rows: 2 } }), [withFit]);
  assertEquals(tried(400_000, 1, { attention: "patches" }).length, 1);
  assertEquals(tried(400_000, 1, { grid: 2 }).length, 1);
});
