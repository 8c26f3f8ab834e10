/**
 * What networks of dense layers and embeddings need of the wasm backend to train. Importing it is enough.
 *
 * | kernel             | as shipped                         | here                           |
 * |--------------------|------------------------------------|--------------------------------|
 * | BatchMatMul        | 10 × slow if transposed or batched | by way of two plain matrices   |
 * | Mean, Sum          | float32 sums, 5e-4 off at 1M values | float64 sums                  |
 * | UnsortedSegmentSum | missing: no gradient of embeddings | loops                          |
 */
import { addWasmKernel } from "./wasm.ts";
import { batchMatMul } from "./matmul_kernel.ts";
import { mean, sum } from "./reduction_kernel.ts";
import { unsortedSegmentSum } from "./segment_sum_kernel.ts";

addWasmKernel("BatchMatMul", batchMatMul);
addWasmKernel("Mean", mean);
addWasmKernel("Sum", sum);
addWasmKernel("UnsortedSegmentSum", unsortedSegmentSum);
