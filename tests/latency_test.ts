import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Labelled, labelledOf } from "../scripts/laboratory/measure/labelled.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { datasetOf } from "../lib/image/dataset.ts";
import { compareNearest } from "../notebooks/experiments/programs/nearest_cost.ts";
import { measureDecoding } from "../notebooks/experiments/programs/decoding_speed.ts";
import { latencies } from "../scripts/laboratory/measure/latency.ts";
import {
  type DenseNet,
  netAccuracy,
  netFlop,
  netParameters,
  openNet,
  trainDense,
} from "../notebooks/experiments/networks/dense_classifier.ts";
import {
  denseLoops,
  nonZero,
  pruned,
  rounded,
  sparseLoops,
} from "../notebooks/experiments/networks/dense_shrink.ts";
import { shareRight } from "../notebooks/experiments/networks/classes.ts";
import { nearestClasses } from "../notebooks/experiments/networks/nearest.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";

/** Three classes, told apart by which third of the numbers is large. */
function thirds(count: number, seed: number): Labelled {
  const { below, normal } = random(seed, "thirds"), size = 12;
  const labels = Array.from({ length: count }, () => below(3));
  const inputs = Float32Array.from({ length: count * size }, (_, i) => {
    return normal() + (Math.floor(i % size / 4) === labels[Math.floor(i / size)] ? 2 : 0);
  });
  return { inputs, size, labels };
}

function randomNet(units: readonly number[], seed: number): DenseNet {
  const { normal } = random(seed, "net");
  return units.slice(1).map((columns, i) => ({
    rows: units[i]!,
    columns,
    bias: Float32Array.from({ length: columns }, normal),
    weights: Float32Array.from({ length: units[i]! * columns }, normal),
  }));
}

