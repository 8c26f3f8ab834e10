// %% [markdown]
// # 3. Algorithm · 核心算法原理与具体操作步骤
//
// The article gives six steps (3.1), each with a few lines of code (3.2), and lists what speaks for the method and
// against it (3.3). One of the six has more than a name: a dense network 128-64-32-16 that is to extract features. Here
// the steps run on real pictures and end in a program that regenerates them; the dense network is run as written, and
// then as what the text around it must mean; and every advantage and drawback becomes a number.
//
// You will see: what each step takes and gives, the error that the code as written ends in, what the last layer's
// weights do and do not say, pictures rebuilt from 16 numbers each and their honest price in bytes, maps of what a
// compressing program looks at, and what its bytes cost in computing.
//
// 中文：本节在真实图片上运行文章第 3 节的六个步骤，得到能逐位还原数据的程序；3.2 的全连接网络（128-64-32-16）先按原样运行，展示真实
// 出现的错误，再按文字的本意（自编码器）运行，每张图像只用 16 个数，并如实计算字节；3.3 的每条优点与缺点都变成可测量的数字：
// 速度、每个像素的比特图与注意力图、在未见图像上的表现、计算成本、换一类数据后的代价。判定标准在测量之前写明。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about three
// minutes on two cores, `paper` perhaps half an hour (estimated, not yet run). The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上约三分钟，`paper` 估计约半小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as nets from "experiments/networks/mod.ts";
import * as reduction from "experiments/pca/mod.ts";
import * as study from "experiments/programs/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after.
//
// 测量之前先写明每条论断及其成立的标准；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("03_algorithm", settings, claims["03_algorithm"]);

// %%
const { context, seed } = section;
const percent = (part: number, whole: number) => Number((100 * part / whole).toFixed(2));
const grouped = (n: number) => Math.round(n).toLocaleString("en");

// %% [markdown]
// ## 3.1 The six steps · 算法原理概述
//
// Colour photos of 128×128 go in. Every stage of the library is one of the article's steps, and all are switched on,
// also those that may cost more than they bring ([section 2.2](02_core_concepts.ipynb) measures which). The diagram is
// drawn from the composition itself.

// %%
const source = section.use(
  await mdl.loadDataset("photos", { ...context, take: section.by({ smoke: 20, quick: 200, paper: 1000 }) }),
);
const gray32 = { gray: true, size: { width: 32, height: 32 } };
const chain = mdl.pipe(
  mdl.preprocess(gray32),
  mdl.features({ blocks: 2, width: 32 }),
  mdl.sharing({ layers: true }),
  mdl.hierarchy({ order: "pyramid" }),
  mdl.attention({ over: "patches" }),
  mdl.compress({
    steps: section.by({ smoke: 300, quick: 3000, paper: 100_000 }),
    exactly: true,
    preprocess: gray32,
  }),
);
await figures.showMarkdown("```mermaid\n" + mdl.mermaid(chain) + "\n```");

// %% [markdown]
// What each step takes and gives, from this run. Only the first throws anything away; the second to fifth change the
// model that will predict each pixel; the last trains it, codes the pixels with it, and makes a program.

// %%
const { output: program, passages } = await chain.run(source, { ...context, log: () => {} });
section.spend(program.trained!.flop);
const plans = passages.slice(1, 5).map(({ output }) => output as mdl.Plan);
const X = plans[0]!.dataset, specs = plans.map(({ spec }) => spec);
const modelRow = (spec: image.ModelSpec) =>
  `${image.featureCount(spec, 1)} inputs a pixel, ${grouped(image.parameterCount(spec, 1))} parameters, ` +
  `${spec.scales} scale${spec.scales > 1 ? "s" : ""}`;
const given = [
  `${X.names.length} × 32×32 gray: ${grouped(X.symbols.length)} B`,
  ...specs.map(modelRow),
  `a program of ${grouped(program.bytes.length)} B`,
];
await figures.showTable(
  passages.map(({ stage }, i) => ({
    step: `${i + 1} ${stage.name} ${stage.title}`,
    takes: i ? given[i - 1] : `${source.names.length} × 128×128×3: ${grouped(source.symbols.length)} B`,
    gives: given[i],
    "what it does": stage.summary,
  })),
  "Six steps",
);

// %% [markdown]
// The result is more than a number: it runs, and the pixels that it prints are compared with those that went in. Its
// payload lies in scales, the coarsest first: the hierarchy can be read off the file.

