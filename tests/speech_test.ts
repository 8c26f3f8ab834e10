/** Speech: Debian's packages, sound and its bands, the networks that hear, numbers inside ONNX files, and lossless codecs. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { createXz, initModule } from "node-liblzma/wasm";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { concat, varint } from "../lib/program/bytes.ts";
import { random } from "../lib/random.ts";
import {
  activityTask,
  decodeOnnx,
  encodeOnnx,
  loadSilero,
  rightDecisions,
  sameDecisions,
  scenesOf,
  speechProbabilities,
} from "../notebooks/experiments/speech/activity.ts";
import { costsOf, SAVINGS } from "../notebooks/experiments/speech/cost.ts";
import { debianFiles, hashOf, type Member, unpackDeb } from "../notebooks/experiments/speech/debian.ts";
import { recordedDigits, soundsOf, variedSounds } from "../notebooks/experiments/speech/digits.ts";
import { codeLossless, secondsOf } from "../notebooks/experiments/speech/lossless.ts";
import { BANDS, centred, MIDDLES, spectrumOf, stretched } from "../notebooks/experiments/speech/mel.ts";
import { classesOf } from "../notebooks/experiments/networks/classes.ts";
import { INPUTS, logProbabilities, trainNetworks } from "../notebooks/experiments/speech/network.ts";
import { onnxTensors } from "../notebooks/experiments/speech/onnx.ts";
import { LANGUAGES, type Prompt } from "../notebooks/experiments/speech/prompts.ts";
import { joined, RATE, resampled, samplesOf, trimmed, wavOf } from "../notebooks/experiments/speech/sound.ts";
import {
  peakOf,
  piecesOf,
  shareKnown,
  shareKnownBySilence,
  speakersTask,
  splitByPrompt,
} from "../notebooks/experiments/speech/speakers.ts";
import { measureTask } from "../scripts/laboratory/task/task.ts";
import type { Way } from "../scripts/laboratory/task/tensor_file.ts";
import { openVoices } from "../notebooks/experiments/speech/voices.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const padded = (bytes: Uint8Array, to: number) => concat([bytes, new Uint8Array(to - bytes.length)]);
const spaced = (text: string, to: number) => bytesOf(text.padEnd(to));

/** A .deb as dpkg writes it, as far as it is read here. */
async function debOf(files: readonly Member[]): Promise<Uint8Array> {
  const tar = files.flatMap(({ name, bytes }) => {
    const head = new Uint8Array(512);
    head.set(bytesOf(`./${name}`));
    head.set(bytesOf(bytes.length.toString(8).padStart(11, "0")), 124);
    head[156] = 48;
    return [head, padded(bytes, Math.ceil(bytes.length / 512) * 512)];
  });
  await initModule();
  const stream = new Blob([concat([...tar, new Uint8Array(1024)])]).stream().pipeThrough(
    createXz({ preset: 1 }),
  );
  const member = (name: string, bytes: Uint8Array) => [
    ...[spaced(name, 16), spaced("0", 32), spaced(String(bytes.length), 10), bytesOf("`\n")],
    ...[bytes, new Uint8Array(bytes.length % 2)],
  ];
  const data = await new Response(stream).bytes();
  return concat([
    bytesOf("!<arch>\n"),
    ...member("debian-binary", bytesOf("2.0\n")),
    ...member("data.tar.xz", data),
  ]);
}

const FILES: Member[] = [
  { name: "usr/share/a b/1.wav", bytes: Uint8Array.from({ length: 700 }, (_, i) => i * i) },
  { name: "usr/share/a b/2.wav", bytes: new Uint8Array(0) },
  { name: "usr/share/doc/copyright", bytes: bytesOf("free") },
];

Deno.test("a Debian package is unpacked without Debian's tools, and what is none is refused", async () => {
  const deb = await debOf(FILES);
  assertEquals(await unpackDeb(deb), FILES);
  await assertRejects(() => unpackDeb(bytesOf("no package")), MdlError, "no Debian package");
  await assertRejects(() => unpackDeb(deb.subarray(0, 150)), MdlError, "no Debian package");
});

