/** A thread of the fused kernel: what it shares with the others, and how they take their parts of a turn. */
import type { ImageGroup } from "./dataset.ts";
import type { PieceModule } from "../decoder/pieces.ts";
import { localBytes } from "./parameters.ts";
import { SAMPLE_BYTES } from "./samples.ts";
import { cellSize, featureCount, type ModelSpec } from "./spec.ts";

/** Samples that the kernel takes through the network together. */
const LANES = 32;

/** What trainer.wasm exports; its source documents each. */
export interface TrainerModule extends PieceModule {
  openTrainer(scratch: number): number;
  renewWeights(): void;
  readSamples(samples: number, count: number, to: number): void;
  surveyPiece(image: number, height: number, width: number, to: number): void;
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
export const GRADIENTS = 0, STEP = 1;

/** What `stepWeights` is told, f64 each. */
export const STEP_BY = [
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
