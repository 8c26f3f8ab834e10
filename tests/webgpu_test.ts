/** Every training and every reading of a network on WebGPU, where tensors can be read asynchronously only. */
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { findAdapter } from "../lib/backend/webgpu.ts";
import { planning } from "../lib/chain.ts";
import { contextOf } from "../lib/context.ts";
import { take } from "../lib/image/mod.ts";
import { random } from "../lib/random.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { compress } from "../lib/stages/compress.ts";
import { sampleText } from "../notebooks/experiments/language/sample.ts";
import { trainLanguage } from "../notebooks/experiments/language/train.ts";
import { articleExtractor, sightOf } from "../notebooks/experiments/networks/article_extractor.ts";
import { trainClassifier } from "../notebooks/experiments/networks/classifier.ts";
import { PLAIN } from "../notebooks/experiments/networks/convolutional.ts";
import {
  convolutionalCoder,
  pixelsOf,
  readConvolutionalFile,
} from "../notebooks/experiments/networks/convolutional_file.ts";
import { featureMaps } from "../notebooks/experiments/networks/feature_maps.ts";
import { imagesTensor, trainAutoencoder } from "../notebooks/experiments/networks/train_convolutional.ts";

const adapter = await findAdapter();
if (!adapter) console.log("WebGPU is not tested: there is no adapter here, not even software.");

const scenes = drawScenes({ take: 32 }), context = contextOf(1, { log: () => {} });

/** On WebGPU, from which no tensor is left. */
function onWebGpu(name: string, test: () => Promise<void>) {
  Deno.test({
    name: `webgpu: ${name}`,
    ignore: !adapter,
    fn: async () => {
      const backend = await openBackend("webgpu"), before = tf.memory().numTensors;
      await test();
      assertEquals(tf.memory().numTensors, before);
      await backend.close();
    },
  });
}

onWebGpu("a program is trained, and gives its images back", async () => {
  const few = take(scenes, 4), plan = (await planning().run(few, context)).output;
  const program = await compress({ steps: 4, exactly: true }).run(plan, context);
  assert(program.spec, "a model was trained");
  await program.verify(few, context);
});

onWebGpu("an autoencoder is trained, written and read, and shows what it sees", async () => {
  const few = take(scenes, 8), trained = await trainAutoencoder(few, PLAIN, { epochs: 1, batch: 8 }, context);
  assert(trained.weights.every(Number.isFinite) && Number.isFinite(trained.curve[0]!.error));
  const coder = await convolutionalCoder(trained, few), coding = await coder.at({ bits: 4, step: 1 });
  assertEquals(await pixelsOf(readConvolutionalFile(coding.file)), coding.decoded.symbols);
  assertEquals((await featureMaps(trained, take(few, 1))).length, 3);
  const model = articleExtractor(1, 1), images = imagesTensor(take(few, 2));
  assert((await sightOf(model, images)).some((value) => value > 0));
  model.optimizer.dispose();
  model.dispose();
  images.dispose();
});

onWebGpu("a classifier is trained and asked", async () => {
  const labels = scenes.names.map((_, i) => i % 2);
  const classifier = await trainClassifier({ ...scenes, labels }, { epochs: 1, classes: 2 }, context);
  assertEquals((await classifier.classify(scenes)).length, scenes.names.length);
  classifier.dispose();
});

onWebGpu("language models are trained and draw text", async () => {
  const { below } = random(1, "text"), text = Uint8Array.from({ length: 400 }, () => below(5));
  const texts = { train: text, validation: text.subarray(0, 40), test: text.subarray(40, 80) };
  for (
    const spec of [
      { kind: "recurrent", symbols: 5, embedding: 4, hidden: 6 },
      { kind: "attention", symbols: 5, width: 8, heads: 2, blocks: 1, context: 8 },
    ] as const
  ) {
    const training = { steps: 2, batch: 4, length: 8, rate: 0.01, measurements: 1 };
    const { stopped } = await trainLanguage(spec, texts, training, context);
    assert(Number.isFinite(stopped.test));
    const drawn = await sampleText(spec, stopped.weights, Uint8Array.of(1), 5, random(1, "draw"));
    assertEquals(drawn.length, 5);
  }
});
