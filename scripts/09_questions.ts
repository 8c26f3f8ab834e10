// %% [markdown]
// # 9. Appendix: frequently asked questions and answers · 附录：常见问题与解答
//
// The article ends with five questions and short answers: what a large model is (9.1), how compression makes computing
// cheaper (9.2), how the quality of the data is kept (9.3), where compressed models are used (9.4), and how compression
// differs from dimension reduction (9.5). None of the answers comes with a number.
//
// Here each answer is a measurement, but for 9.4, which has a notebook of its own. You will see: parameters counted and
// compared with what the papers say, programs and classifiers of several sizes timed against one another, files of
// several codecs set against what they keep of 1000 photo patches, and principal components, basis and all, at as many
// bytes as the program. The size of every coding of the photos is that of a file that was decoded. Six claims are
// judged; what could not come out otherwise (that counting gives the counts, that lossy formats lose, that programs
// lose nothing, that a basis of components is no program) is shown. Terms are in the [glossary](glossary.md).
//
// 中文：文章的附录用五个问答收尾，但回答里没有一个数字。本节（9.4 除外）用实测来回答：按结构逐项计数大模型的参数，
// 并与论文公布的数值对照；给不同规模的程序和分类器计时；比较多种编码在同样字节数下保留了多少信息；
// 并把主成分分析（连同它的基）写成真实文件，与大小相近的程序比较。照片各种编码的字节数都来自真正解码过的文件。只判定六条论断；
// 不可能有别的结果的只作展示。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about five
// minutes on two cores that run another section, too,
// `paper` took 50 beside other sections. The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约五分钟，`paper` 在同时运行其他任务时用了 50 分钟。下面的输出来自 `quick`。

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
// The answers as claims, with what each has to reach, before anything is measured. (Of the claim that the loss stays
// small, some codecs' numbers were known when its threshold was written.)
//
// 测量之前先写明每条论断及其成立的标准；最后逐条给出判定：成立、部分成立或在此不成立。其中“损失可以很小”一条，
// 写定标准时已经知道部分编解码器的数值。

// %%
const section = await lab.openSection("09_questions", settings, claims["09_questions"]);

// %%
const { context } = section;
const ratio = (a: number, b: number) => a / b, short = (value: number) => value.toFixed(3);
const bytes = (n: number) => `${n.toLocaleString("en")} B`;
const decibels = (psnr: number) => psnr === Infinity ? "∞" : psnr.toFixed(2);
const percent = (part: number, whole: number) => Number((100 * part / whole).toFixed(1));

// %% [markdown]
// ## 9.1 What is a large model? · 什么是大模型？
//
// A model is large when it has many parameters; how many follows from its architecture alone. We count those of the two
// models that the article names, in both published sizes each. Expect the largest part in the dense layers that follow
// each attention, and not in the attention that gave the paper its name. (The papers' totals are quoted from memory.)
//
// 大模型就是参数很多的模型；参数个数完全由结构决定。这里逐项计数文章所举的两个模型，
// 各取公布的两种大小（论文的总数凭记忆引用）。预期：最大的部分在每个注意力之后的全连接层，而不在论文题目里的注意力。
// 表列依次为：模型、词嵌入、注意力、全连接层（feed-forward）、层归一化、池化层（pooler）、合计、论文的数字、相差百分之几、
// 发布的权重文件中的数字。

// %%
const models = nets.TRANSFORMERS.map((shape) => ({
  shape,
  label: shape.name,
  values: nets.transformerParts(shape),
  total: nets.transformerParameters(shape),
}));
await figures.showTable(
  models.map(({ label, values, total, shape }) => ({
    model: label,
    ...values,
    total,
    "in the paper": shape.published,
    "off by, %": Number((100 * (total / shape.published - 1)).toFixed(1)),
    "in the checkpoint": shape.exact,
  })),
  "Parameters of large models",
);

// %%
await figures.show(
  figures.stackedBars({
    title: "Where the parameters of a large model sit · 大模型的参数在哪里",
    labels: models.map(({ label }) => label),
    parts: nets.TRANSFORMER_PARTS.map((name) => ({
      name,
      values: models.map(({ values }) => values[name]),
    })),
    unit: "parameters",
  }),
  "Parameters by part",
);

// %% [markdown]
// The dense layers have the largest part, as expected, and the counts come within a few percent of what the papers
// round.
//
// 全连接层占最大部分，与预期相符；计数与论文的约数相差不过几个百分点。
//
// A parameter is commonly four bytes when it is trained, and two or fewer when it is shipped. It costs computing only
// where it is multiplied: an embedding is looked up. Beside them stands the predictor of the program that we train
// below, which is to its data what they are to theirs, and not large at all. The claim is that many parameters mean
// much computing: expect all but the embeddings to be multiplied for every token.
//
// 训练时一个参数通常占四个字节，发布时两个或更少。参数只有被乘时才耗费计算：词嵌入只是查表。旁边列出下文所训练程序的预测器，
// 它之于其数据，正如它们之于各自的数据，而它一点也不大。论断：参数多则计算多；预期除词嵌入外，每个词元都要乘遍所有参数。
// 表列依次为：模型、参数个数、32 位、16 位、6 比特时的大小（MB）、每词元或每符号的浮点运算次数、被乘的百分比。

