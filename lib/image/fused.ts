/**
 * Training on all cores: the fused kernel of `lib/decoder/assembly/trainer.ts`, run by this thread and by workers on one
 * shared memory. A step's samples are cut into a fixed number of shards, each with a gradient of its own, added in a
 * fixed order: the result does not depend on the number of threads, nor on who was faster.
 */
import type { AdamWAttributes } from "../backend/adamw.ts";
import { STATE, type State } from "../training/optimiser.ts";
import { type Dataset, type ImageGroup, images as viewsOf } from "./dataset.ts";
import { BLOCK_ADDRESS, blockSize, localBytes, writeBlock } from "./parameters.ts";
import { compileModule } from "../decoder/modules.ts";
import { pieces } from "../decoder/pieces.ts";
import { MdlError } from "../errors.ts";
import { LONGEST_SIDE, SAMPLE_BYTES, type SampleSpace } from "./samples.ts";
import { cellCount, cellSize, featureCount, localInputs, type ModelSpec } from "./spec.ts";

/** Parts of a step that threads take one after another; where cells have weights of their own, a row of cells each. */
const SHARDS = 8;

/** Samples that the kernel takes through the network together. */
const LANES = 32;

/** What trainer.wasm exports; its source documents each. */
export interface TrainerModule {
  openTrainer(scratch: number): number;
  renewWeights(): void;
  readSamples(samples: number, count: number, to: number): void;
  surveyRows(
    image: number,
    height: number,
    width: number,
    pass: number,
    first: number,
    last: number,
    to: number,
  ): void;
  setPlanes(images: number, planes: number): void;
  addGradients(samples: number, count: number, unit: number, gradients: number): number;
  clear(to: number, n: number): void;
  openLearning(state: number, n: number): void;
  showWeights(from: number, end: number, quanta: number): void;
  sumGradients(to: number, stride: number, count: number, quanta: number, price: number): number;
  stepWeights(from: number, end: number, gradient: number, by: number, quanta: number): void;
}

/** Fields of the control block, i32 each. */
export const CONTROL = {
  address: 16,
  turn: 0,
  weights: 1,
  taken: 2,
  finished: 3,
  stop: 4,
  task: 5,
  quanta: 6,
  fields: 7,
} as const;

/** What a turn is for: gradients of the shards, or a step of the weights, of which each shard has a part. */
const GRADIENTS = 0, STEP = 1;

/** What `stepWeights` is told, f64 each. */
const STEP_BY = [
  "clip",
  "keepMean",
  "keepSquare",
  "keepAverage",
  "unbias",
  "epsilon",
  "rate",
  "decay",
] as const;

/** Waits are a fraction of a millisecond: a thread looks that often before it goes to sleep. */
const LOOKS = 50000;

/** Waits until a field of the control block is no longer `value`. */
export function waitWhile(control: Int32Array, field: number, value: number): void {
  for (let i = 0; i < LOOKS && Atomics.load(control, field) === value; i++);
  Atomics.wait(control, field, value);
}

/** Bytes of a thread's own memory (an upper bound). */
export function scratchBytes(spec: ModelSpec, channels: number, groups: readonly ImageGroup[]): number {
  const rows = 2 * (featureCount(spec, channels) + 4) + (2 * spec.blocks + 6) * (spec.width + 4) + 32;
  return 64 * 1024 + 4 * (LANES * rows + cellSize(spec, channels)) + localBytes(spec, channels, groups);
}

/** All that a thread needs to take part. */
export interface SharedWork {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Start of the thread's own memory. */
  readonly scratch: number;
  /** The images, and the local predictions of their symbols. */
  readonly images: number;
  readonly planes: number;
  readonly samples: number;
  readonly losses: number;
  readonly gradients: number;
  /** Samples of one shard. */
  readonly perShard: number;
  readonly shards: number;
  /** Bytes from one shard's gradient to the next; 0 where shards have weights of their own. */
  readonly stride: number;
  /** Bytes of one gradient. */
  readonly size: number;
  /** Of the optimiser: `STATE`, f32[4, n], and the numbers of a step, `STEP_BY`. */
  readonly state: number;
  readonly by: number;
}

