// %% [markdown]
// # 4. Mathematical model and formulas, explained by an example · 数学模型和公式、详细讲解与举例说明
//
// The article describes compression by a formula, X = f(W, X) (4.1), derives it in six steps (4.2) and works through a
// case: 1000 images of 128×128×3 become "a shorter program" (4.3). Here each formula stands beside the code that
// computes it, on real photos, and the program is a real one: a WebAssembly module without imports that regenerates the
// images bit for bit. Its file size is the description length; the decoder is counted.
//
// You will see: all six steps of the case with what each takes in and gives out, where every byte of the program goes,
// the data as the fixed point of X = f(W, R, X), new images that the same program draws, and how it compares with PNG …
// JPEG XL. Two claims are judged; the rest is demonstrated, as it could not come out otherwise: a program that did not
// give its data back would have stopped the notebook. The order is not the article's: the example (4.3) and the
// derivation (4.2) come first, and the formula of 4.1 last, when all that it is made of has been seen. Terms are in the
// [glossary](glossary.md).
//
// 中文：本节把文章第 4 节的每个公式与计算它的代码并列，在真实照片块上运行；
// 得到的“更短的程序”是一个没有任何导入的 WebAssembly 模块，能逐位还原数据，文件长度就是描述长度，解码器也计入。你会看到：
// 每个阶段的输入与输出，程序的每个字节用在何处，数据如何成为 X = f(W, R, X) 的不动点，同一程序生成的新图像，
// 以及与 PNG … JPEG XL 的比较。只判定两条论断，其余为演示，因为不可能有别的结果。次序与文章不同：先举例（4.3）与推导（4.2），
// 最后才是 4.1 的公式，那时组成它的一切都已见过。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about five
// minutes on two cores that run another section, too; `paper` took 19.
// The outputs below are those of `quick`. The set is the article's; a folder of images of your own may stand there
// instead.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约五分钟，`paper` 用了 19 分钟。下面的输出来自 `quick`。
// `set` 也可以换成你自己的图像文件夹。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as nets from "experiments/networks/mod.ts";
import * as study from "experiments/programs/mod.ts";
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
const grouped = (n: number) => Math.round(n).toLocaleString("en");
const gray32 = { gray: true, size: { width: 32, height: 32 } };

// %% [markdown]
// ## 4.3 (1) Preprocess · 数据预处理: X → X_preprocessed
//
// The source: 50 photos, each cut into 5 × 4 patches of 128×128×3. The article turns them gray and makes them 32×32.
// This throws information away *before* anything is compressed, so it gets a line of its own. (The images of a folder
// become 128×128 as they are read.)
//
// 数据来源：50 张照片，各切成 5 × 4 块 128×128×3 的图像，再变成 32×32 灰度图。这一步在压缩之前就丢掉信息，所以单独列出。
// （自己的图像文件夹在读入时缩放为 128×128。）表的两行为原始（source）与预处理后（preprocessed），列为：尺寸、图像数、字节数；
// 图中左为输入（in），右为输出（out）。

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
  { title: `in: the first images, ${shape} · 输入`, picture: lab.contactSheet(image.take(source, 20), 5) },
  { title: "out: the same, 32×32 gray · 输出", picture: lab.contactSheet(image.take(X, 20), 5) },
], "Preprocess · 预处理");
await figures.showMarkdown(
  `${grouped(source.symbols.length)} bytes became ${grouped(X.symbols.length)}: ${
    (source.symbols.length / X.symbols.length).toFixed(0)
  } to 1, and what is gone is gone. All that follows is about the smaller set, and loses nothing of it.\n\n` +
    `${grouped(source.symbols.length)} 字节变成 ${
      grouped(X.symbols.length)
    } 字节，丢掉的无法找回；此后的一切都只针对较小的集合，且不再损失。`,
);

