/** Which ways of coding a set are worth building: each is tried on a sample. */
import * as tf from "@tensorflow/tfjs";
import type { Coded, Schedule, Weighed } from "../codec.ts";
import { type Context, contextOf } from "../context.ts";
import { type Dataset, datasetOf, images, thinned } from "./dataset.ts";
import { decoderFor } from "./decoders.ts";
import { encodePrequential, LEARNERS } from "./prequential.ts";
import { crop } from "./raster.ts";
import { LONGEST_SIDE, trainable } from "./samples.ts";
import type { ModelSpec } from "./spec.ts";
import { train } from "./train.ts";
import { encodeTwoPart } from "./two_part.ts";

/** Symbols of a sample, about; it is taken from images with so many times as many. */
const SAMPLE = 120_000, SPREAD = 4;

/** Steps that the network is trained on the sample: most of what there is to learn. */
const STEPS = 400;

/**
 * What is left of a payload where there is more to learn from than the sample: the network is trained for longer, too.
 * Measured on 100 to 1,000 images, 0.87 to 0.92 and 0.89 to 1.
 */
const WHOLE = { network: 0.88, learning: 0.95 };

/**
 * A coding of the sample that took fewer milliseconds is timed anew, on a sample so many times as large: the first one of
 * a kind warms the engine up, and where there is little to code the first symbols, to which all is new, take the longest.
 */
const BRIEF = 500, LARGER = 4;

/** Training's share of the time that the network is tried. */
const TRAINING = 0.7;

/** Evenly spaced images, of each the rows in the middle: a part of many says more of a set than all of few. */
function sampleOf(set: Dataset, most: number): Dataset {
  const { name, channels, provenance } = set;
  const rows = [...images(thinned(set, SPREAD * most))];
  const share = most / rows.reduce((sum, { pixels }) => sum + pixels.length, 0);
  if (share >= 1) return thinned(set, most);
  const bands = rows.map((image) => {
    const height = Math.max(1, Math.round(image.height * share));
    return crop({ ...image, channels }, 0, (image.height - height) >> 1, image.width, height);
  });
  return datasetOf(bands, { name, channels, provenance });
}

/**
 * What each way would come to, in bytes, and the seconds that coding takes, by a sample of the set. Of the network nothing
 * is known where training is slow, and it is no way where it cannot be trained.
 *
 * @throws {MdlError} `interrupted`
 */
export async function weigh(
  set: Dataset,
  spec: ModelSpec,
  ways: readonly string[],
  { schedule, threads }: { readonly schedule: Schedule; readonly threads: number },
  { signal, progress, log }: Pick<Context, "signal" | "progress" | "log">,
): Promise<readonly Weighed[]> {
  const sample = sampleOf(set, SAMPLE), found: Weighed[] = [];
  const times = ({ symbols }: Dataset) => set.symbols.length / symbols.length;
  let shown = -1;
  const report = (done: number, note: string) => {
    if (done > shown) {
      progress({ label: "weigh ways", done: shown = done, total: ways.length, unit: "ways", note });
    }
  };
  const weighed = async (way: string, whole: number, encode: (of: Dataset) => Promise<Coded>) => {
    const timed = async (of: Dataset) => {
      const begun = performance.now(), coded = await encode(of), taken = performance.now() - begun;
      return { ...coded, taken, seconds: taken / 1000 * times(of) };
    };
    const first = await timed(sample), { decoder, weights, payloads } = first;
    const { seconds } = first.taken < BRIEF ? await timed(sampleOf(set, LARGER * SAMPLE)) : first;
    const payload = payloads.reduce((sum, { bytes }) => sum + bytes.length, 0);
    found.push({
      way,
      bytes: Math.round(decoder.length + (weights?.bytes.length ?? 0) + payload * times(sample) * whole),
      seconds,
    });
  };
  for (const [i, way] of ways.entries()) {
    /** Work that is a stretch of this way's. */
    const during = (label: string, from: number, to: number) =>
      contextOf(1, {
        signal,
        progress: (inner) => {
          if (inner.label === label && inner.done < inner.total) {
            report(i + from + (to - from) * inner.done / inner.total, way);
          }
        },
      });
    report(i, way);
    const learner = LEARNERS.find((name) => name === way);
    if (learner) {
      const context = during("encode", 0, 1);
      await weighed(way, WHOLE.learning, (of) => encodePrequential(of, learner, context));
    } else if (!trainable(set.groups)) {
      const most = LONGEST_SIDE.toLocaleString("en");
      log(`compress: an image has a side of more than ${most} pixels, so that there is no ${way}`);
    } else if (tf.getBackend() !== "wasm") found.push({ way, bytes: 0, seconds: 0 });
    else {
      const training = during("train", 0, TRAINING), coding = during("encode", TRAINING, 1);
      const trained = await train(sample, spec, { ...schedule, steps: STEPS }, threads, training);
      await weighed(way, WHOLE.network, async (of) => ({
        ...await encodeTwoPart(of, spec, trained.weights, trained.quantisation, coding),
        decoder: await decoderFor(spec),
      }));
    }
  }
  report(ways.length, "");
  return found;
}