/** Opens the module on the shared memory; `compute` works on shards until none is left. */
export function openThread(
  work: SharedWork,
): { readonly trainer: TrainerModule; readonly compute: () => void } {
  const { exports } = new WebAssembly.Instance(work.module, { env: { memory: work.memory } });
  const trainer = exports as unknown as TrainerModule;
  trainer.openTrainer(work.scratch);
  trainer.setPlanes(work.images, work.planes);
  trainer.openLearning(work.state, work.size / 4);
  const control = new Int32Array(work.memory.buffer, CONTROL.address, CONTROL.fields);
  const losses = new Float64Array(work.memory.buffer, work.losses, work.shards);
  const unit = 1 / (work.perShard * work.shards);
  const part = Math.ceil(work.size / 16 / work.shards) * 16;
  let seen = -1;
  const gradients = (s: number) => {
    const weights = Atomics.load(control, CONTROL.weights); // a thread that was held up may be in a later turn now
    if (weights !== seen) trainer.renewWeights();
    seen = weights;
    const gradient = work.gradients + s * work.stride;
    if (work.stride) trainer.clear(gradient, work.size / 4);
    const samples = work.samples + s * work.perShard * SAMPLE_BYTES;
    losses[s] = trainer.addGradients(samples, work.perShard, unit, gradient);
  };
  const step = (s: number) => {
    const quanta = Atomics.load(control, CONTROL.quanta);
    trainer.stepWeights(s * part, Math.min(work.size, (s + 1) * part), work.gradients, work.by, quanta);
  };
  const compute = () => {
    for (
      let s = Atomics.add(control, CONTROL.taken, 1);
      s < work.shards;
      s = Atomics.add(control, CONTROL.taken, 1)
    ) {
      if (Atomics.load(control, CONTROL.task) === STEP) step(s);
      else gradients(s);
      Atomics.add(control, CONTROL.finished, 1);
      Atomics.notify(control, CONTROL.finished);
    }
  };
  return { trainer, compute };
}

/** A session of the fused kernel on one data set and model. */
export interface FusedTraining {
  readonly space: SampleSpace;
  /** Computes the local predictions of all symbols: run it to its end first. Yields how many images are done, and parts. */
  survey(): Generator<number>;
  /** The records of a step's samples: fill them with `drawSamples`, then call `run`. */
  readonly records: DataView;
  /** The samples as the network sees them, f32[batch, features + 4]: context, mean, scale, log-scale, symbol. */
  contexts(): Float32Array;
  /** f32, what the network computes with; `step` writes them. */
  readonly weights: Float32Array;
  /** f32, shaped like the weights: the gradient of the mean bits per symbol, after `run`. */
  readonly gradient: Float32Array;
  /**
   * Computes the gradient; returns the mean bits per symbol of the step's samples. Once weights are rounded, the
   * gradient has the slope of their own bits in it, times `price`.
   */
  run(price?: number): number;
  /** The two parts of `run`: gradients of the shards, on all threads; their sum. */
  computeShards(): void;
  addShards(price?: number): number;
  /** The optimiser's state, in place; call `show` when it was written. */
  readonly state: State;
  /** Gives the network its weights. */
  show(): void;
  /** Rounds what the network is given to multiples of steps, f32[n], as the decoder holds them, from now on. */
  round(steps: Float32Array): void;
  /** Steps the weights along the gradient that `run` has computed, on all threads. */
  step(by: AdamWAttributes): void;
  close(): void;
}

/**
 * Opens the kernel.
 *
 * @param batch samples a step, a multiple of 32 (of 4 in each cell and channel)
 * @param threads including this one
 * @throws {MdlError} `unsupported` for images with a side of more than 65,535 pixels
 */
