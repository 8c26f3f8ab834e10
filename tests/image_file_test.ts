import encodeJpeg from "@jsquash/jpeg/encode.js";
import encodeWebp from "@jsquash/webp/encode.js";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { encode as writePng } from "fast-png";
import { decodeImage, encodePng } from "../lib/data/image_file.ts";
import type { Raster } from "../lib/data/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";

const { below } = random(5, "image files");

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

Deno.test("PNG: decode(encode(x)) = x for random shapes, gray and RGB", async () => {
  for (let round = 0; round < 60; round++) {
    const channels = below(2) === 0 ? 1 : 3;
    const picture = round < 2
      ? noise(1, 1, round === 0 ? 1 : 3)
      : noise(1 + below(40), 1 + below(40), channels);
    assertEquals(await decodeImage(encodePng(picture), "x.png"), picture);
  }
});

Deno.test("PNG: gray of 1, 2 and 4 bits is spread over 0 to 255", async () => {
  for (const depth of [1, 2, 4] as const) {
    const rows = new Uint8Array([0b1101_1000, 0b0010_0111]); // two rows, padded to whole bytes
    const width = 8 / depth - (depth === 4 ? 0 : 1);
    const picture = await decodeImage(
      writePng({ width, height: 2, depth, channels: 1, data: rows }),
      "x.png",
    );
    const top = 2 ** depth - 1;
    const expected = [...rows].flatMap((byte) =>
      Array.from({ length: width }, (_, x) => ((byte >> (8 - depth * (x + 1))) & top) * 255 / top)
    );
    assertEquals([...picture.pixels], expected);
  }
});

Deno.test("PNG: 16 bits are refused", async () => {
  const data = new Uint16Array([0, 1000, 65535, 7]);
  await refuses(writePng({ width: 2, height: 2, depth: 16, channels: 1, data }), "unsupported");
});

Deno.test("alpha: opaque is dropped, transparent is refused, or laid on white when asked", async () => {
  const rgba = (alpha: number) =>
    writePng({ width: 1, height: 1, channels: 4, data: new Uint8Array([9, 99, 0, alpha]) });
  assertEquals([...(await decodeImage(rgba(255), "x.png")).pixels], [9, 99, 0]);
  await refuses(rgba(254), "unsupported");
  const half = await decodeImage(rgba(51), "x.png", { flatten: true }); // 51/255 = 1/5
  assertEquals([...half.pixels], [206, 224, 204]); // (9 + 4·255)/5 = 205.8, (99 + 4·255)/5 = 223.8
  const grayAlpha = writePng({ width: 1, height: 1, channels: 2, data: new Uint8Array([50, 0]) });
  assertEquals(await decodeImage(grayAlpha, "x.png", { flatten: true }), {
    width: 1,
    height: 1,
    channels: 1,
    pixels: new Uint8Array([255]),
  });
});

Deno.test("JPEG: colour comes out RGB, one component comes out gray", async () => {
  for (const gray of [false, true]) {
    const image = smooth(64, gray);
    const file = new Uint8Array(await encodeJpeg(image, { quality: 95, color_space: gray ? 1 : 3 }));
    const picture = await decodeImage(file, "x.jpg");
    assertEquals([picture.width, picture.height, picture.channels], [64, 64, gray ? 1 : 3]);
    const wanted = image.data.filter((_, i) => i % 4 < picture.channels);
    const worst = wanted.reduce((most, v, i) => Math.max(most, Math.abs(v - picture.pixels[i]!)), 0);
    assert(worst <= 12, `off by ${worst}`);
  }
});

Deno.test("JPEG: four components or 12 bits are refused", async () => {
  const file = new Uint8Array(await encodeJpeg(smooth(16, false)));
  const frame = file.findIndex((byte, i) => byte === 0xff && (file[i + 1] === 0xc0 || file[i + 1] === 0xc2));
  await refuses(file.with(frame + 9, 4), "unsupported");
  await refuses(file.with(frame + 4, 12), "unsupported");
});

Deno.test("JPEG: damaged and sound files decoded at the same time are told apart", async () => {
  const file = new Uint8Array(await encodeJpeg(smooth(64, false)));
  const files = Array.from({ length: 12 }, (_, i) => i % 3 === 0 ? file.slice(0, -20) : file);
  const outcomes = await Promise.allSettled(files.map((bytes) => decodeImage(bytes, "x.jpg")));
  assertEquals(outcomes.map(({ status }) => status === "rejected"), files.map((_, i) => i % 3 === 0));
});

Deno.test("WebP: lossless pixels come out as they went in", async () => {
  const image = smooth(40, false);
  const picture = await decodeImage(
    new Uint8Array(await encodeWebp(image, { lossless: 1, exact: 1 })),
    "x.webp",
  );
  assertEquals(picture.pixels, new Uint8Array(image.data.filter((_, i) => i % 4 < 3)));
});

Deno.test("a file that is cut anywhere, or no image, is unreadable", async () => {
  const files = [
    encodePng(noise(20, 20, 3)),
    new Uint8Array(await encodeJpeg(smooth(64, false))),
    new Uint8Array(await encodeWebp(smooth(64, false), { lossless: 1 })),
  ];
  for (const file of files) {
    for (let round = 0; round < 25; round++) {
      await refuses(file.slice(0, below(file.length - 2)), "unreadable");
    }
  }
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

Deno.test("PNG: absurd dimensions are refused before memory is taken", async () => {
  const file = encodePng(noise(2, 2, 1));
  new DataView(file.buffer).setUint32(16, 1 << 30);
  await refuses(file, "too-large");
});
