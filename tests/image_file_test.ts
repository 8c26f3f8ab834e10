import encodeJpeg from "@jsquash/jpeg/encode.js";
import decodeJpeg from "@jsquash/jpeg/decode.js";
import encodeWebp from "@jsquash/webp/encode.js";
import decodeWebp from "@jsquash/webp/decode.js";
import { ColorSpace, MagickFormat, MagickImage } from "@imagemagick/magick-wasm";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage, encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { Buffer } from "node:buffer";
import { random } from "../lib/random.ts";
import {
  channelsOf,
  chunk,
  drawPlan,
  plainPng,
  PNG_KINDS,
  type PngPlan,
  samplesOf,
  writePng,
} from "./drawn_png.ts";
import { inFolder } from "./in_folder.ts";
import { measuredCode } from "./peak_memory.ts";

const CASES = new URL("./fixtures/images/", import.meta.url);

const stream = random(5, "image files"), { below } = stream;

function noise(width: number, height: number, channels: 1 | 3): Raster {
  const pixels = Uint8Array.from({ length: width * height * channels }, () => below(256));
  return { width, height, channels, pixels };
}

/** A smooth picture with opaque alpha: what a lossy codec keeps nearly unchanged. */
function smooth(side: number, gray: boolean): ImageData {
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const x = i % side, y = Math.floor(i / side);
    image.data.set(gray ? [4 * x, 4 * x, 4 * x, 255] : [4 * x, 4 * y, 128, 255], 4 * i);
  }
  return image;
}

async function refuses(bytes: Uint8Array, code: string): Promise<string> {
  const error = await assertRejects(() => decodeImage(bytes, "it.xyz"), MdlError);
  assertEquals(error.code, code);
  assert(error.message.includes("it.xyz"), error.message);
  return error.message;
}

/** Gray or RGB pixels of samples with or without alpha, laid on white (rounded half up). */
function onWhite({ channels, samples }: ReturnType<typeof samplesOf>): Uint8Array {
  if (channels % 2 === 1) return samples;
  const colours = channels - 1, pixels = new Uint8Array(samples.length / channels * colours);
  return pixels.map((_, i) => {
    const at = Math.floor(i / colours) * channels, alpha = samples[at + colours]! / 255;
    return Math.floor(samples[at + i % colours]! * alpha + 255 * (1 - alpha) + 0.5 + 1e-9);
  });
}

