/**
 * Kernels of our own for the wasm backend: TypeScript that works on the heap where the backend keeps its tensors.
 *
 *     registerWasmKernel("Double", ({ x }: { x: tf.TensorInfo }, _: unknown, heap) => {
 *       const y = heap.make(x.shape), from = heap.floats(x), to = heap.floats(y);
 *       for (let i = 0; i < to.length; i++) to[i] = 2 * from[i]!;
 *       return y;
 *     });
 *     const y = tf.engine().runKernel("Double", { x });
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** The heap of the wasm backend. Who makes a tensor frees it, unless it is returned. */
export interface Heap {
  /** A new tensor whose elements are undefined. */
  make(shape: readonly number[], dtype?: "float32" | "int32"): tf.TensorInfo;
  /** Gives up a tensor that `make` or `run` returned. */
  free(tensor: tf.TensorInfo): void;
  /**
   * The elements of a float32 tensor, in place. The view holds until the next `make` or `run`: a heap that grows
   * leaves its views behind, so make all tensors first.
   */
  floats(tensor: tf.TensorInfo): Float32Array;
  /** The elements of an int32 tensor, in place; holds as long as `floats`. */
  integers(tensor: tf.TensorInfo): Int32Array;
  /** Runs another kernel of the wasm backend; the result is the caller's to free. */
  run(kernel: string, inputs: Readonly<Record<string, tf.TensorInfo>>, attributes: object): tf.TensorInfo;
}

/** Computes outputs, which it makes on the heap; it neither frees nor changes its inputs. */
export type WasmKernel<Inputs, Attributes> = (
  inputs: Inputs,
  attributes: Attributes,
  heap: Heap,
  /** The kernel that had this name before. */
  replaced: (inputs: Inputs, attributes: Attributes) => tf.TensorInfo,
) => tf.TensorInfo | tf.TensorInfo[];

/** The same elements under another shape; not a tensor of its own, so never freed. */
export function reshaped(tensor: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return { ...tensor, shape };
}

/** Registers a kernel for the wasm backend under `name`, in place of one that has it already. */
export function registerWasmKernel<Inputs, Attributes>(
  name: string,
  kernel: WasmKernel<Inputs, Attributes>,
): void {
  const stock: tf.KernelConfig | undefined = tf.getKernel(name, "wasm");
  if (stock) tf.unregisterKernel(name, "wasm");
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) => {
    const heap = heapOf(backend as BackendWasm);
    const replaced = (inputs: Inputs, attributes: Attributes) =>
      call(stock!, inputs as object, attributes as object, backend as BackendWasm);
    return kernel(inputs as Inputs, attrs as Attributes, heap, replaced);
  };
  tf.registerKernel({ ...stock, kernelName: name, backendName: "wasm", kernelFunc }); // keeps its setupFunc
}

function heapOf(backend: BackendWasm): Heap {
  return {
    make: (shape, dtype = "float32") => backend.makeOutput([...shape], dtype),
    free: ({ dataId }) => void backend.disposeData(dataId),
    floats: (tensor) => backend.typedArrayFromHeap(tensor) as Float32Array,
    integers: (tensor) => backend.typedArrayFromHeap(tensor) as Int32Array,
    run: (kernel, inputs, attributes) => call(tf.getKernel(kernel, "wasm"), inputs, attributes, backend),
  };
}

function call(kernel: tf.KernelConfig, inputs: object, attributes: object, backend: BackendWasm) {
  return kernel.kernelFunc({
    inputs: inputs as tf.NamedTensorInfoMap,
    attrs: attributes as tf.NamedAttrMap,
    backend,
  }) as tf.TensorInfo;
}
