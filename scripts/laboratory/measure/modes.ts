/** Shipped weights, or learnt while decoding? The same text under both, as programs that decoded. */
import type { Context } from "../../../lib/context.ts";
import type { Files } from "../../../lib/files/data.ts";
import { transform } from "../../../lib/files/transform.ts";
import type { Preset } from "../../../lib/run.ts";
import { TEXT_MODES } from "../../../lib/text/options.ts";
import type { Rows } from "../figures/table.ts";
import { type Campaign, measureAll } from "./campaign.ts";
import { filesJob, type ProgramResult } from "./codings.ts";

/** The beginning of a text in both modes. */
export interface ModesPoint {
  readonly text: string;
  /** Of the text. */
  readonly bytes: number;
  /** Context mixing that learns while it decodes. */
  readonly prequential: ProgramResult;
  /** A transformer that was trained beforehand, its weights in the file. */
  readonly twoPart: ProgramResult;
}

/**
 * Codes the first bytes of texts in both modes; every program is decoded and compared.
 *
 * @param lengths in bytes; a text that is shorter is taken whole
 * @throws {MdlError} as `measureAll`
 */
export async function measureModes(
  texts: readonly Files[],
  { lengths, preset, seed, backend, campaign }: {
    readonly lengths: readonly number[];
    readonly preset: Preset;
    readonly seed: number;
    readonly backend: string;
    readonly campaign: Campaign;
  },
  context: Context,
): Promise<readonly ModesPoint[]> {
  const parts: Files[] = [];
  for (const text of texts) {
    for (const bytes of new Set(lengths.map((length) => Math.min(length, text.symbols.length)))) {
      parts.push(await transform(text, { bytes }, context));
    }
  }
  const jobs = await Promise.all(
    parts.flatMap((part) =>
      TEXT_MODES.map((mode) =>
        mode === "prequential"
          ? filesJob(part, { features: { mode } })
          : filesJob(part, { features: { mode }, compress: { preset, exactly: true } }, undefined, {
            seed,
            backend,
          })
      )
    ),
  );
  const results = (await measureAll(jobs, campaign, context)).map((result) => result!);
  return parts.map(({ name, symbols }, i) => {
    return { text: name, bytes: symbols.length, prequential: results[2 * i]!, twoPart: results[2 * i + 1]! };
  });
}

/** As a table. */
export function modesRows(points: readonly ModesPoint[]): Rows {
  return points.map(({ text, bytes, prequential, twoPart }) => {
    const part = (name: string) => twoPart.ledger.find((entry) => entry.name === name)!.bytes;
    return {
      text,
      bytes,
      "prequential, bytes": prequential.bytes,
      "two-part, bytes": twoPart.bytes,
      "longer by": `${(100 * (twoPart.bytes / prequential.bytes - 1)).toFixed(0)} %`,
      "of it weights": part("weights"),
      "payload": part("payload"),
      "decoder": part("decoder code"),
      "model": twoPart.how.replace(/^a transformer of /, ""),
    };
  });
}