Deno.test("a dense classifier learns, is the same for the same seed, and leaves no tensor behind", async () => {
  const backend = await openBackend("auto"), before = tf.memory().numTensors;
  const training = { hidden: [16], classes: 3, steps: 150, batch: 32, rate: 1e-2 };
  const { net, flop } = await trainDense(thirds(400, 1), training, contextOf(1));
  const again = await trainDense(thirds(400, 1), training, contextOf(1));
  assertEquals(again.net, net);
  assertEquals([netParameters(net), netFlop(net)], [13 * 16 + 17 * 3, 2 * (13 * 16 + 17 * 3)]);
  assertEquals(flop, 3 * netFlop(net) * 150 * 32);
  const accuracy = await netAccuracy(net, thirds(300, 2));
  assert(accuracy > 0.9, `${accuracy}`);
  const stopped = AbortSignal.abort(new Error("stopped"));
  await assertRejects(
    () => trainDense(thirds(9, 1), training, contextOf(1, { signal: stopped })),
    Error,
    "stopped",
  );
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("plain loops, dense or sparse, compute what the backend computes", async () => {
  const backend = await openBackend("auto"), net = pruned(randomNet([20, 30, 7], 3), 0.8);
  const { normal } = random(4, "sample"), sample = Float32Array.from({ length: 20 }, normal);
  const open = openNet(net), wanted = await open.logits(sample);
  open.dispose();
  for (const loops of [denseLoops(net), sparseLoops(net)]) {
    loops(sample).forEach((v, i) => assertAlmostEquals(v, wanted[i]!, 1e-4));
  }
  await backend.close();
});

Deno.test("pruning sets the smallest weights to zero, rounding leaves at most 2^bits − 1 values a layer", () => {
  const net = randomNet([40, 25, 5], 5), total = 40 * 25 + 25 * 5;
  for (const share of [0, 0.5, 0.9, 1]) {
    const small = pruned(net, share);
    assertAlmostEquals(nonZero(small), (1 - share) * total, 1);
    small.forEach(({ weights }, l) => {
      const kept = [...net[l]!.weights].filter((_, i) => weights[i] !== 0).map(Math.abs);
      const lost = [...net[l]!.weights].filter((_, i) => weights[i] === 0).map(Math.abs);
      assert(Math.min(...kept, Infinity) >= Math.max(...lost, 0));
    });
  }
  for (const bits of [2, 4, 8]) {
    rounded(net, bits).forEach(({ weights }, l) => {
      assert(new Set(weights).size <= 2 ** bits - 1);
      const largest = Math.max(...net[l]!.weights.map(Math.abs)), step = largest / (2 ** (bits - 1) - 1);
      weights.forEach((w, i) => assert(Math.abs(w - net[l]!.weights[i]!) <= step / 2 + 1e-6));
    });
  }
});

Deno.test("the nearest neighbour's class is found; a sample's own class is found among the known ones", () => {
  const known = { inputs: Float32Array.of(0, 0, 10, 0, 0, 10), size: 2, labels: [4, 5, 6] };
  assertEquals(nearestClasses(known, Float32Array.of(1, 2, 9, 1, 3, 8, 5, 0)), [4, 5, 6, 4]);
  const set = thirds(100, 6);
  assertEquals(shareRight(nearestClasses(set, set.inputs), set.labels), 1);
  assert(shareRight(nearestClasses(thirds(300, 7), set.inputs), set.labels) > 0.8);
});

Deno.test("times: one for each case and round, by turns, after warming up", async () => {
  const ran: string[] = [];
  const wait = (name: string, ms: number) => ({
    name,
    run: () => {
      ran.push(name);
      return new Promise((resolve) => setTimeout(resolve, ms));
    },
  });
  const [quick, slow] = await latencies([wait("quick", 1), wait("slow", 150)], 5);
  assertEquals(ran.join(" "), Array.from({ length: 6 }, () => "quick slow").join(" "));
  assert(slow!.seconds > quick!.seconds && slow!.seconds >= 0.149);
  for (const { lower, seconds, upper } of [quick!, slow!]) assert(lower <= seconds && seconds <= upper);
  await assertRejects(() =>
    latencies([wait("never", 1)], 2, { signal: AbortSignal.abort(new Error("stopped")) })
  );
});

Deno.test("decoding speed: verified programs, and layers that share their weights save parameters but no FLOP", async () => {
  const backend = await openBackend("auto"), set = await loadDataset("noise", { take: 4 });
  const variant = (layers: boolean) => ({
    features: { width: 8, blocks: 3, leastSquares: false, neighbours: 6 },
    sharing: { layers },
  });
  const sizes = [{ name: "own", variant: variant(false) }, { name: "shared", variant: variant(true) }];
  const [own, shared] = await measureDecoding(set, sizes, { steps: 20, rounds: 2 }, contextOf(1));
  await backend.close();
  assertEquals(own!.parameters - shared!.parameters, 2 * 2 * 9 * 8);
  assertEquals(own!.flop, shared!.flop);
  assert(shared!.weights < own!.weights && shared!.weights > 0);
  assertAlmostEquals(own!.perSymbol, own!.seconds * 1e6 / set.symbols.length, 1e-9);
});

Deno.test("a labelled set as rows of numbers from 0 to 1; a set without labels is refused", async () => {
  const set = await loadDataset("noise", { take: 2 }), named = { ...set, labels: [3, 1] };
  const { inputs, size, labels } = labelledOf(named);
  assertEquals([inputs.length, size, labels], [set.symbols.length, set.symbols.length / 2, [3, 1]]);
  set.symbols.forEach((v, i) => assertAlmostEquals(inputs[i]!, v / 255, 1e-7));
  assertEquals(assertThrows(() => labelledOf(set), MdlError).code, "usage");
});

Deno.test("nearest neighbours on components: all of them decide as the pixels do, and few cost less", async () => {
  const { below, normal } = random(10, "blobs");
  const blobs = (count: number) => {
    const labels = Array.from({ length: count }, () => below(2));
    const pictures = labels.map((label) => ({
      height: 8,
      width: 8,
      pixels: Uint8Array.from(
        { length: 64 },
        (_, i) => 100 + 60 * Number(i % 8 > 3 === (label === 1)) + 8 * normal(),
      ),
    }));
    const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };
    return datasetOf(pictures, {
      name: "blobs",
      channels: 1,
      provenance,
      labels,
    });
  };
  const [raw, all, few] = await compareNearest(blobs(70), blobs(40), [64, 2], contextOf(1));
  assertEquals([raw!.dimensions, all!.dimensions, few!.dimensions], [64, 64, 2]);
  assertEquals([raw!.accuracy, all!.accuracy, few!.accuracy], [1, 1, 1]);
  assertEquals(raw!.projecting, 0);
  for (const { seconds, projecting, searching } of [raw!, all!, few!]) {
    assertEquals(seconds, projecting + searching);
  }
});
