/** The transformer behind a codec's contract: trained, and how long that takes. */
import type { Estimate, Training } from "../../codec.ts";
import { type Context, contextOf } from "../../context.ts";
import type { Files } from "../../files/data.ts";
import { transform } from "../../files/transform.ts";
import { checkpointFile } from "../../training/checkpoint.ts";
import { encodeShipped } from "./encode.ts";
import { alphabetOf, type TransformerModel } from "./model.ts";
import { initialWeights, type TransformerSpec } from "./spec.ts";
import { quantisationSteps, type TrainedTransformer, trainTransformer } from "./train.ts";

/** As `Codec.fit`. */
export async function fitTransformer(
  { symbols }: Pick<Files, "symbols">,
  spec: TransformerSpec,
  { schedule, checkpoints, identity }: Training,
  context: Context,
): Promise<{
  readonly trained: TrainedTransformer;
  readonly model: TransformerModel;
  forget(): Promise<void>;
}> {
  const checkpoint = checkpoints ? checkpointFile(checkpoints, identity) : undefined;
  const trained = await trainTransformer(symbols, spec, schedule, context, checkpoint);
  const { weights, quantisation } = trained;
  return {
    trained,
    model: { spec, alphabet: alphabetOf(symbols), weights, quantisation },
    forget: async () => await checkpoint?.remove(),
  };
}

/** Steps that are timed, and bytes that are encoded for that. */
const STEPS = 4, SAMPLE = 4096;

/** Seconds on this machine, by a few steps and a sample. */
export async function estimateTransformer(
  data: Files,
  spec: TransformerSpec,
  { schedule }: Pick<Training, "schedule">,
  { signal, seed }: Context,
): Promise<Estimate> {
  const context = contextOf(seed, { signal }), sample = await transform(data, { bytes: SAMPLE }, context);
  const timed = async (work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };
  const train = () => trainTransformer(sample.symbols, spec, { ...schedule, steps: STEPS }, context);
  await train(); // compiles
  const training = await timed(train) * schedule.steps / STEPS;
  const encoding = await estimateEncoding(data, untrained(sample, spec, context), context);
  return { training, encoding, decoding: encoding };
}

/** Seconds to encode under a model. */
export async function estimateEncoding(
  data: Files,
  model: TransformerModel,
  { signal }: Pick<Context, "signal">,
): Promise<number> {
  const context = contextOf(1, { signal }), sample = await transform(data, { bytes: SAMPLE }, context);
  const begun = performance.now();
  await encodeShipped(sample, model, context);
  return (performance.now() - begun) / 1000 * Math.max(1, data.symbols.length / SAMPLE);
}

function untrained({ symbols }: Files, spec: TransformerSpec, { random }: Context): TransformerModel {
  const alphabet = alphabetOf(symbols), weights = initialWeights(spec, alphabet.length, random("weights"));
  return { spec, alphabet, weights, quantisation: quantisationSteps(spec, alphabet.length, weights) };
}
