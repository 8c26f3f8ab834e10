/**
 * deno task engines: decodes programs in every WebAssembly engine that is installed here, and compares the SHA-256 of
 * what they give with what each program announces. The same bits everywhere: that is what a program promises.
 */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { codecOf } from "../lib/codecs.ts";
import { MdlError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { byteCount } from "../lib/items.ts";
import { type ProgramInfo, readProgram } from "../lib/program/read.ts";
import { timeLimit } from "../lib/program/sandbox.ts";
import { tableText } from "./laboratory/figures/table.ts";
import { command, counted, options, readModule, type Task } from "./command.ts";

const TASK: Task = {
  start: "deno task engines",
  about: "Decodes programs in every WebAssembly engine that is installed here, and compares what they give.",
  takes: "[x.wasm …]",
  least: 0,
  most: 100,
  example: "deno task engines pics.wasm",
};

/** How a program is decoded elsewhere: the first of the commands that is there. */
interface Engine {
  readonly name: string;
  readonly commands: readonly string[];
  /** What comes before the program and its lengths. */
  readonly args: readonly string[];
  /** Makes it print its version. */
  readonly asked: readonly string[];
}

/** One that is here: the command that starts it, and what that says of its version. */
type Installed = Engine & { readonly command: string; readonly version: string };

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const SCRIPT = path("engines/decode.js");
const ENGINES: readonly Engine[] = [
  {
    name: "V8 in Deno",
    commands: [Deno.execPath()],
    args: ["run", "--quiet", "--no-config", "--allow-read", SCRIPT],
    asked: ["--version"],
  },
  { name: "V8 in Node", commands: ["node"], args: [SCRIPT], asked: ["--version"] },
  { name: "JavaScriptCore in Bun", commands: ["bun"], args: [SCRIPT], asked: ["--version"] },
  {
    name: "SpiderMonkey",
    commands: ["js140", "js128", "js115", "js102", "js91", "js78"],
    args: [SCRIPT],
    asked: ["--version"],
  },
  {
    name: "wasmtime",
    commands: ["python3"],
    args: [path("engines/decode.py")],
    asked: ["-c", "import importlib.metadata as m; print(m.version('wasmtime'))"],
  },
];

/** Bytes that are compared at most: they come back in hexadecimal. */
const MOST = 20e6;

const FIXTURES = new URL("../tests/fixtures/", import.meta.url);

await command(async (signal, bar) => {
  const { positionals } = options(TASK, {});
  const paths = positionals.length ? positionals : goldenPrograms(), engines = await installed();
  const rows: Record<string, string>[] = [];
  let done = 0, differing = 0;
  for (const path of paths) {
    const info = readProgram(await readModule(path)),
      row: Record<string, string> = { program: basename(path), kind: info.modality };
    if (byteCount(info.items) > MOST) {
      throw new MdlError("too-large", `${path} gives more than ${MOST / 1e6} MB.`);
    }
    codecOf(info).checkShape(info.shape, info.items);
    for (const engine of engines) {
      bar.report({
        label: engine.name,
        done: done++,
        total: paths.length * engines.length,
        unit: "programs",
      });
      const wrong = await decodesIn(engine, path, info, signal);
      row[engine.name] = wrong ?? "same";
      if (wrong !== undefined) differing++;
    }
    rows.push(row);
  }
  await bar.close();
  for (const { name, version, command } of engines) console.log(`${name}: ${command} ${version}`);
  const absent = ENGINES.filter(({ name }) => !engines.some((engine) => engine.name === name));
  if (absent.length) console.log(`not installed: ${absent.map(({ name }) => name).join(", ")}`);
  console.log(`\n${tableText(rows)}`);
  if (differing > 0) {
    throw new MdlError("mismatch", `${counted(differing, "decoding")} did not give the data.`);
  }
  console.log(`\n${counted(paths.length, "program")}, the same bits in ${counted(engines.length, "engine")}`);
});

/** The programs that the tests keep. */
function goldenPrograms(): string[] {
  const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) =>
    name.endsWith(".wasm")
  );
  return names.sort().map((name) => fileURLToPath(new URL(name, FIXTURES)));
}

/** The engines that are here. */
async function installed(): Promise<Installed[]> {
  const found: Installed[] = [];
  for (const engine of ENGINES) {
    for (const command of engine.commands) {
      const said = await run(command, engine.asked);
      if (!said?.success) continue;
      const version = new TextDecoder().decode(said.stdout).trim().split("\n")[0]!.replace(/^[^\d]*/, "");
      found.push({ ...engine, command, version });
      break;
    }
  }
  return found;
}

/** What went wrong; undefined where the engine gives the data that the program announces. */
async function decodesIn(
  { command, args }: Installed,
  path: string,
  info: ProgramInfo,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lengths = info.items.map(({ count, bytes }) => `${count}x${bytes}`).join();
  const limit = AbortSignal.timeout(timeLimit(info, byteCount(info.items)));
  const said = await run(command, [...args, path, lengths], AbortSignal.any([signal, limit]));
  if (signal.aborted) throw new MdlError("interrupted", "Stopped.");
  if (limit.aborted) return "takes too long";
  if (!said?.success) return `fails: ${new TextDecoder().decode(said?.stderr).trim().split("\n").at(-1)}`;
  const text = new TextDecoder().decode(said.stdout).replaceAll(/\s/g, "");
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i++) data[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return sha256(data) === info.sha256 ? undefined : "DIFFERS";
}

async function run(
  command: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Deno.CommandOutput | undefined> {
  try {
    return await new Deno.Command(command, {
      args: [...args],
      stdout: "piped",
      stderr: "piped",
      ...(signal && { signal }),
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
