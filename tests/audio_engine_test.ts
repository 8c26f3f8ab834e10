/** The engine for sound: WAV files come back byte for byte, whatever is in them and whatever is switched off. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readModule } from "../lib/decoder/modules.ts";
import { type AudioSpec, DEFAULT_SPEC, encodeAudio, readBlock } from "../lib/audio/engine.ts";
import { readWav } from "../lib/audio/wav.ts";
import { MdlError } from "../lib/errors.ts";
import { concat } from "../lib/program/bytes.ts";
import { type Decoder, openDecoder } from "./open_decoder.ts";

/** Goes on until an item is complete. */
function nextItem(decoder: Decoder, length: number): Uint8Array {
  for (;;) {
    const address = decoder.next();
    assert(address > 0);
    if (decoder.made.value === length) {
      return new Uint8Array(decoder.memory.buffer).slice(address, address + length);
    }
  }
}

const encode = (files: readonly Uint8Array[], spec: Partial<AudioSpec> = {}) =>
  encodeAudio(files, { ...DEFAULT_SPEC, ...spec });

/** Encodes, decodes, compares; returns the payload's length. */
async function roundTrip(files: readonly Uint8Array[], spec: Partial<AudioSpec> = {}): Promise<number> {
  const code = await encode(files, spec), decoder = await openDecoder("audio", code);
  decoder.start(0, 0);
  for (const file of files) assertEquals(nextItem(decoder, file.length), file);
  assertEquals(decoder.next(), 0, "nothing behind the last file");
  const { bytes: { length }, estimatedBits = NaN } = code.payloads[0]!;
  assert(Math.abs(estimatedBits / 8 - length) < 8 + length / 100, `${estimatedBits / 8} B for ${length}`);
  return length;
}

interface Form {
  readonly bits: number;
  readonly channels: number;
}

const FORMS = [8, 16, 24].flatMap((bits) => [1, 2].map((channels) => ({ bits, channels })));

const u16 = (n: number) => [n & 255, (n >> 8) & 255];
const u32 = (n: number) => [...u16(n), ...u16(n >>> 16)];
const ascii = (text: string) => [...new TextEncoder().encode(text)];

function chunk(name: string, body: readonly number[] | Uint8Array, size = body.length): Uint8Array {
  return Uint8Array.from([...ascii(name), ...u32(size), ...body, ...(body.length % 2 ? [0] : [])]);
}

function format({ bits, channels }: Form, extensible = false): Uint8Array {
  const align = channels * bits / 8, tag = extensible ? 0xfffe : 1;
  const guid = [1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];
  const fields = [
    ...u16(tag),
    ...u16(channels),
    ...u32(8000),
    ...u32(8000 * align),
    ...u16(align),
    ...u16(bits),
  ];
  return chunk("fmt ", extensible ? [...fields, ...u16(22), ...u16(bits), ...u32(0), ...guid] : fields);
}

const riff = (...chunks: readonly Uint8Array[]) =>
  concat([
    chunk("RIFF", []).subarray(0, 4),
    Uint8Array.from(u32(4 + concat(chunks).length)),
    Uint8Array.from(ascii("WAVE")),
    ...chunks,
  ]);

/** Samples as the bytes of a data chunk; they are cut to the range. */
function pcm(samples: readonly number[], bits: number): Uint8Array {
  const bytes = bits / 8, most = 2 ** (bits - 1) - 1, all = new Uint8Array(samples.length * bytes);
  samples.forEach((sample, i) => {
    const cut = Math.max(-most - 1, Math.min(most, Math.round(sample)));
    for (let k = 0; k < bytes; k++) all[i * bytes + k] = (bytes === 1 ? cut + 128 : cut) >> (8 * k);
  });
  return all;
}

const wav = (samples: readonly number[], form: Form) =>
  riff(format(form), chunk("data", pcm(samples, form.bits)));

/** Reproducible, −1 … 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A few partials that come and go, an echo on the other channel, and a little noise; −1 … 1. */
function tones(frames: number, channels: number, seed = 1): number[] {
  const random = noise(seed), samples: number[] = [];
  for (let t = 0; t < frames; t++) {
    const loud = 0.3 + 0.3 * Math.sin(t / 900 + seed);
    const at = (s: number) =>
      loud * (Math.sin(s * 0.11) + 0.5 * Math.sin(s * 0.223) + 0.3 * Math.sin(s * 0.071)) / 2;
    samples.push(at(t) + 0.003 * random());
    if (channels === 2) samples.push(0.7 * at(t - 3) + 0.003 * random());
  }
  return samples;
}

