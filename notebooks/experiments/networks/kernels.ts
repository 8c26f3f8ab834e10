/**
 * What convolutional networks need of the wasm backend to train, besides those of dense layers. Importing it is enough.
 *
 * | kernel                              | as shipped                           | here                        |
 * |-------------------------------------|--------------------------------------|-----------------------------|
 * | Conv2DBackpropFilter                | missing                              | one convolution or product  |
 * | Conv2DBackpropInput                 | 10–20 × slow                         | one convolution             |
 * | DepthwiseConv2dNativeBackpropFilter | missing                              | loops                       |
 * | DepthwiseConv2dNativeBackpropInput  | missing                              | loops                       |
 * | MaxPoolGrad                         | no gradient where all pixels are ≤ 0 | loops                       |
 */
import { addWasmKernel } from "../../../lib/backend/wasm.ts";
import "../../../lib/backend/dense_kernels.ts";
import { conv2DBackpropFilter, conv2DBackpropInput } from "./convolution_kernel.ts";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise_kernel.ts";
import { maxPoolGrad } from "./pooling_kernel.ts";

addWasmKernel("Conv2DBackpropFilter", conv2DBackpropFilter);
addWasmKernel("Conv2DBackpropInput", conv2DBackpropInput);
addWasmKernel("DepthwiseConv2dNativeBackpropFilter", depthwiseBackpropFilter);
addWasmKernel("DepthwiseConv2dNativeBackpropInput", depthwiseBackpropInput);
addWasmKernel("MaxPoolGrad", maxPoolGrad);
