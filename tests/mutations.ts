/**
 * Small faults, and the tests that must fail with each: `deno task mutants` tries them. A fault is a stretch of one line
 * that stands once in its file. Where the code moves, the fault moves with it; where a test goes, another one has to
 * notice its faults.
 */

/** A change of the code that makes it wrong. */
export interface Fault {
  readonly name: string;
  /** Path from the project's folder. AssemblyScript is compiled with it. */
  readonly file: string;
  readonly text: string;
  readonly into: string;
}

/** Tests, and what they guard. */
export interface Guard {
  /** File in tests/. */
  readonly test: string;
  /** As `deno test --filter` takes it. */
  readonly filter: string;
  readonly faults: readonly Fault[];
}

const fault = (name: string, file: string, text: string, into: string): Fault => ({ name, file, text, into });

const ASSEMBLY = "lib/decoder/assembly", MEASURE = "scripts/laboratory/measure";
const SAMPLES = "scripts/samples";
const LANGUAGE = "notebooks/experiments/language", PROGRAMS = "notebooks/experiments/programs";

const TRAINING: readonly Guard[] = [
  {
    test: "training_test.ts",
    filter: "± 0.5 %: weights of 3 bits",
    faults: [
      fault(
        "quantisation-aware",
        `${ASSEMBLY}/adamw.ts`,
        "quanta ? rounded(w, v128.load(quanta + i)) : w",
        "w",
      ),
    ],
  },
  {
    test: "training_test.ts",
    filter: "± 0.5 %: a pyramid",
    faults: [
      fault("price-of-weights", "lib/training/two_part.ts", "const PRICE = 2;", "const PRICE = 0;"),
      fault("kinds-of-passes", "lib/image/samples.ts", "[0.06, 0.31, 0.63]", "[0.33, 0.33, 0.33]"),
      fault(
        "initial-weights",
        "lib/training/two_part.ts",
        "average: weights }",
        "average: weights.fill(0.01) }",
      ),
    ],
  },
  {
    test: "training_test.ts",
    filter: "learning rate rises in 100 steps",
    faults: [
      fault("cosine", "lib/training/loop.ts", "0.5 * (1 + Math.cos(Math.PI * t / steps))", "1"),
      fault("warm-up", "lib/training/loop.ts", "Math.min(1, (t + 1) / warm)", "1"),
    ],
  },
  {
    test: "training_test.ts",
    filter: "optimiser's first step",
    faults: [
      fault("bias-of-squares", "lib/training/optimiser.ts", "unbias: 1 / (1 - BETA2 ** t)", "unbias: 1"),
      fault("bias-of-mean", "lib/training/optimiser.ts", "rate / (1 - BETA1 ** t)", "rate"),
      fault("average-forgets", "lib/training/optimiser.ts", "Math.min(AVERAGE, t / (t + 10))", "0"),
    ],
  },
  {
    test: "training_test.ts",
    filter: "averaged weights, and its last step is reported",
    faults: [
      fault(
        "average",
        "lib/training/two_part.ts",
        "const { average } = await learner.state();",
        "const { weights: average } = await learner.state();",
      ),
      fault("last-step", "lib/training/loop.ts", "if (done < steps && !", "if (!"),
    ],
  },
  {
    test: "training_test.ts",
    filter: "shared scales of a pyramid",
    faults: [
      fault("scale-sampling", "lib/image/samples.ts", "source.below(4) === 0) scale--", "false) scale--"),
      fault("scale-shares", "lib/image/samples.ts", "source.below(4) === 0", "source.below(2) === 0"),
    ],
  },
  {
    test: "predictor_test.ts",
    filter: "interrupted and resumed, too: 1 scales",
    faults: [
      fault("training-stops", "lib/training/two_part.ts", "if (!aborted) return;", "if (true) return;"),
      fault("resumes", "lib/training/two_part.ts", "from = resumed?.step ?? 0", "from = 0"),
    ],
  },
  {
    test: "predictor_test.ts",
    filter: "samples depend on seed and step",
    faults: [fault("samples-of-a-step", "lib/image/samples.ts", "`samples ${step}`", '"samples"')],
  },
  {
    test: "predictor_test.ts",
    filter: "slope of the weights' own bits",
    faults: [fault("slope-in-bits", "lib/training/quantise.ts", ".mul(1 / Math.LN2)", "")],
  },
  {
    test: "learner_test.ts",
    filter: "rounded from step 0 on",
    faults: [
      fault("bits-of-weights", `${ASSEMBLY}/adamw.ts`, "if (quanta) {", "if (false) {"),
      fault("no-sign", `${ASSEMBLY}/adamw.ts`, "1.1920928955078125e-7", "0"),
      fault("fresh-square", `${ASSEMBLY}/adamw.ts`, "f64x2.mul(newSquare, g1), g1)", "newSquare, g1)"),
    ],
  },
  {
    test: "predictor_test.ts",
    filter: "tfjs composition: colour, tied blocks",
    faults: [
      fault("all-shards", "lib/image/fused.ts", "disjoint ? 0 : shards - 1", "disjoint ? 0 : shards - 2"),
      fault("gradient-at-255", `${ASSEMBLY}/loss.ts`, "top ? zero : v128", "top ? one : v128"),
    ],
  },
  {
    test: "wasm_kernels_test.ts",
    filter: "a step of AdamW",
    faults: [
      fault("decay", "lib/backend/adamw.ts", "(1 - decay) * w0![i]!", "w0![i]!"),
      fault("clipping", "lib/backend/adamw.ts", "const g = clip * gradient[i]!", "const g = gradient[i]!"),
    ],
  },
];

