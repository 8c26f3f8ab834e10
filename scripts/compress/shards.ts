/**
 * `deno task compress --shards N`: images as N programs that share the model which the first one was trained with, each an
 * independent job, here or elsewhere.
 */
import { basename } from "node:path";
import { openBackend } from "../../lib/backend/backend.ts";
import type { MechanismOptions } from "../../lib/codecs.ts";
import type { Context } from "../../lib/context.ts";
import type { Dataset } from "../../lib/image/dataset.ts";
import { describeSet } from "../../lib/image/transform.ts";
import type { ProgressBar } from "../../lib/progress.ts";
import { VERSION } from "../../lib/run.ts";
import { duration, number } from "../command.ts";
import { plainName } from "../laboratory/file_names.ts";
import { tableText } from "../laboratory/figures/table.ts";
import { measureAll } from "../laboratory/measure/campaign.ts";
import { forgetWithoutFile, MEASUREMENTS } from "../laboratory/measure/keep.ts";
import { bytesWithout, OF_A_PRIOR } from "../laboratory/measure/prior.ts";
import { shardJobs, shardOf, type ShardResult } from "../laboratory/measure/shards.ts";
import { assertSameData, folderFor, giveResults, resultsFolder } from "../outputs.ts";
import { folderOf } from "./place.ts";
import { howMade, type Request } from "./request.ts";
import { runnerOf } from "../runner.ts";

/** What of the command's options this takes besides the request. */
type ShardsValues = Parameters<typeof runnerOf>[1] & { readonly json?: boolean; readonly force?: boolean };

/**
 * Compresses all shards, or one of them, or writes a workflow that does.
 *
 * @throws {MdlError} as `measureAll`; `mismatch` where a shard's program is not the one that was made
 */
export async function compressShards(
  set: Dataset,
  count: number,
  { request, mechanisms, values }: {
    readonly request: Request;
    readonly mechanisms: MechanismOptions;
    readonly values: ShardsValues;
  },
  context: Context,
  bar: ProgressBar,
): Promise<void> {
  const { preprocess, preset, seed } = request, { log: say } = context;
  const name = plainName(set.name), results = resultsFolder(), backend = await openBackend(request.backend);
  const folder = folderOf(set.name, howMade(request, set, { trains: true }));
  await using _folder = await folderFor(folder);
  const file = (index: number) => `${folder}/${name}-${index + 1}-of-${count}.wasm`;
  const parts = { count, mechanisms, preset, preprocess, seed, backend: backend.name, file };
  const campaign = { label: "shards", unit: "s of work", folder: `${results}/${MEASUREMENTS}` };
  const jobs = await shardJobs(set, {
    ...parts,
    checkpoints: `${results}/checkpoints`,
    kept: campaign.folder,
  });
  if (!values.force) {
    for (let index = 0; index < count; index++) await assertSameData(file(index), shardOf(set, index, count));
  }
  for (const [index, job] of jobs.entries()) {
    await forgetWithoutFile(campaign.folder, job.identity, file(index));
  }
  say(`MDLab ${VERSION}, preset ${preset}, seed ${seed}; backend ${backend.description}`);
  say(`${set.name}: ${describeSet(set)}; one image in ${count} is in the same shard`);
  const measured = await measureAll(jobs, { ...campaign, ...runnerOf("compress", values) }, context);
  await bar.close();
  const shards = measured.map((result, index) => summed(result!, file(index)));
  const files = sum(shards.map(({ bytes }) => bytes));
  const once = shards[0]!.bytes + sum(shards.slice(1).map(({ alone }) => alone));
  const raw = set.symbols.length, rate = (bytes: number) => `${number(8 * bytes / raw, 3)} bits/symbol`;
  say(shardTable(shards));
  say(`\n${folder}: ${number(files)} bytes in ${count} whole programs, ${rate(files)}`);
  say(`with “${OF_A_PRIOR.join("” and “")}” counted once: ${number(once)} bytes, ${rate(once)}`);
  const all = {
    experiment: "shards",
    mdlab: VERSION,
    set: set.name,
    images: set.names.length,
    preset,
    seed,
    raw,
    backend: backend.name,
    files,
    once,
    shards,
  };
  await giveResults(folder, "shards", all, values);
  await backend.close();
}

function shardTable(shards: readonly ReturnType<typeof summed>[]): string {
  const rows = shards.map(({ file, bytes, alone, encodingSeconds, decodingSeconds }, i) => ({
    program: basename(file),
    bytes,
    "for who has the model": i ? alone : bytes,
    encoded: duration(encodingSeconds),
    decoded: duration(decodingSeconds),
  }));
  return tableText(rows);
}

function summed(result: ShardResult, file: string) {
  const bytes = sum(result.ledger.map((entry) => entry.bytes)),
    alone = bytesWithout({ entries: result.ledger });
  return { file, bytes, alone, ...result };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
