/** Images as a kind of data. */
import type { Codec } from "../codec.ts";
import { checkpointFile } from "../training/checkpoint.ts";
import { candidates } from "./candidates.ts";
import { weigh } from "./choice.ts";
import { type Dataset, dataset } from "./dataset.ts";
import { decoderBytes, decoderFor } from "./decoders.ts";
import { firstDifference } from "./difference.ts";
import { drawImages } from "./draw.ts";
import { estimateCoding, estimateSeconds } from "./estimate.ts";
import { mechanisms } from "./mechanisms.ts";
import { checkChannels, type ProgramModel } from "./model.ts";
import { encodePrequential, type LearnerName, LEARNERS } from "./prequential.ts";
import { itemsOf, readShape, writeShape } from "./shape.ts";
import { checkSpec, inForce, type ModelSpec, parameterCount, tilingOf } from "./spec.ts";
import { joined } from "./tiles.ts";
import { train, type Trained } from "./train.ts";
import {
  describeLoss,
  describeSet,
  PREPROCESS,
  preprocessOf,
  steps,
  transformInPieces,
} from "./transform.ts";
import { encodeTwoPart } from "./two_part.ts";

/** A predictor, wherever it comes from. */
export type ImageModel = Pick<ProgramModel, "spec" | "channels" | "weights" | "steps">;

export const image: Codec<Dataset, ModelSpec, ImageModel, Trained> = {
  modality: "image",
  unit: "images",
  drawn: 64,
  trains: () => 1,
  shape: writeShape,
  items: itemsOf,
  checkShape: (shape, items) => void readShape({ shape, items }),
  assemble: (shape, items, symbols, said) => dataset({ ...said, ...readShape({ shape, items }), symbols }),
  draw: drawImages,
  difference: firstDifference,

  preprocessing: {
    kinds: PREPROCESS,
    steps,
    apply: transformInPieces,
    loss: describeLoss,
    said: preprocessOf,
  },
  mechanisms,
  candidates(spec, set, exactly) {
    const specs = (exactly ? [spec] : candidates(spec, set.symbols.length, set.channels)).map(inForce);
    specs.forEach(checkSpec);
    return specs;
  },
  summary: describeSet,
  describe: (spec, { channels }) => `${parameterCount(spec, channels).toLocaleString("en")} parameters`,
  smaller(share, { names }) {
    const count = Math.max(1, Math.floor(names.length * share));
    const smaller = "make the images smaller (size)";
    return names.length > 1 ? `take at most ${count.toLocaleString("en")} (take), or ${smaller}` : smaller;
  },
  decoderBytes,

  async fit(set, spec, { schedule, threads, checkpoints, identity }, context) {
    const checkpoint = checkpoints ? checkpointFile(checkpoints, identity) : undefined;
    const tiling = tilingOf(spec), pictures = joined(set, tiling);
    if (tiling) {
      context.log(`compress: images are coded as pictures of ${tiling.columns}×${tiling.rows} of them`);
    }
    const trained = await train(pictures, spec, schedule, threads, context, checkpoint);
    const { weights, quantisation: steps } = trained;
    return {
      trained,
      model: { spec, channels: set.channels, weights, steps },
      forget: async () => await checkpoint?.remove(),
    };
  },
  async encode(set, { spec, channels, weights, steps }, context) {
    checkChannels(channels, set);
    const code = await encodeTwoPart(joined(set, tilingOf(spec)), spec, weights, steps, context);
    return { ...code, decoder: await decoderFor(spec) };
  },
  learning: {
    ways: LEARNERS,
    keepOrder: ({ scales }) => scales === 1,
    encode: (set, way, context) => encodePrequential(set, way as LearnerName, context),
    weigh,
  },
  estimate: (set, spec, training, context) =>
    estimateSeconds(joined(set, tilingOf(spec)), spec, training, context),
  estimateCoding(set, model, context) {
    checkChannels(model.channels, set);
    return estimateCoding(set, model, context);
  },
};
