/**
 * deno task measure: makes one measurement of a workflow by its identity, or runs a campaign's closing command by its
 * name: what an engine's job calls. A measurement that is kept is not made again.
 */
import { relative, resolve } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { command, options, type Task } from "./command.ts";
import { keptAs } from "./laboratory/measure/keep.ts";
import { type TaskName, taskProcess } from "./task_process.ts";
import { readPlan } from "./workflow.ts";

const TASK: Task = {
  start: "deno task measure",
  about: "Makes one measurement of a workflow, unless it is kept, or runs a campaign's closing command.",
  takes: "ID",
  least: 1,
  most: 1,
  example: "deno task measure 0ea577ad61a755abce9437d330104986 --workflow out",
};

const OPTIONS = {
  workflow: { type: "string", needed: true, value: "FOLDER", help: "where the workflow was written" },
} as const;

await command(async (signal) => {
  const { values: { workflow: folder }, positionals: [id] } = options(TASK, OPTIONS),
    { commands } = await readPlan(folder!);
  const found = commands.find(({ name, measurements }) =>
    name === id || measurements.some((one) => one.id === id)
  );
  if (!found) {
    throw new MdlError("not-found", `The workflow in ${folder} has no measurement and no command ${id}.`);
  }
  const closes = found.name === id,
    kept = resolve(folder!, found.kept),
    file = `${relative(".", kept)}/${id}.json`;
  if (!closes && await keptAs(kept, id!)) return console.log(`${file}: kept already`);
  const run: readonly [TaskName, ...string[]] = closes
    ? found.command
    : [...found.command, "--measurement", id!];
  const process = taskProcess(run, resolve(folder!, found.place), {
    signal,
    stdout: closes ? "inherit" : "null",
    stderr: "inherit",
  });
  const { success } = await process.spawn().status;
  if (signal.aborted) throw new MdlError("interrupted", "Stopped; what was measured is kept.");
  if (!success) throw new MdlError("failed", `${run.join(" ")} failed: what it said stands above.`);
  if (closes) return;
  if (!await keptAs(kept, id!)) {
    throw new MdlError("not-writable", `${run.join(" ")} ended well, but ${file} is not there.`);
  }
  console.log(file);
});