// %%
const verified = await program.verify(X, context);
const changes = [
  X.symbols.length < source.symbols.length,
  image.featureCount(specs[0]!, 1) > 1,
  image.parameterCount(specs[1]!, 1) < image.parameterCount(specs[0]!, 1),
  specs[2]!.scales > specs[1]!.scales,
  image.featureCount(specs[3]!, 1) > image.featureCount(specs[2]!, 1),
  program.bytes.length < X.symbols.length,
];
await figures.showTable(
  program.ledger.entries.map(({ name, bytes }) => ({
    entry: name,
    bytes,
    "share, %": percent(bytes, program.bytes.length),
  })),
  "Ledger of the six steps",
);
console.log(`verified: ${grouped(verified.symbols)} symbols identical`);

// %% [markdown]
// ## 3.2 The steps in detail: the dense extractor as written · 算法步骤详解：特征提取按原样运行
//
// From here on the data are pictures of 32×32 in gray (S1: the first test images of CIFAR-10). The article builds
// Dense 128, 64, 32, 16 (relu), compiles with Adam and the mean squared error, and calls `fit(data, epochs=10)`: there is
// no target to compare the 16 outputs with. Expect an error, in Keras as in tfjs. The data as their own target do not
// fit either: 16 numbers are not 1024.

// %%
const count = section.by({ smoke: 60, quick: 1000, paper: 1000 }),
  size = section.by({ smoke: 20, quick: 300, paper: 1000 });
const cifar = await mdl.loadDataset("cifar10", { ...context, first: "test", take: count + size });
const pictures = mdl.transform(cifar, { gray: true });
const S1 = section.use({ ...image.take(pictures, count), name: "S1" });
const unseen = lab.select(pictures, Array.from({ length: size }, (_, i) => count + i));
const said = await nets.fitAsWritten(S1, seed);
await figures.showTable([
  { call: "fit(data, epochs=10)", "what tfjs says": said.withoutTarget },
  { call: "fit(data, data, epochs=10)", "what tfjs says": said.dataAsTarget },
], "As written");

// %% [markdown]
// ### What the text means · 自编码器
//
// Features that keep what matters are those from which the pictures can be rebuilt. So the four layers get a mirrored
// decoder (32-64-128-1024, sigmoid) and the pictures as target; everything else stays: Adam, MSE, 10 epochs. Expect the
// error to fall fast and to stall: a longer training stands beside it.

// %%
const train = async (set: image.Dataset, epochs: number, seed: number) => {
  const trained = await nets.trainDense(set, epochs, { ...context, seed });
  section.spend(trained.flop);
  return trained;
};
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 4, paper: 8 }) }, (_, i) => seed + i);
const tens: nets.DenseTrained[] = [];
for (const one of seeds) tens.push(await train(S1, nets.ARTICLE_EPOCHS, one));
const longEpochs = section.by({ smoke: 20, quick: 50, paper: 1000 });
const long = await train(S1, longEpochs, seed);
await figures.show(
  figures.lines({
    title: "Error of the autoencoder",
    series: [tens[0]!, long].map(({ curve }) => ({
      name: `${curve.length} epochs`,
      x: curve.map(({ epoch }) => epoch),
      y: curve.map(({ error }) => error),
    })),
    x: { title: "epoch" },
    y: { title: "mean squared error (gray values 0 to 1)" },
  }),
  "Error of the autoencoder",
);

// %% [markdown]
// ### Reading one: `get_weights()` of the last layer · 最后一层的权重
//
// The code returns the last layer's weights: a kernel of 32×16 and 16 biases. They are one and the same for all
// pictures. Here they are, and what share of the network's parameters they make up.

// %%
const last = (trained: nets.DenseTrained, when: "layers" | "initial" = "layers") =>
  trained[when][nets.DENSE.length - 1]!;
const { kernel, bias } = last(tens[0]!), returned = kernel.length + bias.length;
const extractor = nets.denseParameters([1024, ...nets.DENSE]);
await figures.show(
  figures.heatmap({
    title: "What the article's function returns: the last layer's kernel",
    values: kernel,
    height: 32,
    width: 16,
    unit: "weight",
    rows: "input of the layer",
    columns: "output of the layer",
  }),
  "Last layer",
);
console.log(`${returned} of ${grouped(extractor)} parameters: ${percent(returned, extractor)} %`);

