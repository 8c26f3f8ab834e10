// %% [markdown]
// # 6.4 A real large model as a compressor · 真实大模型作为压缩器
//
// The article's title says that the essence of a large model is compression. Here a real one is made to compress:
// SmolLM2-135M, 134,515,008 weights, on two cores, in WebAssembly of our own. It gives each next token a probability; a
// range coder turns these into bytes; the same module turns the bytes back into the text, bit for bit, on any engine.
// “Language Modeling Is Compression” (Delétang et al. 2023) computed such lengths without decoding; here every text is
// encoded, decoded and compared, and the weights are counted where it is said that they are.
//
// You will see: what the model makes of text that it has read, of text that is younger than it, of Chinese, of program
// code and of random bytes; from how many bytes of text on its weights have paid for themselves, with 8 to 2 bits for
// each, and within which interval; how much correction and layers that share their weights save; whether its own file
// can be made shorter; and what it writes. Terms are in the [glossary](glossary.md).
//
// 中文：文章说“大模型的本质是压缩”。本节让一个真实的大模型（SmolLM2-135M，1.35 亿个权重）真正压缩并还原文本：在两个 CPU 核上，
// 用我们自己写的 WebAssembly，每段文本都经编码、解码并逐字节比较。然后计算描述长度 L(b, n)：权重每个用 b 比特，
// 再加 n 字节文本在该模型下的长度；由此得到从多少文本起，大模型才是更短的程序，以及该起点的区间。接着看修正与层间共享权重能省多少，
// 最后看模型文件本身能否再缩短，以及由随机比特写出的文字。术语见 [glossary · 术语表](glossary.md)。
//
// The weights (98 MB) come from a Python package at first use, by this machine's pip. `smoke` fetches nothing: it runs
// the cells with a small model of random weights, and its verdicts say nothing. `quick` takes about four minutes on two
// cores, `paper` perhaps an hour (estimated, not yet run). The outputs below are those of `quick`.
//
// 权重（98 MB）首次使用时由本机的 pip 从一个 Python 软件包取得。预设：`smoke` 不下载任何东西，用随机权重的小模型运行各单元，
// 其判定没有意义；`quick` 在两个核上约四分钟；`paper` 估计约一小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as large from "experiments/large_model/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// The claims, and when each holds, before anything is measured. The table below them describes the model.
//
// 测量之前先写明每条论断及其成立的标准。其下的表描述模型，依次为：模型（公布者、参数个数、每个数约 4 比特）、文件字节数、词元种数、层数与宽度、注意力头数。

// %%
const section = await lab.openSection("06_4_large_model", settings, claims["06_4_large_model"]);

// %%
const { context } = section;
const opened = await large.openModel(section.by({ smoke: false, quick: true, paper: true }), context);
const { vocabulary, width, layers, heads, keyHeads, inner } = opened.spec;
await figures.showTable([
  { what: "model", value: opened.name },
  { what: "its file, bytes", value: opened.file.length },
  { what: "tokens", value: vocabulary },
  { what: "layers of width", value: `${layers} of ${width}, feed-forward ${inner}` },
  { what: "heads, of keys and values", value: `${heads}, ${keyHeads}` },
], "The model");

// %% [markdown]
// ## Encoded and decoded · 编码与解码
//
// Five texts. The speeches (State of the Union) are surely in what the model has read; this project's README and a file
// of its code were written in 2026, after the model: it cannot have read them. The poems are Chinese, which it was
// hardly taught; random bytes have nothing to be known. What is compared is payloads, without any decoder, and without
// weights: the receiver is taken to have the model. The text codec learns from the text alone, as do xz's matches.
//
// Expect the model to need half of the bytes of the text codec where it has read the text, to win by less where it has
// not, and to lose where the text is not of its world.
//
// 五种文本：国情咨文必定在模型读过的内容里（speeches, read before）；本项目的 README 与一个代码文件写于 2026 年，在模型之后，
// 它不可能读过；中文诗词（Chinese poems）它几乎没有学过；随机字节（random bytes）无可预知。比较的是载荷，不含解码器与权重：
// 假定接收者已有模型。文本编解码器与 xz 只从该文本学习。预期：读过的文本只需文本编解码器的一半，未读过的优势较小，
// 不属于它的世界的则不如对方。
//
// 表列依次为：文本、字节数、词元数、模型的载荷、文本编解码器的载荷、xz 的文件（字节）、编码与解码的秒数；
// 图中同样的数字以比特/字节表示，虚线是原始的 8 比特（raw）。图下给出模型所需为文本编解码器载荷的百分之几，
// 以及一个随机字节的比特数。

