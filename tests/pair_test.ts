import { assert, assertEquals, assertThrows } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { type NotebookCell, readNotebook, writeNotebook } from "../scripts/ipynb.ts";
import { paired } from "../scripts/pair.ts";
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
    return { kind: below(2) ? "code" : "markdown", source } as const;
  });
}

const put = (text: string) => ({ output_type: "stream", name: "stdout", text: [text] });
const form = (text: string, written: number) => ({ text, written });

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
    const first = paired("x", form(scriptOf(randomCells(seed), "x"), 1), undefined);
    for (const notebookTime of [0, 2]) {
      const { script, notebook } = paired("x", form(first.script, 1), form(first.notebook, notebookTime));
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
  const { notebook } = paired("x", form(script, 2), form(writeNotebook(ran), 1));
  assertEquals(readNotebook(notebook, "x").map(({ outputs }) => outputs), [
    undefined,
    undefined,
    [put("a")],
    undefined,
    [put("a again")],
  ]);
  const counts = JSON.parse(notebook).cells.map((cell: { execution_count?: number | null }) =>
    cell.execution_count
  );
  assertEquals(counts, [null, undefined, 1, null, 2]);
});

Deno.test("the newer side is the source, unless said otherwise", () => {
  const script = scriptOf([{ kind: "code", source: "s()" }], "x");
  const notebook = writeNotebook([{ kind: "code", source: "n()" }]);
  const winner = (scriptTime: number, from?: "script" | "notebook") =>
    cellsOf(paired("x", form(script, scriptTime), form(notebook, 5), from).script, "x")[0]!.source;
  assertEquals([winner(9), winner(1), winner(9, "notebook"), winner(1, "script")], [
    "s()",
    "n()",
    "n()",
    "s()",
  ]);
  assertEquals(paired("x", undefined, form(notebook, 5)).script, "// %%\nn()\n");
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
  const { script, notebook } = paired("x", undefined, form(foreign, 1));
  assertEquals(script, "// %%\nf()\n");
  assertEquals(notebook, writeNotebook([{ kind: "code", source: "f()", outputs: [put("1")] }]));
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
  assertEquals(refused("// %%\nimport.meta.url;\n"), "unsupported");
  assertThrows(() => scriptOf([{ kind: "markdown", source: "%% [markdown]" }], "x"), MdlError);
  assertThrows(() => scriptOf([{ kind: "code", source: "a\n// %%" }], "x"), MdlError);
  assertEquals(assertThrows(() => readNotebook("{}", "x.ipynb"), MdlError).code, "unreadable");
  assertEquals(assertThrows(() => readNotebook("not JSON", "x.ipynb"), MdlError).code, "unreadable");
  const raw = JSON.stringify({ cells: [{ cell_type: "raw", source: "x" }] });
  assertEquals(assertThrows(() => readNotebook(raw, "x.ipynb"), MdlError).code, "unsupported");
});
