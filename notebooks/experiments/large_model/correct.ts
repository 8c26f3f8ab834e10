/**
 * Weights in fewer bits with regard to what a model is given: from inputs x of a matrix on some text, H = xᵀ x says what
 * an error costs. `weighted`: codebook and lines are fitted by its diagonal. `corrected`: besides, column after column is
 * rounded, and those to come make up for what was lost (Frantar et al. 2022, GPTQ; in the form of Chee et al. 2023).
 */
import type { Context } from "../../../lib/context.ts";
import type { Parts, Rows } from "../../../scripts/laboratory/large_model/layout.ts";
import type { Published } from "../../../scripts/laboratory/large_model/llama.ts";
import { forward, MATRICES, type Watched } from "./forward.ts";
import type { Matrices, Rounded } from "./matrices.ts";
import { codebookOf, GROUP, quantised, type Variant } from "./quantise.ts";

/** How the layers become fewer bits; the embedding gets 4 by a codebook. */
export interface Correction {
  readonly kind: "weighted" | "corrected";
  readonly bits: number;
}

/**
 * Added to H's diagonal, as a share of its median (of its mean, a few columns with huge inputs would have all): directions
 * that the text does not show are not free. Of 0.01, 0.3, 1 and 3 the best for 3 bits on film reviews that are not in H.
 */
const DAMPING = 0.3;

type Layer = { [matrix in typeof MATRICES[number]]?: Rows };

/**
 * The variants that are asked for, all from one pass over windows of tokens as `forward` takes them; every matrix is
 * given what the published model gives it.
 */
export function corrected(
  published: Published,
  windows: readonly ArrayLike<number>[],
  asked: readonly Correction[],
  matrices: Matrices,
  { progress }: Pick<Context, "progress">,
): Variant[] {
  const { spec, parts } = published;
  const made = asked.map(() => parts.layers.map((): Layer => ({})));
  let done = 0;
  for (const watched of forward(published, windows, matrices)) {
    const { layer, matrix } = watched, { columns, u } = lossesOf(watched, matrices);
    asked.forEach(({ kind, bits }, i) => {
      const values = codebookOf(parts.layers[layer]![matrix], 2 ** bits, columns);
      const book = Float32Array.from(values);
      const rounded = matrices.round(watched.weights, columns, book, kind === "corrected" ? u : undefined);
      made[i]![layer]![matrix] = rowsOf(rounded, book, columns.length);
    });
    progress({ label: "correct", done: ++done, total: MATRICES.length * spec.layers, unit: "matrices" });
  }
  return asked.map(({ bits }, i) => {
    const plain = quantised(published, { kind: "codebook", bits }, { kind: "codebook", bits: 4 });
    const layers = plain.parts.layers.map((layer, l) => ({ ...layer, ...made[i]![l] })) as Parts["layers"];
    return { ...plain, parts: { ...plain.parts, layers } };
  });
}

/** How much each column counts, and what `round` takes to correct others for it. */
function lossesOf({ inputs, columns: k }: Watched, matrices: Matrices) {
  const rows = inputs.length / k, across = new Float32Array(inputs.length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < k; i++) across[i * rows + row] = inputs[row * k + i]!;
  }
  const h = matrices.gram(across, k), columns = Float32Array.from({ length: k }, (_, i) => h[i * (k + 1)]!);
  const more = DAMPING * columns.toSorted()[k >> 1]!;
  for (let i = 0; i < k; i++) columns[i] = h[i * (k + 1)]! += more;
  return { columns, u: matrices.factor(h, k) };
}

/** The numbers that codes and lines stand for. */
function rowsOf({ codes, lines }: Rounded, values: Float32Array, columns: number): Rows {
  const groups = Math.ceil(columns / GROUP);
  return {
    count: codes.length / columns,
    columns,
    row(i, to) {
      for (let k = 0; k < columns; k++) {
        const line = 2 * (i * groups + Math.floor(k / GROUP));
        to[k] = lines[line]! + lines[line + 1]! * values[codes[i * columns + k]!]!;
      }
    },
  };
}