const sound = (frames: number, form: Form, seed = 1) =>
  wav(tones(frames, form.channels, seed).map((s) => s * 2 ** (form.bits - 1)), form);

const MONO = { bits: 16, channels: 1 }, STEREO = { bits: 16, channels: 2 };

for (const form of FORMS) {
  Deno.test(`${form.bits} bits, ${form.channels} channels: round trip, and shorter`, async () => {
    const file = sound(4000, form), payload = await roundTrip([file]);
    assert(payload < 0.75 * file.length, `${payload} of ${file.length}`);
  });

  Deno.test(`${form.bits} bits, ${form.channels} channels: noise, silence, square waves`, async () => {
    const most = 2 ** (form.bits - 1), random = noise(7), count = 3000 * form.channels;
    const samples = (f: (i: number) => number) => wav(Array.from({ length: count }, (_, i) => f(i)), form);
    const loud = samples(() => most * random());
    assert(await roundTrip([loud]) < loud.length * 1.02 + 80);
    assert(await roundTrip([samples(() => 0)]) < 80);
    await roundTrip([
      samples((i) => (i >> 6) & 1 ? most : -most),
      loud,
      samples((i) => i % 7 ? -most : most),
    ]);
    await roundTrip([samples((i) => i === 1500 ? most : 0)]);
  });
}

Deno.test("files of unusual structure", async () => {
  const samples = pcm(tones(300, 1).map((s) => s * 32768), 16), data = chunk("data", samples);
  const list = chunk("LIST", ascii("INFOISFT\x05\0\0\0mdlab")), plain = riff(format(MONO), data);
  const patched = (at: number, value: number) => {
    const file = plain.slice();
    new DataView(file.buffer).setUint32(at, value, true);
    return file;
  };
  const files: Readonly<Record<string, Uint8Array>> = {
    "one sample": wav([77], MONO),
    "no sample": wav([], MONO),
    "odd chunk": riff(format({ bits: 8, channels: 1 }), chunk("data", [1, 2, 3])),
    "half a sample": riff(format(STEREO), chunk("data", samples.subarray(0, 403))),
    "LIST before": riff(format(MONO), list, data),
    "LIST behind": riff(format(MONO), data, list),
    "LIST all around": riff(list, format(MONO), list, data, list),
    "extensible": riff(format(STEREO, true), data),
    "cut in the samples": plain.subarray(0, 333),
    "cut in the header": plain.subarray(0, 41),
    "cut in the name": plain.subarray(0, 3),
    "empty": new Uint8Array(),
    "size too large": patched(40, 1_000_000),
    "size unknown": patched(40, 0xffffffff),
    "size 0": patched(40, 0),
    "size too small": patched(40, 101),
    "RIFF's size lies": patched(4, 3),
    "format's size lies": patched(16, 0xfffffff0),
    "align lies": patched(32, 0x00100003),
    "two data chunks": riff(format(MONO), data, data),
    "two formats": riff(format(MONO), format(STEREO), data),
    "data first": riff(data, format(MONO)),
    "no WAV": Uint8Array.from(ascii("not a WAV file at all")),
  };
  for (const [what, file] of Object.entries(files)) {
    try {
      await roundTrip([file]);
    } catch (error) {
      throw new Error(what, { cause: error });
    }
  }
  await roundTrip(Object.values(files));
  await roundTrip(Object.values(files).reverse(), { forget: true });
  assertEquals(readWav(files["LIST all around"]!), { ...MONO, rate: 8000, start: 96, frames: 300 });
  assertEquals(readWav(files["size too large"]!)?.frames, 300);
  for (
    const none of ["no WAV", "empty", "cut in the name", "data first", "align lies", "format's size lies"]
  ) {
    assertEquals(readWav(files[none]!), undefined, none);
  }
});

Deno.test("a set of all formats; a file more of a kind costs little besides its samples", async () => {
  await roundTrip(FORMS.flatMap((form, i) => [sound(700, form, i), sound(300, form, i + 1)]));
  const silent = wav(new Array(500).fill(0), MONO), longer = wav(new Array(700).fill(0), MONO);
  const one = await roundTrip([silent]), many = await roundTrip([silent, longer, silent, longer, silent]);
  assert(many - one < 40, `${many - one} B for four files`);
});

for (const name of Object.keys(DEFAULT_SPEC) as (keyof AudioSpec)[]) {
  Deno.test(`with the switch ${name} turned`, async () => {
    for (const form of [MONO, STEREO]) {
      await roundTrip([sound(2000, form), sound(500, form, 2)], { [name]: !DEFAULT_SPEC[name] });
    }
  });
}

