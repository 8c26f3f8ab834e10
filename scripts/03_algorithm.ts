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
// compressing program looks at, and what its bytes cost in computing. What could not come out otherwise (that six steps
// are six steps, that the code as written fails, that weights are not features) is shown and not judged. Terms are in
// the [glossary](glossary.md).
//
// 中文：本节在真实图像上运行文章第 3 节的六个步骤，得到能逐位还原数据的程序；3.2 的全连接网络（128-64-32-16）先按原样运行，
// 展示真实出现的错误，再按文字的本意（自编码器）运行，每幅图像只用 16 个数，并如实计算字节；
// 3.3 的每条优点与缺点都变成可测量的数字：速度、每个像素的比特图与注意力图、在未见图像上的表现、计算成本、换一类数据后的代价。
// 判定标准在测量之前写明；不可能有别的结果的内容只作演示。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about seven
// minutes on two cores that run another section, too,
// `paper` perhaps half an hour (estimated, not yet run). The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约七分钟，`paper` 估计约半小时（尚未运行）。下面的输出来自 `quick`。

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
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 5, paper: 8 }) }, (_, i) => seed + i);
const plusMinus = (interval: lab.Interval, digits = 3) => lab.plusMinus(interval, digits);

// %% [markdown]
// ## 3.1 The six steps · 算法原理概述
//
// Colour photos of 128×128 go in. Every stage of the library is one of the article's steps, and all are switched on,
// also those that may cost more than they bring ([section 2.2](02_core_concepts.ipynb) measures which). The diagram is
// drawn from the composition itself. A demonstration: if a step did not work, the notebook would stop.
//
// 128×128 的彩色照片经过文章的六个步骤，全部打开（包括可能得不偿失的，[2.2 节](02_core_concepts.ipynb)测量是哪些）。
// 图由流程本身画出。这是演示：若某一步不工作，笔记本会中止。

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
    steps: section.by({ smoke: 100, quick: 1000, paper: 100_000 }),
    exactly: true,
    preprocess: gray32,
  }),
);
await figures.showMarkdown("```mermaid\n" + mdl.mermaid(chain) + "\n```");

// %% [markdown]
// What each step takes and gives, from this run. Only the first throws anything away; the second to fifth change the
// model that will predict each pixel; the last trains it, codes the pixels with it, and makes a program.
//
// 本次运行中每一步的输入与输出：只有第一步丢弃信息，第二至五步改变用来预测像素的模型，
// 最后一步训练模型、用它编码像素并得到程序。表列依次为：步骤、输入（takes）、输出（gives）、做什么。“做什么”依次是：
// 变为灰度、32×32 像素；取最近的因果邻域与局部最小二乘预测，送入两个残差块；跨位置、层、尺度共享，6 比特码本；金字塔，
// 每个尺度编码较粗尺度之间的像素；查看较早的小块；两段编码：训练、量化、熵编码。inputs a pixel 为每像素的输入个数，
// parameters 为参数个数，scales 为尺度数。

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
//
// 结果不只是一个数字：它可以运行，输出的像素与输入逐一比较；载荷按尺度排列，先粗后细，从账目就能看出层次化结构。下表即账目，
// 列为：项目、字节数、百分比；decoder code 为解码器代码，weights 为权重，payload, scale 0 … 3 为由粗到细各尺度的载荷，
// 其余是文件格式、文件头、运行记录、名称与校验。

// %%
const verified = await program.verify(X, context);
await figures.showTable(
  program.ledger.entries.map(({ name, bytes }) => ({
    entry: name,
    bytes,
    "share, %": percent(bytes, program.bytes.length),
  })),
  "Ledger of the six steps",
);
const finest = program.ledger.entries.at(-1)!;
await figures.showMarkdown(
  `Verified: ${grouped(verified.symbols)} symbols identical. The finest scale alone takes ${
    percent(finest.bytes, program.bytes.length)
  } % of the file, as it has three quarters of the pixels.\n\n核对：${
    grouped(verified.symbols)
  } 个符号完全相同。最细的尺度占文件的 ${
    percent(finest.bytes, program.bytes.length)
  } %，因为它含四分之三的像素。`,
);

