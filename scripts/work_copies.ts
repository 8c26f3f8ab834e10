/** Copies of the notebooks to work on: the committed ones stay as they are until somebody edits those. */
import { createHash } from "node:crypto";
import { replaceFile } from "./pair.ts";

/** Remembers of each copy what it was copied from. */
const MEMORY = ".copied.json";

/** The project's notebooks, and the texts that they link to; from number 10 on, notebooks are their reader's own. */
const COPIED = /^0\d_.*\.ipynb$|\.md$/;

/**
 * Copies what is missing, and again what has changed in the meantime, unless the copy was edited.
 *
 * @returns The names of edited copies whose originals have changed since.
 */
export async function copyNotebooks(from: URL, to: URL): Promise<string[]> {
  await Deno.mkdir(to, { recursive: true });
  const memory = new URL(MEMORY, to), behind: string[] = [];
  const copied: Record<string, string> = JSON.parse(await textOf(memory) ?? "{}");
  const names = [...Deno.readDirSync(from)].flatMap(({ name }) => COPIED.test(name) ? [name] : []).sort();
  for (const name of names) {
    const original = await Deno.readTextFile(new URL(name, from)), copy = await textOf(new URL(name, to));
    const edited = copy !== undefined && copy !== original && hashOf(copy) !== copied[name];
    if (!edited) {
      if (copy !== original) await replaceFile(new URL(name, to), original);
      copied[name] = hashOf(original);
    } else if (hashOf(original) !== copied[name]) behind.push(name);
  }
  await replaceFile(memory, JSON.stringify(copied, null, 2) + "\n");
  return behind;
}

async function textOf(file: URL): Promise<string | undefined> {
  return await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