// %%
const speeches = await lab.loadAny("speeches", context), poems = await lab.loadAny("song-ci", context);
const bytes = section.by({
  smoke: { speeches: 300, readme: 200, code: 200, poems: 150, random: 60 },
  quick: { speeches: 16_000, readme: 5_000, code: 4_000, poems: 2_400, random: 600 },
  paper: { speeches: 100_000, readme: 40_000, code: 10_000, poems: 30_000, random: 5_000 },
});
const noise = context.random("noise"), code = await large.projectFile("lib/program/read.ts");
const texts = [
  large.excerpt("speeches, read before", speeches.symbols, bytes.speeches),
  large.excerpt("this project's README, 2026", await large.projectFile("README.md"), bytes.readme),
  large.excerpt("this project's code, 2026", code, bytes.code),
  large.excerpt("Chinese poems", poems.symbols, bytes.poems),
  large.excerpt(
    "random bytes",
    Uint8Array.from({ length: bytes.random }, () => noise.below(256)),
    bytes.random,
  ),
];
[speeches, poems].forEach(section.use);

// %%
const coded: large.CodedText[] = [];
for (const text of texts) coded.push(await large.codeText(text, opened, context));
await figures.showTable(
  coded.map((text) => ({
    text: text.name,
    bytes: text.bytes,
    tokens: text.tokens,
    "payload, bytes": text.payload,
    "text codec's payload": text.textCodec,
    "xz, file": text.xz,
    "encoded, s": Number(text.encoding.toFixed(1)),
    "decoded, s": Number(text.decoding.toFixed(1)),
  })),
  "Texts under the model; all came back byte for byte",
);

// %%
const rate = (size: number, { bytes }: large.CodedText) => 8 * size / bytes;
await figures.show(
  figures.rateBars({
    title: "Bits a byte of text, weights and decoders not counted · 每字节文本的比特数（不计权重与解码器）",
    rates: coded.flatMap((text) => [
      { group: text.name, label: "large model", rate: rate(text.payload, text), kind: "ours" as const },
      { group: text.name, label: "text codec", rate: rate(text.textCodec, text), kind: "other" as const },
      { group: text.name, label: "xz", rate: rate(text.xz, text), kind: "other" as const },
    ]),
    references: [{ label: "raw", value: 8 }],
  }),
  "The model on what it has read, and on what it has not",
);

// %%
const wins = coded.map(({ payload, textCodec, xz }) => payload < Math.min(textCodec, xz));
const [read, unread, program, poem, random] = coded as [
  large.CodedText,
  large.CodedText,
  large.CodedText,
  large.CodedText,
  large.CodedText,
];
const share = ({ payload, textCodec }: large.CodedText) => `${(100 * payload / textCodec).toFixed(0)} %`;
console.log(
  `Of the text codec's payload, the model needs ${share(read)} on the speeches, ${
    share(unread)
  } on the README, ` +
    `${share(program)} on code, ${share(poem)} on Chinese poems; a random byte takes it ` +
    `${rate(random.payload, random).toFixed(1)} bits.\n` +
    `模型所需为文本编解码器载荷的：演讲 ${share(read)}，README ${share(unread)}，代码 ${share(program)}，` +
    `中文诗词 ${share(poem)}；一个随机字节 ${rate(random.payload, random).toFixed(1)} 比特。`,
);

// %% [markdown]
// Where it has read the text it needs about half, or less, as expected; of Chinese it knows more than was expected: the
// poems cost it about what they cost the text codec. Random bytes take the model more than their length: it takes them
// for text, and is wrong at each. How much of the first advantage is memory of these very speeches and how much is
// knowledge of English cannot be told apart by the speeches; the README and the code are the control. A model that is
// given is not a short program: so far its 98 MB were free.
//
// 读过的文本只需一半左右，与预期相符；它对中文所知多于预期：诗词的代价与文本编解码器相近。随机字节所需超过其长度：
// 模型把它们当作文本，每个都猜错。第一项优势有多少是记住了这些演讲，有多少是懂英文，仅凭演讲无法区分；README 与代码就是对照。
// 把模型当作已知，不等于有了短程序：到此为止，它的 98 MB 都没有计入。
//
// ## The description length · 描述长度 L(b, n)
//
// Now the weights count: L(b, n) = bytes of the weights at b bits each + n bytes of text at the rate of that model.
// Fewer bits cost rate. A group of 32 weights keeps its least value and its reach (16 bits each) and, for each weight,
// which of 2^b values between them it takes: evenly spaced ones, or those of a codebook that all of a matrix share,
// made for its weights (Lloyd's algorithm, each group's line fitted to its values). All were made from the published
// weights, not from the original ones: the layers are published in 4 even bits, which another 4 leave as they are; the
// embedding has 8, and gets no fewer than 4.
//
// A codebook of values around 0 with one scale a group, and no least value, was tried first, and did worse than even
// steps at 3 and at 2 bits: these groups do not lie around 0.
//
// Expect 4 bits for all weights to cost little. Below that, expect 3 bits to cost more, 2 bits to ruin the model, and a
// codebook to lessen that; and no variant to pay for itself on a text of this size.
//
// 现在计入权重：L(b, n) = 每权重 b 比特的权重字节数 + n 字节文本在该模型下的长度；比特越少，代价越高。每 32 个权重一组，
// 保留最小值与跨度（各 16 比特），再为每个权重指明取其间 2^b 个值中的哪一个：等距的（even），或整个矩阵共用的码本（codebook，
// 用 Lloyd 算法按其权重求得）。所有变体都由发布的权重得到，而不是原来的权重：各层以 4 比特等距发布，再取 4 比特不变；
// 词嵌入为 8 比特，至少保留 4 比特。先试过以 0 为中心、每组一个比例、没有最小值的码本，
// 3 比特和 2 比特时不如等距，因为各组并不以 0 为中心。
//
// 预期所有权重 4 比特时代价很小；再往下，3 比特较大，2 比特毁掉模型，码本可减轻；在这样长的文本上，没有一种能回本。表列依次为：
// 权重的形式、字节数、比特/字节文本、比发布的模型多百分之几、95 % 区间的半宽（t 分布，各处文本）。