// %% [markdown]
// ## 2.4, 4.2 The chain · Mermaid 流程图
//
// The stages are composed by `pipe`; the diagram is drawn from that composition, not by hand. Dashed boxes are stages
// that are switched off: they pass their input on, and cost 0 bytes. Two chains are run below: the whole case with
// hierarchy and attention switched on, and the one without them, which is shorter (section 2.2 measures by how much).
//
// 各阶段由 `pipe` 组合，图由组合本身画出；虚线框是关闭的阶段，把输入原样传下去，占 0 字节。下面运行两条流程：
// 打开层次化结构与注意力的完整案例，以及关闭它们的、更短的一条（2.2 节测量短多少）。

// %%
const chain = mdl.pipe(
  mdl.preprocess(gray32),
  mdl.features(),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ preset, exactly: true, preprocess: gray32 }),
);
await figures.show(
  figures.flow(
    "The chain of section 2.4, without hierarchy and attention · 文章 2.4 的流程，不含层次化结构与注意力机制",
    chain,
  ),
  "The chain",
);

// %% [markdown]
// ## 4.3 (1)–(6) The case study, all six steps · 举例说明：六个步骤
//
// All steps switched on, few training steps. The table says what each takes and gives; below it, what each of them does
// is shown on one image: one that has smooth and rough parts, with the pixel in its roughest part marked in orange.
//
// 六个步骤全部打开（训练步数较少）。表中列出每一步的输入（takes）、输出（gives）和做什么；
// 其下用一幅既有平滑部分又有粗糙部分的图像展示各步，橙色是所问的像素，位于最粗糙处。“做什么”依次是：变为灰度、32×32 像素；
// 取最近的因果邻域与局部最小二乘预测，送入两个残差块；跨位置、层、尺度共享，6 比特码本；金字塔，
// 每个尺度编码较粗尺度之间的像素；查看较早的小块；两段编码：训练、量化、熵编码。输入与输出两列中，
// inputs a pixel 为每像素的输入个数，parameters 为参数个数，scales 为尺度数，for each of 1,024 positions 为每个位置各一个。

// %%
const everything = mdl.pipe(
  mdl.preprocess(gray32),
  mdl.features({ blocks: 2 }),
  mdl.sharing({ layers: true }),
  mdl.hierarchy({ order: "pyramid" }),
  mdl.attention({ over: "patches" }),
  mdl.compress({
    steps: section.by({ smoke: 100, quick: 1000, paper: 60_000 }),
    exactly: true,
    preprocess: gray32,
  }),
);
const six = await everything.run(source, { ...context, log: () => {} });
section.spend(six.output.trained!.flop);
await six.output.verify(X, context);
const specs = six.passages.slice(1, 5).map(({ output }) => (output as mdl.Plan).spec);

// %%
const modelOf = (spec: image.ModelSpec) =>
  `a model of ${image.featureCount(spec, 1)} inputs a pixel, ${grouped(image.parameterCount(spec, 1))} ` +
  `parameters, ${spec.scales === 1 ? "one scale" : `${spec.scales} scales`}`;
const given = [
  `${X.names.length} × 32×32 gray, ${grouped(X.symbols.length)} B`,
  `${modelOf(specs[0]!)} for each of 1,024 positions`,
  ...specs.slice(1).map(modelOf),
  `a program of ${grouped(six.output.bytes.length)} B, decoded and compared`,
];
await figures.showTable(
  six.passages.map(({ stage }, i) => ({
    step: `(${i + 1}) ${stage.name} ${stage.title}`,
    takes: i ? given[i - 1] : `${source.names.length} × ${shape}, ${grouped(source.symbols.length)} B`,
    gives: given[i],
    "what it does": stage.summary,
  })),
  "The six steps",
);

// %% [markdown]
// **(2) Features** take what is known of a pixel's surroundings and give numbers that a network can use. Known is what
// lies above and to the left, as below in the middle; the dark pixels come later.
//
// **(2) 特征提取**：输入是一个像素周围已知的部分（上方与左方，见中图 what is known of it），输出是网络可用的数；
// 暗色像素尚未解码。

