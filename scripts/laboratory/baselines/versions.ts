import project from "../../../deno.json" with { type: "json" };

/** The pinned package behind an import of this project, as `name@version`. */
export function packageVersion(name: keyof typeof project.imports): string {
  const [, pinned = name] = project.imports[name].match(/^npm:(@?[^@]+@[^/]+)/) ?? [];
  return pinned;
}
