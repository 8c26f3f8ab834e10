/** deno task docs: the reference of what the package offers, from its docstrings, as HTML pages that need no network. */
import { relative } from "node:path";
import { MdlError } from "../lib/errors.ts";
import manifest from "../deno.json" with { type: "json" };
import { command, options, type Task } from "./command.ts";
import { projectResults, root } from "./outputs.ts";

const TASK: Task = {
  start: "deno task docs",
  about: "Builds the library's reference in results/docs/.",
  example: "deno task docs",
};

await command(async (signal) => {
  const { values } = options(TASK, {
    check: { type: "boolean", help: "build nothing; fail when something public has no docstring" },
  });
  const folder = `${projectResults()}/docs`, entries = Object.values(manifest.exports);
  const how = values.check ? ["--lint"] : ["--html", "--name=MDLab", "--output=results/docs"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    ...{
      args: ["doc", ...how, ...entries],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stderr: "piped",
      signal,
    },
  }).output();
  if (signal.aborted) throw new MdlError("interrupted", "Stopped.");
  const said = new TextDecoder().decode(stderr);
  const faults = [...said.matchAll(/^error\[[\w-]+\]: (.+)\n *--> (.+)$/gm)];
  for (const [, what, where] of faults) console.error(`${relative(root, where!)}: ${what}`);
  if (!success) {
    throw new MdlError(
      "mismatch",
      faults.length ? `${faults.length} places lack documentation.` : said.trim(),
    );
  }
  if (!values.check) console.log(`The reference is ${folder}/index.html`);
});
