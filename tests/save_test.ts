import { assertEquals, assertRejects } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import { saveFile } from "../lib/save.ts";
import { assertWritable, folderFor } from "../scripts/outputs.ts";

/** Runs `act` in a new folder and returns the names that are in it afterwards. */
async function inFolder(act: (folder: string) => Promise<void>): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a file is written as a whole, over an older one too", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
  const names = await inFolder(async (folder) => {
    const path = `${folder}/x.wasm`;
    await saveFile(path, bytes.subarray(0, 10));
    await saveFile(path, bytes);
    assertEquals(await Deno.readFile(path), bytes);
  });
  assertEquals(names, ["x.wasm"]);
});

Deno.test("what cannot be written leaves nothing behind and says why", async () => {
  const names = await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/there`);
    await Deno.writeTextFile(`${folder}/file`, "kept");
    const fails = async (path: string, why: string) => {
      const error = await assertRejects(
        () => saveFile(`${folder}/${path}`, new Uint8Array(5)),
        MdlError,
        why,
      );
      assertEquals((error as MdlError).code, "not-writable");
    };
    await fails("missing/x.wasm", "there is no such folder");
    await fails("file/x.wasm", "a part of its path is no folder");
    await fails("there", "it is a folder");
    await fails("missing/", "there is no such folder");
    await assertRejects(() => assertWritable(`${folder}/missing/`), MdlError, "there is no such folder");
    assertEquals(await Deno.readTextFile(`${folder}/file`), "kept");
  });
  assertEquals(names, ["file", "there"]);
});

Deno.test("names as long as the system takes are written, longer ones are refused in a sentence", async () => {
  const longest = "a".repeat(255);
  const names = await inFolder(async (folder) => {
    await assertWritable(`${folder}/${longest}`);
    await saveFile(`${folder}/${longest}`, new Uint8Array(5));
    for (const write of [assertWritable, (path: string) => saveFile(path, new Uint8Array(5))]) {
      await assertRejects(() => write(`${folder}/${longest}a`), MdlError, "its name is too long");
    }
  });
  assertEquals(names, [longest]);
});

Deno.test("what a killed run left behind is removed; what is young, in use, or the user's own stays", async () => {
  const yesterday = new Date(Date.now() - 86_400_000), now = new Date();
  const [stale, young, used] = ["0", "1", "2"].map((digit) => `.mdlab-${digit.repeat(16)}.part`);
  const own = ["x.part", ".mdlab-notes.part", "x.wasm.12345678.part", `${stale}.png`];
  const names = await inFolder(async (folder) => {
    for (const name of [stale!, young!, used!, ...own]) {
      await Deno.writeTextFile(`${folder}/${name}`, "begun");
      await Deno.utime(`${folder}/${name}`, now, name === young ? now : yesterday);
    }
    using file = await Deno.open(`${folder}/${used}`, { write: true });
    await file.lock(true);
    await saveFile(`${folder}/x.wasm`, new Uint8Array(5));
  });
  assertEquals(names, [young!, used!, ...own, "x.wasm"].sort());
});

Deno.test("a folder whose content could not be made is not left behind; one that was there stays", async () => {
  const names = await inFolder(async (folder) => {
    const failing = (path: string, made = async () => {}) =>
      assertRejects(
        async () => {
          await using _folder = await folderFor(`${folder}/${path}`);
          await made();
          throw new MdlError("damaged", "It was.");
        },
        MdlError,
        "It was.",
      );
    await failing("new/deep");
    await Deno.mkdir(`${folder}/old`);
    await failing("old");
    await failing("kept/within", () => Deno.writeTextFile(`${folder}/kept/file`, ""));
  });
  assertEquals(names, ["kept", "old"]);
});