// %%
const before = section.by({ smoke: 1_000, quick: 1_000_000, paper: 3_000_000 });
const length = section.by({ smoke: 100, quick: 1_200, paper: 6_000 });
const places = section.by({ smoke: 2, quick: 6, paper: 12 });
const samples = Array.from({ length: places }, (_, i) => {
  const from = Math.floor(before * (1 + (i + 0.5) / (5 * places)));
  return large.excerpt(`speeches, from byte ${from}`, speeches.symbols, length, from);
});
const windows = large.windowsFrom(samples, opened);
const book = (bits: number): large.Quantisation => ({ kind: "codebook", bits });
const even = (bits: number): large.Quantisation => ({ kind: "even", bits });
const plans = [
  { name: "4 bits, even", inner: even(4), embedding: even(4) },
  { name: "4 bits, embedding by codebook", inner: even(4), embedding: book(4) },
];

// %%
const published = await large.ratesOf(opened.model, windows, context);
let model: ReturnType<typeof large.modelOf> | undefined;
const variants = [{ name: "as published (4, embedding 8)", bytes: opened.file.length, rates: published }];
for (const { name, inner, embedding } of plans) {
  const variant = large.quantised(opened, inner, embedding);
  model = large.modelOf(variant, model); // in the same memory
  variants.push({ name, bytes: variant.bytes, rates: await large.ratesOf(model, windows, context) });
}
const intervals = variants.map(({ rates }) => lab.intervalOf(rates));
const more = variants.map(({ rates }) =>
  lab.intervalOf(rates.map((rate, i) => 100 * (rate / published[i]! - 1)))
);
await figures.showTable(
  variants.map(({ name, bytes }, i) => ({
    weights: name,
    bytes,
    "bits a byte of text": Number(intervals[i]!.mean.toFixed(3)),
    "more than as published, %": Number(more[i]!.mean.toFixed(1)),
    [`± (95 %, t, ${places} places)`]: Number((more[i]!.half ?? 0).toFixed(1)),
  })),
  "Fewer bits a weight",
);

// %% [markdown]
// These windows are short, and come from other places than the speeches before; all variants code the same ones, so that
// what counts is how they compare.
//
// 这些片段很短，取自演讲的其他地方；各变体编码的是同样的片段，要看的是彼此的比较。
//
// ## Smaller still · 再小一些：修正与层间共享
//
// Rounding treats all weights alike; the model does not. Two ways to do better at the same bytes use what each matrix is
// given when the model reads another text (film reviews, none of which is measured here). `weighted`: codebook and line
// are fitted so that columns with large inputs count for more. `corrected`: besides, a matrix is rounded column after
// column, and the columns still to come are moved so that they make up for what was lost, by the inverse of the inputs'
// H = XᵀX (optimal brain quantisation, GPTQ). Nothing is trained: training all weights for a few hundred steps would take
// the hours that are said below. And two ways with fewer layers: some are `left out`, or the layer before is used once
// more in their place (`tied`: the weights are stored once); which ones is chosen on the reviews, one layer at a time.
//
// This takes minutes of processor time: `deno task shrink` measured it, and its results come with the project
// by their SHA-256. Expect weighting to help little, correction more at 2 bits than at 3, and neither to bring 2 bits
// back into use; a tied layer to cost less than one left out, since something of the right kind is in its place.
//
// 舍入对所有权重一视同仁，模型却不然。在同样字节数下，有两种办法利用模型读另一文本（影评，不在被测之列）时各矩阵的输入。
// weighted：拟合码本与直线时，输入大的列权重更大。corrected：此外逐列舍入，并按输入的 H = XᵀX 的逆调整其后各列，弥补已有的损失
// （optimal brain quantisation，GPTQ）。这里不做训练：对全部权重训练几百步所需的时间见下文。另有两种减少层数的办法：去掉一些层
// （left out），或在其位置再用一次前一层（tied，权重只存一份）；选哪些层由影评逐层决定。
//
// 这需要若干分钟的处理器时间：由 `deno task shrink` 测得，结果随项目提供，并以 SHA-256 核对。预期：加权作用很小；
// 修正在 2 比特时比 3 比特时更有用，但都不能使 2 比特重新可用；共用前一层比去掉一层代价小，因为那里仍有同类的东西。
// 表列依次为：权重的形式、字节数、比特/字节文本、比 4 比特（4 bits）多百分之几、95 % 区间的半宽（t 分布，各处文本）。
// 图的横轴为权重字节数，纵轴为比特/字节文本：左下为佳。

