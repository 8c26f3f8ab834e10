// %% [markdown]
// # 5. Project practice: code and explanation · 项目实践：代码实例和详细解释说明
//
// The article sets up an environment (5.1), prints a program with a convolutional network and five steps that are only
// names (5.2), explains what each step does (5.3), and shows a picture before and after compression (5.4). Here that
// program is run as it is written first, with the errors that really come; then it is mended step by step, until it is a
// codec: an autoencoder with the article's network, whose file is decoded and compared.
//
// You will see: what runs and what does not (shown and not judged: the errors are what they are); what sharing,
// hierarchy and attention are worth on this very network, in dB at equal bytes; originals and reconstructions side by
// side at several rates, against JPEG, WebP and the first scales of a lossless program; and how much a classifier still
// recognises of each. Terms are in the [glossary](glossary.md).
//
// 中文：本节先按原样运行文章 5.2 的代码，并展示真实出现的错误；然后一步步修好它，使同一个卷积网络成为真正的编解码器：
// 写出文件，再读回、核对并解码。接着在相同字节数下测量参数共享、层次化结构和注意力机制各带来多少分贝，
// 与 JPEG、WebP 以及无损程序的前几个尺度并排对比，并用分类器检验“保留了主要特征”是否属实。原文代码的错误只作展示，不作判定。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about eight
// minutes on two cores that run another section, too,
// `paper` perhaps an hour (estimated, not yet run). The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约八分钟，`paper` 估计约一小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as nets from "experiments/networks/mod.ts";
import * as study from "experiments/programs/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after. “Equal bytes” means
// that every coding gets the same budget, a sixteenth of the raw pixels unless another one is named, and that our
// networks use it to 0.5 %: their codes are rounded in steps just fine enough. (At an eighth the shared network's
// finest codes are shorter than that, and the tables say how long.) JPEG and WebP have whole qualities: the best that
// fits.
//
// “字节数相同”指同样的预算：除非另有说明，为原始像素的十六分之一；我们的网络用足预算（相差 0.5 % 以内），
// 编码的舍入步长取得刚好够细。（预算为八分之一时，共享网络最细的编码也用不完，表中列出实际长度。）JPEG 与 WebP 的质量是整数，
// 取不超过预算的最好一档。
//
// 测量之前先写明每条论断及其成立的标准；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("05_practice", settings, claims["05_practice"]);

// %%
const { context, preset, seed } = section;
const grouped = (n: number) => n.toLocaleString("en");
const signed = (interval: lab.Interval) => lab.plusMinus(interval, 2, true);

// %% [markdown]
// ## 5.1 Development environment · 开发环境搭建
//
// The article asks for Python 3.6, TensorFlow 2.0, NumPy and Matplotlib. The same network runs here in TypeScript on
// TensorFlow.js; arrays are typed arrays, and figures are drawn by plotly.js. Nothing is installed into the system.
//
// 文章要求 Python 3.6、TensorFlow 2.0、NumPy、Matplotlib；这里同样的网络用 TypeScript 与 TensorFlow.js 运行，
// 数组为类型化数组，图由 plotly.js 画出，系统里不安装任何东西。表的左列依次为：
// 文章、语言与运行时、库、张量与训练、系统、各后端（webgpu、wasm、cpu）、所用的后端。

// %%
await figures.showTable([
  { part: "the article", found: "Python ≥ 3.6, TensorFlow ≥ 2.0, NumPy, Matplotlib" },
  ...await study.describeEnvironment(),
], "Environment");

// %% [markdown]
// ## 5.2 Source code · 源代码详细实现
//
// First the data, which the article takes from `load_data()` and does not define: here the photo patches of the case
// study ([section 4.3](04_mathematical_model.ipynb)), gray and 32×32 after preprocess.
//
// 先看数据：文章用 `load_data()` 载入而没有定义；这里取[第 4.3 节](04_mathematical_model.ipynb)案例的照片块，
// 预处理后为 32×32 灰度图。

// %%
const photos = await mdl.loadDataset("photos", {
  ...context,
  take: section.by({ smoke: 120, quick: 1000, paper: 1000 }),
});
const X = section.use(mdl.transform(photos, { gray: true, size: { width: 32, height: 32 } }));
const raw = X.symbols.length;
const chosen = Array.from({ length: 12 }, (_, i) => Math.floor((i + 0.5) * X.names.length / 12)); // to be shown
const sheet = (set: image.Dataset, columns = 4) => lab.contactSheet(lab.select(set, chosen), columns);
await figures.showImages(
  [{ title: "the data, 32×32 gray · 数据，32×32 灰度", picture: lab.contactSheet(image.take(X, 60), 20) }],
  "Data · 数据",
);

// %% [markdown]
// ### As it is written · 按原文运行
//
// The network can be built. The article's input has three channels, though section 4.3 has just made the images gray.
// Expect 93,248 parameters with three channels, the number that 1/10 refers to.
//
// 网络可以建立。文章的输入有三个通道，虽然 4.3 节刚把图像变成灰度；三个通道时应有 93,248 个参数，“1/10”指的就是它。
// 表的两行为：按原文（三通道）、用于灰度图（单通道）；列为：网络、参数个数、输出的形状（图像数 × 512）。

// %%
const colour = nets.articleExtractor(3, seed), gray = nets.articleExtractor(1, seed);
await figures.showTable([
  {
    network: "as written, input 32×32×3",
    parameters: colour.countParams(),
    "shape of the output": `images × ${colour.outputShape[1]}`,
  },
  {
    network: "for gray images, input 32×32×1",
    parameters: gray.countParams(),
    "shape of the output": `images × ${gray.outputShape[1]}`,
  },
], "The network");