// %%
const source = await mdl.loadDataset("photos", {
  ...context,
  ...section.by({ smoke: { take: 40 }, quick: {}, paper: {} }),
});
const photos = section.use(mdl.transform(source, { gray: true, size: { width: 32, height: 32 } }));
const raw = photos.symbols.length;
const steps = section.by({ smoke: 60, quick: 2500, paper: 60_000 });

async function programOf(order: "raster" | "pyramid") {
  const chain = mdl.pipe(
    mdl.features({ width: 32 }),
    mdl.sharing(),
    mdl.hierarchy({ order }),
    mdl.compress({ steps, exactly: true }),
  );
  const program = (await chain.run(photos, { ...context, log: () => {} })).output;
  await program.verify(photos, context);
  section.spend(program.trained!.flop);
  return program;
}

const program = await programOf("raster");
const predictor = image.parameterCount(program.spec!, photos.channels);
const weights = program.ledger.entries.find(({ name }) => name === "weights")!.bytes;

// %%
const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(3));
await figures.showTable([
  ...models.map(({ label, total, shape }) => ({
    model: label,
    parameters: total,
    "f32, MB": megabytes(4 * total),
    "f16, MB": megabytes(2 * total),
    "6 bits, MB": megabytes(0.75 * total),
    "FLOP a token or symbol": nets.transformerFlop(shape),
    "multiplied, %": percent(nets.transformerFlop(shape) / 2, total),
  })),
  {
    model: `predictor of the program (coded: ${weights.toLocaleString("en")} B)`,
    parameters: predictor,
    "f32, MB": megabytes(4 * predictor),
    "f16, MB": megabytes(2 * predictor),
    "6 bits, MB": megabytes(0.75 * predictor),
    "FLOP a token or symbol": image.flopPerSymbol(program.spec!, photos.channels),
    "multiplied, %": percent(image.flopPerSymbol(program.spec!, photos.channels) / 2, predictor),
  },
], "Bytes and FLOP");

// %%
const multiplied = models.map(({ shape, total }) => nets.transformerFlop(shape) / 2 / total);
const byModel = models.map(({ label }, i) => `${label} ${percent(multiplied[i]!, 1)} %`).join(", ");
section.judge("computing", {
  verdict: lab.verdictOf(multiplied.every((m) => m >= 0.9), multiplied.every((m) => m >= 0.5)),
  measured: { en: `multiplied: ${byModel}`, zh: `相乘的参数：${byModel}` },
  numbers: Object.fromEntries(models.map(({ label }, i) => [`${label}, multiplied`, multiplied[i]!])),
});

// %% [markdown]
// ## 9.2 How do compressed models compute faster? · 压缩模型如何提高计算效率？
//
// By fewer parameters and a better structure, says the article. First, classifiers of dense layers on Fashion-MNIST,
// from narrow to wide, on the backend that trained them. Then the widest again with nine of ten weights set to zero,
// and with its weights rounded to 8 bits: smaller files, but the kernels still multiply every weight, so expect no time
// saved. Plain loops show what it takes to gain from zeros: code that skips them. Medians of runs by turns.
//
// 文章说：靠更少的参数和更好的结构。先看 Fashion-MNIST 上由窄到宽的全连接分类器，在训练它们的后端上；
// 再看最宽的一个置零九成、舍入到 8 比特之后：文件变小，但内核照乘不误，预期不省时间。普通循环说明要从零得益需要什么：
// 跳过零的代码。时间为轮流测量的中位数。表列依次为：分类器（width 宽度）、内核（backend 后端，loops 循环，
// loops that skip zeros 跳过零的循环）、参数个数、非零的个数、比特数、每样本浮点运算次数、判对的百分比、
// 64 个样本的毫秒数（中位数）、四分位数。其后两幅图：用时与非零权重数，准确率与用时；90 % zeros 为置零九成，8 bits 为 8 比特。

// %%
const clothes = section.use(
  await mdl.loadDataset("fashion-mnist", {
    ...context,
    take: section.by({ smoke: 600, quick: 12_000, paper: 60_000 }),
  }),
);
const tests = section.by({ smoke: 100, quick: 2000, paper: 10_000 });
const known = image.take(clothes, clothes.names.length - tests);
const asked = lab.select(clothes, Array.from({ length: tests }, (_, i) => known.names.length + i));
const rounds = section.by({ smoke: 3, quick: 25, paper: 100 });
const { speeds: classifiers, flop } = await study.measureDense(
  article.labelledOf(known),
  article.labelledOf(asked),
  {
    widths: [16, 64, 256, 512],
    batch: 64,
    rounds,
    steps: section.by({ smoke: 10, quick: 500, paper: 5000 }),
  },
  context,
);

// %%
section.spend(flop);
const milliseconds = (seconds: number) => Number((1000 * seconds).toFixed(3));
await figures.showTable(
  classifiers.map(({ name, kernel, parameters, nonZero, bits, flop, accuracy, seconds, lower, upper }) => ({
    classifier: name,
    kernel,
    parameters,
    "not zero": nonZero,
    bits,
    "FLOP a sample": flop,
    "right, %": percent(accuracy, 1),
    "64 samples, ms (median)": milliseconds(seconds),
    "quartiles, ms": `${milliseconds(lower)} – ${milliseconds(upper)}`,
  })),
  "Classifiers",
);

