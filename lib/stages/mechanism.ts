/** The article's four mechanisms as stages: what they do to a model is the codec's affair. */
import type { MechanismName } from "../codec.ts";
import { type AnyData, type AnySpec, codecOf, codecs, type OptionsOf } from "../codecs.ts";
import { checkOptions, PLAN } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Context } from "../context.ts";

/** What is to be coded, and the model that will predict it: the value that features to attention hand on. */
export interface Plan {
  /** What is to be coded. */
  readonly dataset: AnyData;
  /** What its model looks like. */
  readonly spec: AnySpec;
}

/** The article's words for a mechanism, and where it speaks of it. */
const WORDS: Readonly<Record<MechanismName, { readonly title: string; readonly section: string }>> = {
  features: { title: "特征提取", section: "2.2" },
  sharing: { title: "参数共享", section: "2.2 (1)" },
  hierarchy: { title: "层次化结构", section: "2.2 (2)" },
  attention: { title: "注意力机制", section: "2.2 (3)" },
};

/** What a stage says of a mechanism with these options. */
export function described<M extends MechanismName>(name: M, options: OptionsOf<M>) {
  const mechanism = codecs.image.mechanisms[name];
  checkOptions(name, options, mechanism.kinds);
  return { name, ...WORDS[name], ...mechanism.describe(options) };
}

/** A mechanism as a stage from plan to plan: the identity when it is off. */
export function mechanism<M extends MechanismName>(name: M, options: OptionsOf<M>): Stage<Plan, Plan> {
  const stage = described(name, options);
  return checked(PLAN, {
    ...stage,
    options: { ...stage.options },
    run: (plan, context) => {
      return Promise.resolve(
        stage.active ? { ...plan, spec: applied(name, plan.dataset, plan.spec, options, context) } : plan,
      );
    },
  });
}

/** The model of some data with a mechanism. */
export function applied<M extends MechanismName>(
  name: M,
  data: AnyData,
  spec: AnySpec | undefined,
  options: OptionsOf<M>,
  context: Context,
): AnySpec {
  return codecOf(data).mechanisms[name].apply(spec, data, options, context);
}