// %% [markdown]
// Are they features of the data? If so, the same pictures should give the same weights from any seed, and clothes
// others than animals and cars. We train on clothes, too, and correlate the kernels. Expect the opposite: the weights
// remember where they began better than what they saw. (Units have no fixed order, which alone makes seeds differ; but
// what depends on how the units were shuffled is no feature of a picture.)

// %%
const clothes = section.use(
  mdl.transform(await mdl.loadDataset("S3", { ...context, take: S1.names.length }), {
    size: { width: 32, height: 32 },
  }),
);
const onClothes = await train(clothes, nets.ARTICLE_EPOCHS, seed);
const alike = (a: nets.DenseTrained, b: nets.DenseTrained) =>
  study.correlation(last(a).kernel, last(b).kernel);
const otherSeeds = lab.intervalOf(tens.slice(1).map((other) => Math.abs(alike(tens[0]!, other))));
const otherImages = alike(tens[0]!, onClothes);
const sinceStart = study.correlation(last(tens[0]!).kernel, last(tens[0]!, "initial").kernel);
await figures.showTable([
  {
    "kernel trained on S1, beside": "the same images, other seeds (mean |r|)",
    correlation: otherSeeds.mean.toFixed(3),
  },
  {
    "kernel trained on S1, beside": "other images (clothes), same seed",
    correlation: otherImages.toFixed(3),
  },
  { "kernel trained on S1, beside": "its own values before training", correlation: sinceStart.toFixed(3) },
], "Are the weights features");

// %% [markdown]
// Without more to go by, a decoder that knows these numbers alone can only print one picture for all; the best one is
// the mean of all pictures. It stands below as “one for all”.
//
// ### Reading two: the activations · 激活值
//
// The features of a picture are what the last layer *gives* for it: 16 numbers. But relu lets some of them die: a unit
// that is 0 for every picture says nothing. How many are left, seed by seed?

// %%
const dead = tens.map(({ features }) => nets.deadFeatures(features).length);
await figures.showTable(
  tens.map((trained, i) => ({
    seed: trained.seed,
    "outputs that are always 0": dead[i],
    "of 16, alive": nets.FEATURES - dead[i]!,
    "MSE, last epoch": trained.curve.at(-1)!.error.toFixed(4),
  })),
  "Dead features",
);

// %% [markdown]
// ### 16 numbers an image, in a real file · 真实字节
//
// A receiver needs the decoder half of the network as well as the numbers. Both go to 8 bits, then brotli; the file is
// read again, and the pictures below come out of it. Expect the decoder to be by far the larger part, and a JPEG of the
// same length (one sheet of all pictures) to look much better.

// %%
const fileOf = (trained: nets.DenseTrained) => {
  const file = nets.encodeDense(S1, trained), decoded = nets.decodeDense(file, S1);
  return { bytes: file.length, decoded, ...lab.qualityOf(S1, decoded) };
};
const files = [fileOf(tens[0]!), fileOf(long)] as const;
const sums = new Float64Array(1024);
S1.symbols.forEach((v, i) => sums[i % 1024]! += v);
const mean = sums.map((sum) => Math.round(sum / S1.names.length));
const oneForAll = { ...S1, symbols: S1.symbols.map((_, i) => mean[i % 1024]!) };
const jpeg = await lab.atBytes(S1, "JPEG", files[1].bytes, context);
const lossy = [
  {
    what: "one for all (the mean picture)",
    bytes: 1024,
    decoded: oneForAll,
    ...lab.qualityOf(S1, oneForAll),
  },
  { what: "16 numbers, 10 epochs", ...files[0] },
  { what: `16 numbers, ${longEpochs} epochs`, ...files[1] },
  ...(jpeg ? [{ what: `JPEG, quality ${jpeg.quality}`, ...jpeg, ...lab.qualityOf(S1, jpeg.decoded) }] : []),
];

// %%
await figures.showImages(
  [{ what: "original", decoded: S1 }, ...lossy].map(({ what, decoded }) => ({
    title: what,
    picture: lab.contactSheet(image.take(decoded as image.Dataset, 32), 8),
  })),
  "Rebuilt from 16 numbers",
  2,
);
await figures.showTable(
  lossy.map(({ what, bytes, psnr, ssim }) => ({
    what,
    bytes,
    "bytes an image": Number((bytes / S1.names.length).toFixed(1)),
    "PSNR, dB": psnr.toFixed(2),
    SSIM: ssim.toFixed(3),
  })),
  "Lossy codings",
);

