/** The article's sections as they are called: NN_name, in order. */

const scripts = new URL("../../", import.meta.url);

/** Names of all sections that have a script. */
export async function sectionNames(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(scripts)) {
    const stem = /^(\d\d_\w+)\.ts$/.exec(name)?.[1];
    if (stem) names.push(stem);
  }
  return names.sort();
}

/** The script of a section. */
export const scriptOf = (name: string): URL => new URL(`${name}.ts`, scripts);
