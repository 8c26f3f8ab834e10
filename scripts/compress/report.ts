/** What `deno task compress` says of a program. */
import type { Backend } from "../../lib/backend/backend.ts";
import { type AnyData, codecOf } from "../../lib/codecs.ts";
import type { Passage } from "../../lib/pipeline.ts";
import type { Program } from "../../lib/program/program.ts";
import { VERSION } from "../../lib/run.ts";
import { SCENE_BITS } from "../../lib/sources/scenes.ts";
import type { Compressed } from "../../lib/stages/compress.ts";
import { counted, duration, number } from "../command.ts";
import { tableText } from "../laboratory/figures/table.ts";
import { chainRows, ledgerRows } from "../laboratory/measure/chain_report.ts";
import { bytesWithout, OF_A_PRIOR } from "../laboratory/measure/prior.ts";
import type { Request } from "./request.ts";

/** A program that is verified, and how it came about. */
export interface Made {
  readonly loaded: AnyData;
  /** What was coded: what preprocess has made of them. */
  readonly set: AnyData;
  readonly compressed: Compressed<AnyData>;
  readonly passages: readonly Passage[];
  readonly output: string;
  /** What its file holds. */
  readonly written: Program<AnyData>;
  readonly verified: { readonly symbols: number; readonly sha256: string };
  readonly begun: Date;
  readonly seconds: { readonly encoding: number; readonly decoding: number };
}

/** What is going to be done with what. */
export function beginning(
  loaded: AnyData,
  { prior, preset, seed }: Request,
  backend?: Backend,
): string {
  const { citation, source, licence } = loaded.provenance;
  const how = prior !== undefined
    ? `; no training, the weights are those of ${prior}`
    : backend
    ? `, preset ${preset}, seed ${seed}; backend ${backend.description}`
    : "; nothing is trained, the program learns while it decodes";
  return [
    `MDLab ${VERSION}${how}`,
    `${codecOf<AnyData>(loaded).summary(loaded)}: ${loaded.name}, ${citation}`,
    `source: ${source}; licence: ${licence}`,
  ].join("\n");
}

/** The program: its stages, its ledger, its length, and that it is verified. */
export function summary(made: Made, { prior, preprocess: { gray, size: resized } }: Request): string {
  const { set, compressed, passages, output, written, verified, seconds } = made;
  const raw = set.symbols.length, size = written.bytes.length, { provenance: { bytes: files } } = made.loaded;
  const rate = `${number(size * 8 / raw, 3)} bits/symbol`;
  const share = `${number(100 * size / raw, 1)} % of the raw ${number(raw)}`;
  return [
    `\nThe chain\n${tableText(chainRows(passages, compressed))}`,
    `\nLedger\n${tableText(ledgerRows(compressed))}`,
    `\nTried: ${compressed.tried.map(({ model, bytes }) => `${model} ${number(bytes)} bytes`).join("; ")}`,
    `\n${output}: ${number(size)} bytes${raw === 0 ? "" : `, ${rate}, ${share}`}`,
    ...files === undefined ? [] : [
      gray || resized || set.symbols.length < made.loaded.symbols.length
        ? `the files on disk, before preprocess: ${number(files)} bytes`
        : filesSentence(files, size, raw),
    ],
    `verified: ${counted(verified.symbols, "symbol")} identical, SHA-256 ${verified.sha256}`,
    `encoded in ${duration(seconds.encoding)}, decoded in ${duration(seconds.decoding)}`,
    ...prior === undefined ? [] : [priorSentence(written, prior)],
    ...made.loaded.name === "scenes" ? [scenesSentence(set)] : [],
  ].join("\n");
}

/** The size of the files that a program was made of beside its own. */
function filesSentence(files: number, program: number, raw: number): string {
  const said = `the files on disk: ${number(files)} bytes`;
  if (program <= files) return `${said}; the program is ${number(100 - 100 * program / files, 1)} % shorter`;
  const ways = raw > files ? ", which hold pixels in a shorter form" : "";
  return `${said}: THE PROGRAM IS LONGER than the files${ways}`;
}

function priorSentence({ ledger }: Pick<Program, "ledger">, prior: string): string {
  const left = number(bytesWithout(ledger)), entries = OF_A_PRIOR.join("” and “");
  return `for a receiver who has ${prior}: ${left} bytes, the file less the ledger's “${entries}”`;
}

function scenesSentence({ names }: AnyData): string {
  const least = number(names.length * SCENE_BITS / 8);
  return `each scene is drawn from ${SCENE_BITS} random bits: no program can be expected below ${least} bytes`;
}
