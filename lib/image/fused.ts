/**
 * Training on all cores: the fused kernel of `lib/decoder/assembly/trainer.ts`, run by this thread and by workers on one
 * shared memory. A step's samples are cut into a fixed number of shards, each with a gradient of its own, added in a
 * fixed order: the result does not depend on the number of threads, nor on who was faster.
 */
import type { AdamWAttributes } from "../backend/adamw.ts";
import { STATE, type State } from "../training/optimiser.ts";
import { type Dataset, images as viewsOf } from "./dataset.ts";
import {
  CONTROL,
  GRADIENTS,
  openThread,
  scratchBytes,
  type SharedWork,
  STEP,
  STEP_BY,
  waitWhile,
} from "./fused_thread.ts";
import { BLOCK_ADDRESS, blockSize, writeBlock } from "./parameters.ts";
import { align } from "../decoder/memory.ts";
import { compileModule } from "../decoder/modules.ts";
import { pieces, setPiece } from "../decoder/pieces.ts";
import { MdlError } from "../errors.ts";
import { LONGEST_SIDE, SAMPLE_BYTES, type SampleSpace, trainable } from "./samples.ts";
import { cellCount, cellSize, featureCount, localInputs, type ModelSpec } from "./spec.ts";

/** Parts of a step that threads take one after another; where cells have weights of their own, a row of cells each. */
const SHARDS = 8;

/** A session of the fused kernel on one data set and model. */
export interface FusedTraining {
  readonly space: SampleSpace;
  /** Computes the local predictions of all symbols: run it to its end first. Yields how many images are done, and parts. */
  survey(): Generator<number>;
  /** The records of a step's samples: fill them with `drawSamples` first. */
  readonly records: DataView;
  /** The samples as the network sees them, f32[batch, features + 4]: context, mean, scale, log-scale, symbol. */
  contexts(): Float32Array;
  /** f32, what the network computes with; `step` writes them. */
  readonly weights: Float32Array;
  /** f32, shaped like the weights: the gradient of the mean bits per symbol, after `addShards`. */
  readonly gradient: Float32Array;
  /** Computes the gradients of the shards, on all threads. */
  computeShards(): void;
  /**
   * Adds them up; returns the mean bits per symbol of the step's samples. Once weights are rounded, the gradient has the
   * slope of their own bits in it, times `price`.
   */
  addShards(price?: number): number;
  /** The optimiser's state, in place; call `show` when it was written. */
  readonly state: State;
  /** Gives the network its weights: from the first `steps`, f32[n], on rounded to multiples of them, as the decoder holds them. */
  show(steps?: Float32Array): void;
  /** Steps the weights along the gradient, on all threads. */
  step(by: AdamWAttributes): void;
  close(): void;
}

/**
 * Opens the kernel.
 *
 * @param batch samples a step, a multiple of 32 (of 4 in each cell and channel)
 * @param threads including this one
 * @param relaxed with relaxed SIMD, whose results are those of a kind of processor
 * @throws {MdlError} `unsupported` for images with a side of more than 65,535 pixels
 */
