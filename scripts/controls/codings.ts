/** What a control is coded as, each once: the lines of the table of `deno task controls`. */
import { type AnyData, codecs } from "../../lib/codecs.ts";
import type { Dataset } from "../../lib/image/dataset.ts";
import { contextOf } from "../../lib/context.ts";
import { planning } from "../../lib/chain.ts";
import type { Preset } from "../../lib/run.ts";
import { saveFile } from "../../lib/save.ts";
import type { Control } from "./destroyed.ts";
import { plainName } from "../laboratory/file_names.ts";
import type { Job } from "../laboratory/measure/campaign.ts";
import {
  codecJob,
  type CodingResult,
  filesJob,
  programJob,
  type ProgramResult,
} from "../laboratory/measure/codings.ts";
import { forgetWithoutFile } from "../laboratory/measure/keep.ts";

/** A line: a number that is known, or a measurement. */
export interface Coding {
  readonly control: string;
  readonly data: AnyData;
  /** How it is coded. */
  readonly coded: string;
  readonly kind: "ours" | "other" | "bound";
  readonly bytes?: number;
  readonly job?: Job<CodingResult>;
  /** Bytes by the measurement; those of the whole file where this is left out. */
  readonly of?: (result: ProgramResult) => number;
}

/** How programs are made, and where they go. */
export interface Making {
  readonly preset: Preset;
  readonly seed: number;
  /** The backend that trains; of files nothing is trained. */
  readonly backend: string;
  readonly folder: string;
  /** Where measurements are kept. */
  readonly kept: string;
  readonly checkpoints: string;
}

/** Where the program of a set is written. */
export const fileOf = ({ folder }: Making, name: string) => `${folder}/${plainName(name)}.wasm`;

/** What no code can be expected to go below. */
export function bound(control: string, data: AnyData, what: string, bits: number): Coding {
  return { control, data, coded: what, kind: "bound", bytes: Math.ceil(bits / 8) };
}

/** A program of the set by the whole chain, decoded and compared; it is kept as a file, too. */
export async function ownProgram(control: string, data: AnyData, making: Making): Promise<Coding> {
  const file = fileOf(making, data.name), save = (program: Uint8Array) => saveFile(file, program);
  const job = data.modality === "image" ? await trained(data, making, save) : await filesJob(data, {}, save);
  await forgetWithoutFile(making.kept, job.identity, file);
  return { control, data, coded: "own program", kind: "ours", job };
}

async function trained(set: Dataset, making: Making, save: (program: Uint8Array) => Promise<void>) {
  const { output: plan } = await planning().run(set, contextOf(making.seed));
  const { preset, checkpoints } = making;
  return await programJob(plan, { preset, checkpoints }, making, save);
}

/** What another codec makes of it: JPEG XL of images, else xz. */
export async function otherCodec(control: string, data: AnyData): Promise<Coding> {
  const codec = data.modality === "image" ? "JPEG XL" : "xz", job = await codecJob(data, codec);
  return { control, data, coded: `${codec}, decoder not counted`, kind: "other", job };
}

/** All lines of a set's controls. */
export async function codingsOf(controls: readonly Control[], making: Making): Promise<readonly Coding[]> {
  const found: Coding[] = [];
  for (const { name, data, bound: least } of controls) {
    if (least) found.push(bound(name, data, least.what, least.bits));
    found.push(await ownProgram(name, data, making), await otherCodec(name, data));
  }
  return found;
}

/** How many items, and of what kind: "1,000 images". */
export const itemsOf = ({ modality, names }: AnyData) => ({ [codecs[modality].unit]: names.length });
