import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  TRANSFORMER_PARTS,
  transformerFlop,
  transformerParameters,
  transformerParts,
  TRANSFORMERS,
  type TransformerShape,
} from "../notebooks/experiments/networks/transformer_size.ts";

const named = (name: string) => TRANSFORMERS.find((shape) => shape.name === name)!;

Deno.test("BERT's parameters are counted exactly, those of the first transformers as published", () => {
  assertEquals(transformerParameters(named("BERT base")), 109_482_240);
  assertEquals(transformerParameters(named("BERT large")), 335_141_888);
  for (const shape of TRANSFORMERS) {
    assertAlmostEquals(transformerParameters(shape) / shape.published, 1, 0.05, shape.name);
    if (shape.exact) assertEquals(transformerParameters(shape), shape.exact);
  }
});

Deno.test("a part of BERT base against the shapes of its checkpoint's tensors", () => {
  const shapes = {
    "embeddings": [[30_522, 768], [512, 768], [2, 768]],
    "attention": Array.from({ length: 48 }, () => [[768, 768], [768]]).flat(),
    "feed-forward": Array.from({ length: 12 }, () => [[768, 3072], [3072], [3072, 768], [768]]).flat(),
    "layer norms": Array.from({ length: 25 }, () => [[768], [768]]).flat(),
    "pooler": [[768, 768], [768]],
  };
  const parts = transformerParts(named("BERT base"));
  for (const part of TRANSFORMER_PARTS) {
    const counted = shapes[part].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
    assertEquals(parts[part], counted, part);
  }
});

Deno.test("a decoder layer costs one attention and one norm more; FLOP are two a weight, without embeddings", () => {
  const shape: TransformerShape = {
    name: "small",
    width: 8,
    hidden: 20,
    encoderLayers: 0,
    vocabulary: 11,
    positions: 3,
    bert: false,
    published: 1,
    decoderLayers: 0,
  };
  const encoder = { ...shape, encoderLayers: 1 }, decoder = { ...shape, decoderLayers: 1 };
  assertEquals(transformerParameters(shape), 14 * 8);
  assertEquals(transformerParameters(decoder) - transformerParameters(encoder), 4 * 9 * 8 + 2 * 8);
  assertEquals(transformerFlop(encoder), 2 * (4 * 64 + 2 * 160));
  assertEquals(transformerFlop({ ...encoder, vocabulary: 99 }), transformerFlop(encoder));
  assertEquals(transformerFlop(decoder), 2 * (8 * 64 + 2 * 160 + 11 * 8));
});
