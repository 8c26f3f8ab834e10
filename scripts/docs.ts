/** deno task docs: the reference of what the package offers, from its docstrings, as HTML pages that need no network. */
import { join, relative } from "node:path";
import { MdlError } from "../lib/errors.ts";
import manifest from "../deno.json" with { type: "json" };
import { command, options, type Task } from "./command.ts";
import { projectResults, root } from "./outputs.ts";

const TASK: Task = {
  start: "deno task docs",
  about: "Builds the library's reference in results/docs/.",
  example: "deno task docs",
};

/** Types of plotly.js, which documents them itself. */
const FOREIGN = /private type '(Data|Layout)'/;

/** Of what `deno doc --json` says, what is used here. */
interface Documented {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly DocumentedName[] }>>;
}

interface DocumentedName {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
  }[];
}

/** Functions and classes without an example, by name. */
function withoutExample({ nodes }: Documented): string[] {
  const names = Object.values(nodes).flatMap(({ symbols }) => symbols);
  return names.filter(({ declarations }) =>
    declarations.some(({ kind }) => kind === "function" || kind === "class") &&
    !declarations.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "example"))
  ).map(({ name }) => name);
}

/** Pages say `from "image"` where a user writes `from "@mdlab/mdlab/image"`. */
async function nameImports(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await nameImports(path);
    else if (name.endsWith(".html")) {
      const page = await Deno.readTextFile(path);
      const said = page.replaceAll(
        /from &quot;(\.|image|figures|laboratory)&quot;/g,
        (_, entry) => `from &quot;${manifest.name}${entry === "." ? "" : `/${entry}`}&quot;`,
      );
      if (said !== page) await Deno.writeTextFile(path, said);
    }
  }
}

await command(async (signal) => {
  const { values } = options(TASK, {
    check: {
      type: "boolean",
      help: "build nothing; fail when something public has no docstring, a function no example",
    },
  });
  const entries = Object.values(manifest.exports);
  const doc = async (...how: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["doc", ...how, ...entries],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "null",
      signal,
    }).output();
    if (signal.aborted) throw new MdlError("interrupted", "Stopped.");
    const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success, out: out!, said: said! };
  };
  if (!values.check) {
    const { success, said } = await doc("--html", "--name=MDLab", "--output=results/docs");
    if (!success) throw new MdlError("failed", said.trim());
    await nameImports(join(root, "results/docs"));
    console.log(`The reference is ${projectResults()}/docs/index.html`);
    return;
  }
  const { success, said } = await doc("--lint"), faults = [];
  for (const [, what, where] of said.matchAll(/^error\[[\w-]+\]: (.+)\n *--> (.+)$/gm)) {
    if (!FOREIGN.test(what!)) faults.push(`${relative(root, where!)}: ${what}`);
  }
  for (const name of withoutExample(JSON.parse((await doc("--json")).out))) {
    faults.push(`${name}: no example`);
  }
  faults.forEach((fault) => console.error(fault));
  if (faults.length) throw new MdlError("mismatch", `${faults.length} public names lack documentation.`);
  if (!success && !FOREIGN.test(said)) throw new MdlError("failed", said.trim());
});