// %%
const { results: shrink, stored } = await article.shippedResults<large.ShrinkResults>(
  "shrink",
  section.preset,
);
const smaller = (name: string) => shrink.variants.find((variant) => variant.name === name)!;
const few = (bits: number, kind: large.Shrunk["kind"]) => smaller(`${bits} bits, ${kind}`);
const base = smaller("4 bits");
const beyond = ({ rates }: large.Shrunk) =>
  lab.intervalOf(rates.map((rate, i) => 100 * (rate / base.rates[i]! - 1)));
await figures.showTable(
  shrink.variants.map((variant) => ({
    weights: variant.name,
    bytes: variant.bytes,
    "bits a byte of text": Number(lab.intervalOf(variant.rates).mean.toFixed(3)),
    "more than in 4 bits, %": Number(beyond(variant).mean.toFixed(1)),
    [`± (95 %, t, ${shrink.text.places} places)`]: Number(beyond(variant).half!.toFixed(1)),
  })),
  `Fewer bits and fewer layers (stored results of ${stored}; chosen and corrected on ${shrink.calibration.name})`,
);

// %%
const kinds = ["even", "codebook", "weighted", "corrected", "left out", "tied"] as const;
await figures.show(
  figures.lines({
    title:
      "What the same bytes of weights are worth, by how they were saved · 同样字节数的权重值多少，按节省的办法",
    series: kinds.map((kind) => {
      const line = [base, ...shrink.variants.filter((one) => one.kind === kind && one.bytes < base.bytes)]
        .sort((a, b) => b.bytes - a.bytes);
      return {
        name: kind,
        x: line.map(({ bytes }) => bytes / 1e6),
        y: line.map(({ rates }) => lab.intervalOf(rates).mean),
      };
    }),
    x: { title: "weights (megabytes)" },
    y: { title: "rate (bits per byte of text)", log: true },
  }),
  "From 4 bits a weight down: fewer bits, or fewer layers",
);

// %%
const { token, corrections } = shrink.seconds;
const regained = (kind: "weighted" | "corrected") => {
  const parts = [3, 2].map((bits) => {
    const plain = beyond(few(bits, "codebook")).mean, mended = beyond(few(bits, kind)).mean;
    return { bits, part: `${(100 * (plain - mended) / plain).toFixed(0)} %` };
  });
  return {
    en: parts.map(({ bits, part }) => `${part} at ${bits} bits`).join(", "),
    zh: parts.map(({ bits, part }) => `${bits} 比特时 ${part}`).join("，"),
  };
};

// %%
const STEPS = 300, READ = 2_048; // forward, and backward by inputs and by weights: three passes
console.log(
  `Of what the codebook loses against 4 bits, weighting gets back ${
    regained("weighted").en
  }; correction besides, ${regained("corrected").en}. All of it took ${
    corrections.toFixed(0)
  } s of a processor, on ${shrink.calibration.tokens} tokens. Training all weights for ${STEPS} steps on ${READ} tokens each would take about ${
    (STEPS * READ * 3 * token / 3600 / 2).toFixed(1)
  } hours of two cores: a token's pass takes ${(1000 * token).toFixed(0)} ms, a step is about three.\n` +
    `码本相对于 4 比特的损失中，加权挽回：${regained("weighted").zh}；再加修正：${
      regained("corrected").zh
    }。` +
    `共用处理器 ${corrections.toFixed(0)} 秒，${shrink.calibration.tokens} 个词元。` +
    `对全部权重训练 ${STEPS} 步、每步 ${READ} 个词元，两个核约需 ${
      (STEPS * READ * 3 * token / 3600 / 2).toFixed(1)
    } 小时：一个词元通过一遍需 ${(1000 * token).toFixed(0)} 毫秒，训练一步约为三遍。`,
);

// %% [markdown]
// Both are ways down that cost no bytes; how far they go is said above, and the verdicts below judge correction.
// Weighting helps far more than was expected, and correction adds little to it. A matrix of 1,536 columns is corrected
// by as many tokens, which leave much of H to chance. So its diagonal is made larger, by 0.3 of its median, chosen
// among 0.01, 0.3, 1 and 3 on other reviews; with 0.01 correction fits the reviews, and is worse on other texts than
// weighting alone. Now the layers: what each costs when it alone is left out, or has the weights of the one before.
// Expect the first and the last layers to matter most, and the middle to be cheap. The scale is logarithmic; a layer
// that costs nothing is not drawn. Below the figure: what came of three layers, and how often the tied ones were the
// cheaper.
//
// 二者都不费字节；能走多远，见上面的数字，下文对修正作判定。
// 加权的作用远大于预期，再加修正只多挽回一点。
// 矩阵有 1,536 列，而用来了解其输入的词元也只有这么多，H 的许多部分取决于偶然；因此把对角线加大其中位数的 0.3 倍
// （在另一些影评上从 0.01、0.3、1、3 中选定）。若只加 0.01，修正就会过度拟合影评，在其他文本上反而不如仅加权。
// 再看各层：单独去掉一层，或让它改用前一层的权重，代价是多少。
// 预期首尾各层最重要，中间的便宜。纵轴为对数，没有代价的层不画出。图下说明选中的三层、其代价（每字节比特数多百分之几）、
// 省下的字节（百分之几），以及共用前一层比去掉更便宜的次数。

