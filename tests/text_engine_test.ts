/** The engine for text and bytes: what is encoded comes back, whatever it is and whatever is switched off. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { byteCount, type ItemGroup } from "../lib/items.ts";
import type { Code } from "../lib/codec.ts";
import {
  type ByteSpec,
  DEFAULT_SPEC,
  encodeBytes,
  moduleName,
  readBlock,
  sizeFor,
} from "../lib/text/engine.ts";
import type { Progress } from "../lib/progress.ts";
import { encodeText } from "../lib/text/encode.ts";
import { random } from "../lib/random.ts";
import { madeFiles } from "./made_files.ts";
import { type Decoder, openDecoder } from "./open_decoder.ts";

const MODELS = ["whole", "plain", "repeats"] as const;

function specFor(bytes: number, spec: Partial<ByteSpec> = {}): ByteSpec {
  const model = spec.model ?? "whole", most = model === "repeats" ? 18 : 14; // whose slots are for all contexts together
  return { ...DEFAULT_SPEC, size: Math.min(most, sizeFor(model, bytes)), ...spec };
}

/** Goes on until an item is complete. */
function nextItem(decoder: Decoder, length: number): Uint8Array | undefined {
  for (let calls = 0;; calls++) {
    const before = decoder.made.value, address = decoder.next(), made = decoder.made.value;
    if (!address) return undefined;
    assert(made - (before < length ? before : 0) <= 4096, "a call works on 4,096 bytes at most");
    if (made === length) return new Uint8Array(decoder.memory.buffer).slice(address, address + made);
    assert(calls < 1e6, "it never ends");
  }
}

async function decode(code: Code, items: readonly ItemGroup[], spec: ByteSpec): Promise<Uint8Array> {
  const decoder = await openDecoder(moduleName("text", spec), code),
    symbols = new Uint8Array(byteCount(items));
  decoder.start(0, 0);
  let at = 0;
  for (const { count, bytes } of items) {
    for (let i = 0; i < count; i++) {
      symbols.set(nextItem(decoder, bytes)!, at);
      at += bytes;
    }
  }
  assertEquals(decoder.next(), 0);
  return symbols;
}

async function roundTrip(
  symbols: Uint8Array,
  spec: Partial<ByteSpec> = {},
  items: readonly ItemGroup[] = [{ count: 1, bytes: symbols.length }],
): Promise<Code> {
  const whole = specFor(symbols.length, spec), code = await encodeBytes(symbols, items, whole);
  assert((await decode(code, items, whole)).join() === symbols.join(), "other bytes came back");
  return code;
}

/** A counter under MurmurHash3's finaliser: the same numbers below `n` everywhere. */
function randomNumbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    let h = state = (state + 0x9e3779b9) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) % n;
  };
}

function noise(length: number): Uint8Array {
  const random = randomNumbers(7);
  return Uint8Array.from({ length }, () => random(256));
}

/** Sentences of words that are the rarer the longer the list, and each prefers some successors. */
function prose(length: number, seed = 1): Uint8Array {
  const random = randomNumbers(seed),
    syllables = ["ka", "to", "mé", "ri", "sun", "el", "日", "vor", "a", "ing"];
  const words = Array.from(
    { length: 800 },
    () => Array.from({ length: 1 + random(4) }, () => syllables[random(10)]).join(""),
  );
  const text: string[] = [];
  for (let size = 0, word = 0, place = 0; size < length; place = (place + 1) % 11) {
    word = random(3) ? (word * 7 + random(5)) % 800 : Math.min(random(800), random(800), random(800));
    const shown = place ? words[word]! : words[word]![0]!.toUpperCase() + words[word]!.slice(1);
    text.push(shown, place < 10 ? " " : random(6) ? ". " : ".\n");
    size += shown.length + 1;
  }
  return new TextEncoder().encode(text.join("")).slice(0, length);
}

/** Records of 12 bytes, whose columns move slowly. */
function records(count: number): Uint8Array {
  const random = randomNumbers(3), bytes = new Uint8Array(12 * count), row = new Uint8Array(12);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 12; j++) row[j] = row[j]! + (random(j + 2) ? 0 : j);
    bytes.set(row, 12 * i);
  }
  return bytes;
}