// %% [markdown]
// And without loss? What the 16 numbers miss is coded as a picture of its own, by JPEG XL. If they had taken the
// regularities out, that remainder would be cheap. Beside it, JPEG XL on the originals, and a program of ours.

// %%
const residual = reduction.residualOf(S1, files[1].decoded);
const jpegXl = async (set: image.Dataset) =>
  (await lab.measureBaselines(set, { ...context, effort: "quick", only: ["JPEG XL"] }))[0]!;
const [plainXl, residualXl] = [await jpegXl(S1), await jpegXl(residual)];
const restored = reduction.withResidual(files[1].decoded, residual).every((v, i) => v === S1.symbols[i]);
const steps = section.by({ smoke: 300, quick: 6000, paper: 100_000 });
const build = async (seed: number) => {
  const stages = mdl.pipe(
    mdl.features(),
    mdl.sharing(),
    mdl.attention({ over: "patches" }),
    mdl.compress({ steps, exactly: true }),
  );
  const { output } = await stages.run(S1, { ...mdl.contextOf(seed, context), log: () => {} });
  section.spend(output.trained!.flop);
  await output.verify(S1, context);
  return output;
};

// %%
const ours = await build(seed), withFeatures = files[1].bytes + residualXl.bytes;
await figures.show(
  figures.sizeBars({
    title: `${S1.names.length} pictures without loss`,
    sizes: [
      { label: "MDLab program", bytes: ours.bytes.length, ours: true },
      { label: "16 numbers + remainder", bytes: withFeatures },
      { label: "JPEG XL", bytes: plainXl.bytes },
    ],
    references: [{ label: "raw", value: S1.symbols.length }],
  }),
  "Without loss",
);
console.log(`pictures rebuilt + remainder = originals: ${restored}`);

// %% [markdown]
// ## 3.3 Advantages · 算法优缺点：优点
//
// ### Efficient? · 高效性
//
// By compression, says the article, a model processes large data faster. What compresses the model is sharing: one network
// for all positions in place of one for each. Both have the same shape and do the same FLOP for a pixel; only memory
// differs. We train both with equal FLOP and decode both programs in turns. (Compressed *data* are not faster to use: raw
// pixels need no decoding at all. What is saved there is space.)

// %%
const speedSide = section.by({ smoke: 16, quick: 32, paper: 32 });
const speedSet = mdl.transform(image.take(S1, section.by({ smoke: 20, quick: 500, paper: 1000 })), {
  size: { width: speedSide, height: speedSide },
});
const speeds = await study.compareSpeed(
  speedSet,
  section.by({ smoke: 1e8, quick: 3e9, paper: 1e11 }),
  section.by({ smoke: 2, quick: 5, paper: 9 }),
  context,
);
speeds.forEach(({ trainingFlop }) => section.spend(trainingFlop));
const [sharedSpeed, unsharedSpeed] = speeds;
await figures.showTable(
  speeds.map((speed) => ({
    predictor: speed.name,
    parameters: speed.parameters,
    "FLOP a pixel": speed.flop,
    "training, s": speed.trainingSeconds.toFixed(2),
    "decoding, s (median)": study.decodingSeconds(speed).toFixed(3),
    "program, bytes": speed.bytes,
  })),
  "Speed",
);

// %% [markdown]
// ### Interpretable? · 可解释性
//
// First the map that any compressor gives for free: what each pixel of a picture costs. Expect edges and texture to be
// dear and smooth places cheap: one can see what the model did not foresee.

// %%
const model = await mdl.modelOf(ours.bytes, context);
const encoder = await image.openEncoder(model.spec, 1, S1.groups, model.weights, model.steps);
const shown = [...image.images(S1)][section.by({ smoke: 5, quick: 87, paper: 87 })]!;
const costs = Float64Array.from(encoder.encodeScale(shown.pixels, 32, 32, 0), (p) => -Math.log2(p));
await figures.show(
  figures.heatmap({
    title: "What the pixels of one picture cost",
    values: costs,
    height: 32,
    width: 32,
    unit: "bits",
  }),
  "Bits of each pixel",
);

// %% [markdown]
// Next, where attention looks before it predicts a pixel: at earlier places whose surroundings resemble the pixel's. The
// pixel is white, and the brighter a place, the more it counts. Expect edges to look along edges, and smooth places
// everywhere.

