/**
 * The library as others have it: what `deno publish` would send, as a tarball that was unpacked elsewhere, used from a
 * folder outside of the project by the README's one line and example.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await Deno.readTextFile(join(root, "README.md"));
const section = readme.slice(readme.indexOf("\n## As a library"));
const [, line] = /```json\n([\s\S]*?)```/.exec(section)!, [, example] = /```ts\n([\s\S]*?)```/.exec(section)!;

/** Runs a program in a folder; stdout, or an error with what it said. */
async function run(program: string, args: string[], cwd: string): Promise<string> {
  const env = { NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
  const [said, wrong] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${args.join(" ")}\n${said}${wrong}`);
  return said! + wrong!;
}

const deno = (args: string[], cwd: string) => run(Deno.execPath(), args, cwd);

/** Files that would be published, as paths from the project's; types are left to the gate that checks all. */
async function published(): Promise<string[]> {
  const said = await deno(["publish", "--dry-run", "--allow-dirty", "--no-check"], root);
  return [...said.matchAll(/^\s+(file:\S+) \(/gm)].map(([, url]) => relative(root, fileURLToPath(url!)))
    .sort();
}

Deno.test("what is published is library and laboratory, without slow types", async () => {
  const files = await published(), wanted = /^(lib|scripts\/laboratory)\/.+\.(ts|wasm|md)$/;
  const others = files.filter((file) => !wanted.test(file) || file.includes("/assembly/"));
  const font = "scripts/laboratory/figures/noto_sans_sc", ofFont = [`${font}.ttf.br`, `${font}_LICENSE`];
  assertEquals(others, ["LICENSE", "README.md", "data/datasets.json", "deno.json", ...ofFont]);
  for (const entry of Object.values(manifest.exports)) assert(files.includes(entry.slice(2)), entry);
});

Deno.test("README: the line and the example make a program from an unpacked tarball, outside of the project", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = await published(), user = join(folder, "user"), unpacked = join(folder, "mdlab");
    for (const path of [user, unpacked]) await Deno.mkdir(path);
    await run("tar", ["-czf", join(folder, "mdlab.tgz"), ...files], root);
    await run("tar", ["-xzf", "../mdlab.tgz"], unpacked);
    assert(line!.includes("/path/to/mdlab"));
    await Deno.writeTextFile(join(user, "deno.json"), line!.replace("/path/to/mdlab", "../mdlab"));
    await Deno.writeTextFile(join(user, "example.ts"), example!);
    const entries = Object.keys(manifest.exports).map((entry) => `@mdlab/mdlab${entry.slice(1)}`);
    await Deno.writeTextFile(join(user, "all.ts"), entries.map((name) => `import "${name}";\n`).join(""));
    await deno(["check", "all.ts"], user);
    await deno(["run", "--allow-read", "--allow-env", "all.ts"], user);
    const said = await deno(
      ["run", "--allow-read", "--allow-write=.", "--allow-env", "--allow-sys", "example.ts"],
      user,
    );
    assertMatch(said, /^\d+ bytes that give 12288 back, bit for bit$/m);
    assert((await Deno.stat(join(user, "scenes.wasm"))).size < 12288);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the reference's first page leads where it says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await deno(
      ["doc", "--html", "--name=MDLab", `--output=${folder}`, ...Object.values(manifest.exports)],
      root,
    );
    const page = await Deno.readTextFile(join(folder, "index.html"));
    assertMatch(page, /Which function do I want\?/);
    const links = [...page.matchAll(/href="([^"#:]+\.html)"/g)].map(([, link]) => link!);
    for (const name of ["loadFolder", "compress", "decodePrefix", "measureBaselines"]) {
      assert(links.some((link) => link.endsWith(`/${name}.html`)), name);
    }
    for (const link of links) assert((await Deno.stat(join(folder, link))).isFile, link);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