// %% [markdown]
// Now `main()`, step by step. Each row is really run; an error is quoted as TensorFlow.js or the language words it. The
// empty steps return names that nobody has defined (`processed_data`, `shared_weights`, `new_data`), a `NameError` in
// Python and a `ReferenceError` here. `fit` gets no targets, so there is nothing to compare the features with; and the
// last layer is Flatten, which has no weights to return. A demonstration: no run could find anything else.
//
// 逐步执行 `main()`，每一行都真的运行，错误原样引用（左列是语句，右列是结果）。
// 空的步骤返回没有定义过的名字（`processed_data`、`shared_weights`、`new_data`），在 Python 中是 `NameError`，
// 在这里是 `ReferenceError`；`fit` 没有目标，特征无从比较；最后一层是 Flatten，没有权重可返回。这是演示：
// 任何运行都不会有别的结果。

// %%
const some = nets.imagesTensor(image.take(X, 32));
const undefinedName = (name: string) => new Function(`"use strict"; return ${name};`)();

// %%
const asWritten = [
  await nets.attempt("load_data()", () => undefinedName("load_data")()),
  await nets.attempt("preprocess_data: return processed_data", () => undefinedName("processed_data")),
  await nets.attempt(
    "model.fit(data), three channels against gray",
    () => colour.fit(some, undefined as never),
  ),
  await nets.attempt(
    "model.fit(data), one channel, no targets",
    () => gray.fit(some, undefined as never),
  ),
  await nets.attempt("model.fit(data, data), targets added", () => gray.fit(some, some)),
  await nets.attempt(
    "model.layers[-1].get_weights()",
    () => `${JSON.stringify(gray.layers.at(-1)!.getWeights())}, nothing: Flatten has no weights`,
  ),
  await nets.attempt("share_parameters: return shared_weights", () => undefinedName("shared_weights")),
  await nets.attempt(
    "hierarchical_structure: return processed_data",
    () => undefinedName("processed_data"),
  ),
  await nets.attempt("attention_mechanism: return processed_data", () => undefinedName("processed_data")),
  await nets.attempt("compress_result: return new_data", () => undefinedName("new_data")),
  await nets.attempt("plt.imshow(new_data[0])", () => undefinedName("new_data")[0]),
];

// %%
await figures.showTable(asWritten, "As written");
const failed = asWritten.filter(({ outcome }) => /^\w*Error: /.test(outcome)).length;
await figures.showMarkdown(
  `${failed} of ${asWritten.length} steps end in an error. ${asWritten.length} 步中有 ${failed} 步报错。`,
);

// %% [markdown]
// One more thing shows only when asked for. Without padding, sides go 32 → 30 → 15 → 13 → 6 → 4 → 2: the pooling of the
// odd side 13 drops a row and a column. The map says how strongly the 512 features depend on each pixel. Expect a blind
// border: what no feature sees, no decoder can bring back.
//
// 还有一点，要问才看得出来。没有填充时，边长依次为 32、30、15、13、6、4、2；对奇数边长 13 的池化丢掉一行一列。
// 下图是 512 个特征对每个像素的依赖程度（梯度的绝对值）。预期有一条看不见的边缘：特征看不到的，解码器无法找回。

// %%
const sight = await nets.sightOf(gray, some);
await figures.show(
  figures.heatmap({
    title: "How much the article's features depend on each pixel · 文章的特征对每个像素的依赖程度",
    values: sight,
    height: 32,
    width: 32,
    unit: "|gradient|",
  }),
  "What the features see",
);
const blind = sight.filter((v) => v === 0).length;
await figures.showMarkdown(
  `${blind} of 1024 pixels reach no feature: two rows and columns at the right and below. ` +
    `1024 个像素中有 ${blind} 个不影响任何特征：右侧两列与下方两行。`,
);
colour.dispose();
gray.dispose();
some.dispose();

// %% [markdown]
// ### Mended · 逐步修好
//
// | the article | here |
// |---|---|
// | input of 3 channels | 1 channel, as preprocess leaves it |
// | convolutions without padding | zero padding, so that every pixel is seen |
// | no targets | the images themselves: an autoencoder |
// | 512 features | a code of 4×4×8 whole numbers, through 1×1 convolutions |
// | no decoder | the mirrored network |
// | `get_weights()` of Flatten | the decoder's weights, by a codebook, and the codes, entropy coded: a file |
//
// Everything that this section compares is trained now, by Adam on the mean squared error as the article has it, on the
// same images with the same number of steps: the network as it is, then with sharing, hierarchy or attention switched
// on, each with several seeds. Two networks, plain and shared, are trained for longer, to be looked at below.
//
// 逐步修好，表中左列是文章，右列是这里，依次为：三通道输入改为预处理之后的单通道；无填充的卷积改为补零，使每个像素都被看到；
// 没有目标，改为以图像自身为目标（自编码器）；512 个特征改为经 1×1 卷积得到的 4×4×8 个整数，即编码；没有解码器，
// 加上镜像的网络；Flatten 的 `get_weights()` 改为解码器的权重（用码本）与经熵编码的编码，写成一个文件。
//
// 本节所比较的网络都在这里训练：按文章用 Adam 优化器与均方误差，图像与步数相同，先是原样的网络（plain），
// 再分别打开参数共享（sharing）、层次化结构（hierarchy）、注意力机制（attention），各用若干随机种子；
// 另有两个训练得更久的网络（longer）供下文观看。表列依次为：
// 网络、编码器与解码器的参数个数、每幅图像的编码个数、解码一幅图像的浮点运算次数（百万）。
// 其后的图是照片上训练时的误差（第一个种子），横轴为训练轮次。