// %% [markdown]
// ## 3.2 The steps in detail: the dense extractor as written · 算法步骤详解：特征提取按原样运行
//
// From here on the data are pictures of 32×32 in gray (S1: the first test images of CIFAR-10). The article builds Dense
// 128, 64, 32, 16 (relu), compiles with Adam and the mean squared error, and calls `fit(data, epochs=10)`: there is no
// target to compare the 16 outputs with. Expect an error, in Keras as in tfjs. The data as their own target do not fit
// either: 16 numbers are not 1024. Which error comes is a fact of the framework: shown, not judged.
//
// 从这里起，数据是 32×32 的灰度图（S1：CIFAR-10 的前一部分测试图像）。文章搭建 128、64、32、16 的全连接层（ReLU），
// 用 Adam 优化器和均方误差编译，然后调用 `fit(data, epochs=10)`：16 个输出没有目标可比较，预期会报错，Keras 与 tfjs 都是如此；
// 以数据本身为目标也不行，因为 16 个数不是 1024 个。报什么错由框架决定，所以只演示，不判定。表列为：
// 调用、tfjs 的报错原文（第一条是没有目标，第二条是目标的形状不符）。

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
// error to fall fast and to stall: a longer training stands beside it, both with several seeds.
//
// 能保留要点的特征，应当能由它重建图像。所以按文字的本意改成自编码器：四层编码器加镜像的解码器（32-64-128-1024，sigmoid），
// 以图像本身为目标，其余不变：Adam、均方误差、10 轮。预期误差先快后慢，所以另加一个更长的训练；两者各用多个随机种子。图例：
// 10 epochs 为 10 轮，50 epochs 为 50 轮。

