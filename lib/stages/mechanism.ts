/** The article's four mechanisms as stages: what they do to a model is the codec's affair. */
import type { MechanismName } from "../codec.ts";
import {
  type AllOptions,
  type AnyData,
  codecOf,
  codecTaking,
  type DefaultData,
  type SpecOf,
} from "../codecs.ts";
import { checkOptions, PLAN } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";

/** What is to be coded, and the model that will predict it: the value that features to attention hand on. */
export interface Plan<D extends AnyData = DefaultData> {
  /** What is to be coded. */
  readonly dataset: D;
  /** What its model looks like. */
  readonly spec: SpecOf<D>;
}

/** The article's words for a mechanism, and where it speaks of it. */
const WORDS: Readonly<Record<MechanismName, { readonly title: string; readonly section: string }>> = {
  features: { title: "特征提取", section: "2.2" },
  sharing: { title: "参数共享", section: "2.2 (1)" },
  hierarchy: { title: "层次化结构", section: "2.2 (2)" },
  attention: { title: "注意力机制", section: "2.2 (3)" },
};

/** What a stage says of a mechanism with these options: for a kind of data, or the first one that has such options. */
export function described<M extends MechanismName>(
  name: M,
  options: AllOptions[M],
  data?: Pick<AnyData, "modality">,
  spec?: unknown,
) {
  const { mechanisms } = data
    ? codecOf(data)
    : codecTaking(name, options, ({ mechanisms }) => mechanisms[name].kinds);
  checkOptions(name, options, mechanisms[name].kinds);
  return { name, ...WORDS[name], ...mechanisms[name].describe(options, spec as never) };
}

/** A mechanism as a stage from plan to plan: the identity when it is off. */
export function mechanism<M extends MechanismName, D extends AnyData>(
  name: M,
  options: AllOptions[M],
  plan?: Plan<D>,
): Stage<Plan<D>, Plan<D>> {
  return checked(PLAN, {
    ...described(name, options, plan?.dataset, plan?.spec),
    on: (plan) => mechanism<M, D>(name, options, plan),
    run: (plan, context) => {
      const { active } = described(name, options, plan.dataset, plan.spec);
      if (!active) return Promise.resolve(plan);
      const { apply } = codecOf<D>(plan.dataset).mechanisms[name];
      return Promise.resolve({ ...plan, spec: apply(plan.spec, plan.dataset, options, context) });
    },
  });
}
