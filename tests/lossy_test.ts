import { assert, assertEquals, assertRejects } from "@std/assert";
import { atBytes, codeLossy, LOSSY_CODECS } from "../scripts/laboratory/baselines/lossy.ts";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { MdlError } from "../lib/errors.ts";
import { qualityOf } from "../scripts/laboratory/quality/quality.ts";
import { random } from "../lib/random.ts";

/** Bumps on a slope with a little grain: a quarter of a picture that a codec can tell from the others. */
function bumps(channels: 1 | 3, count = 24): Dataset {
  const { below } = random(channels, "bumps");
  const pictures = Array.from({ length: count }, () => {
    const left = below(32), top = below(32), shade = below(60);
    const pixels = Uint8Array.from({ length: 32 * 32 * channels }, (_, i) => {
      const pixel = Math.floor(i / channels), x = pixel % 32, y = Math.floor(pixel / 32);
      return 60 + shade + 15 * (i % channels) + 3 * Math.min(30, Math.hypot(x - left, y - top)) + below(6);
    });
    return { height: 32, width: 32, pixels };
  });
  const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };
  return datasetOf(pictures, { name: "bumps", channels, provenance });
}

for (const codec of LOSSY_CODECS) {
  for (const channels of [1, 3] as const) {
    Deno.test(`${codec}, ${channels} channels: the images come back in their places; quality buys faithfulness`, async () => {
      const set = bumps(channels);
      const curve = await Promise.all([5, 50, 90].map((quality) => codeLossy(set, codec, quality)));
      const qualities = curve.map(({ decoded }) => qualityOf(set, decoded).psnr);
      const bytes = curve.map((coding) => coding.bytes);
      const rising = (row: number[]) => row.every((v, i) => i === 0 || v > row[i - 1]!);
      assert(rising(qualities) && rising(bytes), `${qualities} dB, ${bytes} bytes`);
      assert(qualities[2]! > 36, `${qualities[2]} dB: were the images mixed up, they would differ by more`);
      assert(bytes[2]! < set.symbols.length / 2);
      const { symbols, sha256 } = curve[1]!.decoded, again = await codeLossy(set, codec, 50);
      assertEquals([again.decoded.symbols, again.decoded.sha256], [symbols, sha256]);
    });
  }

  Deno.test(`${codec}: the best quality within a budget; none where there is none`, async () => {
    const set = bumps(1), budget = (await codeLossy(set, codec, 60)).bytes;
    const found = (await atBytes(set, codec, budget))!;
    assert(found.bytes <= budget && found.quality >= 60);
    assert((await codeLossy(set, codec, found.quality + 1)).bytes > budget);
    assertEquals((await atBytes(set, codec, 1 << 30))!.quality, 100);
    assertEquals(await atBytes(set, codec, 20), undefined);
  });
}

Deno.test("a quality that is none, and an image that no sheet holds, are refused", async () => {
  for (const quality of [-1, 101, 50.5, NaN]) {
    assertEquals((await assertRejects(() => codeLossy(bumps(1), "JPEG", quality), MdlError)).code, "usage");
  }
  const { provenance } = bumps(1);
  const long = datasetOf([{ height: 1, width: 16_384, pixels: new Uint8Array(16_384) }], {
    name: "long",
    channels: 1,
    names: ["long"],
    provenance,
  });
  assertEquals((await assertRejects(() => codeLossy(long, "WebP", 50), MdlError)).code, "unsupported");
});