// %%
const named = (part: string, kernel = "backend") =>
  classifiers.find((one) => one.kernel === kernel && one.name.endsWith(part))!;
const family = classifiers.filter(({ name, kernel }) => kernel === "backend" && /^width \d+$/.test(name));
const widest = family.at(-1)!, zeros = named("zeros"), coarse = named("bits");
await figures.show(
  figures.lines({
    title: "Time against parameters that are not zero: 64 samples, dense classifiers · " +
      "用时与非零参数个数：64 个样本，全连接分类器",
    series: [
      { name: "width 16 … 512", x: family.map((f) => f.nonZero), y: family.map((f) => 1000 * f.seconds) },
      { name: "90 % zeros", x: [zeros.nonZero], y: [1000 * zeros.seconds] },
      { name: "8 bits", x: [coarse.nonZero], y: [1000 * coarse.seconds] },
    ],
    x: { title: "weights that are not zero", log: true },
    y: { title: "time (ms)", log: true },
  }),
  "Time of classifiers",
);

// %%
await figures.show(
  figures.lines({
    title: "Accuracy against time: what a slower classifier buys · 准确率与用时：较慢的分类器换来什么",
    series: [
      {
        name: "width 16 … 512",
        x: family.map((f) => 1000 * f.seconds),
        y: family.map((f) => 100 * f.accuracy),
      },
      { name: "90 % zeros", x: [1000 * zeros.seconds], y: [100 * zeros.accuracy] },
      { name: "8 bits", x: [1000 * coarse.seconds], y: [100 * coarse.accuracy] },
    ],
    x: { title: "time of 64 samples (ms)", log: true },
    y: { title: "right (%)" },
  }),
  "Accuracy against time",
);

// %%
const growth = (widest.seconds / family[0]!.seconds).toFixed(1),
  gained = percent(widest.accuracy - family[0]!.accuracy, 1),
  lostByZeros = percent(widest.accuracy - zeros.accuracy, 1),
  timeOfZeros = short(ratio(zeros.seconds, widest.seconds));
await figures.showMarkdown(
  `From width ${family[0]!.name.slice(6)} to ${
    widest.name.slice(6)
  } time becomes ${growth} times what it was, and accuracy ` +
    `grows by ${gained} points. Nine of ten weights set to 0 afterwards cost ${lostByZeros} points; the time is then ` +
    `${timeOfZeros} of what it was.\n\n由窄到宽，用时增至 ${growth} 倍，准确率增加 ${gained} 个百分点；事后置零九成权重损失 ` +
    `${lostByZeros} 个百分点，用时为原来的 ${timeOfZeros} 倍。`,
);

// %% [markdown]
// Now the model that this library is about: programs of the same photos with predictors from small to large, equally
// many training steps each. Four blocks that share their weights have the parameters of one block and the arithmetic of
// four. Reading the context of a pixel and decoding it cost time that no parameter has a part in, so expect time to
// grow more slowly than the network.
//
// 再看本库的程序：同样的照片，预测器由小到大，训练步数相同。共享权重的四个块（4 blocks that share）只有一个块的参数，
// 却有四个块的运算。读取上下文与解码本身也要时间，与参数无关，所以预期解码时间比网络增长得慢。表列依次为：
// 预测器、参数个数、每符号浮点运算次数、程序字节数、其中的权重、解码毫秒数（中位数）、每符号微秒数。其后两幅图：解码时间与参数个数，
// 程序字节数与解码时间；图例中 width 8 … 128 为由窄到宽，4 blocks 为四个块，4 blocks that share 为共享权重的四个块。

// %%
const some = image.take(photos, section.by({ smoke: 10, quick: 200, paper: 1000 }));
const plain = (width: number, blocks = 1, layers = false) => ({
  features: { width, blocks, leastSquares: false },
  sharing: { layers },
});
const decoding = await study.measureDecoding(some, [
  ...[8, 16, 32, 64, 128].map((width) => ({ name: `width ${width}`, variant: plain(width) })),
  { name: "width 64, 4 blocks", variant: plain(64, 4) },
  { name: "width 64, 4 blocks that share", variant: plain(64, 4, true) },
], {
  steps: section.by({ smoke: 20, quick: 600, paper: 20_000 }),
  rounds: section.by({ smoke: 2, quick: 5, paper: 30 }),
}, context);

// %%
section.spend(decoding.reduce((sum, { trainingFlop }) => sum + trainingFlop, 0));
await figures.showTable(
  decoding.map(({ name, parameters, flop, bytes, weights, seconds, perSymbol }) => ({
    predictor: name,
    parameters,
    "FLOP a symbol": flop,
    "program, bytes": bytes,
    "of which weights": weights,
    "decoding, ms (median)": milliseconds(seconds),
    "µs a symbol": Number(perSymbol.toFixed(3)),
  })),
  "Decoding speed",
);

