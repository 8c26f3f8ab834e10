// %% [markdown]
// # 7. Tools and resources · 工具和资源推荐
//
// The article recommends two books (7.1), two frameworks (7.2) and two papers (7.3). Here the books' subjects are tied to
// the notebooks that use them, the article's network is built in a framework, and the two papers are run: dropout in
// recurrent networks with the same mask at every step (Gal & Ghahramani 2016), and attention without recurrence (Vaswani
// et al. 2017).
//
// You will see: which chapters are used where; small language models of characters that learn from little text and from
// more; what text that they have not seen costs under each, in bits a character, next to gzip … xz on the same text;
// the same with the weights counted; and text that they write. Books and frameworks are shown and not judged: which
// function stands for a chapter is our choice, and PyTorch is not run here. Terms are in the [glossary](glossary.md).
//
// 中文：本节把推荐的两本书的主题与用到它们的笔记本对应起来，用框架搭建文章的网络，并把两篇论文做成实验：
// 循环神经网络中整个序列共用一个掩码的随机失活（dropout），以及不用循环、只用注意力的模型。
// 字符级语言模型分别在少量与较多文本上训练，以未见文本的每字符比特数衡量，与 gzip … xz 在同一文本上的结果比较，再把权重计入，
// 最后展示模型写出的文字。书目与框架只作展示，两篇论文才有判定。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about seven
// minutes on two cores that run another section, too, `paper` many hours on two cores (only begun: where these had
// other work besides, 3 % of its main training, 60,000 steps, were done after 27 minutes). The outputs below are those
// of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约七分钟，`paper` 在两个核上需许多小时
// （只试过开头：两个核另有其他工作，27 分钟后完成主要训练（60,000 步）的 3 %）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as tf from "@tensorflow/tfjs";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as language from "experiments/language/mod.ts";
import * as study from "experiments/programs/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after. “Saved” is the mean
// difference of runs that differ in nothing else; all of its 95 % interval over seeds has to be above 0.
//
// 测量之前先写明每条论断及其成立的标准。“节省”指除此之外完全相同的运行之间的平均差，其各种子间的 95 % 置信区间须整个大于 0。
// 最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("07_resources", settings, claims["07_resources"]);

// %%
const { context, seed } = section;

// %% [markdown]
// ## 7.1 Books · 学习资源推荐
//
// *Deep Learning* (Goodfellow, Bengio, Courville, MIT Press 2016) has 20 chapters; 《神经网络与深度学习》 (邱锡鹏, 2020) has 15.
// Beside each subject stands one function of the library that is an instance of it, and the notebooks whose code uses
// that function. What does not appear is taught there and not needed here, such as graphical models or, in the second
// book, reinforcement learning.
//
// 《深度学习》（Goodfellow、Bengio、Courville，2016）有 20 章，《神经网络与深度学习》（邱锡鹏，2020）有 15 章。
// 每个主题旁边是本库中的一个函数实例，以及代码用到它的笔记本；没有列出的主题书中讲授而这里用不到，如图模型，
// 或第二本书的强化学习。表列依次为：主题、第一本书的章、第二本书的章、本库中的函数、用到它的笔记本；主题依次为：
// 向量、矩阵与主成分，概率、熵与交叉熵，有舍入的运算，训练与测试数据、过拟合，softmax 与逻辑输出，前馈网络，正则化与随机失活，
// 优化，卷积，循环网络，基线与测量，注意力，自编码器与无标签学习，生成模型，序列生成。

// %%
const subjects = [
  {
    subject: "vectors, matrices, principal components",
    goodfellow: [2],
    qiu: [],
    used: "principalComponents",
  },
  { subject: "probability, entropy, cross-entropy", goodfellow: [3], qiu: [], used: "marginalEntropy" },
  { subject: "arithmetic that rounds", goodfellow: [4], qiu: [], used: "openEncoder" },
  { subject: "training and test data, overfitting", goodfellow: [5], qiu: [2], used: "splitText" },
  { subject: "softmax and logistic output", goodfellow: [], qiu: [3], used: "sampleText" },
  { subject: "feedforward networks", goodfellow: [6], qiu: [4], used: "features" },
  { subject: "regularisation, dropout", goodfellow: [7], qiu: [7], used: "compareLanguages" },
  { subject: "optimisation", goodfellow: [8], qiu: [7], used: "compress" },
  { subject: "convolution", goodfellow: [9], qiu: [5], used: "ARTICLE_ENCODER" },
  { subject: "recurrent networks", goodfellow: [10], qiu: [6], used: "recurrentLike" },
  { subject: "baselines, measuring", goodfellow: [11], qiu: [], used: "measureBaselines" },
  { subject: "attention", goodfellow: [], qiu: [8], used: "attention" },
  { subject: "autoencoders, learning without labels", goodfellow: [14], qiu: [9], used: "trainDense" },
  { subject: "generative models", goodfellow: [20], qiu: [13], used: "generate" },
  { subject: "generating sequences", goodfellow: [], qiu: [15], used: "sampleText" },
];