// %%
const SPECS = {
  plain: nets.PLAIN,
  sharing: { ...nets.PLAIN, shared: true },
  hierarchy: { ...nets.PLAIN, coarse: 4, fine: 1 },
  attention: { ...nets.PLAIN, attention: true },
} as const;
const MECHANISMS = ["plain", "sharing", "hierarchy", "attention"] as const;
await figures.showTable(
  Object.entries(SPECS).map(([network, spec]) => ({
    network,
    "parameters, encoder": nets.convolutionParameters(spec, "encoder"),
    "parameters, decoder": nets.convolutionParameters(spec, "decoder"),
    "code, numbers an image": nets.codeLength(spec),
    "MFLOP to decode an image": Number((nets.convolutionFlop(spec, "decoder") / 1e6).toFixed(1)),
  })),
  "Networks",
);

// %%
const schedule = { epochs: section.by({ smoke: 1, quick: 1, paper: 60 }), batch: 4 };
const longer = { epochs: section.by({ smoke: 1, quick: 3, paper: 60 }), batch: 4 };
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 5, paper: 5 }) }, (_, i) => seed + i);
const plan = MECHANISMS.flatMap((name) => seeds.map((seed) => ({ name, seed })));
const both = ["plain", "sharing"] as const;
const trained = await nets.trainMany(
  [
    ...plan.map(({ name, seed }) => ({ set: X, spec: SPECS[name], schedule, seed })),
    ...both.map((name) => ({ set: X, spec: SPECS[name], schedule: longer, seed })),
  ],
  context,
);
for (const { flop } of trained) section.spend(flop);
const networks = trained.slice(0, plan.length), looked = trained.slice(plan.length);

// %%
const networkOf = (name: keyof typeof SPECS, which = seed) =>
  networks[plan.findIndex((one) => one.name === name && one.seed === which)]!;
await figures.show(
  figures.lines({
    title:
      "Training on the photos (first seed), and the two that are trained for longer · 照片上的训练（第一个种子），以及训练更久的两个网络",
    series: [
      ...MECHANISMS.map((name) => ({ name, curve: networkOf(name).curve })),
      ...both.map((name, i) => ({ name: `${name}, longer`, curve: looked[i]!.curve })),
    ].map(({ name, curve }) => ({
      name,
      x: curve.map(({ epoch }) => epoch),
      y: curve.map(({ error }) => Math.sqrt(error)),
    })),
    x: { title: "epoch" },
    y: { title: "root mean square error (levels of 255)" },
  }),
  "Training",
);

// %% [markdown]
// The two that are trained for longer show that the error still falls where the others stop: what follows compares
// networks that have learnt for as long, and says nothing of where they would end.
//
// 两个训练得更久的网络表明，其余网络停止时误差仍在下降：下文只比较训练同样长短的网络，不说它们最终会到哪里。
//
// The mended `main()`: encode, write a file within the budget, read it again, compare, decode. The reader gets nothing
// but the bytes, and must find the weights and codes that went into them, bit for bit. What they decode to is the same
// on one backend; floating point gives other last digits elsewhere. And the code that runs the network is *not* in the
// file, unlike in the programs of section 4, so these bytes flatter the autoencoder.
//
// 修好的 `main()`：编码，按预算写成文件，读回，核对，解码。读者只有这些字节，必须逐位找回写入的权重与编码。
// 解码所得的像素在同一后端上相同，在别处浮点数的末位会不同。运行网络的代码不在文件里，与第 4 节的程序不同，
// 所以这些字节数偏袒自编码器。表中各行为：解码器的权重（码本）、编码、文件头、整个文件；
// 最后一列说明码本的比特数、舍入的步长与预算。下一组图左为原图（Original Data），右为解码所得（Compressed Data）。

// %%
const shares = section.by({ smoke: [3, 2], quick: [32, 16, 8], paper: [32, 16, 8] });
const equalShare = section.by({ smoke: 2, quick: 16, paper: 16 });
const equal = Math.floor(raw / equalShare);
const coders = new Map<string, nets.ConvolutionalCoder>();
for (const [i, { name, seed }] of plan.entries()) {
  coders.set(`${name} ${seed}`, await nets.convolutionalCoder(networks[i]!, X));
}
const coderOf = (name: keyof typeof SPECS, which = seed) => coders.get(`${name} ${which}`)!;
const [plainCoder, sharedCoder] = [
  await nets.convolutionalCoder(looked[0]!, X),
  await nets.convolutionalCoder(looked[1]!, X),
];
const main = (await plainCoder.atBytes(equal))!;

// %%
const reread = await nets.pixelsOf(nets.readConvolutionalFile(main.file));
await figures.showTable([
  { entry: "decoder's weights, by a codebook", bytes: main.weightBytes, how: `${main.bits} bits an index` },
  { entry: "codes", bytes: main.codeBytes, how: `rounded to multiples of ${main.step.toFixed(3)}` },
  { entry: "header", bytes: main.bytes - main.weightBytes - main.codeBytes, how: "sizes" },
  {
    entry: "file",
    bytes: main.bytes,
    how: `budget ${equal.toLocaleString("en")}, raw ${raw.toLocaleString("en")}`,
  },
], "The file");
const same = reread.every((v, i) => v === main.decoded.symbols[i]);
console.log(`decoded once more from the file alone, the same pixels: ${same}`);
console.log(`只凭文件再解码一次，像素${same ? "相同" : "不同"}`);

// %%
await figures.showImages([
  { title: "Original Data · 原图", picture: sheet(X) },
  { title: "Compressed Data (decoded) · 解码所得", picture: sheet(main.decoded) },
], "Before and after · 压缩前后");
await figures.showMarkdown(
  `${grouped(main.bytes)} B in place of ${grouped(raw)}: ${
    lab.qualityOf(X, main.decoded).psnr.toFixed(1)
  } dB, shades without details; ${
    (100 * main.weightBytes / main.bytes).toFixed(0)
  } % of it are the decoder's weights.\n\n` +
    `${grouped(raw)} 字节变成 ${grouped(main.bytes)} 字节：${
      lab.qualityOf(X, main.decoded).psnr.toFixed(1)
    } 分贝，有明暗而无细节；其中 ${(100 * main.weightBytes / main.bytes).toFixed(0)} % 是解码器的权重。`,
);