Deno.test("with everything off", async () => {
  const off = Object.fromEntries(Object.keys(DEFAULT_SPEC).map((name) => [name, false]));
  await roundTrip([sound(2000, STEREO)], off);
});

Deno.test("values: low bits that are zero, sound made louder, few values", async () => {
  const quiet = tones(6000, 1).map((s) => Math.round(s * 3000));
  const plain = await roundTrip([wav(quiet, MONO)]);
  const shifted = await roundTrip([wav(quiet.map((s) => s * 8), MONO)]);
  assert(Math.abs(shifted - plain) < 0.03 * plain, `${shifted} B, and ${plain} B unshifted`);
  const deep = await roundTrip([wav(quiet.map((s) => s * 256), { bits: 24, channels: 1 })]);
  assert(Math.abs(deep - plain) < 0.03 * plain, `${deep} B in 24 bits, and ${plain} B in 16`);
  const louder = await roundTrip([wav(quiet.map((s) => Math.round(s * 5.37)), MONO)]);
  assert(louder < 1.15 * plain, `${louder} B louder, and ${plain} B as it was`);
});

Deno.test("drawing: WAV files of the length that is asked for, the same by seed", async () => {
  const code = await encode([sound(3000, STEREO), sound(2000, STEREO, 2)]);
  const draw = async (seed: number, length?: number, temperature = 1) => {
    const decoder = await openDecoder("audio", code);
    decoder.start(1, seed);
    decoder.temperature.value = temperature;
    if (length !== undefined) decoder.length.value = length;
    return [nextItem(decoder, length ?? 16000), nextItem(decoder, length ?? 16000)];
  };
  const [first, second] = await draw(5);
  assertEquals(readWav(first!), { ...STEREO, rate: 8000, start: 44, frames: 3989 });
  assertEquals(new DataView(first!.buffer).getUint32(4, true), 15992);
  assert(first!.join() !== second!.join());
  assertEquals((await draw(5))[1], second);
  assert((await draw(6))[0]!.join() !== first!.join());
  assert((await draw(5, undefined, 0.5))[0]!.join() !== first!.join());
  for (const length of [0, 30, 44, 45, 50, 1001]) assertEquals((await draw(1, length))[0]!.length, length);
});

Deno.test("sound that is drawn does not grow louder than the data", async () => {
  for (const form of [MONO, STEREO]) {
    const code = await encode([sound(8000, form)]), decoder = await openDecoder("audio", code);
    decoder.start(1, 3);
    decoder.length.value = 400_000;
    const drawn = new Int16Array(nextItem(decoder, 400_000).buffer, 44).slice(-20_000);
    const data = new Int16Array(sound(8000, form).buffer, 44);
    assert(size(drawn) < 1.5 * size(data), `${size(drawn)}, and the data ${size(data)}`);
  }
});

/** Root mean square. */
function size(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

Deno.test("stopping, and what is reported", async () => {
  const files = [sound(60_000, MONO)], stop = new AbortController(), shares: number[] = [];
  const work = encodeAudio(files, DEFAULT_SPEC, {
    signal: stop.signal,
    progress: ({ done, total }) => {
      shares.push(done / total);
      if (done / total > 0.3) stop.abort();
    },
  });
  const error = await assertRejects(() => work, MdlError);
  assertEquals(error.code, "interrupted");
  assert(shares.length > 0 && shares.at(-1)! < 1);
});

Deno.test("the decoder has at most 8 kB", async () => {
  const decoder = await readModule("audio");
  assert(decoder.length <= 8000, `${decoder.length} B`);
});

Deno.test("the length of a code: golden", async () => {
  const length = await roundTrip([sound(20_000, STEREO), sound(20_000, STEREO, 3)]);
  assert(Math.abs(length / GOLDEN - 1) < 0.005, `${length} B, and it was ${GOLDEN}`);
});
const GOLDEN = 81_631;

Deno.test("a block says which parts the model has; what pieces cost adds up, and values may be those of the first files alone", async () => {
  const all = Array.from({ length: 5000 }, (_, i) => Math.round(300 * Math.sin(i / 5)) * 4),
    few = all.slice(0, 900);
  const files = [all, few].map((values) => riff(format(MONO), chunk("data", pcm(values, 16))));
  const spec = { ...DEFAULT_SPEC, fast: false, stereo: false, forget: true }, costs: number[] = [];
  const code = await encodeAudio(
    files,
    spec,
    {},
    (_, bits) => void costs.push(bits),
    1,
  );
  assertEquals(readBlock(code.parameters.bytes), spec);
  assertEquals(code, await encodeAudio(files, spec)); // the first has all values
  assertEquals([costs.length, costs.at(-1)], [3, code.payloads[0]!.estimatedBits]);
});