// %%
const all = [...image.images(X)];
const { index: place, row, column } = study.mixedImage(X, Math.min(200, all.length)), shown = all[place]!;
const value = shown.pixels[row * 32 + column]!;
const contexts = study.attentionContexts(shown);
const looked = study.attentionAt(shown, contexts, row, column).shares, mostLooked = Math.max(...looked);
const attended = { ...shown, pixels: Uint8Array.from(looked, (share) => 230 * share / mostLooked) };
await figures.showImages([
  { title: `pixel (${row}, ${column}), value 值 ${value}`, picture: study.marked(shown, row, column) },
  { title: "(2) what is known of it · 已知部分", picture: study.knownAround(shown, row, column, 4) },
  { title: "(5) where attention looks · 看哪里", picture: study.marked(attended, row, column) },
], "One pixel, its surroundings, and where attention looks · 一个像素、它的周围，以及注意力看哪里");

// %% [markdown]
// **(5) Attention** takes the same and adds one more number: what stood at earlier places whose surroundings resemble
// the pixel's. The brighter a place in the third picture, the more it counts. Nothing is learnt there: the weights are
// a fixed function of the pixels (shown for raster order).
//
// **(3) Sharing** takes a model with a predictor for each position and gives one for all positions: the table above has
// its parameters. **(4) Hierarchy** takes one order of the pixels and gives another, the coarse picture first:
//
// **(5) 注意力机制**再加一个数：周围与该像素相似的较早位置上的值（第三幅图 where attention looks，越亮权重越大）；
// 其权重是像素的固定函数，并非学得（图为光栅顺序）。
//
// **(3) 参数共享**把每个位置一个预测器变成所有位置共用一个，参数个数见上表；**(4) 层次化结构**改变像素的顺序，先粗后细，
// 如下图（every 8 × 8 即每 8 × 8 个像素取一个，其后是所读的字节数；all 为全部）。

// %%
const scales = image.scalesOf(six.output.info);
const coarse = await Promise.all(
  scales.slice(0, -1).map(async ({ scale, stride, prefix }) => {
    const set = await lab.decodePrefix(six.output.bytes.subarray(0, prefix!), { scales: scale + 1 });
    const bytes = grouped(prefix!), first = [...image.images(set)][place]!;
    return { title: `every ${stride} × ${stride}: ${bytes} B`, picture: { ...first, channels: 1 as const } };
  }),
);
await figures.showImages(
  [...coarse, {
    title: `all · 全部: ${grouped(six.output.bytes.length)} B`,
    picture: { ...shown, channels: 1 as const },
  }],
  "(4) The scales of the program, read from its beginning · 程序的各个尺度，从文件开头读起",
  4,
);

// %% [markdown]
// Each picture is decoded from so many bytes of the one file, and holds every n-th pixel exactly: the beginning of the
// file is worth something. The price is bytes: a coarse pixel has no near neighbours to be predicted from.
//
// 每幅图都由同一文件的开头若干字节解码而得，像素完全准确：文件的开头已经有用。代价是字节数，因为粗像素没有近邻可供预测。

// %% [markdown]
// ## 4.2 Running it · 公式推导过程
//
// Now the shorter chain, trained for as long as the preset says.
//
// 下面运行较短的流程，按预设训练。表中左列是文章的公式，右列是这里的做法，依次为：灰度、32×32；因果邻域减去局部均值，
// 再除以局部尺度；所有位置共用一个预测器，所有权重共用一个码本；这里为光栅顺序，`{ order: "pyramid" }` 则逐尺度编码，如上图；
// 这里关闭，`{ over: "patches" }` 则查看图像中较早的小块，如上图；训练、量化、熵编码。
//
// | article | here |
// |---|---|
// | $X_{preprocessed} = preprocess(X)$ | `preprocess()`: gray, 32×32 |
// | $X_{features} = extract\_features(X_{preprocessed})$ | `features()`: causal neighbours, less local mean, over local scale |
// | $W_{shared} = share\_parameters(W)$ | `sharing()`: one predictor for all positions, one codebook for all weights |
// | $X_{hierarchical} = hierarchical\_structure(X_{features})$ | `hierarchy()`: raster order here; `{ order: "pyramid" }` codes scale after scale, as above |
// | $X_{attention} = attention\_Mechanism(X_{hierarchical})$ | `attention()`: off here; `{ over: "patches" }` looks at earlier patches of the image, as above |
// | $X_{compressed} = compress\_result(X_{attention})$ | `compress()`: train, quantise, entropy code |
//
// Expect the training loss (bits per pixel) to fall fast at first, then slowly.
//
// 预期训练损失（比特/像素）先快速下降，然后变慢。

