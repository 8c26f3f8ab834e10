import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "../notebooks/experiments/language/kernels.ts";
import "../notebooks/experiments/networks/kernels.ts";
import { type BackendName, openBackend } from "../lib/backend/backend.ts";
import { registerWasmKernel } from "../lib/backend/wasm_kernel.ts";
import { attributesOf, composedStep, fusedStep } from "../lib/training/optimiser.ts";
import { random } from "../lib/random.ts";

/** An operation to be differentiated by all its inputs, which are random normal numbers of these shapes. */
interface Case {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
}

type Padding = "same" | "valid" | number;

const roundingOf = (pad: Padding) => pad === 1 ? "floor" : undefined;

/** Filter size, stride, padding; then height and width of the input. */
const CONVOLUTIONS: readonly [number, number, Padding, number, number][] = [
  [3, 1, "same", 9, 11],
  [3, 1, "valid", 9, 11],
  [3, 1, 2, 5, 6],
  [3, 2, "same", 9, 10],
  [3, 2, "valid", 10, 9],
  [5, 3, "same", 11, 8],
  [2, 1, "same", 6, 6],
  [4, 2, 1, 8, 8],
  [1, 1, "same", 7, 5],
  [1, 2, "same", 7, 8],
  [2, 3, "valid", 8, 9], // strides past the filter
];

const conv2d: Case[] = CONVOLUTIONS.flatMap(([size, stride, pad, height, width], i) =>
  [1 + i % 3, 16].map((images) => ({ // few, and many: their gradients go another way
    name: `conv2d ${size}×${size}, stride ${stride}, padding ${pad}, ${images} images`,
    shapes: [[images, height, width, 3], [size, size, 3, 5]],
    f: (...of) =>
      tf.conv2d(of[0] as tf.Tensor4D, of[1] as tf.Tensor4D, stride, pad, "NHWC", 1, roundingOf(pad)),
  }))
);

const depthwise: Case[] = ([[1, 1, 1], [2, 1, 1], [1, 1, 3], [2, 1, 2]] as const).flatMap((
  [stride, dilation, multiplier],
) =>
  (["same", "valid"] as const).map((pad) => ({
    name: `depthwiseConv2d stride ${stride}, dilation ${dilation}, multiplier ${multiplier}, ${pad}`,
    shapes: [[2, 9, 11, 3], [3, 3, 3, multiplier]],
    f: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", dilation),
  }))
);

const matMul: Case[] = [[], [1], [3], [2, 3]].flatMap((batch) =>
  [false, true].flatMap((ta) =>
    [false, true].map((tb) => ({
      name: `matMul batch [${batch}], transposed ${ta} ${tb}`,
      shapes: [[...batch, ...(ta ? [19, 18] : [18, 19])], [...batch, ...(tb ? [5, 19] : [19, 5])]],
      f: (a, b) => tf.matMul(a, b, ta, tb),
    }))
  )
);

/** Size, stride, padding; then width of the input. */
const POOLINGS: readonly [number, number, Padding, number][] = [
  [2, 2, "same", 9],
  [2, 2, "valid", 8], // windows side by side
  [3, 1, "same", 9],
  [3, 2, "valid", 9],
  [3, 2, 1, 9],
];

const pooling: Case[] = POOLINGS.flatMap(([size, stride, pad, width]) =>
  [0, -9].map((shift) => ({ // −9: no pixel above zero
    name: `maxPool ${size}×${size}, stride ${stride}, padding ${pad}, width ${width}, around ${shift}`,
    shapes: [[2, width - width % 2 * 2, width, 3]],
    f: (x) => tf.maxPool(x.add(shift) as tf.Tensor4D, size, stride, pad, roundingOf(pad)),
  }))
);

const AXES = [undefined, [], [0], [1], [3], [0, 1], [1, 2], [0, 2], [0, 3], [0, 1, 2], [3, 1]];
const reductions: Case[] = AXES.flatMap((axes) =>
  [false, true].flatMap((keep) => [
    { name: `sum over [${axes}], ${keep}`, shapes: [[3, 4, 2, 5]], f: (x) => tf.sum(x, axes, keep) },
    { name: `mean over [${axes}], ${keep}`, shapes: [[3, 4, 2, 5]], f: (x) => tf.mean(x, axes, keep) },
  ])
);

const gathering: Case[] = [[5], [2, 3]].map((shape) => ({
  name: `gather with indices [${shape}]`,
  shapes: [[7, 4]],
  f: (x) =>
    tf.gather(x, tf.tensor([1, 3, 3, 6, 0, 1].slice(0, tf.util.sizeFromShape(shape)), shape, "int32")),
}));

const upsampling: Case[] = [{
  name: "conv2dTranspose, stride 2",
  shapes: [[2, 5, 6, 4], [4, 4, 3, 4]],
  f: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 10, 12, 3], 2, "same"),
}];

const CASES = [conv2d, depthwise, matMul, pooling, reductions, gathering, upsampling].flat();

/** Result and gradients of every case on a backend; each output element has a weight of its own. */
async function differentiate(name: BackendName): Promise<Map<string, Float32Array[]>> {
  const backend = await openBackend(name), results = new Map<string, Float32Array[]>();
  for (const { name, shapes, f } of CASES) {
    const { normal } = random(1, name), before = tf.memory().numTensors;
    const values = tf.tidy(() => {
      const inputs = shapes.map((shape) => {
        return tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, normal), shape);
      });
      const output = f(...inputs);
      const weights = tf.tensor(Array.from({ length: output.size }, normal), output.shape);
      return [output, ...tf.grads(f)(inputs, weights)].map((tensor) => tensor.dataSync() as Float32Array);
    });
    assertEquals(tf.memory().numTensors, before, name);
    results.set(name, values);
  }
  await backend.close();
  return results;
}

