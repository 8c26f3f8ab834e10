/** Which notebooks use what. */

const scripts = new URL("../../scripts/", import.meta.url);

/**
 * Numbers of the sections whose script uses an export of `lib/mod.ts`, in order: “mdl.NAME” stands in its code (prose
 * does not count).
 */
export async function sectionsUsing(name: string): Promise<readonly number[]> {
  const numbers: number[] = [], used = new RegExp(`\\bmdl\\.${name}\\b`);
  for await (const { name: file } of Deno.readDir(scripts)) {
    const section = /^(\d\d)_\w+\.ts$/.exec(file);
    if (!section) continue;
    const lines = (await Deno.readTextFile(new URL(file, scripts))).split("\n");
    if (lines.some((line) => !line.startsWith("//") && used.test(line))) numbers.push(Number(section[1]));
  }
  return numbers.sort((a, b) => a - b);
}
