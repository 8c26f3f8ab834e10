/**
 * Text and any bytes as kinds of data: one engine, which learns while it decodes (mode prequential), and beside it a small
 * transformer that is trained beforehand (mode two-part).
 */
import { type Codec, MECHANISMS } from "../codec.ts";
import { type Engine, filesCodec } from "../files/codec.ts";
import { type Files, itemsOf } from "../files/data.ts";
import { placesGain } from "./calls.ts";
import { encodeText, withCalls, withTrials } from "./encode.ts";
import { type ByteSpec, DRAWN_BYTES, sizeFor } from "./engine.ts";
import { isShipped, mechanismsOf, type TextSpec } from "./mechanisms.ts";
import { encodeShipped } from "./two_part/encode.ts";
import { estimateEncoding, estimateTransformer, fitTransformer } from "./two_part/fit.ts";
import type { TransformerModel } from "./two_part/model.ts";
import { describeTransformer } from "./two_part/spec.ts";
import type { TrainedTransformer } from "./two_part/train.ts";

/** What codes text: a spec is all of a model that learns while it decodes. */
export type TextModel = ByteSpec | TransformerModel;

/** What training leaves, in mode two-part. */
export type TextTrained = TrainedTransformer | null;

type TextCodec<M extends "text" | "bytes"> = Codec<Files<M>, TextSpec, TextModel, TextTrained>;

/** Files up to so many bytes are tried with the plain decoder, and with that for what repeats itself, too. */
const SMALL = 60_000, MIDDLE = 200_000;

/**
 * From what gain on (`placesGain`) the model that sees where calls go is tried, and from where on alone. It was 1.4 to 1.6
 * bytes a gain in programs of 85 and 243 kB; its code takes 178.
 */
const TRIED = 50, SURE = 500;

/** Part of a preset's steps: a step of the transformer takes several times as long as one of the image predictor. */
const SHARE = 0.25;

/** Files of text. */
export const text: TextCodec<"text"> = codec("text");

/** Files of any bytes. */
export const bytes: TextCodec<"bytes"> = codec("bytes");

function codec<M extends "text" | "bytes">(modality: M): TextCodec<M> {
  const files = filesCodec(engine(modality));
  return {
    ...files,
    trains: (spec) => isShipped(spec) ? SHARE : 0,
    fit: (data, spec, training, context) =>
      isShipped(spec)
        ? fitTransformer(data, spec, training, context)
        : Promise.resolve({ trained: null, model: spec, forget: () => Promise.resolve() }),
    encode: (data, model, context) =>
      isTransformer(model) ? encodeShipped(data, model, context) : files.encode(data, model, context),
    async estimate(data, spec, training, context) {
      if (isShipped(spec)) return await estimateTransformer(data, spec, training, context);
      const found = await files.estimate(data, spec, training, context);
      return { ...found, encoding: found.encoding * withTrials(data.symbols.length) };
    },
    async estimateCoding(data, model, context) {
      if (!isTransformer(model)) return await files.estimateCoding(data, model, context);
      const seconds = await estimateEncoding(data, model, context);
      return { training: 0, encoding: seconds, decoding: seconds };
    },
  };
}

function isTransformer(model: TextModel): model is TransformerModel {
  return "alphabet" in model;
}

function engine<M extends "text" | "bytes">(modality: M): Engine<M, TextSpec> {
  return {
    modality,
    newFile: { length: 1000, most: DRAWN_BYTES, prompted: true },
    mechanisms: mechanismsOf(modality),
    candidates(spec, data, exactly) {
      if (isShipped(spec) || exactly || !isWhole(spec)) return [spec];
      const { length } = data.symbols;
      const gain = modality === "bytes" ? placesGain(data.symbols, itemsOf(data)) : 0;
      const small = (model: "plain" | "repeats") => ({ ...spec, model, size: sizeFor(model, length) });
      return [
        ...gain < SURE ? [spec] : [],
        ...gain < TRIED ? [] : [withCalls(spec)],
        ...length > MIDDLE ? [] : [small("repeats")],
        ...length > SMALL ? [] : [small("plain")],
      ];
    },
    uses: ({ model }) => model === "plain" ? ["features", "sharing"] : MECHANISMS,
    describe(spec) {
      if (isShipped(spec)) return describeTransformer(spec);
      if (spec.model === "plain") return "orders 0 to 6, in the plain decoder";
      if (spec.model === "repeats") return "orders 1 to 6, words or records, and what repeats itself";
      return spec.model === "calls" ? "all contexts, and where calls go" : "all contexts";
    },
    encode: (data, spec, context) => encodeText(data, spec as ByteSpec, context),
  };
}

/** Whether nothing is left out: what somebody leaves out is not brought back by another model. */
function isWhole(
  { model, calls = true, orders, refinement, words, lines, match, gating, forget }: ByteSpec,
): boolean {
  return model === "whole" && calls && orders && refinement && words && lines && match && gating &&
    forget === 0;
}