// %%
const widths = decoding.slice(0, 5), [own, tied] = decoding.slice(5);
await figures.show(
  figures.lines({
    title: "Decoding time against the predictor's parameters · 解码时间与预测器的参数个数",
    series: [
      { name: "width 8 … 128", x: widths.map((d) => d.parameters), y: widths.map((d) => d.perSymbol) },
      { name: "4 blocks", x: [own!.parameters], y: [own!.perSymbol] },
      { name: "4 blocks that share", x: [tied!.parameters], y: [tied!.perSymbol] },
    ],
    x: { title: "parameters", log: true },
    y: { title: "time (µs/symbol)" },
  }),
  "Decoding time",
);

// %%
await figures.show(
  figures.scatter({
    title: `Bytes against decoding time: ${some.names.length} photos, raw ${
      some.symbols.length.toLocaleString("en")
    } bytes · 字节数与解码时间：${some.names.length} 幅照片，原始 ${
      some.symbols.length.toLocaleString("en")
    } 字节`,
    series: [
      { name: "width 8 … 128", x: widths.map((d) => d.perSymbol), y: widths.map((d) => d.bytes) },
      { name: "4 blocks", x: [own!.perSymbol], y: [own!.bytes] },
      { name: "4 blocks that share", x: [tied!.perSymbol], y: [tied!.bytes] },
    ],
    x: { title: "time (µs/symbol)" },
    y: { title: "program (bytes)" },
  }),
  "Bytes against decoding time",
);

// %%
const tenthOf = <T extends { parameters: number }>(rows: readonly T[]) =>
  rows.filter(({ parameters }) => parameters <= rows.at(-1)!.parameters / 10).at(-1)!;
const smallNet = tenthOf(family), smallPredictor = tenthOf(widths), largePredictor = widths.at(-1)!;
const netRatio = ratio(smallNet.seconds, widest.seconds);
const decodingRatio = ratio(smallPredictor.seconds, largePredictor.seconds);
const [netPart, predictorPart] = [[widest, smallNet], [largePredictor, smallPredictor]].map((
  [large, small],
) => `1/${(large!.parameters / small!.parameters).toFixed(0)}`);
const right = `${percent(smallNet.accuracy, 1)}, ${percent(widest.accuracy, 1)} %`;
section.judge("fewer", {
  verdict: lab.verdictOf(Math.max(netRatio, decodingRatio) <= 0.5, Math.max(netRatio, decodingRatio) < 1),
  measured: {
    en:
      `classifier with ${netPart} of the parameters: ${
        short(netRatio)
      } of the time (right: ${right}); predictor with ` +
      `${predictorPart}: ${short(decodingRatio)} of the decoding time`,
    zh: `参数为 ${netPart} 的分类器用时 ${
      short(netRatio)
    } 倍（判对 ${right}）；参数为 ${predictorPart} 的预测器解码用时 ${short(decodingRatio)} 倍`,
  },
  numbers: { classifier: netRatio, decoding: decodingRatio },
});

// %%
const shrunk = {
  "90 % zeros": ratio(zeros.seconds, widest.seconds),
  "8 bits": ratio(coarse.seconds, widest.seconds),
  "shared layers": ratio(tied!.seconds, own!.seconds),
};
const skipping = ratio(named("zeros", "loops that skip zeros").seconds, named("width 512", "loops").seconds);
const saving = Object.values(shrunk).map((part) => part <= 0.8);
section.judge("shrunk", {
  verdict: lab.verdictOf(saving.every(Boolean), saving.some(Boolean)),
  measured: {
    en: `${
      Object.entries(shrunk).map(([name, part]) => `${name}: ${short(part)} of the time`).join(", ")
    }; loops that ` +
      `skip the zeros: ${short(skipping)}`,
    zh: `用时：九成置零 ${short(shrunk["90 % zeros"])} 倍，8 比特 ${short(shrunk["8 bits"])} 倍，共享各层 ${
      short(shrunk["shared layers"])
    } 倍；跳过零的循环 ${short(skipping)} 倍`,
  },
  numbers: { ...shrunk, "loops that skip zeros": skipping },
});

// %% [markdown]
// Fewer parameters are faster because they are fewer multiplications. Parameters that are coarse, zero or shared are fewer
// bytes, and as many multiplications as before, as expected.
//
// 参数更少才是乘法更少；粗糙、为零或共享的参数只是字节更少，乘法并未减少，与预期相符。

// %% [markdown]
// ## 9.3 How is the quality of the data kept? · 压缩模型如何保证数据质量？
//
// Here the article says that some information is lost; in 2.1 it says that all of it stays. Both kinds of systems
// exist, so we measure both: the program, which loses nothing, and six ways to use fewer bytes and lose something.
// Three are the image formats JPEG, WebP and JPEG XL. Three come from models: principal components, and a program in
// pyramid order whose file is simply cut off, the missing pixels interpolated or drawn from the model.
//
// Expect the image formats to lose least, as they spend their bits where an error is large, and the truncated program
// to do badly: it knows some of the pixels exactly and the others not at all. That lossy formats lose and programs do
// not is their nature, and shown; the claim judged is that the loss can be kept small.
//
// 文章在此说会损失一部分信息，2.1 却说信息完整。两类系统都存在，所以两类都测：无损的程序，以及六种用更少字节、有所损失的方式。
// 三种是图像格式 JPEG、WebP、JPEG XL；三种来自模型：主成分（PCA），以及把金字塔顺序的程序截断，
// 缺少的像素或插值（rest interpolated）、或由模型画出（rest drawn）。
//
// 预期图像格式损失最小，因为它们把比特用在误差大的地方；截断的程序最差，因为它确知一部分像素，其余一无所知。
// “有损者有损”是其本性，只作展示；判定的是“损失可以很小”。

