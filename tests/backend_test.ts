import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, openBackend } from "../lib/backend/backend.ts";
import { describeAdapter, findAdapter } from "../lib/backend/webgpu.ts";
import { threadsOf } from "../lib/backend/threads.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import "../notebooks/experiments/networks/kernels.ts";

const adapter = await findAdapter();
if (!adapter) {
  console.log("WebGPU is not tested: there is no adapter here, not even software (mesa-vulkan-drivers).");
}

Deno.test("a training has a thread a core, or as many as the environment says", () => {
  const asked = (threads: string) => threadsOf(new Map([["MDLAB_THREADS", threads]]));
  assertEquals(threadsOf(new Map()), navigator.hardwareConcurrency);
  assertEquals(asked("3"), 3);
  for (const none of ["0", "two", "1.5", ""]) assertThrows(() => asked(none), MdlError, "whole number");
});

/** Trains a small network with a convolution, pooling and dense layers from seeded weights; returns all weights. */
async function trainedWeights(seed: number): Promise<Float32Array[]> {
  const initial = (i: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: seed + i }) });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", inputShape: [8, 8, 1], ...initial(1) }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, activation: "relu", ...initial(2) }),
      tf.layers.upSampling2d({ size: [2, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax", ...initial(3) }),
    ],
  });
  const { normal } = random(3, "images"), count = 24;
  const images = tf.tensor(Array.from({ length: count * 64 }, normal), [count, 8, 8, 1]);
  const classes = tf.oneHot(Array.from({ length: count }, (_, i) => i % 3), 3);
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
  await model.fit(images, classes, { epochs: 2, batchSize: 8, shuffle: false, verbose: 0 });
  const weights = await Promise.all(model.getWeights().map((tensor) => tensor.data()));
  (model as tf.LayersModel).optimizer.dispose();
  model.dispose();
  tf.dispose([images, classes]);
  return weights as Float32Array[];
}

for (const name of ["cpu", "wasm", "webgpu"] satisfies BackendName[]) {
  Deno.test({
    name: `${name}: training gives the same weights for the same seed, others for another, and leaks nothing`,
    ignore: name === "webgpu" && !adapter,
    fn: async () => {
      const backend = await openBackend(name);
      assertEquals([backend.name, tf.getBackend()], [name, name]);
      const before = tf.memory().numTensors;
      const weights = await trainedWeights(5);
      assert(weights.every((tensor) => tensor.every(Number.isFinite)));
      assertEquals(await trainedWeights(5), weights);
      assert((await trainedWeights(6))[0]!.join() !== weights[0]!.join());
      assertEquals(tf.memory().numTensors, before);
      await backend.close();
    },
  });
}

Deno.test("a backend can be closed and opened again", async () => {
  for (let i = 0; i < 2; i++) {
    const backend = await openBackend("wasm");
    const product = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync());
    assertEquals([...product], [11]);
    await backend.close();
    assertEquals(tf.getBackend(), "cpu");
  }
});

Deno.test("automatic choice: wasm, whatever adapter there is, and it says why", async () => {
  const backend = await openBackend("auto");
  assertEquals([backend.name, backend.adapter], ["wasm", undefined]);
  assertEquals(backend.description, "wasm (the fastest for small networks)");
  await backend.close();
});

Deno.test("software adapters are told from hardware", () => {
  const software = [
    { description: "llvmpipe (LLVM 15.0.6, 256 bits)", vendor: "65541" },
    { description: "SwiftShader Device (Subzero)" },
    { vendor: "google", architecture: "swiftshader" },
    { description: "Microsoft Basic Render Driver" },
    { description: "NVIDIA GeForce RTX 4070", isFallbackAdapter: true },
  ];
  const hardware = [
    { description: "NVIDIA GeForce RTX 4070", isFallbackAdapter: false },
    { description: "Apple M2", vendor: "0" },
    { description: "AMD Radeon RX 6600 (RADV NAVI23)" },
    { description: "", device: "0", vendor: "intel", architecture: "gen-12lp" },
  ];
  for (const info of software) assert(describeAdapter(info).software, JSON.stringify(info));
  for (const info of hardware) assert(!describeAdapter(info).software, JSON.stringify(info));
  assertEquals(describeAdapter({ description: "", device: "0", vendor: "intel" }).name, "intel");
});

Deno.test("without WebGPU: asked for, a sentence; automatically, wasm", async () => {
  Object.defineProperty(navigator, "gpu", { value: undefined, configurable: true }); // as on engines without it
  try {
    const error = await assertRejects(() => openBackend("webgpu"), MdlError);
    assertEquals(error.code, "no-backend");
    assertMatch(error.message, /there is no WebGPU adapter; the backend auto is the best that can\.$/);
    const backend = await openBackend("auto");
    assertEquals(backend.name, "wasm");
    await backend.close();
  } finally {
    delete (navigator as { gpu?: unknown }).gpu; // the prototype's shows again
  }
});

Deno.test({
  name: "webgpu: long inner products are right and the same each time",
  ignore: !adapter,
  fn: async () => {
    const backend = await openBackend("webgpu");
    assertEquals(backend.adapter, adapter!.name);
    const { normal } = random(4),
      normals = (shape: [number, number]) =>
        tf.tensor2d(Array.from({ length: shape[0] * shape[1] }, normal), shape);
    const a = normals([64, 4096]), b = normals([64, 4096]);
    const [transposed, again, explicit] = await Promise.all(
      [tf.matMul(a, b, false, true), tf.matMul(a, b, false, true), tf.matMul(a, tf.transpose(b))].map((t) =>
        t.data()
      ),
    );
    assertEquals(again, transposed);
    const [x, y] = await Promise.all([a.data(), b.data()]);
    for (let i = 0; i < 64; i++) {
      let dot = 0;
      for (let k = 0; k < 4096; k++) dot += x[i * 4096 + k]! * y[(63 - i) * 4096 + k]!;
      const at = i * 64 + 63 - i;
      assert(Math.abs(transposed![at]! - dot) < 1e-3 && Math.abs(explicit![at]! - dot) < 1e-3);
    }
    await backend.close();
  },
});

Deno.test("a script that opens no backend trains on the best, is told which, once, and ends by itself", async () => {
  const script = fileURLToPath(new URL("fixtures/plain_training.ts", import.meta.url));
  const args = ["run", "--allow-read", "--allow-env", script];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const lines = new TextDecoder().decode(stdout).split("\n"), backend = await openBackend("auto");
  await backend.close();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(lines.filter((line) => line.startsWith("No backend")), [
    `No backend was opened: training on ${backend.description}.`,
  ]);
  assertEquals(lines.filter((line) => line.startsWith(`${backend.name}: `)).length, 2);
});
