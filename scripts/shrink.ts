/**
 * deno task shrink: how far a large model can be made smaller. Bits a byte of text under SmolLM2-135M with fewer bits a
 * weight, corrected or not, and with layers left out or tied; what is chosen is chosen on another text.
 */
import {
  measureShrinking,
  SHRINK_PLANS,
  type ShrinkResults,
} from "../notebooks/experiments/large_model/shrink.ts";
import { excerpt, openModel } from "../notebooks/experiments/large_model/coding.ts";
import { loadReviews } from "../notebooks/experiments/sentiment/reviews.ts";
import { type Context, contextOf } from "../lib/context.ts";
import type { Files } from "../lib/files/data.ts";
import { presetNames, VERSION } from "../lib/run.ts";
import { command, loadAny, MEASURE_OPTIONS, oneOf, options, type Task } from "./command.ts";
import { giveResults, resultsFolder } from "./outputs.ts";

const TASK: Task = {
  start: "deno task shrink",
  about: "Measures a large model in fewer bits a weight, and with fewer layers.",
  example: "deno task shrink --preset quick",
};

const OPTIONS = {
  preset: { ...MEASURE_OPTIONS.preset, help: "how much is measured" },
  json: MEASURE_OPTIONS.json,
} as const;

/** Film reviews as one text, every fiftieth: half of them liked the film. */
async function reviewsAsText(context: Context): Promise<Files> {
  const { reviews, name } = await loadReviews(context);
  const text = reviews.filter((_, i) => i % 50 === 0).map(({ text }) => text).join("\n");
  return excerpt(name, new TextEncoder().encode(text), Infinity);
}

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS);
  const preset = oneOf("preset", values.preset, presetNames), say = values.json ? console.error : console.log;
  const context = contextOf(1, { signal, progress: bar.report, log: say });
  const opened = await openModel(preset !== "smoke", context);
  const speeches = await loadAny("set:speeches", context) as Files, reviews = await reviewsAsText(context);
  const measured = await measureShrinking(opened, speeches, reviews, SHRINK_PLANS[preset], context);
  await bar.close();
  const head = { experiment: "shrink", model: opened.name, preset, mdlab: VERSION } as const;
  const document: ShrinkResults = { ...head, ...measured };
  await giveResults(`${resultsFolder()}/shrink-${preset}`, "shrink", document, values);
});