Deno.test("a package put into the cache by hand is unpacked once; other files than the pinned ones are refused", async () => {
  const cache = await Deno.makeTempDir(), context = contextOf(1), wanted = FILES.slice(0, 2);
  const pinned = { name: "mdlab-no-such-package", version: "1-1", suffix: ".wav", sha256: hashOf(wanted) };
  await assertRejects(
    () => debianFiles(pinned, context, cache),
    MdlError,
    "mdlab-no-such-package_1-1_all.deb",
  );
  const place = join(cache, "mdlab-no-such-package_1-1_all.deb");
  await Deno.writeFile(place, await debOf(FILES));
  await assertRejects(
    () => debianFiles({ ...pinned, sha256: "0" }, context, cache),
    MdlError,
    "does not hold",
  );
  assertEquals(await debianFiles(pinned, context, cache), wanted);
  await Deno.remove(place);
  assertEquals(await debianFiles(pinned, context, cache), wanted);
  assertEquals([...Deno.readDirSync(cache)].length, 1, "nothing unfinished is left");
  await Deno.remove(cache, { recursive: true });
});

const tone = (hertz: number, seconds: number, rate = RATE) =>
  Float32Array.from({ length: seconds * rate }, (_, i) => 0.5 * Math.sin(2 * Math.PI * hertz * i / rate));

Deno.test("samples and WAV files are each other's inverse", () => {
  const { below } = random(1, "samples");
  for (const length of [0, 1, 777]) {
    const samples = Float32Array.from({ length }, () => (below(65536) - 32768) / 32768);
    assertEquals(samplesOf(wavOf(samples)), samples);
  }
  assertThrows(() => samplesOf(bytesOf("no sound")), MdlError, "8000 Hz");
});

Deno.test("another rate keeps what is below half of it, and nothing else; silence around a sound goes", () => {
  const low = resampled(tone(440, 0.5, 22050), 22050), expected = tone(440, 0.5);
  for (let i = 500; i < 3500; i++) assertAlmostEquals(low[i]!, expected[i]!, 2e-3);
  const high = resampled(tone(6000, 0.5, 22050), 22050).subarray(500, 3500);
  assert(Math.max(...high.map(Math.abs)) < 5e-3);
  assertEquals(trimmed(joined([new Float32Array(800), expected, new Float32Array(400)])).length, 4000);
  assertEquals(trimmed(new Float32Array(400)).length, 400);
});

Deno.test("a tone is loudest in its band; stretching to the same length changes nothing; centring forgets loudness", () => {
  MIDDLES.forEach((hertz, band) => {
    const { frames, values } = spectrumOf(tone(hertz, 0.2)), row = values.subarray(0, BANDS);
    assertEquals(row.indexOf(Math.max(...row)), band, `${hertz} Hz`);
    assertEquals(stretched({ frames, values }, frames).values, values);
  });
  const { normal } = random(4, "hiss"); // far above the floor of what is heard
  const sound = joined([tone(300, 0.3), tone(1500, 0.3)]).map((v) => v + 0.05 * normal());
  const [loud, soft] = [sound, sound.map((v) => v / 8)].map((one) => centred(spectrumOf(one)));
  loud!.forEach((v, i) => assertAlmostEquals(v, soft![i]!, 0.2));
  assertEquals(spectrumOf(new Float32Array(3)).frames, 1);
});

/** Prompts of two speakers that differ in pitch and hiss, and say things of their own. */
function madeUp(): Prompt[] {
  const draw = random(3, "prompts"),
    names = ["minutes", "vm-minutes", ...Array.from({ length: 40 }, (_, i) => `word${i}`)];
  return [["en", "Allison", 300], ["fr", "June", 900], ["es", "Allison", 300]].flatMap((
    [language, speaker, pitch],
  ) =>
    names.map((name): Prompt => {
      const samples = tone(+pitch! * (0.9 + 0.2 * draw.uniform()), 0.4 + 0.4 * draw.uniform())
        .map((v) => v + 0.01 * draw.normal());
      return {
        language: language as Prompt["language"],
        speaker: String(speaker),
        name,
        file: wavOf(samples),
        samples,
      };
    })
  );
}

Deno.test("no prompt is on both sides of the split, by name, by name without prefix, or by its sound", () => {
  const prompts = madeUp(), split = splitByPrompt(prompts), plain = (name: string) => name.replace("vm-", "");
  const learnt = new Set(split.learnt.map(({ name }) => plain(name)));
  assert(split.asked.length > 10 && split.elsewhere.length > 5);
  for (const { name } of [...split.asked, ...split.elsewhere]) assert(!learnt.has(plain(name)), name);
  assertEquals(split.repeated, 0);
  const one = split.learnt[0]!, victim = split.asked.find(({ language }) => language === one.language)!;
  const cut = { ...victim, samples: joined([new Float32Array(99), one.samples]) };
  assertEquals(peakOf(cut), peakOf(one));
  const again = splitByPrompt(prompts.map((prompt) => prompt === victim ? cut : prompt));
  assertEquals([again.repeated, again.asked.length], [1, split.asked.length - 1]);
});

