// %% [markdown]
// # 2. Core concepts and their connections · 核心概念与联系
//
// The article calls compression the search for a shorter program that generates the data (2.1), names three mechanisms
// that make models compress (2.2), calls compression and generation two sides of one thing (2.3), and draws a chain
// whose new data become data again (2.4). Here each of the four is an experiment.
//
// You will see: every program of a tiny language accounted for, so that for some data the shortest one is *known* and not
// merely hoped for; real programs that give their data back bit for bit; what sharing, hierarchy and attention are worth
// in bytes of real files; what random bits become when a program decodes them; and what is lost when programs learn from
// what programs drew.
//
// 中文：文章第 2 节说压缩就是寻找能生成数据的更短程序（2.1），列出三种压缩机制（2.2），认为压缩与生成相互关联（2.3），
// 并画出“新数据再作为输入”的流程图（2.4）。这里逐一做成实验：穷举一种微型语言的全部程序，从而对一部分数据确知其最短程序；
// 运行真实程序并逐位核对；用真实文件的字节数衡量参数共享、层次化结构和注意力机制；用随机比特解码得到新图像；
// 再让模型一代代从前一代生成的数据中学习，看会失去什么。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about three
// minutes on two cores, `paper` perhaps an hour (estimated, not yet run). The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上约三分钟，`paper` 估计约一小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as enumeration from "experiments/enumeration/mod.ts";
import * as study from "experiments/programs/mod.ts";
import * as rendering from "experiments/scenes/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after. (The results of section
// 2.2 alone come from an earlier run, which takes too long to be repeated here.)
//
// 测量之前先写明每条论断及其成立的标准（只有 2.2 的结果来自先前耗时较长的运行）；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("02_core_concepts", settings, claims["02_core_concepts"]);

// %%
const { context, seed } = section;
const percent = (of: number, to: number) => 100 * (of / to - 1);

// %% [markdown]
// ## 2.1 The concept of compression · 压缩的概念
//
// ### Exactly: all programs of a tiny language · 精确：微型语言的全部程序
//
// The shortest program for some data cannot be computed in general. In a language small enough it nearly can: 16
// opcodes, 4 bits each. A program runs in a circle (after its last opcode comes its first), computes on a stack that never
// runs empty (below its bottom lie ones without end), and prints symbols. No opcode can fail.

// %%
await figures.showTable(
  enumeration.OPCODES.map(([opcode, meaning], code) => ({ code, opcode, meaning })),
  "The tiny language",
);

// %% [markdown]
// For instance `xx*.` prints the squares, for `x` is the place of the next symbol; `o.oo+` goes on adding the last two
// numbers; and the third one prints the smallest divisor above 1 of 2, 3, 4 and so on. Four opcodes are 16 bits.

// %%
for (const text of ["xx*.", "o.oo+", "x1+1+1:1+oo%?."]) {
  const symbols = enumeration.run(enumeration.parsed(text), { count: 12, width: 12, limit: 1000 });
  console.log(`${text.padEnd(16)} ${4 * text.length} bits: ${symbols.join(" ")} …`);
}

// %% [markdown]
// What we look for: sequences of 256 symbols and pictures of 16×16, each with a rule, and noise, which has none. For the
// noise we expect nothing: there are far fewer short programs than sequences.

// %%
const most = section.by({ smoke: 7, quick: 15, paper: 15 });
const targets = [enumeration.sequences(seed), enumeration.patterns(seed)].map((set) => ({
  ...set,
  all: set.all.slice(-most), // noise is the last
}));
const longest = section.by({ smoke: 5, quick: 8, paper: 9 }), limit = 256;
const searches: enumeration.Search[] = [];
for (const set of targets) searches.push(await enumeration.search(set, { longest, limit }, context));

// %% [markdown]
// An opcode is chosen only when the instruction pointer reaches it, so one wrong symbol settles all programs with the
// same beginning, and rows of opcodes that a shorter or earlier row equals are never run. Every program is accounted
// for: the columns sum to 16 to the power of the length. Many can be *proved* never to print again, because they come by
// a state that they have been in. *Undecided* are those that agreed with a target so far and then made 256 instructions
// without printing. No limit tells whether all of them ever will: that is the halting problem.