export async function openFused(
  set: Dataset,
  spec: ModelSpec,
  batch: number,
  threads: number,
): Promise<FusedTraining> {
  if (set.groups.some(({ height, width }) => Math.max(height, width) > LONGEST_SIDE)) {
    const most = LONGEST_SIDE.toLocaleString("en");
    throw new MdlError(
      "unsupported",
      `${set.name}: an image has a side of more than ${most} pixels: make it smaller (size).`,
    );
  }
  const cells = cellCount(spec), count = cells * cellSize(spec, set.channels), size = 4 * count;
  const disjoint = cells > 1, shards = !disjoint ? SHARDS : spec.grid > 1 ? spec.grid : cells;
  const align = (n: number) => (n + 15) & ~15;
  const { channels, groups } = set, { fitted, attended } = localInputs(spec);
  let end = align(BLOCK_ADDRESS + blockSize(spec, groups));
  const take = (bytes: number) => (end = align(end + bytes), end - align(bytes));
  const images = take(set.symbols.length);
  const planes = take(4 * (fitted + attended) * set.symbols.length);
  const weights = take(size), samples = take(batch * SAMPLE_BYTES);
  const width = featureCount(spec, set.channels) + 4, contexts = take(4 * batch * width);
  const losses = take(8 * shards), gradients = take(disjoint ? size : size * shards);
  const state = take(STATE.length * size), quanta = take(size), by = take(8 * STEP_BY.length);
  const scratchSize = align(scratchBytes(spec, channels, groups));
  const scratches = Array.from({ length: threads }, () => take(scratchSize));
  const pages = Math.ceil(end / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const bytes = new Uint8Array(memory.buffer);
  const steps = { input: 1, first: 1, second: 1, output: 1 };
  bytes.set(
    writeBlock(spec, channels, groups, { weightCode: 0, payloads: [], heap: weights }, steps),
    BLOCK_ADDRESS,
  );
  bytes.set(set.symbols, images);

  const module = await compileModule("trainer");
  const work: Omit<SharedWork, "scratch"> = {
    module,
    memory,
    images,
    planes,
    samples,
    losses,
    gradients,
    size,
    shards,
    perShard: batch / shards,
    stride: disjoint ? 0 : size,
    state,
    by,
  };
  const workers = scratches.slice(1).map((scratch) => {
    const worker = new Worker(new URL("./fused_worker.ts", import.meta.url), { type: "module" });
    worker.postMessage({ ...work, scratch });
    return worker;
  });
  const { trainer, compute } = openThread({ ...work, scratch: scratches[0]! });
  const control = new Int32Array(memory.buffer, CONTROL.address, CONTROL.fields);
  const partLosses = new Float64Array(memory.buffer, losses, shards);
  const turn = (task: number) => {
    Atomics.store(control, CONTROL.task, task);
    Atomics.store(control, CONTROL.finished, 0);
    Atomics.store(control, CONTROL.taken, 0);
    Atomics.add(control, CONTROL.turn, 1);
    Atomics.notify(control, CONTROL.turn);
    compute();
    for (let done; (done = Atomics.load(control, CONTROL.finished)) < shards;) {
      waitWhile(control, CONTROL.finished, done);
    }
  };
  const computeShards = () => {
    if (disjoint) trainer.clear(gradients, count);
    Atomics.add(control, CONTROL.weights, 1);
    turn(GRADIENTS);
  };
  let norm = 0;
  const addShards = (price = 0) => {
    const others = disjoint ? 0 : shards - 1;
    norm = trainer.sumGradients(gradients, size, others, Atomics.load(control, CONTROL.quanta), price);
    return partLosses.reduce((a, b) => a + b) / batch;
  };
  const floats = (at: number) => new Float32Array(memory.buffer, at, count);
  const numbers = new Float64Array(memory.buffer, by, STEP_BY.length);
  return {
    *survey() {
      if (fitted + attended === 0) return;
      let at = 0, done = 0;
      for (const { height, width } of viewsOf(set)) {
        const image = images + at, to = planes + 4 * (fitted + attended) * at;
        for (const piece of pieces({ height, width, channels }, 0, 2 * spec.scales - 2)) {
          trainer.surveyRows(image, height, width, piece.pass, piece.first, piece.last, to);
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
    run(price) {
      computeShards();
      return addShards(price);
    },
    computeShards,
    addShards,
    show: () => trainer.showWeights(0, size, Atomics.load(control, CONTROL.quanta)),
    round(steps) {
      floats(quanta).set(steps);
      Atomics.store(control, CONTROL.quanta, quanta);
      trainer.showWeights(0, size, quanta);
    },
    step(attributes) {
      const all = { ...attributes, clip: attributes.largest / Math.max(attributes.largest, norm) };
      numbers.set(STEP_BY.map((name) => all[name]));
      turn(STEP);
    },
    close() {
      Atomics.store(control, CONTROL.stop, 1);
      Atomics.add(control, CONTROL.turn, 1);
      Atomics.notify(control, CONTROL.turn);
      for (const worker of workers) worker.terminate();
    },
  };
}
