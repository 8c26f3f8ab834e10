// %% [markdown]
// # 4. Mathematical model and formulas, explained by an example · 数学模型和公式、详细讲解与举例说明
//
// The article describes compression by a formula, X = f(W, X) (4.1), derives it in six steps (4.2) and works through
// a case: 1000 images of 128×128×3 become "a shorter program" (4.3). Here each formula stands beside the code that
// computes it, on real photos, and the program is a real one: a WebAssembly module without imports that regenerates
// the images bit for bit. Its file size is the description length; the decoder is counted.
//
// You will see: what each stage takes in and gives out, where every byte of the program goes, the data as the fixed
// point of X = f(W, R, X), new images that the same program draws, and how it compares with PNG … JPEG XL.
//
// 中文：本节把文章第 4 节的每个公式与计算它的代码并列，在真实照片块上运行；得到的“更短的程序”是一个没有任何导入的 WebAssembly
// 模块，能逐位还原数据，文件长度就是描述长度，解码器也计入。你会看到：每个阶段的输入与输出，程序的每个字节用在何处，数据如何成为
// X = f(W, R, X) 的不动点，同一程序生成的新图像，以及与 PNG … JPEG XL 的比较。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about three
// minutes on two cores, `paper` about six. The outputs below are those of `quick`. The set is the article's; a folder of
// images of your own may stand there instead.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上约三分钟，`paper` 约六分钟。下面的输出来自 `quick`。
// `set` 也可以是您自己的图像文件夹。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as nets from "experiments/networks/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1, set: "photos" } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after.
//
// 测量之前先写明每条论断及其成立的标准；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("04_mathematical_model", settings, claims["04_mathematical_model"]);

// %%
const { context, preset, seed } = section;

// %% [markdown]
// ## 4.3 (1) Preprocess · 数据预处理: X → X_preprocessed
//
// The source: 50 photos, each cut into 5 × 4 patches of 128×128×3. The article turns them gray and makes them 32×32.
// This throws information away *before* anything is compressed, so it gets a line of its own. (The images of a folder
// become 128×128 as they are read.)

// %%
const source = await lab.loadSource(settings.set, {
  ...context,
  size: { width: 128, height: 128 },
  ...(preset === "smoke" ? { take: 40 } : {}),
});
section.use(source);
const shape = `${source.groups[0]!.width}×${source.groups[0]!.height}×${source.channels}`;
const X = mdl.transform(source, { gray: true, size: { width: 32, height: 32 } });
await figures.showTable([
  { what: "source", shape, images: source.names.length, bytes: source.symbols.length },
  { what: "preprocessed", shape: "32×32, gray", images: X.names.length, bytes: X.symbols.length },
], "Source and preprocessed");

// %%
await figures.showImages([
  { title: `in: the first images, ${shape}`, picture: lab.contactSheet(image.take(source, 20), 5) },
  { title: "out: the same, 32×32 gray", picture: lab.contactSheet(image.take(X, 20), 5) },
], "Preprocess");

// %% [markdown]
// ## 2.4, 4.2 The chain · Mermaid 流程图
//
// The stages are composed by `pipe`; the diagram is drawn from that composition, not by hand. Dashed boxes are stages
// that are switched off: they pass their input on, and cost 0 bytes.

// %%
const chain = mdl.pipe(
  mdl.preprocess({ gray: true, size: { width: 32, height: 32 } }),
  mdl.features(),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ preset, exactly: true, preprocess: { gray: true, size: { width: 32, height: 32 } } }),
);
await figures.show(figures.flow("The chain of section 2.4, as it is run below", chain), "The chain");

// %% [markdown]
// ## 4.2 Running it · 公式推导过程
//
// | article | here |
// |---|---|
// | $X_{preprocessed} = preprocess(X)$ | `preprocess()`: gray, 32×32 |
// | $X_{features} = extract\_features(X_{preprocessed})$ | `features()`: causal neighbours, less local mean, over local scale |
// | $W_{shared} = share\_parameters(W)$ | `sharing()`: one predictor for all positions, one codebook for all weights |
// | $X_{hierarchical} = hierarchical\_structure(X_{features})$ | `hierarchy()`: raster order here; `{ order: "pyramid" }` codes scale after scale |
// | $X_{attention} = attention\_Mechanism(X_{hierarchical})$ | `attention()`: off here; `{ over: "patches" }` looks at earlier patches of the image |
// | $X_{compressed} = compress\_result(X_{attention})$ | `compress()`: train, quantise, entropy code |
//
// Expect the training loss (bits per pixel) to fall fast at first, then slowly.

