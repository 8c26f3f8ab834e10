/** Text in mode two-part: a small transformer is trained, shipped, and decodes on the exact kernel. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { checkCodec } from "./check_codec.ts";
import type { Files } from "../lib/files/data.ts";
import * as mdl from "../lib/mod.ts";
import { madeFiles } from "./made_files.ts";
import { random } from "../lib/random.ts";
import { encodeShipped } from "../lib/text/two_part/encode.ts";
import { constantsOf, meanBits } from "../lib/text/two_part/forward.ts";
import { alphabetOf, multiplesOf, symbolsOf, type TransformerModel } from "../lib/text/two_part/model.ts";
import { initialWeights, matrices, transformerFor, type TransformerSpec } from "../lib/text/two_part/spec.ts";
import { quantisationSteps, trainTransformer } from "../lib/text/two_part/train.ts";
import type { Checkpoint, CheckpointFile } from "../lib/training/checkpoint.ts";

const context = mdl.contextOf(1);
const TINY: TransformerSpec = { ...transformerFor(0, { layers: 1 }), inner: 8 };

const files = (...contents: readonly Uint8Array[]) =>
  madeFiles("text", contents, contents.map((_, i) => `${i}.txt`));

/** Words of a small language; each prefers some successors. */
function prose(length: number): Uint8Array {
  const { below } = random(1, "prose"), syllables = ["ka", "to", "mé", "ri", "sun", "el", "vor", "a"];
  const words = Array.from(
    { length: 60 },
    () => Array.from({ length: 1 + below(3) }, () => syllables[below(8)]).join(""),
  );
  let text = "", word = 0;
  while (text.length < length) text += words[word = (7 * word + below(4)) % 60] + (below(9) ? " " : ".\n");
  return new TextEncoder().encode(text).slice(0, length);
}

/** A model that knows nothing; `scale` makes it sure of it. */
function untrained(symbols: Uint8Array, spec = TINY, scale = 1): TransformerModel {
  const alphabet = alphabetOf(symbols);
  const weights = initialWeights(spec, alphabet.length, random(3, "weights")).map((w) => scale * w);
  return { spec, alphabet, weights, quantisation: quantisationSteps(spec, alphabet.length, weights) };
}

Deno.test("whatever bytes there are come back, under whatever weights", async () => {
  const { below } = random(2, "bytes"),
    noise = (n: number) => Uint8Array.from({ length: n }, () => below(256));
  const sets = [
    [new Uint8Array()],
    [Uint8Array.of(200)],
    [Uint8Array.from({ length: 256 }, (_, i) => i)],
    [Uint8Array.from({ length: 300 }, (_, i) => [0xc3, 0xff, 0x41, 0x80, 0xe2][i % 5]!)],
    [new Uint8Array(1000)],
    [prose(500), new Uint8Array(), prose(70), prose(70), new Uint8Array()],
    [noise(9000), new Uint8Array(), noise(8000), Uint8Array.of(0)], // several windows, across items
    ...Array.from({ length: 3 }, () => [noise(below(400)), noise(below(100))]),
  ];
  for (const [i, parts] of sets.entries()) {
    const data = files(...parts), wide = { ...transformerFor(0, { width: 32 }), bits: 2 + i % 7, context: 8 };
    for (const model of [untrained(data.symbols), untrained(data.symbols, wide, i % 2 ? 30 : 0)]) {
      await checkCodec<Files>(data, model, context);
    }
  }
});

Deno.test("the decoder computes what tfjs computes", async () => {
  const backend = await openBackend("wasm");
  try {
    const bytes = prose(64), spec = transformerFor(0, { width: 32 }), model = untrained(bytes, spec);
    const { alphabet, weights, quantisation } = model, symbols = symbolsOf(alphabet, bytes);
    const rounded = weights.slice();
    for (const { name, offset, rows, columns } of matrices(spec, alphabet.length)) {
      const step = quantisation[name]!;
      for (let i = offset; i < offset + rows * columns; i++) {
        rounded[i] = step * Math.round(weights[i]! / step);
      }
    }
    const constants = constantsOf(spec, 1, 64), before = tf.memory().numTensors;
    const here = [alphabet.length, ...symbols.subarray(0, 63)]; // the symbol behind all others stands before a text
    const expected = tf.tidy(() => {
      const window = [tf.tensor1d(here, "int32"), tf.tensor1d([...symbols], "int32")] as const;
      return meanBits(spec, alphabet.length, tf.tensor1d(rounded), constants, window).dataSync()[0]!;
    });
    assertEquals(tf.memory().numTensors, before);
    constants.dispose();
    const { payloads } = await encodeShipped(files(bytes), model, context);
    assertAlmostEquals(payloads[0]!.estimatedBits! / 64, expected, 0.01);
    assert(multiplesOf(model).some((q) => q !== 0));
  } finally {
    await backend.close();
  }
});

const schedule = { steps: 240, batch: 256 };