async function checkPlan(plan: PngPlan, what: string): Promise<void> {
  const file = writePng(plan);
  if (plan.depth === 16) {
    assert((await refuses(file, "unsupported")).includes("16 bits"), what);
    return;
  }
  const wanted = samplesOf(plan), { width, height } = plan;
  const { pixels, channels, ...size } = await decodeImage(file, what, { flatten: true });
  assertEquals(size, { width, height }, what);
  assertEquals(channels, wanted.channels < 3 ? 1 : 3, what);
  assert(equal(pixels, onWhite(wanted)), what);
  const hides = wanted.channels % 2 === 0 &&
    wanted.samples.some((v, i) => i % wanted.channels === wanted.channels - 1 && v !== 255);
  if (hides) assert((await refuses(file, "unsupported")).includes("transparent"), what);
  else assert(equal((await decodeImage(file, what)).pixels, pixels), what);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/** The ways in which a plan's file may be written otherwise, or hold more. */
const VARIANTS: readonly ((plan: PngPlan) => PngPlan)[] = [
  (plan) => plan,
  (plan) => ({ ...plan, pieces: 3 }),
  (plan) => ({ ...plan, level: 0 }),
  (plan) => ({ ...plan, extra: ODD_CHUNKS }),
  (plan) => plan.colour === 2 || plan.colour === 6 ? { ...plan, palette: suggested() } : plan,
  (plan) => {
    if (plan.colour === 3) {
      return { ...plan, transparency: Array.from({ length: 1 + below(2 ** plan.depth) }, () => below(256)) };
    }
    const one = [...plan.samples.subarray(0, channelsOf(plan.colour))];
    return plan.colour === 0 || plan.colour === 2 ? { ...plan, transparency: one } : plan;
  },
];

const suggested = () => Uint8Array.from({ length: 3 * 256 }, () => below(256));

/** Chunks that touch no sample, whatever is in them. */
const ODD_CHUNKS = [
  chunk("gAMA", Uint8Array.of(0, 0, 0x27, 0x10)),
  chunk("cHRM", new Uint8Array(32).fill(1)),
  chunk("iCCP", Uint8Array.of(65, 0, 0, 1, 2, 3)),
  chunk("tEXt", new TextEncoder().encode("Comment\0\x1b[31m")),
  chunk("zTXt", Uint8Array.of(65, 0, 0, 9, 9, 9)),
  chunk("prVt", new Uint8Array(300)),
];

Deno.test("PNG: every colour type, depth, interlacing, filter and small size is read as it was drawn", async () => {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const { colour, depths } of PNG_KINDS) {
    for (const depth of depths) {
      for (const interlaced of [false, true]) {
        for (const filter of [0, 1, 2, 3, 4, "mixed"] as const) {
          for (const width of sizes) {
            const height = sizes[below(sizes.length)]!, variant = below(VARIANTS.length);
            const plan = drawPlan(stream, { colour, depth, width, height, interlaced, filter });
            const what =
              `colour type ${colour}, ${depth} bits, interlaced ${interlaced}, filter ${filter}, ` +
              `${width}×${height}, variant ${variant}`;
            await checkPlan(VARIANTS[variant]!(plan), what);
          }
        }
      }
    }
  }
});

Deno.test("PNG: a transparent colour that no sample can have is damage, not opacity", async () => {
  const about = { colour: 0, depth: 1, width: 9, height: 2, interlaced: false, filter: 0 } as const;
  await refuses(writePng({ ...drawPlan(stream, about), transparency: [255] }), "unreadable");
});

Deno.test("PNG: long runs of literals, 600 × 600, are read as they were drawn", async () => {
  for (const { colour, depths } of PNG_KINDS) {
    for (const [i, depth] of depths.filter((depth) => depth <= 8).entries()) {
      const about = { colour, depth, width: 600, height: 600, interlaced: i % 2 === 1, filter: 0 };
      await checkPlan(drawPlan(stream, about), `colour type ${colour}, ${depth} bits, 600×600`);
    }
  }
});

Deno.test("files that other readers get wrong", async () => {
  const read = async (file: string) => await decodeImage(await Deno.readFile(new URL(file, CASES)), file);
  const grain = await read("oxipng_grain.png");
  assertEquals(grain.pixels.filter((_, i) => i % 3 === 0).reduce((a, b) => a + b, 0), 45_902_945);
  for (const file of ["rgb_plte256.png", "rgba_plte256.png"]) {
    assertEquals([...(await read(file)).pixels.subarray(0, 3)], [255, 228, 34]);
  }
  assertEquals([...(await read("i_4_0_2x2_one.png")).pixels], [255, 255, 255, 255]);
});

Deno.test("an animation is refused, or gives its first picture when asked", async () => {
  for (const name of ["apng.png", "anim.webp"]) {
    const file = await Deno.readFile(new URL(name, CASES));
    assert((await refuses(file, "unsupported")).includes("animated"));
    const { width, height, pixels } = await decodeImage(file, name, { firstFrame: true });
    assertEquals([width, height, ...pixels.subarray(0, 3)], [64, 48, 214, 66, 27]);
  }
});

Deno.test("PNG: decode(encode(x)) = x for random shapes, gray and RGB", async () => {
  const shapes = Array.from(
    { length: 60 },
    (_, i) => i < 2 ? [1, 1] as const : [1 + below(40), 1 + below(40)],
  );
  for (const [i, [width, height]] of [...shapes, [700, 700] as const].entries()) {
    const picture = noise(width, height, i % 2 === 0 ? 1 : 3);
    assertEquals(await decodeImage(encodePng(picture), "x.png"), picture);
  }
});

