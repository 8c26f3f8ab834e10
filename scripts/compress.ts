/**
 * deno task compress: images in, a program out, decoded from the written file and compared before anything is said of
 * its size. Without a source it is the case study of article section 4.3.
 */
import { BACKENDS, openBackend } from "../lib/backend/backend.ts";
import { type BaselineResult, measureBaselines } from "../lib/baselines/measure.ts";
import type { Dataset } from "../lib/data/dataset.ts";
import { type Rows, tableBundle } from "../lib/figures/table.ts";
import { type Passage, pipe } from "../lib/pipeline.ts";
import { type Program, programOf } from "../lib/program/program.ts";
import { assertWritable, saveFile } from "../lib/program/save.ts";
import { contextOf, type Preset, PRESETS, VERSION } from "../lib/run.ts";
import { attention } from "../lib/stages/attention.ts";
import { ARTICLE_ENCODER, compareSharing, type SharingMeasured } from "../lib/stages/comparison.ts";
import { compress, type Compressed } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { preprocess } from "../lib/stages/preprocess.ts";
import { stagePrices } from "../lib/stages/prices.ts";
import { sharing } from "../lib/stages/sharing.ts";
import {
  command,
  duration,
  loadSource,
  number,
  oneOf,
  options,
  PREPROCESS_OPTIONS,
  preprocessOptions,
  wholeNumber,
} from "./command.ts";

const USAGE = "deno task compress [FOLDER|DATASET] [--output x.wasm] [--preset quick|paper] [--seed N] " +
  "[--backend auto|webgpu|wasm|cpu] [--take N] [--gray] [--size WxH] [--flatten] [--baselines] [--json]";

/** Section 4.3: 1000 images of 128×128×3 → gray, 32×32. */
const CASE_STUDY = { source: "photos", preprocess: { gray: true, size: { width: 32, height: 32 } } } as const;

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, {
    ...PREPROCESS_OPTIONS,
    output: { type: "string", short: "o" },
    preset: { type: "string", default: "quick" },
    seed: { type: "string", default: "1" },
    backend: { type: "string", default: "auto" },
    baselines: { type: "boolean" },
    json: { type: "boolean" },
  }, { least: 0, most: 1 });
  const preset = oneOf("preset", values.preset, Object.keys(PRESETS) as Preset[]);
  const seed = wholeNumber("seed", values.seed, 0);
  const request = oneOf("backend", values.backend, ["auto", ...BACKENDS]);
  const source = positionals[0] ?? CASE_STUDY.source, caseStudy = positionals.length === 0;
  const wanted = { ...(caseStudy ? CASE_STUDY.preprocess : {}), ...preprocessOptions(values) };

  const say = values.json ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  const loaded = await loadSource(source, { ...context, ...wanted, flatten: values.flatten ?? false });
  const name = loaded.name.replace(/[^\w.-]+/g, "_");
  const folder = `results/${name}-${preset}-seed${seed}`, output = values.output ?? `${folder}/${name}.wasm`;
  await Deno.mkdir(folder, { recursive: true });
  await assertWritable(output);

  const backend = await openBackend(request);
  say(`MDLab ${VERSION}, preset ${preset}, seed ${seed}; backend ${backend.description}`);
  say(
    `${loaded.name}: ${loaded.provenance.citation} Source: ${loaded.provenance.source}; licence: ${loaded.provenance.licence}.`,
  );
  const begun = performance.now();
  const pipeline = pipe(
    preprocess(wanted),
    features(),
    sharing(),
    hierarchy(),
    attention(),
    compress({ preset, checkpoints: "results/checkpoints", preprocess: wanted }),
  );
  const { output: compressed, passages } = await pipeline.run(loaded, context);
  const set = passages[0]!.output as Dataset;
  await saveFile(output, compressed.bytes);

  const written = programOf(await Deno.readFile(output)), opened = performance.now();
  const verified = await written.verify(set, context);
  const decoding = (performance.now() - opened) / 1000;
  const encoding = passages.reduce((sum, { seconds }) => sum + seconds, 0);
  const comparison = caseStudy
    ? await compareSharing(set, contextOf(seed, { signal, progress: bar.report }))
    : [];
  const baselines = await measureBaselines(set, {
    ...{ effort: values.baselines ? "slow" : "quick", signal, progress: bar.report },
  });
  await bar.close();

  const rows = {
    chain: chainRows(passages, compressed),
    ledger: ledgerRows(compressed),
    baselines: baselineRows(set, written, baselines),
    comparison: comparisonRows(comparison),
  };
  say(`\nThe chain\n${text(rows.chain)}`);
  say(`\nLedger\n${text(rows.ledger)}`);
  if (comparison.length) {
    say(`\nSharing: the article's 1/10\n${text(rows.comparison)}\n${sharingSentence(comparison)}`);
  }
  say(`\nAgainst other codecs (their decoders are not counted, ours is)\n${text(rows.baselines)}`);
  const raw = set.symbols.length, size = written.bytes.length;
  say(
    `\n${output}: ${number(size)} bytes, ${number(size * 8 / raw, 3)} bits/symbol, ${
      number(100 * size / raw, 1)
    } % of the raw ${number(raw)}`,
  );
  say(
    `encoded in ${duration(encoding)}, decoded in ${duration(decoding)}, ${
      duration((performance.now() - begun) / 1000)
    } in all`,
  );
  say(`verified: ${number(verified.symbols)} symbols identical, SHA-256 ${verified.sha256}`);

  const record = {
    ...written.info.record,
    ...{ source: loaded.provenance, adapter: backend.adapter, output, symbols: verified, bytes: size },
    seconds: {
      encoding,
      decoding,
      stages: passages.map(({ stage, seconds }) => ({ stage: stage.name, seconds })),
    },
    training: compressed.trained &&
      { flop: compressed.trained.flop, seconds: compressed.trained.seconds, curve: compressed.trained.curve },
    ...{ tried: compressed.tried, ledger: compressed.ledger.entries, baselines, comparison },
    versions: Deno.version,
  };
  await saveFile(`${folder}/run.json`, new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
  if (values.json) console.log(JSON.stringify(record, null, 2));
  await backend.close();
});