const samples: Readonly<Record<string, Uint8Array>> = {
  "nothing": new Uint8Array(0),
  "one byte": Uint8Array.of(200),
  "all 256 values": Uint8Array.from({ length: 256 }, (_, i) => i),
  "invalid UTF-8": Uint8Array.from(
    { length: 3000 },
    (_, i) => [0xc3, 0xff, 0xf0, 0x41, 0x80, 0xe2, 0x82][i % 7]!,
  ),
  "100 kB of noise": noise(100_000),
  "long runs": Uint8Array.from({ length: 150_000 }, (_, i) => i < 70_000 ? 0 : i < 140_000 ? 255 : 10),
  "200 kB of prose": prose(200_000),
};

for (const model of MODELS) {
  for (const [name, symbols] of Object.entries(samples)) {
    Deno.test(`${model} model: ${name} come back, as text and as binary data`, async () => {
      await roundTrip(symbols, { model });
      await roundTrip(symbols, { model, kind: "binary", record: 12 });
    });
  }

  Deno.test(`${model} model: several items, an empty one among them, come back one by one`, async () => {
    const items = [{ count: 2, bytes: 5000 }, { count: 1, bytes: 0 }, { count: 3, bytes: 777 }, {
      count: 2,
      bytes: 0,
    }];
    const symbols = prose(byteCount(items));
    const { payloads: [payload] } = await roundTrip(symbols, { model }, items), sum = payload!.estimatedBits!;
    const full = items.filter(({ bytes }) => bytes > 0), same = await roundTrip(symbols, { model }, full);
    assertEquals(same.payloads[0]!.estimatedBits, sum, "an empty one costs nothing");
    assert(
      Math.abs(payload!.bytes.length - sum / 8) < 0.003 * sum / 8 + 8,
      "what was spent is what is there",
    );
  });

  Deno.test(`${model} model: forgetting all costs, and comes back`, async () => {
    const symbols = prose(20_000), whole = await roundTrip(symbols, { model });
    const forgetful = await roundTrip(symbols, { model, forget: 2000 });
    assert(forgetful.payloads[0]!.bytes.length > 1.1 * whole.payloads[0]!.bytes.length);
    // every stretch is coded as if it were alone
    const alone = await encodeBytes(
      symbols.slice(0, 2000),
      [{ count: 1, bytes: 2000 }],
      specFor(20_000, { model }),
    );
    const stretch = forgetful.payloads[0]!.estimatedBits! / 10;
    assert(Math.abs(alone.payloads[0]!.estimatedBits! - stretch) < 0.1 * stretch);
  });

  Deno.test(`${model} model: noise costs hardly more than itself, and runs hardly anything`, async () => {
    const random = await roundTrip(samples["100 kB of noise"]!, { model });
    assert(random.payloads[0]!.bytes.length < 102_500, `${random.payloads[0]!.bytes.length} bytes`);
    const runs = await roundTrip(samples["long runs"]!, { model });
    assert(runs.payloads[0]!.bytes.length < 500, `${runs.payloads[0]!.bytes.length} bytes`);
  });
}

const SWITCHES = ["orders", "characters", "words", "lines", "match", "gating", "refinement"] as const;

for (const off of SWITCHES) {
  Deno.test(`without ${off} text and binary data come back`, async () => {
    await roundTrip(prose(30_000), { [off]: false });
    await roundTrip(records(2000), { [off]: false, kind: "binary", record: 12 });
  });
}

Deno.test("with everything off, what is left is a byte and the one before", async () => {
  const spec = Object.fromEntries(SWITCHES.map((off) => [off, false]));
  const { payloads: [payload] } = await roundTrip(prose(30_000), spec), all = await roundTrip(prose(30_000));
  assert(payload!.bytes.length > 1.3 * all.payloads[0]!.bytes.length);
});

Deno.test("the right length of a record is worth knowing", async () => {
  const symbols = records(4000);
  for (const model of ["whole", "repeats"] as const) {
    const right = await roundTrip(symbols, { model, kind: "binary", record: 12 });
    const wrong = await roundTrip(symbols, { model, kind: "binary", record: 7 });
    assert(right.payloads[0]!.bytes.length < 0.95 * wrong.payloads[0]!.bytes.length);
  }
});

Deno.test("settings that are tried have a bar each, and none goes back", async () => {
  const symbols = records(4000), reached = new Map<string, number>();
  const spec = specFor(symbols.length, { model: "repeats", kind: "binary", record: 12 });
  const progress = ({ label, done }: Progress) => {
    assert(done > (reached.get(label) ?? 0), label);
    reached.set(label, done);
  };
  await encodeText(madeFiles("bytes", [symbols]), spec, contextOf(1, { progress }));
  const labels = [1, 2, 3, 4, 5].map((n) => `try settings ${n}`);
  assertEquals([...reached], [...labels, "encode"].map((label) => [label, symbols.length]));
});