const DECODER: readonly Guard[] = [
  {
    test: "mixer_test.ts",
    filter: "mixing makes the code",
    faults: [
      fault(
        "mixer-learns-what-it-draws",
        `${ASSEMBLY}/mixer.ts`,
        "learning() ? STEP * (truth - one) : 0",
        "STEP * (truth - one)",
      ),
    ],
  },
  {
    test: "pixels_test.ts",
    filter: "nothing is learnt from drawings",
    faults: [
      fault(
        "drawings-learn-what-they-draw",
        `${ASSEMBLY}/pixels/decision.ts`,
        "if (known || learning()) learn(bit);",
        "learn(bit);",
      ),
    ],
  },
  {
    test: "table_engine_test.ts",
    filter: "nothing is learnt from rows",
    faults: [
      fault(
        "rows-learn-what-they-draw",
        `${ASSEMBLY}/table/mix.ts`,
        "if (!learning()) return bit;",
        "if (false) return bit;",
      ),
      fault(
        "separator-in-a-cell",
        `${ASSEMBLY}/table/cell.ts`,
        "if (!quoted && (byte == 10 || byte == separator)) break;",
        "if (!quoted && byte == 10) break;",
      ),
    ],
  },
  {
    test: "text_engine_test.ts",
    filter: "repeats model: while it learns",
    faults: [
      fault("prompt-learnt-again", `${ASSEMBLY}/text.ts`, "prompt = size ? 0 : GIVEN;", "prompt = GIVEN;"),
    ],
  },
  {
    test: "text_engine_test.ts",
    filter: "repeats model: however much",
    faults: [
      fault(
        "drawing-until-all-is-forgotten",
        `${ASSEMBLY}/text/items.ts`,
        "if (what == CODED && !remembered--) {",
        "if (!remembered--) {",
      ),
    ],
  },
  {
    test: "jpeg_engine_test.ts",
    filter: "nothing is learnt from pictures",
    faults: [
      fault(
        "jpeg-learns-what-it-draws",
        `${ASSEMBLY}/jpeg/predictor.ts`,
        "if (!learning()) return bit;",
        "if (false) return bit;",
      ),
    ],
  },
  {
    test: "audio_engine_test.ts",
    filter: "does not grow louder",
    faults: [
      fault("sound-grows-louder", `${ASSEMBLY}/audio/channel.ts`, "if (learning()) {", "if (true) {"),
    ],
  },
  {
    test: "program_test.ts",
    filter: "records what most of them do in few bytes",
    faults: [
      fault(
        "no-dictionary",
        "lib/program/header.ts",
        "JSON.stringify(record), RECORDS",
        "JSON.stringify(record)",
      ),
    ],
  },
  {
    test: "codec_test.ts",
    filter: "the same code as ever",
    faults: [
      fault("fit-to-the-right", `${ASSEMBLY}/local.ts`, "LEFT: f32 = 0.45", "LEFT: f32 = 0.4"),
      fault("fit-forgets", `${ASSEMBLY}/local.ts`, "KEPT: f32 = 0.99999", "KEPT: f32 = 0.999"),
      fault("attention-sharpness", `${ASSEMBLY}/local.ts`, "SHARPNESS: f32 = 0.3", "SHARPNESS: f32 = 0.31"),
      fault("sharpness-follows", `${ASSEMBLY}/symbol.ts`, "STEP: f32 = 0.01", "STEP: f32 = 0.02"),
      fault("filter-asleep", `${ASSEMBLY}/mixer.ts`, "FILTER_STEP: f32 = 0.002", "FILTER_STEP: f32 = 0"),
      fault("errors-of-this-pixel", `${ASSEMBLY}/mixer.ts`, "u64 = 0x02", "u64 = 0x01"),
      fault("order-of-colours", `${ASSEMBLY}/context.ts`, "k == 2 ? 2 : 1 - k", "k"),
      fault("table-learns", `${ASSEMBLY}/multiples.ts`, "load<u16>(p + (bit << 1)) + 1)", "0)"),
      fault(
        "decoder-alone",
        `${ASSEMBLY}/range_coder.ts`,
        "value -= bound;",
        "value -= bound - 1;",
      ),
    ],
  },
];