// %%
const pyramid = await programOf("pyramid");
const qualities = section.by({
  smoke: [20, 75],
  quick: [5, 20, 40, 60, 75, 85, 92, 97],
  paper: [5, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 97, 99],
});
const formats: study.RatePoint[][] = [];
for (const codec of lab.LOSSY_CODECS) {
  formats.push([...await study.lossyPoints(photos, codec, qualities, context)]);
}
const components = reduction.principalComponents(photos), rank = components.basis.length;
const dimensions = section.by({
  smoke: [4, rank],
  quick: [16, 64, 128, 256, 512, rank],
  paper: [4, 8, 16, 32, 64, 128, 256, 512, 768, rank],
});
const stepSizes = section.by({ smoke: [32], quick: [64, 32, 16, 8], paper: [128, 64, 32, 16, 8, 4] });
const pca = await study.pcaPoints(
  photos,
  components,
  dimensions.flatMap((dimensions) => stepSizes.map((step) => ({ dimensions, step }))),
  context,
);
const prefixes = await study.prefixPoints(photos, pyramid, context);

// %%
const systems = [
  ...formats.map((points) => ({ name: points[0]!.system, points })),
  { name: "PCA, basis counted", points: pca },
  ...["interpolated", "drawn"].map((fill) => ({
    name: `program cut off, rest ${fill}`,
    points: prefixes.filter(({ system }) => system.endsWith(fill)),
  })),
].map(({ name, points }) => ({ name, points: study.frontier(points) }));

// %%
const inBytes = { title: `size (bytes; raw ${raw.toLocaleString("en")})`, log: true };
await figures.show(
  figures.lines({
    title:
      `PSNR against bytes, ${
        photos.names.length.toLocaleString("en")
      } photos 32×32: the program, lossless, has ${program.bytes.length.toLocaleString("en")} bytes · ` +
      `PSNR 与字节数，${photos.names.length.toLocaleString("en")} 幅 32×32 照片：无损的程序为 ${
        program.bytes.length.toLocaleString("en")
      } 字节`,
    series: systems.map(({ name, points }) => ({
      name,
      x: points.map((p) => p.bytes),
      y: points.map((p) => p.psnr),
    })),
    x: inBytes,
    y: { title: "PSNR (dB)" },
  }),
  "PSNR against bytes",
);

// %%
await figures.show(
  figures.lines({
    title: "SSIM against bytes; the programs stand at 1, as they lose nothing · " +
      "SSIM 与字节数；程序没有损失，所以在 1 处",
    series: [
      ...systems.map(({ name, points }) => ({
        name,
        x: points.map((p) => p.bytes),
        y: points.map((p) => p.ssim),
      })),
      { name: "whole programs", x: [program.bytes.length, pyramid.bytes.length], y: [1, 1] },
    ],
    x: inBytes,
    y: { title: "SSIM" },
  }),
  "SSIM against bytes",
);

// %% [markdown]
// As expected, the image formats are ahead of components everywhere. By PSNR components are ahead of the truncated
// program; by SSIM the one that is interpolated is about as good as they are, and the one that is drawn is last. Only
// whole programs reach 1.
//
// 与预期相符：图像格式处处领先于主成分。以 PSNR 计，主成分领先于截断的程序；以 SSIM 计，插值的截断程序与主成分相近，
// 由模型画出的最差。只有完整的程序达到 1。
//
// At a quarter of the program's bytes: what does each system keep? The image formats are given the highest quality that
// fits, the others the best of their files that does.
//
// 再看程序字节数的四分之一时，各系统保留了什么：图像格式取放得下的最高质量，其余取放得下的最好文件。表列依次为：
// 系统、字节数、PSNR、SSIM；其后的图标题为系统与分贝。

// %%
const budget = Math.floor(program.bytes.length / 4);
const within: { name: string; bytes: number; psnr: number; ssim: number; decoded: lab.Pixels }[] = [];
for (const codec of lab.LOSSY_CODECS) {
  const coding = await lab.atBytes(photos, codec, budget, context);
  if (coding) within.push({ name: codec, ...coding, ...lab.qualityOf(photos, coding.decoded) });
}
for (const { name, points } of systems.slice(formats.length)) {
  const fitting = points.filter(({ bytes }) => bytes <= budget).at(-1);
  if (fitting) within.push({ ...fitting, name });
}
within.sort((a, b) => b.psnr - a.psnr);
await figures.showTable([
  { system: "program (lossless)", bytes: program.bytes.length, "PSNR, dB": "∞", SSIM: 1 },
  ...within.map(({ name, bytes, psnr, ssim }) => ({
    system: name,
    bytes,
    "PSNR, dB": decibels(psnr),
    SSIM: Number(ssim.toFixed(4)),
  })),
], "A quarter of the bytes");

// %%
const few = [...Array(12).keys()].map((i) => Math.floor((i + 0.5) * photos.names.length / 12));
const sheet = (pixels: lab.Pixels) =>
  lab.contactSheet(lab.select({ ...photos, symbols: pixels.symbols }, few), 4);