// %%
const train = async (set: image.Dataset, epochs: number, seed: number) => {
  const trained = await nets.trainDense(set, epochs, { ...context, seed });
  section.spend(trained.flop);
  return trained;
};
const longEpochs = section.by({ smoke: 20, quick: 50, paper: 1000 });
const tens: nets.DenseTrained[] = [], longs: nets.DenseTrained[] = [];
for (const one of seeds) {
  tens.push(await train(S1, nets.ARTICLE_EPOCHS, one));
  longs.push(await train(S1, longEpochs, one));
}
const long = longs[0]!;
await figures.show(
  figures.lines({
    title: "Error of the autoencoder · 自编码器的误差",
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
// The error falls fast and stalls, as expected: five times the epochs take off far less than the first ten.
//
// 误差如预期先快后慢：五倍的轮数所减少的远不及最初十轮。
//
// ### Reading one: `get_weights()` of the last layer · 最后一层的权重
//
// The code returns the last layer's weights: a kernel of 32×16 and 16 biases. They are one and the same for all
// pictures. Here they are, and what share of the network's parameters they make up.
//
// 文章的代码返回最后一层的权重：32×16 的矩阵和 16 个偏置；对所有图像都是同一组。下图画出它们，
// 其下一行是它们在网络全部参数中所占的份额。

// %%
const last = (trained: nets.DenseTrained, when: "layers" | "initial" = "layers") =>
  trained[when][nets.DENSE.length - 1]!;
const { kernel, bias } = last(tens[0]!), returned = kernel.length + bias.length;
const extractor = nets.denseParameters([1024, ...nets.DENSE]);
await figures.show(
  figures.heatmap({
    title:
      "What the article's function returns: the last layer's kernel · 文章的函数返回什么：最后一层的权重矩阵",
    values: kernel,
    height: 32,
    width: 16,
    unit: "weight",
    rows: "input of the layer",
    columns: "output of the layer",
  }),
  "Last layer",
);
const returnedShare = percent(returned, extractor);
console.log(
  `${returned} of ${grouped(extractor)} parameters: ${returnedShare} % · ${
    grouped(extractor)
  } 个参数中的 ${returned} 个：${returnedShare} %`,
);

// %% [markdown]
// Are they features of the data? If so, the same pictures should give the same weights from any seed, and clothes
// others than animals and cars. We train on clothes, too, and correlate the kernels. Expect the opposite: the weights
// remember where they began better than what they saw. This is a demonstration and no claim: units have no fixed order,
// and that alone makes the kernels of two seeds unlike, whatever they have learnt.
//
// 权重是不是数据的特征？若是，同样的图像在任何种子下都应得到同样的权重，而服装应得到与动物、汽车不同的权重。
// 我们也在服装上训练，并求权重矩阵的相关系数。预期相反：权重更像自己的初值。单元没有固定次序，
// 仅此一点就会使不同种子的权重不相似，所以这只是演示。表中各行是在 S1 上训练的矩阵分别与以下三者的相关系数：
// 同样的图像、其他种子；其他图像（服装）、同一种子；它自己训练之前的值。

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
// The same seed gives nearly the same numbers for other pictures: what the function returns is the seed's, not the
// data's.
//
// 同一种子对别的图像几乎给出相同的数：函数返回的是种子的痕迹，而不是数据的特征。若只知道这些数，
// 解码器只能给所有图像输出同一幅图，最好的是全部图像的均值，即下文的“one for all”。
//
// Without more to go by, a decoder that knows these numbers alone can only print one picture for all; the best one is
// the mean of all pictures. It stands below as “one for all”.
//
// ### Reading two: the activations · 激活值
//
// The features of a picture are what the last layer *gives* for it: 16 numbers. But relu lets some of them die: a unit
// that is 0 for every picture says nothing. How many are left, seed by seed?
//
// 一幅图像的特征是最后一层对它的输出：16 个数。但 ReLU 会让一些单元对所有图像都为 0，不含任何信息。每个种子还剩几个？
// 表列依次为：种子、恒为 0 的输出数、16 个中仍有用的、最后一轮的均方误差。

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
// Where an output is always 0, fewer than 16 numbers are left. A receiver needs the decoder half of the network as well
// as the numbers. Both go to 8 bits, then brotli; the file is read again, and the pictures below come out of it. Expect
// the decoder to be by far the larger part, and a JPEG of the same length (one sheet of all pictures) to look much
// better.
//
// 恒为 0 的输出使可用的数少于 16 个。接收者需要网络的解码器部分和这些数。两者都量化为 8 比特再用 brotli 压缩，读回文件再解码，
// 得到下面的图像。预期：解码器占大头，同样长度的 JPEG（全部图像拼成一张）好得多。图与表依次为：
// 原图（original）、所有图像共用一幅均值图（one for all）、16 个数训练 10 轮与更多轮、JPEG；表列为：
// 编码方式、字节数、每幅图像的字节数、PSNR、SSIM。

// %%
const fileOf = (trained: nets.DenseTrained) => {
  const file = nets.encodeDense(S1, trained), decoded = nets.decodeDense(file, S1);
  return { bytes: file.length, decoded, ...lab.qualityOf(S1, decoded) };
};
const files = [fileOf(tens[0]!), fileOf(long)] as const, everyLong = longs.map(fileOf);
const sums = new Float64Array(1024);
S1.symbols.forEach((v, i) => sums[i % 1024]! += v);
const mean = sums.map((sum) => Math.round(sum / S1.names.length));
const oneForAll = { ...S1, symbols: S1.symbols.map((_, i) => mean[i % 1024]!) };
const jpeg = await lab.atBytes(S1, "JPEG", files[1].bytes, context);

// %%
const lossy = [
  {
    what: "one for all (the mean picture)",
    zh: "共用一幅均值图",
    bytes: 1024,
    decoded: oneForAll,
    ...lab.qualityOf(S1, oneForAll),
  },
  { what: "16 numbers, 10 epochs", zh: "16 个数，10 轮", ...files[0] },
  { what: `16 numbers, ${longEpochs} epochs`, zh: `16 个数，${longEpochs} 轮`, ...files[1] },
  ...(jpeg
    ? [{
      what: `JPEG, quality ${jpeg.quality}`,
      zh: `质量 ${jpeg.quality}`,
      ...jpeg,
      ...lab.qualityOf(S1, jpeg.decoded),
    }]
    : []),
];

// %%
await figures.showImages(
  [{ what: "original", zh: "原图", decoded: S1 }, ...lossy].map(({ what, zh, decoded }) => ({
    title: `${what} · ${zh}`,
    picture: lab.contactSheet(image.take(decoded as image.Dataset, 32), 8),
  })),
  "Rebuilt from 16 numbers · 由十六个数重建",
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

// %%
const onePicture = lossy[0]!.psnr;
const kept = {
  psnr: lab.intervalOf(everyLong.map(({ psnr }) => psnr)),
  ssim: lab.intervalOf(everyLong.map(({ ssim }) => ssim)),
  gain: lab.intervalOf(everyLong.map(({ psnr }) => psnr - onePicture)),
};

// %%
section.judge("keepsFeatures", {
  verdict: lab.verdictOf(
    lab.lowerEnd(kept.psnr) >= 25 && lab.lowerEnd(kept.ssim) >= 0.8,
    lab.lowerEnd(kept.gain) >= 3,
  ),
  edge: lab.onEdge(kept.psnr, 25) || lab.onEdge(kept.ssim, 0.8) || lab.onEdge(kept.gain, 3),
  measured: {
    en: `${plusMinus(kept.psnr, 1)} dB, SSIM ${plusMinus(kept.ssim, 2)} (${seeds.length} seeds) in ${
      grouped(files[1].bytes)
    } B; one picture for all ${onePicture.toFixed(1)} dB; JPEG in as many bytes ${
      lossy[3]?.psnr.toFixed(1) ?? "–"
    } dB`,
    zh: `${grouped(files[1].bytes)} 字节中保留 ${plusMinus(kept.psnr, 1)} dB，SSIM ${
      plusMinus(kept.ssim, 2)
    }（${seeds.length} 个种子）；所有图像共用一幅图 ${onePicture.toFixed(1)} dB；同样字节数的 JPEG ${
      lossy[3]?.psnr.toFixed(1) ?? "–"
    } dB`,
  },
  numbers: {
    "PSNR, dB": kept.psnr,
    SSIM: kept.ssim,
    "above one picture, dB": kept.gain,
    bytes: files[1].bytes,
  },
});

// %% [markdown]
// The network's pictures keep where it is light and where dark, and hardly anything else; JPEG is far ahead, as
// expected. And without loss? What the 16 numbers miss is coded as a picture of its own, by JPEG XL. If they had taken
// the regularities out, that remainder would be cheap. Beside it, JPEG XL on the originals, and a program of ours.
//
// 网络的图像只保留了明暗的大致分布；JPEG 远远领先，与预期相符。再看无损：16 个数漏掉的残差另存为一幅图，用 JPEG XL 编码；
// 若特征已取走规律，残差应当便宜。图中三条依次为：我们的程序、直接用 JPEG XL、16 个数加残差（16 numbers + remainder）；
// 虚线是原始大小（raw）。

// %%
const residual = reduction.residualOf(S1, files[1].decoded);
const jpegXl = async (set: image.Dataset) =>
  (await lab.measureBaselines(set, { ...context, effort: "quick", only: ["JPEG XL"] }))[0]!;
const [plainXl, residualXl] = [await jpegXl(S1), await jpegXl(residual)];
const restored = reduction.withResidual(files[1].decoded, residual).every((v, i) => v === S1.symbols[i]);
const stages = mdl.pipe(
  mdl.features(),
  mdl.sharing(),
  mdl.attention({ over: "patches" }),
  mdl.compress({ steps: section.by({ smoke: 300, quick: 3000, paper: 100_000 }), exactly: true }),
);
const { output: ours } = await stages.run(S1, { ...context, log: () => {} });
section.spend(ours.trained!.flop);
await ours.verify(S1, context);

// %%
const withFeatures = files[1].bytes + residualXl.bytes;
await figures.show(
  figures.sizeBars({
    title: `${S1.names.length} pictures without loss · ${S1.names.length} 幅图片，无损`,
    sizes: [
      { label: "MDLab program", bytes: ours.bytes.length, ours: true },
      { label: "16 numbers + remainder", bytes: withFeatures },
      { label: "JPEG XL", bytes: plainXl.bytes },
    ],
    references: [{ label: "raw", value: S1.symbols.length }],
  }),
  "Without loss",
);
const dearer = 100 * (withFeatures / plainXl.bytes - 1);
await figures.showMarkdown(
  `Pictures rebuilt + remainder = originals: ${restored}. Taking 16 numbers first makes the lossless description ${
    Math.abs(dearer).toFixed(0)
  } % ${dearer > 0 ? "longer" : "shorter"} than JPEG XL's of the originals: ${
    dearer > 0 ? "what the numbers took cost more than it saved" : "they pay"
  }.` +
    `\n\n先取 16 个数，无损描述比直接用 JPEG XL ${dearer > 0 ? "长" : "短"} ${
      Math.abs(dearer).toFixed(0)
    } %。`,
);

// %% [markdown]
// ## 3.3 Advantages · 算法优缺点：优点
//
// ### Efficient? · 高效性
//
// By compression, says the article, a model processes large data faster. What compresses the model is sharing: one
// network for all positions in place of one for each. Both have the same shape and do the same FLOP for a pixel; only
// memory differs. We train both with equal FLOP and decode both programs in turns. (Compressed *data* are not faster to
// use: raw pixels need no decoding at all. What is saved there is space.) Three trainings each and several decodings,
// by turns: medians decide. Expect the shared one to be faster, as its weights stay in the processor's cache.
//
// 文章说，压缩使模型更快地处理大数据。压缩模型的是参数共享：所有位置共用一个网络，而不是每个位置一个。两者形状相同，
// 每像素的浮点运算次数相同，只有内存不同；以同样的计算量训练，并轮流解码两个程序。（压缩后的数据用起来并不更快：
// 原始像素根本无需解码，省下的是空间。）各训练三次、解码多次，轮流进行，以中位数判定。预期共享（shared）的更快，
// 因为权重留在处理器的缓存里。表列依次为：预测器、参数个数、每像素浮点运算次数、训练秒数、解码秒数（中位数）、程序字节数。

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
    "training, s (median)": speed.trainingSeconds.toFixed(2),
    "decoding, s (median)": study.decodingSeconds(speed).toFixed(3),
    "program, bytes": speed.bytes,
  })),
  "Speed",
);

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
  measured: {
    en: `with sharing decoding takes ${ratios.decoding.toFixed(2)} of the time and training ${
      ratios.training.toFixed(2)
    } (medians by turns), at ${sharedSpeed.flop} FLOP a pixel both`,
    zh: `共享时解码用时为 ${ratios.decoding.toFixed(2)} 倍，训练为 ${
      ratios.training.toFixed(2)
    } 倍（轮流测量的中位数），每像素同为 ${sharedSpeed.flop} 次浮点运算`,
  },
  numbers: { "decoding, ratio": ratios.decoding, "training, ratio": ratios.training },
});

