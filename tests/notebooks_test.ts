/** Notebooks executed by their clients: with parameters of the user's, and by nbconvert. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { MdlError } from "../lib/errors.ts";
import { type ProgressBar, progressOn } from "../lib/progress.ts";
import { type NotebookCell, readNotebook, writeNotebook } from "../scripts/ipynb.ts";
import { execute, together } from "../scripts/notebooks.ts";
import { withParameters } from "../scripts/parameters.ts";
import { prepareJupyter, pythonThere } from "../scripts/python.ts";
import { inFolder } from "./in_folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = await pythonThere(), skipped = python ? "" : ": skipped here, there is no Python";
const outputsOf = (cells: readonly NotebookCell[]) => JSON.stringify(cells.map(({ outputs }) => outputs));

const OWN: NotebookCell[] = [
  { kind: "markdown", source: "Title" },
  {
    kind: "code",
    tags: ["parameters"],
    outputs: [],
    source: 'import "x";\n\nconst settings = { preset: "quick", seed: 1, set: "photos" } as const;',
  },
  { kind: "code", source: "run()", outputs: [{ output_type: "stream", name: "stdout", text: ["ran"] }] },
];

Deno.test("parameters are a cell of their own behind the notebook's, and outputs of other settings are gone", () => {
  const cells = withParameters(OWN, { seed: 2, set: 'a "b"' }, "x");
  assertEquals(cells[2], {
    kind: "code",
    tags: ["injected-parameters"],
    source: '// Parameters\nObject.assign(settings, { seed: 2, set: "a \\"b\\"" });',
  });
  assertEquals(cells.toSpliced(2, 1), OWN.map(({ outputs: _, ...cell }) => cell));
  assertEquals(withParameters(cells, { seed: 2, set: 'a "b"' }, "x"), cells, "replaced, not repeated");
  assertEquals(withParameters(cells, { preset: "smoke" }, "x")[2]!.source.includes("seed"), false);
});

Deno.test("parameters that a notebook does not have are refused", () => {
  const refusal = (cells: NotebookCell[]) =>
    assertThrows(() => withParameters(cells, { sett: "x" }, "05"), MdlError);
  assertMatch(refusal(OWN).message, /^05 has no sett to choose: its settings are preset, seed, set\.$/);
  assertMatch(refusal(OWN.toSpliced(1, 1)).message, /no cell tagged parameters/);
});

Deno.test({
  name: "notebooks together: what a failing one says stands below the bar",
  ignore: Deno.build.os === "windows", // what stands for Python is a script of sh
  fn: () =>
    inFolder(async (folder) => {
      const python = `${folder}/python`, events: string[] = [], { signal } = new AbortController();
      await Deno.writeTextFile(python, "#!/bin/sh\necho 'cell 1/2: x' >&2\necho 'It failed.' >&2\nexit 1\n");
      await Deno.chmod(python, 0o755);
      const bar = progressOn({ interval: 0, write: (_, final) => void events.push(final ? "bar\n" : "bar") });
      const { error } = console;
      console.error = (text: string) => void events.push(text);
      const run = ({ name }: { name: string }, signal: AbortSignal, bar: ProgressBar) =>
        execute([], { python, env: {} }, { name, folder, settings: {}, seconds: 9, signal, bar });
      const failing = () => together([{ name: "01" }, { name: "02" }], 1, signal, bar, run);
      const { message } = await assertRejects(failing, MdlError).finally(() => console.error = error);
      assertMatch(message, /^01 was not executed to its end/);
      assertEquals(events, ["bar", "bar\n", "It failed."]);
    }),
});

/** Runs `deno task notebooks` with the task's permissions where a user stands. */
async function notebooks(cwd: string, env: Record<string, string>, ...args: string[]) {
  const words = manifest.tasks.notebooks.split(" ").slice(1);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words.slice(0, -1), "--no-prompt", root + words.at(-1)!, ...args],
    cwd: root,
    env: { ...env, INIT_CWD: cwd, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, said: new TextDecoder().decode(stderr).trim() };
}