Deno.test("alpha: opaque is dropped, transparent is refused, or laid on white when asked", async () => {
  const one = { depth: 8, width: 1, height: 1, interlaced: false, filter: 0 };
  const rgba = (alpha: number) => writePng({ ...one, colour: 6, samples: Uint16Array.of(9, 99, 0, alpha) });
  assertEquals([...(await decodeImage(rgba(255), "x.png")).pixels], [9, 99, 0]);
  await refuses(rgba(254), "unsupported");
  const half = await decodeImage(rgba(51), "x.png", { flatten: true }); // 51/255 = 1/5
  assertEquals([...half.pixels], [206, 224, 204]); // (9 + 4·255)/5 = 205.8, (99 + 4·255)/5 = 223.8
  const grayAlpha = writePng({ ...one, colour: 4, samples: Uint16Array.of(50, 0) });
  const { channels, pixels } = await decodeImage(grayAlpha, "x.png", { flatten: true });
  assertEquals([channels, ...pixels], [1, 255]);
});

/** The first `channels` of every four samples. */
const without = ({ data }: ImageData, channels: number) =>
  new Uint8Array(data.filter((_, i) => i % 4 < channels));

Deno.test("JPEG: every way of coding gives what the encoder's own decoder gives", async () => {
  const plans = [
    {},
    { progressive: false },
    { progressive: true },
    { auto_subsample: false, chroma_subsample: 1 },
    { auto_subsample: false, chroma_subsample: 2 },
    { color_space: 1 },
    { quality: 10 },
  ];
  for (const plan of plans) {
    for (const side of [1, 7, 8, 61]) {
      const file = new Uint8Array(await encodeJpeg(smooth(side, plan.color_space === 1), plan));
      const channels = plan.color_space === 1 ? 1 : 3, what = `${JSON.stringify(plan)}, ${side}×${side}`;
      const picture = await decodeImage(file, what);
      assertEquals([picture.width, picture.height, picture.channels], [side, side, channels], what);
      assert(equal(picture.pixels, without(await decodeJpeg(file.slice().buffer), channels)), what);
    }
  }
  const restarts = await Deno.readFile(new URL("restarts.jpg", CASES));
  const { pixels } = await decodeImage(restarts, "restarts.jpg");
  assert(equal(pixels, without(await decodeJpeg(restarts.slice().buffer), 3)));
  // the same coefficients, progressive and coded arithmetically, which that decoder does not know
  const arithmetic = await Deno.readFile(new URL("arithmetic.jpg", CASES));
  assert(equal((await decodeImage(arithmetic, "arithmetic.jpg")).pixels, pixels));
});

Deno.test("WebP: lossless pixels come out as they went in, lossy ones as from the encoder's own decoder", async () => {
  const image = smooth(40, false);
  const exact = await decodeImage(new Uint8Array(await encodeWebp(image, { lossless: 1, exact: 1 })), "x");
  assert(equal(exact.pixels, without(image, 3)));
  for (const quality of [5, 75, 100]) {
    const file = new Uint8Array(await encodeWebp(image, { quality }));
    assert(equal((await decodeImage(file, "x")).pixels, without(await decodeWebp(file.slice().buffer), 3)));
  }
});

/** An Exif block (TIFF) that says nothing but how the picture is turned: one entry, tag 0x0112, a short. */
function exif(orientation: number): Uint8Array {
  const block = Buffer.alloc(26);
  block.write("MM\0*", "latin1");
  block.writeUInt32BE(8, 4); // where the directory begins
  block.writeUInt16BE(1, 8);
  block.writeUInt16BE(0x0112, 10);
  block.writeUInt16BE(3, 12);
  block.writeUInt32BE(1, 14);
  block.writeUInt16BE(orientation, 18);
  return block;
}

