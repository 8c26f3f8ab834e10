/** The dense extractor of article section 3.2 and its file. */
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { take } from "../lib/image/dataset.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";
import { MdlError } from "../lib/errors.ts";
import {
  autoencoderUnits,
  deadFeatures,
  DENSE,
  denseAutoencoder,
  denseExtractor,
  denseParameters,
  FEATURES,
  fitAsWritten,
  trainDense,
} from "../notebooks/experiments/networks/dense.ts";
import { decodeDense, encodeDense } from "../notebooks/experiments/networks/dense_file.ts";
import { contextOf } from "../lib/context.ts";

const set = take(await loadDataset("S1"), 40);

/** The same set with other symbols. */

Deno.test("the extractor has the article's layers and as many parameters as counted", async () => {
  const backend = await openBackend("wasm");
  try {
    for (
      const [model, units] of [
        [denseExtractor(1024, 1), [1024, 128, 64, 32, 16]],
        [denseAutoencoder(1024, 1), [1024, 128, 64, 32, 16, 32, 64, 128, 1024]],
      ] as const
    ) {
      assertEquals(model.countParams(), denseParameters(units));
      assertEquals(model.layers.map(({ outputShape }) => outputShape), units.slice(1).map((n) => [null, n]));
      model.optimizer.dispose();
      model.dispose();
    }
    assertEquals([1024, ...DENSE], [1024, 128, 64, 32, 16]);
    assertEquals(autoencoderUnits(1024).length, 9);
  } finally {
    await backend.close();
  }
});

Deno.test("fit as written is refused, and so is the data as its target", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  try {
    const { withoutTarget, dataAsTarget } = await fitAsWritten(set, 1);
    assertNotEquals(withoutTarget, "no error");
    assert(dataAsTarget.includes("16") && dataAsTarget.includes("1024"), dataAsTarget);
    assertEquals(tf.memory().numTensors, before);
  } finally {
    await backend.close();
  }
});

Deno.test("training lowers the error, leaves no tensor behind, and depends on nothing but the seed", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  try {
    const [a, b, other] = [
      await trainDense(set, 4, contextOf(5)),
      await trainDense(set, 4, contextOf(5)),
      await trainDense(set, 4, contextOf(6)),
    ];
    assertEquals(tf.memory().numTensors, before);
    assert(a.curve.at(-1)!.error < a.curve[0]!.error);
    assertEquals(a.layers, b.layers);
    assertEquals(a.features, b.features);
    assertNotEquals(a.layers, other.layers);
    assertEquals(a.features.length, 40 * FEATURES);
    assert(a.initial.every(({ bias }) => bias.every((v) => v === 0)));
    assertEquals(a.flop, 3 * 2 * denseParameters(autoencoderUnits(1024)) * 40 * 4);
  } finally {
    await backend.close();
  }
});

Deno.test("an aborted training throws and leaves no tensor behind", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  try {
    const signal = AbortSignal.abort(new MdlError("interrupted", "Stopped."));
    const error = await trainDense(set, 4, contextOf(5, { signal })).catch((error) => error);
    assertEquals(error.code, "interrupted");
    assertEquals(tf.memory().numTensors, before);
  } finally {
    await backend.close();
  }
});

Deno.test("the file gives back what the network makes of its features, but for quantisation", async () => {
  const backend = await openBackend("wasm");
  try {
    const trained = await trainDense(set, 12, contextOf(1)),
      decoded = decodeDense(encodeDense(set, trained), set);
    const exact = tf.tidy(() => {
      let x: tf.Tensor = tf.tensor2d(trained.features, [40, FEATURES]);
      const decoder = trained.layers.slice(DENSE.length);
      decoder.forEach(({ rows, columns, kernel, bias }, i) => {
        x = tf.matMul(x, tf.tensor2d(kernel, [rows, columns])).add(tf.tensor1d(bias));
        x = i === decoder.length - 1 ? x.sigmoid() : x.relu();
      });
      return x.dataSync();
    });
    const off = decoded.symbols.map((v, i) => Math.abs(v - 255 * exact[i]!));
    assert(
      off.reduce((a, b) => a + b) / off.length < 4,
      "quantised to 8 bits, it stays within a few grey values",
    );
    assertEquals(decoded.names, set.names);
  } finally {
    await backend.close();
  }
});

Deno.test("a file that was cut is refused", () => {
  const layer = {
    rows: 16,
    columns: 1024,
    kernel: new Float32Array(16384).fill(0.1),
    bias: new Float32Array(1024),
  };
  const layers = [...DENSE.map(() => layer), layer];
  const file = encodeDense(set, { layers, features: new Float32Array(40 * FEATURES).fill(1) });
  assertEquals(decodeDense(file, set).names.length, 40);
  assertThrows(() => decodeDense(file.subarray(0, file.length - 5), set), MdlError, "damaged");
});

Deno.test("a feature is dead when no image wakes it", () => {
  const features = new Float32Array(3 * FEATURES);
  features[2 * FEATURES + 5] = 1e-3;
  assertEquals(deadFeatures(features), [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});
