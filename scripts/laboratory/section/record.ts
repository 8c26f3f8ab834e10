/** What a run of a section leaves behind: one `run.json` in a folder of its own, beside its figures and tables. */
import { MdlError } from "../../../lib/errors.ts";
import type { Preset } from "../../../lib/run.ts";
import type { Judged } from "./claims.ts";

/** Something that a section showed, in the order in which it did. File names are relative to the section's folder. */
export type Shown =
  | { readonly kind: "figure"; readonly name: string; readonly png: string; readonly json: string }
  | { readonly kind: "table"; readonly name: string; readonly csv: string }
  | { readonly kind: "markdown"; readonly text: string };

/** A program that a section has kept, in a file of its folder. */
export interface KeptProgram {
  /** As the report calls it. */
  readonly name: string;
  /** Relative to the section's folder. */
  readonly file: string;
  /** The file's length. */
  readonly bytes: number;
  /** Of the file. */
  readonly sha256: string;
}

/** `run.json` */
export interface SectionRecord {
  /** NN_name, as the script and the notebook are called. */
  readonly section: string;
  /** As it was run. */
  readonly preset: Preset;
  /** Likewise. */
  readonly seed: number;
  /** What trained, and why. */
  readonly backend: string;
  /** Version of MDLab. */
  readonly mdlab: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Operating system and processor. */
  readonly platform: string;
  /** `codeHash` when it began; absent where a notebook ran. */
  readonly code?: string;
  /** The records of other sections that it used, each as `stampOf` names it. */
  readonly before: readonly string[];
  /** When it ended, ISO 8601. */
  readonly ended: string;
  /** How long it took. */
  readonly seconds: number;
  /** Training FLOP that the section counted. */
  readonly flop: number;
  /** The sets that it used. */
  readonly data: readonly { readonly name: string; readonly sha256: string }[];
  /** On all its claims. */
  readonly verdicts: readonly Judged[];
  /** In order. */
  readonly shown: readonly Shown[];
  /** Programs that it ended with; absent in records of earlier versions. */
  readonly programs?: readonly KeptProgram[];
}

/** Names a record among all records of its section. */
export const stampOf = ({ section, ended }: SectionRecord): string => `${section} ${ended}`;

/** The record in a section's folder; undefined where the section has not been run to its end. */
export async function readRecord(folder: string): Promise<SectionRecord | undefined> {
  const file = `${folder}/run.json`;
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return undefined;
    throw new MdlError("unreadable", `${file} is no record of a section: remove it and run again.`, {
      cause,
    });
  }
}
