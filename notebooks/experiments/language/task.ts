/** A language model as a task: how well a file of it still predicts text that it has not read. */
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { trainLanguages } from "./jobs.ts";
import { initialWeights, type LanguageSpec } from "./spec.ts";
import { type LanguageTraining, measureNumbers, type Texts, type TrainedLanguage } from "./train.ts";
import { type Numbers, shapedNumbers } from "./weights.ts";

/** Bits of a byte that nothing is known of. */
const BYTE = 8;

/** A language model as a task. */
export type LanguageTask = Task<Texts, Uint8Array, TrainedLanguage>;

/** The task, on bytes of text; the score is by how many of 8 bits a byte of the test text is cheaper. */
export function languageTask(
  name: string,
  spec: LanguageSpec,
  texts: Texts,
  training: LanguageTraining,
  ways: readonly Way[],
): LanguageTask {
  return {
    name,
    train: texts,
    test: texts.test,
    fit: (texts, seeds, context) =>
      trainLanguages(seeds.map((seed) => ({ spec, texts, training, seed })), context),
    files: ({ stopped }) => filesOf(languageTensors(spec, stopped.weights), ways),
    score: async (file, test) => BYTE - await measureNumbers(spec, fileNumbers(file), test, training.length),
  };
}

/** The model's numbers with their shapes. */
export const languageTensors = (spec: LanguageSpec, numbers: Numbers): Tensors =>
  shapedNumbers(initialWeights(spec), numbers);

/** The numbers that a file gives back. */
export function fileNumbers(file: Uint8Array): Numbers {
  return Object.fromEntries(Object.entries(decodeTensors(file)).map(([name, { values }]) => [name, values]));
}

/** How often each matrix is multiplied by for one character: once, but for those that are looked up. */
export function languageUses(spec: LanguageSpec): Readonly<Record<string, number>> {
  const lookedUp = ["embedding", "position"];
  return Object.fromEntries(
    Object.entries(initialWeights(spec)).filter(([name, { shape }]) =>
      shape.length > 1 && !lookedUp.includes(name)
    )
      .map(([name]) => [name, 1]),
  );
}