Deno.test("deno task notebooks: other settings go to a file of their own, which must not be there", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/there.ipynb`, "mine");
    const refused = async (pattern: RegExp, args: string[], env = {}) => {
      const { code, said } = await notebooks(folder, env, ...args);
      assertMatch(said, pattern);
      assertEquals(code, 1);
    };
    await refused(/say with --output/, ["04", "--seed", "2"]);
    await refused(/say with --output/, ["04"], { MDLAB_PRESET: "paper" });
    await refused(/there\.ipynb is there already/, ["04", "--seed", "2", "-o", "there.ipynb"]);
    await refused(/one notebook/, ["-o", "new.ipynb", "03", "04"]);
    await refused(/01_background has no set to choose/, ["01", "--set", ".", "-o", "new.ipynb"]);
    await refused(/no folder or data set nowhere/, ["04", "--set", "nowhere", "-o", "new.ipynb"]);
    await refused(/--smoke keeps nothing/, ["04", "--smoke", "-o", "new.ipynb"]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["there.ipynb"]);
    assertEquals(await Deno.readTextFile(`${folder}/there.ipynb`), "mine");
  }));

Deno.test({
  name: `deno task notebooks: runs with parameters, and its own file stays as it is${skipped}`,
  ignore: !python,
  fn: () =>
    inFolder(async (folder) => {
      const own = `${root}notebooks/01_background.ipynb`, before = await Deno.readTextFile(own);
      const args = ["01", "--preset", "smoke", "--seed", "2", "--output", "out.ipynb"];
      const { code, said } = await notebooks(folder, { MDLAB_SEED: "3" }, ...args);
      assertEquals(code, 0, said);
      const cells = readNotebook(await Deno.readTextFile(`${folder}/out.ipynb`), "out");
      const at = cells.findIndex(({ tags }) => tags?.includes("injected-parameters"));
      assertEquals(
        cells[at]!.source,
        '// Parameters\nObject.assign(settings, { preset: "smoke", seed: 2 });',
      );
      assert(cells[at - 1]!.tags?.includes("parameters"));
      assertStringIncludes(outputsOf(cells), "01_background: preset smoke, seed 2, backend");
      assertEquals(await Deno.readTextFile(own), before);
    }),
});

Deno.test({
  name: `one process at a time prepares Jupyter; whoever waits can be stopped${skipped}`,
  ignore: !python,
  async fn() {
    await prepareJupyter();
    const other = await Deno.open(`${root}.jupyter/preparing.lock`, { write: true }),
      stop = new AbortController();
    await other.lock(true);
    let prepared = false;
    const waiting = prepareJupyter().then(() => prepared = true);
    setTimeout(() => stop.abort(), 300);
    assertEquals((await assertRejects(() => prepareJupyter(stop.signal), MdlError)).code, "interrupted");
    assertEquals(prepared, false);
    other.close();
    assertEquals(await waiting, true);
  },
});

Deno.test({
  name: `nbconvert --execute keeps all outputs of all cells${skipped}`,
  ignore: !python,
  fn: () =>
    inFolder(async (folder) => {
      const count = 12;
      const cells = Array.from({ length: count }, (_, i): NotebookCell => ({
        kind: "code",
        source: `for (let n = 0; n < 20; n++) console.log("cell ${i}, line", n);\n` +
          `await Deno.jupyter.display({ "text/plain": "end of ${i}" }, { raw: true });`,
      }));
      await Deno.writeTextFile(`${folder}/in.ipynb`, writeNotebook(cells));
      const { python, env } = await prepareJupyter();
      const { success, stderr } = await new Deno.Command(python, {
        args: ["-m", "nbconvert", "--to", "notebook", "--execute", "in.ipynb", "--output", "out.ipynb"],
        cwd: folder,
        env: { ...env },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const out = readNotebook(await Deno.readTextFile(`${folder}/out.ipynb`), "out");
      const lost = out.flatMap(({ outputs }, i) => {
        const text = JSON.stringify(outputs);
        return [...Array(20).keys()].map((n) => `cell ${i}, line ${n}\\n`).concat(`end of ${i}`)
          .filter((part) => !text.includes(part));
      });
      assertEquals([out.length, lost], [count, []]);
    }),
});