/** How a file of each format says it. */
const TURNED: Readonly<Record<string, (file: Uint8Array, block: Uint8Array) => Uint8Array>> = {
  "a PNG": (file, block) => Buffer.concat([file.subarray(0, 33), chunk("eXIf", block), file.subarray(33)]),
  "a JPEG": (file, block) => {
    const body = Buffer.concat([Buffer.from("Exif\0\0"), block]), length = body.length + 2;
    return Buffer.concat([file.subarray(0, 2), Uint8Array.of(0xff, 0xe1, 0, length), body, file.subarray(2)]);
  },
  "a WebP": (file, block) => {
    const head = Buffer.alloc(18), end = Buffer.alloc(8);
    head.write("VP8X");
    head.writeUInt32LE(10, 4);
    head[8] = 8; // there is Exif
    head.writeUIntLE(5 - 1, 12, 3);
    head.writeUIntLE(3 - 1, 15, 3);
    end.write("EXIF");
    end.writeUInt32LE(block.length, 4);
    const body = Buffer.concat([Buffer.from("WEBP"), head, file.subarray(12), end, block]);
    const riff = Buffer.alloc(8);
    riff.write("RIFF");
    riff.writeUInt32LE(body.length, 4);
    return Buffer.concat([riff, body]);
  },
};

Deno.test("orientation is applied, whatever the format", async () => {
  const width = 5, height = 3, drawn = new ImageData(width, height);
  drawn.data.set(Uint8Array.from({ length: 60 }, (_, i) => i % 4 === 3 ? 255 : below(256)));
  const files: Readonly<Record<string, Uint8Array>> = {
    "a PNG": encodePng({ width, height, channels: 3, pixels: without(drawn, 3) }),
    "a JPEG": new Uint8Array(await encodeJpeg(drawn)),
    "a WebP": new Uint8Array(await encodeWebp(drawn, { lossless: 1, exact: 1 })),
  };
  /** Column and row in the stored picture of what is seen at (x, y); Exif 2.32, tag 0x0112. */
  const places: readonly ((x: number, y: number) => readonly [number, number])[] = [
    (x, y) => [x, y],
    (x, y) => [width - 1 - x, y],
    (x, y) => [width - 1 - x, height - 1 - y],
    (x, y) => [x, height - 1 - y],
    (x, y) => [y, x],
    (x, y) => [y, height - 1 - x],
    (x, y) => [width - 1 - y, height - 1 - x],
    (x, y) => [width - 1 - y, x],
  ];
  for (const [name, file] of Object.entries(files)) {
    const { pixels } = await decodeImage(file, name);
    for (const [i, place] of places.entries()) {
      const turned = await decodeImage(TURNED[name]!(file, exif(i + 1)), name),
        across = i < 4 ? width : height;
      const wanted = Array.from({ length: width * height }, (_, at) => {
        const [x, y] = place(at % across, Math.floor(at / across)), from = (y * width + x) * 3;
        return [...pixels.subarray(from, from + 3)];
      });
      assertEquals([turned.width, turned.height], [across, 15 / across], `${name}, orientation ${i + 1}`);
      assertEquals([...turned.pixels], wanted.flat(), `${name}, orientation ${i + 1}`);
    }
  }
});

Deno.test("only Exif turns a picture: text and XMP do not", async () => {
  const picture = noise(6, 4, 3), file = encodePng(picture);
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>';
  const others = {
    tEXt: ["exif:Orientation\x006", "tiff:Orientation\x006"],
    iTXt: [`XML:com.adobe.xmp\0\0\0\0\0${xmp}`],
  };
  for (const [type, texts] of Object.entries(others)) {
    for (const text of texts) {
      const said = Buffer.concat([file.subarray(0, 33), chunk(type, Buffer.from(text)), file.subarray(33)]);
      assertEquals(await decodeImage(said, "x.png"), picture, text);
      const { width } = await decodeImage(TURNED["a PNG"]!(said, exif(1)), "x.png");
      assertEquals(width, picture.width, `Exif says otherwise than ${text}`);
    }
  }
});

