/** Bytes an image against the number of images: when does a learned program beat codecs that learn nothing? */
import { planning } from "../../../lib/chain.ts";
import { type Dataset, take } from "../../../lib/image/dataset.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import type { Preset } from "../../../lib/run.ts";
import { type Campaign, type Job, measureAll } from "./campaign.ts";
import { codecJob, type CodingResult, OURS, programJob } from "./codings.ts";

/** The codecs that ours is measured against. */
const CODECS = ["xz", "WebP", "JPEG XL", "paq8px"] as const;

export type ScaleCodec = typeof OURS | typeof CODECS[number];

/** paq8px takes more than two minutes a megabyte: it is left out where the set is larger than this (symbols). */
const MOST_PAQ8PX = 1.1e6;

/** One size. */
export interface ScalePoint extends CodingResult {
  readonly count: number;
  readonly codec: ScaleCodec;
}

/**
 * Measures the first `counts` images of a set with all codecs; every file is decoded and compared.
 *
 * @returns all points, by number of images; those that cannot be had are missing
 * @throws {MdlError} as `measureAll`
 */
export async function measureScale(
  set: Dataset,
  { counts, preset, seed, backend, checkpoints, campaign }: {
    readonly counts: readonly number[];
    readonly preset: Preset;
    readonly seed: number;
    readonly backend: string;
    readonly checkpoints?: string;
    readonly campaign: Campaign;
  },
  context: Context,
): Promise<readonly ScalePoint[]> {
  const points: { count: number; codec: ScaleCodec }[] = [], jobs: Job<CodingResult>[] = [];
  const names = await available(context), chain = planning();
  for (const count of counts) {
    const part = take(set, count), options = { preset, ...(checkpoints ? { checkpoints } : {}) };
    const plan = (await chain.run(part, contextOf(seed))).output;
    jobs.push(await programJob(plan, options, { seed, backend }));
    points.push({ count, codec: OURS });
    for (const codec of names) {
      if (codec === "paq8px" && part.symbols.length > MOST_PAQ8PX) continue;
      jobs.push(await codecJob(part, codec));
      points.push({ count, codec });
    }
  }
  const results = await measureAll(jobs, campaign, context);
  return points.flatMap((point, i) => {
    const result = results[i];
    if (!result) return [];
    const { bytes, encodingSeconds, decodingSeconds, how } = result;
    return [{ ...point, bytes, encodingSeconds, decodingSeconds, how }];
  });
}

/** The codecs that can be run here: paq8px is a program of its own. */
async function available(context: Context): Promise<readonly typeof CODECS[number][]> {
  const { state } = await Deno.permissions.query({ name: "run", command: "paq8px" });
  if (state === "granted") return CODECS;
  context.log("paq8px is left out: there is no such program on PATH, or no permission to run it");
  return CODECS.filter((name) => name !== "paq8px");
}

/** The points as CSV, a line each, with a header. */
export function scaleCsv(points: readonly ScalePoint[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = points.map(({ count, codec, bytes, encodingSeconds, decodingSeconds, how }) =>
    [
      count,
      codec,
      bytes,
      (bytes / count).toFixed(3),
      encodingSeconds.toFixed(3),
      decodingSeconds.toFixed(3),
      quoted(how),
    ].join(",")
  );
  const header = "images,codec,bytes,bytes_per_image,encoding_seconds,decoding_seconds,how";
  return [header, ...lines].join("\n") + "\n";
}
