/**
 * The article's sections as they are called: 01_name to 09_name, or 06_1_name where only a part of one is meant, in order;
 * what has other numbers is no section.
 */

const scripts = new URL("../../", import.meta.url);

/** Whether a notebook, or its script, is a section of the article: 00 is the way in, from 10 on are the reader's own. */
export const isSection = (name: string): boolean => /^0[1-9]_\w+$/.test(name);

/** The article's number of a section, by its name: 5, or 6.2. */
export function numberOf(name: string): string {
  const [, section, part] = /^0(\d)_(?:(\d)_)?/.exec(name)!;
  return part === undefined ? section! : `${section}.${part}`;
}

/** The section that sums up all others. */
export const SUMMARY = "08_outlook";

/** Names of all sections that have a script. */
export async function sectionNames(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(scripts)) {
    const stem = /^(\w+)\.ts$/.exec(name)?.[1];
    if (stem && isSection(stem)) names.push(stem);
  }
  return names.sort();
}

/** The script of a section. */
export const scriptOf = (name: string): URL => new URL(`${name}.ts`, scripts);
