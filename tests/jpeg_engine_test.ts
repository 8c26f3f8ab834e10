/** The engine for JPEG files: they come back byte for byte, whoever wrote them and whatever is switched off. */
import decodeJpeg from "@jsquash/jpeg/decode.js";
import encodeWithMozjpeg from "@jsquash/jpeg/encode.js";
import { ColorSpace, MagickFormat, MagickImage } from "@imagemagick/magick-wasm";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readModule } from "../lib/decoder/modules.ts";
import { MdlError } from "../lib/errors.ts";
import { decodeImage } from "../lib/image/image_file.ts";
import { encodeFiles } from "../lib/jpeg/encode.ts";
import { DEFAULT_SPEC, encodeJpeg, type JpegSpec } from "../lib/jpeg/engine.ts";
import { readScans } from "../lib/jpeg/scan.ts";
import { readSegments } from "../lib/jpeg/segments.ts";
import { eachFile, type Files } from "../lib/files/data.ts";
import { programOf } from "../lib/program/program.ts";
import { concat } from "../lib/program/bytes.ts";
import { random } from "../lib/random.ts";
import { type Decoder, openDecoder } from "./open_decoder.ts";
import { SOON } from "./soon.ts";

const { below } = random(4, "jpeg");
const fixture = (name: string) => Deno.readFile(new URL(`fixtures/images/${name}.jpg`, import.meta.url));

/** Slopes, an edge, and grain: what pictures have. */
function picture(width: number, height: number, seed = 0): ImageData {
  const image = new ImageData(width, height), { below } = random(seed, "grain");
  for (let i = 0; i < width * height; i++) {
    const x = i % width, y = Math.floor(i / width), grain = below(24);
    const red = 90 + 60 * Math.sin((x + seed) / 9) + (x > y + seed ? 70 : 0) + grain;
    image.data.set([red, 200 - 2 * y + grain, 60 + x + grain / 2, 255], 4 * i);
  }
  return image;
}

/** Options of mozjpeg; its defaults are progressive with subsampled colours and optimised scans. */
type Options = NonNullable<Parameters<typeof encodeWithMozjpeg>[1]>;
const BASELINE = { progressive: false, baseline: true };
const GRAY = { color_space: 1 };

async function file(
  width: number,
  height: number,
  options: Partial<Options> = {},
  seed = 0,
): Promise<Uint8Array> {
  return new Uint8Array(await encodeWithMozjpeg(picture(width, height, seed), options));
}

/** Goes on until a file is complete. */
function nextFile(decoder: Decoder, length: number): Uint8Array {
  for (;;) {
    const address = decoder.next();
    assert(address > 0);
    if (decoder.made.value === length) {
      return new Uint8Array(decoder.memory.buffer).slice(address, address + length);
    }
  }
}

/** Encodes, decodes, compares; returns the payload's length and which files were written from coefficients. */
async function roundTrip(files: readonly Uint8Array[], spec: Partial<JpegSpec> = {}) {
  const code = await encodeJpeg(files, { ...DEFAULT_SPEC, ...spec }),
    decoder = await openDecoder("jpeg", code);
  decoder.start(0, 0);
  for (const file of files) assertEquals(nextFile(decoder, file.length), file);
  assertEquals(decoder.next(), 0, "nothing behind the last file");
  const { bytes: { length }, estimatedBits = NaN } = code.payloads[0]!;
  assert(Math.abs(estimatedBits / 8 - length) < 8 + length / 100, `${estimatedBits / 8} B for ${length}`);
  assert(Math.abs(code.parts.reduce((sum, { bits }) => sum + bits, 0) - estimatedBits) < 1);
  return { length, modelled: code.modelled };
}

Deno.test("files of many encoders and sizes: written anew from their coefficients", async () => {
  const options: Partial<Options>[] = [
    {},
    BASELINE,
    { ...BASELINE, quality: 100, auto_subsample: false, chroma_subsample: 1 },
    { ...BASELINE, quality: 3 },
    { progressive: true, quality: 98, auto_subsample: false, chroma_subsample: 1 },
    { auto_subsample: false, chroma_subsample: 3 },
    GRAY,
    { ...GRAY, ...BASELINE },
    { color_space: 2 },
    { trellis_multipass: true, trellis_opt_zero: true, trellis_opt_table: true, quant_table: 2 },
  ];
  const files: Uint8Array[] = [];
  for (const [width, height] of [[1, 1], [7, 9], [33, 17], [32, 8], [70, 45]] as const) {
    for (const option of options) files.push(await file(width, height, option, files.length));
  }
  const { modelled } = await roundTrip(files);
  assertEquals(modelled.flatMap((is, i) => is ? [] : [i]), []);
});