// %%
await figures.show(
  figures.lines({
    title: "What a layer is worth: bits a byte of the reviews more when it alone is saved · " +
      "每层值多少：单独省去该层时，影评每字节多出的比特数",
    series: (["leftOut", "tied"] as const).map((saving) => {
      const some = shrink.layers.filter((one) => (one[saving] ?? 0) > 0);
      const name = saving === "tied" ? "tied to the one before" : "left out";
      return { name, x: some.map(({ layer }) => layer + 1), y: some.map((one) => one[saving]!) };
    }),
    x: { title: "layer" },
    y: { title: "added rate (bits per byte of text)", log: true },
  }),
  "Layers left out and tied, one at a time",
);

// %%
const three = (kind: "left out" | "tied") =>
  shrink.variants.find((one) => one.kind === kind && one.saved.length === 3)!;
for (const kind of ["left out", "tied"] as const) {
  const { saved, bytes } = three(kind), cost = lab.plusMinus(beyond(three(kind)), 1, true);
  const less = (100 * (1 - bytes / base.bytes)).toFixed(1), which = saved.map((layer) => layer + 1);
  console.log(
    `Layers ${which.join(", ")} ${kind}: ${cost} % bits a byte, ${less} % of the bytes saved. · ` +
      `${kind === "tied" ? "改用前一层的权重" : "去掉"}的是第 ${which.join("、")} 层：` +
      `每字节比特数 ${cost} %，省下 ${less} % 的字节。`,
  );
}
const pairs = shrink.variants.filter(({ kind }) => kind === "tied").map((one) => {
  const other = shrink.variants.find(({ kind, saved }) =>
    kind === "left out" && saved.length === one.saved.length
  )!;
  return beyond(one).mean < beyond(other).mean;
});
console.log(
  `Tied layers cost less than as many left out in ${
    pairs.filter(Boolean).length
  } of ${pairs.length} cases. · ` +
    `共用前一层比去掉同样多的层便宜：${pairs.length} 种情形中有 ${pairs.filter(Boolean).length} 种。`,
);

// %% [markdown]
// Where a curve of the first figure lies below another at the same bytes, that way of saving is the better one; layers
// and bits can be compared like that, too. A layer in a place that is not its own is not something of the right kind:
// the count above is 0, against what was expected, so that the stream of a deep network rather does without a step than
// with a wrong one. The dearest are the first three layers, the 12th and the last two: not all in the middle are cheap.
//
// 第一幅图中，同样字节数下位置较低的曲线是更好的办法；减少层与减少比特也可以这样比较。放错位置的层并不是同类的东西：
// 上面的次数为 0，与预期相反：深层网络宁可少一步，也不要错一步。各层之中，前三层、第 12 层与最后两层最贵，所以中间的并不都便宜。
//
// ## Everything counted · 全部计入
//
// Now the others: the text codec and xz on the same speeches, as much of them as the preset allows. From there on the figure
// extrapolates by what one more byte costs, and that is measured where the model's rate is, on the same windows, which
// follow the million bytes (in `paper` three) that the codec and xz have read by then. The model begins each window
// without a word before it, which speaks against it; that the others would learn from more text speaks for it.
//
// Each window gives a difference between the codec's rate and the model's; their mean, and its 95 % interval over places
// (Student's t), say from how many bytes of text on the model is the shorter description, and how sure that is. Expect
// gigabytes, and an interval that is wide: n is what the weights cost more, divided by that difference.
//
// 再看其他方法：文本编解码器与 xz 在同样的演讲上，按预设允许的长度。
// 图的右侧按多一个字节的代价外推；这一代价与模型的比特数在同样的片段上测得，片段紧接在编解码器与 xz 已读过的一百万字节之后
// （`paper` 为三百万）。模型在每段开头没有上文，这对它不利；其他方法读得更多还会变好，这对它有利。
//
// 每个片段给出编解码器与模型的比特数之差；其均值与各处文本间的 95 % 区间（t 分布）说明从多少文本起模型是更短的描述，以及有多确定。
// 预期起点为若干 GB，区间较宽：起点等于权重多出的字节除以这个差。
//
// 图中两条不含权重的线是文本编解码器（text codec）与 xz，其余是模型的各种变体；图下第一个表列为：从多少文本起最短、描述方式、
// 尚无文本时的字节数、此后每字节的比特数。第二个表列为：权重的形式、从多少文本起短于文本编解码器及其 95 % 区间、短于 xz 及其区间
// （never 为永远不会）。表下说明哪一种变体最先短于文本编解码器、从多少文本起，以及发布的模型从多少起。

