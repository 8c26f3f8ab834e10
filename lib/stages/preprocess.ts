import { type AnyData, codecOf, codecTaking, type DefaultData, type PreprocessOptions } from "../codecs.ts";
import { checkOptions, DATA } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";

/**
 * The first stage of the chain (article section 2.2, A → B): the identity when no option is given. Run, it throws as
 * `transform`, and `interrupted`.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const stage = mdl.preprocess({ take: 3, gray: true, size: { width: 16, height: 16 } });
 * assertEquals(stage.summary, "the first 3 images, gray, 16×16 pixels");
 * const set = await stage.run(await mdl.loadDataset("scenes"), mdl.contextOf(1));
 * assertEquals(set.symbols.length, 3 * 16 * 16);
 * ```
 */
export function preprocess<D extends AnyData = DefaultData>(options: PreprocessOptions = {}): Stage<D, D> {
  return stageFor(options);
}

function stageFor<D extends AnyData>(options: PreprocessOptions, on?: D): Stage<D, D> {
  const { kinds, steps } =
    (on ? codecOf<D>(on) : codecTaking("preprocess", options, ({ preprocessing }) => preprocessing.kinds))
      .preprocessing;
  checkOptions("preprocess", options, kinds);
  const done = steps(options);
  return checked(DATA, {
    name: "preprocess",
    title: "预处理",
    section: "2.2",
    summary: done.join(", ") || "off",
    active: done.length > 0,
    on: (data) => stageFor(options, data),
    run: async (data, context) => {
      const { kinds, apply, loss } = codecOf<D>(data).preprocessing;
      checkOptions("preprocess", options, kinds);
      const result = await apply(data, options, context);
      if (result.sha256 !== data.sha256) context.log(loss(data, result));
      return result;
    },
  });
}
