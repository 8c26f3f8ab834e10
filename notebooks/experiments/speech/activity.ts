/**
 * Whether somebody speaks: Silero's voice activity model (v5, a network that others trained, from an npm package), with its
 * numbers made fewer inside its ONNX file and nothing retrained.
 */
import { join } from "node:path";
import * as ort from "onnxruntime-web/wasm";
import type { Context } from "../../../lib/context.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import { packed, unpacked } from "../../../scripts/laboratory/coding/packed.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";
import type { ModelFile, Task } from "../../../scripts/laboratory/task/task.ts";
import {
  decodeTensors,
  encodeTensors,
  mechanismOf,
  type Way,
  wayName,
  WAYS,
} from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { onnxTensors } from "./onnx.ts";
import { LANGUAGES, type Prompt } from "./prompts.ts";
import { RATE, trimmed } from "./sound.ts";

const PACKAGE = "@ricky0123/vad-web@0.0.31";

/** The model as it is published: an ONNX file. */
export async function loadSilero(context: Context): Promise<Uint8Array> {
  return await Deno.readFile(join(await packageFolder(PACKAGE, context), "dist/silero_vad_v5.onnx"));
}

/** Fewest numbers of a tensor that is taken out of the file; smaller ones stay where they are. */
const LEAST = 100;

const largeTensors = (onnx: Uint8Array) =>
  onnxTensors(onnx).filter(({ start, end }) => end - start >= 4 * LEAST);

/**
 * An ONNX file made smaller: its numbers as a model's file has them, all else under brotli.
 *
 *     length (varint) and bytes of the file without its tensors, brotli | for each tensor: start (varint) | tensors
 */
export function encodeOnnx(onnx: Uint8Array, way: Way): Bytes {
  const large = largeTensors(onnx), tensors: Record<string, Tensors[string]> = {}, rest: Uint8Array[] = [];
  let at = 0;
  for (const [i, { shape, start, end }] of large.entries()) {
    tensors[i] = { shape, values: new Float32Array(onnx.slice(start, end).buffer) };
    rest.push(onnx.subarray(at, start));
    at = end;
  }
  const skeleton = packed(concat([...rest, onnx.subarray(at)]));
  const starts = large.flatMap(({ start }) => varint(start));
  return concat([skeleton, varint(large.length), starts, encodeTensors(tensors, way)]);
}

/**
 * The ONNX file that comes of it: every byte in its place, the numbers those that the file has.
 *
 * @throws {MdlError} `damaged`
 */
export function decodeOnnx(file: Uint8Array): Uint8Array {
  const reader = new ByteReader(file, "model"), skeleton = unpacked(reader);
  const starts = Array.from({ length: reader.varint() }, () => reader.varint());
  const tensors = Object.values(decodeTensors(reader.take(reader.left)));
  const parts: Uint8Array[] = [];
  let at = 0, written = 0;
  for (const [i, { values }] of tensors.entries()) {
    const length = (starts[i] ?? -1) - written;
    if (length < 0 || at + length > skeleton.length) throw reader.damaged("puts numbers where no place is");
    parts.push(skeleton.subarray(at, at += length), new Uint8Array(values.slice().buffer));
    written += length + 4 * values.length;
  }
  return concat([...parts, skeleton.subarray(at)]);
}

/** Samples of a frame that is decided on (32 ms), and of what came before it that the model also gets. */
const FRAME = 256, BEFORE = 32;

/** Numbers of the model's state. */
const STATE = 128;

/** Sounds of one length, one after another. */
export interface Scenes {
  readonly sounds: readonly Float32Array[];
  /** Whether somebody speaks in each frame of each sound: 1 or 0, −1 where a prompt begins or ends. */
  readonly spoken: readonly Int8Array[];
}

/** Seconds of a scene, of a prompt in it at most, and the hiss below it, to the loudest (as power). */
const SECONDS = 4, SPEECH = 2.2, HISS = [1e-5, 1e-3] as const;

/** Prompts, one in each scene, with hiss before and behind: `each` scenes a language. */
export function scenesOf(prompts: readonly Prompt[], each: number, context: Pick<Context, "random">): Scenes {
  const draw = context.random("scenes"), frames = Math.floor(SECONDS * RATE / FRAME);
  const scenes = LANGUAGES.flatMap((language) => {
    const own = prompts.filter((prompt) => prompt.language === language);
    return Array.from({ length: each }, () => {
      const speech = trimmed(own[draw.below(own.length)]!.samples).subarray(0, SPEECH * RATE);
      const sound = new Float32Array(frames * FRAME), first = draw.below(sound.length - speech.length);
      const power = speech.reduce((sum, v) => sum + v * v, 0) / speech.length;
      const hiss = Math.sqrt(power * HISS[0] * (HISS[1] / HISS[0]) ** draw.uniform());
      sound.set(speech, first);
      for (let i = 0; i < sound.length; i++) sound[i]! += hiss * draw.normal();
      const spoken = Int8Array.from({ length: frames }, (_, t) => {
        const [from, to] = [t * FRAME, (t + 1) * FRAME];
        if (from >= first && to <= first + speech.length) return 1;
        return to <= first || from >= first + speech.length ? 0 : -1;
      });
      return { sound, spoken };
    });
  });
  return { sounds: scenes.map(({ sound }) => sound), spoken: scenes.map(({ spoken }) => spoken) };
}

