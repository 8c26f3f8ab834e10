/** Programs give the same bits in other WebAssembly engines: in Node at least, and in those that are installed besides. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sha256 } from "../lib/hash.ts";
import { buildProgram } from "../lib/program/build.ts";
import { storedCode } from "../lib/program/stored.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

async function engines(...programs: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "engines", ...programs],
    cwd: root,
    env: { NO_COLOR: "1", INIT_CWD: root },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("the golden programs of every kind decode to the same bits in every engine that is here", async () => {
  const { code, out, err } = await engines();
  assertEquals(code, 0, out + err);
  assert(/V8 in Deno: .*\n.*V8 in Node: /.test(out), out);
  assert(/programs, the same bits in [2-5] engines/.test(out), out);
});

Deno.test("a program that gives other bits than it announces is named", async () => {
  const forged = await Deno.makeTempFile({ suffix: ".wasm" }), items = [{ count: 1, bytes: 3 }];
  const data = { modality: "bytes", names: ["x"], sha256: sha256(Uint8Array.of(1, 2, 4)) };
  const coded = await storedCode(items, Uint8Array.of(1, 2, 3)), record = { dataset: "x" };
  await Deno.writeFile(forged, buildProgram(coded, { data, items, shape: new Uint8Array(), record }));
  const { code, out, err } = await engines(forged);
  assertEquals(code, 1);
  assert(out.includes("DIFFERS") && /\d decodings did not give the data/.test(err), out + err);
});
