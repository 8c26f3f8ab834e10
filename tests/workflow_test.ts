/** A sweep in this process, in several, and as a workflow: whoever measures, the same is kept. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { modelOf } from "../lib/image/model.ts";
import { transform } from "../lib/image/transform.ts";
import type { LedgerEntry } from "../lib/program/ledger.ts";
import { programOf } from "../lib/program/program.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { type Job, measureAll } from "../scripts/laboratory/measure/campaign.ts";
import { keep, nameOf } from "../scripts/laboratory/measure/keep.ts";
import { inProcesses } from "../scripts/laboratory/measure/runners.ts";
import { bytesWithout } from "../scripts/laboratory/measure/prior.ts";
import { shardOf } from "../scripts/laboratory/measure/shards.ts";
import { addToWorkflow, readPlan, type WorkflowPlan } from "../scripts/workflow.ts";
import type { TaskName } from "../scripts/task_process.ts";
import { inFolder } from "./in_folder.ts";
import { outcome, taskIn } from "./run_task.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Two measurements: one program that learns while it decodes, and one whose weights are trained beforehand. */
const SWEEP = ["--sets", "moby-dick", "--lengths", "300", "--preset", "smoke"];

async function succeeds(command: Deno.Command): Promise<string> {
  const { code, out, err } = await outcome(command);
  assertEquals(code, 0, `${out}\n${err}`);
  return out.trim();
}

const kept = (place: string) => `${place}/results/measurements`;

/** What is kept in a folder by name, but for seconds, which differ from run to run. */
function measurements(place: string): Map<string, unknown> {
  const files = [...Deno.readDirSync(kept(place))].map(({ name }) => name).sort();
  return new Map(files.map((name) => {
    const { identity, result } = JSON.parse(Deno.readTextFileSync(`${kept(place)}/${name}`));
    const { encodingSeconds, decodingSeconds, ...rest } = result;
    assert(encodingSeconds > 0 && decodingSeconds > 0);
    assertMatch(rest.program, /^[0-9a-f]{64}$/);
    return [name, { identity, ...rest }];
  }));
}

/** The sweep in this process, once for all tests. */
let first: Promise<string> | undefined;
const inProcess = () =>
  first ??= (async () => {
    const place = await Deno.makeTempDir();
    addEventListener("unload", () => Deno.removeSync(place, { recursive: true }));
    await succeeds(taskIn(place, "modes", ...SWEEP));
    return place;
  })();

/** A workflow of the sweep in `place`/out, and the names of what it measures. */
async function planned(place: string): Promise<string[]> {
  assertMatch(
    await succeeds(taskIn(place, "modes", ...SWEEP, "--workflow", "out")),
    /2 measurements of modes/,
  );
  const { commands }: WorkflowPlan = JSON.parse(Deno.readTextFileSync(`${place}/out/plan.json`));
  assertEquals(commands.length, 1);
  return commands[0]!.measurements.map(({ id }) => id);
}

Deno.test("measurements in two processes are those of one process", () =>
  inFolder(async (place) => {
    assertMatch(await succeeds(taskIn(place, "modes", ...SWEEP, "--jobs", "2")), /moby-dick +300 /);
    assertEquals(measurements(place), measurements(await inProcess()));
  }));

Deno.test("ablate --jobs: what it measures besides its programs is measured, too", () =>
  inFolder(async (place) => {
    const ablate = ["--set", "scenes", "--take", "1", "--size", "4x4", "--preset", "smoke", "--seeds", "1"];
    await succeeds(taskIn(place, "ablate", ...ablate));
    const files = [...Deno.readDirSync(kept(place))].map(({ name }) => `${kept(place)}/${name}`);
    const codec = files.filter((file) => Deno.readTextFileSync(file).includes('"JPEG XL"'));
    assertEquals(codec.length, 1);
    Deno.removeSync(codec[0]!);
    await succeeds(taskIn(place, "ablate", ...ablate, "--jobs", "2"));
    assert(existsSync(codec[0]!));
  }));