const LIBRARY: readonly Guard[] = [
  {
    test: "stages_test.ts",
    filter: "the shortest program is kept",
    faults: [
      fault(
        "shortest",
        "lib/stages/compress.ts",
        "a.program.bytes.length - b.program.bytes.length",
        "b.program.bytes.length - a.program.bytes.length",
      ),
      fault("candidates", "lib/image/candidates.ts", "? smaller : [spec, ...smaller]", "? smaller : [spec]"),
    ],
  },
  {
    test: "candidates_test.ts",
    filter: "with and without the local fit",
    faults: [
      fault("fit-on-trial", "lib/image/candidates.ts", "optional && channels === 1", "channels === 1"),
      fault(
        "fit-kept",
        "lib/image/candidates.ts",
        "return [asked, { ...asked, leastSquares: false }]",
        "return [asked]",
      ),
    ],
  },
  {
    test: "stages_test.ts",
    filter: "a checkpoint is read back",
    faults: [
      fault("checkpoint-of-another", "lib/training/checkpoint.ts", "head.identity !== identity || ", ""),
      fault("damaged-checkpoint", "lib/training/checkpoint.ts", " || head.sha256 !== sha256(body)", ""),
    ],
  },
  {
    test: "program_damage_test.ts",
    filter: "every flipped bit",
    faults: [
      fault(
        "code-checksum",
        "lib/program/read.ts",
        "!equal(bytes.subarray(checksumAt, fieldsAt), expected)",
        "false",
      ),
      fault(
        "segment-checksum",
        "lib/program/segments.ts",
        "!equal(checksumOf(SEGMENT_CHECKSUM, code), checksum)",
        "false",
      ),
    ],
  },
  {
    test: "program_damage_test.ts",
    filter: "absurd sizes",
    faults: [
      fault("too-many-images", "lib/program/read.ts", " || count > limits.items", ""),
    ],
  },
  {
    test: "program_damage_test.ts",
    filter: "modules that could reach outside",
    faults: [
      fault("foreign-sections", "lib/program/check_decoder.ts", "!SECTIONS.includes(id)", "false"),
    ],
  },
  {
    test: "program_test.ts",
    filter: "verify names the first pixel",
    faults: [
      fault(
        "pixel-that-differs",
        "lib/image/difference.ts",
        "pixel = Math.floor(at / channels)",
        "pixel = at",
      ),
    ],
  },
  {
    test: "program_test.ts",
    filter: "its ledger sums to its length",
    faults: [fault("ledger", "lib/program/read.ts", "decoder: dataAt - opened.end", "decoder: dataAt")],
  },
  {
    test: "pieces_test.ts",
    filter: "work at a pace",
    faults: [fault("abort-at-a-pace", "lib/pace.ts", "if (signal?.aborted)", "if (false)")],
  },
  {
    test: "pca_test.ts",
    filter: "the integer code comes within a few per cent",
    faults: [
      fault(
        "integers-are-learnt",
        "scripts/laboratory/coding/integer_code.ts",
        "? zero - (zero >> RATE)",
        "? zero",
      ),
    ],
  },
  {
    test: "pca_test.ts",
    filter: "integers of any size come back",
    faults: [
      fault(
        "carry",
        "scripts/laboratory/coding/range_coder.ts",
        "if (low >= WHOLE) carry();",
        "if (low >= WHOLE) low -= WHOLE;",
      ),
    ],
  },
  {
    test: "save_test.ts",
    filter: "leaves nothing behind and says why",
    faults: [
      fault("half-written", "lib/save.ts", "if (created) await Deno.remove(temporary).catch(() => {});", ""),
    ],
  },
  {
    test: "preprocess_test.ts",
    filter: "gray: a colourless pixel",
    faults: [
      fault(
        "luma",
        "lib/image/raster.ts",
        "587 * pixels[3 * i + 1]! + 114",
        "578 * pixels[3 * i + 1]! + 123",
      ),
    ],
  },
  {
    test: "folder_test.ts",
    filter: "images are sorted by name",
    faults: [
      fault(
        "sorted-by-name",
        "lib/sources/entries.ts",
        "found.files.sort();",
        "found.files.sort().reverse();",
      ),
    ],
  },
  {
    test: "file_names_test.ts",
    filter: "names are told apart",
    faults: [
      fault(
        "names-by-case",
        "scripts/laboratory/file_names.ts",
        "return name.toUpperCase();",
        "return name;",
      ),
    ],
  },
];