// %%
const rows = await Promise.all(
  subjects.map(async (row) => ({ ...row, sections: await article.sectionsUsing(row.used) })),
);
const here = rows.filter(({ sections }) => sections.length);
const chapters = (of: "goodfellow" | "qiu") => new Set(here.flatMap((row) => row[of])).size;
await figures.showTable(
  rows.map(({ subject, goodfellow, qiu, used, sections }) => ({
    subject,
    "Goodfellow et al., chapter": goodfellow.join(", ") || undefined,
    "邱锡鹏，章": qiu.join(", ") || undefined,
    "in this library": used,
    "notebooks that use it": sections.join(", ") || undefined,
  })),
  "Books and notebooks",
);
await figures.showMarkdown(
  `${chapters("goodfellow")} of 20 chapters of the one and ${
    chapters("qiu")
  } of 15 of the other are at work somewhere here. ` +
    `两本书分别有 ${chapters("goodfellow")}/20 与 ${chapters("qiu")}/15 章的内容在这里用到。`,
);

// %% [markdown]
// ## 7.2 Frameworks · 开发工具推荐
//
// The article's convolutional encoder (5.2) in three notations. Here it is run in the third, TensorFlow.js, whose
// layers are those of Keras; the first two are for comparison, and are not run.
//
// 文章的卷积编码器（5.2 节）的三种写法：TensorFlow、PyTorch 与 TensorFlow.js。这里只运行第三种，它的各层就是 Keras 的各层；
// 前两种供对照。
//
// ```python
// keras.Sequential([                                    # TensorFlow
//     keras.Input((32, 32, 3)),
//     layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
//     layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
//     layers.Conv2D(128, 3, activation="relu"), layers.MaxPooling2D(),
//     layers.Flatten(),
// ])
// nn.Sequential(                                        # PyTorch
//     nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
//     nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
//     nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2),
//     nn.Flatten(),
// )
// ```

// %%
const conv = (filters: number, seed: number) => [
  tf.layers.conv2d({
    filters,
    kernelSize: 3,
    activation: "relu",
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  }),
  tf.layers.maxPooling2d({ poolSize: 2 }),
];
const encoder = tf.sequential();
encoder.add(tf.layers.inputLayer({ inputShape: [32, 32, 3] }));
for (const [i, filters] of [32, 64, 128].entries()) conv(filters, seed + i).forEach((l) => encoder.add(l));
encoder.add(tf.layers.flatten());

// %% [markdown]
// A convolution has (3 · 3 · inputs + 1) · outputs weights in either framework. What TensorFlow.js counts has to be the
// same, layer by layer.
//
// 两种框架中，一层卷积都有 (3 · 3 · 输入 + 1) · 输出 个权重；TensorFlow.js 数出的须逐层相同。表列为：
// 层、按公式、TensorFlow.js 数得。

// %%
const formula = [[3, 32], [32, 64], [64, 128]].map(([inputs, outputs]) => (9 * inputs! + 1) * outputs!);
const counted = encoder.layers.filter((l) => l.getClassName() === "Conv2D").map((l) => l.countParams());
await figures.showTable([
  ...formula.map((weights, i) => ({
    layer: `convolution ${i + 1}`,
    "by the formula": weights,
    "TensorFlow.js": counted[i],
  })),
  {
    layer: "all",
    "by the formula": formula.reduce((a, b) => a + b),
    "TensorFlow.js": encoder.countParams(),
  },
], "Weights of the article's encoder");
const [code] = tf.tidy(() => [(encoder.predict(tf.ones([1, 32, 32, 3])) as tf.Tensor).size]);
console.log(
  `an image of ${32 * 32 * 3} numbers becomes ${code} features · 一幅图像的 ${
    32 * 32 * 3
  } 个数变成 ${code} 个特征`,
);
encoder.dispose();

