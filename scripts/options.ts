/**
 * The command line of a task: one table says what its options are, and parsing, the usage line and --help come from it.
 */
import { parseArgs } from "node:util";
import { MdlError } from "../lib/errors.ts";

/** An option: a switch, or one that takes a value. */
export interface Option {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly default?: string;
  /** The task cannot do without it. */
  readonly needed?: true;
  /** What stands for its value in the usage line: "N", "FOLDER", "quick|paper". */
  readonly value?: string;
  /** One line. */
  readonly help: string;
}

/** What --help says besides the options. */
export interface Task {
  /** What starts it: "deno task compress". */
  readonly start: string;
  /** One sentence. */
  readonly about: string;
  /** Arguments that are no options, as the usage line has them: "x.wasm FOLDER|DATASET". */
  readonly takes?: string;
  readonly least?: number;
  readonly most?: number;
  /** A command line that does something useful. */
  readonly example: string;
}

const HELP = { help: { type: "boolean", short: "h", help: "this text" } } as const;

/** A switch, or an option with what stands for its value. */
const written = (name: string, { value }: Option) => `--${name}${value ? ` ${value}` : ""}`;

/** The usage line of a task. */
function usageOf({ start, takes }: Task, known: Known): string {
  const shown = Object.entries(known).map(([name, option]) =>
    option.needed ? written(name, option) : `[${written(name, option)}]`
  );
  return [start, ...(takes ? [takes] : []), ...shown].join(" ");
}

type Known = Readonly<Record<string, Option>>;

/** What the task that runs takes. */
let taken: Known = {};

/** Whether the task that runs takes an option. */
export const takes = (name: string): boolean => name in taken;

/** A sentence of the library as a command says it: options that it names, "(firstFrame)", as they are written here. */
export function inFlags(sentence: string): string {
  return sentence.replace(/\(([a-z]+)\)(?=[.,;]? |\.?$)/gi, (named, option: string) => {
    const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return takes(flag) ? `(--${flag})` : named;
  });
}

/** What is surely there. */
type Sure = { readonly default: string } | { readonly needed: true };

/** The values of options: there where they are needed or have a default, else perhaps. */
export type Values<T extends Known> =
  & { readonly [K in keyof T as T[K] extends Sure ? K : never]: string }
  & {
    readonly [K in keyof T as T[K] extends Sure ? never : K]?: T[K] extends { readonly type: "boolean" }
      ? boolean
      : string;
  };

/** What the user wrote. */
export interface Arguments<T extends Known> {
  readonly values: Values<T>;
  readonly positionals: readonly string[];
  readonly usage: string;
}

/**
 * Reads the command line; --help prints the table and ends the program.
 *
 * @throws {MdlError} `usage` for an unknown option, one without its value, or too few or many arguments
 */
export function options<const T extends Known>(task: Task, known: T): Arguments<T> {
  taken = known;
  const usage = usageOf(task, known);
  const refuse = (sentence: string): never => {
    throw new MdlError("usage", `${sentence}. Usage: ${usage}`);
  };
  const { values, positionals } = parsed({ ...known, ...HELP }, refuse);
  if (values.help) {
    console.log(helpOf(task, known));
    Deno.exit(0);
  }
  const { least = 0, most = least } = task, count = positionals.length;
  if (count < least || count > most) refuse(`Too ${count < least ? "few" : "many"} arguments`);
  if ([...positionals, ...Object.values(values)].includes("")) refuse("An argument is empty");
  for (const [name, option] of Object.entries<Option>(known)) {
    if (option.needed && values[name] === undefined) refuse(`${written(name, option)} is missing`);
  }
  return { values: values as unknown as Values<T>, positionals, usage };
}

function parsed(known: Known, refuse: (sentence: string) => never) {
  const args = withValues(Deno.args, known, refuse);
  try {
    return parseArgs({ args, options: { ...known }, allowPositionals: true });
  } catch (error) {
    return refuse((error as Error).message.split(/\.\s/)[0]!);
  }
}

/** What --help prints: each option on a line. */
function helpOf(task: Task, known: Known): string {
  const rows = Object.entries<Option>({ ...known, ...HELP }).map(([name, option]) => {
    const short = option.short ? `-${option.short}, ` : "    ", unless = option.default?.replace(/^set:/, "");
    const help = unless === undefined ? option.help : `${option.help} (${unless} when left out)`;
    return [`  ${short}${written(name, option)}`, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `${task.about}`,
    "",
    `Usage: ${usageOf(task, known)}`,
    "",
    "Options",
    ...rows.map(([left, help]) => `${left.padEnd(width)}  ${help}`),
    "",
    `Example: ${task.example}`,
  ].join("\n");
}

/** The arguments, with a negative number joined to its option: what it refuses is then the number. */
function withValues(args: readonly string[], known: Known, refuse: (sentence: string) => never): string[] {
  const joined: string[] = [], end = args.includes("--") ? args.indexOf("--") : args.length;
  for (let i = 0; i < end; i++) {
    const arg = args[i]!, next = args[i + 1];
    const found = Object.entries(known).find(([name, { short }]) =>
      [`--${name}`, short && `-${short}`].includes(arg)
    );
    if (found?.[1].type !== "string") {
      joined.push(arg);
      continue;
    }
    const [name, { value }] = found;
    if (next === undefined || /^-(?!$|\.?\d)/.test(next)) refuse(`--${name} takes a value, ${value}`);
    joined.push(`--${name}=${args[++i]}`);
  }
  return [...joined, ...args.slice(end)];
}

/** A whole number from `least` to `most` given as an option. */
export function wholeNumber(name: string, text: string, least: number, most = 2 ** 32 - 1): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new MdlError("usage", `--${name} takes a whole number from ${least} to ${most}, not “${text}”.`);
}

/** A number from `least` to `most` given as an option. */
export function decimal(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= least && value <= most) return value;
  throw new MdlError("usage", `--${name} takes a number from ${least} to ${most}, not “${text}”.`);
}

/** One of a few words given as an option. */
export function oneOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  if (words.includes(text as T)) return text as T;
  throw new MdlError("usage", `--${name} takes ${words.join(", ")}, not “${text}”.`);
}
