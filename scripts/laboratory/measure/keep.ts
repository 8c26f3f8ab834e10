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
  const text = await Deno.readTextFile(path(folder, identity)).catch(() => null);
  if (text === null) return null;
  try {
    const file = JSON.parse(text);
    const whole = hash(JSON.stringify(file.result)) === file.sha256;
    return whole && sorted(file.identity) === sorted(identity) ? file.result : null;
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
