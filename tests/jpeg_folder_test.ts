/** Folders of JPEG files: when they are taken as files, and the commands on them as a user runs them. */
import decodeJpeg from "@jsquash/jpeg/decode.js";
import encodeJpeg from "@jsquash/jpeg/encode.js";
import { encode as encodePng } from "fast-png";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { loadFiles } from "../lib/files/load.ts";
import { random } from "../lib/random.ts";
import { loadAny } from "../scripts/laboratory/source.ts";
import type { TaskName } from "../scripts/task_process.ts";
import { inFolder } from "./in_folder.ts";
import { outcome, taskIn } from "./run_task.ts";

/** A picture with grain, which takes more than a decoder. */
async function photo(width: number, height: number, seed: number): Promise<Uint8Array> {
  const image = new ImageData(width, height), { below } = random(seed, "photo");
  for (let i = 0; i < width * height; i++) {
    const x = i % width, y = Math.floor(i / width), grain = below(40);
    image.data.set([100 + 50 * Math.sin(x / 20) + grain, 80 + y / 4 + grain, 128 + grain, 255], 4 * i);
  }
  return new Uint8Array(await encodeJpeg(image, { quality: 92 }));
}

const png = encodePng({ width: 2, height: 2, channels: 1, depth: 8, data: Uint8Array.of(1, 2, 3, 4) });

Deno.test("JPEG files are taken as files, and as pixels where that is asked, or where others are among them", () =>
  inFolder(async (folder) => {
    const at = (name: string) => join(folder, name),
      log: string[] = [],
      say = { log: (line: string) => void log.push(line) };
    const files = [await photo(24, 16, 1), await photo(16, 16, 2)];
    await Deno.writeFile(at("a.jpg"), files[0]!);
    await Deno.writeFile(at("b.JPEG"), files[1]!);
    await Deno.writeTextFile(at("notes.txt"), "beside them");
    const { modality, names, symbols, provenance } = await loadAny(folder, say);
    assertEquals([modality, names], ["jpeg", ["a.jpg", "b.JPEG"]]);
    assertEquals([symbols.length, provenance.bytes], [files[0]!.length + files[1]!.length, symbols.length]);
    assertEquals(log, [
      "1 file ignored: not called .jpg or .jpeg",
      "read as jpeg: JPEG, not the pixels of a folder (pixels)",
    ]);
    for (
      const asked of [{ pixels: true }, { gray: true }, { size: { width: 8, height: 8 } }, {
        as: "image",
      }] as const
    ) {
      const set = await loadAny(folder, { ...asked, ...say });
      assertEquals([set.modality, set.names.length, set.provenance.bytes], ["image", 2, symbols.length]);
    }
    assertEquals((await loadAny(folder, { ...say, take: 1 })).names, ["a.jpg"]);
    assertEquals((await loadAny(at("a.jpg"), say)).modality, "jpeg");
    assertEquals((await loadAny(at("a.jpg"), { ...say, as: "bytes" })).modality, "bytes");
    await Deno.writeFile(at("c.png"), png);
    assertEquals((await loadAny(folder, say)).modality, "image");
    for (const name of ["a.jpg", "b.JPEG", "c.png"]) await Deno.remove(at(name));
    await Deno.writeFile(at("png.jpg"), png);
    assertEquals((await loadAny(folder, say)).modality, "image", "a name makes no JPEG");
    await Deno.remove(at("png.jpg"));
    await assertRejects(() => loadFiles(folder, { as: "jpeg", ...say }), MdlError, "no JPEG file");
  }));

Deno.test("a folder of JPEG files through every command", () =>
  inFolder(async (home) => {
    const run = (...command: readonly [TaskName, ...string[]]) => outcome(taskIn(home, ...command));
    const names = ["one.jpg", "two.jpg"], files = [await photo(400, 300, 1), await photo(300, 200, 2)];
    await Deno.mkdir(join(home, "pics"));
    for (const [i, name] of names.entries()) await Deno.writeFile(join(home, "pics", name), files[i]!);
    const size = (files[0]!.length + files[1]!.length).toLocaleString("en");
    const made = await run("compress", "pics", "--output", "pics.wasm");
    assertEquals(made.code, 0, made.err);
    assertMatch(
      made.out,
      new RegExp(`the files on disk: ${size} bytes; the program is \\d+\\.\\d % shorter`),
    );
    assertEquals((await run("decompress", "pics.wasm", "--output", "back")).code, 0);
    for (const [i, name] of names.entries()) {
      assertEquals(await Deno.readFile(join(home, "back", name)), files[i]);
    }
    assertMatch((await run("verify", "pics.wasm", "pics")).out, /^verified: /);
    assertMatch(
      (await run("inspect", "pics.wasm", "--planes")).out,
      /headers and other bytes .*\n(plane \d, [DA]C .*\n){6}/,
    );
    const drawn = await run("generate", "pics.wasm", "--output", "drawn.jpg", "--length", "20000");
    assertEquals(drawn.code, 0, drawn.err);
    assert((await decodeJpeg((await Deno.readFile(join(home, "drawn.jpg"))).buffer)).width > 8);
    const refused = await run("compress", "pics", "--preset", "smoke", "--output", "no.wasm");
    assertMatch(refused.err, /--preset is for images .*\(--pixels takes JPEG files as images\)/);
    const pixels = await run(
      "compress",
      "pics",
      "--size",
      "8x8",
      "--preset",
      "smoke",
      "--output",
      "pixels.wasm",
    );
    assertMatch(pixels.out, new RegExp(`the files on disk, before preprocess: ${size} bytes\\n`));
    await Deno.mkdir(join(home, "tiny"));
    await Deno.writeFile(join(home, "tiny/a.png"), png);
    const longer = await run("compress", "tiny", "--preset", "smoke", "--output", "tiny.wasm");
    assertMatch(longer.out, /the files on disk: \d+ bytes: THE PROGRAM IS LONGER than the files/);
  }));

Deno.test("pixels are asked of a folder: of one file, or of a text, they are refused and not forgotten", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "a.jpg"), await photo(24, 16, 1));
    await Deno.writeTextFile(join(folder, "notes.txt"), "no pictures");
    for (const [name, kind] of [["a.jpg", "jpeg"], ["notes.txt", "text"]]) {
      for (const args of [["compress", name], ["controls", "--set", name]] as [TaskName, ...string[]][]) {
        const { code, err } = await outcome(taskIn(folder, ...args, "--pixels", "--preset", "smoke"));
        const last = err.trim().split("\n").at(-1);
        assertEquals([code, last], [
          1,
          `--pixels takes the JPEG files of a folder as images; ${name} is read as ${kind}.`,
        ]);
      }
    }
    for (const set of ["six-jpeg", "speeches"]) {
      await assertRejects(
        () => loadAny(set, { gray: true }),
        MdlError,
        `${set} holds no images: gray is for`,
      );
    }
  }));