// %%
const contexts = study.attentionContexts(shown);
const asked = [[10, 12], [16, 20], [24, 9], [28, 22]] as const;
const pictureOf = (y: number, x: number) => {
  const { shares } = study.attentionAt(shown, contexts, y, x), most = Math.max(...shares);
  const pixels = Uint8Array.from(shares, (share) => 230 * share / most);
  pixels[y * 32 + x] = 255;
  return { height: 32, width: 32, channels: 1 as const, pixels };
};
await figures.showImages(
  [
    { title: "the picture", picture: { ...shown, channels: 1 } },
    ...asked.map(([y, x]) => ({ title: `row ${y}, column ${x}`, picture: pictureOf(y, x) })),
  ],
  "Where attention looks",
  3,
);

// %%
const places = study.meanAttendedPlaces(image.take(S1, 30)), REACHED = study.PLACES_IN_REACH;
console.log(
  `attention is as good as evenly spread over ${places.toFixed(1)} of ${REACHED} places in reach, on average`,
);

// %% [markdown]
// Last, what the whole program looks at: each neighbour of a pixel is changed by a few gray values, and the prediction
// moves by so many bits. A second program, trained from another seed, is asked the same. If the map is knowledge about
// pictures and not an accident of training, both agree.

// %%
const twin = await mdl.modelOf((await build(seed + 1)).bytes, context);
const pixels = section.by({ smoke: 16, quick: 128, paper: 2000 });
const influence = await study.influenceOf(model, S1, pixels, context);
const twinInfluence = await study.influenceOf(twin, S1, pixels, context);
const reachable = influence.bits.length - (influence.width + 1) / 2; // the pixel itself and those behind it are not
const agreement = study.correlation(
    influence.bits.slice(0, reachable),
    twinInfluence.bits.slice(0, reachable),
  ),
  adjacent = study.adjacentShare(influence);
await figures.show(
  figures.heatmap({
    title: "How much the prediction of a pixel (0, 0) moves with each neighbour",
    values: influence.bits,
    height: influence.height,
    width: influence.width,
    unit: "bits",
    rows: "row",
    columns: "column",
    first: [1 - influence.height, -(influence.width - 1) / 2] as const,
  }),
  "Influence of neighbours",
);

// %%
console.log(
  `two seeds agree: r = ${agreement.toFixed(4)}; the four adjacent ones have ${percent(adjacent, 1)} % of it`,
);

// %% [markdown]
// ### General? · 泛化能力
//
// A predictor trained on few pictures meets pictures that it has not seen. Of two halves each is seen by one training
// and unseen by the other, so that it does not matter which half is harder. Code lengths under the model stand for bytes
// here (estimates: the weights are not counted). First against the number of parameters, all trained for equally many
// steps: expect a gap that grows with the width.

// %%
const half = section.by({ smoke: 20, quick: 100, paper: 100 });
const halves = [
  image.take(S1, half),
  lab.select(S1, Array.from({ length: half }, (_, i) => half + i)),
] as const;
const gapOf = async (variant: article.Variant, length: study.TrainingLength, seed: number) => {
  const gap = await study.measureGap(halves, variant, length, mdl.contextOf(seed, context));
  section.spend(gap.flop);
  return gap;
};
const gapFlop = section.by({ smoke: 1e8, quick: 5e9, paper: 5e10 });
const base = article.sharedVariant(gapFlop), gapSteps = section.by({ smoke: 10, quick: 1000, paper: 5000 });
const widths: study.Gap[] = [];

// %%
for (const width of [4, 12, 40, 128]) {
  widths.push(await gapOf({ ...base, features: { width } }, { steps: gapSteps }, seed));
}
await figures.show(
  figures.lines({
    title: `Trained on ${half} pictures: what seen and unseen ones cost`,
    series: (["seen", "unseen"] as const).map((which) => ({
      name: which,
      x: widths.map(({ parameters }) => parameters),
      y: widths.map((gap) => gap[which]),
    })),
    x: { title: "parameters", log: true },
    y: { title: "code length (bits/pixel, estimated)" },
  }),
  "Gap against parameters",
);

// %% [markdown]
// Then the article's two reasons, one at a time, with equal FLOP: without sharing (a predictor for each position, at its
// best width), with sharing, and with attention added.

