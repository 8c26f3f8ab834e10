import {
  type AnyData,
  codecs,
  type DefaultData,
  type MechanismOptions,
  type PreprocessOptions,
} from "./codecs.ts";
import { checkOptions, object } from "./options.ts";
import { pipe, type Pipeline } from "./pipeline.ts";
import { attention } from "./stages/attention.ts";
import { compress, type Compressed, type CompressOptions, type Prior } from "./stages/compress.ts";
import { features } from "./stages/features.ts";
import { hierarchy } from "./stages/hierarchy.ts";
import type { Plan } from "./stages/mechanism.ts";
import { preprocess } from "./stages/preprocess.ts";
import { sharing } from "./stages/sharing.ts";

/** What the whole chain is asked, by the stages' names. */
export interface ChainOptions extends MechanismOptions {
  /** See `preprocess`. */
  readonly preprocess?: PreprocessOptions;
  /** The program keeps what preprocess was asked, so it is not said again here. */
  readonly compress?: Omit<CompressOptions, "preprocess">;
}

const STAGE = object("the stage's options");
const MECHANISMS = { features: STAGE, sharing: STAGE, hierarchy: STAGE, attention: STAGE };

/**
 * The article's chain from data to program (section 2.4, A → G), each stage with the options of its name. With another
 * program's model (`compress: { prior }`), the mechanisms are those of that model.
 *
 * @throws {MdlError} `usage` for a stage or an option that there is not
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.chain({ attention: { over: "patches" }, compress: { steps: 60 } });
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 * await program.verify(set);
 * ```
 */
export function chain<D extends AnyData = DefaultData>(
  options: ChainOptions = {},
): Pipeline<D, Compressed<D>> {
  checkOptions("chain", options, { ...MECHANISMS, preprocess: STAGE, compress: STAGE });
  const { preprocess: first = {}, compress: last = {}, ...asked } = options, { prior } = last;
  const mechanisms = prior ? askedOf(prior.spec) : asked;
  return pipe(
    preprocess<D>(first),
    features<D>(mechanisms.features),
    sharing<D>(mechanisms.sharing),
    hierarchy<D>(mechanisms.hierarchy),
    attention<D>(mechanisms.attention),
    compress<D>({ ...last, preprocess: first }),
  );
}

/** What the mechanisms would have to be asked for another program's model. */
function askedOf(spec: Prior["spec"]): MechanismOptions {
  const { features, sharing, hierarchy, attention } = codecs.image.mechanisms;
  return {
    features: features.asked(spec),
    sharing: sharing.asked(spec),
    hierarchy: hierarchy.asked(spec),
    attention: attention.asked(spec),
  };
}

/** The middle of the chain, from data to the model that is going to be trained. Throws as `chain`. */
export function planning<D extends AnyData = DefaultData>(
  options: MechanismOptions = {},
): Pipeline<D, Plan<D>> {
  checkOptions("planning", options, MECHANISMS);
  return pipe(
    features<D>(options.features),
    sharing<D>(options.sharing),
    hierarchy<D>(options.hierarchy),
    attention<D>(options.attention),
  );
}
