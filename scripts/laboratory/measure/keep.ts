/**
 * What was measured once is kept: one file a measurement, named by a hash of all that its result depends on. A changed
 * set, option, seed, version or decoder has another name, so a kept result is never another measurement's.
 */
import { sha256 } from "../../../lib/hash.ts";
import { makeFolder, saveFile } from "../../../lib/save.ts";

/** Folder in results/ where experiments keep their measurements: what two of them ask for is measured once. */
export const MEASUREMENTS = "measurements";

/** All that a result depends on, as a JSON value; the order of its fields does not matter. */
export type Identity = Readonly<Record<string, unknown>>;

/** Name of a measurement: 32 hexadecimal digits of the SHA-256 of its identity. */
export function nameOf(identity: Identity): string {
  return hash(sorted(identity)).slice(0, 32);
}

/** The kept result of a measurement, or null where there is none that is whole. */
export async function kept<T>(folder: string, identity: Identity): Promise<T | null> {
  return (await keptAs<T>(folder, nameOf(identity)))?.result ?? null;
}

/** Likewise of the measurement of that name. */
export async function keptAs<T>(folder: string, name: string): Promise<{ readonly result: T } | null> {
  const text = await Deno.readTextFile(`${folder}/${name}.json`).catch(() => null);
  if (text === null) return null;
  try {
    const { identity, sha256, result } = JSON.parse(text);
    return hash(JSON.stringify(result)) === sha256 && nameOf(identity) === name ? { result } : null;
  } catch {
    return null; // damaged: measure anew
  }
}

/**
 * Keeps a result, as a whole file or not at all.
 *
 * @throws {MdlError} `not-writable`
 */
export async function keep(folder: string, identity: Identity, result: unknown): Promise<void> {
  const file = { identity, sha256: hash(JSON.stringify(result)), result };
  await makeFolder(folder);
  await saveFile(path(folder, identity), new TextEncoder().encode(JSON.stringify(file, null, 2) + "\n"));
}

/** Removes what is kept of a measurement, if anything is: it stood for something that is no longer there. */
export async function forget(folder: string, identity: Identity): Promise<void> {
  await Deno.remove(path(folder, identity)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Forgets the measurement of a program whose file is not there, or is another one. */
export async function forgetWithoutFile(folder: string, identity: Identity, file: string): Promise<void> {
  const there = await kept<{ readonly program: string }>(folder, identity);
  const bytes = there && await Deno.readFile(file).catch(() => null);
  if (there && (!bytes || sha256(bytes) !== there.program)) await forget(folder, identity);
}

const path = (folder: string, identity: Identity) => `${folder}/${nameOf(identity)}.json`;

const hash = (text: string) => sha256(new TextEncoder().encode(text));

/** A JSON value as text, with the fields of its objects in alphabetical order. */
function sorted(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      part && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  );
}
