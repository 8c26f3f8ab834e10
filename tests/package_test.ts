import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { zipSync } from "fflate";
import { packageFolder, pinnedPackage } from "../scripts/laboratory/sets/package.ts";
import { downloadWheel, reasonOf } from "../scripts/laboratory/sets/pip.ts";
import { pinnedWheel } from "../scripts/laboratory/sets/wheel.ts";
import { pythonThere } from "../scripts/python.ts";
import { MdlError } from "../lib/errors.ts";
import { inFolder } from "./in_folder.ts";

const tarball = await Deno.readFile(new URL("fixtures/tiny-1.0.0.tgz", import.meta.url));
const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
const pinned = { integrity, unpackedBytes: 100 };

/** A registry on this machine that knows one package, and gives `bytes` for it. */
function serveRegistry(bytes: Uint8Array<ArrayBuffer>) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname, origin } = new URL(request.url);
    if (pathname.endsWith(".tgz")) return new Response(bytes);
    const dist = { integrity, tarball: `${origin}/tiny-1.0.0.tgz` };
    const versions = { "1.0.0": { name: "tiny", version: "1.0.0", dist } };
    return Response.json({ name: "tiny", "dist-tags": { latest: "1.0.0" }, versions });
  });
  return { registry: `http://127.0.0.1:${server.addr.port}/`, close: () => server.shutdown() };
}

const listing = (folder: string) => [...Deno.readDirSync(folder)].map((entry) => entry.name);

Deno.test("a package is fetched once, and then taken from the cache", async () => {
  await inFolder(async (cache) => {
    const { registry, close } = serveRegistry(tarball);
    const lines: string[] = [], log = (line: string) => void lines.push(line);
    const folder = await pinnedPackage("tiny@1.0.0", pinned, { cache, registry, log });
    await close();
    assertEquals(await Deno.readTextFile(join(folder, "data.txt")), "a tiny package of data\n");
    assertEquals(listing(cache), ["tiny@1.0.0"]); // no tarball, no unfinished folder
    assertEquals(await pinnedPackage("tiny@1.0.0", pinned, { cache, registry, log }), folder); // nobody listens now
    assertEquals(lines.length, 1);
  });
});

Deno.test("a package altered at any place is refused and leaves nothing", async () => {
  await inFolder(async (cache) => {
    for (let at = 0; at < tarball.length; at += 7) {
      const { registry, close } = serveRegistry(tarball.with(at, tarball[at]! ^ 1));
      const error = await assertRejects(
        () => pinnedPackage("tiny@1.0.0", pinned, { cache, registry }),
        MdlError,
      );
      await close();
      assertEquals(error.code, "integrity");
      assertEquals(listing(cache), []);
    }
  });
});

Deno.test("without a network there is one sentence, and nothing is left", async () => {
  await inFolder(async (cache) => {
    const { registry, close } = serveRegistry(tarball);
    await close(); // its port is free: nobody answers
    const error = await assertRejects(
      () => pinnedPackage("tiny@1.0.0", pinned, { cache, registry }),
      MdlError,
    );
    assertEquals(error.code, "offline");
    assertEquals(listing(cache), []);
  });
});

Deno.test("a cache that cannot be written, and a fetch that is stopped, are told apart", async () => {
  await inFolder(async (folder) => {
    const { registry, close } = serveRegistry(tarball);
    const cache = join(folder, "a file");
    await Deno.writeTextFile(cache, "");
    const full = await assertRejects(() =>
      pinnedPackage("tiny@1.0.0", pinned, { cache: join(cache, "x"), registry })
    );
    const signal = AbortSignal.abort();
    const stopped = await assertRejects(() =>
      pinnedPackage("tiny@1.0.0", pinned, { cache: folder, registry, signal })
    );
    await close();
    assertEquals([(full as MdlError).code, (stopped as MdlError).code], ["not-writable", "interrupted"]);
    assertEquals(listing(folder), ["a file"]);
  });
});

Deno.test("only pinned packages are fetched", async () => {
  const error = await assertRejects(() => packageFolder("left-pad@1.3.0"), MdlError);
  assertEquals(error.code, "not-found");
});