Deno.test("colour profiles and gamma change nothing: the stored samples count", async () => {
  const picture = noise(6, 4, 3), file = encodePng(picture);
  const gamma = chunk("gAMA", Uint8Array.of(0, 0, 0xb1, 0x8f)), srgb = chunk("sRGB", Uint8Array.of(0));
  for (const extra of [gamma, srgb]) {
    const with_ = Buffer.concat([file.subarray(0, 33), extra, file.subarray(33)]);
    assertEquals((await decodeImage(with_, "x.png")).pixels, picture.pixels);
  }
});

Deno.test("JPEG: CMYK and 12 bits are refused", async () => {
  await decodeImage(encodePng(noise(1, 1, 1)), "x.png"); // loads the library that this test writes with
  const image = MagickImage.create(new Uint8Array([...Buffer.from("P6 2 2 255\n"), ...new Uint8Array(12)]));
  image.colorSpace = ColorSpace.CMYK;
  const cmyk = image.write(MagickFormat.Jpeg, (bytes) => bytes.slice());
  image.dispose();
  assert((await refuses(cmyk, "unsupported")).includes("CMYK"));
  const file = new Uint8Array(await encodeJpeg(smooth(16, false)));
  const frame = file.findIndex((byte, i) => byte === 0xff && (file[i + 1] === 0xc0 || file[i + 1] === 0xc2));
  assert((await refuses(file.with(frame + 4, 12), "unsupported")).includes("12 bits"));
  const extended = file.with(frame + 1, 0xc1); // as files with 12 bits have it
  assert((await refuses(extended.with(frame + 4, 12), "unsupported")).includes("12 bits"));
});

Deno.test("JPEG: damaged and sound files decoded at the same time are told apart", async () => {
  const file = new Uint8Array(await encodeJpeg(smooth(64, false)));
  const files = Array.from({ length: 12 }, (_, i) => i % 3 === 0 ? file.slice(0, -20) : file);
  const outcomes = await Promise.allSettled(files.map((bytes) => decodeImage(bytes, "x.jpg")));
  assertEquals(outcomes.map(({ status }) => status === "rejected"), files.map((_, i) => i % 3 === 0));
});

Deno.test("a file that is cut anywhere, or no image, is unreadable", async () => {
  const files = [
    encodePng(noise(20, 20, 3)),
    new Uint8Array(await encodeJpeg(smooth(64, false))),
    new Uint8Array(await encodeWebp(smooth(64, false), { lossless: 1 })),
    new Uint8Array(await encodeWebp(smooth(64, false))),
  ];
  for (const file of files) {
    for (let round = 0; round < 25; round++) {
      await refuses(file.slice(0, below(file.length - 2)), "unreadable");
    }
  }
  await refuses(await Deno.readFile(new URL("h0.png", CASES)), "unreadable");
  await refuses(new TextEncoder().encode("no image"), "unreadable");
  await refuses(new Uint8Array(), "unreadable");
});

Deno.test("PNG: a flipped byte never gives other pixels", async () => {
  const picture = noise(12, 12, 3), file = encodePng(picture);
  for (let at = 0; at < file.length; at++) {
    const damaged = file.with(at, file[at]! ^ 0x10);
    const outcome = await decodeImage(damaged, "x.png").catch((error) => error);
    if (outcome instanceof Error) assert(outcome instanceof MdlError, String(outcome));
    else assertEquals(outcome, picture);
  }
});

Deno.test("absurd dimensions are refused before memory is taken", () =>
  inFolder(async (folder) => {
    const file = plainPng(16_000, 16_000, 9, 9, 9);
    assert((await refuses(file, "too-large")).includes("16000×16000"));
    await Deno.writeFile(`${folder}/x.png`, file);
    const { err, peak = 0 } = await measuredCode(
      `import { decodeImage } from "project/lib/image/image_file.ts";
       await decodeImage(await Deno.readFile("x.png"), "x.png");`,
      folder,
    );
    assert(err.includes("16000×16000") && peak < 400e6, `${peak} bytes: ${err}`); // its pixels are 768e6
  }));
