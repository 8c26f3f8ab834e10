/**
 * A workflow that an engine runs, in a folder of its own: plan.json says what there is to measure, the Snakefile makes a
 * job of each measurement, whose output is the file in which it is kept, and profiles say where jobs run.
 *
 * What a campaign can name only after earlier measurements is not in the plan: its closing command measures that.
 */
import { join, relative, resolve } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { counted } from "../lib/counted.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { nameOf } from "./laboratory/measure/keep.ts";
import type { Planned } from "./laboratory/measure/runners.ts";
import { root } from "./outputs.ts";
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
  const { commands } = await readPlan(folder, true),
    inFolder = (path: string) => relative(folder, path) || ".";
  const words = command.join(" ").replaceAll(/[^\w.]+/g, "-"),
    name = `${words}-${nameOf({ command }).slice(0, 6)}`;
  const added = { name, command, place: inFolder(place), kept: inFolder(kept), measurements: planned };
  const plan: WorkflowPlan = {
    project: inFolder(root),
    commands: [...commands.filter((one) => one.name !== name), added],
  };
  for (const file of FILES) {
    await makeFolder(join(folder, file, ".."));
    await saveFile(join(folder, file), await Deno.readFile(new URL(file, TEMPLATE)));
  }
  await saveFile(join(folder, "plan.json"), new TextEncoder().encode(JSON.stringify(plan, null, 2) + "\n"));
  return `${folder}: ${counted(planned.length, "measurement")} of ${command.join(" ")}`;
}

/**
 * The plan of a workflow, which may still be empty where one is going to be written.
 *
 * @throws {MdlError} `not-found`; `unreadable`
 */
export async function readPlan(folder: string, writing = false): Promise<WorkflowPlan> {
  const file = join(folder, "plan.json");
  const text = await Deno.readTextFile(file).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    if (writing) return undefined;
    throw new MdlError(
      "not-found",
      `There is no workflow in ${folder}: --workflow of a campaign writes one.`,
      { cause },
    );
  });
  if (text === undefined) return { project: "", commands: [] };
  const refused = (cause?: unknown) =>
    new MdlError(
      "unreadable",
      `${file} is no plan of a workflow: remove it, and write the workflow again.`,
      { cause },
    );
  try {
    const plan: WorkflowPlan = JSON.parse(text);
    if (
      plan.commands.every(({ command: [task], measurements }) => isTask(task) && measurements.length >= 0)
    ) {
      return plan;
    }
  } catch (cause) {
    throw refused(cause);
  }
  throw refused();
}

/** Where something of the plan is. */
export const placeIn = (folder: string, path: string): string => resolve(folder, path);