Deno.test("training reaches the bytes that it reached, ± 1 %; the program decodes, and draws", async () => {
  const backend = await openBackend("wasm");
  try {
    const data = files(prose(20_000)), options = { ...schedule, exactly: true };
    const chain = mdl.chain<Files>({ features: { mode: "two-part" }, compress: options });
    const { output, passages } = await chain.run(data, context);
    await output.verify(data);
    assertEquals(output.info.mode, "two-part");
    assert(passages.some(({ stage }) => stage.summary.includes("to the last 64 bytes")));
    const learnt = output.ledger.entries.filter(({ name }) => /^weights|^payload/.test(name));
    const reached = learnt.map(({ bytes }) => bytes), known = [2789, 3441];
    reached.forEach((bytes, i) => assert(Math.abs(bytes / known[i]! - 1) < 0.01, `${reached}, not ${known}`));

    const draw = async (seed: number, more = {}) =>
      (await output.generate(2, seed, { length: 200, ...more })).symbols;
    const first = await draw(1);
    assertEquals(await draw(1), first);
    assert((await draw(2)).join() !== first.join());
    assert(first.slice(0, 200).join() !== first.slice(200).join(), "each item is another");
    assert((await draw(1, { temperature: 0.5 })).join() !== first.join());
    const prompt = new TextEncoder().encode("Zkato "); // of which one byte is not in the text
    const told = await draw(1, { prompt });
    assertEquals([told.slice(0, 6), told.slice(200, 206)], [prompt, prompt]);
    assert(first.every((byte) => data.symbols.includes(byte)), "what is drawn is made of bytes of the text");
  } finally {
    await backend.close();
  }
});

Deno.test("a text of one byte, of one kind of bytes, or of none has a transformer, too", async () => {
  const backend = await openBackend("wasm");
  try {
    for (const bytes of [[], [7], [7, 7, 7], [0, 255]]) {
      const data = files(Uint8Array.from(bytes)), compress = { steps: 2, batch: 64, exactly: true };
      const { output } = await mdl.chain<Files>({ features: { mode: "two-part" }, compress }).run(
        data,
        context,
      );
      assertEquals((await output.verify(data)).symbols, bytes.length);
    }
  } finally {
    await backend.close();
  }
});

Deno.test("the same weights come out, interrupted and resumed, too", async () => {
  const backend = await openBackend("wasm"), bytes = prose(3000), short = { steps: 40, batch: 64 };
  try {
    const whole = await trainTransformer(bytes, TINY, short, context);
    let kept: Checkpoint | null = null;
    const file: CheckpointFile = {
      load: () => Promise.resolve(kept),
      save: (checkpoint: Checkpoint) => Promise.resolve(void (kept = checkpoint)),
      remove: () => Promise.resolve(),
    };
    for (let i = 0; i < 25; i++) { // each makes one step more, the last ones with rounded weights
      const controller = new AbortController(), { signal } = controller;
      const stopped = mdl.contextOf(1, { signal, progress: () => controller.abort() });
      await assertRejects(
        () => trainTransformer(bytes, TINY, short, stopped, file),
        mdl.MdlError,
        "resumes here",
      );
    }
    assertEquals((kept as Checkpoint | null)?.step, 25);
    const resumed = await trainTransformer(bytes, TINY, short, context, file);
    assertEquals(resumed.weights, whole.weights);
    assertEquals(resumed.quantisation, whole.quantisation);
    const other = await trainTransformer(bytes, TINY, short, mdl.contextOf(2));
    assert(other.weights.join() !== whole.weights.join());
  } finally {
    await backend.close();
  }
});

Deno.test("each mode has its options, and no others", async () => {
  const data = files(prose(300));
  const refused = async (options: mdl.ChainOptions, said: string) =>
    await assertRejects(
      () => Promise.resolve().then(() => mdl.chain<Files>(options).run(data, context)),
      mdl.MdlError,
      said,
    );
  const features = { mode: "two-part" } as const;
  await refused({ features: { mode: "two-part", orders: false } }, "two-part has no option orders");
  await refused({ features: { width: 32 } }, "prequential has no option width");
  await refused({ features, hierarchy: { level: "words" } }, "two-part has no option level");
  await refused({ features, attention: { match: false } }, "two-part has no option match");
  await refused({ features, sharing: { positions: false } }, "two-part has no option positions");
  await refused({ sharing: { bits: 4 } }, "prequential has no option bits");
});

/** A program of mode two-part from before: 3000 bytes in three files, one empty, and what it draws. */
Deno.test("an earlier program decodes as before, draws as before, and its damage is noticed", async () => {
  const bytes = await Deno.readFile(new URL("fixtures/text_two_part_v2.wasm", import.meta.url));
  const program = mdl.programOf<Files>(bytes), data = await program.decode();
  assertEquals([data.modality, data.lengths.join()], ["text", "2000,0,1000"]);
  assertEquals(data.symbols, prose(3000));
  const drawn = await program.generate(1, 5, { length: 40, prompt: "kato " });
  assertEquals(new TextDecoder().decode(drawn.symbols), "kato vo el akaka lll elsunelsunk sun vo.");
  for (let at = 0; at < bytes.length; at += 61) {
    const damaged = bytes.slice();
    damaged[at]! ^= 4;
    await assertRejects(() => Promise.resolve().then(() => mdl.programOf(damaged).decode()), mdl.MdlError);
  }
});