// %%
const kinds = ["sequences", "pictures"] as const;
await figures.showTable(
  searches.flatMap((search, s) => enumeration.censusRows(kinds[s]!, search)),
  "Census of all programs",
);

// %%
const { byLength } = enumeration;
await figures.show(
  figures.lines({
    title: "Programs by length: all, beginnings that were run, undecided ones",
    series: [
      byLength("programs", searches[0]!, ({ length }) => 16 ** length),
      ...kinds.map((kind, s) => byLength(`run for ${kind}`, searches[s]!, ({ prefixes }) => prefixes)),
      ...kinds.map((kind, s) =>
        byLength(`undecided, ${kind}`, searches[s]!, ({ undecided }) => Number(undecided))
      ),
    ],
    x: { title: "length of the programs (bits)" },
    y: { title: "programs", log: true },
  }),
  "Programs by length",
);

// %%
await figures.show(
  figures.lines({
    title: "Programs settled in a second",
    series: kinds.map((kind, s) =>
      byLength(kind, searches[s]!, ({ length, seconds }) => 16 ** length / seconds)
    ),
    x: { title: "length of the programs (bits)" },
    y: { title: "programs/s", log: true },
  }),
  "Programs a second",
);

// %% [markdown]
// The same targets for gzip, brotli and xz, and for this library's chain, which has to bring its neural decoder along.
// All files are decoded and compared; only our own programs contain their decoder. The tiny programs need an
// interpreter, which is the same for all of them: it is a real module, and its bytes stand beside.

// %%
const interpreter = (await enumeration.interpreterBytes()).length;
const steps = section.by({ smoke: 60, quick: 300, paper: 3000 });
const compared: enumeration.Compared[] = [];
for (const [s, set] of targets.entries()) {
  const descriptions = await enumeration.describe(set, steps, context);
  descriptions.forEach(({ flop }) => section.spend(flop));
  compared.push(...enumeration.compare(set, searches[s]!, descriptions));
}
await figures.showTable(enumeration.shortestRows(compared, longest), "Shortest programs");

// %%
await figures.show(
  figures.dots({
    title: `Description lengths (raw: 2,048 bits; the interpreter alone: ${interpreter} bytes)`,
    x: "length (bits)",
    series: enumeration.DESCRIPTIONS,
    rows: enumeration.descriptionDots(compared, interpreter),
  }),
  "Description lengths",
);

// %% [markdown]
// For a single target the interpreter is by far the larger part: a description always has a constant part. It is paid
// once. All targets for which a program is known together, against one file of all of them:

// %%
const known = compared.filter(({ bits }) => bits);
const sum = (of: (one: enumeration.Compared) => number) => known.reduce((total, one) => total + of(one), 0);
const joined = enumeration.together(known.map(({ target }) => target));
const inOneFile = await lab.measureBaselines(joined, {
  effort: "quick",
  only: ["gzip", "brotli", "xz"],
  ...context,
});
const ours = 8 * interpreter + sum(({ bits }) => bits!);
await figures.showTable([
  { what: `interpreter and ${known.length} programs`, bits: ours },
  ...inOneFile.map(({ codec, bytes }) => ({ what: `${codec}, one file`, bits: 8 * bytes })),
  { what: "the best codec for each, files of their own", bits: sum(({ codec }) => codec) },
], "All targets together");

// %% [markdown]
// The pictures as their programs printed them, run by the interpreter's module. A gray level is a symbol, brightened.

// %%
const checked: boolean[] = [], panels = [];
for (const set of targets) {
  for (const { target, program } of compared.filter(({ target }) => set.all.includes(target))) {
    if (!program) continue;
    const symbols = await enumeration.interpret(program, set);
    checked.push(symbols.every((symbol, i) => symbol === target.symbols[i]));
    if (set.width === set.count) continue; // a sequence
    panels.push({ title: enumeration.written(program), picture: enumeration.brightened(symbols, set) });
  }
}
await figures.showImages(panels, "Pictures by tiny programs", 5);

