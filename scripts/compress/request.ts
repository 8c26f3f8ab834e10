/** What `deno task compress` is asked: its options, checked, and what they come to for the data that were read. */
import { BACKENDS } from "../../lib/backend/backend.ts";
import { PLANNED } from "../../lib/codec.ts";
import {
  type AnyData,
  type FeatureOptions,
  type MechanismOptions,
  type PreprocessOptions,
  type Way,
  WAYS,
} from "../../lib/codecs.ts";
import { MdlError } from "../../lib/errors.ts";
import { ATTENTIONS } from "../../lib/image/spec.ts";
import { ORDERS } from "../../lib/program/header.ts";
import { presetNames } from "../../lib/run.ts";
import type { Prior } from "../../lib/stages/compress.ts";
import { TEXT_MODES } from "../../lib/text/options.ts";
import {
  changes,
  DATA_OPTIONS,
  LIMIT_OPTION,
  oneOf,
  options,
  preprocessOptions,
  type Task,
  wholeNumber,
} from "../command.ts";
import { FORCE } from "../outputs.ts";
import { RUNNER_OPTIONS } from "../runner.ts";

const TASK: Task = {
  start: "deno task compress",
  about: "Turns images, text or any files, or a data set, into a program that regenerates them bit for bit.",
  takes: "[FOLDER|FILE|DATASET]",
  least: 0,
  most: 1,
  example: "deno task compress pics --output pics.wasm",
};

/** Section 4.3: 1000 images of 128×128×3 → gray, 32×32. */
const CASE_STUDY = {
  source: "set:photos",
  preprocess: { gray: true, size: { width: 32, height: 32 } },
} as const;

const FITS = ["local", "none"] as const;
const TILES = ["joined", "apart"] as const;

