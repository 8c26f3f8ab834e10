/**
 * Choosing the tfjs backend that trains: wasm before WebGPU before cpu, or the one that is asked for. On an NVIDIA H200 a
 * step of the predictor takes 26 ms and more with WebGPU, whose operations cost 0.3 ms each in Deno however small they
 * are, and 1 ms with our own kernel on 16 cores; WebGPU is ahead of one core where layers are wide: 131 ms a step of the article's autoencoder against 1,061.
 */
import * as tf from "@tensorflow/tfjs";
import { MdlError } from "../errors.ts";
import { checkArguments, oneOf } from "../options.ts";
import type { Context } from "../context.ts";
import { loadWasm } from "./wasm.ts";
import { type Adapter, findAdapter, forbidSplitK, loadWebGpu } from "./webgpu.ts";

/** What trains: tfjs's WebAssembly with our own kernel on all cores, graphics hardware, or plain JavaScript. */
export type BackendName = "wasm" | "webgpu" | "cpu";

/** In the order of automatic choice. */
export const BACKENDS: readonly BackendName[] = ["wasm", "webgpu", "cpu"];

/** Whether `openBackend` has been called, and what it opened not been closed since. */
let open = false;
let opening: Promise<void> | undefined;

/** The backend of all tfjs operations, until it is closed. */
export interface Backend {
  /** Which it is. */
  readonly name: BackendName;
  /** The graphics adapter (WebGPU only). */
  readonly adapter?: string;
  /** One line for the user: what trains, and why. */
  readonly description: string;
  /** Gives back the memory with all tensors in it, so that the process can end. tfjs goes back to cpu. */
  close(): Promise<void>;
}

/**
 * Sets the tfjs backend. `auto` takes the first that works of wasm, WebGPU on graphics hardware, and cpu; a WebGPU
 * adapter that is software is taken only when `webgpu` is asked for. Without this call the first training opens the best.
 *
 * @param request `auto`, `webgpu`, `wasm` or `cpu`.
 * @throws {MdlError} `no-backend` when the one that is asked for is not there.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assert } from "@std/assert";
 *
 * const backend = await mdl.openBackend("auto");
 * console.log(backend.description); // for instance: wasm (the fastest for small networks)
 * assert(["wasm", "webgpu", "cpu"].includes(backend.name));
 * await backend.close();
 * ```
 */
export async function openBackend(request: "auto" | BackendName): Promise<Backend> {
  checkArguments("openBackend", { backend: request }, { backend: oneOf(["auto", ...BACKENDS]) });
  tf.enableProdMode(); // no banner, and no reports of failed attempts on the console
  const candidates = request === "auto" ? BACKENDS : [request];
  const obstacles: string[] = [];
  for (const name of candidates) {
    const adapter = name === "webgpu" ? await findAdapter() : null;
    const obstacle = (name === "webgpu" ? adapterObstacle(adapter, request) : null) ?? await set(name);
    if (obstacle) {
      obstacles.push(obstacle);
      continue;
    }
    const reason = request === name ? "asked for" : obstacles.join("; ") || "the fastest for small networks";
    const device = name === "webgpu" ? { adapter: adapter!.name } : {};
    const label = [name, ...Object.values(device)].join(" on ");
    open = true;
    return { name, ...device, description: `${label} (${reason})`, close: () => close(name) };
  }
  throw new MdlError(
    "no-backend",
    `The backend ${request} cannot train here: ${
      obstacles.join("; ")
    }; the backend auto is the best that can.`,
  );
}

/**
 * For all that trains: opens the best backend, and says which, when there is none but tfjs's own cpu, which nobody has
 * asked for; returns its name. It stays open, and does not keep the process from ending.
 */
export async function ensureBackend({ log = console.log }: Partial<Pick<Context, "log">>): Promise<string> {
  if (open || (tf.getBackend() ?? "cpu") !== "cpu") return tf.getBackend(); // null before anything was computed
  await (opening ??= openBackend("auto")
    .then(({ description }) => log(`No backend was opened: training on ${description}.`))
    .finally(() => opening = undefined));
  return tf.getBackend();
}

/** What speaks against WebGPU, if anything. */
function adapterObstacle(adapter: Adapter | null, request: "auto" | BackendName): string | null {
  if (!adapter) return "there is no WebGPU adapter";
  return adapter.software && request === "auto" ? `WebGPU's ${adapter.name} is software` : null;
}

/** Loads a backend and sets it; returns what went wrong, if anything. */
async function set(name: BackendName): Promise<string | null> {
  try {
    await { wasm: loadWasm, webgpu: loadWebGpu, cpu: undefined }[name]?.();
    if (!await tf.setBackend(name)) return `tfjs cannot start ${name}`;
    if (name === "webgpu") forbidSplitK();
    return null;
  } catch (error) {
    return `${name} cannot be loaded (${error})`;
  }
}

async function close(name: BackendName): Promise<void> {
  if (name !== "cpu") {
    const factory = tf.findBackendFactory(name);
    tf.removeBackend(name);
    tf.registerBackend(name, factory); // so that it can be opened again
  }
  await tf.setBackend("cpu");
  open = false;
}
