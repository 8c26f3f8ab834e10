import type { Code, Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { type Files, itemsOf } from "../files/data.ts";
import { readModule } from "../decoder/modules.ts";
import { concat } from "../program/bytes.ts";
import type { Progress } from "../progress.ts";
import { encodeInWorker } from "../workers.ts";
import { withPlaces } from "./calls.ts";
import type { EncodeRequest } from "./encode_worker.ts";
import {
  type ByteSpec,
  DEFAULT_SPEC,
  encodeBytes,
  moduleName,
  rateFor,
  sizeFor,
  tableBytes,
} from "./engine.ts";

const MODULE = new URL("./encode_worker.ts", import.meta.url);

/** Models with larger tables than this, in bytes, have a Worker of their own: two of them do not fit side by side. */
const LARGE = 2 ** 26;

/** The model with everything on, for so many bytes. */
export function specOf(model: ByteSpec["model"], kind: ByteSpec["kind"], bytes: number): ByteSpec {
  return { ...DEFAULT_SPEC, model, kind, size: sizeFor(model, bytes), rate: rateFor(bytes) };
}

/** Machine code forgets fast: what is tried first of its slots' limit, and taken where there is too little to try. */
const FORGETS = 16;

/** The model that sees where calls go. */
export function withCalls(spec: ByteSpec): ByteSpec {
  return { ...spec, model: "calls", slotLimit: FORGETS };
}

/** How fast slots may forget: what is tried, from the model's own on. Binary data and code forget fast, prose slowly. */
const LIMITS = [4, 8, 16, DEFAULT_SPEC.slotLimit, 80];
/** Data of at least so many bytes are worth trials; each is of so many at most, in four stretches. */
const WORTH_TRYING = 2 ** 18, MOST_TRIED = 2 ** 17;

/** A sample says little: what it finds shorter by less is left alone. */
const GAIN = 0.999;

/** Bytes of a trial: at most four of them are made, which take half as long as encoding. */
function triedBytes(bytes: number): number {
  return bytes < WORTH_TRYING ? 0 : Math.min(MOST_TRIED, bytes >> 3);
}

/** How much longer encoding takes with its trials, at most. */
export function withTrials(bytes: number): number {
  return 1 + 4 * triedBytes(bytes) / Math.max(1, bytes);
}

/** Lengths of records that are tried of small binary data, besides what was found; 0 is none. */
const RECORDS = [0, 4, 8, 24];

/** A context that says so while settings are tried, for the n-th time: each time has a bar of its own. */
function trying(context: Context, n: number): Context {
  const progress = (shown: Progress) => context.progress({ ...shown, label: `try settings ${n}` });
  return { ...context, progress };
}

/** The model with the length of a record under which the data are shortest. */
async function withRecord(data: Files, spec: ByteSpec, context: Context): Promise<ByteSpec> {
  let best = spec, shortest = Infinity, n = 0;
  for (const record of new Set([spec.record, ...RECORDS])) {
    const trial = { ...spec, record }, request = { symbols: data.symbols, items: itemsOf(data), spec: trial };
    const { bytes } = (await code(request, trying(context, ++n))).payloads[0]!;
    if (bytes.length < shortest) [best, shortest] = [trial, bytes.length];
  }
  return best;
}

/** The model with the limit under which a sample of the data is shortest, or with the right record. */
async function tuned(data: Files, spec: ByteSpec, context: Context): Promise<ByteSpec> {
  if (spec.model === "repeats") return spec.kind === "text" ? spec : await withRecord(data, spec, context);
  const symbols = spec.model === "calls" ? withPlaces(data.symbols, itemsOf(data)) : data.symbols;
  const bytes = triedBytes(symbols.length), start = LIMITS.indexOf(spec.slotLimit);
  if (bytes === 0 || start < 0 || spec.model === "plain") return spec;
  const stretch = (i: number) => symbols.subarray(i * symbols.length >> 2).subarray(0, bytes >> 2);
  const sample = concat([0, 1, 2, 3].map(stretch)), items = [{ count: 1, bytes: sample.length }];
  let n = 0;
  const length = async (i: number) => {
    const trial: ByteSpec = { ...spec, model: "whole", slotLimit: LIMITS[i]!, size: sizeFor("whole", bytes) };
    const { payloads } = await code({ symbols: sample, items, spec: trial }, trying(context, ++n));
    return payloads[0]!.bytes.length;
  };
  let best = start, shortest = await length(start);
  for (const step of [-1, 1]) {
    for (let next = start + step; best === next - step && LIMITS[next]; next += step) {
      const found = await length(next);
      if (found < GAIN * shortest) [best, shortest] = [next, found];
    }
  }
  return { ...spec, slotLimit: LIMITS[best]! };
}

async function code(request: EncodeRequest, context: Context): Promise<Code> {
  const { symbols, items, spec } = request;
  if (tableBytes(spec) <= LARGE) return await encodeBytes(symbols, items, spec, context);
  return await encodeInWorker<Code>(MODULE, request, context);
}

/**
 * Files under a model that learns while it decodes. How fast it forgets is tried on a sample of long files.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeText(data: Files, spec: ByteSpec, context: Context): Promise<Coded> {
  const request = { symbols: data.symbols, items: itemsOf(data), spec: await tuned(data, spec, context) };
  return { ...await code(request, context), decoder: await readModule(moduleName("text", spec)) };
}
