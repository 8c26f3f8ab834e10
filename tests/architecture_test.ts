/**
 * What the code as a whole keeps to: three storeys with arrows down only (library ← laboratory ← experiments), a small
 * library, and no export that nothing uses.
 */
import { assert, assertEquals } from "@std/assert";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../lib/mod.ts";

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
    const imported = [...texts.get(path)!.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+)"/gm)];
    for (const [, target] of imported) {
      const to = normalize(join(path, "..", target!));
      if (texts.has(to)) follow(to, [...way, path]);
    }
    done.add(path);
  };
  for (const path of texts.keys()) if (storeyOf(path) < TOP) follow(path, []);
  assertEquals(circles, []);
});

Deno.test("container, stages, training and codes know no kind of data", () => {
  const blind = /^lib\/(?:program|stages|training|coding)\//, kinds = /^lib\/(?:image|text|table|audio)\//;
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

Deno.test("what is exported is used by more than tests", () => {
  const unused: string[] = [];
  for (const [path, text] of texts) {
    if (storeyOf(path) === TOP || path.includes("/assembly/") || path.endsWith("/mod.ts")) continue;
    const others = [...texts].filter(([other]) => other !== path && !other.endsWith("/mod.ts"));
    for (const [, name] of text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)) {
      const word = new RegExp(`\\b${name}\\b`, "g"), own = text.match(word)!.length;
      if (own === 1 && !others.some(([, other]) => word.test(other))) unused.push(`${path}: ${name}`);
    }
  }
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
