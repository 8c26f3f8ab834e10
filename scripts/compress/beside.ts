/** What is measured beside a program: other codecs, and in the case study what sharing is worth. */
import type { AnyData } from "../../lib/codecs.ts";
import { type Context, contextOf } from "../../lib/context.ts";
import type { Dataset } from "../../lib/image/dataset.ts";
import { duration } from "../command.ts";
import { estimateBaselines } from "../laboratory/baselines/estimate.ts";
import { type BaselineName, type BaselineResult, measureBaselines } from "../laboratory/baselines/measure.ts";
import { tableText } from "../laboratory/figures/table.ts";
import { baselineRows, comparisonRows, sharingSentence } from "../laboratory/measure/chain_report.ts";
import { codecSentence, type Ways } from "../laboratory/measure/codec_report.ts";
import { compareSharing, estimateSharing, type SharingMeasured } from "../laboratory/measure/comparison.ts";
import type { Made } from "./report.ts";
import type { Request } from "./request.ts";

/** What is measured beside a program. */
export interface Beside {
  readonly sharing: boolean;
  /** All codecs with their slow effort, however large the data are. */
  readonly thorough: boolean;
  /** These with their slow effort in any case. */
  readonly slowly: readonly BaselineName[];
}

/** What may help, as options. */
const OPTION_WAYS: Ways = {
  attention: "--attention patches",
  noFit: "--fit none",
  longer: "--preset paper",
  ownModel: "no --prior",
};

/** Other codecs are measured on sets of up to so many symbols, unless asked for: a megabyte takes them 24 s. */
const MEASURED = 5e6;

const comparable = ({ symbols: { length } }: AnyData, { thorough }: Beside) =>
  length > 0 && (length <= MEASURED || thorough);

/** What is measured beside the program of a request. */
export function besideOf(
  { caseStudy, prior, preset }: Request,
  { size, baselines = false }: { readonly size?: string; readonly baselines?: boolean },
): Beside {
  return {
    sharing: caseStudy && size === undefined && prior === undefined,
    thorough: baselines,
    slowly: preset === "paper" ? ["JPEG XL"] : [],
  };
}

/** Seconds that it will take, by what it is. */
export async function estimateBeside(
  set: AnyData,
  beside: Beside,
  context: Context,
): Promise<Readonly<Record<string, number>>> {
  const { sharing, thorough, slowly } = beside, slow = slowly.length > 0 && set.modality === "image";
  return {
    ...sharing && { "comparing sharing": await estimateSharing(set as Dataset, context) },
    ...comparable(set, beside) &&
      { "other codecs": estimateBaselines(set, thorough || slow ? "slow" : "quick") },
  };
}

/** Measures, and says, what there is beside a program. */
export async function measureBeside(
  { set, written, compressed }: Made,
  beside: Beside,
  { seed, signal, progress, log: say }: Context,
): Promise<
  { readonly baselines: readonly BaselineResult[]; readonly comparison: readonly SharingMeasured[] }
> {
  const silent = { signal, progress };
  const comparison = beside.sharing ? await compareSharing(set as Dataset, contextOf(seed, silent)) : [];
  if (comparison.length) {
    const rows = tableText(comparisonRows(comparison));
    say(`\nSharing: the article's 1/10\n${rows}\n${sharingSentence(comparison)}`);
  }
  if (!comparable(set, beside)) {
    const slow = duration(estimateBaselines(set, "slow"));
    say(
      set.symbols.length === 0
        ? "There is nothing that other codecs could shorten."
        : `Other codecs would take about ${slow} on this set: --baselines measures them.`,
    );
    return { baselines: [], comparison };
  }
  const { thorough, slowly } = beside, effort = thorough ? "slow" : "quick";
  const baselines = await measureBaselines(set, { ...silent, effort, slowly, log: say });
  const rows = tableText(baselineRows(set, written, baselines));
  say(
    "\nAgainst other codecs (their decoders are not counted, ours is; names are left out)\n" +
      `${rows}\n${codecSentence(compressed, baselines, OPTION_WAYS)}`,
  );
  return { baselines, comparison };
}