// %% [markdown]
// ## 5.3 Explanation and analysis · 代码解读与分析
//
// ### Feature extraction · 特征提取
//
// What one image becomes after each convolution and pooling: the first 32 maps of each layer, each stretched to full
// contrast. Expect edges and shades first, where the image can still be made out, and then responses that are hard to
// name: the more channels, the fewer places, until a place stands for eight by eight pixels.
//
// 一幅图像（the image）经过每层卷积与池化之后的前 32 个特征图，各自拉满对比度。预期：先是边缘与明暗，仍看得出原图，
// 然后越来越难以名状：通道越多，位置越少，直到一个位置代表 8×8 个像素。标题 after layer n 为第 n 层之后，其后是边长。

// %%
const portrait = lab.select(X, [chosen[5]!]);
const maps = await nets.featureMaps(looked[0]!, portrait);
await figures.showImages([
  { title: "the image · 该图像", picture: lab.contactSheet(portrait, 1) },
  ...maps.map((layer, n) => ({
    title: `after layer ${n + 1}: ${layer.groups[0]!.width}×${layer.groups[0]!.height}`,
    picture: lab.contactSheet(image.take(layer, 32), 8),
  })),
], "Feature maps · 特征图");

// %% [markdown]
// ### Parameter sharing · 参数共享: a codebook
//
// The first layer's maps still show the image, the last one's do not, as expected. Now the weights.
//
// 第一层的特征图还看得出原图，最后一层则看不出，与预期相符。再看权重。
//
// The weights of a layer share 2^b values. Expect the error to hardly change down to about four bits, and then to grow
// fast; codes stay as they are. (At most 200 images.)
//
// 每层的权重共用 2^b 个值。预期：b 减到四比特左右，误差几乎不变，再少则急剧变差；编码保持不变（至多 200 幅图像）。表列依次为：
// 每个索引的比特数、权重字节数、每个权重的比特数、PSNR。

// %%
const few = await nets.convolutionalCoder(looked[0]!, image.take(X, 200));
const books = await Promise.all(
  [1, 2, 3, 4, 5, 6].map(async (bits) => ({ bits, coding: await few.at({ bits, step: 1 }) })),
);
await figures.showTable(
  books.map(({ bits, coding }) => ({
    "bits an index": bits,
    "weights, bytes": coding.weightBytes,
    "bits a weight": Number(
      (8 * coding.weightBytes / nets.convolutionParameters(SPECS.plain, "decoder")).toFixed(2),
    ),
    "PSNR, dB": Number(lab.qualityOf(image.take(X, 200), coding.decoded).psnr.toFixed(2)),
  })),
  "Codebook",
);

// %% [markdown]
// ### To 1/10 · 减到 1/10
//
// About four bits are enough, as expected. The article's network has a kernel for every layer. Shared, one 3×3 kernel
// serves all layers of a side (of the encoder, or of the decoder) but the outermost, with 30 channels throughout. What
// it saves in weights, the same budget can spend on codes. Expect far fewer parameters and FLOP, as that is how it is
// built; whether the pictures are better or worse at equal bytes decides. Both decode by turns, after one turn each for
// warming up; the time is the median.
//
// 四比特左右已经够用，与预期相符。文章的网络每层各有卷积核；共享时，编码器与解码器各自除最外层外共用一个 3×3 卷积核，
// 通道数都是 30。省下的权重字节可以用于编码。参数与计算必然更少，因为就是这样构造的；由同样字节数下图像的好坏来判定。
// 两者热身一次后轮流解码，时间取中位数。表列依次为：网络、参数个数、为普通网络的几分之一、解码一幅图像的浮点运算次数（百万）、
// 解码一幅图像的毫秒数（中位数）。

// %%
const filed = await Promise.all([plainCoder, sharedCoder].map((coder) => coder.atBytes(equal)));
const times = await lab.latencies(
  both.map((name, i) => {
    const file = nets.readConvolutionalFile(filed[i]!.file);
    return { name, run: () => nets.pixelsOf(file) };
  }),
  section.by({ smoke: 1, quick: 5, paper: 9 }),
  context,
);

// %%
const cost = both.map((name, i) => ({
  network: name,
  parameters: nets.convolutionParameters(SPECS[name]),
  flop: nets.convolutionFlop(SPECS[name], "decoder"),
  milliseconds: 1000 * times[i]!.seconds / X.names.length,
}));
await figures.showTable(
  cost.map(({ network, parameters, flop, milliseconds }) => ({
    network,
    parameters,
    "of the plain ones": `1/${(cost[0]!.parameters / parameters).toFixed(1)}`,
    "MFLOP to decode an image": Number((flop / 1e6).toFixed(1)),
    "ms to decode an image (median)": Number(milliseconds.toFixed(2)),
  })),
  "Cost of sharing",
);

// %% [markdown]
// The shared network needs less than a third of the arithmetic and less than half of the time.
//
// 共享网络的计算不到三分之一，用时不到一半。
//
// ### Hierarchy · 层次化结构
//
// As many numbers as before, but at two scales: half of the code at 4×4 places, half at 8×8. The decoder can be given
// the coarse half alone. Nothing in the training asks for a coarse picture there, so look at which half carries the
// picture.
//
// 编码的个数与前面相同，但分在两个尺度：一半在 4×4 处，一半在 8×8 处；解码器可以只用粗的一半。
// 训练并没有要求那里有一幅粗略的图，请看是哪一半承载了图像：图中依次为原图、只用粗的编码（coarse codes alone）、粗细都用。

// %%
const deep = (await coderOf("hierarchy").atBytes(equal))!;
const coarse = { ...X, symbols: await nets.coarsePixels(nets.readConvolutionalFile(deep.file)) };
await figures.showImages([
  { title: "original · 原图", picture: sheet(X) },
  { title: "coarse codes alone · 只用粗编码", picture: sheet(coarse) },
  { title: "coarse and fine codes · 粗细都用", picture: sheet(deep.decoded) },
], "Two scales of codes · 两个尺度的编码");