Deno.test("restarts, four colours, and what only looks like JPEG", async () => {
  await decodeImage(await fixture("restarts"), "restarts.jpg"); // which sets Magick up
  const four = MagickImage.create(await file(60, 40));
  four.colorSpace = ColorSpace.CMYK;
  const cmyk = four.write(MagickFormat.Jpeg, (bytes) => bytes.slice());
  const whole = await file(40, 40), arithmetic = await fixture("arithmetic");
  const { modelled } = await roundTrip([
    await fixture("restarts"),
    cmyk,
    arithmetic,
    concat([whole, new Uint8Array(500).fill(7)]), // more behind it
    concat([whole, whole]),
    new Uint8Array(),
    Uint8Array.of(0xff, 0xd8, 0xff),
    new TextEncoder().encode("no JPEG file"),
    whole.subarray(0, -2), // its last marker is missing
    whole.subarray(0, -40), // and some of its scan
  ]);
  assertEquals(modelled, [true, true, false, true, true, false, false, false, true, false]);
});

Deno.test("damaged files come back as they are", async () => {
  const whole = [
    await file(50, 30),
    await file(40, 30, BASELINE),
    await fixture("restarts"),
    await file(9, 9, GRAY),
  ];
  const files = whole.flatMap((file) => [
    ...Array.from({ length: 12 }, () => file.subarray(0, below(file.length))),
    ...Array.from({ length: 40 }, () => {
      const damaged = file.slice();
      for (let n = 1 + below(3); n > 0; n--) damaged[below(file.length)] = below(256);
      return damaged;
    }),
  ]);
  const { modelled } = await roundTrip(files);
  assert(modelled.includes(false) && modelled.includes(true));
});

Deno.test("numbers of a header that lie ask for no memory", async () => {
  const large = await file(16, 16, BASELINE),
    at = large.findIndex((byte, i) => byte === 0xff && large[i + 1] === 0xc0);
  large.fill(0xff, at + 5, at + 9); // 65,535 samples in both directions
  assertEquals(readSegments(large), undefined);
  assertEquals((await roundTrip([large])).modelled, [false]);
});

Deno.test("a scan that ends before its picture does is given up", async () => {
  const file = new Uint8Array(await encodeWithMozjpeg(picture(64, 64), BASELINE)),
    whole = readSegments(file)!;
  const read = (bytes: Uint8Array) => {
    const found = readSegments(bytes)!;
    return readScans(bytes, found, new Int16Array(found.frame.coefficients));
  };
  assert(read(file));
  assertEquals(read(concat([file.subarray(0, whole.scans[0]!.start + 20), [0xff, 0xd9]])), undefined);
});

/** A progressive file, gray and as large as said, in which each scan goes through all blocks in few bytes. */
function longRuns(side: number, scans: number): Uint8Array {
  const pair = (n: number) => [n >> 8, n & 255], blocks = (side / 8) ** 2;
  const quanta = [0xff, 0xdb, 0, 67, 0, ...new Array<number>(64).fill(1)];
  const frame = [0xff, 0xc2, 0, 11, 8, ...pair(side), ...pair(side), 1, 1, 0x11, 0];
  const codes = [0xff, 0xc4, 0, 20, 0x10, 1, ...new Array<number>(15).fill(0), 0xe0]; // 0: 2¹⁴ blocks and more
  const runs = "0".repeat(15 * Math.ceil(blocks / 2 ** 14)).padEnd(8 * Math.ceil(blocks / 2 ** 13), "1");
  const code = (runs.match(/.{8}/g) ?? []).map((bits) => parseInt(bits, 2)).flatMap((b) =>
    b === 255 ? [b, 0] : [b]
  );
  const scan = (i: number) => [0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, i ? 0x10 : 1, ...code];
  const all = Array.from({ length: scans }, (_, i) => scan(i)).flat();
  return Uint8Array.from([0xff, 0xd8, ...quanta, ...frame, ...codes, ...all, 0xff, 0xd9]);
}

Deno.test("scans that take long to go through: too many are none, and whoever stops does not wait for them", async () => {
  const file = longRuns(4096, 24), { frame, scans } = readSegments(file)!;
  assert(file.length < 2000 && scans.length === 24 && frame.coefficients === 4096 ** 2);
  assertEquals(readSegments(longRuns(8192, 33)), undefined);
  const stop = new AbortController();
  let stopped = 0;
  setTimeout(() => {
    stopped = performance.now();
    stop.abort();
  }, 100);
  const work = encodeFiles([file], DEFAULT_SPEC, { signal: stop.signal });
  assertEquals((await assertRejects(() => work, MdlError)).code, "interrupted");
  const waited = performance.now() - stopped;
  assert(stopped > 0 && waited < SOON, `${waited} ms`);
});

Deno.test("each part of the model pays, and what one file taught serves the next", async () => {
  const files = [await file(200, 160, { quality: 90 }), await file(200, 160, { quality: 90 }, 5)];
  const size = async (spec: Partial<JpegSpec> = {}) => (await roundTrip(files, spec)).length,
    whole = await size();
  assert(whole < 0.9 * (files[0]!.length + files[1]!.length), `${whole}`);
  for (const off of ["around", "planes", "gating", "refinement"] as const) {
    assert(await size({ [off]: false }) > whole, off);
  }
  assert(await size({ forget: true }) > whole);
});