Deno.test("speakers that are plainly different are known; the same seed trains the same network; no tensor is left", async () => {
  const context = contextOf(1), split = splitByPrompt(madeUp()), training = { classes: 2, steps: 60 };
  const pieces = piecesOf(split.learnt, split.speakers, "bands as they are");
  const asked = piecesOf(split.asked, split.speakers, "bands as they are");
  const [first] = await trainNetworks(pieces, training, [1], context), before = tf.memory().numTensors;
  const [again, other] = await trainNetworks(pieces, training, [1, 2], context);
  assertEquals(again, first);
  assert(other!.hidden!.values[0] !== first!.hidden!.values[0]);
  assert(await shareKnown(first!, asked, 2, context) > 95);
  assertEquals(tf.memory().numTensors, before);
  const share = shareKnownBySilence(split);
  assertEquals(share, 100, "tones of two heights are told apart by their quietest frames, too");
  const logs = await logProbabilities(first!, asked.inputs.slice(0, 3 * INPUTS), context);
  for (let i = 0; i < 3; i++) {
    assertAlmostEquals(Math.exp(logs[2 * i]!) + Math.exp(logs[2 * i + 1]!), 1, 1e-5);
  }
  assertEquals(classesOf(Float32Array.of(-3, -1, -2, -5), 2), [1, 0]);
});

Deno.test("costs: a narrower network multiplies less, zeros only where they are skipped; each begins with the whole one", async () => {
  const context = contextOf(1), split = splitByPrompt(madeUp());
  const pieces = piecesOf(split.learnt, split.speakers, "bands as they are");
  const trained = async (filters: number, ways?: readonly Way[]) => {
    const models = await trainNetworks(pieces, { classes: 2, steps: 5, filters }, [1, 2], context);
    const task = speakersTask(`${filters} filters`, models, pieces, 2, ways);
    return { result: await measureTask(task, [1, 2], context), model: models[0]! };
  };
  const costs = costsOf(await trained(32), [await trained(8, [{}])]), whole = costs[0]!;
  assertEquals(whole.multiplications, 28 * 100 * 32 + 128 * 64 + 64 * 2);
  for (const saving of SAVINGS) {
    const own = costs.filter((cost) => cost.saving === saving);
    assertEquals([own[0]!.multiplications, own[0]!.score], [whole.multiplications, whole.score]);
    assert(own.length > 1 && own.slice(1).every((cost) => cost.multiplications < whole.multiplications));
  }
  const narrow = costs.find(({ name }) => name === "8 filters")!;
  assertEquals(narrow.multiplications, 28 * 100 * 8 + 32 * 16 + 16 * 2);
  assertAlmostEquals(narrow.loss, whole.score - narrow.score, 1e-9);
});

Deno.test("synthesised digits are the same in every run, and each of another voice is another sound", async () => {
  const say = await openVoices(), voice = { language: "en-us", rate: 150, pitch: 50 };
  const seven = say("7", voice);
  assert(seven.length > RATE / 4 && Math.max(...seven) > 0.1);
  assert((await openVoices())("7", voice).every((v, i) => v === seven[i]));
  const { now } = Date;
  const breathyAt = async (time: number) => {
    Date.now = () => time;
    const speak = await openVoices().finally(() => Date.now = now);
    return speak("7", { ...voice, variant: "f3" }).join();
  };
  assertEquals(await breathyAt(1e12), await breathyAt(2e12), "noise is not seeded by the time of day");
  assert(say("7", { ...voice, variant: "f2" }).join() !== seven.join());
  assertThrows(() => say("7", { ...voice, language: "xx" }), MdlError, "no voice xx");
  const prompts = [{
    language: "en",
    speaker: "x",
    name: "digits/7",
    file: wavOf(seven),
    samples: seven,
  }] as const;
  const said = recordedDigits([...prompts, { ...prompts[0], name: "digits/70" }]);
  assertEquals(said.map(({ digit }) => digit), [7]);
  const { inputs, labels } = soundsOf(said), varied = variedSounds(said);
  assertEquals([inputs.length, varied.inputs.length], [INPUTS, varied.labels.length * INPUTS]);
  assert([...Array.from(labels), ...Array.from(varied.labels)].every((label) => label === 7));
  assert(varied.inputs.every(Number.isFinite));
});

/** Fields of a protocol buffer. */
const field = (number: number, bytes: ArrayLike<number>) =>
  concat([varint(8 * number + 2), varint(bytes.length), bytes]);
const number = (field: number, value: number) => concat([varint(8 * field), varint(value)]);