// %% [markdown]
// How much hangs on the limit? A higher one decides more programs, and never all: some count to 2³² before they print.
// Where a target's length does not change with the limit, that is a sign and no proof.

// %%
const limits = [8, 32, 128, 512, 2048], short = section.by({ smoke: 4, quick: 6, paper: 7 });
const byLimit = await enumeration.searchAtLimits(targets, limits, short, context);
await figures.showTable(byLimit.map((one) => ({ ...one })), "By limit");

// %%
await figures.show(
  figures.lines({
    title: `Programs of up to ${4 * short} bits that are undecided at the limit`,
    series: [{ name: "undecided", x: limits, y: byLimit.map(({ undecided }) => undecided) }],
    x: { title: "limit (instructions without a symbol)", log: true },
    y: { title: "programs", log: true },
  }),
  "Undecided by limit",
);

// %% [markdown]
// ### For real: a set and its program · 真实数据及其程序
//
// Real data are beyond any enumeration. What we have are upper bounds: programs that training finds. The *scenes* show
// how far from the shortest such a bound can be: we know what drew them, 64 bits a picture and a renderer.
// The photos (CIFAR-10 in gray) have no program that anybody knows.

// %%
const count = section.by({ smoke: 24, quick: 300, paper: 333 });
const all = section.use(await mdl.loadDataset("S1", context));
const third = (part: number) => lab.select(all, Array.from({ length: count }, (_, i) => 3 * i + part));
const [data, judging, unseen] = [third(0), third(1), third(2)];
const scenes = section.use(await mdl.loadDataset("scenes", { ...context, seed, take: count }));
const shape = { width: 16, blocks: 1, leastSquares: false };
const training = section.by({
  smoke: [20, 60],
  quick: [30, 100, 300, 1000, 3000],
  paper: [30, 100, 300, 1e3, 3e3, 1e4, 3e4],
});
const program = await study.programAfter(data, shape, training.at(-1)!, context);
const neuralScenes = await study.programAfter(scenes, shape, training.at(-1)!, context);
const renderer = await rendering.rendererProgram(count, seed);
section.spend(program.trained!.flop + neuralScenes.trained!.flop);
await figures.showImages([
  { title: "photos", picture: lab.contactSheet(image.take(data, 24), 8) },
  { title: "scenes", picture: lab.contactSheet(image.take(scenes, 24), 8) },
], "Two sets");

// %%
const verified: Record<string, string | number | boolean>[] = [];
for (
  const [what, set, made] of [
    ["photos, neural program", data, program],
    ["scenes, neural program", scenes, neuralScenes],
    ["scenes, the renderer as a program", scenes, renderer],
  ] as const
) {
  const { sha256 } = await made.verify(set, context), raw = set.symbols.length;
  verified.push({
    what,
    "raw, bytes": raw,
    "program, bytes": made.bytes.length,
    "of raw, %": Number((100 * made.bytes.length / raw).toFixed(1)),
    "SHA-256 of the data": set.sha256.slice(0, 16),
    "of what it printed": sha256.slice(0, 16),
    same: sha256 === set.sha256,
  });
}
await figures.showTable(verified, "Programs of real sets");

// %% [markdown]
// For comparison, codecs that bring no decoder along:

// %%
const codecs: Record<string, string | number>[] = [];
for (const [what, set] of [["photos", data], ["scenes", scenes]] as const) {
  const options = { effort: "quick", only: ["gzip", "xz"], ...context } as const;
  for (const { codec, bytes } of await lab.measureBaselines(set, options)) {
    const share = Number((100 * bytes / set.symbols.length).toFixed(1));
    codecs.push({ set: what, codec, bytes, "of raw, %": share });
  }
}
await figures.showTable(codecs, "Codecs on the same sets");

// %% [markdown]
// ## 2.2 How models compress · 大模型的压缩原理
//
// Sharing, hierarchy and attention, switched on and off in all eight combinations, each trained anew with the same FLOP
// and several seeds; every program was decoded and compared. This takes the better part of an hour, so it is a command of
// its own, `deno task ablate --preset quick` (and with `--sharing` for the kinds of sharing). It ends with the SHA-256 of
// its file of results; files and hashes stand here, and come with the project, whatever the preset of this notebook.

