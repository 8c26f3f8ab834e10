import { assert, assertEquals } from "@std/assert";
import { describeEnvironment } from "../notebooks/experiments/programs/environment.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { contrastOf } from "../scripts/laboratory/quality/contrast.ts";

Deno.test("contrast is the mean deviation within an image, whatever its mean", () => {
  const groups = [{ count: 2, height: 1, width: 4 }], channels = 1;
  const set = (...symbols: number[]) => ({ groups, channels, symbols: Uint8Array.from(symbols) }) as const;
  assertEquals(contrastOf(set(9, 9, 9, 9, 200, 200, 200, 200)), 0);
  assertEquals(contrastOf(set(0, 10, 0, 10, 50, 70, 50, 70)), 7.5);
});

Deno.test("the environment names its versions and the backend in use", async () => {
  const backend = await openBackend("wasm"), parts = await describeEnvironment();
  const of = (name: string) => parts.find(({ part }) => part === name)!.found;
  assertEquals(of("backend in use"), "wasm");
  assert(of("language and runtime").includes(Deno.version.deno));
  await backend.close();
});