/** An ONNX file with a tensor in its graph, one inside a branch of a node, and one of whole numbers. */
function onnxOf(a: Float32Array, b: Float32Array): Uint8Array {
  const raw = (values: Float32Array) => field(9, new Uint8Array(values.slice().buffer));
  const tensor = concat([
    number(1, 10),
    number(1, a.length / 10),
    number(2, 1),
    field(8, bytesOf("a")),
    raw(a),
  ]);
  const packed = concat([field(1, [...varint(b.length)]), number(2, 1), raw(b)]);
  const whole = concat([number(1, 2), number(2, 7), field(9, new Uint8Array(16))]);
  const branch = field(6, field(5, packed)),
    node = field(1, field(5, concat([field(1, bytesOf("then")), branch])));
  return concat([
    number(1, 8),
    field(2, bytesOf("test")),
    field(7, concat([field(5, tensor), node, field(5, whole)])),
  ]);
}

Deno.test("numbers are found in an ONNX file wherever they are, and put back in their places", () => {
  const { normal } = random(1, "onnx"), draw = (n: number) => Float32Array.from({ length: n }, normal);
  const a = draw(1200), b = draw(300), onnx = onnxOf(a, b), found = onnxTensors(onnx);
  assertEquals(found.map(({ shape }) => shape), [[10, 120], [300]]);
  for (const [i, values] of [a, b].entries()) {
    assertEquals(new Float32Array(onnx.slice(found[i]!.start, found[i]!.end).buffer), values);
  }
  assertEquals(decodeOnnx(encodeOnnx(onnx, {})), onnx);
  const file = encodeOnnx(onnx, { bits: 2 }), back = decodeOnnx(file);
  assert(file.length < onnx.length / 2);
  assertEquals(onnxTensors(back), found);
  assertEquals(new Set(new Float32Array(back.slice(found[0]!.start, found[0]!.end).buffer)).size, 4);
});

Deno.test("a damaged file of an ONNX model is a sentence or another model", () => {
  const onnx = onnxOf(new Float32Array(1200).fill(0.5), new Float32Array(300)),
    { below } = random(2, "damage");
  for (const [bytes, read] of [[onnx, onnxTensors], [encodeOnnx(onnx, { bits: 3 }), decodeOnnx]] as const) {
    for (let n = 0; n < 300; n++) {
      const other = bytes.slice(0, n % 3 ? undefined : below(bytes.length));
      if (n % 3) other[below(Math.min(200, other.length))]! ^= 1 << below(8);
      try {
        read(other);
      } catch (error) {
        assert(error instanceof MdlError && ["damaged", "unreadable"].includes(error.code), String(error));
      }
    }
  }
});

Deno.test("Silero hears speech, each sound for itself; its file as published loses nothing; Workers stay Deno's", async () => {
  const { Worker } = globalThis, context = contextOf(1), say = await openVoices();
  const prompts = LANGUAGES.map((language): Prompt => {
    const samples = say("one two three four", { language: "en-us", rate: 150, pitch: 50 });
    return { language, speaker: "x", name: "x", file: wavOf(samples), samples };
  });
  const onnx = await loadSilero(context), scenes = scenesOf(prompts, 1, context);
  const all = await speechProbabilities(onnx, scenes.sounds);
  const [alone] = await speechProbabilities(decodeOnnx(encodeOnnx(onnx, {})), scenes.sounds.slice(2, 3));
  alone!.forEach((p, t) => assertAlmostEquals(p, all[2]![t]!, 1e-4));
  assert(rightDecisions(all, scenes) > 80);
  assertEquals([sameDecisions(all, all), globalThis.Worker], [100, Worker]);
  const { score } = activityTask(onnx, prompts, 1);
  assertEquals(await score(encodeOnnx(onnx, {}), prompts, context), 100);
});

Deno.test("recordings without loss: FLAC is below the raw size, the program gives the files back", async () => {
  const context = contextOf(1), prompts = madeUp().filter(({ language }) => language === "fr");
  const some = secondsOf(prompts, 2, context);
  assertEquals(secondsOf(prompts, 2, context), some);
  assert(some.reduce((n, { samples }) => n + samples.length, 0) >= 2 * RATE);
  assertEquals(secondsOf(prompts, 1e9, context).length, prompts.length);
  const coding = await codeLossless({ name: "x", sha256: "", recorded: false, prompts }, some, context);
  assertEquals(coding.raw, some.reduce((n, { file }) => n + file.length, 0));
  assert(coding.flac < coding.raw && coding.program < coding.raw && coding.decoder < coding.program);
  assert(coding.wavpack === undefined || coding.wavpack < coding.raw);
});