// %% [markdown]
// ## 7.3 Two papers · 相关论文推荐
//
// ### The text · 文本
//
// Speeches of presidents to the Congress of the U.S.A., 1790–2021. Whole speeches go to training, validation or test,
// so that no model has read any part of a speech that it is tested on. “Little” is chosen so small, and read so often,
// that a model can learn it by heart; of “more” it reads in all no more characters than there are.
//
// 美国总统的国情咨文，1790–2021 年。整篇演讲只属于训练、验证或测试之一，所以模型没有读过它要被测试的演讲的任何部分。
// “少量”文本（little）小到、也重复到足以背下来，“较多”文本（more）则总共读不完一遍。表列依次为：
// 文本、演讲篇数、字符数、UTF-8 字节数、开头。

// %%
const speeches = section.use(await language.loadText("speeches", context));
const split = language.splitText(speeches, 23, context.random("split"));
const sizes = section.by({
  smoke: { little: 5_000, more: 20_000, measured: 2_000 },
  quick: { little: 10_000, more: 250_000, measured: 4_000 },
  paper: { little: 100_000, more: 8_000_000, measured: 20_000 },
});
const steps = section.by({
  smoke: { little: 40, more: 40 },
  quick: { little: 600, more: 250 },
  paper: { little: 2000, more: 2000 },
});
const validation = language.excerpts(split.validation, sizes.measured, Math.ceil(sizes.measured / 23));
const test = language.excerpts(split.test, 4 * sizes.measured, Math.ceil(4 * sizes.measured / 23));
const learnt = {
  little: language.excerpts(split.train, sizes.little, Math.ceil(sizes.little / 20)),
  more: language.takeText(split.train, sizes.more),
};
const unseen = { validation: validation.symbols, test: test.symbols };
const texts = {
  little: { texts: { train: learnt.little.symbols, ...unseen }, steps: steps.little },
  more: { texts: { train: learnt.more.symbols, ...unseen }, steps: steps.more },
};

// %%
await figures.showTable(
  Object.entries({ ...learnt, validation, test }).map(([use, text]) => ({
    text: use,
    speeches: text.parts.length,
    characters: text.symbols.length,
    "bytes in UTF-8": language.utf8(text).length,
    begins: language.spell(text.alphabet, text.symbols.subarray(0, 40)) + " …",
  })),
  "Texts",
);

// %% [markdown]
// ### What others make of the test text · 其他方法在测试文本上的结果
//
// Uniform: every character costs the same. Order 0: what each costs by how often it comes in the test text itself.
// Compressors get the test text alone, and after the training text (its first million characters where it is longer;
// their decoder then needs a copy). brotli brings a dictionary of common words with it, many of them English.
//
// 参照：均匀编码（uniform）是每个字符代价相同；零阶（order 0）是按各字符在测试文本中的频率；压缩器单独压缩测试文本，
// 或接在训练文本之后（训练文本较长时取前一百万字符，其解码器也需要一份）。brotli 自带常用词典，其中许多是英文。表列为：
// 方法、单独、接在训练文本之后（比特/字符）。

// %%
const references = section.by({ smoke: learnt.little, quick: learnt.more, paper: learnt.more });
const codings = await lab.measureTextCodecs(
  language.utf8(test),
  language.utf8(language.takeText(references, 1_000_000)),
);
const perCharacter = (bytes: number) => 8 * bytes / test.symbols.length;
const order0 = lab.marginalEntropy(test), uniform = Math.log2(speeches.alphabet.length);
const bestAlone = codings.reduce((a, b) => b.alone < a.alone ? b : a);
const decimals = (n: number) => Number(n.toFixed(3));
await figures.showTable([
  {
    how: "uniform",
    "alone, bits/character": decimals(uniform),
    "after the training text, bits/character": undefined,
  },
  { how: "order 0", "alone, bits/character": decimals(order0) },
  ...codings.map(({ codec, setting, alone, after }) => ({
    how: `${codec} ${setting}`,
    "alone, bits/character": decimals(perCharacter(alone)),
    "after the training text, bits/character": decimals(perCharacter(after)),
  })),
], "References on the test text");