// %%
const variants = {
  "not shared": article.unsharedVariant(S1),
  "shared": base,
  "shared + attention": { ...base, attention: { over: "patches" as const } },
};
const gapSeeds = seeds.slice(0, section.by({ smoke: 1, quick: 3, paper: 5 }));
const gaps: { name: string; seed: number; gap: study.Gap }[] = [];
for (const one of gapSeeds) {
  for (const [name, variant] of Object.entries(variants)) {
    gaps.push({ name, seed: one, gap: await gapOf(variant, { flop: gapFlop }, one) });
  }
}
await figures.showTable(
  gaps.map(({ name, seed, gap }) => ({
    predictor: name,
    seed,
    parameters: gap.parameters,
    "seen, bits/pixel": gap.seen.toFixed(4),
    "unseen, bits/pixel": gap.unseen.toFixed(4),
    gap: (gap.unseen - gap.seen).toFixed(4),
  })),
  "Gap with and without sharing and attention",
);

// %% [markdown]
// ## 3.3 Drawbacks · 算法优缺点：缺点
//
// ### Costly? · 计算成本
//
// Programs of the same pictures, trained with more and more FLOP, against JPEG XL: its bytes are the dashed line, and
// its seconds (those of its best setting alone) a row of the table. Each program gets ten times the FLOP of the one before.

// %%
const budgets = section.by({ smoke: [1e8, 1e9], quick: [1e9, 1e10, 1e11], paper: [1e9, 1e10, 1e11, 1e12] });
const spent = await study.measureCosts(S1, budgets, context);
spent.forEach(({ flop }) => section.spend(flop));
await figures.show(
  figures.lines({
    title: "What bytes cost in training",
    series: [{ name: "program", x: spent.map(({ flop }) => flop / 1e9), y: spent.map(({ bytes }) => bytes) }],
    x: { title: "training (GFLOP)", log: true },
    y: { title: "program (bytes)" },
    references: [{ label: "JPEG XL", value: plainXl.bytes }],
  }),
  "Bytes against FLOP",
);

// %%
await figures.showTable([
  ...spent.map(({ flop, bytes, encodingSeconds, decodingSeconds }) => ({
    coding: "program",
    "training FLOP": flop.toExponential(1),
    "encoding, s": encodingSeconds.toFixed(2),
    "decoding, s": decodingSeconds.toFixed(2),
    bytes,
    "saved against JPEG XL, bytes": plainXl.bytes - bytes,
  })),
  {
    coding: `JPEG XL ${plainXl.effort}`,
    "encoding, s": plainXl.seconds.toFixed(2),
    "decoding, s": plainXl.decodeSeconds.toFixed(2),
    bytes: plainXl.bytes,
    "saved against JPEG XL, bytes": 0,
  },
], "Cost");

// %% [markdown]
// ### Hard to interpret? · 可解释性仍有困难
//
// The maps of influence above compare what two programs do. Are their insides alike, too? For every hidden unit of one
// program we look for the likest unit of the other. If units meant something, they would be found again.

// %%
const found = study.counterparts(model, twin), again = found.filter((cosine) => cosine >= 0.9).length;
await figures.show(
  figures.lines({
    title: "How like its likest counterpart under another seed each hidden unit is",
    series: [{ name: "units", x: Array.from(found, (_, i) => i + 1), y: [...found].sort((a, b) => b - a) }],
    x: { title: "hidden unit, the likest first" },
    y: { title: "|cosine| of the input weights" },
    references: [{ label: "a counterpart", value: 0.9 }],
  }),
  "Counterparts",
);

// %% [markdown]
// ### Dependent on the data? · 数据依赖性
//
// The weights of a program for S1 on pictures of other kinds, against the program that such a set gets when it trains its
// own, with equal FLOP: both are files, decoded and compared. Expect unseen pictures of S1's own kind to cost about the
// same, and other kinds more, the more they differ from it.

// %%
const named = (name: string, set: image.Dataset) => section.use({ ...image.take(set, size), name });
const emoji = await mdl.loadDataset("emoji", { ...context, take: size });
const { sets: shifts, flop: shiftFlop } = await study.measureShift(
  image.take(S1, size),
  [
    named("unseen, same kind", unseen),
    named("photos", mdl.transform(source, gray32)),
    named("emoji", mdl.transform(emoji, gray32)),
    named("clothes", clothes),
  ],
  section.by({ smoke: 1e8, quick: 1e10, paper: 1e11 }),
  context,
);
section.spend(shiftFlop);
const worse = shifts.map(({ own, other }) => 100 * (other / own - 1));
await figures.showTable(
  shifts.map(({ name, symbols, own, other }, i) => ({
    pictures: name,
    "own weights, bytes": own,
    "S1's weights, bytes": other,
    "longer, %": worse[i]!.toFixed(1),
    "own weights, bits/pixel": (8 * own / symbols).toFixed(3),
  })),
  "Weights on other data",
);

