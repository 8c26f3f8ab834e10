/** What a section's result depends on besides its settings: the code and the shipped data, as one hash. */
import { existsSync } from "node:fs";
import { sha256 } from "../../../lib/hash.ts";

const root = new URL("../../../", import.meta.url);

/** All below these, and these files. */
const FOLDERS = [
  ["lib/", /\.(ts|wasm)$/],
  ["scripts/laboratory/", /\.(ts|wasm)$/],
  ["notebooks/experiments/", /\.(ts|wasm)$/],
  ["data/results/", /\.json$/],
] as const;
const FILES = ["data/claims.json", "data/models.json", "data/datasets.json", "deno.lock"] as const;

/**
 * SHA-256 of a script and of all that it may use and that is there: library, laboratory, experiments, the shipped
 * results, the versions of packages.
 */
export async function codeHash(script: URL): Promise<string> {
  const files = [script, ...FILES.map((file) => new URL(file, root)).filter(existsSync)];
  for (const [folder, wanted] of FOLDERS) collect(new URL(folder, root), wanted, files);
  const hashes = await Promise.all(files.map(async (file) => sha256(await Deno.readFile(file))));
  return sha256(new TextEncoder().encode(hashes.join("\n")));
}

function collect(folder: URL, wanted: RegExp, files: URL[]): void {
  if (!existsSync(folder)) return; // an installed package has less than the project
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    if (isDirectory) collect(new URL(`${name}/`, folder), wanted, files);
    else if (wanted.test(name)) files.push(new URL(name, folder));
  }
}