// %% [markdown]
// ### The models · 模型
//
// A recurrent network (long short-term memory) and one of attention alone, with as many weights as can be made equal.
// With dropout, a quarter of the embedding, of the state that is fed back and of the output is left out: once for the
// whole sequence, as the paper says, or anew at each step. Learning rates were tried out beforehand for each of the two
// on the validation text; the share that is left out was not.
//
// 循环神经网络（长短期记忆）与只用注意力的模型，权重个数尽量相等。随机失活去掉嵌入、反馈状态与输出的四分之一：
// 按论文所说整个序列用同一个掩码，或每步更换。两者的学习率事先各在验证文本上试过，去掉的比例没有试。表列为：
// 模型、权重个数、每字符浮点运算次数、形状。“形状”一列依次为：嵌入 20、88 个单元；宽 40、2 个注意力头、2 块、看 48 个字符。

// %%
const attention: language.AttentionSpec = {
  kind: "attention",
  symbols: speeches.alphabet.length,
  ...section.by({
    smoke: { width: 16, heads: 2, blocks: 1, context: 16 },
    quick: { width: 40, heads: 2, blocks: 2, context: 48 },
    paper: { width: 64, heads: 4, blocks: 3, context: 64 },
  }),
};
const recurrent = language.recurrentLike(attention, attention.width / 2);
const RATE = { recurrent: 0.015, attention: 0.01 };
const arms: study.LanguageArm[] = [
  { name: "no dropout", spec: recurrent, rate: RATE.recurrent },
  ...(["per sequence", "per step"] as const).map((mask) => ({
    name: `mask ${mask}`,
    spec: { ...recurrent, dropout: { rate: 0.25, mask } },
    rate: RATE.recurrent,
  })),
];

// %%
await figures.showTable(
  [recurrent, attention].map((spec) => ({
    model: spec.kind,
    weights: language.languageParameters(spec),
    "FLOP a character": language.languageFlop(spec),
    shape: spec.kind === "recurrent"
      ? `embedding ${spec.embedding}, ${spec.hidden} cells`
      : `width ${spec.width}, ${spec.heads} heads, ${spec.blocks} blocks, sees ${spec.context} characters`,
  })),
  "Models",
);

// %% [markdown]
// ### (1) Dropout in recurrent networks · 循环网络中的随机失活
//
// Expect, on little text, the network without dropout to get ever better on what it learns and, from some step on,
// worse on what it has not seen; dropout should close that gap. On more text there is no gap to close, and what is left
// out only slows learning. Each curve is a mean over the seeds; “unseen” is the validation text.
//
// 预期：文本少时，不用随机失活的网络在学过的文本上越来越好，而从某一步起在未见文本上变差；随机失活应缩小这一差距。
// 文本多时没有差距可缩小，去掉一部分只会减慢学习。每条线是各种子的平均。图例：no dropout 不用随机失活，
// one mask 整个序列同一掩码；unseen 未见文本（验证文本），learnt 学过的文本。

// %%
const batch = section.by({ smoke: 8, quick: 8, paper: 32 });
const training = { batch, length: attention.context, measurements: 12 };
const seeds = section.by({ smoke: 2, quick: 5, paper: 5 });
const CHINESE: Readonly<Record<string, string>> = {
  "little": "少量文本",
  "more": "较多文本",
  "no dropout": "不用随机失活",
  "mask per sequence": "整个序列同一掩码",
  "mask per step": "每步更换掩码",
  "attention": "注意力",
};
const dropout = await study.compareLanguages(arms, texts, training, seeds, context);
for (const { runs } of dropout) for (const { flop } of runs) section.spend(flop);

// %%
const curvesOf = (text: string) =>
  figures.lines({
    title: `Recurrent network, ${text} text: no dropout, and one mask per sequence · ` +
      `循环神经网络，${CHINESE[text]}：不用随机失活，与整个序列同一掩码`,
    series: [["no dropout", "no dropout"], ["mask per sequence", "one mask"]].flatMap(([name, short]) => {
      const { runs } = dropout.find((outcome) => outcome.text === text && outcome.arm === name)!;
      const curve = study.meanCurve(runs).slice(1), x = curve.map(({ step }) => step);
      return [
        { name: `${short}, unseen`, x, y: curve.map(({ validation }) => validation) },
        { name: `${short}, learnt`, x, y: curve.map(({ train }) => train) },
      ];
    }),
    x: { title: "training step" },
    y: { title: "bits per character" },
  });
