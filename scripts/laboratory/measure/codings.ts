/** One coding of a set, measured once: a program of ours, or another codec's files. All are decoded and compared. */
import { type BaselineName, type BaselineResult, measureBaselines } from "../baselines/measure.ts";
import { packageVersion } from "../baselines/versions.ts";
import { PROGRAMS, programVersion } from "../baselines/path_programs.ts";
import type { ChainOptions } from "../../../lib/chain.ts";
import { type AnyData, codecs } from "../../../lib/codecs.ts";
import type { Files } from "../../../lib/files/data.ts";
import { sha256 } from "../../../lib/hash.ts";
import { candidates } from "../../../lib/image/candidates.ts";
import { followedSymbols } from "../../../lib/image/follow.ts";
import { adapts, mixes, parameterCount } from "../../../lib/image/spec.ts";
import type { LedgerEntry } from "../../../lib/program/ledger.ts";
import { BATCH, type Preset, stepsFor, VERSION } from "../../../lib/run.ts";
import { comparedBytes } from "./chain_report.ts";
import { contextOf } from "../../../lib/context.ts";
import { compress, type CompressOptions } from "../../../lib/stages/compress.ts";
import type { Plan } from "../../../lib/stages/mechanism.ts";
import type { Job, Parts } from "./campaign.ts";
import { decoderHashes, setIdentity } from "./variant.ts";
import { buildVerified, verified } from "./verified.ts";

/** What our program is called beside the codecs. */
export const OURS = "MDLab";

/** What a coding came to. */
export interface CodingResult {
  /** Ours: the whole program but for the images' names. Others: their files alone, without a decoder. */
  readonly bytes: number;
  readonly encodingSeconds: number;
  readonly decodingSeconds: number;
  /** Ours: the model that was kept. Others: version, effort and layout. */
  readonly how: string;
}

/** A program's coding, with what its file says. */
export interface ProgramResult extends CodingResult {
  readonly ledger: readonly LedgerEntry[];
  /** SHA-256 of the symbols that it regenerates. */
  readonly sha256: string;
  /** SHA-256 of the program. */
  readonly program: string;
  /** FLOP of the training of the model that was kept; 0 where the data are stored. */
  readonly flop: number;
}

/** The package that a codec is pinned by. */
const PACKAGES: Partial<Record<BaselineName, Parameters<typeof packageVersion>[0]>> = {
  "xz": "node-liblzma/wasm",
  "PNG": "@jsquash/oxipng",
  "WebP": "@jsquash/webp",
  "JPEG XL": "icodec/node",
};

/**
 * Seconds for a training step; for a megabyte of pixels, of files and of files that a model is trained on, to encode or to
 * decode it; and for a megabyte with each codec: rough, for progress alone.
 */
const STEP = 5e-4, PIXELS_MEGABYTE = 4, MIXED_MEGABYTE = 8, FILES_MEGABYTE = 8, TRAINING_MEGABYTE = 560;
const MEGABYTE: Readonly<Record<BaselineName, number>> = {
  "gzip": 1,
  "brotli": 5,
  "zstd": 1,
  "xz": 3,
  "PNG": 4,
  "WebP": 6,
  "JPEG XL": 12,
  "PPMd": 2,
  "bzip3": 1,
  "zpaq": 10,
  "FLAC": 2,
  "WavPack": 15,
  "paq8px": 150,
};

/**
 * Our whole chain as `compress` runs it, which picks the best of several models for a small set.
 *
 * @param save What to do with a program that was verified
 */
