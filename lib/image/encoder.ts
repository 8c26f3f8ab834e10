/** The encoder's side of the decoder: codes with the decoder's own probabilities, and shows what its model sees. */
import { type ImageGroup, largest } from "./dataset.ts";
import { cellCount, cellSize, localInputs, type ModelSpec, tilingOf } from "./spec.ts";
import { finish } from "../pace.ts";
import {
  adaptingBytes,
  BLOCK_ADDRESS,
  blockSize,
  localBytes,
  mixerBytes,
  type Steps,
  writeBlock,
} from "./parameters.ts";
import { type PlaneFinder, planeFinder } from "./lattice.ts";
import { align } from "../decoder/memory.ts";
import { type EncoderExports, openModule } from "../decoder/modules.ts";
import { type PieceModule, pieces, setPiece } from "../decoder/pieces.ts";

/** What encoder.wasm exports; its source documents each. */
export interface EncoderModule extends EncoderExports, PieceModule {
  openEncoder(): void;
  readonly weights: WebAssembly.Global;
  readonly image: WebAssembly.Global;
  readonly colours: WebAssembly.Global;
  readonly costs: WebAssembly.Global;
  beginImage(formula: number, first: number): void;
  endImage(height: number, width: number): void;
  encodeWeights(): number;
  openPayload(): void;
  encodePiece(height: number, width: number): void;
  learnPiece(height: number, width: number): void;
  surveyImage(height: number, width: number, to: number): void;
  distribution(height: number, width: number, y: number, x: number, k: number, to: number): void;
}

/** Bytes of memory that a module takes for itself behind its heap address (an upper bound). */
export function heapBytes(spec: ModelSpec, channels: number, groups: readonly ImageGroup[]): number {
  const images = (tilingOf(spec) ? 2 : 1) * largest(groups, channels);
  return 4 * cellCount(spec) * cellSize(spec, channels) + images +
    localBytes(spec, channels, groups) + mixerBytes(spec, groups) + adaptingBytes(spec, channels) + 32 * 1024;
}

/** What only the encoder takes: it keeps the outputs of all layers, of up to 16 blocks of width 128, whatever it needs. */
const OWN_BYTES = 2 ** 15;

/** An open encoder. */
export interface Encoder {
  /** The weights as the decoder will see them, f32. */
  readonly weights: Float32Array;
  /** The weights' code. */
  readonly weightCode: Uint8Array;
  /**
   * Appends what a scale adds to an image to that scale's payload. Scales are coded one after another, each for all
   * images.
   * @returns the probability with which each symbol has been coded, f32[height, width, channels]
   */
  encodeScale(pixels: Uint8Array, height: number, width: number, scale: number): Float32Array;
  /** The same in pieces: run it to its end before anything else is asked. Yields the share of the work that is done. */
  encodeInPieces(pixels: Uint8Array, height: number, width: number, scale: number): Generator<number, void>;
  /** Bits of the payload so far under the model: of symbols, which lattice images lie on, and what does not. */
  spent(): number;
  /**
   * Goes through an image as `encodeInPieces` does and codes nothing, where weights follow: adds up the gradients of the
   * symbols' code lengths, in nats, at the weights as they are at each symbol. Yields how many symbols a piece had.
   */
  learnInPieces(pixels: Uint8Array, height: number, width: number): Generator<number, void>;
  /** The sums of the gradients since the last call, f32, laid out as the weights. A copy. */
  takeGradients(): Float32Array;
  /** Puts other trained weights, whole multiples of their steps, in place of those that are followed from. */
  moveWeights(weights: Float32Array): void;
  /** Ends a scale's payload, begins the next one's, and returns its bytes. */
  closePayload(): Uint8Array;
  /**
   * The network's P(symbol < t), t = 0 … 256, for the k-th coded symbol of pixel (y, x) of the image that was loaded
   * last, in the context that the image itself gives it: what is coded with has sharper or blunter decisions
   * (`assembly/symbol.ts`). A view valid until the next call.
   */
  distribution(y: number, x: number, k: number): Float32Array;
  /** Loads an image as if it were coded next, behind those that `encodeScale` has been given. */
  loadImage(pixels: Uint8Array, height: number, width: number): void;
  /**
   * What the local predictors say of every symbol of the image that was loaded last, f32[height, width, channels,
   * inputs]: what the fit predicts and how far off it tends to be, then what attention adds and how much weight it found
   * (`assembly/local.ts`). A copy.
   */
  localInputs(): Float32Array;
}

