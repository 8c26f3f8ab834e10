/**
 * deno task mutants: are the tests able to fail? Each fault of tests/mutations.ts is put into a copy of the project, and
 * the tests that are to notice it are run there: those that still pass are named. Your own files stay as they are.
 */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { type Fault, type Guard, GUARDS } from "../tests/mutations.ts";
import { builtFile, moduleNames } from "./build_decoder.ts";
import { command, duration, options, type Task } from "./command.ts";
import { root } from "./outputs.ts";

const TASK: Task = {
  start: "deno task mutants",
  about:
    "Puts small faults into a copy of the code, one at a time, and runs the tests that must notice them.",
  takes: "[NAME …]",
  least: 0,
  most: Infinity,
  example: "deno task mutants cosine warm-up",
};

/** What no test needs, and what is large and only read: the copy has links to it. */
const LEFT_OUT = ["results"], LINKED = ["node_modules", "data/cache"];

/** Milliseconds that a run of tests may take; a fault may make it endless. */
const LONGEST = 180_000;

/** A copy of the project, to break. */
export interface Copy extends AsyncDisposable {
  readonly folder: string;
  /** Puts a fault in, or takes it out again. */
  set(fault: Fault, broken: boolean): Promise<void>;
  /** Runs tests; those that do not come to an end in time fail. */
  run(guard: Pick<Guard, "test" | "filter">): Promise<Outcome>;
}

/** `none` when no test ran: the filter finds none, or the file cannot be loaded. */
export type Outcome = "passed" | "failed" | "none";

/**
 * Copies the project to a temporary folder, which disposing removes.
 *
 * @throws {MdlError} `interrupted`, from its functions too
 */
export async function openCopy(signal: AbortSignal): Promise<Copy> {
  const folder = await Deno.makeTempDir({ prefix: "mdlab-mutants-" });
  const stopped = () => new MdlError("interrupted", "Stopped; the copy is removed.");
  const remove = () => Deno.remove(folder, { recursive: true });

  async function deno(...args: string[]): Promise<{ success: boolean; late: boolean; said: string }> {
    if (signal.aborted) throw stopped();
    const limit = AbortSignal.timeout(LONGEST);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.any([signal, limit]),
    }).output();
    if (signal.aborted) throw stopped();
    return {
      success,
      late: limit.aborted,
      said: [stdout, stderr].map((part) => new TextDecoder().decode(part)).join("\n"),
    };
  }

  async function copyBuilt(): Promise<void> {
    for (const file of moduleNames.map(builtFile)) {
      await Deno.copyFile(file, join(folder, relative(root, fileURLToPath(file))));
    }
  }

  try {
    await copyInto(folder, "", signal);
    if (signal.aborted) throw stopped();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    async set({ name, file, text, into }, broken) {
      const whole = await Deno.readTextFile(join(root, file));
      await Deno.writeTextFile(join(folder, file), broken ? whole.replace(text, () => into) : whole);
      if (!file.includes("/assembly/")) return;
      if (!broken) return await copyBuilt();
      const { success, said } = await deno("run", "--allow-all", "scripts/build_decoder.ts");
      if (!success) throw new MdlError("mismatch", `The mutation ${name} does not compile: ${said.trim()}`);
    },
    async run({ test, filter }) {
      const { late, said } = await deno(
        "test",
        "--allow-all",
        "--no-check",
        "--filter",
        filter,
        `tests/${test}`,
      );
      if (late) return "failed";
      const [, passed, failed] = /\| (\d+) passed.* \| (\d+) failed/.exec(said) ?? ["", "0", "0"];
      if (said.includes("(uncaught error)")) return "none";
      return Number(failed) ? "failed" : Number(passed) ? "passed" : "none";
    },
    [Symbol.asyncDispose]: remove,
  };
}

/** Copies a folder of the project, given as a path in it. */
async function copyInto(copy: string, path: string, signal: AbortSignal): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(join(root, path))) {
    const inner = path ? `${path}/${name}` : name;
    if (signal.aborted || name.startsWith(".") || LEFT_OUT.includes(inner)) continue;
    if (LINKED.includes(inner)) {
      await Deno.symlink(join(root, inner), join(copy, inner), { type: "dir" });
    } else if (isDirectory) {
      await Deno.mkdir(join(copy, inner));
      await copyInto(copy, inner, signal);
    } else if (isFile) await Deno.copyFile(join(root, inner), join(copy, inner));
  }
}

/**
 * Tests that every fault can be put in.
 *
 * @throws {MdlError} `not-found` when its text is not once in its file
 */
export async function assertThere(faults: readonly Fault[]): Promise<void> {
  for (const { name, file, text } of faults) {
    const whole = await Deno.readTextFile(join(root, file)).catch(() => "");
    const times = whole.split(text).length - 1;
    if (times === 1) continue;
    const where = times ? `${times} times in ${file}` : `not in ${file}`;
    throw new MdlError("not-found", `The mutation ${name} looks for “${text}”, which is ${where}.`);
  }
}

/**
 * Whether the tests notice a fault.
 *
 * @throws {MdlError} `mismatch` when it keeps them from running at all, which proves nothing
 */
export async function isNoticed(
  copy: Copy,
  fault: Fault,
  guard: Pick<Guard, "test" | "filter">,
): Promise<boolean> {
  await copy.set(fault, true);
  const outcome = await copy.run(guard);
  await copy.set(fault, false);
  if (outcome === "none") {
    throw new MdlError(
      "mismatch",
      `With the mutation ${fault.name}, tests/${guard.test} does not even load.`,
    );
  }
  return outcome === "failed";
}

/** The guards of the faults with those names; of all when there are none. */
function chosen(names: readonly string[]): Guard[] {
  const known = GUARDS.flatMap(({ faults }) => faults.map(({ name }) => name));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new MdlError("usage", `There is no mutation ${unknown}; there are ${known.join(", ")}.`);
  }
  return GUARDS.map((guard) => ({
    ...guard,
    faults: guard.faults.filter(({ name }) => names.length === 0 || names.includes(name)),
  })).filter(({ faults }) => faults.length > 0);
}

if (import.meta.main) {
  await command(async (signal, bar) => {
    const { positionals } = options(TASK, {}), guards = chosen(positionals);
    await assertThere(guards.flatMap(({ faults }) => faults));
    const count = guards.reduce((sum, { faults }) => sum + faults.length, 0), total = count + guards.length;
    const survived: string[] = [], begun = performance.now();
    let done = 0;
    const report = (note: string) =>
      bar.report({ label: "mutants", done, total, unit: "runs of tests", note });
    await using copy = await openCopy(signal);
    for (const guard of guards) {
      const { test, filter, faults } = guard;
      report(`${test}, nothing changed`);
      const whole = await copy.run(guard);
      done++;
      if (whole !== "passed") {
        const why = whole === "failed" ? "fails without one" : `has no test “${filter}”`;
        throw new MdlError("mismatch", `tests/${test} ${why}: it can tell of no mutation.`);
      }
      for (const fault of faults) {
        report(`${test}, ${fault.name}`);
        const noticed = await isNoticed(copy, fault, guard);
        done++;
        if (!noticed) survived.push(fault.name);
        console.log(
          `${noticed ? "killed  " : "SURVIVED"}  ${fault.name}  (${fault.file}; ${test}: ${filter})`,
        );
      }
    }
    report("");
    const spent = duration((performance.now() - begun) / 1000);
    console.log(`${count - survived.length} of ${count} mutations killed in ${spent}`);
    if (survived.length) {
      throw new MdlError("mismatch", `These survive their tests: ${survived.join(", ")}.`);
    }
  });
}
