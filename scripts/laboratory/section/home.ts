import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../../", import.meta.url));

/** The folder that results/ is in: the project's for one who stands in the project, else the one where the user stands. */
export function home(): string {
  const from = relative(Deno.realPathSync(project), Deno.realPathSync("."));
  return from.startsWith("..") || isAbsolute(from) ? Deno.cwd() : project;
}
