/** Translation as a task: pieces and numbers in one file, chrF of what it translates. */
import { MdlError } from "../../../lib/errors.ts";
import { ByteReader, concat } from "../../../lib/program/bytes.ts";
import { packedTexts, unpackedTexts } from "../../../scripts/laboratory/coding/packed.ts";
import { trainInWorkers } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { AttentionTraining } from "../attention/train.ts";
import { stepsOf } from "../networks/epochs.ts";
import { chrF } from "./chrf.ts";
import type { TranslatorSpec } from "./model.ts";
import type { Pair, PairSplit } from "./pairs.ts";
import { findPieces, spellingOf } from "./subwords.ts";
import { fits, type SpelledPair, type TrainedTranslator } from "./train.ts";
import { translate, type Translation, type Translator } from "./translate.ts";

const MODULE = new URL("./worker.ts", import.meta.url);

/** One training, for a Worker. */
export interface TranslatorJob {
  readonly pairs: readonly SpelledPair[];
  readonly spec: TranslatorSpec;
  readonly training: AttentionTraining;
  readonly seed: number;
}

/** A translator, and FLOP of its training. */
export type TrainedModel = Translator & Pick<TrainedTranslator, "flop">;

/** A translation task. */
export type TranslationTask = Task<readonly Pair[], readonly Pair[], TrainedModel>;

/** The task; the score is chrF, 0 to 100. The pieces are found once, all seeds have the same. */
export function translationTask(
  name: string,
  { train, test }: PairSplit,
  spec: TranslatorSpec,
  training: AttentionTraining,
  ways: readonly Way[],
): TranslationTask {
  return {
    name,
    train,
    test,
    async fit(train, seeds, context) {
      const pieces = findPieces(train.flatMap(({ source, target }) => [source, target]), spec.pieces - 3);
      const spelling = spellingOf(pieces), own = { ...spec, pieces: spelling.size };
      const spelled = train.map(({ source, target }) => ({
        source: spelling.encode(source),
        target: spelling.encode(target),
      })).filter(fits(own));
      if (spelled.length < training.batch) {
        throw new MdlError(
          "usage",
          `A batch of ${training.batch} pairs cannot be taken from ${spelled.length}.`,
        );
      }
      const jobs = seeds.map((seed): TranslatorJob => ({ pairs: spelled, spec: own, training, seed }));
      const steps = seeds.length * stepsOf(spelled.length, training);
      const label = `training ${seeds.length} translators`;
      const trained = await trainInWorkers<TranslatorJob, TrainedTranslator>(
        MODULE,
        jobs,
        { label, steps },
        context,
      );
      return trained.map((one) => ({ pieces, ...one }));
    },
    files({ pieces, tensors }) {
      const list = packedTexts(pieces);
      return filesOf(tensors, ways).map((file) => ({ ...file, bytes: concat([list, file.bytes]) }));
    },
    score: async (file, test) => {
      const said = await translateBy(file, spec.heads, test);
      return chrF(said.map(({ text }) => text), test.map(({ target }) => target));
    },
  };
}

/** What a file makes of the sources. */
export async function translateBy(
  file: Uint8Array,
  heads: number,
  pairs: readonly Pick<Pair, "source">[],
): Promise<readonly Translation[]> {
  const reader = new ByteReader(file, "translator"), pieces = unpackedTexts(reader);
  const tensors = decodeTensors(reader.take(reader.left));
  return await translate({ pieces, tensors }, heads, pairs.map(({ source }) => source));
}