Deno.test("a small model tries lengths of records, of binary data alone; the first record has zeros above it", async () => {
  const random = randomNumbers(6), symbols = new Uint8Array(24 * 400);
  for (let i = 24; i < symbols.length; i++) symbols[i] = random(6) ? symbols[i - 24]! : random(256);
  const chosen = async (kind: ByteSpec["kind"], record: number) => {
    const spec = specFor(symbols.length, { model: "repeats", kind, record });
    const { parameters } = await encodeText(madeFiles("bytes", [symbols]), spec, contextOf(1));
    return readBlock(parameters.bytes, "repeats").record;
  };
  assertEquals([await chosen("binary", 7), await chosen("text", 0)], [24, 0]);
  await roundTrip(symbols, { model: "repeats", record: 5000 });
});

Deno.test("what repeats itself is shorter in the model for it, however far back", async () => {
  const once = noise(9000), symbols = Uint8Array.from([...once, ...once.slice(1000), ...once.slice(0, 5000)]);
  const bytes = async (model: ByteSpec["model"]) =>
    (await roundTrip(symbols, { model })).payloads[0]!.bytes.length;
  assert(await bytes("repeats") < 9400);
  assert(await bytes("plain") > 12_000);
});

for (const model of MODELS) {
  Deno.test(`${model} model: what is drawn depends on the seed alone, and looks like the data`, async () => {
    const symbols = prose(60_000),
      items = [{ count: 1, bytes: symbols.length }],
      spec = specFor(60_000, { model });
    const code = await encodeBytes(symbols, items, spec);
    const draw = async (seed: number, count: number, temperature = 1) => {
      const decoder = await openDecoder(moduleName("text", spec), code);
      decoder.start(1, seed);
      decoder.length.value = 300;
      decoder.temperature.value = temperature;
      return Array.from({ length: count }, () => nextItem(decoder, 300)!);
    };
    const first = await draw(1, 3), again = await draw(1, 3), other = await draw(2, 3);
    assertEquals(first, again);
    assert(first.join() !== other.join());
    assert(first[0]!.join() !== first[1]!.join(), "each item is another");
    const cold = await draw(1, 1, 0.5);
    assert(cold[0]!.join() !== first[0]!.join());
    // coded behind the data, what was drawn costs little
    const both = Uint8Array.from([...symbols, ...first[0]!]);
    const more = await encodeBytes(both, [...items, { count: 1, bytes: 300 }], spec);
    const data = code.payloads[0]!.estimatedBits!, drawn = more.payloads[0]!.estimatedBits! - data;
    assert(drawn / 300 < 2 * data / symbols.length, `${drawn / 300} bits a byte`);
  });

  Deno.test(`${model} model: however much is drawn, its words stay those of the data`, async () => {
    const { below } = random(1, "words"), letters = "etaoinshrdlucmfw";
    const word = () => Array.from({ length: 2 + below(7) }, () => letters[below(16)]).join("");
    const words = Array.from({ length: 400 }, word);
    const text = Array.from({ length: 12_000 }, () => words[below(1 + below(400))]).join(" ");
    const symbols = new TextEncoder().encode(text);
    for (const forget of [0, 50_000]) { // which is less than there are to learn and to draw
      const spec = specFor(symbols.length, { model, size: 20, forget });
      const code = await encodeBytes(symbols, [{ count: 1, bytes: symbols.length }], spec);
      const decoder = await openDecoder(moduleName("text", spec), code);
      decoder.start(1, 1);
      decoder.length.value = 40_000;
      const last = new TextDecoder().decode(nextItem(decoder, 40_000)!.subarray(-10_000)).split(" ");
      const share = last.filter((word) => words.includes(word)).length / last.length;
      assert(share > (forget ? 0.6 : 0.8), `${share} of the words are the data’s`);
    }
  });

  Deno.test(`${model} model: while it learns, the drawn item's address is known; what is given stays`, async () => {
    const symbols = prose(30_000), items = [{ count: 3, bytes: 10_000 }], spec = specFor(30_000, { model });
    const decoder = await openDecoder(moduleName("text", spec), await encodeBytes(symbols, items, spec));
    decoder.start(1, 5);
    const address = decoder.next();
    assertEquals(decoder.made.value, 0);
    const known = new TextEncoder().encode("Kato el");
    decoder.given.value = known.length;
    const drawn: Uint8Array[] = [];
    for (const [count, length] of [[20, 5000], [180, 300]] as const) {
      decoder.length.value = length;
      for (let i = 0; i < count; i++) {
        new Uint8Array(decoder.memory.buffer).set(known, address);
        drawn.push(nextItem(decoder, length)!);
        assertEquals(drawn.at(-1)!.slice(0, known.length), known);
      }
    }
    // what is given again and again is learnt once
    const text = drawn.slice(-20).map((item) => new TextDecoder().decode(item)).join("");
    assert(text.split("Kato el").length - 21 < 20, text);
  });
}

