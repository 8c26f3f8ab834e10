/** Tasks as a user starts them. */
import { type TaskName, taskProcess } from "../scripts/task_process.ts";

/** `deno task NAME args` of one who stands in `place`. */
export function taskIn(place: string, ...command: readonly [TaskName, ...string[]]): Deno.Command {
  return taskProcess(command, place, { stdout: "piped", stderr: "piped" });
}

/** What a command has said on stderr, without what Deno says where another process is at node_modules. */
export function withoutDeno(err: string): string {
  return err.split("\n").filter((line) => !/Blocking\S* waiting for file lock on /.test(line)).join("\n");
}

/** Runs a command to its end: its exit code, and what it has said. */
export async function outcome(command: Deno.Command) {
  const { code, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  return { code, out, err: withoutDeno(err), stdout };
}