// %% [markdown]
// ### Each mechanism on and off, at equal bytes · 同等字节数下逐项开关
//
// With the coarse half alone the pictures are vaguer still. Next, attention lets the decoder's 8×8 places look at one
// another; its first layer is narrower, so that the number of parameters stays the same. Every point is a file of at
// most the same bytes, decoded and compared; points of one colour have the same seed. Files use the budget to 0.5 %. A
// mechanism is worth something where its points lie to the right of the plain ones; the verdicts take the difference to
// the plain network of the same seed, with its interval.
//
// 只用粗的一半，图像更加模糊。再看注意力：解码器的 8×8 个位置互相查看，其第一层较窄，使参数个数不变。每个点是一个文件，
// 字节数不超过同一预算（用足到 0.5 % 以内），解码并核对；颜色相同的点种子相同。某一机制的点在普通网络（plain）的右边，
// 才算有用；判定取与同一种子的普通网络之差及其区间。表列依次为：网络、字节数、PSNR、与普通网络之差（dB）、SSIM。

// %%
const measured = await Promise.all(MECHANISMS.map(async (name) => {
  const codings = await Promise.all(seeds.map((which) => coderOf(name, which).atBytes(equal)));
  return {
    name,
    bytes: codings.map((coding) => coding!.bytes),
    quality: codings.map((coding) => lab.qualityOf(X, coding!.decoded)),
  };
}));
const psnrs = (name: typeof MECHANISMS[number]) =>
  measured.find((one) => one.name === name)!.quality.map(({ psnr }) => psnr);
const gains = (name: typeof MECHANISMS[number]) => psnrs(name).map((value, i) => value - psnrs("plain")[i]!);
await figures.showTable(
  measured.map(({ name, bytes, quality }) => ({
    network: name,
    "bytes": `${grouped(Math.min(...bytes))} … ${grouped(Math.max(...bytes))}`,
    "PSNR, dB": Number(lab.intervalOf(psnrs(name)).mean.toFixed(2)),
    "against plain, dB": name === "plain" ? "–" : signed(lab.intervalOf(gains(name))),
    SSIM: Number(lab.intervalOf(quality.map(({ ssim }) => ssim)).mean.toFixed(3)),
  })),
  "Mechanisms at equal bytes",
);

// %%
await figures.show(
  figures.strips({
    title: `PSNR of files of at most ${grouped(equal)} bytes (raw/${equalShare}) · 至多 ${
      grouped(equal)
    } 字节的文件的峰值信噪比（原始的 1/${equalShare}）`,
    panels: [
      { title: "PSNR (dB)", rows: MECHANISMS.map((label) => ({ label, values: psnrs(label) })) },
    ],
    series: seeds.map((seed) => `seed ${seed}`),
    interval: lab.intervalOf,
    intervalName: `mean, ${lab.intervalName(seeds.length)}`,
  }),
  "Mechanisms",
);

// %%
const gainOf = (name: typeof MECHANISMS[number]) => lab.intervalOf(gains(name));
const said = (name: typeof MECHANISMS[number]) => ({
  en: `at equal bytes ${signed(gainOf(name))} dB (${seeds.length} seeds)`,
  zh: `字节数相同时 ${signed(gainOf(name))} 分贝（${seeds.length} 个种子）`,
});
const [plainCost, sharedCost] = cost, fewer = plainCost!.parameters / sharedCost!.parameters;
const flopFewer = plainCost!.flop / sharedCost!.flop, bySharing = gainOf("sharing");

// %%
section.judge("tenth", {
  verdict: lab.verdictOf(
    fewer >= 10 && flopFewer > 1 && lab.lowerEnd(bySharing) >= 0,
    fewer >= 10 && lab.upperEnd(bySharing) >= 0,
  ),
  edge: lab.onEdge(bySharing, 0),
  measured: {
    en: `1/${fewer.toFixed(1)} of the parameters, 1/${flopFewer.toFixed(1)} of the FLOP; ${
      said("sharing").en
    }`,
    zh: `参数为 1/${fewer.toFixed(1)}，浮点运算为 1/${flopFewer.toFixed(1)}；${said("sharing").zh}`,
  },
  numbers: { "parameters, times fewer": fewer, "FLOP, times fewer": flopFewer, "gain, dB": bySharing },
});
for (const name of ["hierarchy", "attention"] as const) {
  const gain = gainOf(name);
  section.judge(name, {
    verdict: lab.verdictOf(lab.lowerEnd(gain) > 0, gain.mean > 0),
    edge: lab.onEdge(gain, 0),
    measured: said(name),
    numbers: { "gain, dB": gain },
  });
}

// %% [markdown]
// ## 5.4 The results shown · 运行结果展示
//
// The article shows one picture before and one after, without a number. Here every method gets the same bytes: the
// article's network, the shared one, JPEG and WebP (all images on one sheet, no decoder counted), and the lossless
// program of section 4 in pyramid order, of whose file only the first scales are read; pixels between those that it has
// are interpolated bilinearly. First that program.
//
// 文章只展示压缩前后的一幅图而没有数字。这里所有方法用同样多的字节：文章的网络、共享网络、JPEG 与 WebP（全部图像拼成一张，
// 不计解码器），以及第 4 节按金字塔顺序的无损程序，只读其文件的前几个尺度，已有像素之间用双线性插值。先看这个程序，
// 表列依次为：尺度、补全到每几 × 几个像素取一个、到此为止的字节数（计入解码器）、占原始的百分比。