Deno.test("wasm computes the results and gradients of the cpu backend", async () => {
  const expected = await differentiate("cpu"), actual = await differentiate("wasm");
  for (const { name } of CASES) {
    actual.get(name)!.forEach((values, i) => {
      const reference = expected.get(name)![i]!, largest = Math.max(...reference.map(Math.abs));
      assert(largest > 0, name);
      assertEquals(values.length, reference.length, name);
      values.forEach((value, k) => assertAlmostEquals(value, reference[k]!, 1e-5 * largest, `${name}, ${i}`));
    });
  }
});

Deno.test("wasm broadcasts matrices, as a sum of products tells", async () => {
  const backend = await openBackend("wasm");
  const { normal } = random(2),
    normals = (shape: number[]) =>
      tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, normal), shape);
  for (
    const [a, b] of [[[2, 1, 4, 6], [2, 3, 6, 5]], [[3, 1, 4, 6], [2, 6, 5]], [[4, 6], [3, 6, 5]]] as const
  ) {
    const [x, y] = [normals([...a]), normals([...b])];
    const difference = tf.tidy(() =>
      tf.matMul(x, y).sub(x.expandDims(-1).mul(y.expandDims(-3)).sum(-2)).abs().max().dataSync()[0]!
    );
    assert(difference < 1e-5, `${a} · ${b}: ${difference}`);
    tf.dispose([x, y]);
  }
  await backend.close();
});

Deno.test("wasm leaves nothing on its heap: no kernel keeps a tensor of its own", async () => {
  const backend = await openBackend("wasm");
  const held = () => tf.engine().backend.numDataIds();
  for (const { name, shapes, f } of CASES) {
    const before = held();
    tf.tidy(() => {
      const inputs = shapes.map((shape) => tf.fill(shape, 0.5));
      tf.grads(f)(inputs, tf.onesLike(f(...inputs)));
    });
    assertEquals(held(), before, name);
  }
  await backend.close();
});

Deno.test("wasm keeps the digits of long sums", async () => {
  const backend = await openBackend("wasm");
  const values = Float32Array.from({ length: 1_000_000 }, (_, i) => 0.1 + 1e-3 * Math.sin(i));
  const exact = values.reduce((a, b) => a + b, 0); // a + b in float64
  const [mean, sum, column] = tf.tidy(() => {
    const x = tf.tensor1d(values), grid = x.reshape([-1, 2]);
    return [x.mean(), x.sum(), grid.sum(0).sum()].map((tensor) => tensor.dataSync()[0]!);
  });
  assertAlmostEquals(mean!, exact / values.length, 1e-8);
  assertAlmostEquals(sum!, exact, 0.01);
  assertAlmostEquals(column!, exact, 0.01);
  await backend.close();
});

Deno.test("wasm sums over segments, and counts nothing for identifiers out of range", async () => {
  const backend = await openBackend("wasm");
  const sums = tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]), ids = tf.tensor1d([2, 0, 2, 3], "int32");
    return tf.unsortedSegmentSum(x, ids, 3).arraySync();
  });
  assertEquals(sums, [[3, 4], [0, 0], [6, 8]]);
  await backend.close();
});

Deno.test("a kernel of one's own reads and writes tensors on the wasm heap", async () => {
  interface Inputs {
    readonly x: tf.TensorInfo;
  }
  registerWasmKernel("SumAndDouble", ({ x }: Inputs, { factor }: { factor: number }, heap) => {
    const sum = heap.run("Sum", { x }, { axis: [0] }), multiple = heap.make(x.shape);
    const from = heap.floats(x), to = heap.floats(multiple);
    from.forEach((value, i) => to[i] = factor * value);
    return [sum, multiple];
  });
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const outputs = tf.tidy(() => {
    const inputs = { x: tf.tensor1d([1, 2, 4]) };
    const tensors = tf.engine().runKernel("SumAndDouble", inputs, { factor: 2 }) as tf.Tensor[];
    return tensors.map((tensor) => tensor.arraySync());
  });
  assertEquals(outputs, [7, [2, 4, 8]]);
  assertEquals(tf.memory().numTensors, before);
  tf.unregisterKernel("SumAndDouble", "wasm");
  await backend.close();
});

Deno.test("a step of AdamW in one kernel is the step in tfjs operations", async () => {
  const backend = await openBackend("wasm"), { normal } = random(3, "adam");
  const draw = (scale: number) => tf.tensor1d(Array.from({ length: 40 }, () => scale * normal()));
  for (const scale of [0.01, 10]) { // the second gradient is longer than allowed
    const state = { weights: draw(1), mean: draw(scale), square: draw(scale).square(), average: draw(1) };
    const gradient = draw(scale), by = attributesOf(3, 0.006);
    const [expected, actual] = [composedStep, fusedStep].map((step) =>
      step(state, gradient, by).map((tensor) => [...tensor.dataSync()])
    );
    expected!.flat().forEach((value, i) =>
      assertAlmostEquals(actual!.flat()[i]!, value, 1e-6 * Math.max(1, Math.abs(value)))
    );
  }
  await backend.close();
});