const LABORATORY: readonly Guard[] = [
  {
    test: "section_test.ts",
    filter: "a claim holds, else in part",
    faults: [
      fault(
        "levels-of-a-verdict",
        "scripts/laboratory/section/claims.ts",
        'inPart ? "in part" : "fails"',
        'inPart ? "fails" : "in part"',
      ),
    ],
  },
  {
    test: "baselines_test.ts",
    filter: "progress goes on to the last codec",
    faults: [
      fault(
        "last-codec",
        "scripts/laboratory/baselines/measure.ts",
        "options.progress?.({ ...counted, done: names.length });",
        "",
      ),
      fault(
        "time-of-a-codec",
        "scripts/laboratory/baselines/trials.ts",
        "seconds: (encoded - start) / 1000",
        "seconds: (end - start) / 1000",
      ),
    ],
  },
  {
    test: "experiments_test.ts",
    filter: "a program's times are apart",
    faults: [
      fault(
        "time-of-a-program",
        `${MEASURE}/verified.ts`,
        "encodingSeconds: (coded - begun)",
        "encodingSeconds: (decoded - begun)",
      ),
    ],
  },
  {
    test: "experiments_test.ts",
    filter: "/an interval is|effects:|crossings are|a measurement is kept/",
    faults: [
      fault("degrees-of-freedom", `${MEASURE}/interval.ts`, "0) / (n - 1)", "0) / n"),
      fault("effects", `${MEASURE}/effects.ts`, "* bytes(levels), 0) / 4", "* bytes(levels), 0) / 8"),
      fault("crossing", `${MEASURE}/crossings.ts`, "share = a.ratio / (a.ratio - b.ratio)", "share = 0.5"),
      fault("damaged-measurement", `${MEASURE}/keep.ts`, "hash(JSON.stringify(result)) === sha256 && ", ""),
    ],
  },
  {
    test: "workflow_test.ts",
    filter: "in several processes",
    faults: [
      fault("costliest-first", `${MEASURE}/runners.ts`, "b.cost - a.cost", "a.cost - b.cost"),
      fault("all-at-once", `${MEASURE}/runners.ts`, "Math.min(count, waiting.length)", "waiting.length"),
    ],
  },
  {
    test: "destroyed_test.ts",
    filter: "/in random order|bits of an order|entropy of rounded|controls of sound/",
    faults: [
      fault("equal-pieces", "scripts/controls/spans.ts", "sum - factorialBits(n)", "sum"),
      fault("what-is-between", "scripts/controls/spans.ts", "    from = spans[2 * i + 1]!;", ""),
      fault(
        "edge-of-noise",
        "scripts/controls/sound_noise.ts",
        "edge * density / inside / Math.LN2",
        "0",
      ),
    ],
  },
  {
    test: "samples_test.ts",
    filter: "/text and bytes:|tables:|sound:|copies:/",
    faults: [
      fault("bytes-in-two-copies", `${SAMPLES}/copies.ts`, "Math.max(at, end)", "at"),
      fault("header-as-samples", `${SAMPLES}/stretches.ts`, "readWav(all)?.start ?? 0", "0"),
      fault("bad-rows", `${SAMPLES}/go_on.ts`, "row.columns === columns && ", ""),
      fault(
        "values-are-paid-for",
        `${SAMPLES}/code_lengths.ts`,
        "const begin = pays ?",
        "const begin = false ?",
      ),
      fault("columns-so-far", `${SAMPLES}/stretches.ts`, "sum - (columns[c] ?? 0)", "sum"),
    ],
  },
  {
    test: "controls_test.ts",
    filter: "neighbours",
    faults: [
      fault(
        "neighbours-stop",
        `${MEASURE}/neighbours.ts`,
        "paceOf(context, counted,",
        "paceOf({ ...context, signal: undefined } as typeof context, counted,",
      ),
      fault("own-neighbour", `${MEASURE}/neighbours.ts`, "if (i === except || ", "if ("),
    ],
  },
  {
    test: "latency_test.ts",
    filter: "times: one for each case",
    faults: [fault("warming-up", `${MEASURE}/latency.ts`, "for (const { run } of cases) await run();", "")],
  },
  {
    test: "quality_test.ts",
    filter: "/PSNR: a constant|SSIM agrees/",
    faults: [
      fault("decibels", "scripts/laboratory/quality/psnr.ts", "10 * Math.log10", "20 * Math.log10"),
      fault("constants-of-ssim", "scripts/laboratory/quality/ssim.ts", "(0.03 * 255)", "(0.02 * 255)"),
    ],
  },
];

