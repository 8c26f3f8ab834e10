/** Pictures of what a network's layers make of an image. */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { runningNames } from "../../../lib/items.ts";
import { extractFeatures, layerTensors } from "./convolutional.ts";
import { type Autoencoder, imagesTensor } from "./train_convolutional.ts";

/** For each of the three convolutions, after pooling: one gray picture a channel, from its least value to its largest. */
export function featureMaps({ spec, weights }: Autoencoder, image: Dataset): readonly Dataset[] {
  const layers = tf.tidy(() => {
    const images = imagesTensor(image).slice([0], [1]);
    return extractFeatures(spec, layerTensors(spec, tf.tensor1d(weights)), images).map((maps) => ({
      shape: maps.shape,
      values: maps.transpose([0, 3, 1, 2]).dataSync<"float32">().slice(), // [1, channels, height, width]
    }));
  });
  return layers.map(({ shape: [, height, width, count], values }, n) => {
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
      names: runningNames(count),
      provenance: { ...image.provenance, source: "computed", citation: `Feature maps of ${image.name}.` },
    });
  });
}