export async function openFused(
  set: Dataset,
  spec: ModelSpec,
  batch: number,
  threads: number,
  relaxed = false,
): Promise<FusedTraining> {
  if (!trainable(set.groups)) {
    const most = LONGEST_SIDE.toLocaleString("en");
    throw new MdlError(
      "unsupported",
      `${set.name}: an image has a side of more than ${most} pixels: make it smaller (size).`,
    );
  }
  const places = layoutOf(set, spec, batch, threads), { count, shards, disjoint, width, end } = places;
  const { images, planes, weights, samples, contexts, losses, gradients, size, state, quanta, by } = places;
  const { channels, groups } = set, { fitted, attended } = localInputs(spec);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536), maximum: 65536, shared: true });
  const bytes = new Uint8Array(memory.buffer);
  const steps = { input: 1, first: 1, second: 1, output: 1 };
  bytes.set(
    writeBlock(spec, channels, groups, { weightCode: 0, payloads: [], heap: weights }, steps),
    BLOCK_ADDRESS,
  );
  bytes.set(set.symbols, images);

  const module = await compileModule(relaxed ? "trainer-relaxed" : "trainer");
  const work = { ...places, module, memory, perShard: batch / shards, stride: disjoint ? 0 : size };
  const { trainer, control, turn, close } = openThreads(work, places.scratches);
  const partLosses = new Float64Array(memory.buffer, losses, shards);
  let norm = 0;
  const floats = (at: number) => new Float32Array(memory.buffer, at, count);
  const numbers = new Float64Array(memory.buffer, by, STEP_BY.length);
  return {
    *survey() {
      if (fitted + attended === 0) return;
      let at = 0, done = 0;
      for (const { height, width } of viewsOf(set)) {
        const image = images + at, to = planes + 4 * (fitted + attended) * at;
        for (const piece of pieces({ height, width, channels }, 0, 2 * spec.scales - 2)) {
          setPiece(trainer, piece);
          trainer.surveyPiece(image, height, width, to);
          yield done + piece.share;
        }
        at += height * width * channels;
        done++;
      }
    },
    space: { groups: set.groups, channels: set.channels, address: images },
    records: new DataView(memory.buffer, samples, batch * SAMPLE_BYTES),
    weights: floats(weights),
    gradient: floats(gradients),
    state: Object.fromEntries(STATE.map((name, i) => [name, floats(state + i * size)])) as unknown as State,
    contexts() {
      trainer.readSamples(samples, batch, contexts);
      return new Float32Array(memory.buffer, contexts, batch * width);
    },
    computeShards() {
      if (disjoint) trainer.clear(gradients, count);
      Atomics.add(control, CONTROL.weights, 1);
      turn(GRADIENTS);
    },
    addShards(price = 0) {
      const others = disjoint ? 0 : shards - 1;
      norm = trainer.sumGradients(gradients, size, others, Atomics.load(control, CONTROL.quanta), price);
      return partLosses.reduce((a, b) => a + b) / batch;
    },
    show(steps) {
      if (steps) {
        floats(quanta).set(steps);
        Atomics.store(control, CONTROL.quanta, quanta);
      }
      trainer.showWeights(0, size, Atomics.load(control, CONTROL.quanta));
    },
    step(attributes) {
      const all = { ...attributes, clip: attributes.largest / Math.max(attributes.largest, norm) };
      numbers.set(STEP_BY.map((name) => all[name]));
      turn(STEP);
    },
    close,
  };
}

/** Where all lies in the shared memory, and how much there is of it: addresses and sizes in bytes. */
function layoutOf(set: Dataset, spec: ModelSpec, batch: number, threads: number) {
  const { channels, groups } = set, { fitted, attended } = localInputs(spec), cells = cellCount(spec);
  const count = cells * cellSize(spec, channels), size = 4 * count, disjoint = cells > 1;
  const shards = !disjoint ? SHARDS : spec.grid > 1 ? spec.grid : cells;
  const width = featureCount(spec, channels) + 4;
  let end = align(BLOCK_ADDRESS + blockSize(spec, groups), 16);
  const take = (bytes: number) => (end = align(end + bytes, 16), end - align(bytes, 16));
  const images = take(set.symbols.length);
  const planes = take(4 * (fitted + attended) * set.symbols.length);
  const weights = take(size), samples = take(batch * SAMPLE_BYTES), contexts = take(4 * batch * width);
  const losses = take(8 * shards), gradients = take(disjoint ? size : size * shards);
  const state = take(STATE.length * size), quanta = take(size), by = take(8 * STEP_BY.length);
  const scratch = align(scratchBytes(spec, channels, groups), 16);
  const scratches = Array.from({ length: threads }, () => take(scratch));
  return {
    /** Of weights. */
    count,
    /** Whether each shard has weights of its own. */
    disjoint,
    shards,
    /** Numbers of a sample as the network sees it. */
    width,
    images,
    planes,
    weights,
    samples,
    contexts,
    losses,
    gradients,
    size,
    state,
    quanta,
    by,
    /** A thread's own memory, for each. */
    scratches,
    end,
  };
}

/** This thread and the others, with a scratch each. In a turn all of them take shards of a task until none is left. */
function openThreads(work: Omit<SharedWork, "scratch">, scratches: readonly number[]) {
  const { memory, shards } = work;
  const workers = scratches.slice(1).map((scratch) => {
    const worker = new Worker(new URL("./fused_worker.ts", import.meta.url), { type: "module" });
    worker.postMessage({ ...work, scratch });
    return worker;
  });
  const { trainer, compute } = openThread({ ...work, scratch: scratches[0]! });
  const control = new Int32Array(memory.buffer, CONTROL.address, CONTROL.fields);
  const begin = () => {
    Atomics.add(control, CONTROL.turn, 1);
    Atomics.notify(control, CONTROL.turn);
  };
  const turn = (task: number) => {
    Atomics.store(control, CONTROL.task, task);
    Atomics.store(control, CONTROL.finished, 0);
    Atomics.store(control, CONTROL.taken, 0);
    begin();
    compute();
    for (let done; (done = Atomics.load(control, CONTROL.finished)) < shards;) {
      waitWhile(control, CONTROL.finished, done);
    }
  };
  const close = () => {
    Atomics.store(control, CONTROL.stop, 1);
    begin();
    for (const worker of workers) worker.terminate();
  };
  return { trainer, control, turn, close };
}