const EXPERIMENTS: readonly Guard[] = [
  {
    test: "language_test.ts",
    filter: "training stops where the validation text says",
    faults: [
      fault(
        "stopping-on-the-test",
        `${LANGUAGE}/train.ts`,
        "validation: await bits(texts.validation)",
        "validation: await bits(texts.test)",
      ),
    ],
  },
  {
    test: "language_test.ts",
    filter: "the language's learning rate",
    faults: [
      fault("rate-of-language", `${LANGUAGE}/train.ts`, "rate: rateAt(t, training)", "rate: training.rate"),
      fault("cosine-of-language", `${LANGUAGE}/train.ts`, "(LOWEST + (1 - LOWEST) * left)", "1"),
    ],
  },
  {
    test: "language_test.ts",
    filter: "a scale of 4 bytes a tensor",
    faults: [
      fault("scales-of-tensors", `${LANGUAGE}/two_part.ts`, "file.length + 4 * scales.length", "file.length"),
    ],
  },
  {
    test: "loop_test.ts",
    filter: "a rank correlation",
    faults: [
      fault(
        "ties",
        `${PROGRAMS}/sampling.ts`,
        "(values.filter((w) => w === v).length - 1) / 2",
        "0",
      ),
    ],
  },
  {
    test: "interpretation_test.ts",
    filter: "weights from elsewhere",
    faults: [
      fault(
        "shift-with-own-weights",
        `${PROGRAMS}/shift.ts`,
        "compress: { prior }",
        "compress: { prior: await modelOf(own.bytes, quiet) }",
      ),
    ],
  },
  {
    test: "outlook_test.ts",
    filter: "a model that saw few images",
    faults: [
      fault(
        "reference-that-has-seen",
        `${PROGRAMS}/generalisation.ts`,
        "order.slice(most, most + reference)",
        "order.slice(0, reference)",
      ),
      fault(
        "generalisation-uncorrected",
        `${PROGRAMS}/generalisation.ts`,
        "gap: excess",
        "gap: rate(unseenBits, unseen) - rate(seenBits, shown)",
      ),
    ],
  },
];