export async function programJob(
  { dataset: set, spec }: Plan,
  options: CompressOptions & { readonly preset: Preset },
  { seed, backend }: { readonly seed: number; readonly backend: string },
  save: (program: Uint8Array) => Promise<void> = () => Promise.resolve(),
): Promise<Job<ProgramResult>> {
  const { preset } = options, steps = stepsFor(preset, set.symbols.length);
  const specs = candidates(spec, set.symbols.length, set.channels), { ways } = options;
  const settings = { specs, preset, steps, batch: BATCH, seed, backend, ...ways && { ways } };
  const coding = (symbols: number) => symbols / 1e6 * (mixes(spec) ? MIXED_MEGABYTE : PIXELS_MEGABYTE);
  const whole = coding(set.symbols.length);
  const parts: Parts = [
    ...specs.flatMap((one): Parts => [
      ["train", STEP * steps],
      ["follow", adapts(one) ? coding(followedSymbols(set, steps)) : 0],
      ["encode", whole],
    ]),
    ["decode", whole],
  ];
  return {
    label: `${set.name}, ${set.names.length} images, ${OURS}`,
    ...worth(parts),
    identity: {
      what: "program",
      set: setIdentity(set),
      ...settings,
      mdlab: VERSION,
      decoder: await decoderHashes(),
    },
    async measure(context) {
      const own = contextOf(seed, { ...context, log: () => {} });
      const make = () => compress(options).run({ dataset: set, spec }, own);
      const { program, ...seconds } = await verified(set, make, own);
      await save(program.bytes);
      const { spec: kept, ledger, tried } = program;
      return {
        bytes: comparedBytes(program),
        ...seconds,
        how: kept ? `width ${kept.width}, ${parameterCount(kept, set.channels)} parameters` : tried[0]!.model,
        ledger: ledger.entries,
        sha256: program.info.sha256,
        program: sha256(program.bytes),
        flop: program.trained?.flop ?? 0,
      };
    },
  };
}

/**
 * Our whole chain on files; where something is trained, there are a seed and a backend.
 *
 * @param options With `preprocess`, what it has done to the files: done again it changes nothing, and the program says it.
 */
export async function filesJob(
  files: Files,
  options: ChainOptions,
  save: (program: Uint8Array) => Promise<void> = () => Promise.resolve(),
  trained?: { readonly seed: number; readonly backend: string },
): Promise<Job<ProgramResult>> {
  const megabytes = files.symbols.length / 1e6, coding = FILES_MEGABYTE * megabytes;
  const training: Parts = trained ? [["train", TRAINING_MEGABYTE * megabytes]] : [];
  return {
    label: `${files.name}, ${OURS}`,
    ...worth([...training, ["encode", coding], ["decode", coding]]),
    identity: {
      what: "program of files",
      set: setIdentity(files),
      ...options,
      ...trained,
      mdlab: VERSION,
      decoder: await decoderHashes(files.modality),
    },
    async measure(context) {
      const own = contextOf(trained?.seed ?? context.seed, { ...context, log: () => {} });
      const { program, ...seconds } = await buildVerified<Files>(files, options, own);
      await save(program.bytes);
      return {
        bytes: comparedBytes(program),
        ...seconds,
        how: program.tried[0]!.model,
        ledger: program.ledger.entries,
        sha256: program.info.sha256,
        program: sha256(program.bytes),
        flop: program.trained?.flop ?? 0,
      };
    },
  };
}

/** What parts cost together. */
function worth(parts: Parts): Pick<Job<unknown>, "cost" | "parts"> {
  return { cost: parts.reduce((sum, [, cost]) => sum + cost, 0), parts };
}

/** One codec in the layout and effort that suit it best. */
export async function codecJob(
  set: AnyData,
  codec: BaselineName,
  effort: "quick" | "slow" = codec === "paq8px" ? "slow" : "quick",
): Promise<Job<CodingResult>> {
  const version = await codecVersion(codec);
  const tiling = set.modality === "image" ? set.tiling ?? null : null;
  return {
    label: `${set.name}, ${set.names.length} ${codecs[set.modality].unit}, ${codec}`,
    cost: MEGABYTE[codec] * set.symbols.length / 1e6,
    identity: { what: "codec", codec, version, effort, set: setIdentity(set), tiling, mdlab: VERSION },
    async measure(context) {
      const [best] = await measureBaselines(set, { ...context, effort, only: [codec] });
      return best ? ofBaseline(best) : null;
    },
  };
}

/** Of the package, the program on PATH or, of what is built in, of Deno. */
function codecVersion(codec: BaselineName): string | Promise<string> {
  const pinned = PACKAGES[codec];
  if (pinned) return packageVersion(pinned);
  if (codec === "paq8px" || codec in PROGRAMS) return programVersion(codec as keyof typeof PROGRAMS);
  return Deno.version.deno;
}

function ofBaseline(
  { bytes, seconds, decodeSeconds, version, effort, layout }: BaselineResult,
): CodingResult {
  return {
    bytes,
    encodingSeconds: seconds,
    decodingSeconds: decodeSeconds,
    how: `${version}, ${effort}, ${layout}`,
  };
}
