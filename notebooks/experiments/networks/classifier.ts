/** A small convolutional classifier of gray images: what it still recognises measures which features a coding kept. */
import * as tf from "@tensorflow/tfjs";
import "./kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, checkOptions, contextWith, DATASET, required, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { random } from "../../../lib/random.ts";
import { runEpochs } from "./epochs.ts";

export interface Classifier {
  /** The most probable class of each image. */
  classify(set: Dataset): Promise<Int32Array>;
  /** Share of a set's images whose label it finds. */
  accuracy(set: Dataset): Promise<number>;
  readonly parameters: number;
  dispose(): void;
}

/** Images a step of training, and at once when classifying. */
const BATCH = 32, MANY = 250;

const RATE = 2e-3; // of Adam; it falls to a tenth over the epochs

/**
 * Trains two 3×3 convolutions of 16 and 32 channels with pooling and a dense layer, by Adam on the cross-entropy. The
 * same seed and backend give the same classifier.
 *
 * @param set Gray images of one size, with labels.
 * @throws {MdlError} `usage` for other sets; the context's abort reason
 */
export async function trainClassifier(
  set: Dataset,
  training: { readonly epochs: number; readonly classes: number },
  context: Pick<Context, "seed" | "signal" | "progress"> & Partial<Pick<Context, "log">>,
): Promise<Classifier> {
  checkArguments("trainClassifier", { set, context }, {
    set: DATASET,
    context: contextWith("seed", "signal", "progress"),
  });
  checkOptions("trainClassifier", training, { epochs: required(whole(0)), classes: required(whole(1)) });
  const { epochs, classes } = training;
  const { labels } = set, count = set.names.length;
  if (!labels) throw new MdlError("usage", `A classifier needs labels, which ${set.name} does not have.`);
  if (count < BATCH) throw new MdlError("usage", `A classifier needs ${BATCH} images, not ${count}.`);
  await ensureBackend(context);
  const images = pixelsTensor(set), [, height, width] = images.shape;
  const targets = tf.tidy(() => tf.oneHot(tf.tensor1d([...labels], "int32"), classes).toFloat());
  const model = network(height, width, classes, context.seed), adam = tf.train.adam(RATE);
  model.compile({ optimizer: adam, loss: "categoricalCrossentropy" });
  const stream = random(context.seed, "classifier");
  try {
    await runEpochs({
      label: "train a classifier",
      epochs,
      count,
      batch: BATCH,
      orders: stream,
      async step(items, _, epoch) {
        Object.assign(adam, { learningRate: RATE * 0.1 ** (epoch / epochs) });
        const chosen = tf.tensor1d(items, "int32");
        const [x, y] = [tf.gather(images, chosen), tf.gather(targets, chosen)];
        const loss = await model.trainOnBatch(x, y) as number;
        tf.dispose([chosen, x, y]);
        return loss;
      },
    }, context);
  } catch (error) {
    model.dispose();
    adam.dispose();
    throw error;
  } finally {
    tf.dispose([images, targets]);
  }
  const classify = async (other: Dataset) => {
    const found = tf.tidy(() =>
      (model.predict(pixelsTensor(other), { batchSize: MANY }) as tf.Tensor2D).argMax(1)
    );
    const classes = await found.data<"int32">();
    found.dispose();
    return classes.slice();
  };
  return {
    classify,
    async accuracy(other) {
      if (!other.labels) throw new MdlError("usage", `${other.name} has no labels to compare with.`);
      const found = await classify(other);
      return other.labels.reduce((n, label, i) => n + Number(label === found[i]), 0) / found.length;
    },
    parameters: model.countParams(),
    dispose() {
      model.dispose();
      adam.dispose();
    },
  };
}

function network(height: number, width: number, classes: number, seed: number): tf.Sequential {
  const convolution = (filters: number, n: number, first: { inputShape?: number[] } = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      ...first,
      kernelInitializer: tf.initializers.heNormal({ seed: seed + n }),
    });
  return tf.sequential({
    layers: [
      convolution(16, 1, { inputShape: [height, width, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(32, 2),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({
        units: classes,
        activation: "softmax",
        kernelInitializer: tf.initializers.glorotUniform({ seed: seed + 3 }),
      }),
    ],
  });
}

/** [images, height, width, 1] in [0, 1]; the caller's to dispose. */
function pixelsTensor(set: Dataset): tf.Tensor4D {
  const [group, ...others] = set.groups;
  if (others.length || set.channels !== 1) {
    throw new MdlError("usage", "A classifier takes gray images of one size: preprocess the set first.");
  }
  const shape: [number, number, number, number] = [group!.count, group!.height, group!.width, 1];
  return tf.tidy(() => tf.tensor4d(Float32Array.from(set.symbols), shape).div(255));
}