await figures.show(curvesOf("little"), "Dropout on little text");
await figures.show(curvesOf("more"), "Dropout on more text");

// %% [markdown]
// On little text the lines of what is learnt and of what is unseen part, less with the mask; on more text they stay
// together, and the mask is behind. As expected.
//
// 文本少时两条曲线分开，用掩码时分得较少；文本多时不分开，用掩码者落后。与预期相符。
//
// Now the test text. Each run is measured where its validation cost was lowest; a point is a seed. (When learning rates
// were chosen, with seed 1, the costs of the test text were seen beside those of the validation text.)
//
// 再看测试文本。每次训练取其验证代价最低处；一点是一个种子，黑色短线是均值与 95 % 置信区间。（选学习率时用的是种子 1，
// 当时测试文本的代价与验证文本的列在一起，已经看到。）图中各行：
// 不用随机失活、整个序列同一掩码（mask per sequence）、每步更换掩码（mask per step）。

// %%
const stripsOf = (title: string, outcomes: readonly study.LanguageOutcome[]) =>
  figures.strips({
    title,
    panels: Object.keys(texts).map((text) => ({
      title: `${text} text: test cost (bits per character)`,
      rows: outcomes.filter((outcome) => outcome.text === text)
        .map((outcome) => ({ label: outcome.arm, values: study.testBits(outcome, "stopped") })),
    })),
    series: Array.from({ length: seeds }, (_, s) => `seed ${seed + s}`),
    interval: lab.intervalOf,
    intervalName: `mean, ${lab.intervalName(seeds)}`,
  });
await figures.show(
  stripsOf("Dropout: what unseen text costs · 随机失活：未见文本的代价", dropout),
  "Dropout on the test text",
);

// %%
const find = (outcomes: readonly study.LanguageOutcome[], arm: string, text: string) =>
  outcomes.find((outcome) => outcome.arm === arm && outcome.text === text)!;
const of = (arm: string, text: string) => find(dropout, arm, text);
const saves = (moment: "stopped" | "last", text: string, worse: string, better: string) =>
  study.saved(of(worse, text), of(better, text), moment);
const sign = (interval: lab.Interval) => lab.plusMinus(interval, 3, true);
await figures.showTable(
  Object.keys(texts).flatMap((text) =>
    ([["no dropout", "mask per sequence"], ["no dropout", "mask per step"], [
      "mask per step",
      "mask per sequence",
    ]] as const).map(([worse, better]) => ({
      text,
      what: `${better} instead of ${worse}`,
      "saved when stopped, bits/character": sign(saves("stopped", text, worse, better)),
      "saved after the last step": sign(saves("last", text, worse, better)),
    }))
  ),
  "What dropout saves",
);

// %%
for (const [id, text] of [["dropoutLittle", "little"], ["dropoutMore", "more"]] as const) {
  const stopped = saves("stopped", text, "no dropout", "mask per sequence");
  const last = saves("last", text, "no dropout", "mask per sequence");
  section.judge(id, {
    verdict: lab.verdictOf(study.aboveZero(stopped), study.aboveZero(last)),
    edge: lab.onEdge(stopped, 0),
    measured: {
      en: `saved ${sign(stopped)} bits/character when stopped, ${
        sign(last)
      } after the last step (${seeds} seeds)`,
      zh: `停在最佳处节省 ${sign(stopped)} 比特/字符，最后一步之后 ${sign(last)}（${seeds} 个种子）`,
    },
    numbers: { stopped, last },
  });
}

// %%
/** What becomes of a claim that bits are saved, on both texts. */
const onBoth = (savedOn: (text: "little" | "more") => lab.Interval): lab.Finding => {
  const little = savedOn("little"), more = savedOn("more"), both = [little, more];
  return {
    verdict: lab.verdictOf(both.every(study.aboveZero), both.some(study.aboveZero)),
    edge: both.some((one) => lab.onEdge(one, 0)),
    measured: {
      en: `saved ${sign(little)} bits/character on little text, ${sign(more)} on more (${seeds} seeds)`,
      zh: `少量文本节省 ${sign(little)} 比特/字符，较多文本 ${sign(more)}（${seeds} 个种子）`,
    },
    numbers: { little, more },
  };
};
section.judge("mask", onBoth((text) => saves("stopped", text, "mask per step", "mask per sequence")));