// %%
const pyramid = mdl.pipe(
  mdl.features(),
  mdl.sharing(),
  mdl.hierarchy({ order: "pyramid" }),
  mdl.compress({ preset, steps: section.by({ smoke: 300, quick: 1500, paper: 60_000 }), exactly: true }),
);
const quiet = { ...context, log: () => {} };
const lossless = (await pyramid.run(X, quiet)).output;
await lossless.verify(X, context);
section.spend(lossless.trained!.flop);
await figures.showTable(
  image.scalesOf(lossless.info).map(({ scale, stride, prefix }) => ({
    scale,
    "pixels it completes": `every ${stride} × ${stride}`,
    "bytes up to it, decoder counted": prefix!,
    "of raw, %": Number((100 * prefix! / raw).toFixed(1)),
  })),
  "Scales of the lossless program",
);

// %% [markdown]
// Rate and distortion: more bytes, smaller error. Up and to the left is better. JPEG and WebP bring their knowledge of
// pictures along; a network has to learn it from these images in few epochs, and to write it into the file. (`paper`
// trains twenty times as long.) Expect them to be ahead by far.
//
// 率失真：字节越多，误差越小；越靠左上越好。JPEG 与 WebP 自带关于图像的知识，网络要在几轮训练中从这些图像学来，
// 并写进文件（`paper` 训练的轮数是二十倍）。预期前者远远领先。图例依次为：
// 普通网络（plain network）、共享网络（shared network）、JPEG、WebP、前几个尺度（first scales）；第二幅图的虚线表示毫无损失。
// 其后的表列为：方法、预算、文件字节数、PSNR、SSIM。

// %%
const budgets = shares.map((share) => Math.floor(raw / share));
const points = [
  ...await study.networkAtBudgets("plain network", X, [plainCoder], budgets, context),
  ...await study.networkAtBudgets("shared network", X, [sharedCoder], budgets, context),
  ...await study.lossyAtBudgets("JPEG", X, budgets, context),
  ...await study.lossyAtBudgets("WebP", X, budgets, context),
  ...await study.firstScales("first scales", X, lossless),
];
const heading = `raw ${grouped(raw)} B, lossless program ${grouped(lossless.bytes.length)} B`;
const headingZh = `原始 ${grouped(raw)} 字节，无损程序 ${grouped(lossless.bytes.length)} 字节`;

// %%
await figures.show(
  figures.lines({
    title: `Photos, PSNR against bytes (${heading}) · 照片：峰值信噪比与字节数（${headingZh}）`,
    series: study.budgetSeries(points, ({ psnr }) => psnr),
    x: { title: "file (bytes)", log: true },
    y: { title: "PSNR (dB)" },
  }),
  "PSNR against bytes",
);
await figures.show(
  figures.lines({
    title: `Photos, SSIM against bytes (${heading}) · 照片：结构相似性与字节数（${headingZh}）`,
    series: study.budgetSeries(points, ({ ssim }) => ssim),
    x: { title: "file (bytes)", log: true },
    y: { title: "SSIM" },
    references: [{ label: "nothing lost", value: 1 }],
  }),
  "SSIM against bytes",
);

// %%
await figures.showTable(
  points.map(({ method, budget, bytes, psnr, ssim }) => ({
    method,
    "budget, bytes": budget,
    "file, bytes": bytes,
    "PSNR, dB": Number(psnr.toFixed(2)),
    SSIM: Number(ssim.toFixed(3)),
  })),
  "Rates",
);

// %% [markdown]
// As expected, the image formats are ahead at every rate. Originals and reconstructions at about the same bytes, then
// one method at all rates.
//
// 与预期相符：图像格式在各种码率下都领先。再看同样字节数下的原图（original）与各方法的重建图，
// 然后是共享网络在各种码率下的图（标题为字节数与 dB）。

// %%
const METHODS: Readonly<Record<string, string>> = {
  "plain network": "普通网络",
  "shared network": "共享网络",
  "first scales": "前几个尺度",
};
const inBoth = (method: string) => METHODS[method] ? `${method} · ${METHODS[method]}` : method;
const near = study.nearestPoints(points, equal);
const labelled = ({ bytes, psnr, ssim }: study.BudgetPoint) =>
  `${bytes.toLocaleString("en")} B, ${psnr.toFixed(1)} dB, ${ssim.toFixed(2)}`;
await figures.showImages(
  [
    { title: "original · 原图", picture: sheet(X, 6) },
    ...near.map((point) => ({
      title: inBoth(point.method),
      picture: sheet(point.decoded, 6),
    })),
  ],
  "Side by side at about equal bytes · 字节数大致相同的图像",
  3,
);
await figures.showTable(
  near.map((point) => ({ method: point.method, "bytes, PSNR, SSIM": labelled(point) })),
  "The pictures above",
);

// %%
const rates = points.filter(({ method, bytes }, i) =>
  method === "shared network" &&
  points.findIndex((other) => other.method === method && other.bytes === bytes) === i
);
await figures.showImages(
  [
    { title: "original · 原图", picture: sheet(X) },
    ...rates.map((point) => ({
      title: `${point.bytes.toLocaleString("en")} B, ${point.psnr.toFixed(1)} dB`,
      picture: sheet(point.decoded),
    })),
  ],
  "The shared network at several rates · 共享网络在几种码率下的图像",
  4,
);

// %% [markdown]
// ### What keeping the main features means · 保留主要特征
//
// The photos have no labels, so clothes take their place: Fashion-MNIST, resized to 32×32. A classifier learns from
// originals only; then it looks at reconstructions of other images. Autoencoders are trained on training images and
// code test images. If the main features are kept, it finds the class as often as on the originals. The shared network
// is the one that files of so few bytes suit best; it is trained with several seeds.
//
// 照片没有标签，改用服装图像（Fashion-MNIST，放大到 32×32）。分类器只从原图学习，再看其他图像的重建图；
// 自编码器用训练图像训练，对测试图像编码。若保留了主要特征，判对的比例应与原图相同。最适合这样小的文件的是共享网络，
// 用若干随机种子训练。下面一行是在原图上的准确率与分类器的参数个数；图中虚线是原图上的准确率；表列依次为：
// 方法、文件字节数、PSNR、SSIM、准确率、损失的百分点；最后一组图的标题是准确率。