const FILES: readonly Guard[] = [
  {
    test: "jpeg_engine_test.ts",
    filter: "files of many encoders",
    faults: [
      fault(
        "jpeg-zeros-behind-the-last-new-one",
        `${ASSEMBLY}/jpeg/writer.ts`,
        "while (zeros > 15 && k <= end) {",
        "while (zeros > 15) {",
      ),
      fault("jpeg-run-of-blocks", "lib/jpeg/scan.ts", "bits.read(run) - 1;", "bits.read(run);"),
      fault("jpeg-filling", "lib/jpeg/engine.ts", "filled = y < rows ? columns : 0", "filled = columns"),
    ],
  },
  {
    test: "jpeg_engine_test.ts",
    filter: "damaged files come back",
    faults: [
      fault(
        "jpeg-not-compared",
        "lib/jpeg/engine.ts",
        "if (equal(written, file)) return told;",
        "if (written.length === file.length) return told;",
      ),
    ],
  },
  {
    test: "files_test.ts",
    filter: "what goes through the chain",
    faults: [
      fault(
        "empty-files-at-the-end",
        "lib/files/transform.ts",
        "let left = bytes;",
        "let left = Math.min(bytes, files.symbols.length);",
      ),
    ],
  },
  {
    test: "files_test.ts",
    filter: "the law of every codec holds for table",
    faults: [
      fault("quote-within-quotes", `${ASSEMBLY}/table/cell.ts`, "edge = p + 1;", "edge = from;"),
    ],
  },
  {
    test: "files_test.ts",
    filter: "new text is drawn",
    faults: [
      fault(
        "temperature-inverted",
        `${ASSEMBLY}/text/temperature.ts`,
        "divisor = temperature;",
        "divisor = 1 / temperature;",
      ),
      fault(
        "prompt-not-given",
        "lib/program/decode_worker.ts",
        "if (known && from === 0)",
        "if (known && from > 0)",
      ),
    ],
  },
  {
    test: "files_test.ts",
    filter: "a stage says what it is",
    faults: [fault("stage-of-other-data", "lib/pipeline.ts", "stage.on?.(value) ?? stage", "stage")],
  },
  {
    test: "files_test.ts",
    filter: "the first difference",
    faults: [fault("difference-at-0", "lib/files/data.ts", "if (at >= 0) {", "if (at > 0) {")],
  },
  {
    test: "table_engine_test.ts",
    filter: "no table's structure",
    faults: [fault("quote-left-open", "lib/table/csv.ts", "return inside ? -1 : at;", "return at;")],
  },
  {
    test: "table_engine_test.ts",
    filter: "their tree is too deep",
    faults: [fault("values-too-deep", "lib/table/columns.ts", "const DEEPEST = 16;", "const DEEPEST = 99;")],
  },
  {
    test: "text_engine_test.ts",
    filter: "lengths of codes are what they were",
    faults: [
      fault(
        "mixer-always-slow",
        `${ASSEMBLY}/text/mixer.ts`,
        "const speed = lowest + (FIRST_RATE - lowest) * HALFWAY / (HALFWAY + seen);",
        "const speed = lowest + 0 * seen;",
      ),
    ],
  },
  {
    test: "shipped_test.ts",
    filter: "the decoder computes what tfjs computes",
    faults: [
      fault("unused-symbols", `${ASSEMBLY}/shipped/symbol.ts`, "-1e30", "0"),
      fault("pairs-of-a-head", "lib/text/two_part/model.ts", "(i & 1) * depth / 2", "0"),
    ],
  },
  {
    test: "shipped_test.ts",
    filter: "training reaches",
    faults: [
      fault("what-is-given", `${ASSEMBLY}/shipped.ts`, "drawing && at < item + given", "false"),
      fault(
        "next-byte",
        "lib/text/two_part/train.ts",
        "text[(at + t + 1) % text.length]",
        "text[(at + t) % text.length]",
      ),
    ],
  },
];

export const GUARDS: readonly Guard[] = [
  ...FILES,
  ...LABORATORY,
  ...EXPERIMENTS,
  ...LIBRARY,
  ...TRAINING,
  ...DECODER,
];
