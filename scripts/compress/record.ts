/** run.json: what a run of `deno task compress` has measured, with versions and hashes. */
import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../lib/backend/backend.ts";
import { sha256 } from "../../lib/hash.ts";
import { scalesOf } from "../../lib/image/scales.ts";
import { saveFile } from "../../lib/save.ts";
import { bytesWithout } from "../laboratory/measure/prior.ts";
import type { Place } from "./place.ts";
import type { Made } from "./report.ts";
import { type Request, unusual } from "./request.ts";

/** What there is to say of a program; `beside` is what was measured beside it. */
export function recordOf(
  { compressed, passages, output, written, verified, begun, seconds, loaded }: Made,
  request: Request,
  beside: object,
  backend?: Backend,
) {
  const { trained, tried, ledger } = compressed, { info, bytes } = written;
  return {
    ...info.record,
    ...unusual(request),
    ...info.order === "pyramid" && { scales: scalesOf(info) },
    source: loaded.provenance,
    ...backend && { adapter: backend.adapter },
    output,
    bytes: bytes.length,
    sha256: sha256(bytes),
    ...request.prior !== undefined && { bytesForReceiverOfPrior: bytesWithout(written.ledger) },
    symbols: verified,
    begun: begun.toISOString(),
    seconds: {
      total: (Date.now() - begun.getTime()) / 1000,
      ...seconds,
      stages: passages.map(({ stage, seconds }) => ({ stage: stage.name, seconds })),
    },
    training: trained && { flop: trained.flop, seconds: trained.seconds, curve: trained.curve },
    tried,
    ledger: ledger.entries,
    ...beside,
    versions: { ...Deno.version, tfjs: tf.version.tfjs },
  };
}

/** Writes what is said of a run; to stdout, too, where it is asked for as JSON. */
export async function saveRecord({ notes }: Place, record: object, json = false): Promise<void> {
  const text = JSON.stringify(record, null, 2);
  await saveFile(notes, new TextEncoder().encode(text + "\n"));
  if (json) console.log(text);
}
