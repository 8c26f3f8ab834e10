/**
 * The wasm backend, mended so that it can train. What @tensorflow/tfjs-backend-wasm 4.22 does, and what we do:
 *
 * | kernel             | as shipped                               | here                                 |
 * |--------------------|------------------------------------------|--------------------------------------|
 * | AdamW              | 20 operations                            | one loop, `adamw.ts`                 |
 * | BatchMatMul        | 10 × slow if transposed or batched       | by way of two plain matrices         |
 * | Mean, Sum          | float32 sums, 5e-4 off at 1M values      | float64 sums, `reduction.ts`         |
 * | UnsortedSegmentSum | missing: no gradient of embeddings       | loops, `segment_sum.ts`              |
 *
 * Who needs others mended adds them (`addWasmKernel`): see notebooks/experiments/networks/kernels.ts for convolutions and
 * pooling, notebooks/experiments/language/kernels.ts for recurrent cells.
 */
import { fileURLToPath } from "node:url";
import { adamW } from "./adamw.ts";
import { batchMatMul } from "./matmul.ts";
import { mean, sum } from "./reduction.ts";
import { unsortedSegmentSum } from "./segment_sum.ts";
import { registerWasmKernel, type WasmKernel } from "./wasm_kernel.ts";

const PACKAGE = "@tensorflow/tfjs-backend-wasm";
let loading: Promise<void> | undefined;

/** What registers a kernel, as soon as the backend is there; undefined once it is. */
let waiting: (() => void)[] | undefined = [];

/** Adds a kernel to the wasm backend, or mends one that it has, whether it is loaded already or not. */
export function addWasmKernel<Inputs, Attributes>(
  name: string,
  kernel: WasmKernel<Inputs, Attributes>,
): void {
  const register = () => registerWasmKernel(name, kernel);
  if (waiting) waiting.push(register);
  else register();
}

addWasmKernel("AdamW", adamW);
addWasmKernel("BatchMatMul", batchMatMul);
addWasmKernel("Mean", mean);
addWasmKernel("Sum", sum);
addWasmKernel("UnsortedSegmentSum", unsortedSegmentSum);

/** Loads the wasm backend with its mended kernels, once; after that, tfjs knows a backend "wasm". */
export function loadWasm(): Promise<void> {
  return loading ??= load();
}

async function load(): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(fileURLToPath(new URL(".", import.meta.resolve(PACKAGE)))); // the binaries lie beside its module
  const kernels = waiting ?? [];
  waiting = undefined;
  for (const register of kernels) register();
}
