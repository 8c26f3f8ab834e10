import { join } from "node:path";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { packageFolder } from "./package.ts";

const TRAINING = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.png`), TEST = ["test_batch.png"];
const SHEET = 10_000; // images in a sheet, one to a row
const IMAGE = 32 * 32 * 3; // symbols

/**
 * CIFAR-10, 32×32 in colour, with labels: the training images and then the test images, or with `first: "test"` the
 * other way round. Only the sheets that `take` needs are decoded.
 *
 * @throws {MdlError} as `packageFolder`.
 */
export async function loadCifar10(options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf("cifar10"), folder = await packageFolder(provenance.source, options);
  const testFirst = options.first === "test",
    sheets = testFirst ? [...TEST, ...TRAINING] : [...TRAINING, ...TEST];
  const count = Math.min(options.take ?? Infinity, sheets.length * SHEET);
  const symbols = new Uint8Array(count * IMAGE);
  for (let done = 0; done < count; done += SHEET) {
    advance(options, { label: "reading CIFAR-10", done, total: count, unit: "images" });
    const file = sheets[done / SHEET]!;
    const { pixels } = await decodeImage(await Deno.readFile(join(folder, file)), file);
    symbols.set(pixels.subarray(0, Math.min(SHEET, count - done) * IMAGE), done * IMAGE);
  }
  advance(options, { label: "reading CIFAR-10", done: count, total: count, unit: "images" });
  const [training, test] = await Promise.all(["train_lables.json", "test_lables.json"].map( // spelled so
    async (file) => JSON.parse(await Deno.readTextFile(join(folder, file))) as number[],
  ));
  return dataset({
    name: "cifar10",
    channels: 3,
    groups: [{ count, height: 32, width: 32 }],
    symbols,
    provenance,
    labels: (testFirst ? [...test!, ...training!] : [...training!, ...test!]).slice(0, count),
  });
}