// %%
const { output: program, passages } = await chain.run(source, context);
const { curve, flop } = program.trained!;
section.spend(flop);
await figures.show(
  figures.lines({
    title: "Training: what a pixel costs under the model · 训练：一个像素在模型下的代价",
    series: [{
      name: "training samples",
      x: curve.map(({ step }) => step),
      y: curve.map(({ bits }) => bits),
    }],
    x: { title: "training step" },
    y: { title: "cost (bits per pixel)" },
  }),
  "Training",
);

// %%
const half = curve.find(({ bits }) => bits <= (curve[0]!.bits + curve.at(-1)!.bits) / 2)!;
await figures.showMarkdown(
  `From ${curve[0]!.bits.toFixed(2)} to ${
    curve.at(-1)!.bits.toFixed(2)
  } bits per pixel; half of that by step ${grouped(half.step)} of ${
    grouped(curve.at(-1)!.step)
  }.\n\n每像素从 ${curve[0]!.bits.toFixed(2)} 比特降到 ${
    curve.at(-1)!.bits.toFixed(2)
  } 比特，一半的下降在第 ${grouped(half.step)} 步之前完成（共 ${grouped(curve.at(-1)!.step)} 步）。`,
);

// %% [markdown]
// ### The distribution of a pixel · 一个像素的概率分布
//
// What the trained network says of the marked pixel: a distribution over its 256 values, from the neighbours above and
// to the left (as differences from their mean, in units of their own scale), from where it is, and from what a linear
// fit to the pixels before predicts. The fit remembers earlier images, so the encoder codes those first. Expect a hump
// around the neighbours' values, broad as the pixel is in a rough part; its own value may well lie outside of it.
//
// 训练好的网络对所标像素给出 256 个值上的概率分布，依据是上方与左方的邻近像素（与其均值之差，以局部尺度为单位）、像素的位置，
// 以及对此前像素的局部线性拟合；拟合记得较早的图像，所以先编码它们。预期：分布的峰在邻近像素的值附近，因处于粗糙部分而较宽，
// 像素自己的值也可能在峰外。图例：曲线是每个值的概率，方块是像素自己的值（own value）。

// %%
const encoder = await image.openEncoder(
  program.spec!,
  X.channels,
  X.groups,
  program.trained!.weights,
  program.trained!.quantisation,
);
for (const { pixels } of all.slice(0, place)) encoder.encodeScale(pixels, 32, 32, 0);
encoder.loadImage(shown.pixels, 32, 32);

// %%
const probabilitiesAt = (y: number, x: number) => {
  const below = encoder.distribution(y, x, 0);
  return Array.from({ length: 256 }, (_, v) => below[v + 1]! - below[v]!);
};
const probability = probabilitiesAt(row, column);
await figures.show(
  figures.lines({
    title:
      `What the model expects of pixel (${row}, ${column}) before it is seen · 看到像素 (${row}, ${column}) 之前，模型对它的预期`,
    series: [
      { name: "probability of each value", x: probability.map((_, v) => v), y: probability },
      { name: `the pixel's own value, ${value}`, x: [value], y: [probability[value]!] },
    ],
    x: { title: "value of the pixel" },
    y: { title: "probability" },
  }),
  "Distribution of one pixel",
);

// %%
const rank = probability.filter((p) => p > probability[value]!).length;
await figures.showMarkdown(
  `The pixel's own value, ${value}, has a probability of ${probability[value]!.toFixed(4)}: it costs ${
    (-Math.log2(probability[value]!)).toFixed(1)
  } bits, and ${rank} of the other 255 values were thought likelier.\n\n该像素的真值 ${value} 的概率为 ${
    probability[value]!.toFixed(4)
  }，代价 ${(-Math.log2(probability[value]!)).toFixed(1)} 比特；有 ${rank} 个值被认为更可能。`,
);