await figures.showImages(
  [
    { title: "original = program · 原图", picture: sheet(photos) },
    ...within.map(({ name, psnr, decoded }) => ({
      title: `${name.replace(/, .*/, "")} ${psnr.toFixed(1)} dB`,
      picture: sheet(decoded),
    })),
  ],
  "Photos at a quarter of the bytes · 四分之一字节数时的照片",
  4,
);

// %%
const best = within[0]!, worst = within.at(-1)!, bestSsim = Math.max(...within.map(({ ssim }) => ssim));
section.judge("small", {
  verdict: lab.verdictOf(best.psnr >= 35 && best.ssim >= 0.95, best.psnr >= 30 && best.ssim >= 0.9),
  measured: {
    en: `at ${bytes(budget)}, ${best.name} keeps ${best.psnr.toFixed(2)} dB and SSIM ${best.ssim.toFixed(4)}`,
    zh: `${bytes(budget)} 时，${best.name} 保持 ${best.psnr.toFixed(2)} dB，SSIM ${best.ssim.toFixed(4)}`,
  },
  numbers: { "PSNR, dB": best.psnr, SSIM: best.ssim, "best SSIM": bestSsim },
});
await figures.showMarkdown(
  `Between the best way and the worst lie ${
    (best.psnr - worst.psnr).toFixed(1)
  } dB at the same budget: what is lost ` +
    `depends on the strategy, as the article says (${best.name}, ${worst.name}).\n\n同样的字节数，最好与最差的方式相差 ${
      (best.psnr - worst.psnr).toFixed(1)
    } dB：损失多少取决于策略，正如文章所说。`,
);

// %% [markdown]
// ## 9.4 Where are compressed models used? · 压缩模型在哪些领域有应用？
//
// Vision, language and recommendation are the subject of section 6, speech that of [09_4_speech](09_4_speech.ipynb).
//
// 计算机视觉、自然语言处理与推荐系统由第 6 节讨论，语音识别见 [09_4_speech](09_4_speech.ipynb)。
//
// ## 9.5 Compression and dimension reduction · 压缩模型与降维有何区别？
//
// Both “process large data”, by the article; one generates the data from a shorter program, the other reduces their
// dimensions. Principal components are the linear reduction that keeps most of the variance. A reduced set is only
// smaller if the basis counts too, and a few coefficients of full precision can take more bytes than many coarse ones:
// so for each number of dimensions we write files at several step sizes. Each row below is such a file, decoded.
//
// 按文章所说，两者都处理大数据：前者用更短的程序生成数据，后者减少维数。主成分分析是保留方差最多的线性降维。
// 降维后的数据只有连同基一起计算才谈得上更小，而少量全精度的系数可能比许多粗略的系数占更多字节；
// 因此每种维数都按几种步长写成文件。表中每行是一个这样的文件，已解码；列依次为：
// 维数、步长、字节数、占原始的百分比、PSNR、SSIM、解码毫秒数。其后的图是每种步长（step）下字节数与维数的关系，单独一点是无损的程序。

// %%
await figures.showTable(
  pca.map(({ dimensions, step, bytes, psnr, ssim, seconds }) => ({
    dimensions,
    step,
    bytes,
    "against raw, %": percent(bytes, raw),
    "PSNR, dB": decibels(psnr),
    SSIM: Number(ssim.toFixed(4)),
    "decoding, ms": milliseconds(seconds),
  })),
  "Files of principal components",
);

// %%
await figures.show(
  figures.lines({
    title:
      "Dimensions are not bytes: files of principal components, and the program, which keeps all 1,024 · " +
      "维数不等于字节数：主成分的文件，与保留全部 1,024 维的程序",
    series: [
      ...stepSizes.map((step) => {
        const points = pca.filter((p) => p.step === step);
        return {
          name: `PCA, step ${step}`,
          x: points.map((p) => p.dimensions),
          y: points.map((p) => p.bytes),
        };
      }),
      { name: "program (lossless)", x: [1024], y: [program.bytes.length] },
    ],
    x: { title: "dimensions of an image" },
    y: { title: "size (bytes)" },
    references: [{ label: "raw", value: raw }],
  }),
  "Dimensions against bytes",
);

// %% [markdown]
// Few dimensions in fine steps can take more bytes than many in coarse ones: dimensions are not bytes. The program
// keeps all 1,024.
//
// 维数少而步长细，字节可能多于维数多而步长粗：维数不等于字节数；程序保留全部 1,024 维。
//
// 主成分要多少字节才能毫无损失？要用全部主成分，步长细到每个符号都舍入到正确的值。
//
// How many bytes would principal components need to lose nothing? All of them, with steps so fine that every symbol is
// rounded to the right one.

// %%
const exactSteps = section.by({
  smoke: [1 / 4, 1 / 16],
  quick: [1 / 4, 1 / 8],
  paper: [1 / 4, 1 / 8, 1 / 16],
});
const exact = await study.pcaPoints(
  photos,
  components,
  exactSteps.map((step) => ({ dimensions: rank, step })),
  context,
);
await figures.showTable(
  exact.map(({ dimensions, step, bytes, psnr }) => ({
    dimensions,
    step,
    bytes,
    "against raw, %": percent(bytes, raw),
    "PSNR, dB": decibels(psnr),
  })),
  "All components",
);