// %%
const ablation = {
  file: "data/results/ablate-quick.json",
  sha256: "650e1e5aa2fc8c44cb3d8bb42693606fb3e37fef6286f10eab7ced46079500e0",
};
const kindsOfSharing = {
  file: "data/results/ablate-sharing-quick.json",
  sha256: "a18ee265efc6565b26728f3df4757321047d72440b111cfdc8712a53e22f4660",
};
const factorial = await article.loadResults<article.FactorialResults>(ablation.file, ablation.sha256);
const sharingResults = await article.loadResults<article.SharingResults>(
  kindsOfSharing.file,
  kindsOfSharing.sha256,
);
const { seeds: ablationSeeds, set: ablated } = factorial, runs = ablationSeeds.length;
console.log(
  `${ablated.name}: ${ablated.images} images, ${ablated.symbols.toLocaleString("en")} bytes raw; preset ` +
    `${factorial.preset}, ${factorial.flop.toExponential(1)} FLOP a program, seeds ${
      ablationSeeds.join(", ")
    }`,
);

// %% [markdown]
// All points first. Expect one large step, sharing: without it each of 1,024 predictors has too little to learn from, and
// all of them together have too many weights to pay for. Programs with and without sharing have axes of their own.

// %%
const everyPoint = {
  series: ablationSeeds.map((one) => `seed ${one}`),
  interval: lab.intervalOf,
  intervalName: `mean, ${lab.intervalName(runs)}`,
};
await figures.show(
  figures.strips({
    title: `${ablated.name}: all programs of the factorial, trained with equal FLOP`,
    panels: article.factorialPanels(factorial.points),
    ...everyPoint,
  }),
  "All points",
);

// %% [markdown]
// An effect is the mean of the four programs with the mechanism less the mean of the four without it; negative saves
// bytes. A waterfall shows the same numbers in one order, and another order would share them out differently.

// %%
await figures.showTable(article.variantRows(factorial.variants, runs), "Combinations");
await figures.showTable(article.effectRows(factorial.effects, runs), "Effects");
await figures.show(
  figures.waterfall({
    title: `${ablated.name}: from raw bytes to the program, switched on in this order`,
    steps: article.factorialSteps(ablated.symbols, factorial.variants),
    references: factorial.jpegXl
      ? [{ label: `JPEG XL ${factorial.jpegXl.bytes.toLocaleString("en")}`, value: factorial.jpegXl.bytes }]
      : [],
  }),
  "Waterfall of the mechanisms",
);

// %% [markdown]
// Sharing has several kinds: across positions, layers, scales, and among the weights' values (a codebook). One at a time:

// %%
await figures.showTable(
  article.sharingRows(sharingResults.cases, sharingResults.seeds.length),
  "Kinds of sharing",
);
await figures.show(
  figures.strips({
    title: `${sharingResults.set.name}: kinds of sharing, trained with equal FLOP`,
    panels: article.sharingPanels(sharingResults.cases),
    ...everyPoint,
  }),
  "Kinds of sharing, all points",
);
console.log(article.narrowestSentence(sharingResults.cases));

// %% [markdown]
// ## 2.3 Compression and generation · 压缩与生成的联系
//
// A program decodes its payload into the data. Give the same program random bits instead, and it draws what its model
// thinks likely. Nothing is added: the decoder *is* the generator.

// %%
const samples = await program.generate(count, seed, context);
await figures.showImages([
  { title: "data", picture: lab.contactSheet(image.take(data, 40), 8) },
  { title: "random bits, decoded", picture: lab.contactSheet(image.take(samples, 40), 8) },
], "Random bits");

// %% [markdown]
// Are they copies? Each sample beside its nearest datum. The model knows textures and edges, not objects, so we expect
// neighbours that look nothing alike.

