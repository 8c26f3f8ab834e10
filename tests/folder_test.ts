import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { images } from "../lib/image/dataset.ts";
import { type FolderOptions, loadFolder } from "../lib/image/folder.ts";
import { encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { plainPng } from "./drawn_png.ts";
import { measuredCode } from "./peak_memory.ts";
import { transform } from "../lib/image/transform.ts";

/** A picture of one gray or colour. */
function plain(width: number, height: number, ...colour: number[]): Raster {
  const pixels = Uint8Array.from(
    { length: width * height * colour.length },
    (_, i) => colour[i % colour.length]!,
  );
  return { width, height, channels: colour.length === 3 ? 3 : 1, pixels };
}

type Files = Readonly<Record<string, Raster | Uint8Array>>;

async function withFolder<T>(files: Files, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeFile(join(folder, name), content instanceof Uint8Array ? content : encodePng(content));
    }
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const load = (files: Files, options?: FolderOptions) =>
  withFolder(files, (folder) => loadFolder(folder, options));

async function refuses(files: Files, code: string): Promise<string> {
  const error = await withFolder<MdlError>(
    files,
    (folder) => assertRejects(() => loadFolder(folder), MdlError),
  );
  assertEquals(error.code, code);
  return error.message;
}

Deno.test("images are sorted by name and grouped by size, names keep pace", async () => {
  const set = await load({
    "c.png": plain(2, 2, 30),
    "a.png": plain(2, 2, 10),
    "b.png": plain(3, 1, 20),
    "d.PNG": plain(1, 3, 40),
  });
  assertEquals(set.names, ["a", "c", "b", "d"]);
  assertEquals(set.groups, [
    { count: 2, width: 2, height: 2 },
    { count: 1, width: 3, height: 1 },
    { count: 1, width: 1, height: 3 },
  ]);
  assertEquals([...images(set)].map(({ pixels }) => pixels[0]), [10, 30, 20, 40]);
});

Deno.test("names that would be the same keep their extensions", async () => {
  const picture = plain(1, 1, 5);
  const set = await load({
    "a.png": picture,
    "a.jpg": encodePng(picture),
    "b.png": picture,
    "c.d.png": picture,
  });
  assertEquals(set.names, ["a.jpg", "a.png", "b", "c.d"]);
});

Deno.test("channels: gray when nothing has colour, else RGB, in which gray images are r = g = b", async () => {
  const grayish = plain(2, 2, 7, 7, 7), red = plain(2, 2, 200, 10, 10), gray = plain(2, 2, 7);
  assertEquals((await load({ "a.png": grayish, "b.png": gray })).symbols, new Uint8Array(8).fill(7));
  assertEquals((await load({ "a.png": grayish, "b.png": red })).channels, 3);
  const mixed = await load({ "a.png": gray, "b.png": red });
  assertEquals([mixed.channels, ...mixed.symbols], [3, ...grayish.pixels, ...red.pixels]);
  const converted = await load({ "a.png": gray, "b.png": red }, { gray: true });
  assertEquals([converted.channels, converted.symbols[0], converted.symbols[4]], [1, 7, 67]); // 66.81
});

Deno.test("what is left out is counted: other files, pipes, subfolders; hidden files are no images", async () => {
  const lines: string[] = [], log = (line: string) => void lines.push(line);
  const text = new TextEncoder().encode("text");
  const files = { "a.png": plain(1, 1, 3), "readme.txt": text, "._a.png": text, "sub/b.png": plain(1, 1, 4) };
  await withFolder(files, async (folder) => {
    await new Deno.Command("mkfifo", { args: [join(folder, "pipe.png")] }).output();
    await Deno.symlink(join(folder, "nowhere"), join(folder, "broken.png"));
    await Deno.symlink(join(folder, "a.png"), join(folder, "link.png"));
    const set = await loadFolder(folder, { log });
    assertEquals(set.names, ["a", "link"]);
    assertEquals(lines, [
      "2 files ignored: not PNG, JPEG or WebP",
      "2 entries ignored: neither a file nor a folder",
      "1 subfolder left out, read only when asked (recursive)",
    ]);
    await Deno.symlink(folder, join(folder, "sub/round"));
    assertEquals((await loadFolder(folder, { recursive: true })).names, ["a", "link", "sub/b"]);
  });
});

Deno.test("a name may have any character that the system takes", async () => {
  const names = ["a\nb", "\u001b[31m", " ", "…"];
  const set = await load(Object.fromEntries(names.map((name, i) => [`${name}.png`, plain(1, 1, i)])));
  assertEquals([...set.names].sort(), names.sort());
});

Deno.test("a file that the system does not give is refused with the reason", async () => {
  await withFolder({ "a.png": plain(1, 1, 3) }, async (folder) => {
    const odd = Deno.build.os === "linux" && new Deno.Command("sh", {
      args: ["-c", `cp a.png "$(printf 'b\\377.png')"`],
      cwd: folder,
    });
    if (!odd || !(await odd.output()).success) return; // this file system takes UTF-8 only
    const { message } = await assertRejects(() => loadFolder(folder), MdlError);
    assert(message.endsWith("cannot be read: it is gone, or its name is not in UTF-8."), message);
  });
});

Deno.test("more pixels than fit are refused before they are read, and taken when they are resized", async () => {
  const files = { "a.png": plain(1, 1, 0), "b.png": plainPng(9_000, 9_000, 7, 8, 9) };
  assert((await refuses(files, "too-large")).includes("200 MB"));
  await withFolder(files, async (folder) => {
    const { err, peak = 0 } = await measuredCode(
      `import { loadFolder } from "project/lib/image/folder.ts"; await loadFolder(".");`,
      folder,
    );
    assert(err.includes("200 MB") && peak < 250e6, `${peak} bytes: ${err}`);
  });
  const small = await load({ "b.png": plainPng(900, 500, 7, 8, 9) }, { size: { width: 2, height: 1 } });
  assertEquals([...small.symbols], [7, 8, 9, 7, 8, 9]);
});

Deno.test("what cannot be loaded is refused with a sentence that names it", async () => {
  await refuses({}, "empty");
  await refuses({ "notes.txt": new Uint8Array(3) }, "empty");
  assert((await refuses({ "broken.png": new Uint8Array(30) }, "unreadable")).includes("broken.png"));
  const missing = await assertRejects(
    () => loadFolder(join(import.meta.dirname!, "no such folder")),
    MdlError,
  );
  const file = await assertRejects(() => loadFolder(import.meta.filename!), MdlError);
  assertEquals([missing.code, file.code], ["not-found", "not-found"]);
});

Deno.test("progress reaches its total, take stops early, an aborted signal stops at once", async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}.png`, plain(1, 1, i)]));
  const seen: number[] = [];
  const set = await load(files, { take: 4, progress: ({ done, total }) => void seen.push(done, total) });
  assertEquals(set.names.length, 4);
  assertEquals(seen, [0, 4, 1, 4, 2, 4, 3, 4, 4, 4]);
  const error = await assertRejects(() => load(files, { signal: AbortSignal.abort() }), MdlError);
  assertEquals(error.code, "interrupted");
});

Deno.test("resizing while reading gives what preprocess would, and says what it discards", async () => {
  const ramp = (width: number, height: number): Raster => ({
    width,
    height,
    channels: 3,
    pixels: Uint8Array.from({ length: 3 * width * height }, (_, i) => i * 7),
  });
  const files = { "a.png": ramp(9, 5), "b.png": ramp(4, 6) }, size = { width: 4, height: 3 };
  const lines: string[] = [];
  const reduced = await load(files, { size, gray: true, log: (line) => lines.push(line) });
  assertEquals(reduced.sha256, transform(await load(files), { size, gray: true }).sha256);
  assertEquals(lines, ["resized while reading: 69 → 24 bytes of pixels"]);
});
