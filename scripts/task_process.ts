/** A task of deno.json in a process of its own, as `deno task` starts it: with its permissions, meant from some place. */
import { join } from "node:path";
import manifest from "../deno.json" with { type: "json" };
import { root } from "./outputs.ts";

export type TaskName = keyof typeof manifest.tasks;

export const isTask = (name: string | undefined): name is TaskName =>
  name !== undefined && Object.hasOwn(manifest.tasks, name);

/** Starts `deno task NAME args` for one who stands in `place`, with so many threads. The signal ends it politely. */
export function taskProcess(
  [task, ...args]: readonly [TaskName, ...string[]],
  place: string,
  { threads, ...options }: Pick<Deno.CommandOptions, "signal" | "stdout" | "stderr"> & { threads?: number },
): Deno.Command {
  const [, ...words] = manifest.tasks[task].split(" ");
  return new Deno.Command(thisDeno(), {
    args: [...words.slice(0, -1), join(root, words.at(-1)!), ...args],
    cwd: root,
    env: { INIT_CWD: place, ...(threads && { MDLAB_THREADS: String(threads) }) },
    stdin: "null",
    ...options,
  });
}

/** This very Deno; for one who may run nothing but `deno`, that of PATH. */
function thisDeno(): string {
  const path = Deno.execPath();
  return Deno.permissions.querySync({ name: "run", command: path }).state === "granted" ? path : "deno";
}