// %% [markdown]
// And the controls: noise, and the same pixels in random order, hold no regularity but how often each value comes. No
// honest compressor gets below that.

// %%
const controls: { name: string; bytes: number; bound: number; symbols: number }[] = [];
const noise = await mdl.loadDataset("noise", { ...context, take: size, seed });
for (const set of [noise, lab.shufflePixels(image.take(S1, size), seed)]) {
  const { name, symbols } = section.use(set), bits = name === "noise" ? 8 : lab.marginalEntropy(set);
  const { bytes, flop } = await study.measureControl(
    set,
    section.by({ smoke: 300, quick: 600, paper: 6000 }),
    context,
  );
  section.spend(flop);
  controls.push({ name, bytes, bound: bits * symbols.length / 8, symbols: symbols.length });
}

// %%
await figures.show(
  figures.rateBars({
    title: "Kinds of pictures, and what must not compress",
    rates: [
      ...shifts.flatMap(({ name, own, other, symbols }) => [
        { group: name, label: "own weights", rate: 8 * own / symbols, kind: "ours" as const },
        { group: name, label: "S1's weights", rate: 8 * other / symbols, kind: "other" as const },
      ]),
      ...controls.flatMap(({ name, bytes, bound, symbols }) => [
        { group: name, label: "entropy of its values", rate: 8 * bound / symbols, kind: "bound" as const },
        { group: name, label: "own program", rate: 8 * bytes / symbols, kind: "ours" as const },
      ]),
    ],
    references: [{ label: "raw", value: 8 }],
  }),
  "Kinds of data",
);

// %% [markdown]
// ## 3.4 Fields of application · 算法应用领域
//
// Vision, language and recommendation, which this subsection lists, are the subject of section 6.
//
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured.

// %%
const changed = changes.filter(Boolean).length;
section.judge("steps", {
  verdict: lab.verdictOf(changed === 6 && verified.symbols === X.symbols.length),
  measured: `${changed} of 6 steps change what they say; ${grouped(verified.symbols)} symbols regenerated`,
  numbers: { "steps that change": changed, program: program.bytes.length },
});
section.judge("asWritten", {
  verdict: lab.verdictOf(said.withoutTarget === "no error", said.dataAsTarget === "no error"),
  measured: `fit without a target: ${said.withoutTarget}; with the data as target: ${said.dataAsTarget}`,
  numbers: { "calls that train": Object.values(said).filter((text) => text === "no error").length },
});
section.judge("weightsAreFeatures", {
  verdict: lab.verdictOf(otherSeeds.mean > Math.abs(otherImages)),
  measured: `same images, other seeds: r = ${otherSeeds.mean.toFixed(2)}; other images, same seed: r = ${
    otherImages.toFixed(2)
  }; with its values before training: r = ${sinceStart.toFixed(2)}`,
  numbers: {
    "same images": otherSeeds,
    "same seed": otherImages,
    "share of parameters, %": percent(returned, extractor),
  },
});

// %%
const [best, onePicture] = [files[1], lossy[0]!], gain = best.psnr - onePicture.psnr;
section.judge("keepsFeatures", {
  verdict: lab.verdictOf(best.psnr >= 25 && best.ssim >= 0.8, gain >= 3),
  measured: `${best.psnr.toFixed(1)} dB, SSIM ${best.ssim.toFixed(2)} in ${grouped(best.bytes)} B ` +
    `(one picture for all ${onePicture.psnr.toFixed(1)} dB; JPEG in as many bytes ${
      lossy[3]?.psnr.toFixed(1) ?? "–"
    } dB); ` +
    `${lab.intervalOf(dead).mean.toFixed(1)} of 16 features dead; without loss ${grouped(withFeatures)} B, ` +
    `JPEG XL ${grouped(plainXl.bytes)} B`,
  numbers: {
    "PSNR, dB": best.psnr,
    SSIM: best.ssim,
    bytes: best.bytes,
    dead: lab.intervalOf(dead),
    "without loss, bytes": withFeatures,
    "JPEG XL, bytes": plainXl.bytes,
  },
});