// %% [markdown]
// ### (2) Attention is all you need · 注意力
//
// The article says that this paper proposed the attention mechanism. Attention is older (Bahdanau, Cho, Bengio 2014,
// beside recurrence); what the paper proposed is to do without recurrence. That is the claim tested here.
//
// The same texts, as many weights, as many characters read, no dropout in either. The paper's own case is far larger: a
// translation of sentences, on graphics processors, where attention computes all places at once while recurrence must
// go step by step. On one core most of that advantage is gone, and a small network has to find out first that what
// stands just before matters most, which recurrence is built on. Expect recurrence to be hard to beat here, most of all
// where training is short: a verdict after so few steps says nothing of what attention comes to in the end.
//
// 文章说注意力机制由这篇论文提出；其实注意力更早（Bahdanau、Cho、Bengio，2014，与循环并用），论文提出的是不用循环。
// 这里检验的就是这一点。
//
// 同样的文本，权重个数与读入字符数相等，都不用随机失活。论文的情形大得多：在图形处理器上翻译句子，注意力同时计算所有位置，
// 而循环必须逐步进行。在一个核上，这一优势大半消失；而且小网络要先发现紧挨在前面的字符最重要，循环则天生如此。
// 预期循环很难胜过，训练短时尤其如此：这么少的步数之后的判定，并不说明注意力最终能达到什么。图例：recurrence 循环，
// attention 注意力，little 少量文本，more 较多文本；虚线是 brotli 在测试文本上的结果。其后一幅图是验证文本的代价随训练步的变化，
// 各种子的平均。

// %%
const byAttention = await study.compareLanguages(
  [{ name: "attention", spec: attention, rate: RATE.attention }],
  texts,
  training,
  seeds,
  context,
);
for (const { runs } of byAttention) for (const { flop } of runs) section.spend(flop);
const versus = [
  ...dropout.filter(({ arm }) => arm === "no dropout").map((outcome) => ({ ...outcome, arm: "recurrence" })),
  ...byAttention,
];
await figures.show(
  stripsOf("Attention and recurrence: what unseen text costs · 注意力与循环：未见文本的代价", versus),
  "Attention and recurrence",
);

// %%
await figures.show(
  figures.lines({
    title: `Not seen: validation text, mean of ${seeds} seeds · 未见文本：验证文本，${seeds} 个种子的均值`,
    series: versus.map(({ arm, text, runs }) => {
      const curve = study.meanCurve(runs).slice(1);
      return { name: `${arm}, ${text}`, x: curve.map(({ step }) => step), y: curve.map((p) => p.validation) };
    }),
    x: { title: "training step" },
    y: { title: "bits per character" },
    references: [{ label: `${bestAlone.codec} (test text)`, value: perCharacter(bestAlone.alone) }],
  }),
  "Attention and recurrence while they learn",
);

// %% [markdown]
// On little text attention is still falling where recurrence has flattened or turned; on more text, where steps are
// fewer, both are still falling, attention far above. It finds late what recurrence is built on, as expected.
//
// 文本少时，循环已趋平缓甚至回升，注意力仍在下降；文本多时步数较少，两者都还在下降，注意力高出许多。
// 它很晚才发现循环天生就有的东西，与预期相符。
//
// Seconds of a step: the two take turns on one core, and the median of all turns counts. The recurrence is one kernel
// written for this library, attention is made of TensorFlow.js operations: seconds compare these two, FLOP the models.
//
// 每步用时：两者轮流在一个核上运行，取全部轮次的中位数。循环是为本库写的一个内核，注意力由 TensorFlow.js 的运算组成：
// 秒数比较的是这两种实现，浮点运算次数比较的是模型。表列依次为：模型、少量与较多文本上的测试代价（比特/字符）、
// 每步浮点运算次数、每步毫秒数（中位数）、每秒十亿次浮点运算。