// %%
const sizes = section.by({
  smoke: [500, 1_000],
  quick: [10_000, 30_000, 100_000, 300_000, 1_000_000],
  paper: [10_000, 100_000, 1_000_000, 3_000_000, speeches.symbols.length],
});
const learnt: { name: string; at: { n: number; bytes: number }[] }[] = [];
for (const name of ["text codec", "xz"] as const) {
  const at = [];
  for (const n of sizes) {
    const text = large.excerpt("speeches", speeches.symbols, n);
    at.push({ n: text.symbols.length, bytes: await large.bytesUnder(name, text, context) });
  }
  learnt.push({ name, at });
}
const after = await large.ratesAfter(speeches.symbols.subarray(0, before), samples);
const others: large.Way[] = learnt.map(({ name, at }) => {
  const last = at.at(-1)!, { mean } = lab.intervalOf(after[name as keyof typeof after]);
  return { name, bytes: last.bytes - mean * last.n / 8, rate: mean };
});

// %%
const readRate = rate(read.payload, read);
const live: large.Way[] = variants.map(({ name, bytes }, i) => ({ name, bytes, rate: intervals[i]!.mean }));
const ways: large.Way[] = [
  ...live,
  ...shrink.variants.filter(({ bytes }) => bytes < base.bytes).map((variant) => {
    return {
      name: variant.name,
      bytes: variant.bytes,
      rate: live.at(-1)!.rate * (1 + beyond(variant).mean / 100),
    };
  }),
];
const crossings = (["text codec", "xz"] as const).map((name, k) =>
  variants.map(({ rates }, i) => {
    const saved = lab.intervalOf(rates.map((rate, place) => after[name][place]! - rate));
    return large.crossingWithin(live[i]!, others[k]!, saved);
  })
) as [large.Crossing[], large.Crossing[]];

// %%
const range = Array.from({ length: 49 }, (_, i) => 10 ** (4 + i / 6));
const shown = ways.filter(({ name }) => /published|by codebook|corrected|6 of .* left out/.test(name));

// %%
await figures.show(
  figures.lines({
    title:
      "Everything counted: bits a byte of n bytes of text (right of the measured sizes extrapolated) · " +
      "全部计入：n 字节文本每字节的比特数（实测长度以右为外推）",
    series: [
      ...learnt.map(({ name, at }, i) => {
        const x = [...at.map(({ n }) => n), ...range.filter((n) => n > at.at(-1)!.n)];
        const y = x.map((n) =>
          8 * (at.find((one) => one.n === n)?.bytes ?? large.lengthOf(others[i]!, n)) / n
        );
        return { name, x, y };
      }),
      ...shown.map((way) => ({
        name: way.name,
        x: range,
        y: range.map((n) => 8 * large.lengthOf(way, n) / n),
      })),
    ],
    x: { title: "bytes of text", log: true, format: "~s" },
    y: { title: "description length (bits per byte of text)", log: true },
  }),
  "When the weights have paid for themselves",
);

// %%
const size = (n: number) =>
  n === Infinity ? "never" : n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
await figures.showTable(
  large.shortest([...others, ...ways]).map(({ way, from }) => ({
    "shortest from": from === 0 ? "the first byte" : size(from),
    description: way.name,
    "bytes before any text": Math.round(way.bytes),
    "bits a byte from then on": Number(way.rate.toFixed(3)),
  })),
  "Which description is the shortest, by bytes of text (extrapolated)",
);
const within = ({ least, most }: large.Crossing) => `${size(least)} to ${size(most)}`;
await figures.showTable(
  live.map(({ name }, i) => ({
    weights: name,
    "shorter than the text codec from": size(crossings[0][i]!.at),
    "95 % interval": within(crossings[0][i]!),
    "shorter than xz from": size(crossings[1][i]!.at),
    "95 % interval, xz": within(crossings[1][i]!),
  })),
  `Where the model becomes the shorter description, over ${places} places (t, ${places - 1} d.f.)`,
);

// %%
const earliest = crossings[0].reduce((a, b) => b.at < a.at ? b : a);
const first = live[crossings[0].indexOf(earliest)]!;
const CHINESE: Readonly<Record<string, string>> = {
  "as published (4, embedding 8)": "发布的模型（4，词嵌入 8）",
  "4 bits, even": "4 比特，等距",
  "4 bits, embedding by codebook": "4 比特，词嵌入用码本",
};
console.log(
  earliest.at === Infinity
    ? "No variant of the model ever becomes shorter than the text codec. · 模型的任何变体都不会短于文本编解码器。"
    : `The first to become shorter than the text codec is “${first.name}”, from ${
      size(earliest.at)
    } of text on ` +
      `(95 % interval ${within(earliest)}); as published, ${size(crossings[0][0]!.at)} (${
        within(crossings[0][0]!)
      }).\n` +
      `最先短于文本编解码器的是“${CHINESE[first.name]}”，${large.crossingSaid(earliest, size).zh}；` +
      `发布的模型，${large.crossingSaid(crossings[0][0]!, size).zh}。`,
);

