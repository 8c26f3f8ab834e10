/**
 * The wasm backend, mended so that it can train. What @tensorflow/tfjs-backend-wasm 4.22 does, and what we do:
 *
 * | kernel                             | as shipped                          | here                                |
 * |------------------------------------|-------------------------------------|-------------------------------------|
 * | AdamW                              | 20 operations                       | one loop, `adamw.ts`                |
 * | BatchMatMul                        | 10 × slow if transposed or batched  | by way of two plain matrices        |
 * | Conv2DBackpropFilter               | missing                             | one convolution, `convolution.ts`   |
 * | Conv2DBackpropInput                | 10–20 × slow                        | one convolution, `convolution.ts`   |
 * | DepthwiseConv2dNativeBackpropFilter| missing                             | loops, `depthwise.ts`               |
 * | DepthwiseConv2dNativeBackpropInput | missing                             | loops, `depthwise.ts`               |
 * | Lstm, LstmGradient                 | 20 operations a time step           | one loop, `lstm.ts`                 |
 * | MaxPoolGrad                        | no gradient where all pixels are ≤ 0| loops, `pooling.ts`                 |
 * | Mean, Sum                          | float32 sums, 5e-4 off at 1M values | float64 sums, `reduction.ts`        |
 * | UnsortedSegmentSum                 | missing: no gradient of embeddings  | loops, `segment_sum.ts`             |
 */
import { fileURLToPath } from "node:url";
import { adamW } from "./adamw.ts";
import {
  conv2DBackpropFilter,
  conv2DBackpropInput,
} from "../../notebooks/experiments/networks/convolution_kernel.ts";
import {
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
} from "../../notebooks/experiments/networks/depthwise_kernel.ts";
import { lstm, lstmGradient } from "../../notebooks/experiments/language/lstm_kernel.ts";
import { batchMatMul } from "./matmul.ts";
import { maxPoolGrad } from "../../notebooks/experiments/networks/pooling_kernel.ts";
import { mean, sum } from "./reduction.ts";
import { unsortedSegmentSum } from "./segment_sum.ts";
import { registerWasmKernel } from "./wasm_kernel.ts";

const PACKAGE = "@tensorflow/tfjs-backend-wasm";
let loaded: Promise<void> | undefined;

/** Loads the wasm backend with its mended kernels, once; after that, tfjs knows a backend "wasm". */
export function loadWasm(): Promise<void> {
  return loaded ??= load();
}

async function load(): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(fileURLToPath(new URL(".", import.meta.resolve(PACKAGE)))); // the binaries lie beside its module
  registerWasmKernel("AdamW", adamW);
  registerWasmKernel("BatchMatMul", batchMatMul);
  registerWasmKernel("Conv2DBackpropFilter", conv2DBackpropFilter);
  registerWasmKernel("Conv2DBackpropInput", conv2DBackpropInput);
  registerWasmKernel("DepthwiseConv2dNativeBackpropFilter", depthwiseBackpropFilter);
  registerWasmKernel("DepthwiseConv2dNativeBackpropInput", depthwiseBackpropInput);
  registerWasmKernel("Lstm", lstm);
  registerWasmKernel("LstmGradient", lstmGradient);
  registerWasmKernel("MaxPoolGrad", maxPoolGrad);
  registerWasmKernel("Mean", mean);
  registerWasmKernel("Sum", sum);
  registerWasmKernel("UnsortedSegmentSum", unsortedSegmentSum);
}
