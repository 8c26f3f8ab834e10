/** deno task ok: every gate that main must pass. Uses this very Deno, which need not be on PATH. */
import { MdlError } from "../lib/errors.ts";
import { command, options, type Task } from "./command.ts";

const TASK: Task = {
  start: "deno task ok",
  about: "All gates: format, lint, types, builds, pairing, package, reference, examples, tests, notebooks.",
  example: "deno task ok --no-tests",
};

const GATES: readonly (readonly [name: string, ...args: string[]])[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["types", "check", "lib/mod.ts", "scripts/*.ts", "scripts/laboratory/mod.ts", "scripts/view/", "tests/"],
  ["decoder build reproduces", "task", "build", "--check"],
  ["page build reproduces", "task", "view", "--check"],
  ["notebooks and scripts in step", "task", "pair", "--check"],
  ["package", "publish", "--dry-run", "--allow-dirty", "--quiet"],
  ["reference complete", "task", "docs", "--check"],
  [
    "examples",
    "test",
    "-A",
    "--doc",
    "--config=tests/user/deno.json",
    "lib/",
    "scripts/laboratory/",
  ],
  ["tests", "task", "test"],
  ["notebooks run", "task", "notebooks", "--smoke"],
];

await command(async (signal) => {
  const { values } = options(TASK, { "no-tests": { type: "boolean", help: "leave the tests away" } });
  const failed: string[] = [];
  for (const [name, ...args] of GATES) {
    if (name === "tests" && values["no-tests"]) continue;
    console.log(`── ${name}: deno ${args.join(" ")}`);
    const gate = new Deno.Command(Deno.execPath(), { args, stdin: "null", signal });
    const { success } = await gate.spawn().status;
    if (signal.aborted) throw new MdlError("interrupted", "Stopped.");
    if (!success) failed.push(name);
  }
  if (failed.length) throw new MdlError("mismatch", `── not ok: ${failed.join(", ")}`);
  console.log("── ok");
});