// %%
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const models = [{ arm: "recurrence", spec: recurrent }, { arm: "attention", spec: attention }];
const seconds = await study.stepSeconds(
  models.map(({ spec }) => spec),
  learnt.little.symbols,
  training,
  8,
  context,
);
const flop = models.map(({ spec }) => 3 * language.languageFlop(spec) * batch * training.length);
await figures.showTable(
  models.map(({ arm }, i) => ({
    model: arm,
    ...Object.fromEntries(
      versus.filter((outcome) => outcome.arm === arm).map((outcome) => [
        `${outcome.text} text: test, bits/character`,
        decimals(mean(study.testBits(outcome, "stopped"))),
      ]),
    ),
    "FLOP a step": flop[i]!.toExponential(2),
    "ms a step (median)": Number((1000 * seconds[i]!).toFixed(1)),
    "GFLOPS": Number((flop[i]! / seconds[i]! / 1e9).toFixed(1)),
  })),
  "Bits, FLOP, seconds",
);

// %%
section.judge(
  "attentionBits",
  onBoth((text) => study.saved(find(versus, "recurrence", text), find(versus, "attention", text), "stopped")),
);
const times = seconds[1]! / seconds[0]!, work = flop[1]! / flop[0]!;
section.judge("attentionSpeed", {
  verdict: lab.verdictOf(times < 1, work < 1),
  measured: {
    en: `${times.toFixed(2)} × the seconds (medians by turns) and ${
      work.toFixed(2)
    } × the FLOP of recurrence`,
    zh: `用时（轮流测量的中位数）为循环的 ${times.toFixed(2)} 倍，浮点运算为 ${work.toFixed(2)} 倍`,
  },
  numbers: { "seconds, ratio": times, "FLOP, ratio": work },
});

// %% [markdown]
// ### All of them on the test text · 全部模型在测试文本上的结果
//
// Every model, as a mean over its seeds, beside the compressors. A receiver needs the weights to decode; the next table
// counts them. Expect the models to be near brotli, which knows English, without their weights.
//
// 每个模型（各种子的平均）与压缩器并列。解码还需要权重，下一节的表将其计入。预期不计权重时与懂英文的 brotli 相近。图中各组依次为：
// 从少量文本学得（learnt from little text）、从较多文本学得（learnt from more text）、只有测试文本本身（the file alone）。

// %%
const every = [...dropout, ...byAttention];
const validationOf = (run: language.TrainedLanguage) =>
  Math.min(...run.curve.map(({ validation }) => validation));
const cheapest = (outcomes: readonly study.LanguageOutcome[]) =>
  outcomes.flatMap(({ arm, text, runs }) => runs.map((run) => ({ arm, text, run })))
    .reduce((a, b) => validationOf(b.run) < validationOf(a.run) ? b : a);

// %%
await figures.show(
  figures.rateBars({
    title: "What a character of the test text costs (weights and decoders not counted) · " +
      "测试文本每个字符的代价（不计权重与解码器）",
    rates: [
      ...Object.keys(texts).flatMap((text) =>
        every.filter((outcome) => outcome.text === text).map((outcome) => ({
          group: `learnt from ${text} text`,
          label: outcome.arm,
          kind: "ours" as const,
          rate: mean(study.testBits(outcome, "stopped")),
        }))
      ),
      ...codings.map(({ codec, alone }) => ({
        group: "the file alone",
        label: codec,
        rate: perCharacter(alone),
        kind: "other" as const,
      })),
    ],
    references: [{ label: "order 0", value: order0 }],
  }),
  "All on the test text",
);

// %%
const brotli = perCharacter(codings.find(({ codec }) => codec === "brotli")!.alone);
const best = every.map((outcome) => ({ ...outcome, rate: mean(study.testBits(outcome, "stopped")) }))
  .reduce((a, b) => b.rate < a.rate ? b : a);
await figures.showMarkdown(
  `The best model (${best.arm}, ${best.text} text) needs ${best.rate.toFixed(2)} bits a character, brotli ${
    brotli.toFixed(2)
  }, which has learnt nothing from these speeches.\n\n最好的模型（${CHINESE[best.arm]}，${
    CHINESE[best.text]
  }）每字符 ${best.rate.toFixed(2)} 比特，brotli ${brotli.toFixed(2)}，后者未从这些演讲学过任何东西。`,
);

