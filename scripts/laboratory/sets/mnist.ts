import { join } from "node:path";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { packageFolder } from "./package.ts";

const SIDE = 28, IMAGE = SIDE * SIDE, CLASSES = 10;

/** How one of the two packages keeps a class: a JSON file, and its numbers as images of bytes. */
interface Layout {
  readonly folder: string;
  bytes(data: unknown): Uint8Array[];
}

const layouts: Readonly<Record<"mnist" | "fashion-mnist", Layout>> = {
  "mnist": {
    folder: "src/digits",
    bytes: (data) => split(Uint8Array.from(data as number[], (v) => Math.round(v * 255))),
  },
  "fashion-mnist": {
    folder: "src/clothes",
    bytes: (data) => (data as number[][]).filter((i) => i.length > 0).map((i) => Uint8Array.from(i)), // two are empty
  },
};

const split = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length / IMAGE }, (_, i) => bytes.subarray(i * IMAGE, (i + 1) * IMAGE));

/**
 * MNIST or Fashion-MNIST, 28×28 gray, with labels. The packages sort by class; here the classes take turns: the first
 * image of each class, then the second of each, and so on (a class that has run out is passed over).
 *
 * @throws {MdlError} as `packageFolder`.
 */
export async function loadMnist(name: "mnist" | "fashion-mnist", options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf(name), root = await packageFolder(provenance.source, options);
  const { folder, bytes } = layouts[name];
  const classes: Uint8Array[][] = [];
  for (let label = 0; label < CLASSES; label++) {
    advance(options, { label: `reading ${name}`, done: label, total: CLASSES, unit: "classes" });
    const json = await Deno.readTextFile(join(root, folder, `${label}.json`));
    classes.push(bytes(JSON.parse(json).data).slice(0, options.take));
  }
  advance(options, { label: `reading ${name}`, done: CLASSES, total: CLASSES, unit: "classes" });
  const { symbols, labels } = takeTurns(classes, options.take ?? Infinity);
  const count = labels.length;
  return dataset({
    name,
    channels: 1,
    groups: [{ count, height: SIDE, width: SIDE }],
    symbols,
    provenance,
    labels,
  });
}

function takeTurns(classes: readonly (readonly Uint8Array[])[], limit: number) {
  const rounds = Math.max(...classes.map((c) => c.length)), labels: number[] = [], chosen: Uint8Array[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [label, images] of classes.entries()) {
      const image = images[round];
      if (image && chosen.length < limit) labels.push(label), chosen.push(image);
    }
  }
  const symbols = new Uint8Array(chosen.length * IMAGE);
  chosen.forEach((image, i) => symbols.set(image, i * IMAGE));
  return { symbols, labels };
}