function text(rows: Rows): string {
  return tableBundle(rows)["text/plain"];
}

/** The full chain with each stage's price, those that are off included. */
function chainRows(passages: readonly Passage[], compressed: Compressed): Rows {
  return stagePrices(passages.map(({ stage }) => stage), compressed.ledger).map(({ stage, bytes }, i) => ({
    stage: `${String.fromCharCode(66 + i)} ${stage.name} ${stage.title}`,
    article: stage.section,
    "what it does": stage.summary,
    "price, bytes": bytes,
  }));
}

function ledgerRows({ ledger }: Compressed): Rows {
  const total = { entry: "program", bytes: ledger.bytes, "estimated bits / 8": undefined };
  return [
    ...ledger.entries.map(({ name, bytes, estimatedBits }) => ({
      entry: name,
      bytes,
      "estimated bits / 8": estimatedBits === undefined ? undefined : Math.round(estimatedBits / 8),
    })),
    total,
  ];
}

function baselineRows(set: Dataset, program: Program, baselines: readonly BaselineResult[]): Rows {
  const names = program.ledger.entries.find(({ name }) => name === "image names")!.bytes;
  const own = program.bytes.length - names; // names are left out of comparisons
  const rows = [
    { codec: `MDLab ${VERSION}`, layout: "program", effort: program.info.mode, bytes: own },
    ...baselines.map(({ codec, version, layout, effort, bytes }) => ({
      codec: `${codec} (${version})`,
      layout,
      effort,
      bytes,
    })),
    { codec: "raw symbols", layout: "", effort: "", bytes: set.symbols.length },
  ];
  return rows.sort((a, b) => a.bytes - b.bytes).map((row) => ({
    ...row,
    "bits/symbol": Number((row.bytes * 8 / set.symbols.length).toFixed(3)),
    "against ours": `${row.bytes >= own ? "+" : "−"}${number(100 * Math.abs(row.bytes / own - 1), 1)} %`,
  }));
}

function comparisonRows(comparison: readonly SharingMeasured[]): Rows {
  return comparison.map(({ name, parameters, flop, weights, payload, bytes }) => ({
    predictor: name,
    ...{
      parameters,
      "training FLOP": flop.toExponential(1),
      "weights, bytes": weights,
      "payload, bytes": payload,
      "program, bytes": bytes,
    },
  }));
}

/** The article's 1/10, in parameters and in bytes. */
function sharingSentence(comparison: readonly SharingMeasured[]): string {
  const [shared, unshared] = comparison as [SharingMeasured, SharingMeasured];
  const ratio = (a: number, b: number) => `1/${number(a / b, 1)}`;
  return `Parameters: ${number(shared.parameters)}, ${
    ratio(unshared.parameters, shared.parameters)
  } of a predictor for each ` +
    `position, ${ratio(ARTICLE_ENCODER, shared.parameters)} of the article's convolutional encoder (${
      number(ARTICLE_ENCODER)
    }); ` +
    `weights in bytes: ${ratio(unshared.weights, shared.weights)}; whole programs: ${
      ratio(unshared.bytes, shared.bytes)
    }.`;
}