// %% [markdown]
// ### Interpretable? · 可解释性
//
// First the map that any compressor gives for free: what each pixel of a picture costs. Expect edges and texture to be
// dear and smooth places cheap: one can see what the model did not foresee. The image is one with smooth and rough
// parts.
//
// 先看任何压缩器都附带给出的图：一幅图像中每个像素的代价。预期边缘与纹理贵、平滑处便宜：可以看出模型没有预见到什么。
// 所选图像兼有平滑与粗糙的部分。

// %%
const model = await mdl.modelOf(ours.bytes, context);
const encoder = await image.openEncoder(model.spec, 1, S1.groups, model.weights, model.steps);
const picked = study.mixedImage(S1, S1.names.length), shown = [...image.images(S1)][picked.index]!;
const costs = Float64Array.from(encoder.encodeScale(shown.pixels, 32, 32, 0), (p) => -Math.log2(p));
await figures.show(
  figures.heatmap({
    title: "What the pixels of one picture cost · 一幅图像中各像素的代价",
    values: costs,
    height: 32,
    width: 32,
    unit: "bits",
  }),
  "Bits of each pixel",
);

// %% [markdown]
// Edges are dear and smooth places cheap, as expected (and the first rows, where little is known yet). Next, where
// attention looks before it predicts a pixel: at earlier places whose surroundings resemble the pixel's. The pixel
// asked about is orange, its value stands above, and the brighter a place, the more it counts. Nothing is learnt here:
// attention is a fixed function of the pixels, the same in every program. Expect edges to look along edges, and smooth
// places everywhere.
//
// 果然边缘贵、平滑处便宜（最初几行也贵，因为那时所知甚少）。再看注意力在预测一个像素之前看哪里：周围与它相似的较早位置。
// 橙色是所问的像素，标题给出它的行（row）、列（column）与值（value）；越亮权重越大。这里没有任何东西是学得的：
// 注意力是像素的固定函数，在每个程序中都一样。预期边缘处沿着边缘看，平滑处到处看。

