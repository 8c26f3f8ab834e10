/** The comparison of both modes of text: programs of real sizes, each measured once. */
import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { filesOf } from "../lib/files/data.ts";
import { measureModes, modesRows } from "../scripts/laboratory/measure/modes.ts";

Deno.test("a text is measured in both modes at each length, once", async () => {
  const backend = await openBackend("wasm"), folder = await Deno.makeTempDir();
  try {
    const symbols = new TextEncoder().encode("Once upon a time there was a program. ".repeat(20));
    const provenance = { source: "computed", licence: "CC0", citation: "Made here." };
    const parts = { modality: "text", name: "tale", names: ["tale.txt"], lengths: [symbols.length] } as const;
    const text = filesOf({ ...parts, symbols, provenance });
    const campaign = { label: "modes", unit: "s of work", folder };
    const plan = {
      lengths: [200, 10_000, 20_000],
      preset: "smoke",
      seed: 1,
      backend: "wasm",
      campaign,
    } as const;
    const points = await measureModes([text], plan, contextOf(1));
    assertEquals(points.map(({ bytes }) => bytes), [200, 760]); // shorter texts are taken whole, once
    for (const { prequential, twoPart } of points) {
      assertEquals(prequential.sha256, twoPart.sha256);
      assertEquals([prequential.flop > 0, twoPart.flop > 0], [false, true]);
    }
    const row = modesRows(points)[1]! as Record<string, number>;
    const rest = row["two-part, bytes"]! - row["of it weights"]! - row["payload"]! - row["decoder"]!;
    assert(rest > 0 && rest < 500, `${rest} bytes besides`);
    const kept = () =>
      [...Deno.readDirSync(folder)].map(({ name }) => [name, Deno.statSync(`${folder}/${name}`).mtime]);
    const before = kept();
    assertEquals(await measureModes([text], plan, contextOf(1)), points);
    assertEquals([kept(), before.length], [before, 4], "what was measured is kept, and not measured again");
  } finally {
    await Deno.remove(folder, { recursive: true });
    await backend.close();
  }
});
