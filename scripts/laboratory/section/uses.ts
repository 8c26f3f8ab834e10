/** Which notebooks use what. */
import { numberOf, scriptOf, sectionNames } from "./names.ts";

/**
 * Numbers of the sections whose script uses an export of library, laboratory or experiments, in order: “mdl.NAME”, say,
 * stands in its code (prose does not count).
 */
export async function sectionsUsing(name: string): Promise<readonly string[]> {
  const numbers: string[] = [], used = new RegExp(`\\b[a-z]+\\.${name}\\b`);
  for (const section of await sectionNames()) {
    const lines = (await Deno.readTextFile(scriptOf(section))).split("\n");
    if (lines.some((line) => !line.startsWith("//") && used.test(line))) numbers.push(numberOf(section));
  }
  return [...new Set(numbers)]; // a section may be in several parts
}