const OPTIONS = {
  output: {
    type: "string",
    short: "o",
    value: "x.wasm",
    help: "where the program goes, - for stdout; in results/ when left out",
  },
  ...DATA_OPTIONS,
  preset: {
    type: "string",
    value: presetNames.join("|"),
    help: "where there is training: how long (quick when left out)",
  },
  seed: { type: "string", value: "N", help: "seed of the training (1 when left out)" },
  order: { type: "string", value: ORDERS.join("|"), help: "pixel after pixel, or scale after scale" },
  attention: { type: "string", value: ATTENTIONS.join("|"), help: "look at similar patches, or not" },
  fit: { type: "string", value: FITS.join("|"), help: "fit nearby pixels first, where that pays, or never" },
  tiles: {
    type: "string",
    value: TILES.join("|"),
    help: "code images that adjoin as one picture (if they do), or not",
  },
  mode: {
    type: "string",
    value: TEXT_MODES.join("|"),
    help: "of text: learn while decoding, or ship weights",
  },
  only: {
    type: "string",
    value: WAYS.join("|"),
    help: "of images: this way of coding, in place of the shortest of all",
  },
  fast: { type: "boolean", help: "of images: build only the way that is best on a sample" },
  prior: {
    type: "string",
    value: "other.wasm|smollm2",
    help: "train nothing: take another program's weights, or of files a language model's",
  },
  "with-weights": { type: "boolean", help: "with smollm2: the program has the model's weights in it" },
  backend: {
    type: "string",
    value: ["auto", ...BACKENDS].join("|"),
    help: "what trains (auto when left out)",
  },
  relaxed: {
    type: "boolean",
    help: "of images: train faster, to bytes that depend on the kind of processor",
  },
  shards: {
    type: "string",
    value: "N",
    help: "of images: N programs that share a model, each a job of its own",
  },
  ...RUNNER_OPTIONS,
  baselines: { type: "boolean", help: "measure other codecs at their slowest efforts, too" },
  json: { type: "boolean", help: "print the run as JSON on stdout, all else on stderr" },
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

/** The arguments as they are written. */
export function asked() {
  return options(TASK, OPTIONS);
}
type Values = ReturnType<typeof asked>["values"];

/** The request that options make, whatever the data. */
export type Request = ReturnType<typeof requestOf>;

/** @throws {MdlError} `usage` for values that are none, and for options that do not go together */
export function requestOf({ values, positionals }: Pick<ReturnType<typeof asked>, "values" | "positionals">) {
  const choice = <T extends string>(name: keyof Values & string, allowed: readonly T[]) => {
    const value = values[name];
    return typeof value === "string" ? oneOf(name, value, allowed) : undefined;
  };
  const caseStudy = positionals.length === 0;
  const preprocess: PreprocessOptions = {
    ...(caseStudy ? CASE_STUDY.preprocess : {}),
    ...preprocessOptions(values),
  };
  const request = {
    source: positionals[0] ?? CASE_STUDY.source,
    caseStudy,
    preprocess,
    preset: choice("preset", presetNames) ?? "quick",
    seed: wholeNumber("seed", values.seed ?? "1", 0),
    backend: choice("backend", ["auto", ...BACKENDS]) ?? "auto",
    order: choice("order", ORDERS),
    attention: choice("attention", ATTENTIONS),
    fit: choice("fit", FITS),
    tiles: choice("tiles", TILES),
    mode: choice("mode", TEXT_MODES),
    only: choice("only", WAYS),
    fast: values.fast ?? false,
    relaxed: values.relaxed ?? false,
    prior: values.prior,
    shards: values.shards === undefined ? undefined : wholeNumber("shards", values.shards, 2, 1e6),
    given: Object.keys(values).filter((name) => values[name as keyof Values]),
  };
  checkTogether(request);
  return request;
}

/** What goes with shards alone, and what does not go with them. */
const OF_SHARDS = Object.keys(RUNNER_OPTIONS);
const NOT_OF_SHARDS = [
  "output",
  "prior",
  "with-weights",
  "mode",
  "only",
  "fast",
  "relaxed",
  "bytes",
  "baselines",
  "limit",
];

/** @throws {MdlError} `usage` for options that do not go together */
function checkTogether(request: Request): void {
  const { shards, prior, order, attention, fit, tiles, mode, only, fast, given } = request;
  const whole = shards === undefined;
  const apart = (whole ? OF_SHARDS : NOT_OF_SHARDS).find((name) => given.includes(name));
  if (apart) {
    throw new MdlError("usage", `--${apart} ${whole ? "goes" : "does not go"} with --shards.`);
  }
  const idle = prior === undefined ? ["limit"] : ["preset", "seed", "backend", "relaxed"],
    dropped = idle.find((name) => given.includes(name));
  if (dropped) {
    const why = prior === undefined ? "goes with --prior" : "does not go with --prior: nothing is trained";
    throw new MdlError("usage", `--${dropped} ${why}.`);
  }
  if (prior !== undefined && (order ?? attention ?? fit ?? tiles ?? mode)) {
    throw new MdlError(
      "usage",
      "A prior brings its own order, attention, fit and mode, and has no tiles: leave those options away.",
    );
  }
  if (isOfNetwork(request) && (only !== undefined && only !== PLANNED || fast)) {
    throw new MdlError(
      "usage",
      `A prior, order, attention, fit, tiles and shards are the ${PLANNED}'s: leave --only and --fast away.`,
    );
  }
}

/** Whether the request describes the network. */
function isOfNetwork({ caseStudy, prior, shards, order, attention, fit, tiles }: Request): boolean {
  return caseStudy || (prior ?? shards ?? order ?? attention ?? fit ?? tiles) !== undefined;
}

/** Whether the request is one for pixels, whatever files hold them. */
export function isForPixels({ prior, order, attention, fit, tiles }: Request): boolean {
  return (prior ?? order ?? attention ?? fit ?? tiles) !== undefined;
}

const OF_IMAGES = ["order", "attention", "fit", "tiles", "only", "fast", "relaxed"];
const OF_TRAINING = ["preset", "seed", "backend", "relaxed"];

/**
 * What the request comes to for data: ways of coding, whether anything is trained, and what the mechanisms are asked.
 *
 * @throws {MdlError} `usage` for options of other kinds of data
 */
export function planned(request: Request, data: AnyData) {
  const { order, attention, fit, mode, only } = request, images = data.modality === "image";
  if (request.shards !== undefined && !images) {
    throw new MdlError("usage", `--shards is for images, not ${data.modality}.`);
  }
  const ways: readonly Way[] = isOfNetwork(request) ? [PLANNED] : only ? [only] : WAYS;
  const trains = images ? ways.includes(PLANNED) : mode === "two-part";
  const idle = [...images ? [] : OF_IMAGES, ...trains ? [] : OF_TRAINING].find((name) =>
    request.given.includes(name)
  );
  if (idle) {
    const instead = data.modality === "jpeg" ? " (--pixels takes JPEG files as images)" : "";
    throw new MdlError(
      "usage",
      images
        ? `--${idle} does not go with --only ${only}, which trains nothing.`
        : OF_IMAGES.includes(idle)
        ? `--${idle} is for images, not ${data.modality}${instead}.`
        : `--${idle} is for images and --mode two-part${instead}: nothing is trained for ${data.modality}.`,
    );
  }
  const mechanisms: MechanismOptions = {
    features: {
      ...images && imageFeatures(request.preprocess.gray ? 1 : data.channels),
      ...fit && { leastSquares: fit !== "none" },
      ...mode && { mode },
      ...request.tiles === "apart" && { tiles: false },
    },
    hierarchy: order === undefined ? {} : { order },
    attention: attention === undefined ? {} : { over: attention },
  };
  return { ways, trains, mechanisms };
}

/** What commands ask of the features of images beyond the library's defaults. */
export function imageFeatures(channels: number): FeatureOptions {
  return { tiles: true, adaptive: true, ...channels === 3 && { mixing: true } };
}

/** What is not the default of the mechanisms and of training, for a run's record and the name of its folder. */
export function unusual(
  { order, attention, fit, tiles, relaxed }: Pick<
    Request,
    "order" | "attention" | "fit" | "tiles" | "relaxed"
  >,
) {
  return {
    ...(order === "pyramid" ? { order } : {}),
    ...(attention === "patches" ? { attention } : {}),
    ...(fit === "none" ? { fit: "nofit" } : {}),
    ...(tiles === "apart" ? { tiles } : {}),
    ...(relaxed ? { training: "relaxed" } : {}),
  };
}

/** How a run was made, for the name of its folder. */
export function howMade(
  request: Request,
  { modality }: Pick<AnyData, "modality">,
  { trains, prior }: { readonly trains: boolean; readonly prior?: Pick<Prior, "program"> | undefined },
): string[] {
  const { preprocess, preset, seed, mode, only, shards } = request;
  const trained = [mode, only, ...Object.values(unusual(request)), preset, `seed${seed}`].filter((x) =>
    x !== undefined
  );
  const how = prior ? [`prior_${prior.program.slice(0, 8)}`] : trains ? trained : [only ?? modality];
  return [...changes(preprocess), ...how, ...shards === undefined ? [] : [`${shards}shards`]];
}