// %% [markdown]
// That is the article's thesis in numbers, with its small print: a large model is a short program for what it was
// trained on, which is a great deal, and a long one for any text that one has at hand.
//
// 这就是文章论点的数字形式，连同它的附加条件：大模型对它的训练数据（数量极大）是短程序，对手头的任何文本则是长程序。
//
// ## The model as data · 把模型本身当作数据
//
// The same question once more: is the file of the model itself short already? Stretches of it, from all parts, under
// the codec for any bytes, and under gzip to xz. Expect little: 4-bit weights are nearly as random as they look.
//
// 同一问题再问一次：模型的文件本身已经够短了吗？从各处取若干段，用任意字节的编解码器与 gzip … xz 压缩。预期很少：
// 4 比特权重看上去近乎随机，也几乎就是。表列依次为：编解码器（ours, for any bytes 为本库的任意字节编解码器）、
// 各段合计压缩到的百分比、从第几字节（from byte）起的各段压缩到的百分比。

// %%
const stretch = section.by({
  smoke: { count: 1, length: 3_000 },
  quick: { count: 4, length: 60_000 },
  paper: { count: 12, length: 1_000_000 },
});
const shrunk = await large.shrinkSamples(opened.file, stretch.count, stretch.length, context);
const names = Object.keys(shrunk[0]!.codecs), whole = shrunk.reduce((sum, { bytes }) => sum + bytes, 0);
const left = names.map((name) => shrunk.reduce((sum, { codecs }) => sum + codecs[name]!, 0) / whole);
await figures.showTable(
  names.map((name, i) => ({
    codec: name,
    "of the sampled bytes, %": Number((100 * left[i]!).toFixed(1)),
    ...Object.fromEntries(
      shrunk.map((
        { at, bytes, codecs },
      ) => [`from byte ${at}, %`, Number((100 * codecs[name]! / bytes).toFixed(1))]),
    ),
  })),
  `The model's file as data: ${shrunk.length} stretches, ${whole.toLocaleString("en")} bytes of ${
    opened.file.length.toLocaleString("en")
  }`,
);

// %% [markdown]
// The file begins with the embedding, a third of it, in 8 bits a weight; layers in 4 follow. What there is to save is
// in scales, and in that values are not all as frequent. At most 7.5 % of the sample is saved, little as expected.
//
// 文件以词嵌入开头，占三分之一，每个权重 8 比特；其后是 4 比特的各层。可以节省的，在于比例因子，以及各取值的频率并不完全相同。
// 各段合计最多只省 7.5 %，与预期相符。
//
// ## What it writes · 由随机比特写出的文字
//
// Compression is generation: the decoder is given random bits in place of a payload. At temperature 1 each text comes
// as often as the model says; below, it is tamer.
//
// 压缩即生成：给解码器随机比特来代替载荷。温度（temperature）为 1 时，每段文字出现的频率与模型所说的一致；低于 1 则更平淡。
// 下面各是一段。

// %%
const letters = section.by({ smoke: 60, quick: 300, paper: 600 });
for (const temperature of [1, 0.6]) {
  const text = await large.writeText(opened, letters, section.seed, temperature, context);
  await figures.showMarkdown(
    `At temperature ${temperature}:\n\n> ${
      text.replaceAll(/\s*\n\s*/g, "\n> ").replaceAll(/[^\P{C}\n]/gu, "·")
    }`,
  );
}

// %% [markdown]
// ## Verdicts · 判定
//
// At temperature 1 it strays; at the lower one it writes sentences. The claims as declared above, and what was
// measured.
//
// 温度为 1 时文字散乱，较低时写得出句子。以下是上面写明的论断与所测得的结果。

// %%
const both = wins[0]! && wins[1]!;
section.judge("unread", {
  verdict: lab.verdictOf(both, wins[0]!),
  measured: {
    en: `of the text codec's payload ${share(read)} on what it has read, ${share(unread)} on what it has not`,
    zh: `为文本编解码器载荷的：读过的文本 ${share(read)}，未读过的 ${share(unread)}`,
  },
  numbers: { "bits a byte, read": readRate, "bits a byte, unread": rate(unread.payload, unread) },
});

// %%
const served = [wins[3]!, wins[2]!, rate(random.payload, random) <= 8.1];
section.judge("kinds", {
  verdict: lab.verdictOf(served.every(Boolean), served.some(Boolean)),
  measured: {
    en: `of the text codec's payload ${share(poem)} on Chinese poems, ${share(program)} on code; ${
      rate(random.payload, random).toFixed(2)
    } bits a random byte`,
    zh: `为文本编解码器载荷的：中文诗词 ${share(poem)}，代码 ${share(program)}；每个随机字节 ${
      rate(random.payload, random).toFixed(2)
    } 比特`,
  },
  numbers: {
    "bits a byte, Chinese": rate(poem.payload, poem),
    "bits a byte, code": rate(program.payload, program),
    "bits a byte, random": rate(random.payload, random),
  },
});