// %%
const contexts = study.attentionContexts(shown);
const asked = [[picked.row, picked.column], [10, 12], [16, 20], [24, 9], [28, 22]] as const;
const pictureOf = (y: number, x: number) => {
  const { shares } = study.attentionAt(shown, contexts, y, x), most = Math.max(...shares);
  return study.marked({ ...shown, pixels: Uint8Array.from(shares, (share) => 230 * share / most) }, y, x);
};
await figures.showImages(
  [
    { title: "the picture · 该图像", picture: { ...shown, channels: 1 } },
    ...asked.map(([y, x]) => ({
      title: `row ${y}, column ${x}: value ${shown.pixels[32 * y + x]}`,
      picture: pictureOf(y, x),
    })),
  ],
  "Where attention looks · 注意力看哪里",
  3,
);

// %%
const places = study.meanAttendedPlaces(image.take(S1, 30)), REACHED = study.PLACES_IN_REACH;
await figures.showMarkdown(
  `On average attention is as good as evenly spread over ${
    places.toFixed(1)
  } of ${REACHED} places in reach: it is a ` +
    `blur with bright spots, and no pointer.\n\n平均而言，注意力相当于均匀分布在 ${REACHED} 个可及位置中的 ${
      places.toFixed(1)
    } 个上：是带亮点的模糊，而不是指针。`,
);

// %% [markdown]
// The claim is that hierarchy and attention make a model easier to understand. Two things that a model can fail in,
// each with and without them. *What it looks at*: neighbours of a pixel are changed by a few gray values, and the
// prediction moves by so many bits; the more of that lies in the four adjacent pixels, the fewer places there are to be
// understood (with attention and without, in raster order). *What is inside*: if hidden units mean something, a
// training from another seed finds them again; for every unit the likest one of another seed's model is looked for (a
// pyramid with attention, and raster order without). Expect attention to spread the influence, as it looks further, and
// units to be as strange to one another with both as without.
//
// 论断：层次化结构与注意力使模型更易理解。用两项模型可能通不过的检验，各比较“有”（with）与“无”（without）。一是它看什么：
// 把一个像素的某个邻近像素改动几个灰度级，预测会变动若干比特；这一影响越集中于相邻的四个像素，需要理解的位置越少（光栅顺序，
// 有无注意力）。二是内部是什么：若隐藏单元有意义，用另一随机种子训练应能重新找到它；
// 为每个单元寻找另一模型中最相似的单元（金字塔加注意力，与光栅顺序且无注意力相比）。预期：注意力看得更远，会分散影响；
// 而单元之间，有无两种机制都同样陌生。
//
// 图中原点 (0, 0) 是所预测的像素，颜色表示各邻近像素的影响（比特）；表的两行依次为：
// 相邻四个像素的影响份额（%）、一个单元与最相似单元的余弦的绝对值。

// %%
const some = image.take(S1, section.by({ smoke: 40, quick: 300, paper: 1000 }));
const insideSteps = section.by({ smoke: 30, quick: 600, paper: 20_000 });
const insides = async (variant: article.Variant) => {
  const models = await study.trainInsides(some, variant, insideSteps, seeds, context);
  models.forEach(({ flop }) => section.spend(flop));
  return models;
};
const plainVariant = article.sharedVariant(1e9), over = "patches" as const;
const plainModels = await insides(plainVariant);
const attentive = await insides({ ...plainVariant, attention: { over } });
const both = await insides({ ...plainVariant, attention: { over }, hierarchy: { order: "pyramid" } });
const pixels = section.by({ smoke: 8, quick: 48, paper: 1000 });
const mapsOf = async (models: typeof plainModels) => {
  const maps = [];
  for (const model of models) maps.push(await study.influenceOf(model, some, pixels, context));
  return maps;
};
const maps = { without: await mapsOf(plainModels), attention: await mapsOf(attentive) };