Deno.test("a measurement that is killed leaves nothing; measured again by its name, it is the same; then it is kept", () =>
  inFolder(async (place) => {
    const ids = await planned(place), again = await planned(place);
    assertEquals(again, ids, "what is planned anew takes its own place");
    const trained = ids[1]!, child = taskIn(place, "modes", ...SWEEP, "--measurement", trained).spawn();
    const out = child.stdout.cancel();
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      if (text.includes("moby-dick, MDLab")) child.kill("SIGKILL"); // it has begun
    }
    assertEquals((await child.status).signal, "SIGKILL");
    await out;
    assert(!existsSync(kept(place)));

    const measure = (id: string) => succeeds(taskIn(place, "measure", id, "--workflow", "out"));
    const [other] = ids,
      damaged = `${kept(place)}/${other}.json`,
      whole = `${kept(await inProcess())}/${other}.json`;
    await measure(trained!);
    const text = Deno.readTextFileSync(`${kept(place)}/${trained}.json`);
    assertMatch(await measure(trained!), /kept already$/);
    assertEquals(Deno.readTextFileSync(`${kept(place)}/${trained}.json`), text);
    Deno.writeTextFileSync(damaged, Deno.readTextFileSync(whole).replace('"bytes": ', '"bytes": 1'));
    await measure(other!);
    assertEquals(measurements(place), measurements(await inProcess()));
  }));

Deno.test("in several processes the costliest comes first, and where one fails the others go on", () =>
  inFolder(async (folder) => {
    const made: string[] = [];
    let now = 0, most = 0;
    const job = (cost: number): Job<number> => ({
      label: `job ${cost}`,
      identity: { cost },
      cost,
      measure: () => Promise.resolve(null),
    });
    const jobs = [1, 5, 3, 4, 2].map(job), names = new Map(jobs.map((one) => [nameOf(one.identity), one]));
    const runner = inProcesses(2, async (name) => {
      const { cost, identity } = names.get(name)!;
      made.push(`${cost}`);
      most = Math.max(most, ++now);
      await new Promise((done) => setTimeout(done, 1));
      now--;
      if (cost === 4 && made.length < 6) return false;
      await keep(folder, identity, cost);
      return true;
    });
    const run = () => measureAll(jobs, { label: "all", unit: "s", folder, runner }, contextOf(1));
    const error = await assertRejects(run, MdlError) as MdlError;
    assertMatch(error.message, /^Not measured: job 4\. /);
    assertEquals([made.join(""), most], ["54321", 2]);
    assertEquals(await run(), [1, 5, 3, 4, 2]);
    assertEquals(made.join(""), "543214", "what was kept is not made again");
  }));

Deno.test("who measures is said once, and only what is in a workflow is measured", () =>
  inFolder(async (place) => {
    const refused = async (pattern: RegExp, name: TaskName, ...args: string[]) => {
      const { code, err } = await outcome(taskIn(place, name, ...args));
      assertEquals([code, err.split("\n").filter((line) => line && !/[█░]/.test(line)).length], [1, 1], err);
      assertMatch(err, pattern);
    };
    await refused(
      /--jobs and --measurement do not go together/,
      "modes",
      ...SWEEP,
      "--jobs",
      "2",
      "--measurement",
      "x",
    );
    await refused(/--jobs takes a whole number from 1/, "modes", ...SWEEP, "--jobs", "0");
    await refused(/There is no workflow in out/, "measure", "x", "--workflow", "out");
    await refused(
      /--again and --workflow do not go together/,
      "reproduce",
      "--again",
      "--workflow",
      `${place}/out`,
    );
    await planned(place);
    await refused(/has no measurement and no command x/, "measure", "x", "--workflow", "out");
    await Deno.writeTextFile(`${place}/out/plan.json`, "{}");
    await refused(/is no plan of a workflow/, "measure", "x", "--workflow", "out");
  }));

