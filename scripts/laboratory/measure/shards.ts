/**
 * A large set as several programs, each for itself: shard k of n has every n-th image from image k on, so that each is a
 * fair sample of the whole. The first shard's program is trained; the others are coded with its model, and trained no
 * more. All are whole programs; who has one of them needs of another only what `bytesWithout` counts.
 */
import { planning } from "../../../lib/chain.ts";
import type { MechanismOptions } from "../../../lib/codecs.ts";
import { contextOf } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { modelOf } from "../../../lib/image/model.ts";
import type { ImagePreprocessOptions } from "../../../lib/image/transform.ts";
import { BATCH, type Preset, stepsFor, VERSION } from "../../../lib/run.ts";
import { saveFile } from "../../../lib/save.ts";
import { compress } from "../../../lib/stages/compress.ts";
import type { Job } from "./campaign.ts";
import type { ProgramResult } from "./codings.ts";
import { type Identity, kept, nameOf } from "./keep.ts";
import { select } from "./select.ts";
import { decoderHashes, setIdentity } from "./variant.ts";
import { verified } from "./verified.ts";

export type ShardResult = Pick<
  ProgramResult,
  "ledger" | "program" | "sha256" | "encodingSeconds" | "decodingSeconds"
>;

/** How shards are made. */
export interface Sharding {
  readonly count: number;
  readonly mechanisms: MechanismOptions;
  readonly preset: Preset;
  readonly preprocess: ImagePreprocessOptions;
  readonly seed: number;
  readonly backend: string;
  readonly checkpoints: string;
  /** Where measurements are kept. */
  readonly kept: string;
  /** The file of shard `index`, which the job writes. */
  file(index: number): string;
}

/** Seconds for a training step, and for a megabyte of symbols coded and decoded: rough, for progress alone. */
const STEP = 5e-4, MEGABYTE = 8;

/** Shard `index` of `count`. */
export function shardOf(set: Dataset, index: number, count: number): Dataset {
  const length = Math.ceil((set.names.length - index) / count);
  return select(set, Array.from({ length }, (_, i) => index + i * count));
}

/**
 * A job for each shard: it compresses, decodes, compares, and writes the program; the first one trains.
 *
 * @throws {MdlError} `usage` for fewer images than shards
 */
export async function shardJobs(set: Dataset, sharding: Sharding): Promise<readonly Job<ShardResult>[]> {
  const { count, mechanisms, preset, preprocess, seed, backend, checkpoints, kept: folder, file } = sharding;
  if (set.names.length < count) {
    throw new MdlError("usage", `${set.name} has fewer images than ${count} shards.`);
  }
  const jobs: Job<ShardResult>[] = [], decoder = await decoderHashes(), chain = planning(mechanisms);
  for (let index = 0; index < count; index++) {
    const shard = shardOf(set, index, count), symbols = shard.symbols.length;
    const { output: plan } = await chain.run(shard, contextOf(seed));
    const made = { spec: plan.spec, preset, steps: stepsFor(preset, symbols), batch: BATCH, seed, backend };
    const [first] = jobs, prior = first && nameOf(first.identity);
    jobs.push({
      label: `shard ${index + 1} of ${count}`,
      identity: {
        what: "shard",
        set: setIdentity(shard),
        preprocess,
        ...(prior ? { prior } : made),
        mdlab: VERSION,
        decoder,
      },
      cost: MEGABYTE * symbols / 1e6 + (prior ? 0 : STEP * made.steps),
      ...(prior && { after: [prior] }),
      async measure(context) {
        const own = contextOf(seed, { ...context, log: () => {} });
        const how = prior
          ? { prior: await modelOf(await firstShard(folder, first.identity, file(0)), own) }
          : { preset, checkpoints, exactly: true };
        const make = () => compress({ preprocess, ...how }).run(plan, own);
        const { program, ...seconds } = await verified(shard, make, own);
        await saveFile(file(index), program.bytes);
        return {
          ledger: program.ledger.entries,
          program: sha256(program.bytes),
          sha256: program.info.sha256,
          ...seconds,
        };
      },
    });
  }
  return jobs;
}

/**
 * The program that is kept as the first shard.
 *
 * @throws {MdlError} `not-found` where it is not made yet, or its file is another one
 */
async function firstShard(folder: string, identity: Identity, path: string): Promise<Uint8Array> {
  const there = await kept<ShardResult>(folder, identity),
    bytes = await Deno.readFile(path).catch(() => null);
  if (there && bytes && sha256(bytes) === there.program) return bytes;
  throw new MdlError("not-found", `The first shard's program is not there, or is another one: ${path}.`);
}
