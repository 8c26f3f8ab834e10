/** Programs of other people: run in a folder of their own, where they are on PATH. */
import { MdlError } from "../../lib/errors.ts";

/** Why some programs cannot be run here; undefined where they may be. */
export async function absentFor(commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    if ((await Deno.permissions.query({ name: "run", command })).state !== "granted") {
      return `it needs ${command} to be on PATH, with --allow-run=${command}`;
    }
  }
  if ((await Deno.permissions.query({ name: "write" })).state !== "granted") return "it needs --allow-write";
  return undefined;
}

/**
 * Lets `work` use a folder, which is gone afterwards.
 *
 * @returns what `work` does, or that there is no such program
 */
export async function inFolder<T>(
  program: string,
  work: (folder: string) => Promise<T>,
): Promise<T | { readonly absent: string }> {
  const folder = await Deno.makeTempDir({ prefix: "mdlab-" });
  try {
    return await work(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { absent: `there is no program ${program} on PATH` };
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a program has said, and whether it succeeded. Throws an MdlError `interrupted`. */
export async function output(
  command: string,
  args: readonly string[],
  cwd: string,
  signal?: AbortSignal,
): Promise<Deno.CommandOutput> {
  const stopping = signal ? { signal } : {};
  const child = new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...stopping,
  });
  const result = await child.output();
  if (signal?.aborted) throw new MdlError("interrupted", `Stopped while ${command} was running.`);
  return result;
}

/** @throws {MdlError} `failed` with the last thing that it said, where a program has failed */
export function succeeds(
  command: string,
  { success, stderr }: Pick<Deno.CommandOutput, "success" | "stderr">,
): void {
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new MdlError("failed", `${command} failed: ${said || "it says nothing"}.`);
}

/** Reads a file and removes it: where a file exists, many programs do not write. */
export async function takeOut(path: string): Promise<Uint8Array> {
  const bytes = await Deno.readFile(path);
  await Deno.remove(path);
  return bytes;
}
