/**
 * Classification by compression alone: a program of positive reviews and one of negative ones. A review belongs to the
 * program whose model, once it has read its own data, codes it in fewer bits. Nothing is trained but what programs learn.
 */
import type { Context } from "../../../lib/context.ts";
import { type Files, filesOf } from "../../../lib/files/data.ts";
import { ByteReader, concat, varint } from "../../../lib/program/bytes.ts";
import { programOf } from "../../../lib/program/program.ts";
import { random, reordered } from "../../../lib/random.ts";
import { compress } from "../../../lib/stages/compress.ts";
import { specOf } from "../../../lib/text/encode.ts";
import type { ByteSpec } from "../../../lib/text/engine.ts";
import type { ModelFile, Task } from "../../../scripts/laboratory/task/task.ts";
import { openPrimed } from "../language/primed.ts";
import type { Review, ReviewSplit } from "./reviews.ts";

const SIDES = [true, false] as const, bytesOf = (text: string) => new TextEncoder().encode(text);

/** The plain model, orders 0 to 6: that of small programs, and the faster one. */
const modelFor = (bytes: number): ByteSpec => specOf("plain", "text", bytes);

/** The task; accuracy in per cent. A seed draws which reviews are read; the largest programs stand first. */
export function compressionTask(
  { train, test }: ReviewSplit,
  sizes: readonly number[],
): Task<readonly Review[], readonly Review[], readonly ModelFile[]> {
  return {
    name: "two programs",
    train,
    test,
    async fit(train, seeds, context) {
      const models: ModelFile[][] = [], total = seeds.length * sizes.length;
      for (const seed of seeds) {
        const order = reordered(train, random(seed, "programs")),
          files: ModelFile[] = [];
        for (const size of sizes) {
          const done = models.length * sizes.length + files.length;
          context.progress({ label: "building programs", done, total, unit: "pairs" });
          files.push({
            way: `${size.toLocaleString("en")} bytes of reviews a side`,
            family: "programs",
            bytes: await pairOf(order, size, context),
          });
        }
        models.push(files);
      }
      return models;
    },
    files: (files) => files,
    score: async (file, test) => 100 * await accuracyOf(file, test),
  };
}

/** Both programs: length of the first (varint), the first, the second. */
async function pairOf(reviews: readonly Review[], size: number, context: Context): Promise<Uint8Array> {
  const programs: Uint8Array[] = [];
  for (const side of SIDES) {
    const read = reviews.filter(({ positive }) => positive === side).map(({ text }) => text).join("\n");
    programs.push(await programFor(side ? "positive" : "negative", bytesOf(read).subarray(0, size), context));
  }
  return concat([varint(programs[0]!.length), ...programs]);
}

async function programFor(name: string, symbols: Uint8Array, context: Context): Promise<Uint8Array> {
  const dataset = filesOf({
    modality: "text",
    name,
    names: [name],
    lengths: [symbols.length],
    symbols,
    provenance: { source: "reviews", licence: "as the reviews", citation: "as the reviews" },
  });
  const quiet = { ...context, log: () => {}, progress: () => {} };
  const stage = compress<Files>({ exactly: true });
  return (await stage.run({ dataset, spec: modelFor(symbols.length) }, quiet)).bytes;
}

/** Share of the reviews whose side costs fewer bits under what the programs of the file have read. */
async function accuracyOf(file: Uint8Array, reviews: readonly Review[]): Promise<number> {
  const reader = new ByteReader(file, "pair"), first = reader.take(reader.varint());
  const texts = reviews.map(({ text }) => bytesOf(text));
  const longest = Math.max(...texts.map(({ length }) => length)), bits: number[][] = [];
  for (const program of [first, reader.take(reader.left)]) {
    const { symbols } = await programOf<Files>(program).decode();
    const primed = await openPrimed(symbols, modelFor(symbols.length), longest);
    bits.push(texts.map((text) => primed.bitsOf(text)));
  }
  const right = reviews.filter(({ positive }, i) => bits[0]![i]! < bits[1]![i]! === positive);
  return right.length / reviews.length;
}
