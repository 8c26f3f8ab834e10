/** How a command says who makes its campaign's measurements. */
import { resolve } from "node:path";
import { MdlError } from "../lib/errors.ts";
import type { Runner } from "./laboratory/measure/campaign.ts";
import { inProcesses, listed, only } from "./laboratory/measure/runners.ts";
import { threadsOf } from "../lib/backend/threads.ts";
import { printable } from "../lib/printable.ts";
import { MEASURE_OPTIONS, wholeNumber } from "./command.ts";
import { type TaskName, taskProcess } from "./task_process.ts";
import { addToWorkflow } from "./workflow.ts";

export const RUNNER_OPTIONS = {
  jobs: { type: "string", value: "N", help: "N measurements at a time, each in a process of its own" },
  workflow: {
    type: "string",
    value: "FOLDER",
    help: "only add the measurements to a workflow for Snakemake",
  },
  measurement: { type: "string", value: "ID", help: "make this measurement and no other" },
} as const;

/** What all commands take that measure a campaign and no more. */
export const CAMPAIGN_OPTIONS = { ...MEASURE_OPTIONS, ...RUNNER_OPTIONS } as const;

/** The runner that is asked for, as a part of a campaign; none for this process. */
export function runnerOf(
  task: TaskName,
  values: { jobs?: string; workflow?: string; measurement?: string },
): { readonly runner?: Runner } {
  const asked = (["jobs", "workflow", "measurement"] as const).filter((name) => values[name] !== undefined);
  if (asked.length > 1) {
    throw new MdlError(
      "usage",
      `--${asked[0]} and --${asked[1]} do not go together: each says who measures.`,
    );
  }
  if (values.measurement !== undefined) return { runner: only(values.measurement) };
  const command = [task, ...withoutRunner(Deno.args)] as const, place = Deno.cwd();
  if (values.workflow !== undefined) {
    const out = resolve(values.workflow);
    return {
      runner: listed((planned, kept) => addToWorkflow(out, { command, place, kept: resolve(kept), planned })),
    };
  }
  if (values.jobs === undefined) return {};
  const count = wholeNumber("jobs", values.jobs, 1, 1024);
  const threads = Math.max(1, Math.floor(threadsOf() / count)); // more would wait for one another
  return {
    runner: inProcesses(
      count,
      (name, signal) => measuredApart([...command, "--measurement", name], place, { signal, threads }),
    ),
  };
}

/** The arguments that say what is measured. */
function withoutRunner(args: readonly string[]): string[] {
  const left: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, joined] = /^--(\w+)(=?)/.exec(args[i]!) ?? [];
    if (!name || !(name in RUNNER_OPTIONS)) left.push(args[i]!);
    else if (!joined) i++; // its value
  }
  return left;
}

/** Whether a process succeeded; what it said is shown where it did not. */
async function measuredApart(
  command: readonly [TaskName, ...string[]],
  place: string,
  { signal, threads }: { readonly signal: AbortSignal; readonly threads: number },
): Promise<boolean> {
  const process = taskProcess(command, place, { signal, threads, stdout: "null", stderr: "piped" });
  const { success, stderr } = await process.output().catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotCapable)) throw cause;
    throw new MdlError("not-found", "--jobs needs deno on PATH.", { cause });
  });
  if (!success && !signal.aborted) console.error(printable(new TextDecoder().decode(stderr).trim(), true));
  return success;
}
