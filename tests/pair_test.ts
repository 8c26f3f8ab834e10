import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { type NotebookCell, pairedWith, readNotebook, writeNotebook } from "../scripts/ipynb.ts";
import { experiments, paired, type Side } from "../scripts/pair.ts";
import { cellsOf, scriptOf, type SourceCell } from "../scripts/percent.ts";

const LINES = [
  "const x = 1;",
  "",
  "  // %% indented",
  "// a comment",
  "`text",
  "”中文”",
  "* item  two",
  "#",
  "%",
  "/ /",
];

/** Random cells of lines that look like markers, comments and blanks. */
function randomCells(seed: number): SourceCell[] {
  const { below } = random(seed, "cells");
  return Array.from({ length: below(6) }, () => {
    const lines = Array.from({ length: below(5) }, () => LINES[below(LINES.length)]!);
    const source = lines.join("\n").replace(/^\n+/, "").trimEnd();
    const tags = ["parameters", 'a "tag"'].slice(0, below(3));
    return { kind: below(2) ? "code" : "markdown", source, ...(tags.length && { tags }) } as const;
  });
}

const put = (text: string) => ({ output_type: "stream", name: "stdout", text: [text] });

/** What a reader sees in front of outputs that are of other code. */
const isStale = (output: unknown) => JSON.stringify(output).includes("Stale: the code above has changed");

Deno.test("a script gives its cells back, and so does a notebook", () => {
  for (let seed = 0; seed < 300; seed++) {
    const cells = randomCells(seed), script = scriptOf(cells, "s");
    assertEquals(cellsOf(script, "s"), cells, script);
    assertEquals(readNotebook(writeNotebook(cells), "n"), cells);
    assertEquals(scriptOf(cellsOf(script, "s"), "s"), script);
  }
});

Deno.test("a paired script and notebook stay as they are", () => {
  for (let seed = 0; seed < 50; seed++) {
    const first = paired("x", scriptOf(randomCells(seed), "x"), undefined);
    for (const from of [undefined, "script", "notebook"] as const) {
      const { script, notebook } = paired("x", first.script, first.notebook, from);
      assertEquals([script, notebook], [first.script, first.notebook]);
    }
  }
});

Deno.test("outputs stay with the cells whose source did not change", () => {
  const ran: NotebookCell[] = [
    { kind: "markdown", source: "Title" },
    { kind: "code", source: "a()", outputs: [put("a")] },
    { kind: "code", source: "b()", outputs: [] },
    { kind: "code", source: "a()", outputs: [put("a again")] },
  ];
  const script = scriptOf([
    { kind: "code", source: "new()" },
    ran[0]!,
    { kind: "code", source: "a()" },
    { kind: "code", source: "b(2)" },
    { kind: "code", source: "a()" },
  ], "x");
  const { notebook } = paired("x", script, writeNotebook(ran), "script");
  const kept = (text: string) =>
    readNotebook(text, "x").map(({ outputs }) => outputs?.filter((output) => !isStale(output)));
  assertEquals(kept(notebook), [undefined, undefined, [put("a")], undefined, [put("a again")]]);
  const counts = JSON.parse(notebook).cells.map((cell: { execution_count?: number | null }) =>
    cell.execution_count
  );
  assertEquals(counts, [null, undefined, 1, null, 2]);
});

Deno.test("outputs behind changed code are marked as stale, once, until they are made anew", () => {
  const cell = (source: string, text: string): NotebookCell => ({
    kind: "code",
    source,
    outputs: [put(text)],
  });
  const settings = { kind: "code", tags: ["parameters"], outputs: [] } as const;
  const ran: NotebookCell[] = [
    cell("before()", "b"),
    { ...settings, source: "const settings = { seed: 1 };" },
    { kind: "markdown", source: "Title" },
    cell("after()", "a"),
    { kind: "code", source: "silent()", outputs: [] },
  ];
  const first = paired("x", undefined, writeNotebook(ran));
  const marks = (text: string) =>
    readNotebook(text, "x").map(({ outputs }) => outputs?.filter(isStale).length);
  assertEquals(marks(first.notebook), [0, 0, undefined, 0, 0]);

  const otherSeed = paired("x", first.script.replace("seed: 1", "seed: 2"), first.notebook);
  assertEquals([otherSeed.source, marks(otherSeed.notebook)], ["script", [0, undefined, undefined, 1, 0]]);
  const again = paired("x", otherSeed.script.replace("seed: 2", "seed: 3"), otherSeed.notebook);
  assertEquals(marks(again.notebook), [0, undefined, undefined, 1, 0]);

  const prose = paired("x", first.script.replace("// Title", "// Other"), first.notebook);
  assertEquals(marks(prose.notebook), [0, 0, undefined, 0, 0]);
});

