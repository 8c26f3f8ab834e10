/**
 * The sets of images that controls has of its own: noise and shuffled pixels, scenes, whose length is known, and what a model
 * is worth on images that it was not trained on.
 */
import type { Context } from "../../lib/context.ts";
import { modelOf } from "../../lib/image/model.ts";
import { MdlError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Dataset } from "../../lib/image/dataset.ts";
import type { Program } from "../../lib/program/program.ts";
import { VERSION } from "../../lib/run.ts";
import { saveFile } from "../../lib/save.ts";
import { SCENE_BITS } from "../../lib/sources/scenes.ts";
import { rendererProgram } from "../../notebooks/experiments/scenes/program.ts";
import type { Job } from "../laboratory/measure/campaign.ts";
import type { ProgramResult } from "../laboratory/measure/codings.ts";
import { forgetWithoutFile, nameOf } from "../laboratory/measure/keep.ts";
import { bytesWithout } from "../laboratory/measure/prior.ts";
import { marginalEntropy } from "../laboratory/measure/shuffle.ts";
import { decoderHashes, setIdentity } from "../laboratory/measure/variant.ts";
import { buildVerified, verified } from "../laboratory/measure/verified.ts";
import { bound, type Coding, fileOf, type Making, otherCodec, ownProgram } from "./codings.ts";
import { controlSets } from "./image_sets.ts";

/** Seconds for a megabyte of symbols coded and decoded: rough, for progress alone. */
const MEGABYTE = 8;

/** All lines of their table. */
export async function imageCodings(making: Making, context: Context): Promise<readonly Coding[]> {
  const sets = await controlSets(making.seed, context), { seen, noise, scenes } = sets;
  const all = async (control: string, set: Dataset) => [
    await ownProgram(control, set, making),
    await otherCodec(control, set),
  ];
  const first = await ownProgram(seen.name, seen, making), file = fileOf(making, seen.name);
  const bits = (set: Dataset) => set.symbols.length * (set === noise ? 8 : marginalEntropy(set));
  const others = [sets.unseen, ...sets.shifted].map(async (set, i) => {
    const control = i ? `shifted: ${set.name}` : set.name;
    const given = {
      control,
      data: set,
      kind: "ours" as const,
      job: await priorJob(set, first.job!, file, making),
    };
    return [
      { ...given, coded: "weights of the first half's program" },
      {
        ...given,
        coded: "the same, for a receiver who has it",
        of: ({ ledger }: ProgramResult) => bytesWithout({ entries: ledger }),
      },
      ...await all(control, set),
    ];
  });
  return [
    first,
    await otherCodec(seen.name, seen),
    bound("uniform noise", noise, "entropy of what it is drawn from", bits(noise)),
    ...await all("uniform noise", noise),
    ...(await Promise.all(sets.shuffled.map(async (set) => [
      bound(set.name, set, "entropy of its values", bits(set)),
      ...await all(set.name, set),
    ]))).flat(),
    bound("scenes", scenes, "entropy of what they are drawn from", SCENE_BITS * scenes.names.length),
    {
      control: "scenes",
      data: scenes,
      coded: "renderer program",
      kind: "ours",
      job: await rendererJob(scenes, making),
    },
    ...await all("scenes", scenes),
    ...(await Promise.all(others)).flat(),
  ];
}

/** A program of the set with the weights of the first one's. */
async function priorJob(
  set: Dataset,
  first: Job<unknown>,
  file: string,
  making: Making,
): Promise<Job<ProgramResult>> {
  const prior = nameOf(first.identity), own = fileOf(making, `${set.name} with prior`);
  const job: Job<ProgramResult> = {
    label: `${set.name}, with another program's weights`,
    cost: MEGABYTE * set.symbols.length / 1e6,
    after: [prior],
    identity: {
      what: "program with a prior",
      set: setIdentity(set),
      prior,
      mdlab: VERSION,
      decoder: await decoderHashes(),
    },
    async measure(context) {
      const bytes = await Deno.readFile(file).catch((cause) => {
        throw new MdlError("not-found", `The program that the weights are in is not there: ${file}.`, {
          cause,
        });
      });
      const options = { compress: { prior: await modelOf(bytes, context) } };
      const { program, ...seconds } = await buildVerified(set, options, { ...context, log: () => {} });
      return await written(program, own, seconds, "another program's weights");
    },
  };
  await forgetWithoutFile(making.kept, job.identity, own);
  return job;
}

/** The program that draws the scenes. */
async function rendererJob(scenes: Dataset, making: Making): Promise<Job<ProgramResult>> {
  const file = `${making.folder}/scenes_renderer.wasm`;
  const make = () => rendererProgram(scenes.names.length, making.seed);
  const job: Job<ProgramResult> = {
    label: "scenes, the program that draws them",
    cost: MEGABYTE * scenes.symbols.length / 1e6,
    identity: {
      what: "renderer",
      set: setIdentity(scenes),
      program: sha256((await make()).bytes),
    },
    async measure(context) {
      const { program, ...seconds } = await verified(scenes, make, context);
      return await written(program, file, seconds, "how they are drawn");
    },
  };
  await forgetWithoutFile(making.kept, job.identity, file);
  return job;
}

/** Writes a program that was verified, and says what it came to. */
async function written(
  { bytes, info, ledger }: Program,
  file: string,
  seconds: Pick<ProgramResult, "encodingSeconds" | "decodingSeconds">,
  how: string,
): Promise<ProgramResult> {
  await saveFile(file, bytes);
  const said = { sha256: info.sha256, program: sha256(bytes), ledger: ledger.entries };
  return { bytes: bytes.length, ...seconds, how, flop: 0, ...said };
}
