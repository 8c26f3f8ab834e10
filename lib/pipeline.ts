/**
 * Stages and their composition (article section 2.4): A data → B preprocess → C features → D sharing → E hierarchy →
 * F attention → G compressed result → H generated data.
 */
import { type Context, inContext } from "./context.ts";
import { MdlError } from "./errors.ts";
import { checkArguments, type Kind, listOf, object, PART_OF_CONTEXT } from "./options.ts";

/** One step of the chain: pure but for its context. */
export interface Stage<In, Out> {
  /** The article's word, e.g. "preprocess". */
  readonly name: string;
  /** The article's word in Chinese, e.g. "预处理". */
  readonly title: string;
  /** The section of the article that it reproduces, e.g. "2.2 (1)". */
  readonly section: string;
  /** What it does as configured, or "off" / "absent" when it passes its input on unchanged. */
  readonly summary: string;
  /** False when the stage is switched off or has nothing to offer yet: it is then the identity. */
  readonly active: boolean;
  /** Where the context lacks them, the seed is 1, and progress is seen. */
  run(input: In, context?: Partial<Context>): Promise<Out>;
  /** The stage as it is for this input, where what it says depends on the kind of data. */
  on?(input: In): Stage<In, Out>;
}

/** A stage as its file writes it: there is always a context. */
export interface Work<In, Out> extends Omit<Stage<In, Out>, "run"> {
  run(input: In, context: Context): Promise<Out>;
}

/** A stage whose `run` first checks what it is given. */
export function checked<In, Out>(takes: Kind, work: Work<In, Out>): Stage<In, Out> {
  return {
    ...work,
    async run(input, context) {
      const kinds = { input: takes, context: PART_OF_CONTEXT };
      checkArguments(`${work.name}().run`, { input, context }, kinds);
      return await inContext(context, (context) => work.run(input, context));
    },
  };
}

/** A stage with what went in and came out, kept for a notebook to show. */
export interface Passage {
  /** The stage that was passed. */
  readonly stage: Stage<unknown, unknown>;
  /** What went in. */
  readonly input: unknown;
  /** What came out. */
  readonly output: unknown;
  /** How long it took. */
  readonly seconds: number;
}

/** Stages composed: itself a function from the first input to the last output. */
export interface Pipeline<In, Out> {
  /** In their order. */
  readonly stages: readonly Stage<unknown, unknown>[];
  /** Where the context lacks them, the seed is 1, and progress is seen. */
  run(
    input: In,
    context?: Partial<Context>,
  ): Promise<{ readonly output: Out; readonly passages: readonly Passage[] }>;
}

/**
 * Composes up to seven stages; the output of each is the input of the next.
 *
 * @throws {MdlError} `usage` for what is no stage
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const chain = mdl.pipe(mdl.preprocess({ take: 3 }), mdl.features(), mdl.attention({ over: "patches" }));
 * const { output, passages } = await chain.run(await mdl.loadDataset("scenes"), mdl.contextOf(1));
 * assertEquals(output.spec.attention, "patches");
 * assertEquals(passages.map(({ stage }) => stage.name), ["preprocess", "features", "attention"]);
 * ```
 */
export function pipe<A, B, C = B, D = C, E = D, F = E, G = F, H = G>(
  ...composed: [
    a: Stage<A, B>,
    b?: Stage<B, C>,
    c?: Stage<C, D>,
    d?: Stage<D, E>,
    e?: Stage<E, F>,
    f?: Stage<F, G>,
    g?: Stage<G, H>,
  ]
): Pipeline<A, H> {
  const stages = composed as Stage<unknown, unknown>[];
  checkArguments("pipe", { stages }, {
    stages: listOf("stages, as preprocess() or features() makes one", object("", "name", "run")),
  });
  return {
    stages,
    async run(input, context) {
      checkArguments("pipe().run", { context }, { context: PART_OF_CONTEXT });
      return await inContext(context, (context) => passing<H>(stages, input, context));
    },
  };
}

/** Hands a value through stages. */
async function passing<Out>(stages: readonly Stage<unknown, unknown>[], input: unknown, context: Context) {
  const passages: Passage[] = [];
  let value = input;
  for (const stage of stages) {
    if (context.signal.aborted) throw new MdlError("interrupted", "Stopped.");
    const begun = performance.now(), output = await stage.run(value, context);
    passages.push({
      stage: stage.on?.(value) ?? stage,
      input: value,
      output,
      seconds: (performance.now() - begun) / 1000,
    });
    value = output;
  }
  return { output: value as Out, passages };
}

/**
 * The Mermaid diagram of article section 2.4, drawn from a composed pipeline: data in, a box for each stage (dashed
 * where it is the identity), and the loop by which what was generated becomes data again.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assert } from "@std/assert";
 *
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress());
 * assert(mdl.mermaid(chain).startsWith("graph TD"));
 * ```
 */
export function mermaid({ stages }: Pipeline<never, unknown>): string {
  const letter = (i: number) => String.fromCharCode(65 + i);
  const lines = ["graph TD", `    A["data 数据输入"]`];
  stages.forEach((stage, i) => {
    const text = `${stage.name} ${stage.title}${stage.active ? "" : `: ${stage.summary}`}`;
    lines.push(`    ${letter(i)} --> ${letter(i + 1)}["${text}"]`);
  });
  const last = letter(stages.length), next = letter(stages.length + 1);
  if (stages.at(-1)?.name === "generate") {
    lines.push(`    ${last} --> ${next}["new data 新数据输入"]`, `    ${next} -.-> A`);
  }
  const absent = stages.flatMap((stage, i) => stage.active ? [] : [letter(i + 1)]);
  if (absent.length) {
    lines.push(`    classDef absent stroke-dasharray: 4 4`, `    class ${absent.join(",")} absent`);
  }
  return lines.join("\n");
}