Deno.test("the side that was edited is the source; where both were, nothing is written and --from decides", () => {
  const { script, notebook } = paired("x", "// %%\nf(0)\n", undefined);
  const inScript = script.replace("0", "1"), inNotebook = notebook.replace("f(0)", "f(2)");
  const outcome = (...forms: [string, string, Side?]) => {
    const { source, ...both } = paired("x", ...forms);
    return [source, cellsOf(both.script, "x")[0]!.source, readNotebook(both.notebook, "x")[0]!.source];
  };
  assertEquals(outcome(inScript, notebook), ["script", "f(1)", "f(1)"]);
  assertEquals(outcome(script, inNotebook), ["notebook", "f(2)", "f(2)"]);
  assertEquals(outcome(inScript, inNotebook, "script"), ["script", "f(1)", "f(1)"]);
  assertEquals(outcome(inScript, inNotebook, "notebook"), ["notebook", "f(2)", "f(2)"]);
  assertEquals(outcome(inScript, notebook.replace("f(0)", "f(1)")), ["script", "f(1)", "f(1)"]);

  const refusal = (...forms: [string, string]) => assertThrows(() => paired("x", ...forms), MdlError);
  const both = refusal(inScript, inNotebook);
  assertEquals(both.code, "mismatch");
  assertMatch(both.message, /both edited.*--from script or --from notebook/);
  assertMatch(refusal(script, writeNotebook([{ kind: "code", source: "n()" }])).message, /no record/);
  assertEquals(outcome(script.replaceAll("\n", "\r\n"), inNotebook), ["notebook", "f(2)", "f(2)"]);

  const after = paired("x", inScript, notebook);
  assertEquals(outcome(after.script.replace("1", "3"), after.notebook), ["script", "f(3)", "f(3)"]);
});

Deno.test("a notebook saved by another editor is brought into the written form", () => {
  const foreign = JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "deno" }, widgets: {} },
    cells: [{
      id: "zz",
      cell_type: "code",
      source: "f()\n",
      metadata: { collapsed: true },
      outputs: [put("1")],
      execution_count: 7,
    }],
  });
  const { script, notebook } = paired("x", undefined, foreign);
  assertEquals(script, "// %%\nf()\n");
  assertEquals(
    notebook,
    writeNotebook([{ kind: "code", source: "f()", outputs: [put("1")] }], pairedWith(notebook)),
  );
});

Deno.test("ids are unique, and change only where a cell does", () => {
  const ids = (...sources: string[]): string[] =>
    JSON.parse(writeNotebook(sources.map((source) => ({ kind: "code", source })))).cells.map((
      c: { id: string },
    ) => c.id);
  const before = ids("a", "b", "a", "c"), after = ids("a", "x", "a", "c");
  assertEquals(new Set(before).size, 4);
  assertEquals(before.map((id, i) => id === after[i]), [true, false, true, true]);
  assert(before.every((id) => /^[\w-]{1,64}$/.test(id)));
});

Deno.test("what one of the two forms cannot hold is refused", () => {
  const refused = (script: string) => assertThrows(() => cellsOf(script, "x.ts"), MdlError).code;
  assertEquals(refused("const x = 1;\n// %%\n"), "unsupported");
  assertEquals(refused("// %% [markdown]\nno comment\n"), "unsupported");
  assertEquals(refused("// %%\n// %% tags\n"), "unsupported");
  assertEquals(refused("// %% tags=[parameters]\nf()\n"), "unsupported");
  assertEquals(refused("// %% tags=[1]\nf()\n"), "unsupported");
  assertEquals(refused("// %%\nimport.meta.url;\n"), "unsupported");
  assertThrows(() => scriptOf([{ kind: "markdown", source: "%% [markdown]" }], "x"), MdlError);
  assertThrows(() => scriptOf([{ kind: "code", source: "a\n// %%" }], "x"), MdlError);
  assertEquals(assertThrows(() => readNotebook("{}", "x.ipynb"), MdlError).code, "unreadable");
  assertEquals(assertThrows(() => readNotebook("not JSON", "x.ipynb"), MdlError).code, "unreadable");
  const raw = JSON.stringify({ cells: [{ cell_type: "raw", source: "x" }] });
  assertEquals(assertThrows(() => readNotebook(raw, "x.ipynb"), MdlError).code, "unsupported");
});

Deno.test("every notebook of the project has one cell with parameters, and it holds the settings", async () => {
  for (const stem of experiments([]).filter((name) => name.startsWith("0"))) {
    const script = await Deno.readTextFile(new URL(`../scripts/${stem}.ts`, import.meta.url));
    const tagged = cellsOf(script, stem).filter(({ tags }) => tags?.includes("parameters"));
    assertEquals(tagged.length, 1, stem);
    assertMatch(tagged[0]!.source, /^const settings = \{ preset: "quick", seed: 1/m, stem);
  }
});
