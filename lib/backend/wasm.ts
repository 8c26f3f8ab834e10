/**
 * The wasm backend, with AdamW as one kernel: tfjs takes 20 operations for a step. Who trains other networks than the
 * predictor adds or mends what they need (`addWasmKernel`): see `dense_kernels.ts`.
 */
import { fileURLToPath } from "node:url";
import { adamW } from "./adamw.ts";
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

/** Loads the wasm backend with its added kernels, once; after that, tfjs knows a backend "wasm". */
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
