import type { AnyData } from "../../../lib/codecs.ts";
import type { Files } from "../../../lib/files/data.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, checkOptions, CONTEXT, DATA, listOf, oneOf } from "../../../lib/options.ts";
import { type Context, reporting } from "../../../lib/context.ts";
import { closeWorker, openWorker } from "../../../lib/workers.ts";
import { type Effort, EFFORTS } from "./codec.ts";
import type { Laid } from "./layouts.ts";
import { runPaq8px } from "./paq8px.ts";
import { type ProgramName, PROGRAMS, runProgram, takesFiles } from "./path_programs.ts";
import { type CodecName, codecs, failure, type Outcome, type Trial } from "./trials.ts";
import type { Reply, Request } from "./worker.ts";

const MODULE = new URL("./worker.ts", import.meta.url);

/** A codec by its name. */
export type BaselineName = CodecName | ProgramName | "paq8px";

/** The shortest coding of a set that a codec reached, with all others that were tried. */
export interface BaselineResult extends Trial {
  /** Which. */
  readonly codec: BaselineName;
  /** Package or program with its version. */
  readonly version: string;
  /** Everything that was tried, the best included, in the order of trying. */
  readonly tried: readonly Trial[];
}

/** What is tried, and who is told. */
export interface BaselineOptions extends Partial<Pick<Context, "signal" | "progress" | "log">> {
  /** Quick by default. */
  readonly effort?: Effort;
  /** Only these codecs; all by default. */
  readonly only?: readonly BaselineName[];
  /** With the slow effort, whatever the effort of the others is; none by default. */
  readonly slowly?: readonly BaselineName[];
}

/** In the order of the results. */
export const BASELINES: readonly BaselineName[] = [
  ...Object.keys(codecs) as CodecName[],
  ...Object.keys(PROGRAMS) as ProgramName[],
  "paq8px",
];

/**
 * Codes a set with compressors that others use (files by those of bytes, as one stream), each in the layout and effort
 * that suit it best, and decodes and compares every file. Bytes are those of the files alone: no decoder is counted,
 * unlike in a program of ours.
 *
 * Some are programs, not packages, and run where they are on PATH and may be run (`--allow-run=7z`, say): PPMd of 7-Zip,
 * bzip3, FLAC and WavPack where `only` names them, zpaq likewise with the slow effort, paq8px of images with the slow
 * effort. What is left out is logged with the reason.
 *
 * A codec that fails or does not give the set back is left out, too.
 *
 * @throws {MdlError} `interrupted` when stopped (a codec's WebAssembly then still runs to its end in its Worker).
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const results = await lab.measureBaselines(set, { effort: "quick", only: ["gzip", "PNG"] });
 * assertEquals(results.map(({ codec, verified }) => [codec, verified]), [["gzip", true], ["PNG", true]]);
 * ```
 */
export async function measureBaselines(
  set: AnyData,
  options: BaselineOptions = {},
): Promise<readonly BaselineResult[]> {
  checkArguments("measureBaselines", { set }, { set: DATA });
  checkOptions("measureBaselines", options, {
    ...CONTEXT,
    effort: oneOf(EFFORTS),
    only: listOf(`codecs: ${BASELINES.join(", ")}`, oneOf(BASELINES)),
    slowly: listOf(`codecs: ${BASELINES.join(", ")}`, oneOf(BASELINES)),
  });
  return await reporting(options, (seen) => measureAll(set, { effort: "quick", ...seen }));
}

async function measureAll(
  set: AnyData,
  options: BaselineOptions & { readonly effort: Effort },
): Promise<readonly BaselineResult[]> {
  const names = BASELINES.filter((name) => takes(name, set, options));
  const results: BaselineResult[] = [], counted = { label: "baselines", total: names.length, unit: "codecs" };
  for (const [done, codec] of names.entries()) {
    const report = (note: string) => options.progress?.({ ...counted, done, note });
    report(codec);
    const outcome = codec === "paq8px"
      ? await withoutFailure(runPaq8px(laid(set), options.signal))
      : isProgram(codec)
      ? await withoutFailure(runProgram(codec, set as Files, options.signal))
      : await runInWorker(
        { codec, effort: options.slowly?.includes(codec) ? "slow" : options.effort, set: laid(set) },
        report,
        options.signal,
      );
    if ("absent" in outcome) options.log?.(`${codec} is left out: ${outcome.absent}.`);
    else {
      const best = outcome.tried.reduce((best, trial) => trial.bytes < best.bytes ? trial : best);
      results.push({ codec, ...best, ...outcome });
    }
  }
  options.progress?.({ ...counted, done: names.length });
  return results;
}

function isProgram(name: BaselineName): name is ProgramName {
  return Object.hasOwn(PROGRAMS, name);
}

/** Whether a codec is measured on a set. */
function takes(
  name: BaselineName,
  set: AnyData,
  { only, effort }: Pick<BaselineOptions, "only"> & { readonly effort: Effort },
): boolean {
  if (!(only?.includes(name) ?? true)) return false;
  if (name === "paq8px") return set.modality === "image" && effort === "slow";
  if (isProgram(name)) return set.modality !== "image" && only !== undefined && takesFiles(name, set, effort);
  return set.modality === "image" || codecs[name].form === "stream";
}

async function withoutFailure(running: Promise<Outcome>): Promise<Outcome> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof MdlError) || error.code === "interrupted") throw error;
    return { absent: failure(error.message) };
  }
}

/** What a Worker is sent of a set; files are one stream of bytes. */
function laid(data: AnyData): Laid {
  const { symbols } = data;
  if (data.modality !== "image") {
    return { channels: 1, groups: [{ count: 1, height: 1, width: symbols.length }], symbols };
  }
  const { channels, groups, tiling } = data;
  return { channels, groups, symbols, ...(tiling && { tiling }) };
}

/** A Worker of its own for each codec: its memory is given back when it is done (in a notebook, see openWorker). */
async function runInWorker(
  request: Request,
  report: (note: string) => void,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { codec } = request;
  const worker = openWorker(MODULE);
  let whole = false;
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const stop = () => reject(new MdlError("interrupted", "Stopped while measuring the baselines."));
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ("outcome" in data) return resolve(data.outcome);
    const { effort, layout, bytes } = data.trial;
    report(`${codec} ${effort}, ${layout}: ${bytes.toLocaleString("en")} B`);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ absent: failure(event.message) });
  };
  signal?.addEventListener("abort", stop);
  try {
    if (signal?.aborted) stop();
    else worker.postMessage(request);
    const outcome = await promise;
    whole = !("absent" in outcome);
    return outcome;
  } finally {
    signal?.removeEventListener("abort", stop);
    closeWorker(worker, MODULE, whole);
  }
}
