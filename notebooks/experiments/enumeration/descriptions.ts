/** A target of the tiny language in the forms that are not found by running all programs. */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import { brotli, gzip, xz } from "../../../scripts/laboratory/baselines/stream_codecs.ts";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, object, whole, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { storedProgram } from "../../../lib/program/program.ts";
import type { Target, Targets } from "./targets.ts";

/** Lengths in bytes of real files that were decoded and compared; decoders are counted in the programs alone. */
export interface Descriptions {
  readonly name: string;
  readonly gzip: number;
  readonly brotli: number;
  readonly xz: number;
  /** The program of the chain with a trained model: 388 parameters, as few as pay anywhere. */
  readonly neural: number;
  /** Of its training. */
  readonly flop: number;
  /** The program that stores the symbols. */
  readonly stored: number;
}

const CODECS = { gzip, brotli, xz } as const;

/** A target as a set of one gray picture, 16 pixels wide. */
function pictureOf({ name, symbols }: Target): Dataset {
  const width = 16;
  return dataset({
    name,
    channels: 1,
    groups: [{ count: 1, height: symbols.length / width, width }],
    symbols,
    names: [name],
    provenance: {
      source: "computed",
      licence: "none needed",
      citation: "A rule; see notebooks/experiments/enumeration/targets.ts.",
    },
  });
}

/** The symbols of a picture as gray levels, of which the largest is white. */
export function brightened(symbols: Uint8Array, { width, count }: Pick<Targets, "width" | "count">): Raster {
  const most = Math.max(1, ...symbols);
  return { width, height: count / width, channels: 1, pixels: symbols.map((symbol) => 255 * symbol / most) };
}

/** Targets one below another, for what codes them in one file. */
export function together(targets: readonly Target[]): Dataset {
  return pictureOf({
    name: "all targets",
    zh: "全部目标",
    symbols: concat(targets.map(({ symbols }) => symbols)),
  });
}

/**
 * Codes each target with gzip, brotli and xz at their best, and with the chain of this library.
 *
 * @throws {MdlError} `mismatch` where something does not give the symbols back; as the stages
 */
export async function describe(
  targets: Targets,
  steps: number,
  context: Context,
): Promise<readonly Descriptions[]> {
  checkArguments("describe", { targets, steps, context }, {
    targets: object("targets, as patterns or sequences makes them", "width", "count", "all"),
    steps: whole(1),
    context: WHOLE_CONTEXT,
  });
  const found: Descriptions[] = [], total = targets.all.length;
  const quiet: Context = { ...context, log: () => {}, progress: () => {} };
  for (const target of targets.all) {
    context.progress({ label: "other descriptions", done: found.length, total, unit: "targets" });
    const set = pictureOf(target);
    const small = { width: 8, blocks: 1, neighbours: 8, leastSquares: false };
    const { program } = await buildVerified(
      set,
      { features: small, compress: { steps, exactly: true } },
      quiet,
    );
    const stored = await storedProgram(set, { dataset: target.name });
    await stored.verify(set, quiet);
    const sizes: number[] = [];
    for (const codec of Object.values(CODECS)) sizes.push(await sizeWith(codec, target));
    found.push({
      name: target.name,
      gzip: sizes[0]!,
      brotli: sizes[1]!,
      xz: sizes[2]!,
      neural: program.bytes.length,
      flop: program.trained!.flop,
      stored: stored.bytes.length,
    });
  }
  context.progress({ label: "other descriptions", done: total, total, unit: "targets" });
  return found;
}

async function sizeWith(
  codec: typeof CODECS[keyof typeof CODECS],
  { name, symbols }: Target,
): Promise<number> {
  const picture = { width: symbols.length, height: 1, channels: 1, pixels: symbols } as const;
  let least = Infinity;
  for (const { encode } of codec.settings) { // one after another: two xz at once are more than its memory
    const file = await encode(picture);
    if (sha256(await codec.decode(file, 1)) !== sha256(symbols)) {
      throw new MdlError("mismatch", `A codec does not give “${name}” back.`);
    }
    least = Math.min(least, file.length);
  }
  return least;
}