// %%
const { output: program, passages } = await chain.run(source, context);
const { curve, flop } = program.trained!;
section.spend(flop);
await figures.show(
  figures.lines({
    title: "Training: what a pixel costs under the model",
    series: [{
      name: "training samples",
      x: curve.map(({ step }) => step),
      y: curve.map(({ bits }) => bits),
    }],
    x: { title: "training step" },
    y: { title: "bits per pixel" },
  }),
  "Training",
);

// %% [markdown]
// ### Features · 特征提取
//
// What the network sees of one pixel: the neighbours above and to the left, as differences from their mean, in units of
// their own scale; where it is; what a linear fit to the pixels before predicts; and what the network says: a
// distribution over the 256 values of the pixel. The fit remembers earlier images, so the encoder codes those first. The
// figure shows one such distribution; expect a hump around the neighbours' values, and the pixel's own value within it.

// %%
const encoder = await image.openEncoder(
  program.spec!,
  X.channels,
  X.groups,
  program.trained!.weights,
  program.trained!.quantisation,
);
const all = [...image.images(X)], place = Math.min(37, all.length - 1), shown = all[place]!;
for (const { pixels } of all.slice(0, place)) encoder.encodeScale(pixels, 32, 32, 0);
encoder.loadImage(shown.pixels, 32, 32);
const [row, column] = [16, 16], below = encoder.distribution(row, column, 0).slice();
const probability = Array.from({ length: 256 }, (_, v) => below[v + 1]! - below[v]!);
await figures.show(
  figures.lines({
    title: `Pixel (${row}, ${column}) is ${
      shown.pixels[row * 32 + column]
    }: the model's distribution before it is seen`,
    series: [{ name: "probability", x: probability.map((_, v) => v), y: probability }],
    x: { title: "value of the pixel" },
    y: { title: "probability" },
  }),
  "Distribution of one pixel",
);

// %% [markdown]
// Where do the bits go? Each pixel costs −log₂ of the probability that its value got. Expect edges and texture to be
// expensive and smooth regions cheap: this map is what “attention to the key parts” would have to act on.

// %%
const cost = Array.from({ length: 1024 }, (_, i) => {
  const p = encoder.distribution(Math.floor(i / 32), i % 32, 0), v = shown.pixels[i]!;
  return -Math.log2(p[v + 1]! - p[v]!);
});
await figures.showImages([{ title: "the image", picture: { ...shown, channels: 1 } }], "The image", 2);
await figures.show(
  figures.heatmap({ title: "What its pixels cost", values: cost, height: 32, width: 32, unit: "bits" }),
  "Bits per pixel",
);

// %% [markdown]
// ### Sharing · 参数共享: the article's 1/10
//
// Two honest comparisons: the article's own convolutional encoder (section 5.2, 93,248 parameters), and a predictor
// that does not share: one for each of the 32 × 32 positions, really trained with as many FLOP as the shared one it
// stands beside, each at its best width. Both are files that are decoded and compared.

// %%
const comparison = await article.compareSharing(
  X,
  { ...context, log: () => {} },
  preset === "smoke" ? 1e9 : undefined,
);
section.spend(comparison.reduce((sum, { flop }) => sum + flop, 0));
await figures.showTable([
  ...comparison.map(({ name, parameters, flop, weights, payload, bytes }) => ({
    predictor: name,
    parameters,
    "training FLOP": flop.toExponential(1),
    "weights, bytes": weights,
    "payload, bytes": payload,
    "program, bytes": bytes,
  })),
  { predictor: "the article's encoder (5.2), counted only", parameters: article.ARTICLE_ENCODER },
], "Sharing");

// %% [markdown]
// ## 4.3 (6) The result · 压缩结果
//
// The ledger: every byte of the file by purpose; the entries sum to its length. Beside the payload's real bytes stands
// what they should come to by the model. Expect the payload to be nearly all of the file, and the weights a very small
// part.

// %%
await figures.showTable([
  ...program.ledger.entries.map(({ name, bytes, estimatedBits }) => ({
    entry: name,
    bytes,
    "share, %": Number((100 * bytes / program.bytes.length).toFixed(2)),
    "estimated bits / 8": estimatedBits === undefined ? undefined : Math.round(estimatedBits / 8),
  })),
  { entry: "program", bytes: program.ledger.bytes, "share, %": 100 },
], "Ledger");
await figures.show(
  figures.waterfall({
    title: "From the raw pixels to the program",
    steps: figures.ledgerSteps(X.symbols.length, program.ledger.entries),
  }),
  "Waterfall of the ledger",
);