// %%
const [training, testing] = section.by({ smoke: [200, 120], quick: [4000, 1000], paper: [20_000, 1000] });
const clothes = mdl.transform(
  await mdl.loadDataset("fashion-mnist", { ...context, take: training! + testing! }),
  { size: { width: 32, height: 32 } },
);
const learnt = section.use(image.take(clothes, training!));
const tested = section.use(lab.select(clothes, Array.from({ length: testing! }, (_, i) => training! + i)));
const classifier = await nets.trainClassifier(learnt, {
  epochs: section.by({ smoke: 1, quick: 3, paper: 10 }),
  classes: 10,
}, context);
const onOriginals = await classifier.accuracy(tested);
const onOriginalsPercent = (100 * onOriginals).toFixed(1);
console.log(
  `on originals: ${onOriginalsPercent} % of ${testing} images, ${classifier.parameters} parameters`,
);
console.log(
  `原图：${testing} 幅中判对 ${onOriginalsPercent} %，分类器有 ${classifier.parameters} 个参数`,
);

// %%
const tailors = await nets.trainMany(
  seeds.map((seed) => ({
    set: image.take(learnt, X.names.length),
    spec: SPECS.sharing,
    schedule: longer,
    seed,
  })),
  context,
);
for (const { flop } of tailors) section.spend(flop);
const coding = await Promise.all(tailors.map((network) => nets.convolutionalCoder(network, tested)));
const clothesBudgets = shares.map((share) => Math.floor(tested.symbols.length / share));
const seen = [
  ...await study.networkAtBudgets("shared network", tested, [coding[0]!], clothesBudgets, context),
  ...await study.lossyAtBudgets("JPEG", tested, clothesBudgets, context),
  ...await study.lossyAtBudgets("WebP", tested, clothesBudgets, context),
];
const recognised = await Promise.all(
  seen.map(async (point) => ({ ...point, accuracy: await classifier.accuracy(point.decoded) })),
);

// %%
/** At a budget, the share of points lost and the SSIM of each seed's network. */
const keptAt = async (share: number) => {
  const budget = Math.floor(tested.symbols.length / share),
    rows: { lost: number; ssim: number; bytes: number }[] = [];
  for (const coder of coding) {
    const file = (await coder.atBytes(budget))!, accuracy = await classifier.accuracy(file.decoded);
    rows.push({
      lost: 100 * (onOriginals - accuracy),
      ssim: lab.qualityOf(tested, file.decoded).ssim,
      bytes: file.bytes,
    });
  }
  return {
    bytes: Math.max(...rows.map(({ bytes }) => bytes)),
    lost: lab.intervalOf(rows.map(({ lost }) => lost)),
    ssim: lab.intervalOf(rows.map(({ ssim }) => ssim)),
  };
};
const eighth = section.by({ smoke: 2, quick: 8, paper: 8 });
const kept = { equal: await keptAt(equalShare), eighth: await keptAt(eighth) };
classifier.dispose();

// %%
const accuracyOf = new Map(recognised.map(({ decoded, accuracy }) => [decoded, accuracy]));
await figures.show(
  figures.lines({
    title: "Clothes that a classifier still recognises · 分类器仍能认出的服装",
    series: study.budgetSeries(seen, ({ decoded }) => 100 * accuracyOf.get(decoded)!),
    x: { title: "file (bytes)", log: true },
    y: { title: "accuracy (%)" },
    references: [{ label: "on originals", value: 100 * onOriginals }],
  }),
  "Accuracy against bytes",
);

// %%
await figures.showTable(
  recognised.map(({ method, bytes, psnr, ssim, accuracy }) => ({
    method,
    "file, bytes": bytes,
    "PSNR, dB": Number(psnr.toFixed(2)),
    SSIM: Number(ssim.toFixed(3)),
    "accuracy, %": Number((100 * accuracy).toFixed(1)),
    "lost, points": Number((100 * (onOriginals - accuracy)).toFixed(1)),
  })),
  "Recognised",
);

// %%
const cut = (set: image.Dataset) => lab.contactSheet(image.take(set, 20), 5);
const equalClothes = Math.floor(tested.symbols.length / equalShare);
const beside = (method: string) => {
  const found = recognised.find((point) => point.method === method && point.budget === equalClothes);
  return found ? `${method} ${(100 * (onOriginals - found.accuracy)).toFixed(1)}` : `${method} –`;
};
await figures.showImages(
  [
    { title: "original · 原图", picture: cut(tested) },
    ...study.nearestPoints(recognised, equalClothes).map(({ method, accuracy, decoded }) => ({
      title: `${inBoth(method)}: ${(100 * accuracy).toFixed(1)} %`,
      picture: cut(decoded),
    })),
  ],
  "Clothes at about equal bytes · 字节数大致相同的服装图像",
  3,
);

// %%
const { equal: at16, eighth: at8 } = kept;
section.judge("features", {
  verdict: lab.verdictOf(
    lab.upperEnd(at16.lost) <= 5 && lab.lowerEnd(at16.ssim) >= 0.8,
    lab.upperEnd(at16.lost) <= 5 || lab.lowerEnd(at16.ssim) >= 0.8,
  ),
  edge: lab.onEdge(at16.lost, 5) || lab.onEdge(at16.ssim, 0.8),
  measured: {
    en: `clothes in ${grouped(at16.bytes)} B: ${lab.plusMinus(at16.lost)} points of accuracy lost, SSIM ${
      lab.plusMinus(at16.ssim, 2)
    } (${seeds.length} seeds)`,
    zh: `服装图像，${grouped(at16.bytes)} 字节：准确率损失 ${lab.plusMinus(at16.lost)} 个百分点，SSIM ${
      lab.plusMinus(at16.ssim, 2)
    }（${seeds.length} 个种子）`,
  },
  numbers: { "lost, points": at16.lost, SSIM: at16.ssim },
});