// %%
const influence = maps.attention[0]!;
await figures.show(
  figures.heatmap({
    title:
      "How much the prediction of a pixel (0, 0) moves with each neighbour, with attention · 各邻近像素使像素 (0, 0) 的预测变动多少（有注意力）",
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
const nearShare = {
  without: maps.without.map((map) => 100 * study.adjacentShare(map)),
  attention: maps.attention.map((map) => 100 * study.adjacentShare(map)),
};
const alikeness = { without: study.likenesses(plainModels), both: study.likenesses(both) };
await figures.showTable([
  {
    measure: "influence of the 4 adjacent pixels, %",
    without: plusMinus(lab.intervalOf(nearShare.without), 1),
    with: plusMinus(lab.intervalOf(nearShare.attention), 1),
  },
  {
    measure: "|cosine| of a unit to its likest one",
    without: plusMinus(lab.intervalOf(alikeness.without)),
    with: plusMinus(lab.intervalOf(alikeness.both)),
  },
], `Understood by their likeness: ${lab.intervalName(seeds.length)}`);

// %%
const clearer = {
  near: lab.intervalOf(nearShare.attention.map((share, i) => share - nearShare.without[i]!)),
  units: lab.intervalOf(alikeness.both.map((mean, i) => mean - alikeness.without[i]!)),
};
section.judge("interpretable", {
  verdict: lab.verdictOf(
    lab.lowerEnd(clearer.near) > 0 && lab.lowerEnd(clearer.units) > 0,
    lab.lowerEnd(clearer.near) > 0 || lab.lowerEnd(clearer.units) > 0,
  ),
  edge: lab.onEdge(clearer.near, 0) || lab.onEdge(clearer.units, 0),
  measured: {
    en:
      `share of the 4 adjacent pixels with attention less without: ${
        plusMinus(clearer.near, 1)
      } points; likeness of ` +
      `units with both less without: ${plusMinus(clearer.units)} (${seeds.length} seeds)`,
    zh: `邻近四个像素的影响份额，有注意力减无注意力：${
      plusMinus(clearer.near, 1)
    } 个百分点；单元相似度，两者都有减都无：${plusMinus(clearer.units)}（${seeds.length} 个种子）`,
  },
  numbers: { "adjacent, points": clearer.near, "likeness of units": clearer.units },
});

// %% [markdown]
// What a program looks at can be seen, and is the same from seed to seed: mostly the nearest pixels. What is inside
// cannot: the article's own drawback, that interpretation stays difficult, is the other side of this table. Attention
// has not spread the influence, against what was expected, and units are stranger to one another with both mechanisms
// than without.
//
// 程序看哪里是看得见的，主要是最近的像素，而且各种子一致；内部的单元则难以解释，这正是文章所列的缺点“可解释性仍有困难”。
// 两项预期都没有应验：注意力没有分散影响（70.5 % 对 70.0 %，相差在区间之内）；单元则因两种机制而更不相似（0.605 对 0.507），
// 并非同样陌生。

// %% [markdown]
// ### General? · 泛化能力
//
// A predictor trained on few pictures meets pictures that it has not seen. Of two halves each is seen by one training
// and unseen by the other, so that it does not matter which half is harder. Code lengths under the model stand for
// bytes here (estimates: the weights are not counted). First against the number of parameters, all trained for equally
// many steps: expect a gap that grows with the width.
//
// 在少量图像上训练的预测器，遇到未见过的图像。图像分为两半，每一半都由一次训练见过（seen）、另一次未见（unseen），
// 所以哪一半更难并不要紧。这里以模型下的编码长度代替字节数（估计值，不计权重）。先看参数个数，训练步数都相同：预期网络越宽，
// 差距越大。

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
const gapFlop = section.by({ smoke: 1e8, quick: 2e9, paper: 5e10 });
const base = article.sharedVariant(gapFlop), gapSteps = section.by({ smoke: 10, quick: 600, paper: 5000 });
const widths: study.Gap[] = [];

// %%
for (const width of [4, 12, 40, 128]) {
  widths.push(await gapOf({ ...base, features: { width } }, { steps: gapSteps }, seed));
}
await figures.show(
  figures.lines({
    title:
      `Trained on ${half} pictures: what seen and unseen ones cost · 在 ${half} 幅图像上训练：见过与未见图像的代价`,
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
// The gap grows with the width, as expected; where the upper line still falls, the wider network is nevertheless the
// better one on unseen pictures. Then the article's two reasons, one at a time, with equal FLOP: without sharing (a
// predictor for each position, at its best width), with sharing, and with attention added. Expect sharing to close the
// gap, and attention to change little.
//
// 差距随宽度增大，与预期相符；但只要上面那条线仍在下降，更宽的网络对未见图像还是更好。
// 再逐项检验文章的两个理由（浮点运算次数相同）：不共享（每个位置一个预测器，取其最佳宽度）、共享、再加注意力。
// 预期共享会消除差距，注意力影响不大。表列依次为：预测器（not shared 不共享，shared 共享，
// shared + attention 共享加注意力）、种子、参数个数、见过与未见图像的每像素比特数、两者之差（gap）。

// %%
const variants = {
  "not shared": article.unsharedVariant(S1),
  "shared": base,
  "shared + attention": { ...base, attention: { over: "patches" as const } },
};
const gaps: { name: string; seed: number; gap: study.Gap }[] = [];
for (const one of seeds) {
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

// %%
const unseenOf = (name: string) => gaps.filter((one) => one.name === name).map(({ gap }) => gap.unseen);
const [alone, together, withAttention] = Object.keys(variants).map(unseenOf) as [
  number[],
  number[],
  number[],
];
const bySharing = lab.intervalOf(together.map((bits, i) => bits - alone[i]!));
const byAttention = lab.intervalOf(withAttention.map((bits, i) => bits - together[i]!));

// %%
section.judge("general", {
  verdict: lab.verdictOf(
    lab.upperEnd(bySharing) < 0 && lab.upperEnd(byAttention) < 0,
    lab.upperEnd(bySharing) < 0 || lab.upperEnd(byAttention) < 0,
  ),
  edge: lab.onEdge(bySharing, 0) || lab.onEdge(byAttention, 0),
  measured: {
    en:
      `unseen pictures: ${plusMinus(bySharing)} bits/pixel by sharing, ${
        plusMinus(byAttention)
      } by attention (95 % ` +
      `interval, ${seeds.length} seeds)`,
    zh: `未见图像：共享 ${plusMinus(bySharing)} 比特/像素，注意力 ${
      plusMinus(byAttention)
    }（95 % 区间，${seeds.length} 个种子）`,
  },
  numbers: { "sharing, bits/pixel": bySharing, "attention, bits/pixel": byAttention },
});

// %% [markdown]
// Sharing closes nearly all of the gap, as expected; what attention adds is small, and the verdict says how sure it is.
//
// 共享几乎消除了差距，与预期相符；注意力的作用很小，是否可靠见判定。

// %% [markdown]
// ## 3.3 Drawbacks · 算法优缺点：缺点
//
// ### Costly? · 计算成本
//
// Programs of the same pictures, trained with more and more FLOP, against JPEG XL: its bytes are the dashed line, and
// its seconds (those of its best setting alone) a row of the table. The cheapest program that is shorter than JPEG XL
// is then made and decoded again, by turns with JPEG XL: medians decide. Expect it to take longer in both.
//
// 同样的图像，训练的浮点运算次数逐渐增加，与 JPEG XL 比较：虚线是它的字节数，表中最后一行是它的秒数（仅其最佳设置）。
// 比 JPEG XL 短的程序中最省的一个，再与 JPEG XL 轮流制作和解码，以中位数判定。预期两者都比 JPEG XL 慢。表列依次为：
// 编码方式（program 为程序）、训练的浮点运算次数、编码秒数、解码秒数、字节数、比 JPEG XL 节省的字节（负数为更长）。

// %%
const budgets = section.by({ smoke: [1e8, 1e9], quick: [1e9, 5e9, 2e10], paper: [1e9, 1e10, 1e11, 1e12] });
const spent = await study.measureCosts(S1, budgets, context);
spent.forEach(({ flop }) => section.spend(flop));
await figures.show(
  figures.lines({
    title: "What bytes cost in training · 字节数与训练的浮点运算次数",
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

// %%
const enough = spent.findIndex(({ bytes }) => bytes < plainXl.bytes),
  chosen = enough < 0 ? spent.length - 1 : enough;
const ownTimes = [spent[chosen]!],
  itsTimes = [plainXl],
  rounds = section.by({ smoke: 2, quick: 3, paper: 5 });
while (ownTimes.length < rounds) {
  ownTimes.push(...await study.measureCosts(S1, [budgets[chosen]!], context));
  itsTimes.push(await jpegXl(S1));
}
const seconds = {
  making: figures.median(ownTimes.map(({ encodingSeconds }) => encodingSeconds)),
  decoding: figures.median(ownTimes.map(({ decodingSeconds }) => decodingSeconds)),
  itsMaking: figures.median(itsTimes.map(({ seconds }) => seconds)),
  itsDecoding: figures.median(itsTimes.map(({ decodeSeconds }) => decodeSeconds)),
};
const slower = [seconds.making > seconds.itsMaking, seconds.decoding > seconds.itsDecoding];

// %%
section.judge("costly", {
  verdict: lab.verdictOf(slower.every(Boolean), slower.some(Boolean)),
  measured: {
    en:
      `${spent[chosen]!.flop.toExponential(1)} FLOP are ${
        enough < 0 ? "not " : ""
      }enough to be shorter than JPEG XL; ` +
      `medians of ${rounds} by turns: ${seconds.making.toFixed(1)} s to make, ${
        seconds.decoding.toFixed(2)
      } s to decode; ` +
      `JPEG XL ${seconds.itsMaking.toFixed(1)} s and ${seconds.itsDecoding.toFixed(2)} s`,
    zh: `${spent[chosen]!.flop.toExponential(1)} 次浮点运算${
      enough < 0 ? "不足以" : "足以"
    }短于 JPEG XL；${rounds} 轮的中位数：制作 ${seconds.making.toFixed(1)} 秒，解码 ${
      seconds.decoding.toFixed(2)
    } 秒；JPEG XL 为 ${seconds.itsMaking.toFixed(1)} 秒与 ${seconds.itsDecoding.toFixed(2)} 秒`,
  },
  numbers: {
    "making, ratio": seconds.making / seconds.itsMaking,
    "decoding, ratio": seconds.decoding / seconds.itsDecoding,
    "shortest, bytes": Math.min(...spent.map(({ bytes }) => bytes)),
  },
});

// %% [markdown]
// To make, the program takes about as long as JPEG XL, which was not expected; to decode, much longer, which was.
//
// 制作的用时与 JPEG XL 相近，出乎预期；解码则长得多，与预期相符。
//
// ### Dependent on the data? · 数据依赖性
//
// The weights of a program for S1 on pictures of other kinds, against the program that such a set gets when it trains
// its own, with equal FLOP: both are files, decoded and compared. Expect unseen pictures of S1's own kind to cost about
// the same, and other kinds more, the more they differ from it.
//
// 为 S1 学得的权重用于别类图像，与该类图像以同样的浮点运算次数训练自己的权重相比，都是解码并核对过的真实文件。预期：
// 同类的未见图像代价大致相同，其他种类差别越大，代价越高。表列依次为：图像（unseen, same kind 同类未见，photos 照片，
// emoji 表情符号，clothes 服装）、自己的权重、S1 的权重（程序字节数）、长出的百分比、自己权重下每像素比特数。

// %%
const KINDS: Readonly<Record<string, string>> = {
  "unseen, same kind": "同类未见",
  "photos": "照片",
  "emoji": "表情符号",
  "clothes": "服装",
};

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
  section.by({ smoke: 1e8, quick: 5e9, paper: 1e11 }),
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

// %%
const apartKinds = worse.slice(1).map((more) => more >= 5);
section.judge("dataDependent", {
  verdict: lab.verdictOf(apartKinds.every(Boolean), apartKinds.some(Boolean)),
  measured: {
    en: `S1's weights are longer on ${
      shifts.map(({ name }, i) => `${name}: ${worse[i]!.toFixed(1)} %`).join(", ")
    }`,
    zh: `S1 的权重在各类图像上多用的字节：${
      shifts.map(({ name }, i) => `${KINDS[name]} ${worse[i]!.toFixed(1)} %`).join("，")
    }`,
  },
  numbers: Object.fromEntries(shifts.map(({ name }, i) => [`${name}, %`, worse[i]!])),
});

// %% [markdown]
// As expected, unseen pictures of the same kind cost hardly more, and emoji most. Photos cost only 1.8 % more, under the
// 5 % of the threshold.
//
// 与预期相符：同类的未见图像几乎不多用字节，表情符号多用得最多。照片只多用 1.8 %，不到标准的 5 %。
//
// And the controls: noise, and the same pixels in random order, hold no regularity but how often each value comes. No
// honest compressor gets below that, so this is a check of our own counting, and no claim.
//
// 对照：噪声（noise）与打乱的像素（shuffled）除了各值的频率之外没有规律，如实计数的压缩器不可能更短；这是对我们自己计数的检查，
// 不是论断。下图各组依次是上述各类图像（own weights 自己的权重，
// S1's weights S1 的权重）与两种对照（entropy of its values 零阶熵，own program 自己的程序），单位为比特/符号，
// 虚线是原始的 8 比特。

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
    title: "Kinds of pictures, and what must not compress · 各类图像，以及不应能压缩的数据",
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

// %%
const above = controls.every(({ bytes, bound }) => bytes >= bound);
const dearest = shifts[worse.indexOf(Math.max(...worse))]!.name;
await figures.showMarkdown(
  `Noise and shuffled pixels ${
    above ? "stay above" : "FALL BELOW"
  } their entropy. Dearest under S1's weights: ${dearest}.\n\n` +
    `噪声与打乱的像素${above ? "没有低于" : "低于了"}其熵；在 S1 的权重下代价最高的是${KINDS[dearest]}。`,
);

// %% [markdown]
// ## 3.4 Fields of application · 算法应用领域
//
// Vision, language and recommendation, which this subsection lists, are the subject of section 6.
//
// 本小节所列的计算机视觉、自然语言处理与推荐系统，由第 6 节讨论。

// %%
await section.keep(program, "photos");
await section.close();
