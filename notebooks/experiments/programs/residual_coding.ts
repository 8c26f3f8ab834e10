/** Does reducing dimensions first make a lossless file shorter? (article 9.5) */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import { measureBaselines } from "../../../scripts/laboratory/baselines/measure.ts";
import type { Components } from "../pca/pca.ts";
import { decodePca, encodePca } from "../pca/pca_file.ts";
import { residualOf, withResidual } from "../pca/residual.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import {
  checkArguments,
  checkOptions,
  DATASET,
  decimal,
  NUMBERS,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { mechanismsOf, sharedVariant } from "../../../scripts/laboratory/measure/variant.ts";

/** A lossless coding of the whole set in two files: the components, and what they leave over. */
export interface TwoFiles {
  readonly codec: string;
  /** Components in the first file; 0 when there is none, and the second one has the images themselves. */
  readonly dimensions: number;
  readonly first: number;
  readonly second: number;
  /** Of both. */
  readonly bytes: number;
  /** Of training, where there is a model. */
  readonly flop: number;
}

const CODECS = ["xz", "JPEG XL"] as const;

/**
 * Codes a set without loss, once as it is and once behind each number of components, with xz, JPEG XL and a program of
 * our own that is trained on what it has to code. Every file is decoded, and the set that comes of it compared.
 *
 * @throws {MdlError} `mismatch`; as `measureBaselines` and the stage `compress`
 */
export async function measureTwoFiles(
  set: Dataset,
  components: Components,
  dimensions: readonly number[],
  options: { readonly step: number; readonly training: number },
  context: Context,
): Promise<readonly TwoFiles[]> {
  checkArguments("measureTwoFiles", { set, dimensions, context }, {
    set: DATASET,
    dimensions: NUMBERS,
    context: WHOLE_CONTEXT,
  });
  checkOptions("measureTwoFiles", options, { step: required(decimal(0)), training: required(whole(1)) });
  const { step, training } = options;
  const rows: TwoFiles[] = [], quiet = { ...context, log: () => {} };
  for (const kept of [0, ...dimensions]) {
    const file = kept ? encodePca(set, components, { dimensions: kept, step }) : undefined;
    const near = file && decodePca(file),
      rest = near ? residualOf(set, near) : set,
      first = file?.length ?? 0;
    if (near && withResidual(near, rest).some((v, i) => v !== set.symbols[i])) {
      throw new MdlError("mismatch", `${kept} components and their residual do not give ${set.name} back.`);
    }
    const add = (codec: string, second: number, flop = 0) =>
      rows.push({ codec, dimensions: kept, first, second, bytes: first + second, flop });
    for (
      const { codec, bytes } of await measureBaselines(rest, { ...quiet, effort: "quick", only: CODECS })
    ) {
      add(codec, bytes);
    }
    const asked = { ...mechanismsOf(sharedVariant(0)), compress: { steps: training, exactly: true } };
    const { program } = await buildVerified(rest, asked, quiet);
    add("program", program.bytes.length, program.trained!.flop);
  }
  return rows;
}