// %%
const longest = sizes.at(-1)!, own = Math.min(...ways.map((way) => large.lengthOf(way, longest)));
const theirs = learnt[0]!.at.at(-1)!.bytes, finite = (n: number) => n === Infinity ? -1 : n;
const grouped = (n: number) => Math.round(n).toLocaleString("en");
const { at, least, most } = earliest, shorter = large.crossingSaid(earliest, size);
section.judge("counted", {
  verdict: lab.verdictOf(own < theirs, most < 1e10),
  edge: least < 1e10 && most >= 1e10,
  measured: {
    en: `${grouped(own)} bytes against ${grouped(theirs)} for ${
      grouped(longest)
    } bytes of text; ${shorter.en}`,
    zh: `${grouped(longest)} 字节的文本：${grouped(own)} 字节，对方 ${grouped(theirs)} 字节；${shorter.zh}`,
  },
  numbers: {
    "crossing, bytes (−1: none)": finite(at),
    "crossing, at the earliest": finite(least),
    "crossing, at the latest": finite(most),
  },
});

// %%
const of = (name: string) => variants.findIndex((variant) => variant.name === name);
const four = more[of("4 bits, embedding by codebook")]!, fourAtMost = lab.upperEnd(four);
section.judge("bits", {
  verdict: lab.verdictOf(fourAtMost < 2, fourAtMost < 10),
  edge: lab.onEdge(four, 2) || lab.onEdge(four, 10),
  measured: {
    en: `${lab.plusMinus(four, 1, true)} % bits a byte, against as published (${places} places)`,
    zh: `每字节比特数与发布的模型相比 ${lab.plusMinus(four, 1, true)} %（${places} 处）`,
  },
  numbers: { "more bits a byte, %": four },
});

// %%
const saved = [3, 2].map((bits) => {
  const [rounded, shared] = (["even", "codebook"] as const).map((kind) => few(bits, kind).rates);
  return lab.intervalOf(rounded!.map((rate, i) => rate - shared![i]!));
});
const above = saved.map((one) => lab.lowerEnd(one) > 0);
section.judge("sharing", {
  verdict: lab.verdictOf(above.every(Boolean), above.some(Boolean)),
  edge: saved.some((one) => lab.onEdge(one, 0)),
  stored,
  measured: {
    en: `a codebook saves ${lab.plusMinus(saved[0]!, 3)} bits a byte at 3 bits, ${
      lab.plusMinus(saved[1]!, 3)
    } at 2`,
    zh: `码本每字节节省：3 比特时 ${lab.plusMinus(saved[0]!, 3)} 比特，2 比特时 ${
      lab.plusMinus(saved[1]!, 3)
    } 比特`,
  },
  numbers: { "saved at 3 bits": saved[0]!, "saved at 2 bits": saved[1]! },
});

// %%
const mended = [3, 2].map((bits) => {
  const better = few(bits, "corrected").rates, plain = few(bits, "codebook").rates;
  return lab.intervalOf(plain.map((rate, i) => rate - better[i]!));
});
const third = beyond(few(3, "corrected")), always = mended.every((one) => lab.lowerEnd(one) > 0);
section.judge("corrected", {
  verdict: lab.verdictOf(lab.upperEnd(third) < 10, always),
  edge: lab.onEdge(third, 10) || mended.some((one) => lab.onEdge(one, 0)),
  stored,
  measured: {
    en: `at 3 bits, corrected, ${lab.plusMinus(third, 1, true)} % bits a byte; correction saves ${
      lab.plusMinus(mended[0]!, 3)
    } bits a byte at 3 bits, ${lab.plusMinus(mended[1]!, 3)} at 2`,
    zh: `3 比特并修正：每字节比特数 ${lab.plusMinus(third, 1, true)} %；修正每字节节省：3 比特时 ${
      lab.plusMinus(mended[0]!, 3)
    } 比特，2 比特时 ${lab.plusMinus(mended[1]!, 3)} 比特`,
  },
  numbers: { "more at 3 bits, %": third, "saved at 3 bits": mended[0]!, "saved at 2 bits": mended[1]! },
});

// %%
const tied = three("tied"), cut = three("left out"), tiedMore = beyond(tied);
const cheaper = lab.intervalOf(cut.rates.map((rate, i) => rate - tied.rates[i]!));
const tests = [lab.upperEnd(tiedMore) < 10, lab.lowerEnd(cheaper) > 0];
section.judge("layers", {
  verdict: lab.verdictOf(tests.every(Boolean), tests.some(Boolean)),
  edge: lab.onEdge(tiedMore, 10) || lab.onEdge(cheaper, 0),
  stored,
  measured: {
    en: `three layers tied: ${lab.plusMinus(tiedMore, 1, true)} % bits a byte; left out: ${
      lab.plusMinus(beyond(cut), 1, true)
    } %`,
    zh: `三层改用前一层的权重：每字节比特数 ${lab.plusMinus(tiedMore, 1, true)} %；去掉三层：${
      lab.plusMinus(beyond(cut), 1, true)
    } %`,
  },
  numbers: { "more with three tied, %": tiedMore, "left out costs more, bits a byte": cheaper },
});
await section.close();