// %%
section.judge("shorter", {
  verdict: lab.verdictOf(lab.upperEnd(at16.lost) <= 5, lab.upperEnd(at8.lost) <= 5),
  edge: lab.onEdge(at16.lost, 5) || lab.onEdge(at8.lost, 5),
  measured: {
    en: `points of accuracy lost in 1/${equalShare} of the bytes ${
      lab.plusMinus(at16.lost)
    }, in 1/${eighth} ${lab.plusMinus(at8.lost)}; beside, in 1/${equalShare}: ${beside("JPEG")}, ${
      beside("WebP")
    }`,
    zh: `准确率损失（百分点）：1/${equalShare} 的字节 ${lab.plusMinus(at16.lost)}，1/${eighth} 的字节 ${
      lab.plusMinus(at8.lost)
    }；同样字节的 ${beside("JPEG")}，${beside("WebP")}`,
  },
  numbers: { "lost at a sixteenth, points": at16.lost, "lost at an eighth, points": at8.lost },
});

// %% [markdown]
// Every image format keeps more at as many bytes: in a sixteenth of the raw data the shared network loses more than
// fifteen points, JPEG and WebP less than two.
//
// 同样字节数下，图像格式保留得更多：用原始字节的十六分之一，共享网络损失超过 15 个百分点，JPEG 与 WebP 不到 2 个。
//
// ### A shorter program that generates new data · 生成新数据
//
// Decoding random codes: each number is drawn, independently of the others, from those that the file's images have at
// that place. Expect shades and edges without objects. Beside them stands what the lossless program draws from random
// bits. Both are compared with the data: are they copies, and have they the data's contrast?
//
// 从文件中各位置出现过的编码里独立抽取，解码成图（random codes, decoded）；
// 旁边是无损程序由随机比特画出的图（drawn by the lossless program）。预期：有明暗与边缘，没有物体。两者都与数据比较：
// 是复制品吗？对比度与数据相近吗？表列依次为：
// 来源、文件字节数、对比度（灰度级）、自身是否就是程序（true 为是）、到最近数据的距离（灰度级）。

// %%
const drawnCount = section.by({ smoke: 12, quick: 40, paper: 200 });
const file = (await sharedCoder.atBytes(equal))!;
const invented = {
  ...image.take(X, drawnCount),
  name: "random codes",
  symbols: await nets.drawFromCodes(
    nets.readConvolutionalFile(file.file),
    drawnCount,
    context.random("codes"),
  ),
};
const drawn = await lossless.generate(drawnCount, seed, context);
const nearest = async (set: image.Dataset) =>
  Math.min(...(await lab.neighboursOf(set, X, context)).map(({ distance }) => distance));
await figures.showImages([
  { title: "data · 数据", picture: sheet(X) },
  { title: "random codes, decoded · 解码随机码", picture: lab.contactSheet(image.take(invented, 12), 4) },
  { title: "drawn by the lossless program", picture: lab.contactSheet(image.take(drawn, 12), 4) },
], "Generated · 生成的图像");

// %%
const data = lab.contrastOf(X);
const generated = [
  { what: "random codes, decoded", set: invented, bytes: file.file },
  { what: "drawn by the lossless program", set: drawn, bytes: lossless.bytes as Uint8Array<ArrayBuffer> },
].map(({ what, set, bytes }) => ({ what, set, bytes: bytes.length, runs: WebAssembly.validate(bytes) }));
const copies = await Promise.all(generated.map(({ set }) => nearest(set)));
await figures.showTable([
  {
    what: "data",
    bytes: raw,
    "contrast, levels": Number(data.toFixed(1)),
    "a program by itself": false,
    "nearest image of the data, levels": undefined,
  },
  ...generated.map(({ what, set, bytes, runs }, i) => ({
    what,
    bytes,
    "contrast, levels": Number(lab.contrastOf(set).toFixed(1)),
    "a program by itself": runs,
    "nearest image of the data, levels": Number(copies[i]!.toFixed(1)),
  })),
], "Generated, in numbers");

// %%
const fresh = generated.map(({ set, bytes }, i) => {
  const contrast = lab.contrastOf(set) / data;
  return {
    contrast,
    nearest: copies[i]!,
    good: contrast >= 0.5 && contrast <= 2 && copies[i]! > 5 && bytes < raw,
  };
});
const drawnSaid = fresh.map(({ contrast, nearest }) => `${contrast.toFixed(2)}, ${nearest.toFixed(1)}`).join(
  "; ",
);

// %%
section.judge("generates", {
  verdict: lab.verdictOf(fresh.every(({ good }) => good), fresh.some(({ good }) => good)),
  measured: {
    en:
      `${drawnCount} draws each from random codes and from the lossless program: contrast as a share of the data's, ` +
      `levels to the nearest image: ${drawnSaid}`,
    zh: `由随机码与无损程序各生成 ${drawnCount} 幅：对比度与数据之比、到最近图像的灰度级距离：${drawnSaid}`,
  },
  numbers: {
    "contrast, codes": fresh[0]!.contrast,
    "nearest, codes": fresh[0]!.nearest,
    "contrast, program": fresh[1]!.contrast,
    "nearest, program": fresh[1]!.nearest,
  },
});

// %% [markdown]
// Only one of the two files is a program by itself: the network's needs the code that runs it, the lossless one needs
// nothing.
//
// 两个文件中只有一个自身就是程序：网络的文件还需要运行它的代码，无损程序什么都不需要。

// %%
await section.keep(lossless, "photos, pyramid");
await section.close();
