/**
 * What the code as a whole keeps to: three storeys with arrows down only (library ← laboratory ← experiments), a small
 * library, and no export that nothing uses.
 */
import { assert, assertEquals } from "@std/assert";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../lib/mod.ts";
import { cellsOf } from "../scripts/percent.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Storeys from the ground up. What uses them all, commands and sections, stands above. */
const STOREYS = ["lib/", "scripts/laboratory/", "notebooks/experiments/"];
const TOP = STOREYS.length;

const storeyOf = (file: string) => {
  const storey = STOREYS.findIndex((folder) => file.startsWith(folder));
  return storey < 0 ? TOP : storey;
};

/** Every TypeScript file of a folder, as a path from the project's. AssemblyScript included. */
function* sourcesOf(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourcesOf(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

const texts = new Map(
  ["lib", "scripts", "notebooks"].flatMap((folder) => [...sourcesOf(folder)]).map((path) =>
    [path, Deno.readTextFileSync(join(root, path))] as const
  ),
);

/** Files that a file imports, or names by URL, in the project. */
function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import|new URL\()\s*\(?"(\.{1,2}\/[^"]+)"/g);
  return [...found].map(([, target]) => normalize(join(path, "..", target!)));
}

Deno.test("imports go down: no storey knows what stands above it", () => {
  const upwards = [...texts].flatMap(([path, text]) =>
    importsOf(path, text).filter((target) => texts.has(target) && storeyOf(target) > storeyOf(path))
      .map((target) => `${path} → ${target}`)
  );
  assertEquals(upwards, []);
});

Deno.test("no file of the three storeys imports itself by way of others", () => {
  const circles: string[] = [], done = new Set<string>();
  const follow = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) return void circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
    if (done.has(path)) return;
    const imported = [...texts.get(path)!.matchAll(/^(?:import|export)\b[^;]*?"(\.[^"]+)"/gm)];
    for (const [, target] of imported) {
      const to = normalize(join(path, "..", target!));
      if (texts.has(to)) follow(to, [...way, path]);
    }
    done.add(path);
  };
  for (const path of texts.keys()) if (storeyOf(path) < TOP) follow(path, []);
  assertEquals(circles, []);
});

Deno.test("container, stages and training know no kind of data", () => {
  const blind = /^lib\/(?:program|stages|training)\//,
    kinds = /^lib\/(?:image|files|text|table|audio|jpeg)\//;
  const known = [...texts].flatMap(([path, text]) =>
    blind.test(path)
      ? importsOf(path, text).filter((target) => kinds.test(target)).map((to) => `${path} → ${to}`)
      : []
  );
  assertEquals(known, []);
});

Deno.test("lib/mod.ts exports no more than 30 values", () => {
  assert(Object.keys(library).length <= 30, Object.keys(library).join(", "));
});

/** Most lines of a folder, with its comments. Who needs more looks first for what can go; then this is the line to change. */
const MOST_LINES = {
  "lib/audio": 390,
  "lib/backend": 585,
  "lib/decoder": 8_845,
  "lib/files": 515,
  "lib/image": 3_970,
  "lib/jpeg": 845,
  "lib/program": 2_045,
  "lib/sources": 275,
  "lib/stages": 685,
  "lib/table": 730,
  "lib/text": 1_355,
  "lib/training": 385,
  "lib": 22_343,
  "scripts/laboratory": 11_510,
  "notebooks/experiments": 16_055,
};

Deno.test("no folder grows unseen", () => {
  const linesOf = (folder: string) =>
    [...texts].filter(([path]) => path.startsWith(`${folder}/`)).reduce(
      (sum, [, text]) => sum + text.split("\n").length - 1,
      0,
    );
  for (const [folder, most] of Object.entries(MOST_LINES)) {
    const lines = linesOf(folder);
    assert(lines > 0, `There is no ${folder}.`);
    assert(lines <= most, `${folder} has ${lines} lines, more than ${most}.`);
  }
});

Deno.test("tensors are read asynchronously: WebGPU in Deno can do nothing else", () => {
  const kernels = /_kernel\.ts$/; // which run on wasm alone
  const found = [...texts].filter(([path, text]) =>
    !kernels.test(path) && /\b(?:data|array)Sync\b/.test(text)
  );
  assertEquals(found.map(([path]) => path), []);
});

/** What a file takes of others in the project: by its name, or as a field of all that they export. */
function* takenBy(path: string, text: string): Generator<readonly [file: string, name: string]> {
  const taking = /(?:import|export) (?:type )?(?:\{([^}]*)\}|\* as (\w+)) from "(\.[^"]+)"/g;
  for (const [, list, all, target] of text.matchAll(taking)) {
    const beside = normalize(join(path, "..", target!.replace(/(\.ts)?$/, ".ts")));
    // a module elsewhere finds the decoder's sources as if these lay beside its own
    const file = texts.has(beside) ? beside : beside.replace(/^.*\/assembly\//, "lib/decoder/assembly/");
    const names = list
      ? list.split(",").map((item) => item.trim().replace(/^type /, "").split(" ")[0]!)
      : [...text.matchAll(new RegExp(`\\b${all}\\.(\\w+)`, "g"))].map(([, name]) => name!);
    for (const name of names) yield [file, name];
  }
}

