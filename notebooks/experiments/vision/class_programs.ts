/** A program a class: images are told apart, and drawn, by compression alone. */
import type { Context } from "../../../lib/context.ts";
import { type Dataset, datasetOf, images } from "../../../lib/image/dataset.ts";
import { bitsOf, modelOf } from "../../../lib/image/model.ts";
import { pipe } from "../../../lib/pipeline.ts";
import { compress, type Compressed } from "../../../lib/stages/compress.ts";
import { features } from "../../../lib/stages/features.ts";
import { sharing } from "../../../lib/stages/sharing.ts";
import { random } from "../../../lib/random.ts";
import { select } from "../../../scripts/laboratory/measure/select.ts";

/** Images of a class, by their places in the set. */
const ofClass = ({ labels = [] }: Dataset, label: number): number[] =>
  labels.flatMap((own, i) => own === label ? [i] : []);

/** Compresses the images of each class into a program of its own; all have been decoded and compared. */
export async function programsByClass(
  set: Dataset,
  classes: number,
  { steps, neighbours }: { readonly steps: number; readonly neighbours: number },
  context: Context,
): Promise<readonly Compressed[]> {
  const chain = pipe(
    features({ neighbours, leastSquares: false }),
    sharing(),
    compress({ steps, exactly: true }),
  );
  const programs: Compressed[] = [];
  for (let label = 0; label < classes; label++) {
    const own = select(set, ofClass(set, label));
    const { output } = await chain.run(own, { ...context, log: () => {} });
    await output.verify(own, context);
    programs.push(output);
  }
  return programs;
}

/** Bits of each image under each class's program, f64[classes][images]. */
export async function bitsByClass(
  programs: readonly Compressed[],
  set: Dataset,
  context: Context,
): Promise<readonly Float64Array[]> {
  const bits: Float64Array[] = [];
  for (const { bytes } of programs) bits.push(await bitsOf(await modelOf(bytes), set, context));
  return bits;
}

/** The class whose program needs the fewest bits for each image. */
export function fewestBits(bits: readonly Float64Array[]): number[] {
  return [...bits[0]!].map((_, i) => {
    const own = bits.map((of) => of[i]!);
    return own.indexOf(Math.min(...own));
  });
}

/** Images that each class's program draws, with the class as their label; class after class. */
export async function drawClasses(
  programs: readonly Compressed[],
  each: number,
  seed: number,
): Promise<Dataset> {
  const sets: Dataset[] = [];
  for (const [label, program] of programs.entries()) sets.push(await program.generate(each, seed + label));
  return labelled(sets, "drawn by programs");
}

/**
 * The same from what a program must be better than: every pixel by itself, drawn from the values that it has in the
 * images of the class.
 */
export function drawPixels(set: Dataset, classes: number, each: number, seed: number): Dataset {
  const { below } = random(seed, "pixels by themselves"), size = set.symbols.length / set.names.length;
  const [group] = set.groups;
  return labelled(
    Array.from({ length: classes }, (_, label) => {
      const own = ofClass(set, label), symbols = new Uint8Array(each * size);
      for (let i = 0; i < symbols.length; i++) {
        symbols[i] = set.symbols[own[below(own.length)]! * size + i % size]!;
      }
      return { ...set, groups: [{ ...group!, count: each }], symbols };
    }),
    "drawn pixel by pixel",
  );
}

/** One set of several, each of the class that is its place. */
function labelled(
  sets: readonly Pick<Dataset, "groups" | "channels" | "symbols" | "provenance">[],
  name: string,
) {
  const pictures = sets.map((set) => [...images(set)]),
    labels = pictures.flatMap((own, k) => own.map(() => k));
  const { channels, provenance } = sets[0]!;
  return datasetOf(pictures.flat(), {
    name,
    channels,
    provenance,
    labels,
  });
}