// %% [markdown]
// The chain once more, with the price of each stage.

// %%
await figures.showTable(
  mdl.stagePrices(passages.map(({ stage }) => stage), program.ledger, program.decoderBytes).map((
    { stage, bytes },
  ) => ({
    stage: `${stage.name} ${stage.title}`,
    article: stage.section,
    "what it does": stage.summary,
    "price, bytes": bytes,
  })),
  "Stages and prices",
);

// %% [markdown]
// Nothing is claimed before it is decoded: the program runs, and every pixel is compared.

// %%
const decoded = await program.decode(context);
const verified = await program.verify(X, context);
console.log(
  `verified: ${verified.symbols.toLocaleString("en")} symbols identical, SHA-256 ${verified.sha256}`,
);
await figures.showImages([
  { title: "original", picture: lab.contactSheet(image.take(X, 60), 10) },
  { title: "regenerated by the program", picture: lab.contactSheet(image.take(decoded, 60), 10) },
], "Original and regenerated");

// %% [markdown]
// ### Against other codecs · 与其他编解码器比较
//
// The same images, for every codec in the layout that suits it best (also as the patches lay in the photos), at
// its best effort of those tried. Their decoders are not counted, ours is.

// %%
const baselines = await lab.measureBaselines(X, {
  effort: preset === "paper" ? "slow" : "quick",
  ...context,
});
const best = baselines.reduce((a, b) => b.bytes < a.bytes ? b : a);
await figures.show(
  figures.sizeBars({
    title: `${X.names.length} images (${source.name}), 32×32 gray`,
    sizes: [
      { label: "MDLab program", bytes: program.bytes.length, ours: true },
      ...baselines.map(({ codec, effort, bytes }) => ({ label: `${codec} ${effort}`, bytes })),
    ],
    references: [{ label: "raw", value: X.symbols.length }],
  }),
  "Against other codecs",
);

// %%
await figures.showTable(
  baselines.map(({ codec, version, layout, effort, bytes }) => ({
    codec: `${codec} (${version})`,
    layout,
    effort,
    bytes,
    "against ours, %": Number((100 * (bytes / program.bytes.length - 1)).toFixed(1)),
  })),
  "Codecs",
);

// %% [markdown]
// ## 4.1 X = f(W, R, X) · 数学模型构建
//
// The article writes X = f(W, X): the data as a function of the weights and of themselves. Made precise: order the 256
// values of a pixel by their probability in the context that X itself gives, and let Rᵢ be the rank of the true one.
// Then X is the fixed point of f(W, R, ·). W are the weights, R is what the payload codes, and since a pixel's context
// is made of earlier pixels only, iteration from *any* image makes at least one more pixel right each time.
//
// We start from a blank image. Expect X to grow from the top left; most of it comes right long before the last
// iteration, which can be no later than the 1024th. Beside it stands R = 0, what the weights alone know: every pixel is
// then the most probable one given the pixels before it. Expect a nearly flat image, which surprises the model little,
// and not the photo.

// %%
const R = nets.ranksOf(encoder, shown, 1);
const right = (pixels: Uint8Array) => pixels.reduce((n, v, i) => n + (v === shown.pixels[i] ? 1 : 0), 0);
const iterates: Uint8Array[] = [new Uint8Array(1024)];
while (right(iterates.at(-1)!) < 1024) {
  iterates.push(nets.applyRanks(encoder, { ...shown, pixels: iterates.at(-1)! }, 1, R));
  context.progress({ label: "iterate", done: right(iterates.at(-1)!), total: 1024, unit: "pixels right" });
}
const blank = iterates[0]!, R0 = new Uint8Array(1024), alone: Uint8Array[] = [blank];
for (let t = 1; t < iterates.length; t++) {
  alone.push(nets.applyRanks(encoder, { ...shown, pixels: alone.at(-1)! }, 1, R0));
}
await figures.show(
  figures.lines({
    title: "Pixels right after each iteration of X ← f(W, R, X)",
    series: [
      { name: "with R (what the payload codes)", x: iterates.map((_, t) => t), y: iterates.map(right) },
      { name: "R = 0 (what the weights alone know)", x: alone.map((_, t) => t), y: alone.map(right) },
    ],
    x: { title: "iteration" },
    y: { title: "pixels right, of 1024" },
  }),
  "Pixels right",
);

// %%
const last = iterates.length - 1,
  stops = [0, 1, 2, 4, 8, 16, 32, last].filter((t, i, a) => t <= last && a.indexOf(t) === i);