Deno.test("what is exported is taken by another file; where that is a test, its own file uses it, too", () => {
  const tests = [...sourcesOf("tests")].map((path) =>
    [path, Deno.readTextFileSync(join(root, path))] as const
  );
  const keys = (files: Iterable<readonly [string, string]>) =>
    new Set([...files].flatMap(([path, text]) => [...takenBy(path, text)].map((pair) => pair.join(" "))));
  const taken = keys(texts), tested = keys(tests), imported = [...taken].map((key) => key.split(" ")[0]);
  const unused = [...texts].flatMap(([path, text]) => {
    const isModule = path.includes("/assembly/") && !imported.includes(path); // whose exports the host takes
    if (storeyOf(path) === TOP || isModule || path.endsWith("/mod.ts")) return [];
    const exported = text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm);
    return [...exported].map(([, name]) => name!).filter((name) => {
      const own = text.match(new RegExp(`\\b${name}\\b`, "g"))!.length, key = `${path} ${name}`;
      return !taken.has(key) && (!tested.has(key) || own === 1);
    }).map((name) => `${path}: ${name}`);
  });
  assertEquals(unused, []);
});

Deno.test("what a mod.ts offers is used by a section, a command, or another storey", () => {
  const unused: string[] = [];
  for (const [path, text] of texts) {
    if (!path.endsWith("/mod.ts")) continue;
    const storey = storeyOf(path), above = [...texts].filter(([other]) => storeyOf(other) > storey);
    for (const [, type, list] of text.matchAll(/export (type )?\{([^}]*)\} from/g)) {
      for (const name of list!.split(",").map((item) => item.trim()).filter(Boolean)) {
        if (type || name.startsWith("type ")) continue; // types describe values
        if (!above.some(([, other]) => new RegExp(`\\b${name}\\b`).test(other))) {
          unused.push(`${path}: ${name}`);
        }
      }
    }
  }
  assertEquals(unused, []);
});

Deno.test("no cell of a notebook is longer than what fits on a screen, and no spread spreads nothing", () => {
  const long: string[] = [], spreads: string[] = [];
  for (const [path, text] of texts) {
    if (/^\s*\.\.\.\{/m.test(text)) spreads.push(path);
    if (!/^scripts\/\d\d_/.test(path)) continue;
    for (const { kind, source } of cellsOf(text, path)) {
      if (kind === "code" && source.split("\n").length > 25) long.push(`${path}: ${source.slice(0, 60)}`);
    }
  }
  assertEquals([long, spreads], [[], []]);
});

Deno.test("what a section has measured is said in both languages", () => {
  const sections = [...texts].filter(([path]) => /^scripts\/0[1-9]_/.test(path));
  assert(sections.length >= 13);
  for (const [path, text] of sections) {
    assertEquals(text.match(/measured:\s*(?:[`"]|\w+\.map\()/g), null, path);
  }
});

Deno.test("what a command is made of stands before its work, which would not find it behind", () => {
  const behind = [...texts].flatMap(([path, text]) => {
    const [, ...after] = text.split(/^await command\(/m);
    return after.some((part) => /^(?:const|let|class) /m.test(part)) ? [path] : [];
  });
  assertEquals(behind, []);
});

/** The rooms that a data set passes when `compress` makes a program of it, and the program gives it back. */
const WALK = [
  "scripts/compress.ts",
  "lib/chain.ts",
  "lib/stages/compress.ts",
  "lib/codecs.ts",
  "lib/image/codec.ts",
  "lib/image/train.ts",
  "lib/image/two_part.ts",
  "lib/image/encoder.ts",
  "lib/text/codec.ts",
  "lib/text/encode.ts",
  "lib/text/engine.ts",
  "lib/program/program.ts",
  "lib/program/build.ts",
  "lib/program/regenerate.ts",
  "lib/program/sandbox.ts",
];

/** A flow chart in Mermaid: an arrow for each room that calls another, with the names of what it calls. */
function walkThrough(rooms: readonly string[]): string {
  const arrows = rooms.flatMap((from, row) =>
    [...texts.get(from)!.matchAll(/^import \{([^}]+)\} from "(\.[^"]+)"/gm)].flatMap(([, names, target]) => {
      const to = rooms.indexOf(normalize(join(from, "..", target!)));
      const called = names!.split(",").map((name) => name.trim()).filter((name) => /^[a-z]\w*$/.test(name));
      return to < 0 || !called.length ? [] : [`  ${row} -->|${called.join(", ")}| ${to}`];
    })
  );
  return ["flowchart TD", ...rooms.map((room, row) => `  ${row}["${room}"]`), ...arrows].join("\n");
}

Deno.test("README's figure of the way through compress is what the code does, and the way goes down", async () => {
  const readme = await Deno.readTextFile(join(root, "README.md")), figure = walkThrough(WALK);
  assert(
    readme.includes("```mermaid\n" + figure + "\n```\n"),
    `README.md should have this figure:\n${figure}`,
  );
  for (const [, from, to] of figure.matchAll(/^ {2}(\d+) -->\|.*\| (\d+)$/gm)) {
    assert(
      Number(from) < Number(to) || Number(to) === WALK.indexOf("lib/codecs.ts"),
      `${WALK[+from!]} calls up`,
    );
  }
});