Deno.test("a plan is read as a whole or not at all, and what is added at once is all there", () =>
  inFolder(async (folder) => {
    const add = (id: string) =>
      addToWorkflow(folder, {
        command: ["modes", id],
        place: folder,
        kept: folder,
        planned: [{ id, label: id, cost: 1 }],
      });
    await Promise.all(["a", "b", "c", "d"].map(add));
    const plan = await readPlan(folder), [command] = plan.commands;
    assertEquals(plan.commands.map(({ measurements }) => measurements[0]!.id).sort(), ["a", "b", "c", "d"]);
    const refuses = async (text: string, sentence: string, place = folder) => {
      if (text) await Deno.writeTextFile(`${folder}/plan.json`, text);
      for (const writing of [false, true]) {
        assertEquals(
          (await assertRejects(() => readPlan(place, writing), MdlError, sentence)).code,
          "unreadable",
        );
      }
    };
    const damaged: readonly object[] = [
      { name: 1 },
      { place: undefined },
      { kept: null },
      { command: [] },
      { command: ["toString"] },
      { command: "modes" },
      { measurements: 3 },
      { measurements: [null] },
      { measurements: [{ id: 7 }] },
    ];
    for (const change of damaged) {
      await refuses(JSON.stringify({ ...plan, commands: [{ ...command, ...change }] }), "is no plan");
    }
    const whole = JSON.stringify(plan);
    for (const text of ["null", "[]", '{"commands":[]}', whole.slice(0, -9)]) {
      await refuses(text, "is no plan");
    }
    await Deno.writeTextFile(`${folder}/file`, "");
    await refuses("", "is no workflow's folder", `${folder}/file`);
    await refuses("", "is no workflow's folder", `${folder}/plan.json`);
  }));

Deno.test("compress --shards: whole programs that share one model, coded by processes of their own, and together the set", () =>
  inFolder(async (place) => {
    const asked = ["scenes", "--take", "13", "--size", "8x8", "--preset", "smoke", "--shards", "3"];
    const compress = (...more: string[]) => succeeds(taskIn(place, "compress", ...asked, ...more));
    const { files, once, shards } = JSON.parse(await compress("--jobs", "2", "--json"));
    const set = transform(drawScenes({ take: 13 }), { size: { width: 8, height: 8 } }),
      weights: string[] = [];
    const read = (index: number) => Deno.readFileSync(`${place}/${shards[index].file}`);
    for (let index = 0; index < 3; index++) {
      const program = programOf(read(index)), shard = shardOf(set, index, 3);
      assertEquals((await program.verify(shard)).sha256, shard.sha256);
      assertEquals(shard.names, set.names.filter((_, i) => i % 3 === index));
      assertEquals(program.info.record.prior, index ? shards[0].program : undefined);
      weights.push(sha256((await modelOf(read(index))).weightCode));
    }
    assertEquals(new Set(weights).size, 1);
    assertEquals(files, shards.reduce((sum: number, _: unknown, i: number) => sum + read(i).length, 0));
    const alone = shards.slice(1).map(({ ledger }: { ledger: LedgerEntry[] }) =>
      bytesWithout({ entries: ledger })
    );
    assertEquals(once, read(0).length + alone[0] + alone[1]);

    const lost = read(1);
    Deno.removeSync(`${place}/${shards[1].file}`);
    assertMatch(await compress(), /measurements kept: 2, to make: 1/);
    assertEquals(read(1), lost);

    const refused = async (sentence: RegExp, ...more: string[]) => {
      const { code, err } = await outcome(taskIn(place, "compress", ...asked, ...more));
      assertEquals(code, 1);
      assertMatch(err, sentence);
    };
    await compress("--workflow", "out");
    const [{ measurements }] = (await readPlan(`${place}/out`)).commands as [
      WorkflowPlan["commands"][number],
    ];
    for (const { id } of measurements.slice(0, 2)) Deno.removeSync(`${kept(place)}/${id}.json`);
    await refused(
      /The first shard's program is not there, or is another one/,
      "--measurement",
      measurements[1]!.id,
    );
    Deno.writeFileSync(`${place}/${shards[0].file}`, lost); // as another set of that name would
    await refused(/1-of-3\.wasm is of another run with the same name: .*--force/);
    assertEquals(read(0), lost);
    assertMatch(await compress("--force"), /measurements kept: 1, to make: 2/);
    assertEquals([sha256(read(0)), read(1)], [shards[0].program, lost]);

    for (const more of [["--output", "x.wasm"], ["--shards", "14"]]) {
      assertEquals((await outcome(taskIn(place, "compress", ...asked, ...more))).code, 1);
    }
    assertMatch(
      (await outcome(taskIn(place, "compress", "scenes", "--jobs", "2"))).err,
      /--jobs goes with --shards/,
    );
  }));

