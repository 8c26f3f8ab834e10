import { assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { packageFolder, pinnedPackage } from "../scripts/laboratory/sets/package.ts";
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