// %%
const neighbours = await lab.neighboursOf(samples, data, context);
const pairs = neighbours.map(({ index, distance }, i) => ({ index, distance, i }))
  .sort((a, b) => a.distance - b.distance).slice(0, 8);
await figures.showImages(
  pairs.map(({ index, distance, i }) => {
    const symbols = new Uint8Array([
      ...lab.select(samples, [i]).symbols,
      ...lab.select(data, [index]).symbols,
    ]);
    const two = { channels: data.channels, groups: [{ count: 2, height: 32, width: 32 }], symbols };
    return { title: `${distance.toFixed(1)} levels`, picture: lab.contactSheet(two, 2) };
  }),
  "The samples nearest to data, each with its datum",
  4,
);

// %% [markdown]
// Are they as likely as data? A program is no impartial judge of its own samples, so another model decides, the
// *judge*: a wider one, trained for longer on other images (a second third of the set). The last third, which no
// program has seen, says what real images are like.

// %%
const judgeSteps = section.by({ smoke: 60, quick: 10_000, paper: 50_000 });
const judgeProgram = await study.programAfter(judging, { ...shape, width: 32 }, judgeSteps, context);
section.spend(judgeProgram.trained!.flop);
const judgement = { judge: await mdl.modelOf(judgeProgram.bytes, context), data, unseen };
const real = await study.weigh(unseen, judgement, context),
  own = await study.weigh(samples, judgement, context);
await figures.show(
  figures.distributions({
    title: "Bits of an image under the judge's model",
    x: "code length of an image (bits)",
    unit: "bits",
    samples: [
      { name: "samples", values: await mdl.bitsOf(judgement.judge, samples, context) },
      { name: "unseen real images", values: await mdl.bitsOf(judgement.judge, unseen, context) },
    ],
  }),
  "Judged",
);

// %%
await figures.show(
  figures.distributions({
    title: "Distance to the nearest datum",
    x: "root mean square of the differences (levels)",
    unit: "levels",
    samples: [
      { name: "samples", values: own.nearest },
      { name: "unseen real images", values: real.nearest },
    ],
  }),
  "Nearest neighbours",
);

// %% [markdown]
// ### Does a better compressor sample better? · 压缩得更好，生成得也更好吗？
//
// Programs of the same data, trained from hardly at all to long, with several seeds. If compression and generation are one,
// fewer bytes should go with samples that resemble real images more: in how neighbours differ (gradients; 0 bits: alike,
// 1 bit: never alike), in their values (levels), and in the judge's opinion. Means, with 95 % intervals over the seeds.

// %%
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 3, paper: 5 }) }, (_, i) => seed + i);
const sampled = await study.sampleAfter(judgement, { steps: training, seeds, shape }, context);
section.spend(sampled.reduce((sum, { flop }) => sum + flop, 0));
const offBy = ({ weighed }: study.Sampled) => Math.abs(weighed.judged - real.judged);
await figures.showTable(
  study.samplingRows(sampled),
  "Training, bytes and samples",
);

// %%
await figures.show(
  figures.scatter({
    title: "How far the samples' gradients are from those of real images",
    series: study.samplingSeries(sampled, ({ weighed }) => weighed.gradients),
    x: { title: "program (bytes)" },
    y: { title: "divergence (bits)", log: true },
  }),
  "Gradients against bytes",
);
await figures.show(
  figures.scatter({
    title: "What a judge thinks of the samples",
    series: study.samplingSeries(sampled, ({ weighed }) => weighed.judged),
    x: { title: "program (bytes)" },
    y: { title: "median code length (bits/symbol)" },
    references: [{ label: `real, unseen: ${real.judged.toFixed(2)}`, value: real.judged }],
  }),
  "Judge against bytes",
);

// %% [markdown]
// A judge counts bits and not beauty: flat images cost it little, so a hardly trained program that draws flat ones can
// be below the line of the real ones, and a better one above. Look at the samples themselves, the longest trained
// program last.