// %% [markdown]
// Without loss, components need more bytes than the raw data: a basis and coefficients in fine steps are no shorter
// program.
//
// 主成分若要无损，字节数多于原始数据：基加上细步长的系数，并不是更短的程序。
//
// Does it help to reduce dimensions first, and to code what is left over? The article does not say so; it is shown
// because the two are so often taken together. Two files then make the set: components and residual. The residual has
// no more structure than the components leave in it; but what they took cost bytes, and a good codec may have had that
// structure for less. Expect no gain.
//
// 先降维，再编码剩余的部分，是否有帮助？文章并未这样说；因为两者常被连用，这里作个展示。两个文件合成数据：主成分与残差。
// 残差的结构只剩主成分留下的，但主成分拿走的也要字节，而好的编解码器可能以更少的字节得到同样的结构。预期没有好处。表列依次为：
// 无损编解码器、先取的主成分个数、主成分的字节数、图像或残差的字节数、合计、与不取相比的百分比。其后的图画出合计的字节数。

// %%
const twoFiles = await study.measureTwoFiles(
  photos,
  components,
  section.by({ smoke: [4], quick: [16], paper: [4, 16, 64, 256] }),
  { step: 32, training: steps },
  context,
);
twoFiles.forEach(({ flop }) => section.spend(flop));
await figures.showTable(
  twoFiles.map(({ codec, dimensions, first, second, bytes }) => {
    const alone = twoFiles.find((row) => row.codec === codec && row.dimensions === 0)!.bytes;
    return {
      "lossless codec": codec,
      "components first": dimensions,
      "components, bytes": first,
      "images or residual, bytes": second,
      "both, bytes": bytes,
      "against none, %": Number((100 * (bytes / alone - 1)).toFixed(1)),
    };
  }),
  "Components and residual",
);

// %%
await figures.show(
  figures.lines({
    title: "Lossless in two files: components, and what they leave over · 分两个文件无损编码：主成分与残差",
    series: [...Map.groupBy(twoFiles, ({ codec }) => codec)].map(([name, rows]) => ({
      name,
      x: rows.map((r) => r.dimensions),
      y: rows.map((r) => r.bytes),
    })),
    x: { title: "components in the first file" },
    y: { title: "both files (bytes)" },
  }),
  "Two files",
);
const gains = [...Map.groupBy(twoFiles, ({ codec }) => codec)].map(([codec, [alone, ...pairs]]) => {
  const gain = 100 * (Math.min(...pairs.map((pair) => pair.bytes)) / alone!.bytes - 1);
  return { codec, gain: `${gain > 0 ? "+" : "−"}${Math.abs(gain).toFixed(1)} %` };
});
const [saidGains, saidGainsZh] = [
  gains.map(({ codec, gain }) => `${codec} ${gain}`).join(", "),
  gains.map(({ codec, gain }) => `${codec === "program" ? "程序" : codec} ${gain}`).join("，"),
];
await figures.showMarkdown(
  `Components first, against none, in bytes: ${saidGains}.\n\n先取主成分与不取相比，字节数变化：${saidGainsZh}。`,
);

// %% [markdown]
// What dimension reduction is good for, by the article: less arithmetic. The nearest of the known images decides the
// class of a new one, by pixels or by coefficients. Multiplications are counted, projecting of all images included;
// seconds, taken once each, stand beside. The number of components is chosen on one half of the new images, and judged
// on the other. Expect a few dozen to be enough.
//
// 降维的用处，按文章所说，是减少计算。由最近的已知图像决定新图像的类别，用像素或用系数；数乘法次数（含所有图像的投影），
// 秒数只测一次、仅供参考。主成分个数在一半新图像上选定，在另一半上判定。预期几十个就够。表列依次为：空间（pixels 像素，
// components 主成分）、维数、判对的百分比、乘法次数占像素的百分比、投影秒数、查找秒数、两者之和与像素之比、
// 求主成分的秒数（只需一次）。其后的图是准确率与乘法次数，点旁的数字是维数。

// %%
const searches = await study.compareNearest(
  image.take(known, section.by({ smoke: 200, quick: 4000, paper: 20_000 })),
  image.take(asked, section.by({ smoke: 40, quick: 500, paper: 2000 })),
  section.by({ smoke: [8], quick: [4, 16, 32, 64, 256], paper: [2, 4, 8, 16, 32, 64, 128, 256, 512] }),
  context,
);
const [byPixels, ...byComponents] = searches;
await figures.showTable(
  searches.map((
    { space, dimensions, finding, projecting, searching, seconds, multiplications, accuracy },
  ) => ({
    space,
    dimensions,
    "right, %": percent(accuracy, 1),
    "multiplications, of the pixels', %": percent(multiplications, byPixels!.multiplications),
    "projecting, s": Number(projecting.toFixed(3)),
    "searching, s": Number(searching.toFixed(3)),
    "both, against pixels": Number((seconds / byPixels!.seconds).toFixed(3)),
    "finding the components (once), s": Number(finding.toFixed(2)),
  })),
  "Nearest neighbours",
);