/** A wheel with a file of data in it, for a machine that is not this one, and a package index that has nothing else. */
const wheel = zipSync({
  "tiny/data/a.txt": new TextEncoder().encode("data"),
  "tiny/__init__.py": new Uint8Array(),
  "tiny-1.0.0.dist-info/METADATA": new TextEncoder().encode(
    "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0.0\n",
  ),
  "tiny-1.0.0.dist-info/WHEEL": new TextEncoder().encode("Wheel-Version: 1.0\nTag: py3-none-win_amd64\n"),
});
const pinnedAsWheel = {
  integrity: `sha512-${createHash("sha512").update(wheel).digest("base64")}`,
  data: "tiny/data/",
  target: { platform: "win_amd64", python: "3.11" },
};

function serveIndex() {
  const name = "tiny-1.0.0-py3-none-win_amd64.whl",
    page = `<!DOCTYPE html><a href="/files/${name}">${name}</a>`;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/simple/tiny/") return new Response(page, { headers: { "content-type": "text/html" } });
    return pathname === `/files/${name}` ? new Response(wheel) : new Response(null, { status: 404 });
  });
  return { registry: `http://127.0.0.1:${server.addr.port}/simple/`, close: () => server.shutdown() };
}

const noPip = (await pythonThere()) ? "" : ": skipped here, there is no Python";

Deno.test("why pip has failed is its last error, else the last thing that it said", () => {
  const said = ["ERROR: no version.\n", "ERROR: no version.\nhint\n", "hint\nkilled\n", ""].map(reasonOf);
  assertEquals(said, ["no version", "no version", "killed", "pip says nothing"]);
});

Deno.test({
  name: `the data of a wheel are fetched once by pip, and nothing else of it${noPip}`,
  ignore: noPip !== "",
  fn: () =>
    inFolder(async (cache) => {
      const { registry, close } = serveIndex();
      const fetched = (pinned = pinnedAsWheel) => pinnedWheel("tiny@1.0.0", pinned, { cache, registry });
      const other = await assertRejects(() => fetched({ ...pinnedAsWheel, integrity: "sha512-" }), MdlError);
      assertEquals([other.code, listing(cache)], ["integrity", []]);
      const folder = await fetched();
      assertEquals([listing(folder), listing(cache)], [["a.txt"], ["tiny@1.0.0"]]);
      const none = await assertRejects(() => downloadWheel("tiny==2.0.0", { cache, registry }), MdlError);
      assertEquals([none.code, listing(cache)], ["failed", ["tiny@1.0.0"]]);
      assertMatch(none.message, /^The Python package tiny==2\.0\.0 could not be fetched: .*tiny==2\.0\.0\.$/);
      await close();
      assertEquals(await fetched(), folder);
    }),
});

Deno.test({
  name: `without Python, without its pip, and without a network a sentence says which${noPip}`,
  ignore: noPip !== "",
  fn: () =>
    inFolder(async (cache) => {
      const { registry, close } = serveIndex(), bare = join(cache, "bare");
      await close(); // nobody answers
      await new Deno.Command("python3", { args: ["-m", "venv", "--without-pip", bare] }).output();
      const refused = async (...pythons: string[]) => {
        const work = () => downloadWheel("tiny==1.0.0", { cache, registry }, [], pythons);
        const { code, message } = await assertRejects(work, MdlError) as MdlError;
        return [code, message];
      };
      const [missing, sentence] = await refused(join(cache, "nowhere"));
      assertEquals(missing, "not-found");
      assertMatch(sentence!, /^tiny==1\.0\.0 comes as a Python package, and there is no python3 on PATH /);
      const python = join(bare, "bin/python");
      assertEquals(await refused(join(cache, "nowhere"), python), [
        "not-found",
        `tiny==1.0.0 comes as a Python package, and ${python} has no pip: install it (on Debian: apt install ` +
        "python3-pip), and try again.",
      ]);
      assertEquals(await refused("python3"), [
        "offline",
        "The Python package tiny==1.0.0 could not be fetched: connect to the network once, and try again.",
      ]);
      assertEquals(listing(cache), ["bare"]);
    }),
});