// %% [markdown]
// Where do the bits go? Each pixel costs −log₂ of the probability that its value got. Expect edges and texture to be
// expensive and smooth regions cheap: this map is what “attention to the key parts” would have to act on.
//
// 比特用在哪里？每个像素的代价是其值的概率的 −log₂。预期：边缘与纹理昂贵，平滑处便宜；“关注关键部分”应当作用于这张图。

// %%
const cost = Array.from(
  { length: 1024 },
  (_, i) => -Math.log2(probabilitiesAt(Math.floor(i / 32), i % 32)[shown.pixels[i]!]!),
);
await figures.showImages(
  [{
    title: "the image, the pixel asked about in orange · 该图像，橙色为所问的像素",
    picture: study.marked(shown, row, column),
  }],
  "The image · 图像",
  2,
);
await figures.show(
  figures.heatmap({
    title: "What its pixels cost · 各像素的代价",
    values: cost,
    height: 32,
    width: 32,
    unit: "bits",
  }),
  "Bits per pixel",
);
const sorted = [...cost].sort((a, b) => b - a),
  spent = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
const dear = (100 * spent(sorted.slice(0, 256)) / spent(sorted)).toFixed(0);

// %%
const step = (i: number) => Math.abs(shown.pixels[i]! - shown.pixels[i - 1]!); // from the pixel at the left
const inside = cost.map((_, i) => i).filter((i) => i % 32 > 0);
const [rough, smooth] = [true, false].map((dearest) => {
  const steps = inside.filter((i) => (cost[i]! >= sorted[255]!) === dearest).map(step);
  return (spent(steps) / steps.length).toFixed(1);
});
await figures.showMarkdown(
  `The dearest quarter of the pixels takes ${dear} % of the bits. On average they differ by ${rough} gray values from ` +
    `the pixel at their left, the others by ${smooth}: it is roughness that costs.\n\n` +
    `最贵的四分之一像素用去 ${dear} % 的比特；它们与左邻像素平均相差 ${rough} 个灰度级，其余为 ${smooth}：代价在于粗糙。`,
);

// %% [markdown]
// ### Sharing · 参数共享: the article's 1/10
//
// Two honest comparisons: the article's own convolutional encoder (section 5.2, 93,248 parameters), and a predictor
// that does not share: one for each of the 32 × 32 positions, really trained with as many FLOP as the shared one it
// stands beside, each at its best width. Both are files that are decoded and compared. What could fail is the second
// half of the threshold: that the program with fewer parameters is no longer.
//
// 文章说参数减到 1/10。作两项公正的比较：文章自己的卷积编码器（5.2 节，93,248 个参数），以及不共享的预测器：
// 32 × 32 个位置各一个，与共享者以同样的浮点运算次数真正训练，宽度各取最佳。两者都是解码并核对过的文件。
// 可能不成立的是标准的后一半：参数更少的程序并不更长。表列依次为：预测器（shared 共享，unshared 不共享，
// 最后一行是文章的编码器，只计参数）、参数个数、训练的浮点运算次数、权重、载荷、程序的字节数。

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

// %%
const [shared, unshared] = comparison, times = unshared!.parameters / shared!.parameters;
const ofEncoder = (article.ARTICLE_ENCODER / shared!.parameters).toFixed(1);
section.judge("tenth", {
  verdict: lab.verdictOf(times >= 10 && shared!.bytes <= unshared!.bytes),
  measured: {
    en: `1/${ofEncoder} of the article's encoder, 1/${times.toFixed(1)} of the unshared predictor; ${
      grouped(shared!.bytes)
    } B against ${grouped(unshared!.bytes)} B in all`,
    zh: `参数为文章编码器的 1/${ofEncoder}、不共享预测器的 1/${times.toFixed(1)}；总字节数 ${
      grouped(shared!.bytes)
    } 对 ${grouped(unshared!.bytes)}`,
  },
  numbers: { shared: shared!.bytes, unshared: unshared!.bytes, "parameters, times fewer": times },
});