/**
 * Opens the encoder for images of the sizes in `groups`. The weights (f32, laid out as `layers` says) are rounded to
 * whole multiples of their kind's step.
 *
 * @param channels 1 gray, 3 colour.
 * @param find How an image is seen: by default as the spec's lattice has it, where it lies on that.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const { spec, channels, weights, steps } = await mdl.modelOf(program.bytes);
 * const encoder = await image.openEncoder(spec, channels, set.groups, weights, steps);
 * const [first] = image.images(set);
 * const probabilities = encoder.encodeScale(first!.pixels, 32, 32, 0);
 * assert(probabilities.every((p) => p > 0 && p <= 1));
 * console.log(encoder.closePayload().length); // bytes of the first image
 * ```
 */
export async function openEncoder(
  spec: ModelSpec,
  channels: number,
  groups: readonly ImageGroup[],
  weights: Float32Array,
  steps: Steps,
  find: PlaneFinder = planeFinder(spec.lattice ?? {}),
): Promise<Encoder> {
  // block, heap (with what the symbols took), scratch for 257 numbers, weight code, payload
  const heap = align(BLOCK_ADDRESS + blockSize(spec, groups), 16), symbols = largest(groups, channels);
  const { fitted, attended } = localInputs(spec);
  const own = OWN_BYTES + 4 * weights.length + 5 * symbols; // sums of gradients, what symbols took and colours among them
  const scratch = align(heap + heapBytes(spec, channels, groups) + own, 16),
    plane = scratch + 2048;
  const weightCode = align(plane + 4 * (fitted + attended) * symbols, 16);
  const payload = weightCode + 2 * weights.length + 4096;
  const { encoder: module, memory } = await openModule<EncoderModule>("encoder", payload + 65536);
  const block = writeBlock(spec, channels, groups, { weightCode, payloads: [payload], heap }, steps);
  memory().set(block, BLOCK_ADDRESS);
  module.openEncoder();
  new Float32Array(module.memory.buffer, module.weights.value, weights.length).set(weights);
  const weightEnd = module.encodeWeights();
  module.openPayload();
  let size = { height: 0, width: 0 };
  const place = (pixels: Uint8Array) => {
    const planes = find(pixels);
    memory().set(planes.pixels, module.image.value);
    if (planes.formula >= 0) memory().set(pixels, module.colours.value);
    return planes.formula;
  };
  function* encodeInPieces(pixels: Uint8Array, height: number, width: number, scale: number) {
    module.beginImage(place(pixels), Number(scale === 0));
    for (const piece of pieces({ height, width, channels }, Math.max(0, 2 * scale - 1), 2 * scale)) {
      setPiece(module, piece);
      module.encodePiece(height, width);
      yield piece.share;
    }
    if (scale === spec.scales - 1) module.endImage(height, width);
  }
  /** Of weights that follow: as they are, as trained, and sums of gradients (`assembly/adapt.ts`). */
  const part = (place: 0 | 1 | 3) => {
    const at = module.weights.value + 4 * place * weights.length;
    return new Float32Array(module.memory.buffer, at, weights.length);
  };
  return {
    weights: new Float32Array(module.memory.buffer, module.weights.value, weights.length).slice(),
    weightCode: memory().slice(weightCode, weightEnd),
    encodeInPieces,
    encodeScale(pixels, height, width, scale) {
      finish(encodeInPieces(pixels, height, width, scale));
      const costs = new Float32Array(module.memory.buffer, module.costs.value, height * width * channels);
      return costs.map((bits) => 2 ** -bits);
    },
    spent: () => module.spent.value,
    *learnInPieces(pixels, height, width) {
      module.beginImage(place(pixels), 0);
      for (const piece of pieces({ height, width, channels }, 0, 0)) {
        setPiece(module, piece);
        module.learnPiece(height, width);
        yield (piece.last - piece.first) * (piece.right - piece.left) * channels;
      }
    },
    takeGradients() {
      const sums = part(3).slice();
      part(3).fill(0);
      return sums;
    },
    moveWeights(moved) {
      const following = part(0), trained = part(1);
      for (let i = 0; i < moved.length; i++) following[i]! += moved[i]! - trained[i]!;
      trained.set(moved);
    },
    closePayload() {
      const end = module.close();
      module.openPayload();
      return memory().slice(payload, end);
    },
    loadImage(pixels, height, width) {
      size = { height, width };
      place(pixels);
      module.surveyImage(height, width, plane);
    },
    localInputs() {
      const count = size.height * size.width * channels * (fitted + attended);
      return new Float32Array(module.memory.buffer, plane, count).slice();
    },
    distribution(y, x, k) {
      module.distribution(size.height, size.width, y, x, k, scratch);
      return new Float32Array(module.memory.buffer, scratch, 257);
    },
  };
}
