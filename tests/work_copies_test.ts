import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { copyNotebooks } from "../scripts/work_copies.ts";

Deno.test("work copies follow their originals until they are edited, and are never written over then", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const from = pathToFileURL(`${folder}/notebooks/`), to = pathToFileURL(`${folder}/work/`);
    await Deno.mkdir(from);
    const write = (base: URL, name: string, text: string) => Deno.writeTextFile(new URL(name, base), text);
    const copies = async () => {
      const behind = await copyNotebooks(from, to), texts: Record<string, string> = {};
      for (const { name } of Deno.readDirSync(to)) {
        if (!name.startsWith(".")) texts[name] = await Deno.readTextFile(new URL(name, to));
      }
      return { behind, texts };
    };
    await write(from, "04_a.ipynb", "a1");
    await write(from, "05_b.ipynb", "b1");
    await write(from, "other.txt", "not copied");
    await write(from, "10_own.ipynb", "the reader's own: not copied");
    assertEquals(await copies(), { behind: [], texts: { "04_a.ipynb": "a1", "05_b.ipynb": "b1" } });

    await write(to, "04_a.ipynb", "a1 edited");
    await write(to, "own.ipynb", "own");
    await write(from, "05_b.ipynb", "b2");
    const after = { "04_a.ipynb": "a1 edited", "05_b.ipynb": "b2", "own.ipynb": "own" };
    assertEquals(await copies(), { behind: [], texts: after });

    await write(from, "04_a.ipynb", "a2");
    assertEquals(await copies(), { behind: ["04_a.ipynb"], texts: after });
    assertEquals(await copies(), { behind: ["04_a.ipynb"], texts: after });

    await Deno.remove(new URL("04_a.ipynb", to));
    assertEquals(await copies(), { behind: [], texts: { ...after, "04_a.ipynb": "a2" } });
    assertEquals(await Deno.readTextFile(new URL("04_a.ipynb", from)), "a2");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
