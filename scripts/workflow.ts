/**
 * A workflow that an engine runs, in a folder of its own: plan.json says what there is to measure, the Snakefile makes a
 * job of each measurement, whose output is the file in which it is kept, and profiles say where jobs run.
 *
 * What a campaign can name only after earlier measurements is not in the plan: its closing command measures that.
 */
import { dirname, join, relative } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { counted } from "../lib/counted.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { nameOf } from "./laboratory/measure/keep.ts";
import type { Planned } from "./laboratory/measure/runners.ts";
import { assertWritable, root } from "./outputs.ts";
import { isTask, type TaskName } from "./task_process.ts";

/** A command, what it measures, and where it is meant: paths are relative to the workflow's folder. */
export interface PlannedCommand {
  /** Of the closing job. */
  readonly name: string;
  readonly command: readonly [TaskName, ...string[]];
  /** Where its user stands. */
  readonly place: string;
  /** Where its measurements are kept. */
  readonly kept: string;
  readonly measurements: readonly Planned[];
}

/** plan.json */
export interface WorkflowPlan {
  /** The project's folder. */
  readonly project: string;
  readonly commands: readonly PlannedCommand[];
}

const TEMPLATE = new URL("workflow/", import.meta.url);
const FILES = ["Snakefile", "profiles/local/config.yaml", "profiles/slurm/config.yaml"];

/**
 * Writes the workflow's files, with a command added to the plan, or what it measures now.
 *
 * @returns what there is to say about it
 * @throws {MdlError} `not-writable`; `unreadable` where a plan.json is there that is none
 */
export async function addToWorkflow(
  folder: string,
  { command, place, kept, planned }: Pick<PlannedCommand, "command" | "place" | "kept"> & {
    readonly planned: readonly Planned[];
  },
): Promise<string> {
  const inFolder = (path: string) => relative(folder, path) || ".";
  const words = command.join(" ").replaceAll(/[^\w.]+/g, "-"),
    name = `${words}-${nameOf({ command }).slice(0, 6)}`;
  const added = { name, command, place: inFolder(place), kept: inFolder(kept), measurements: planned };
  const file = (path: string) => join(folder, path);
  await alone(folder, async () => {
    const others = (await readPlan(folder, true)).commands.filter((one) => one.name !== name);
    const plan: WorkflowPlan = { project: inFolder(root), commands: [...others, added] };
    for (const path of FILES) {
      await makeFolder(file(dirname(path)));
      await saveFile(file(path), await Deno.readFile(new URL(path, TEMPLATE)));
    }
    await saveFile(file("plan.json"), new TextEncoder().encode(JSON.stringify(plan, null, 2) + "\n"));
  });
  return `${folder}: ${counted(planned.length, "measurement")} of ${command.join(" ")}`;
}

/** Lets nobody else change the plan meanwhile: what two commands add at once is there, whoever is the last. */
async function alone(folder: string, work: () => Promise<void>): Promise<void> {
  await makeFolder(folder);
  const path = join(folder, ".plan.lock");
  await assertWritable(path);
  using file = await Deno.open(path, { write: true, create: true });
  await file.lock(true).catch(() => {}); // some file systems have no locks
  await work();
}

/**
 * The plan of a workflow, which may still be empty where one is going to be written.
 *
 * @throws {MdlError} `not-found`; `unreadable`
 */
export async function readPlan(folder: string, writing = false): Promise<WorkflowPlan> {
  const file = join(folder, "plan.json");
  const text = await Deno.readTextFile(file).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) {
      throw new MdlError("unreadable", `${file} cannot be read: ${folder} is no workflow's folder.`, {
        cause,
      });
    }
    if (writing) return undefined;
    throw new MdlError(
      "not-found",
      `There is no workflow in ${folder}: --workflow of a campaign writes one.`,
      { cause },
    );
  });
  if (text === undefined) return { project: "", commands: [] };
  const plan = parsed(text);
  if (isPlan(plan)) return plan;
  throw new MdlError(
    "unreadable",
    `${file} is no plan of a workflow: remove it, and write the workflow again.`,
  );
}

/** A JSON value; undefined where there is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === "string";

function isPlan(plan: unknown): plan is WorkflowPlan {
  const { project, commands } = (plan ?? {}) as Partial<WorkflowPlan>;
  return isText(project) && Array.isArray(commands) &&
    commands.every((one: Partial<PlannedCommand> | null) =>
      [one?.name, one?.place, one?.kept].every(isText) &&
      Array.isArray(one!.command) && one!.command.every(isText) && isTask(one!.command[0]) &&
      Array.isArray(one!.measurements) && one!.measurements.every((planned) => isText(planned?.id))
    );
}
