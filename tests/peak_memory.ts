/** Running a command in a process of its own, and how much memory it took at most. */
import { fileURLToPath } from "node:url";
import { withoutDeno } from "./run_task.ts";

/** Reads the peak from /proc until the process has ended, and writes it to file descriptor 2 as the last line. */
const WATCH = `
"$@" & pid=$!
while :; do
  now=
  while read -r key value rest; do [ "$key" = VmHWM: ] && now=$value; done < /proc/$pid/status
  [ "$now" ] || break
  peak=$now
  sleep 0.01
done 2> /dev/null
wait $pid; code=$?
echo "$peak" >&2
exit $code`;

/** What came of a process; `peak` is its memory at most in bytes, known on Linux. */
export interface Measured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly peak: number | undefined;
}

/** Runs this Deno with arguments in a folder. */
export async function measured(args: readonly string[], cwd: string): Promise<Measured> {
  const watched = Deno.build.os === "linux", command = [Deno.execPath(), ...args];
  const [program, ...rest] = watched ? ["sh", "-c", WATCH, "sh", ...command] : command;
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args: rest,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const [out, all] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  if (!watched) return { code, out, err: withoutDeno(all), peak: undefined };
  const [, err, kibi] = /^([^]*?)(\d+)\n$/.exec(all)!;
  return { code, out, err: withoutDeno(err!), peak: 1024 * Number(kibi) };
}

const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

/** Runs TypeScript with the project's modules, `project` in its URLs standing for its folder. */
export async function measuredCode(code: string, cwd: string): Promise<Measured> {
  return await measured([
    "eval",
    `--config=${CONFIG}`,
    code.replaceAll("project/", new URL("..", import.meta.url).href),
  ], cwd);
}