// %%
const ratios = {
  decoding: study.decodingSeconds(sharedSpeed) / study.decodingSeconds(unsharedSpeed),
  training: sharedSpeed.trainingSeconds / unsharedSpeed.trainingSeconds,
};
section.judge("efficient", {
  verdict: lab.verdictOf(
    ratios.decoding <= 0.9 && ratios.training <= 0.9,
    ratios.decoding <= 0.9 || ratios.training <= 0.9,
  ),
  measured: `with sharing decoding takes ${ratios.decoding.toFixed(2)} of the time and training ${
    ratios.training.toFixed(2)
  }, at ${sharedSpeed.flop} FLOP a pixel both`,
  numbers: { "decoding, ratio": ratios.decoding, "training, ratio": ratios.training },
});

// %%
const clear = [agreement >= 0.9, adjacent >= 0.5, places < REACHED / 2];
section.judge("interpretable", {
  verdict: lab.verdictOf(clear.every(Boolean), clear.some(Boolean)),
  measured:
    `seeds agree with r = ${agreement.toFixed(3)}; 4 neighbours have ${
      percent(adjacent, 1)
    } % of the influence; ` +
    `attention is spread over ${places.toFixed(1)} of ${REACHED} places`,
  numbers: { agreement, "adjacent, %": percent(adjacent, 1), "places of attention": places },
});
const unseenOf = (name: string) => gaps.filter((one) => one.name === name).map(({ gap }) => gap.unseen);
const [apart, together, attentive] = Object.keys(variants).map(unseenOf) as [number[], number[], number[]];

// %%
const helps = [
  together.every((bits, i) => bits < apart[i]!),
  attentive.every((bits, i) => bits < together[i]!),
];
const spanOf = ({ mean, half }: ReturnType<typeof lab.intervalOf>) =>
  `${mean.toFixed(3)}${half === null ? "" : ` ± ${half.toFixed(3)}`}`;
const bySharing = lab.intervalOf(together.map((bits, i) => bits - apart[i]!));
const byAttention = lab.intervalOf(attentive.map((bits, i) => bits - together[i]!));
section.judge("general", {
  verdict: lab.verdictOf(helps.every(Boolean), helps.some(Boolean)),
  measured:
    `unseen pictures: ${spanOf(bySharing)} bits/pixel by sharing, ${spanOf(byAttention)} by attention ` +
    `(95 % interval, ${gapSeeds.length} seeds)`,
  numbers: { "sharing, bits/pixel": bySharing, "attention, bits/pixel": byAttention },
});

// %%
const shorter = spent.find(({ bytes }) => bytes < plainXl.bytes);
const timed = shorter ?? spent.at(-1)!;
const slower = [timed.encodingSeconds > plainXl.seconds, timed.decodingSeconds > plainXl.decodeSeconds];
section.judge("costly", {
  verdict: lab.verdictOf(slower.every(Boolean), slower.some(Boolean)),
  measured: `${timed.flop.toExponential(1)} FLOP are ${
    shorter ? "" : "not "
  }enough to be shorter than JPEG XL: ${timed.encodingSeconds.toFixed(1)} s to make and ${
    timed.decodingSeconds.toFixed(1)
  } s to decode, JPEG XL ${plainXl.seconds.toFixed(1)} s and ${plainXl.decodeSeconds.toFixed(1)} s`,
  numbers: {
    ...(shorter ? { FLOP: shorter.flop, "encoding, s": shorter.encodingSeconds } : {}),
    "JPEG XL encoding, s": plainXl.seconds,
    "shortest, bytes": Math.min(...spent.map(({ bytes }) => bytes)),
  },
});

// %%
section.judge("hard", {
  verdict: lab.verdictOf(again < found.length / 2),
  measured: `${again} of ${found.length} hidden units have a counterpart, while the maps agree with r = ${
    agreement.toFixed(3)
  }`,
  numbers: { counterparts: again, units: found.length },
});
const apartKinds = worse.slice(1).map((more) => more >= 5);
const incompressible = controls.every(({ bytes, bound }) => bytes >= bound);
section.judge("dataDependent", {
  verdict: lab.verdictOf(apartKinds.every(Boolean) && incompressible, apartKinds.some(Boolean)),
  measured: `S1's weights on ${
    shifts.map(({ name }, i) => `${name}: ${worse[i]!.toFixed(1)} %`).join(", ")
  } longer; ` +
    `controls ${incompressible ? "stay above" : "fall below"} their entropy`,
  numbers: Object.fromEntries(shifts.map(({ name }, i) => [`${name}, %`, worse[i]!])),
});

// %%
await section.keep(program, "photos");
await section.close();