// %%
await figures.showImages(
  [
    ...sampled.filter((one) => one.seed === seed).map(({ steps, program, samples }) => ({
      title: `${steps} steps, ${program.bytes.length.toLocaleString("en")} B`,
      picture: lab.contactSheet(image.take(samples, 16), 4),
    })),
    { title: "real", picture: lab.contactSheet(image.take(unseen, 16), 4) },
  ],
  "Samples by training",
  3,
);

// %% [markdown]
// ## 2.4 The flow chart · Mermaid 流程图
//
// The article's diagram, drawn from the composed pipeline; dashed stages pass their input on. Its last arrow, new data →
// data, is an experiment: go round.

// %%
const chain = mdl.pipe(
  mdl.preprocess({ gray: true }),
  mdl.features(shape),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ exactly: true }),
  mdl.generate({ count }),
);
await figures.show(figures.flow("The chain of section 2.4", chain), "The chain");
await figures.showMarkdown("```mermaid\n" + mdl.mermaid(chain) + "\n```");

// %% [markdown]
// Generation 0 learns from real images, generation 1 from what generation 0's program drew, and so on; as many images
// each time. The second arm keeps half of the images real. Watch the real, unseen images: what they cost under each
// generation's model is what that generation has forgotten of the world.
//
// Such loops are often said to lose diversity. A program that draws from its exact probabilities has no reason to narrow;
// but its small errors are the next one's data, and add up. Which way diversity goes is what the figures will tell.

// %%
const generations = section.by({ smoke: 1, quick: 5, paper: 12 });
const loopSteps = section.by({ smoke: 60, quick: 1000, paper: 10_000 });
const few = section.by({ smoke: 24, quick: 200, paper: 333 });
const loops: study.Loop[] = [];
for (const [name, real] of [["drawn only", 0], ["half real", 0.5]] as const) {
  const options = { generations, steps: loopSteps, features: shape, real }, passed = [];
  for (const one of seeds) {
    const run = mdl.contextOf(one, { ...context, log: () => {} });
    passed.push(await study.goRound(image.take(data, few), image.take(unseen, few), options, run));
  }
  section.spend(passed.flat().reduce((sum, { flop }) => sum + flop, 0));
  loops.push({ name, passed });
}

// %%
await figures.showTable(loops.flatMap(study.loopRows), "The loop");
console.log(`means, and 95 % intervals over ${seeds.length} seeds`);
for (const loop of loops) {
  await figures.show(
    figures.lines({
      title: `The loop, ${loop.name}: mean over ${seeds.length} seeds, against generation 0`,
      series: study.loopSeries(loop),
      x: { title: "generation" },
      y: { title: "change (%)" },
    }),
    `The loop, ${loop.name}`,
  );
}

// %% [markdown]
// The last generation against the first one, every seed. Bits of unseen real images are what counts: they are the price
// of describing the world with a model that has not seen it for generations.

// %%
await figures.show(
  figures.strips({
    title: `Change from generation 0 to generation ${generations}`,
    panels: study.changePanels(loops),
    series: seeds.map((one) => `seed ${one}`),
    interval: lab.intervalOf,
    intervalName: `mean, ${lab.intervalName(seeds.length)}`,
  }),
  "Change over the loop",
);

// %%
for (const { name, passed } of loops) {
  await figures.showImages(
    passed[0]!.map(({ number, set }) => ({
      title: number ? `generation ${number}` : "real",
      picture: lab.contactSheet(lab.select(set, lab.spread(set, 16)), 4),
    })),
    `What each generation learnt from, ${name}`,
    3,
  );
}

// %% [markdown]
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured.

// %%
const printed = checked.filter((same) => same).length, sets = verified.filter(({ same }) => same).length;
section.judge("whole", {
  verdict: lab.verdictOf(printed === checked.length && sets === 3),
  measured:
    `${printed} of ${checked.length} tiny programs and ${sets} of 3 programs of real sets gave their data back`,
  numbers: { "tiny programs": printed, sets },
});
const ruled = compared.filter(({ target }) => target.name !== "noise");
const shorter = ruled.filter(({ found, bits, codec }) => found.program && bits! < codec).length;
const certain = ruled.filter(({ found }) => found.program && !found.undecided).length;
const noise = compared.filter(({ target, found }) => target.name === "noise" && found.program).length;
section.judge("shorterExists", {
  verdict: lab.verdictOf(
    noise === 0 && shorter >= 0.75 * ruled.length,
    noise === 0 && shorter >= ruled.length / 2,
  ),
  measured: `found for ${shorter} of ${ruled.length} targets with a rule within ${4 * longest} bits, ` +
    `${certain} of them proved to be the shortest; for noise ${noise}; the interpreter and ${known.length} known ` +
    `programs: ${ours.toLocaleString("en")} bits`,
  numbers: { shorter, certain, noise, targets: ruled.length, "all together, bits": ours },
});