await figures.showImages(
  [
    ...stops.map((t) => ({
      title: `t = ${t}`,
      picture: { ...shown, channels: 1 as const, pixels: iterates[t]! },
    })),
    { title: "R = 0", picture: { ...shown, channels: 1, pixels: alone.at(-1)! } },
  ],
  "Iterates of f",
  5,
);
console.log(
  `fixed point after ${last} iterations; ranks that are 0: ${R.filter((r) => r === 0).length} of 1024`,
);

// %% [markdown]
// So the weights know what photos are like; which photo it is stands in R.

// %% [markdown]
// ## 2.3, 4.3 (6) New data · 生成新数据
//
// The same module, fed random bits instead of its payload, draws from the model. All that it knows of photos stands in its
// weights, a very small part of the file. Expect edges and shades, and no objects.

// %%
const drawn = await program.generate(40, seed, context);
await figures.showImages([
  { title: "data", picture: lab.contactSheet(image.take(X, 40), 8) },
  { title: "drawn from the program", picture: lab.contactSheet(drawn, 8) },
], "Generated");

// %% [markdown]
// ### The article's input size, 128×128×3 · 文章中的原始尺寸
//
// Before preprocess an image is 49,152 bytes. The first 60 patches (three photos; `smoke`: one patch) as they are, to see
// how the same chain does at that size; `deno task compress photos` takes all 1000.

// %%
const large = image.take(source, preset === "smoke" ? 1 : 60);
const largeSteps = { smoke: 300, quick: 10_000, paper: 100_000 }[preset];
const largeChain = mdl.pipe(
  mdl.features(),
  mdl.sharing(),
  mdl.compress({ preset, steps: largeSteps, exactly: true }),
);
const largeProgram = (await largeChain.run(large, context)).output;
await largeProgram.verify(large, context);
section.spend(largeProgram.trained?.flop ?? 0);
const largeBaselines = await lab.measureBaselines(large, {
  effort: "quick",
  only: ["PNG", "WebP", "JPEG XL"],
  ...context,
});

// %%
await figures.showTable(
  [
    { codec: "MDLab program (verified)", bytes: largeProgram.bytes.length },
    ...largeBaselines.map(({ codec, bytes }) => ({ codec, bytes })),
  ].map(({ codec, bytes }) => ({
    codec,
    bytes,
    "bits per symbol": Number((8 * bytes / large.symbols.length).toFixed(3)),
  })),
  shape,
);

// %% [markdown]
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured.

// %%
const [shared, unshared] = comparison;
const weightsShare = 100 * shared!.weights / shared!.bytes, ratio = (n: number) => `1/${n.toFixed(1)}`;
section.judge("exact", {
  verdict: lab.verdictOf(verified.symbols === X.symbols.length),
  measured: `${verified.symbols.toLocaleString("en")} symbols equal`,
  numbers: { symbols: verified.symbols },
});
section.judge("shorter", {
  verdict: lab.verdictOf(program.bytes.length < best.bytes, program.bytes.length < X.symbols.length),
  measured: `${program.bytes.length.toLocaleString("en")} B; best other: ${best.codec} ${
    best.bytes.toLocaleString("en")
  } B`,
  numbers: { program: program.bytes.length, [best.codec]: best.bytes },
});
section.judge("tenth", {
  verdict: lab.verdictOf(
    unshared!.parameters >= 10 * shared!.parameters && shared!.bytes <= unshared!.bytes,
    unshared!.parameters >= 10 * shared!.parameters,
  ),
  measured: `${ratio(article.ARTICLE_ENCODER / shared!.parameters)} of the article's encoder, ` +
    `${ratio(unshared!.parameters / shared!.parameters)} of the unshared predictor; ` +
    `bytes in all ${shared!.bytes.toLocaleString("en")} against ${unshared!.bytes.toLocaleString("en")}; ` +
    `but weights are only ${weightsShare.toFixed(1)} % of the program`,
  numbers: { shared: shared!.bytes, unshared: unshared!.bytes, "weights, %": weightsShare },
});

// %%
section.judge("fixedPoint", {
  verdict: lab.verdictOf(right(iterates[last]!) === 1024),
  measured: `reached after ${last} iterations`,
  numbers: { iterations: last },
});
section.judge("weightsAlone", {
  verdict: lab.verdictOf(right(alone.at(-1)!) > 512),
  measured: `${right(alone.at(-1)!)} of 1024 pixels`,
  numbers: { pixels: right(alone.at(-1)!) },
});
await section.keep(program, source.name);
await section.close();
