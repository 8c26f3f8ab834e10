/** The WebGPU backend and the adapters that it may run on. */
import * as tf from "@tensorflow/tfjs";

/** A processor that WebGPU can use. */
export interface Adapter {
  /** Its name as the driver gives it. */
  readonly name: string;
  /** True for drivers that compute on the CPU, such as lavapipe: real, but slower than the wasm backend. */
  readonly software: boolean;
}

/** The adapter that tfjs would take, or null where there is none. */
export async function findAdapter(): Promise<Adapter | null> {
  quietMesa();
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  return adapter ? describeAdapter(adapter.info) : null;
}

/** Mesa complains on stderr when this is not set (in containers, in CI), though WebGPU has no use for it. */
function quietMesa(): void {
  const name = "XDG_RUNTIME_DIR";
  if (
    Deno.build.os !== "linux" ||
    Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted"
  ) return;
  if (!Deno.env.get(name)) Deno.env.set(name, Deno.cwd());
}

/** Tells hardware from software by what the driver says of itself. */
export function describeAdapter(info: Partial<GPUAdapterInfo>): Adapter {
  const words = [info.description, info.device, info.architecture, info.vendor];
  const name = words.find((word) => word && !/^\d+$/.test(word)) ?? "unnamed adapter"; // not a bare number
  const known = /llvmpipe|lavapipe|swiftshader|softpipe|software|basic render|\bwarp\b/i;
  return { name, software: info.isFallbackAdapter === true || known.test(words.join(" ")) };
}

/** Loads the WebGPU backend; after that, tfjs knows a backend "webgpu". */
export async function loadWebGpu(): Promise<void> {
  await import("@tensorflow/tfjs-backend-webgpu");
}

/**
 * Switches off the split of long inner products over several workgroups, once the backend is set: it adds in no fixed
 * order, and gives wrong results of matMul with transposeB for 2000 and more summands (tfjs 4.22).
 */
export function forbidSplitK(): void {
  (tf.backend() as tf.KernelBackend & { thresholdToIncreaseWorkgroups: number })
    .thresholdToIncreaseWorkgroups = 0;
}
