/**
 * The loop of article section 2.4, H generated data → I new data → A: each generation's program is made from images that
 * the program before it drew. What is lost on the way?
 */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import { type Dataset, datasetOf, images } from "../../../lib/image/dataset.ts";
import { pairDistance, pixelDeviation } from "../../../scripts/laboratory/measure/image_statistics.ts";
import { MdlError } from "../../../lib/errors.ts";
import { trainingFlop } from "../../../lib/image/train.ts";
import {
  checkArguments,
  checkOptions,
  DATASET,
  decimal,
  object,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { bitsOf, modelOf } from "../../../lib/image/model.ts";
import { BATCH } from "../../../lib/run.ts";
import type { FeatureOptions } from "../../../lib/codecs.ts";
import { generate } from "../../../lib/stages/generate.ts";

export interface LoopOptions {
  /** Programs after the first one, which is made from the real images. */
  readonly generations: number;
  readonly features: FeatureOptions;
  /** Training steps of each generation. */
  readonly steps: number;
  /** Share of each generation's images that are real, 0 by default. */
  readonly real?: number;
}

/** A generation: the images that went in, and what their program is like. */
export interface Generation {
  /** 0 for the real images. */
  readonly number: number;
  /** What its program was made from. */
  readonly set: Dataset;
  /** Whole program, decoded and compared. */
  readonly bytes: number;
  /** Bits a symbol of its own images, and of real images that no program has seen, under its model. */
  readonly own: number;
  readonly unseen: number;
  /** Diversity of its images, in levels: deviation of a pixel over the images, mean distance of pairs. */
  readonly deviation: number;
  readonly distance: number;
  readonly flop: number;
}

const PAIRS = 2000;

/**
 * Goes round the loop: `data` → program → as many new images → program … Every program is verified.
 *
 * @param unseen Real images like `data`, none of which is in it.
 * @throws {MdlError} `usage` for a senseless share of real images; as the stages
 */
export async function goRound(
  data: Dataset,
  unseen: Dataset,
  options: LoopOptions,
  context: Context,
): Promise<readonly Generation[]> {
  checkArguments("goRound", { data, unseen, context }, {
    data: DATASET,
    unseen: DATASET,
    context: WHOLE_CONTEXT,
  });
  checkOptions("goRound", options, {
    generations: required(whole(0)),
    features: object("options of features"),
    steps: required(whole(1)),
    real: decimal(0, 1),
  });
  const { generations, steps, real = 0, ...shape } = options;
  if (!(real >= 0 && real < 1)) {
    throw new MdlError("usage", `A share of real images is in [0, 1), not ${real}.`);
  }
  const quiet: Context = { ...context, log: () => {}, progress: () => {} };
  const count = data.names.length, passed: Generation[] = [];
  let set = data;
  for (let number = 0; number <= generations; number++) {
    context.progress({ label: "loop", done: number, total: generations + 1, unit: "generations" });
    const asked = { features: shape.features, compress: { steps, exactly: true } };
    const { program } = await buildVerified(set, asked, quiet);
    const seed = context.random(`generation ${number}`).uint32();
    const drawn = await generate({ count, seed }).run(program, quiet);
    const model = await modelOf(program.bytes, quiet);
    const rate = async (of: Dataset) =>
      (await bitsOf(model, of, quiet)).reduce((a, b) => a + b) / of.symbols.length;
    passed.push({
      number,
      set,
      bytes: program.bytes.length,
      own: await rate(set),
      unseen: await rate(unseen),
      deviation: pixelDeviation(set),
      distance: pairDistance(set, PAIRS, context.random("pairs")),
      flop: trainingFlop(program.spec!, set.channels, { steps, batch: BATCH }),
    });
    set = mixed(data, drawn, Math.round(real * count));
  }
  context.progress({ label: "loop", done: generations + 1, total: generations + 1, unit: "generations" });
  return passed;
}

/** The first `kept` images of the data, and of what was drawn as many as are then missing. */
function mixed(data: Dataset, drawn: Dataset, kept: number): Dataset {
  if (!kept) return drawn;
  const all = [...[...images(data)].slice(0, kept), ...[...images(drawn)].slice(kept)];
  const { channels, provenance } = drawn;
  return datasetOf(all, { name: drawn.name, channels, provenance });
}
