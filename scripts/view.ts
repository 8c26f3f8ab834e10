/** deno task view: a page, one HTML file that needs nothing else, in which programs show what they are and give. */
import { basename, join } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { saveFile } from "../lib/save.ts";
import { readFront } from "../lib/program/read.ts";
import { command, counted, number, options, readModule, type Task } from "./command.ts";
import { assertFree, FORCE, resultsFolder } from "./outputs.ts";
import { buildPage, PAGE, withPrograms } from "./view/build.ts";

const TASK: Task = {
  start: "deno task view",
  about:
    "Writes a page into which programs are dropped: it shows ledger and data, and draws new data. Offline.",
  takes: "[x.wasm …]",
  most: Infinity,
  example: "deno task view pics.wasm --open",
};

await command(async () => {
  const { values, positionals } = options(TASK, {
    output: {
      type: "string",
      short: "o",
      value: "view.html",
      help: "the page (results/view.html when left out)",
    },
    open: { type: "boolean", help: "open it in the browser" },
    ...FORCE,
    build: { type: "boolean", help: "build the page anew from its sources, and write nothing else" },
    check: { type: "boolean", help: "write nothing; fail when the built page is not what its sources give" },
  });
  if (values.build || values.check) return await build(values.check ?? false);
  const path = values.output ?? join(resultsFolder(), "view.html"), own = values.output === undefined;
  if (own) await Deno.mkdir(resultsFolder(), { recursive: true });
  await assertFree(path, values.force || own && await isPage(path));
  const programs: { name: string; bytes: Uint8Array }[] = [];
  for (const file of positionals) {
    const bytes = await readModule(file);
    readFront(bytes);
    programs.push({ name: basename(file), bytes });
  }
  const page = new TextEncoder().encode(withPrograms(await Deno.readTextFile(PAGE), programs));
  await saveFile(path, page);
  const holds = programs.length ? ` with ${counted(programs.length, "program")}` : "";
  console.log(
    `${path}: a page${holds}, ${number(page.length)} bytes. Open it in a browser; it needs no network.`,
  );
  if (values.open) await open(path);
});

/** Whether a file is a page that this command wrote: under its own name such a one may be written again. */
async function isPage(path: string): Promise<boolean> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.includes("<title>MDLab view</title>");
}

async function build(check: boolean): Promise<void> {
  const page = await buildPage();
  if (!check) await Deno.writeTextFile(PAGE, page);
  else if (await Deno.readTextFile(PAGE).catch(() => "") !== page) {
    throw new MdlError(
      "mismatch",
      "scripts/view/page.html is not what its sources give: run deno task view --build.",
    );
  }
  console.log(`scripts/view/page.html: ${number(page.length)} characters`);
}

/** Opens a page in the default browser. */
async function open(path: string): Promise<void> {
  const [program, ...args] =
    { darwin: ["open"], windows: ["cmd", "/c", "start", ""] }[Deno.build.os as string] ??
      ["xdg-open"];
  const { success } = await new Deno.Command(program!, {
    args: [...args, await Deno.realPath(path)],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  if (!success) throw new MdlError("unsupported", `No browser could be opened here: open ${path} in one.`);
}