// %% [markdown]
// ### With the weights counted · 计入权重
//
// The two-part code of the *training* text: the weights rounded to 8 bits and compressed by brotli (real bytes), and
// the text under the rounded weights (an estimate: its cross-entropy; no file is made here). Expect a model that learns
// little text by heart to need more bytes for its weights than the text has; on more text they are spread over more
// characters, and whether they pay there is what the table says. Of a text longer than a million characters the first
// million is measured.
//
// 训练文本的两段编码：权重舍入到 8 比特并用 brotli 压缩（真实字节），加上文本在舍入后的权重下的长度（由交叉熵估计，
// 这里没有写成文件）。预期背下少量文本的模型，权重比文本还长；文本多时，权重由更多字符分摊，能否回本看下表。
// 超过一百万字符的文本只测前一百万。表列依次为：文本、字符数、最好的模型、权重字节数（真实）、文本的比特/字符（估计）、
// 两者合计（估计）、最好的编解码器、其比特/字符。

// %%
const counting: Record<string, string | number>[] = [];
for (const [text, set] of Object.entries(learnt)) {
  const most = language.takeText(set, 1_000_000), characters = set.symbols.length;
  const { arm, run } = cheapest(every.filter((outcome) => outcome.text === text));
  const { weightBytes, bits } = await language.twoPart(
    run.spec,
    run.stopped.weights,
    most.symbols,
    training.length,
  );
  const codecs = await lab.measureTextCodecs(language.utf8(most), new Uint8Array([32]));
  const codec = codecs.reduce((a, b) => b.alone < a.alone ? b : a);
  counting.push({
    text,
    characters,
    "best model": arm,
    "weights, bytes (real)": weightBytes,
    "text, bits/character (estimate)": decimals(bits),
    "both, bits/character (estimate)": decimals(bits + 8 * weightBytes / characters),
    codec: codec.codec,
    "codec, bits/character": decimals(8 * codec.alone / most.symbols.length),
  });
}
await figures.showTable(counting, "Two-part code of the training text");

// %%
const pays = counting.filter((row) =>
  Number(row["both, bits/character (estimate)"]) < Number(row["codec, bits/character"])
).map(({ text }) => text);
const [rates, ratesZh] = (["en", "zh"] as const).map((language) =>
  counting.map((row) => {
    const [own, other] = [row["both, bits/character (estimate)"], row["codec, bits/character"]];
    return language === "en"
      ? `${row.text} ${own} (${row.codec} ${other})`
      : `${CHINESE[row.text!]} ${own}（${row.codec} ${other}）`;
  }).join(language === "en" ? ", " : "，")
);
await figures.showMarkdown(
  `With the weights counted, bits a character: ${rates}. The weights pay on ${
    pays.join(" and ") || "neither text"
  }.\n\n` +
    `计入权重后每字符比特数：${ratesZh}。${
      pays.length ? `在${pays.map((text) => CHINESE[text!]).join("、")}上回本` : "在两种文本上权重都没有回本"
    }。`,
);

// %% [markdown]
// ### What they write · 生成的文字
//
// Text drawn from the best recurrent model and the best of attention, each from more text: every character is drawn
// with the probability that the model gives it. Expect words in part, and no sense.
//
// 下面的文字由最好的循环模型与最好的注意力模型写出（都学自较多文本），每个字符按模型给出的概率抽取。预期有些像词，没有意义。

// %%
const prompt = "Fellow-Citizens of the Senate";
const place = new Map(speeches.alphabet.map((letter, symbol) => [letter, symbol]));
for (const kind of ["recurrent", "attention"] as const) {
  const own = every.filter(({ text, runs }) => text === "more" && runs[0]!.spec.kind === kind);
  const { arm, run } = cheapest(own), symbols = Uint8Array.from([...prompt], (letter) => place.get(letter)!);
  const drawn = await language.sampleText(
    run.spec,
    run.stopped.weights,
    symbols,
    section.by({ smoke: 60, quick: 400, paper: 400 }),
    context.random(`sample ${kind}`),
  );
  const words = language.spell(speeches.alphabet, drawn).replaceAll(/\s+/g, " ");
  await figures.showMarkdown(
    `**${kind}, ${arm}:**\n\n> ${prompt}${words.replaceAll(/[*_\[\]<>$\x60]/g, "")}`,
  );
}

// %%
await section.close();