// %%
await figures.show(
  figures.lines({
    title: "Nearest neighbours: accuracy against multiplications, by the number of dimensions · " +
      "最近邻：准确率与乘法次数，点旁为维数",
    series: [
      {
        name: "principal components",
        x: byComponents.map((s) => s.multiplications),
        y: byComponents.map((s) => 100 * s.accuracy),
        labels: byComponents.map((s) => String(s.dimensions)),
      },
      {
        name: "pixels",
        x: [byPixels!.multiplications],
        y: [100 * byPixels!.accuracy],
        labels: [String(byPixels!.dimensions)],
      },
    ],
    x: { title: "multiplications", log: true, format: "~s" },
    y: { title: "right (%)" },
  }),
  "Nearest neighbours in fewer dimensions",
);

// %%
const half = byPixels!.correct.length >> 1, share = (rows: readonly number[]) => lab.intervalOf(rows).mean;
const lossOn = ({ correct }: typeof searches[number], from: number, to: number) =>
  lab.intervalOf(correct.slice(from, to).map((own, i) => 100 * (byPixels!.correct[from + i]! - own)));
const enough = byComponents.filter((one) => lossOn(one, 0, half).mean <= 1)
  .toSorted((a, b) => a.multiplications - b.multiplications)[0] ?? byComponents.at(-1)!;
const part = ratio(enough.multiplications, byPixels!.multiplications);
const lost = lossOn(enough, half, byPixels!.correct.length), atMost = lab.upperEnd(lost);
const both = lab.plusMinus(lost), against = lab.plusMinus({ ...lost, mean: -lost.mean }, 1, true);
section.judge("cheaper", {
  verdict: lab.verdictOf(part <= 0.2 && atMost <= 1, part < 1 && lost.mean <= 1),
  edge: lab.onEdge(lost, 1),
  measured: {
    en:
      `${enough.dimensions} components: ${
        short(part)
      } of the multiplications, ${both} points fewer right (95 % over ` +
      `${byPixels!.correct.length - half} images), pixels ${
        (100 * share(byPixels!.correct.slice(half))).toFixed(1)
      } %`,
    zh: `${enough.dimensions} 个主成分：乘法 ${short(part)} 倍，判对的比例与像素相差 ${against} 个百分点（${
      byPixels!.correct.length - half
    } 幅图像上的 95 % 区间），像素 ${(100 * share(byPixels!.correct.slice(half))).toFixed(1)} %`,
  },
  numbers: { dimensions: enough.dimensions, multiplications: part, "lost, points": lost },
});

// %% [markdown]
// As expected, a few dozen components are right about as often as the pixels; the interval over so few images is wider
// than the point that may be lost.
//
// 与预期相符，几十个主成分的判对比例与像素相近；但图像太少，区间宽于允许损失的 1 个百分点。
//
// And the other way round: the article says that the shorter program makes computing more efficient. Its decoding is
// timed against that of a file of all components of as many bytes (within 0.5 %), by turns. Expect the program to be
// slower: it computes a network for every pixel.
//
// 反过来：文章说更短的程序提高计算效率。程序的解码与字节数相同（0.5 % 以内）的全部主成分的文件轮流计时。预期程序更慢：
// 它要为每个像素计算一次网络。表列依次为：文件、字节数、PSNR、解码毫秒数（中位数）。

// %%
const nearest = study.pcaAtBytes(photos, components, program.bytes.length);
const componentFile = reduction.encodePca(photos, components, nearest);
const setting = `${nearest.dimensions} dimensions, step ${nearest.step.toFixed(2)}`;
const [programTime, componentTime] = await lab.latencies(
  [
    { name: "program", run: () => program.decode({ signal: context.signal }) },
    { name: `PCA, ${setting}`, run: () => reduction.decodePca(componentFile) },
  ],
  section.by({ smoke: 2, quick: 5, paper: 20 }),
  context,
);

// %%
const kept = lab.qualityOf(photos, reduction.decodePca(componentFile)).psnr;
await figures.showTable([
  {
    file: "program",
    bytes: program.bytes.length,
    "PSNR, dB": "∞",
    "decoding, ms (median)": milliseconds(programTime!.seconds),
  },
  {
    file: `components: ${setting}`,
    bytes: nearest.bytes,
    "PSNR, dB": decibels(kept),
    "decoding, ms (median)": milliseconds(componentTime!.seconds),
  },
], "Decoding the program and the components");

// %%
section.judge("efficient", {
  verdict: lab.verdictOf(programTime!.seconds <= componentTime!.seconds),
  measured: {
    en: `program ${milliseconds(programTime!.seconds)} ms (${bytes(program.bytes.length)}), components ${
      milliseconds(componentTime!.seconds)
    } ms (${bytes(nearest.bytes)})`,
    zh: `程序 ${milliseconds(programTime!.seconds)} 毫秒，主成分 ${
      milliseconds(componentTime!.seconds)
    } 毫秒，字节数相同`,
  },
  numbers: { ratio: ratio(programTime!.seconds, componentTime!.seconds) },
});

// %% [markdown]
// What the two have in common is that both know what is likely. Components keep the large and drop the small; the program
// keeps everything and pays for it in time. As expected, the program is slower.
//
// 两者都知道什么更可能出现：主成分保大弃小，程序保留一切，代价是时间。程序果然更慢。

// %%
await section.keep(program, "photos, raster");
await section.keep(pyramid, "photos, pyramid");
await section.close();