Deno.test("the largest item that can be drawn has 65,536 bytes; longer ones are cut to that", async () => {
  const symbols = prose(5000), spec = specFor(5000, { model: "plain" });
  const code = await encodeBytes(symbols, [{ count: 1, bytes: 5000 }], spec);
  const decoder = await openDecoder(moduleName("text", spec), code);
  decoder.start(1, 1);
  decoder.length.value = 100_000;
  assertEquals(nextItem(decoder, 65_536)!.length, 65_536);
});

Deno.test("encoding stops when it is told to", async () => {
  const stop = new AbortController(), symbols = prose(300_000);
  const work = encodeBytes(symbols, [{ count: 1, bytes: symbols.length }], specFor(symbols.length), {
    signal: stop.signal,
    progress: ({ done }) => {
      if (done > 0) stop.abort();
    },
  });
  assertEquals((await assertRejects(() => work, MdlError)).code, "interrupted");
});

Deno.test("lengths of codes are what they were", async () => {
  const sizes = [
    await roundTrip(prose(200_000)),
    await roundTrip(prose(200_000), { model: "plain" }),
    await roundTrip(prose(200_000), { model: "repeats" }),
    await roundTrip(records(4000), { kind: "binary", record: 12 }),
    await roundTrip(records(4000), { model: "repeats", kind: "binary", record: 12 }),
  ].map(({ payloads }) => payloads[0]!.bytes.length);
  const known = [28_715, 48_814, 33_711, 6_465, 13_362];
  sizes.forEach((size, i) => {
    assert(Math.abs(size / known[i]! - 1) < 0.005, `${sizes} bytes, and not ${known}`);
  });
});

Deno.test("how fast slots forget is tried on a sample: what changes its ways is forgotten sooner", async () => {
  const random = randomNumbers(5);
  // after a letter comes another, one that changes every 4,096 bytes
  const symbols = new Uint8Array(2 ** 18);
  for (let i = 1; i < symbols.length; i++) {
    symbols[i] = random(8) ? symbols[i - 1]! * 5 + 13 * (i >> 12) & 31 : random(32);
  }
  const spec = { ...specFor(symbols.length, { kind: "binary" }), match: false };
  const { parameters, payloads: [tried] } = await encodeText(
    madeFiles("bytes", [symbols]),
    spec,
    contextOf(1),
  );
  const plain = await encodeBytes(symbols, [{ count: 1, bytes: symbols.length }], spec);
  assert(parameters.bytes[13]! < spec.slotLimit, "the block says what was chosen");
  const before = plain.payloads[0]!.bytes.length, after = tried!.bytes.length;
  assert(after < 0.99 * before, `${after} bytes, and ${before} without trials`);
});

Deno.test("a parameter block says what the model is; who looks at what a code costs does not change it", async () => {
  const below = randomNumbers(8),
    symbols = Uint8Array.from({ length: 700 }, () => below(7)),
    flag = () => below(2) > 0;
  const items = [{ count: 1, bytes: symbols.length }];
  for (let trial = 0; trial < 12; trial++) {
    const spec: ByteSpec = {
      model: MODELS[below(3)]!,
      kind: flag() ? "text" : "binary",
      size: 8 + below(4),
      orders: flag(),
      characters: flag(),
      words: flag(),
      lines: flag(),
      match: flag(),
      gating: flag(),
      refinement: flag(),
      rate: 1 + below(255),
      slotLimit: 2 + below(254),
      mapLimit: 1 + below(255),
      forget: below(2) * 300,
      record: below(70),
    };
    const costs: number[] = [], code = await encodeBytes(symbols, items, spec);
    const metered = await encodeBytes(symbols, items, spec, {}, (bytes, bits) => costs[bytes] = bits);
    assertEquals(readBlock(code.parameters.bytes, spec.model), spec);
    assertEquals(metered, code);
    assertEquals([costs.length, costs.at(-1)], [symbols.length + 1, code.payloads[0]!.estimatedBits!]);
    assert(costs.slice(1).every((bits, i) => i === 0 || bits > costs[i]!));
  }
});
