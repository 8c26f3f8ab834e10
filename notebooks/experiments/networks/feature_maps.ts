/** Pictures of what a network's layers make of an image. */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { extractFeatures, layerTensors } from "./convolutional.ts";
import { type Autoencoder, imagesTensor } from "./train_convolutional.ts";
import { taken } from "./weights.ts";

/** For each of the three convolutions, after pooling: one gray picture a channel, from its least value to its largest. */
export async function featureMaps(
  { spec, weights }: Autoencoder,
  image: Dataset,
): Promise<readonly Dataset[]> {
  const tensors = tf.tidy(() => {
    const images = imagesTensor(image).slice([0], [1]);
    const layers = extractFeatures(spec, layerTensors(spec, tf.tensor1d(weights)), images);
    return layers.map((maps) => maps.transpose<tf.Tensor4D>([0, 3, 1, 2])); // [1, channels, height, width]
  });
  const layers = await Promise.all(
    tensors.map(async (maps) => ({ shape: maps.shape, values: await taken(maps) })),
  );
  return layers.map(({ shape: [, count, height, width], values }, n) => {
    const symbols = new Uint8Array(values.length), size = height * width;
    for (let at = 0; at < values.length; at += size) {
      const map = values.subarray(at, at + size),
        least = Math.min(...map),
        range = Math.max(...map) - least || 1;
      map.forEach((v, i) => symbols[at + i] = Math.round(255 * (v - least) / range));
    }
    return dataset({
      name: `layer ${n + 1} of ${image.name}`,
      channels: 1,
      groups: [{ count, height, width }],
      symbols,
      provenance: { ...image.provenance, source: "computed", citation: `Feature maps of ${image.name}.` },
    });
  });
}
