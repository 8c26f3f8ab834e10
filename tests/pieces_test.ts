/** Large images are worked on in pieces: every row of every pass once, the same result, and a stop between any two. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Dataset, dataset } from "../lib/image/dataset.ts";
import { neighboursOf } from "../scripts/laboratory/measure/neighbours.ts";
import { decoderFor } from "../lib/image/decoders.ts";
import { openEncoder } from "../lib/image/encoder.ts";
import { programFrom } from "../lib/program/program.ts";
import { pieces } from "../lib/decoder/pieces.ts";
import { MdlError } from "../lib/errors.ts";
import { openFused } from "../lib/image/fused.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import type { ModelSpec } from "../lib/image/spec.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { paced, paceOf } from "../lib/pace.ts";
import type { Progress } from "../lib/progress.ts";
import { bitsOf } from "../lib/image/model.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { transformInPieces } from "../lib/image/transform.ts";

const SPEC: ModelSpec = smallSpec({ neighbours: 8, cross: 4, blocks: 0, leastSquares: true });
const STEPS = { input: 0.1, first: 0.1, second: 0.1, output: 0.1 };

/** One picture with some regularity, of more symbols than a piece has. */
function picture(channels: 1 | 3, height: number, width: number): Dataset {
  const { below } = random(2, "picture");
  const symbols = Uint8Array.from(
    { length: height * width * channels },
    (_, i) => 120 + 90 * Math.sin(i / 50) + below(20),
  );
  return dataset({
    name: "picture",
    channels,
    groups: [{ count: 1, height, width }],
    symbols,
    names: ["picture"],
    provenance: { source: "computed", licence: "MIT", citation: "for this test" },
  });
}

Deno.test("pieces have every row of every pass once, in order, long ones in parts, and end with the whole", () => {
  for (
    const [height, width, channels] of [[3000, 4000, 3], [1, 70_000, 1], [70_000, 1, 1], [2, 65_535, 3], [
      5,
      7,
      3,
    ]]
  ) {
    for (const [from, to] of [[0, 0], [1, 2], [0, 6]] as const) {
      let pass = from as number, row = 0, column = 0, share = 0;
      for (const piece of pieces({ height: height!, width: width!, channels: channels! }, from, to)) {
        if (row === height) [pass, row] = [pass + 1, 0];
        assertEquals([piece.pass, piece.first, piece.left], [pass, row, column]);
        assert(piece.last > row && piece.right > column && piece.share > share);
        assert((piece.last - row) * (piece.right - column) * channels! <= 2 ** 15);
        assert(piece.last === row + 1 || piece.right === width);
        ({ right: column, share } = piece);
        if (column === width) [row, column] = [piece.last, 0];
      }
      assertEquals([pass, row, share], [to, height, 1]);
    }
  }
});

Deno.test("rows that are longer than a piece are coded in pieces, and decoded at once", async () => {
  const set = picture(3, 3, 12_000);
  for (const more of [{ adaptive: true, mixing: true }, { scales: 3 }, { attention: "patches" as const }]) {
    const spec = { ...SPEC, ...more }, weights = initialWeights(spec, 3, 1);
    const code = await encodeTwoPart(set, spec, weights, STEPS, contextOf(1));
    const program = await programFrom(set, { ...code, decoder: await decoderFor(spec) }, { dataset: "long" });
    assertEquals((await program.verify(set)).symbols, set.symbols.length);
  }
});

for (const [channels, height, width] of [[1, 400, 130], [3, 400, 130], [3, 3, 12_000]] as const) {
  for (const scales of [1, 3]) {
    Deno.test(`what is surveyed in pieces is what the encoder finds at once: ${width}×${height}×${channels}, ${scales} scales`, async () => {
      const set = picture(channels, height, width), spec = { ...SPEC, scales, attention: "patches" as const };
      const weights = initialWeights(spec, channels, 1);
      const encoder = await openEncoder(spec, channels, set.groups, weights, STEPS);
      encoder.loadImage(set.symbols, height, width);
      const fused = await openFused(set, spec, 32, 1), shares = [...fused.survey()];
      assert(shares.length > 1 && shares.at(-1) === 1);
      const local = encoder.localInputs(), { records } = fused, x = width - 53;
      const rows = [0, 1, 251, 252, height - 1].filter((y) => y < height);
      rows.forEach((y, i) => {
        records.setUint32(16 * i, fused.space.address, true);
        [height, width, y, x].forEach((v, j) => records.setUint16(16 * i + 4 + 2 * j, v, true));
      });
      const contexts = fused.contexts(), row = contexts.length / 32;
      const green = channels === 3 ? 1 : 0; // it is coded first
      rows.forEach((y, i) => {
        const at = 4 * ((y * width + x) * channels + green), end = row * (i + 1) - 4;
        assertEquals(contexts.slice(end - 4, end), local.slice(at, at + 4));
      });
      fused.close();
    });
  }
}

/** A signal that is aborted by the first report that is not the last, and all reports. */
function stopping() {
  const stop = new AbortController(), reports: Progress[] = [];
  const progress = (report: Progress) => {
    reports.push(report);
    if (report.done < report.total) stop.abort();
  };
  return { reports, context: contextOf(1, { signal: stop.signal, progress }) };
}

Deno.test("work at a pace shows progress and is stopped between two pieces", async () => {
  const counted = { label: "work", total: 1000, unit: "pieces" }, { context, reports } = stopping();
  let reached = 0;
  function* work() {
    for (let done = 1; done <= 1000; done++) {
      for (const end = performance.now() + 10; performance.now() < end;);
      yield reached = done;
    }
    return "whole";
  }
  const error = await assertRejects(() => paced(work(), paceOf(context, counted, "Stopped.")), MdlError);
  assertEquals([(error as MdlError).code, error.message], ["interrupted", "Stopped."]);
  assert(reached < 100 && reports.length === 1);
});

Deno.test("one large image is stopped while it is encoded, weighed, compared and resized", async () => {
  const set = picture(3, 1400, 1000), spec = { ...SPEC, neighbours: 100, cross: 100, width: 128, blocks: 8 };
  const weights = initialWeights(spec, 3, 1), many = { ...set, names: ["a", "b"] };
  const twice = dataset({
    ...many,
    groups: [{ count: 2, height: 1400, width: 1000 }],
    symbols: new Uint8Array([...set.symbols, ...set.symbols]),
  });
  const stopped = async (
    work: (context: ReturnType<typeof contextOf>) => Promise<unknown>,
    label: string,
  ) => {
    const { context, reports } = stopping();
    const error = await work(context).then(() => null, (error) => error);
    if (!error) return assert(reports.length > 0, label); // done within the first tenth of a second
    assertEquals(error.code, "interrupted", label);
    assert(reports.at(-1)!.done < reports.at(-1)!.total && reports.at(-1)!.label.startsWith(label));
    return true;
  };
  assert(await stopped((context) => encodeTwoPart(set, spec, weights, STEPS, context), "encode"));
  assert(
    await stopped((context) => bitsOf({ spec, channels: 3, weights, steps: STEPS }, set, context), "bits"),
  );
  await stopped((context) => neighboursOf(twice, twice, context), "neighbours");
  await stopped(
    (context) => transformInPieces(twice, { gray: true, size: { width: 900, height: 900 } }, context),
    "preprocess",
  );
});
