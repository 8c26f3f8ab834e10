/**
 * deno task new: makes a notebook of one's own with its paired script, notebooks/NN_name.ipynb and scripts/NN_name.ts, of what stands in
 * template.ts. NN is the first number from 10 on that is free: those below are the article's.
 */
import { MdlError } from "../lib/errors.ts";
import { command, options, type Task } from "./command.ts";
import { experiments, pair, replaceFile } from "./pair.ts";

const TASK: Task = {
  start: "deno task new",
  about: "Makes a notebook of your own, with its paired script, to begin an experiment with.",
  takes: "NAME",
  least: 1,
  example: "deno task new my_experiment",
};

/** What a name is; it becomes a part of two file names. */
const NAME = /^[a-z][a-z0-9_]{0,59}$/;

const FIRST = 10, LAST = 99;

/** The title of the template, which gives way to the name. */
const TITLE = "# My experiment · 我的实验";

/**
 * The name of a new experiment with its number.
 *
 * @throws {MdlError} `usage` for a name that makes no file name, or that an experiment has; when all numbers are taken
 */
export function numbered(name: string, taken: readonly string[]): string {
  if (!NAME.test(name)) {
    const near = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^[_\d]+|_$/g, "").slice(0, 60);
    const advice = near ? `: ${near} would do` : ", such as my_experiment";
    throw new MdlError(
      "usage",
      `A name takes small letters, digits and _, a letter first, not “${name}”${advice}.`,
    );
  }
  const same = taken.find((stem) => stem.slice(3) === name);
  if (same) throw new MdlError("usage", `There is ${same} already: take another name.`);
  for (let number = FIRST; number <= LAST; number++) {
    if (!taken.some((stem) => stem.startsWith(`${number}_`))) return `${number}_${name}`;
  }
  throw new MdlError("usage", `All numbers from ${FIRST} to ${LAST} are taken: remove an experiment first.`);
}

if (import.meta.main) {
  await command(async () => {
    const { positionals: [name] } = options(TASK, {}), stem = numbered(name!, experiments([]));
    const template = await Deno.readTextFile(new URL("template.ts", import.meta.url));
    const title = name!.replaceAll("_", " ").trim();
    await replaceFile(new URL(`${stem}.ts`, import.meta.url), template.replace(TITLE, `# ${title}`));
    await pair(stem, false, "script", () => {});
    console.log(
      `notebooks/${stem}.ipynb, and the same as scripts/${stem}.ts: deno task lab --here shows it.`,
    );
  });
}