// %%
await figures.showMarkdown(
  `Weights take ${grouped(shared!.weights)} B with sharing and ${
    grouped(unshared!.weights)
  } B without, pixels ${grouped(shared!.payload)} B and ${
    grouped(unshared!.payload)
  } B: one predictor learns from all positions. But weights are a small part of the ` +
    "program: the article's 1/10 is about the model, and most bytes are the data's.\n\n" +
    `共享与不共享相比，权重 ${grouped(shared!.weights)} 对 ${grouped(unshared!.weights)} 字节，像素 ${
      grouped(shared!.payload)
    } 对 ${grouped(unshared!.payload)} 字节；权重只占程序的一小部分，大部分字节属于数据。`,
);

// %% [markdown]
// ## 4.3 (6) The result · 压缩结果
//
// The ledger: every byte of the file by purpose; the entries sum to its length. Beside the payload's real bytes stands
// what they should come to by the model. Expect the payload to be nearly all of the file, and the weights a very small
// part.
//
// 账目：文件的每个字节按用途列出，各项之和等于文件长度；载荷的实际字节旁边是按模型应有的字节（estimated bits / 8）。预期：
// 载荷几乎占全部，权重只占很小一部分。表列依次为：项目、字节数、百分比、按模型估计的字节；项目依次为：
// 模块格式、文件头、运行记录、名称、校验、解码器代码、参数（网络的尺寸）、权重、载荷、整个程序。
// 瀑布图由原始像素（raw data）减去节省的部分（saved）到程序（program），再列出其中各项（of which）。

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
    title: "From the raw pixels to the program · 从原始像素到程序",
    steps: figures.ledgerSteps(X.symbols.length, program.ledger.entries),
  }),
  "Waterfall of the ledger",
);

// %%
const payload = program.ledger.entries.find(({ name }) => name === "payload")!;
const off = Math.abs(100 * (8 * payload.bytes / payload.estimatedBits! - 1)).toFixed(2);
await figures.showMarkdown(
  `${
    (100 * payload.bytes / program.bytes.length).toFixed(1)
  } % of the file is payload, and its real bytes are within ${off} % of what the model ` +
    `says: the coder wastes nothing. What could still be saved must be saved by predicting better.` +
    `\n\n载荷占 ${
      (100 * payload.bytes / program.bytes.length).toFixed(1)
    } %，实际字节与模型的理论值相差 ${off} %；要再节省，只能预测得更好。`,
);

// %% [markdown]
// The chain once more, with the price of each stage: the bytes that the file carries for it.
//
// 再看一次流程，最后一列是各阶段的价格，即文件为它承担的字节；off 表示关闭。

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
// Nothing is said of a size before the program was decoded: it runs, and every pixel is compared. This cannot come out
// otherwise here, as the notebook would have stopped: a demonstration, no claim.
//
// 先解码、逐像素比较，然后才谈字节数。这里不可能有别的结果，所以只是演示，不作判定。

// %%
const decoded = await program.decode(context);
const verified = await program.verify(X, context);
console.log(
  `verified: ${verified.symbols.toLocaleString("en")} symbols identical, SHA-256 ${verified.sha256}`,
);
console.log(`已核对：${verified.symbols.toLocaleString("en")} 个符号完全相同`);
await figures.showImages([
  { title: "original · 原图", picture: lab.contactSheet(image.take(X, 60), 10) },
  {
    title: "regenerated by the program · 由程序还原",
    picture: lab.contactSheet(image.take(decoded, 60), 10),
  },
], "Original and regenerated · 原图与还原图");