/** A session on one thread, which sums alike on every machine. Opening one replaces the global Worker by node's. */
async function openSession(onnx: Uint8Array): Promise<ort.InferenceSession> {
  const { Worker } = globalThis;
  ort.env.wasm.numThreads = 1;
  try {
    return await ort.InferenceSession.create(onnx, { executionProviders: ["wasm"] });
  } finally {
    globalThis.Worker = Worker;
  }
}

/** The model's probability that somebody speaks, for each frame of each sound; all sounds go through it side by side. */
export async function speechProbabilities(
  onnx: Uint8Array,
  sounds: readonly Float32Array[],
): Promise<readonly Float32Array[]> {
  const session = await openSession(onnx);
  const count = sounds.length, frames = Math.floor(sounds[0]!.length / FRAME);
  const out = sounds.map(() => new Float32Array(frames)),
    rate = new ort.Tensor("int64", BigInt64Array.of(BigInt(RATE)), []);
  try {
    let state: ort.Tensor = new ort.Tensor("float32", new Float32Array(2 * count * STATE), [2, count, STATE]);
    for (let t = 0; t < frames; t++) {
      const input = new Float32Array(count * (BEFORE + FRAME));
      sounds.forEach((sound, n) => {
        const from = t * FRAME - BEFORE, part = sound.subarray(Math.max(0, from), from + BEFORE + FRAME);
        input.set(part, (n + 1) * (BEFORE + FRAME) - part.length);
      });
      const heard = new ort.Tensor("float32", input, [count, BEFORE + FRAME]);
      const found = await session.run({ input: heard, state, sr: rate });
      state = found.stateN!;
      (found.output!.data as Float32Array).forEach((p, n) => out[n]![t] = p);
    }
    return out;
  } finally {
    await session.release();
  }
}

const SPEAKS = 0.5;

/** Share of the frames that the model decides right when its file is made smaller, in per cent; the context draws the scenes. */
export async function shareDecidedRight(
  onnx: Uint8Array,
  way: Way,
  prompts: readonly Prompt[],
  each: number,
  context: Pick<Context, "random">,
): Promise<number> {
  const scenes = scenesOf(prompts, each, context);
  return rightDecisions(await speechProbabilities(decodeOnnx(encodeOnnx(onnx, way)), scenes.sounds), scenes);
}

/** Share of the frames in which two runs decide the same, in per cent. */
export function sameDecisions(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return shareOf(a, (p, n, t) => (p > SPEAKS) === (b[n]![t]! > SPEAKS));
}

/** Share of the frames that are decided right, in per cent; those where a prompt begins or ends do not count. */
export function rightDecisions(found: readonly Float32Array[], { spoken }: Scenes): number {
  return shareOf(found, (p, n, t) => spoken[n]![t]! < 0 ? undefined : (p > SPEAKS) === (spoken[n]![t] === 1));
}

function shareOf(
  found: readonly Float32Array[],
  good: (p: number, sound: number, frame: number) => boolean | undefined,
): number {
  let right = 0, all = 0;
  found.forEach((row, n) =>
    row.forEach((p, t) => {
      const one = good(p, n, t);
      if (one !== undefined) all++;
      if (one) right++;
    })
  );
  return 100 * right / all;
}

/** The model as a task: the share of decisions that a smaller file leaves as they were; the seed draws the scenes. */
export function activityTask(
  onnx: Uint8Array,
  prompts: readonly Prompt[],
  each: number,
): Task<null, readonly Prompt[], Uint8Array> {
  const before = new Map<readonly Prompt[], Map<number, readonly Float32Array[]>>();
  let files: readonly ModelFile[] | undefined;
  return {
    name: "Silero",
    train: null,
    test: prompts,
    fit: (_, seeds) => Promise.resolve(seeds.map(() => onnx)),
    files: (model) =>
      files ??= WAYS.filter(({ rank }) => !rank).map((way) => ({
        way: wayName(way),
        family: mechanismOf(way),
        bytes: encodeOnnx(model, way),
      })),
    async score(file, own, context) {
      const { sounds } = scenesOf(own, each, context);
      const known = before.get(own) ?? new Map<number, readonly Float32Array[]>();
      const whole = known.get(context.seed) ?? await speechProbabilities(onnx, sounds);
      before.set(own, known.set(context.seed, whole));
      return sameDecisions(await speechProbabilities(decodeOnnx(file), sounds), whole);
    },
  };
}
