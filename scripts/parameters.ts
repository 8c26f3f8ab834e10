/** Settings of a notebook, set from outside as papermill does it: a cell of their own behind the one tagged `parameters`. */
import { MdlError } from "../lib/errors.ts";
import type { NotebookCell } from "./ipynb.ts";

/** Settings by name. */
export type Parameters = Readonly<Record<string, string | number>>;

/** What papermill calls the two cells. */
const OWN = "parameters", INJECTED = "injected-parameters";

/**
 * The cells with these parameters set. Cells are without their outputs, which were of other settings; an earlier injected
 * cell is replaced.
 *
 * @param name The notebook's, for the error's sentence.
 * @throws {MdlError} `unsupported` for a notebook without such a cell, or whose settings do not have one of them.
 */
export function withParameters(
  cells: readonly NotebookCell[],
  parameters: Parameters,
  name: string,
): NotebookCell[] {
  const own = cells.find(({ tags }) => tags?.includes(OWN)), known = settingsIn(own?.source ?? "");
  if (!known.length) {
    throw new MdlError("unsupported", `${name} has no cell tagged ${OWN} that holds its settings.`);
  }
  for (const parameter of Object.keys(parameters)) {
    if (known.includes(parameter)) continue;
    throw new MdlError(
      "unsupported",
      `${name} has no ${parameter} to choose: its settings are ${known.join(", ")}.`,
    );
  }
  const values = Object.entries(parameters).map(([parameter, value]) =>
    `${parameter}: ${JSON.stringify(value)}`
  );
  const source = `// Parameters\nObject.assign(settings, { ${values.join(", ")} });`;
  const injected = { kind: "code", tags: [INJECTED], source } as const;
  return cells.filter(({ tags }) => !tags?.includes(INJECTED)).flatMap((cell) => {
    const { outputs: _, ...bare } = cell;
    return cell === own ? [bare, injected] : [bare];
  });
}

/** Names of the settings that a cell holds. */
function settingsIn(source: string): string[] {
  const fields = /^const settings = \{([^}]*)\}/m.exec(source)?.[1] ?? "";
  return [...fields.matchAll(/(\w+)\s*:\s/g)].map(([, field]) => field!);
}