// %% [markdown]
// ### Against other codecs · 与其他编解码器比较
//
// The same images, for every codec in the layout that suits it best (also as the patches lay in the photos), at its
// best effort of those tried. Their decoders are not counted, ours is. Other notebooks make other programs of the same
// photos, trained shorter or in another order: [section 8](08_outlook.ipynb) has all of them in one table.
//
// 同样的图像，各编解码器取最合适的排列（包括各块在照片中的原位置）与所试过的最佳设置；它们的解码器不计入，我们的计入。
// 其他笔记本对同样照片另有程序，训练较短或顺序不同，[第 8 节](08_outlook.ipynb)把它们列在一张表里。图中虚线是原始大小；
// 表列依次为：编解码器（版本）、排列、设置、字节数、比我们的程序长百分之几。排列一列：stream 为字节流，
// column 与 square of whole pictures 为整张照片排成一列、排成方阵。

// %%
const baselines = await lab.measureBaselines(X, {
  effort: preset === "paper" ? "slow" : "quick",
  ...context,
});
const best = baselines.reduce((a, b) => b.bytes < a.bytes ? b : a);
await figures.show(
  figures.sizeBars({
    title: `${X.names.length} images (${source.name}), 32×32 gray · ${X.names.length} 幅 32×32 灰度图像`,
    sizes: [
      { label: "MDLab program", bytes: program.bytes.length, ours: true },
      ...baselines.map(({ codec, effort, bytes }) => ({ label: `${codec}, ${effort}`, bytes })),
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
section.judge("shorter", {
  verdict: lab.verdictOf(program.bytes.length < best.bytes, program.bytes.length < X.symbols.length),
  measured: {
    en: `${grouped(program.bytes.length)} B; best other: ${best.codec} ${grouped(best.bytes)} B`,
    zh: `${grouped(program.bytes.length)} 字节；其余最好的是 ${best.codec}，${grouped(best.bytes)} 字节`,
  },
  numbers: { program: program.bytes.length, [best.codec]: best.bytes },
});

// %% [markdown]
// ## 4.1 X = f(W, R, X) · 数学模型构建
//
// A demonstration: nothing here could come out otherwise. The article writes X = f(W, X): the data as a function of the
// weights and of themselves. Made precise: order the 256 values of a pixel by their probability in the context that X
// itself gives, and let Rᵢ be the rank of the true one. Then X is the fixed point of f(W, R, ·). W are the weights, R
// is what the payload codes, and since a pixel's context is made of earlier pixels only, each iteration, from *any*
// image, makes at least one more pixel right for good, counted from the beginning. (Others are right by chance for a
// while, so that the curve may fall in between.)
//
// We start from a blank image. Expect X to grow from the top left, row by row, and to be whole no later than after the
// 1024th iteration. Beside it stands R = 0, what the weights alone know: every pixel is then the most probable one
// given the pixels before it. Expect a nearly flat image, which surprises the model little, and not the photo.
//
// 这是演示，不可能有别的结果。文章写作 X = f(W, X)，即数据是权重与数据自身的函数。说得精确些：在 X 自身给出的上下文中，
// 把每个像素的 256 个值按概率排序，令 Rᵢ 为真值的名次，则 X 是 f(W, R, ·) 的不动点；W 是权重，R 是载荷所编码的内容。
// 像素的上下文只含较早的像素，所以无论从哪幅图像开始，每次迭代都使从头算起至少又有一个像素从此正确。
// （其余像素可能碰巧正确一时，所以曲线中途可能下降。）
//
// 从空白图像开始。预期 X 从左上角逐行长出，至多 1024 次迭代后完整。旁边是 R = 0，即只凭权重：每个像素取给定前文时最可能的值；
// 预期得到几乎平坦的图像，它很少使模型意外，而不是照片。图例：with R 为使用 R，R = 0 为只凭权重；图像标题 t 为迭代次数，
// right 为正确的像素数。all 为整幅同一灰度，contrast stretched 为已拉伸对比度。

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
    title: "Pixels right after each iteration of X ← f(W, R, X) · X ← f(W, R, X) 每次迭代后正确的像素数",
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
  reached = (part: number) => iterates.findIndex((x) => right(x) >= 1024 * part);
const gray = alone.at(-1)!, reach = Math.max(...gray) - Math.min(...gray), flat = { ...shown, pixels: gray };
const stops = [...new Set([0, ...[0.1, 0.25, 0.5, 0.75, 0.9].map(reached), last])];
await figures.showImages(
  [
    ...stops.map((t) => ({
      title: `t = ${t}: ${right(iterates[t]!)} right 正确`,
      picture: { ...shown, channels: 1 as const, pixels: iterates[t]! },
    })),
    { title: `R = 0: ${reach ? "contrast stretched" : `all ${gray[0]}`}`, picture: study.stretched(flat) },
  ],
  "Iterates of f · 每次迭代所得的图像",
  4,
);

// %%
const zeros = R.filter((r) => r === 0).length;
await figures.showMarkdown(
  `X is reached after ${last} iterations, half of its pixels after ${
    reached(0.5)
  }; ${zeros} of the 1024 ranks are 0. ` +
    `With R = 0, the picture has ${
      right(gray)
    } pixels of the photo and spans ${reach} gray values: the weights know what ` +
    "is likely, and which photo it is stands in R.\n\n" +
    `经 ${last} 次迭代得到 X，一半像素在 ${reached(0.5)} 次之后正确；1024 个名次中有 ${zeros} 个为 0。` +
    `R = 0 时，图像有 ${
      right(gray)
    } 个像素与照片相同，跨 ${reach} 个灰度级：权重知道什么更可能，具体是哪张照片写在 R 里。`,
);

// %% [markdown]
// ## 2.3, 4.3 (6) New data · 生成新数据
//
// The same module, fed random bits instead of its payload, draws from the model. All that it knows of photos stands in
// its weights, a very small part of the file. Expect edges and shades, and no objects.
//
// 同一模块用随机比特代替载荷，就从模型中生成新图像；它对照片所知的一切都在权重里，而权重只占文件的很小一部分。预期：
// 有边缘与明暗，没有物体。左为数据，右为生成的图像。

// %%
const drawn = await program.generate(40, seed, context);
await figures.showImages([
  { title: "data · 数据", picture: lab.contactSheet(image.take(X, 40), 8) },
  { title: "drawn from the program · 由程序画出", picture: lab.contactSheet(drawn, 8) },
], "Generated · 生成的图像");
const weights = grouped(program.ledger.entries.find(({ name }) => name === "weights")!.bytes);
await figures.showMarkdown(
  `The drawn ones have ${
    (100 * lab.contrastOf(drawn) / lab.contrastOf(X)).toFixed(0)
  } % of the data's contrast: shades and edges without things, as expected. What a model of ` +
    `${weights} bytes of weights knows is texture.\n\n生成图像的对比度为数据的 ${
      (100 * lab.contrastOf(drawn) / lab.contrastOf(X)).toFixed(0)
    } %：有明暗与边缘而无物体，与预期相符；${weights} 字节的权重所知道的是纹理。`,
);

// %% [markdown]
// ### The article's input size, 128×128×3 · 文章中的原始尺寸
//
// Before preprocess an image is 49,152 bytes. The first 60 patches (three photos; `smoke`: one patch) as they are, to
// see how the same chain does at that size; `deno task compress photos` takes all 1000.
//
// 预处理之前每幅图像为 49,152 字节。取前 60 块（三张照片；`smoke` 只取一块）原样编码，看同样的流程在这一尺寸下表现如何；
// `deno task compress photos` 处理全部 1000 块。表列为：编解码器、字节数、每符号比特数。

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

// %%
const ownLarge = largeProgram.bytes.length, bestLarge = Math.min(...largeBaselines.map(({ bytes }) => bytes));
await figures.showMarkdown(
  `At full size the program has ${(100 * Math.abs(ownLarge / bestLarge - 1)).toFixed(1)} % ${
    ownLarge < bestLarge ? "fewer" : "more"
  } bytes than the best of the others.\n\n原始尺寸下，程序比其余最好的${ownLarge < bestLarge ? "少" : "多"} ${
    (100 * Math.abs(ownLarge / bestLarge - 1)).toFixed(1)
  } % 的字节。`,
);
await section.keep(program, source.name);
await section.keep(six.output, `${source.name}, all six steps`);
await section.close();