// %%
for (const mechanism of ["sharing", "hierarchy", "attention"] as const) {
  const { effect } = factorial.effects.find(({ mechanisms }) => mechanisms.join() === mechanism)!;
  const saves = effect.half !== null && effect.mean + effect.half < 0;
  section.judge(mechanism, {
    verdict: lab.verdictOf(saves, effect.mean < 0),
    measured:
      `main effect ${effect.mean > 0 ? "+" : "−"}${
        Math.round(Math.abs(effect.mean)).toLocaleString("en")
      } ± ` +
      `${Math.round(effect.half ?? 0).toLocaleString("en")} B of ${ablated.symbols.toLocaleString("en")} raw`,
    numbers: { effect },
  });
}
const closest = Math.min(...own.nearest) / Math.min(...real.nearest), off = percent(own.judged, real.judged);
section.judge("generates", {
  verdict: lab.verdictOf(closest >= 0.5 && Math.abs(off) <= 10, closest >= 0.5 && Math.abs(off) <= 25),
  measured:
    `the nearest sample is ${
      closest.toFixed(2)
    } times as far from its datum as the nearest unseen real image; ` +
    `judged ${off > 0 ? "+" : ""}${off.toFixed(1)} % bits against real images`,
  numbers: { closest, "judged, %": off },
});

// %%
const sizes = sampled.map(({ program }) => program.bytes.length);
const byGradients = study.rankCorrelation(sizes, sampled.map(({ weighed }) => weighed.gradients));
const byJudge = study.rankCorrelation(sizes, sampled.map(offBy));
section.judge("better", {
  verdict: lab.verdictOf(Math.min(byGradients, byJudge) >= 0.8, Math.max(byGradients, byJudge) >= 0.8),
  measured:
    `rank correlation with bytes over ${sampled.length} programs: ${byGradients.toFixed(3)} by gradients, ` +
    `${byJudge.toFixed(3)} by the judge`,
  numbers: { gradients: byGradients, judge: byJudge },
});
const [drawnOnly, halfReal] = loops.map((loop) => ({
  bits: lab.intervalOf(study.changeOf(loop, ({ unseen }) => unseen)),
  diversity: lab.intervalOf(study.changeOf(loop, ({ deviation }) => deviation)),
}));
const kept = ({ bits, diversity }: { readonly bits: lab.Interval; readonly diversity: lab.Interval }) =>
  bits.mean + bits.half! <= 2 && Math.abs(diversity.mean) + diversity.half! < 10;
const said = ({ mean, half }: lab.Interval) =>
  `${mean > 0 ? "+" : ""}${mean.toFixed(1)} ± ${half!.toFixed(1)} %`;

// %%
section.judge("loop", {
  verdict: lab.verdictOf(kept(drawnOnly!), kept(halfReal!)),
  measured: `after ${generations} generations real images cost ${said(drawnOnly!.bits)}, diversity ` +
    `${said(drawnOnly!.diversity)}; with half of the images real ${said(halfReal!.bits)} and ${
      said(halfReal!.diversity)
    }`,
  numbers: {
    "bits, %": drawnOnly!.bits,
    "diversity, %": drawnOnly!.diversity,
    "bits, half real, %": halfReal!.bits,
    "diversity, half real, %": halfReal!.diversity,
  },
});
await section.keep(program, "S1, neural program");
await section.keep(neuralScenes, "scenes, neural program");
await section.keep(renderer, "scenes, the renderer");
await section.close();
