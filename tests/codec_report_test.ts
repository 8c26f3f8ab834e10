/** What is said of a program beside other codecs. */
import { assertEquals, assertMatch } from "@std/assert";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { pipe } from "../lib/pipeline.ts";
import type { Raster } from "../lib/image/raster.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { attention } from "../lib/stages/attention.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import type { FeatureOptions } from "../lib/codecs.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { measureBaselines } from "../scripts/laboratory/baselines/measure.ts";
import { codecSentence } from "../scripts/laboratory/measure/codec_report.ts";
import { picture } from "./picture.ts";

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

function setOf(drawn: readonly Raster[]): Dataset {
  const names = drawn.map((_, i) => `${i}`);
  return datasetOf(drawn, { name: "drawings", channels: 1, names, provenance });
}

/** Boxes of a few flat colours, at random places. */
function flatDrawings(count: number): Dataset {
  const { below } = random(1, "drawings");
  return setOf(Array.from({ length: count }, () => {
    const boxes = Array.from({ length: 4 }, () => [below(40), below(32), 40 * below(6)] as const);
    const within = (x: number, y: number) =>
      boxes.findLast(([left, top]) => x >= left && x < left + 16 && y >= top && y < top + 12);
    return picture(48, 40, 1, (x, y) => within(x, y)?.[2] ?? 255);
  }));
}

/** Slopes with a little noise. */
function slopes(count: number): Dataset {
  const { normal, below } = random(1, "slopes");
  return setOf(Array.from({ length: count }, () => {
    const [across, down] = [below(5) - 2, below(5) - 2] as const;
    return picture(32, 32, 1, (x, y) => 128 + across * (x - 16) + down * (y - 16) + 4 * normal());
  }));
}

async function programOf(set: Dataset, seen: FeatureOptions, over: "none" | "patches" = "none") {
  const small = { width: 8, blocks: 1, neighbours: 8, ...seen };
  const stages = [features(small), sharing(), attention({ over })] as const;
  const chain = pipe(...stages, compress({ preset: "smoke", exactly: true, threads: 1 }));
  return (await chain.run(set, contextOf(1))).output;
}

async function sentenceOf(set: Dataset, ...how: [FeatureOptions, ("none" | "patches")?]) {
  return codecSentence(await programOf(set, ...how), await measureBaselines(set, { only: ["gzip"] }));
}

Deno.test("a program that is no shorter than the best codec says so, and what was not tried", async () => {
  const drawings = flatDrawings(40), said = await sentenceOf(drawings, {});
  assertMatch(
    said,
    /^The program is [\d,.]+ % longer than the best codec's file, gzip: [\d,]+ bytes \([\d,]+ with the names\) against [\d,]+\./,
  );
  assertMatch(said, /attention, where pictures resemble: attention\(\{ over: "patches" \}\); /);
  assertMatch(
    said,
    /Its payload alone takes [\d,]+ bytes: flat areas and exact repeats.*longer training: [^;]*\.$/,
  );
  assertEquals(/over: "patches"/.test(await sentenceOf(drawings, {}, "patches")), false);
});

Deno.test("the local fit is named only where its code could decide", async () => {
  const few = slopes(6);
  const said = await sentenceOf(few, {});
  assertMatch(said, /Its payload alone would be shorter, [\d,]+ bytes\. .*; more images of the kind/);
  assertMatch(said, /no local fit, .*: features\(\{ leastSquares: false \}\)/);
  assertEquals(/local fit/.test(await sentenceOf(few, { leastSquares: false })), false);
  const large = await programOf(slopes(391), {}),
    shorter = [{ codec: "xz" as const, bytes: large.bytes.length - 3000 }];
  assertMatch(codecSentence(large, shorter), /Its payload alone would be shorter/);
  assertEquals(/local fit/.test(codecSentence(large, shorter)), false); // it is tried without, unless `exactly`
});

Deno.test("a program that is shorter says by how much, and nothing else", async () => {
  const said = await sentenceOf(slopes(60), { leastSquares: false });
  assertMatch(
    said,
    /^The program is [\d.]+ % shorter than the best codec, gzip: [\d,]+ bytes \([\d,]+ with the names\) against [\d,]+\.$/,
  );
});

Deno.test("where the data are stored, or too small to look back in, nothing is named that cannot help", async () => {
  const dot = setOf([picture(1, 1, 1, () => 7)]), chain = pipe(features(), sharing(), compress({ steps: 2 }));
  const { output } = await chain.run(dot, contextOf(1));
  assertMatch(codecSentence(output, await measureBaselines(dot, { only: ["gzip"] })), /: they are stored\.$/);
  const { below } = random(2, "small"), bits = () => 255 * below(2);
  const small = setOf(Array.from({ length: 40 }, () => picture(12, 12, 1, bits)));
  const said = await sentenceOf(small, {});
  assertMatch(said, /longer than .*longer training/);
  assertEquals(/attention/.test(said), false);
});
