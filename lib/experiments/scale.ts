/** Bytes an image against the number of images: when does a learned program beat codecs that learn nothing? */
import { type BaselineName, measureBaselines } from "../baselines/mod.ts";
import { packageVersion } from "../baselines/versions.ts";
import { type Dataset, take } from "../data/dataset.ts";
import { candidates } from "../models/candidates.ts";
import { parameterCount } from "../models/spec.ts";
import { type Context, pipe } from "../pipeline.ts";
import { BATCH, contextOf, type Preset, stepsFor, VERSION } from "../run.ts";
import { attention } from "../stages/attention.ts";
import { compress } from "../stages/compress.ts";
import { features, type Plan } from "../stages/features.ts";
import { hierarchy } from "../stages/hierarchy.ts";
import { sharing } from "../stages/sharing.ts";
import { type Campaign, type Job, measureAll } from "./campaign.ts";
import { decoderHashes, setIdentity } from "./variant.ts";

/** What our program is called beside the codecs. */
export const OURS = "MDLab";

/** The codecs that ours is measured against, and the package that each is pinned by. */
const CODECS = {
  "xz": "node-liblzma/wasm",
  "WebP": "@jsquash/webp",
  "JPEG XL": "icodec/node",
  "paq8px": null,
} as const satisfies Partial<Record<BaselineName, Parameters<typeof packageVersion>[0] | null>>;

export type ScaleCodec = typeof OURS | keyof typeof CODECS;

/** paq8px takes more than two minutes a megabyte: it is left out where the set is larger than this (symbols). */
const MOST_PAQ8PX = 1.1e6;

/** One size. */
export interface ScalePoint {
  readonly count: number;
  readonly codec: ScaleCodec;
  /** Ours: the whole program but for the images' names. Others: their files alone, without a decoder. */
  readonly bytes: number;
  readonly encodingSeconds: number;
  readonly decodingSeconds: number;
  /** Ours: the model that was kept. Others: version, effort and layout. */
  readonly how: string;
}

/** What one coding of a set came to. */
export type CodecResult = Omit<ScalePoint, "count" | "codec">;

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
  const points: { count: number; codec: ScaleCodec }[] = [], jobs: Job<CodecResult>[] = [];
  const names = await available(context);
  for (const count of counts) {
    const part = take(set, count), options = { preset, ...(checkpoints ? { checkpoints } : {}) };
    jobs.push(await programJob(part, options, seed, backend));
    points.push({ count, codec: OURS });
    for (const codec of names) {
      if (codec === "paq8px" && part.symbols.length > MOST_PAQ8PX) continue;
      jobs.push(codecJob(part, codec));
      points.push({ count, codec });
    }
  }
  const outcomes = await measureAll(jobs, campaign, context);
  return points.flatMap((point, i) => {
    const { result } = outcomes[i]!;
    return result ? [{ ...point, ...result }] : [];
  });
}

/** The codecs that can be run here: paq8px is a program of its own. */
async function available(context: Context): Promise<readonly (keyof typeof CODECS)[]> {
  const names = Object.keys(CODECS) as (keyof typeof CODECS)[];
  const { state } = await Deno.permissions.query({ name: "run", command: "paq8px" });
  if (state === "granted") return names;
  context.log("paq8px is left out: there is no such program on PATH, or no permission to run it");
  return names.filter((name) => name !== "paq8px");
}

/** Seconds for a training step, and for a megabyte of pixels with each coder: rough, for progress alone. */
const STEP = 1.3e-3, MEGABYTE = { [OURS]: 8, "xz": 3, "WebP": 6, "JPEG XL": 12, "paq8px": 150 };

/** Our whole chain as `compress` runs it, which picks the best of several models for a small set. */
async function programJob(
  set: Dataset,
  options: { readonly preset: Preset; readonly checkpoints?: string },
  seed: number,
  backend: string,
): Promise<Job<CodecResult>> {
  const chain = pipe(features(), sharing(), hierarchy(), attention());
  const plan: Plan = (await chain.run(set, contextOf(seed))).output, { preset } = options;
  const specs = candidates(plan.spec, set.symbols.length), steps = stepsFor(preset, set.symbols.length);
  const parts = { specs, preset, steps, batch: BATCH, seed, backend };
  return {
    label: `${set.names.length} images, ${OURS}`,
    cost: STEP * steps * specs.length + MEGABYTE[OURS] * set.symbols.length / 1e6,
    identity: {
      ...{ what: "program", set: setIdentity(set), ...parts, mdlab: VERSION, decoder: await decoderHashes() },
    },
    async measure(context) {
      const own = contextOf(seed, { ...context, log: () => {} }), begun = performance.now();
      const program = await compress(options).run(plan, own), coded = performance.now();
      await program.verify(set, own);
      const decoded = performance.now();
      const names = program.ledger.entries.find(({ name }) => name === "image names")!.bytes;
      return {
        bytes: program.bytes.length - names,
        ...{ encodingSeconds: (coded - begun) / 1000, decodingSeconds: (decoded - coded) / 1000 },
        how: program.spec
          ? `width ${program.spec.width}, ${parameterCount(program.spec, set.channels)} parameters`
          : "stored",
      };
    },
  };
}

/** One codec in the layout and effort that suit it best. */
function codecJob(set: Dataset, codec: keyof typeof CODECS): Job<CodecResult> {
  const pinned = CODECS[codec], effort = codec === "paq8px" ? "slow" : "quick";
  const version = pinned ? packageVersion(pinned) : null, { tiling = null } = set;
  return {
    label: `${set.names.length} images, ${codec}`,
    cost: MEGABYTE[codec] * set.symbols.length / 1e6,
    identity: { what: "codec", codec, version, effort, set: setIdentity(set), tiling, mdlab: VERSION },
    async measure(context) {
      const [best] = await measureBaselines(set, { ...context, effort, only: [codec] });
      return best
        ? {
          ...{ bytes: best.bytes, encodingSeconds: best.seconds, decodingSeconds: best.decodeSeconds },
          how: `${best.version}, ${best.effort}, ${best.layout}`,
        }
        : null;
    },
  };
}

/** The size that one codec comes to on a set, measured once; null when it cannot be had. */
export async function measureCodec(
  set: Dataset,
  codec: keyof typeof CODECS,
  folder: string,
  context: Context,
): Promise<CodecResult | null> {
  const campaign = { label: codec, unit: "s", folder };
  return (await measureAll([codecJob(set, codec)], campaign, { ...context, log: () => {} }))[0]!.result;
}

/** The points as CSV, a line each, with a header. */
export function scaleCsv(points: readonly ScalePoint[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = points.map(({ count, codec, bytes, encodingSeconds, decodingSeconds, how }) =>
    [
      ...[count, codec, bytes, (bytes / count).toFixed(3)],
      ...[encodingSeconds.toFixed(3), decodingSeconds.toFixed(3), quoted(how)],
    ].join(",")
  );
  const header = "images,codec,bytes,bytes_per_image,encoding_seconds,decoding_seconds,how";
  return [header, ...lines].join("\n") + "\n";
}
