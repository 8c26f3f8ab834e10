/** What this machine offers: versions, cores, and every backend that tfjs could use. */
import * as tf from "@tensorflow/tfjs";
import { VERSION } from "../../../lib/run.ts";
import { findAdapter } from "../../../lib/backend/webgpu.ts";

/** A part of the environment, and what is there of it. */
export type Part = Readonly<Record<"part" | "found", string>>;

/** Describes the environment that code runs in; the backend in use is the one that is set. */
export async function describeEnvironment(): Promise<readonly Part[]> {
  const adapter = await findAdapter(), { deno, v8, typescript } = Deno.version;
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT").catch(() => false);
  return [
    { part: "language and runtime", found: `TypeScript ${typescript} on Deno ${deno} (V8 ${v8})` },
    { part: "library", found: `MDLab ${VERSION}` },
    { part: "tensors and training", found: `TensorFlow.js ${tf.version.tfjs}` },
    { part: "system", found: `${Deno.build.os} ${Deno.build.arch}, ${navigator.hardwareConcurrency} cores` },
    {
      part: "backend webgpu",
      found: adapter ? `${adapter.name}${adapter.software ? " (software)" : ""}` : "no adapter",
    },
    {
      part: "backend wasm",
      found: `one thread, ${simd ? "with" : "without"} SIMD, kernels mended for training`,
    },
    { part: "backend cpu", found: "plain JavaScript" },
    { part: "backend in use", found: tf.getBackend() },
  ];
}