/** As npx leaves it behind, and an engine may be started by a task of elsewhere. */
const env = { INIT_CWD: "/" };

/** Runs a program to its end, or for so many seconds; undefined where there is none. */
async function program(command: string, args: readonly string[], cwd: string, seconds = 600) {
  const signal = AbortSignal.timeout(1000 * seconds), piped = { stdout: "piped", stderr: "piped" } as const;
  try {
    return await outcome(
      new Deno.Command(command, { args: [...args], cwd, env, stdin: "null", signal, ...piped }),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The first Snakemake that answers: of the project's environment, or of PATH. */
async function snakemakeThere(): Promise<string | undefined> {
  for (const command of [`${root}.venv-snakemake/bin/snakemake`, "snakemake"]) {
    if ((await program(command, ["--version"], root))?.code === 0) return command;
  }
}

const snakemake = await snakemakeThere();
const slurm = snakemake !== undefined &&
  (await program("sinfo", ["--noheader", "--states=idle"], root, 5))?.out.trim(); // a controller that is gone it would wait for

/** Runs the sweep as a workflow with one of its measurements moved here from elsewhere, and compares all of them. */
async function asWorkflow(profile: string, jobs: RegExp, ...args: string[]): Promise<void> {
  await inFolder(async (place) => {
    const [moved] = await planned(place), there = `${kept(await inProcess())}/${moved}.json`;
    await Deno.mkdir(kept(place), { recursive: true });
    await Deno.copyFile(there, `${kept(place)}/${moved}.json`);
    const run = () =>
      program(snakemake!, [
        "--snakefile",
        "out/Snakefile",
        "--profile",
        `out/profiles/${profile}`,
        ...args,
        "--config",
        `deno=${Deno.execPath()}`,
      ], place);
    const { code, err } = (await run())!;
    assertEquals(code, 0, err);
    assertMatch(err, jobs);
    assertEquals(measurements(place), measurements(await inProcess()));
    assertEquals(Deno.readTextFileSync(`${kept(place)}/${moved}.json`), Deno.readTextFileSync(there));
    const [closed] = [...Deno.readDirSync(`${place}/out/closed`)];
    assertMatch(basename(closed!.name), /^modes-sets-moby-dick-lengths-300-preset-smoke-[0-9a-f]{6}\.txt$/);
    assertMatch(
      Deno.readTextFileSync(`${place}/out/closed/${closed!.name}`),
      /kept: 2, to make: 0[^]*moby-dick +300 /,
    );
    assertMatch((await run())!.err, /Nothing to be done/);
  });
}

Deno.test({
  name: `a workflow under Snakemake measures what is not kept, the same as elsewhere${
    snakemake ? "" : " (skipped: no Snakemake)"
  }`,
  ignore: !snakemake,
  fn: () => asWorkflow("local", /measurement +1\n/, "--cores", "2"),
});

Deno.test({
  name: `a workflow under Slurm does, too${slurm ? "" : " (skipped: no idle node, or no Snakemake)"}`,
  ignore: !slurm,
  fn: () =>
    asWorkflow(
      "slurm",
      /submitted with SLURM jobid/,
      "--jobs",
      "2",
      "--slurm-init-seconds-before-status-checks",
      "3",
      "--default-resources",
      "mem_mb=1000",
    ),
});