Deno.test("nothing is learnt from pictures that are drawn: the last of 30 are as full as the data", async () => {
  const decoder = await openDecoder("jpeg", await encodeJpeg([await file(320, 240, { quality: 90 })]));
  decoder.start(1, 2);
  decoder.length.value = 20_000;
  const last = Array.from({ length: 30 }, () => withoutFill(nextFile(decoder, 20_000))).slice(-8);
  // So large a picture takes a fifth of the length as the data were written, and more with the tables of what is drawn.
  assert(last.every((bytes) => bytes > 0.2 * 20_000 && bytes < 0.5 * 20_000), `${last} bytes of picture`);
});

/** Bytes of a drawn file in front of those that fill it. */
function withoutFill(file: Uint8Array): number {
  return file.subarray(0, -2).findLastIndex((byte) => byte !== 0xff) + 1;
}

Deno.test("drawing: JPEG files of the length that is asked for, the same by seed", async () => {
  const code = await encodeJpeg([await file(120, 80), await file(64, 64, { quality: 95 })]);
  const draw = async (seed: number, length = 6000, temperature = 1) => {
    const decoder = await openDecoder("jpeg", code);
    decoder.start(1, seed);
    decoder.temperature.value = temperature;
    decoder.length.value = length;
    return [nextFile(decoder, length), nextFile(decoder, length)];
  };
  const [first, second] = await draw(5);
  const { width, height } = await decodeJpeg(first!.slice().buffer);
  assert(width > 0 && width <= 64 && height > 0 && height <= 64, `${width}×${height}`);
  assert(readSegments(first!) && first!.at(-1) === 0xd9);
  assert(first!.join() !== second!.join());
  assertEquals((await draw(5))[1], second);
  assert((await draw(6))[0]!.join() !== first!.join());
  assert((await draw(5, 6000, 0.5))[0]!.join() !== first!.join());
  for (const length of [1, 2, 30, 700, 1001]) assertEquals((await draw(1, length))[0]!.length, length);
  const none = await openDecoder("jpeg", await encodeJpeg([Uint8Array.of(1, 2, 3)]));
  none.start(1, 1);
  assertEquals(nextFile(none, 1024).length, 1024);
});

Deno.test("a program's damage is noticed, wherever it is; whole, it gives its files", async () => {
  const bytes = await Deno.readFile(new URL("fixtures/jpeg_v2.wasm", import.meta.url));
  for (let at = 0; at < bytes.length; at += 131) {
    const damaged = bytes.slice();
    damaged[at]! ^= 8;
    await assertRejects(() => Promise.resolve().then(() => programOf(damaged).decode()), MdlError);
  }
  for (const length of [0, 100, bytes.length - 1]) {
    await assertRejects(
      () => Promise.resolve().then(() => programOf(bytes.subarray(0, length)).decode()),
      MdlError,
    );
  }
  const files = await programOf<Files>(bytes).decode(), [, restarts] = [...eachFile(files)];
  assertEquals(restarts!.bytes, await fixture("restarts"));
});

Deno.test("stopping, and what is reported", async () => {
  const files = [await file(500, 400, { quality: 95 })], stop = new AbortController(), shares: number[] = [];
  const work = encodeJpeg(files, DEFAULT_SPEC, {
    signal: stop.signal,
    progress: ({ done, total }) => {
      shares.push(done / total);
      if (done / total > 0.1) stop.abort();
    },
  });
  assertEquals((await assertRejects(() => work, MdlError)).code, "interrupted");
  assert(shares.length > 0 && shares.at(-1)! < 1);
});

Deno.test("in a Worker: progress goes forward, headers included, and may be left out", async () => {
  const whole = await file(240, 160), comment = new Uint8Array(30_000).map(() => below(256));
  const commented = concat([[0xff, 0xd8, 0xff, 0xfe, 30_002 >> 8, 30_002 & 255], comment, whole.subarray(2)]);
  const said: number[] = [], progress = ({ done }: { readonly done: number }) => void said.push(done);
  assertEquals((await encodeFiles([commented, whole], DEFAULT_SPEC, { progress })).modelled, [true, true]);
  assert(said.every((done, i) => i === 0 || done > said[i - 1]!), said.join(", "));
  assertEquals(said.at(-1), commented.length + whole.length);
  const { payloads } = await encodeFiles([whole], DEFAULT_SPEC, {});
  assertEquals(payloads, (await encodeJpeg([whole])).payloads);
});

Deno.test("the decoder has at most 14 kB", async () => {
  const decoder = await readModule("jpeg");
  assert(decoder.length <= 14_000, `${decoder.length} B`);
});

Deno.test("the length of a code: golden", async () => {
  const files = [
    await file(300, 200, { quality: 90 }, 1),
    await file(200, 300, { ...BASELINE, quality: 85 }, 2),
  ];
  const { length } = await roundTrip(files);
  assert(Math.abs(length / GOLDEN - 1) < 0.01, `${length} B, and it was ${GOLDEN}`);
});
const GOLDEN = 17_430;
