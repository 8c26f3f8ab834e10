// %% [markdown]
// # 6.2 Natural language processing · 自然语言处理
//
// The article says that compressed models write new text fast and keep its quality, and that in sentiment analysis and machine
// translation they compute much less and stay accurate. Each is a measurement here, on real texts, reviews and translated
// user interfaces, and every model is a file: its bytes are those that a receiver needs, words and tables included.
//
// You will see: what English and Chinese cost as programs, under a language model with its weights, and under general
// compressors; text that programs write from random bits, and how like real text it is; and for a language model, for
// classifiers of film reviews, a published sentence encoder of 28 MB among them, and for translators, how the score falls
// when the file is made smaller: by codebooks, by zeros, by thin matrices, by fewer words. Two programs tell reviews
// apart by compression alone. Terms are in the [glossary](glossary.md).
//
// 中文：本节检验文章 6.2 的说法：压缩后的模型可以快速生成新文本并保持质量，
// 情感分析与机器翻译中的压缩模型显著提高计算效率并保持较高的准确性。所有模型都写成真实文件（词表计入），
// 先看英文与中文作为程序、在语言模型与通用压缩器下各要多少比特，再看程序由随机比特写出的文字，
// 最后看语言模型、影评分类器（其一是 28 MB 的现成句子编码器）与翻译模型在文件变小（共享取值、置零、低秩、减少词数）时分数如何下降；并仅凭压缩来判断影评的褒贬。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` a few minutes on
// two cores, `paper` perhaps two hours (estimated, not yet run). The outputs below are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上需几分钟，`paper` 估计约两小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as layers from "experiments/attention/mod.ts";
import * as language from "experiments/language/mod.ts";
import * as sentiment from "experiments/sentiment/mod.ts";
import * as translation from "experiments/translation/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured. A model is trained once a seed, and every file of it is
// compared with the first, the numbers as trained; intervals are over seeds, and say nothing of other reviews or texts.
// A file is chosen on texts, reviews or strings that are neither learnt from nor tested on, and judged on the latter.
// That a model has to beat a simple one was added to the claims on cost when their numbers were known.
//
// 测量之前先写明每条论断及其成立的标准。每个随机种子训练一个模型，其各个文件都与训练所得的文件成对比较；区间只反映种子，
// 不反映换一批影评或文本。文件在既不学习也不测试的验证数据上选定，在测试数据上判定。“须胜过简单方法”这一条，
// 是在知道数值之后加到计算效率的论断上的。

// %%
const section = await lab.openSection("06_2_language", settings, claims["06_2_language"]);

// %%
const { context, seed } = section;
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 3, paper: 5 }) }, (_, i) => seed + i);
const decimals = (n: number, digits = 3) => Number(n.toFixed(digits));
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** Ways to make a model's file smaller. */
const ways: readonly layers.Way[] = [
  {},
  ...[8, 6, 5, 4, 3, 2].map((bits) => ({ bits })),
  ...[0.3, 0.5, 0.7, 0.8].map((zeros) => ({ zeros, bits: 5 })),
  ...[0.5, 0.25].map((rank) => ({ rank, bits: 6 })),
];

// %% [markdown]
// ## (1) Text generation · 文本生成
//
// Two texts: speeches of presidents to the Congress of the U.S.A. in English, and Song ci, poems in Chinese, as many
// bytes of each. The first piece is what programs and models are made of; the second, as long, is what drawn text is
// judged by; the third nobody has read. A Chinese character is three bytes, so that bits are given a character.
//
// 两种文本：英文是美国总统的国情咨文，中文是宋词，字节数相同。第一段用来做程序与模型，第二段同样长，用来评判生成的文字，
// 第三段谁也没读过。汉字占三个字节，因此以每字符比特数计。表列依次为：
// 文本、所读的字节数与字符数、评判所用的字节数、未见的字节数、未见部分的开头。

// %%
const sizes = section.by({
  smoke: { read: 20_000, unseen: 2000 },
  quick: { read: 300_000, unseen: 12_000 },
  paper: { read: 3_000_000, unseen: 100_000 },
});
const texts = await Promise.all(
  ([["English", "speeches"], ["Chinese", "song-ci"]] as const).map(async ([name, set]) => {
    const whole = await lab.loadAny(set, context) as mdl.Files<"text">;
    return { name, ...language.piecesOf(section.use(whole), sizes) };
  }),
);
const charactersOf = (bytes: Uint8Array) => [...textOf(bytes)].length;
await figures.showTable(
  texts.map(({ name, read, judge, unseen }) => ({
    text: name,
    "read, bytes": read.symbols.length,
    "read, characters": charactersOf(read.symbols),
    "judge, bytes": judge.length,
    "unseen, bytes": unseen.length,
    "unseen begins": textOf(unseen).slice(0, 40).replaceAll(/\s+/g, " ") + " …",
  })),
  "Texts",
);

// %% [markdown]
// ### What a character costs · 每个字符的代价
//
// Two programs, each one WebAssembly module that gives the text back, decoder and all: in one the model learns while it
// decodes (mode prequential), in the other a small transformer was trained on the text beforehand, and its weights are
// in the file (mode two-part). The other compressors get the text alone, and their decoders are not counted. Expect the
// first program below all of them, and the second far above it: so short a text does not pay for weights, nor does so
// short a training find what contexts find at once.
//
// 两种程序，都是一个自带解码器、能还原文本的 WebAssembly 模块：一种边解码边学习（序贯编码，图中 program），
// 一种预先在文本上训练小型 Transformer，并把权重放进文件（两段编码，图中 program with weights）。其余压缩器只编码文本，
// 其解码器不计入。预期前者低于所有压缩器，后者远高于前者：这么短的文本抵不上权重，
// 这么短的训练也学不到上下文立刻就能发现的东西。
//
// 表列依次为：文本、文本字节数、编码方式、字节数、其中的权重、比特/字符、最好的编解码器、其比特/字符、
// 与它相差的百分比（负数为更短）。

// %%
const chains = {
  "program": mdl.chain<mdl.Files<"text">>(),
  "program with weights": mdl.chain<mdl.Files<"text">>({
    features: { mode: "two-part" },
    compress: { steps: section.by({ smoke: 30, quick: 500, paper: 20_000 }), exactly: true },
  }),
};
const coded = async ({ name, read }: typeof texts[number]) => {
  const built = []; // our own programs: however long they take on a busy machine
  for (const [kind, chain] of Object.entries(chains)) {
    const { output: program } = await chain.run(read, { ...context, log: () => {} });
    await program.verify(read, { ...context, timeLimit: Infinity });
    built.push({ kind, program, rate: 8 * program.bytes.length / charactersOf(read.symbols) });
  }
  const codecs = await lab.measureTextCodecs(read.symbols, new Uint8Array([32]));
  return { name, read, built, codecs };
};
const codings = [await coded(texts[0]!), await coded(texts[1]!)];

// %%
await figures.show(
  figures.rateBars({
    title: "What a character costs: English and Chinese · 每个字符的代价：英文与中文",
    rates: codings.flatMap(({ name, read, built, codecs }) => [
      ...built.map(({ kind, rate }) => ({ group: name, label: kind, rate, kind: "ours" as const })),
      ...codecs.map(({ codec, alone }) => ({
        group: name,
        label: codec,
        rate: 8 * alone / charactersOf(read.symbols),
        kind: "other" as const,
      })),
    ]),
    references: [],
  }),
  "Bits a character",
);

// %%
await figures.showTable(
  codings.flatMap(({ name, read, built, codecs }) => {
    const best = codecs.reduce((a, b) => b.alone < a.alone ? b : a);
    return built.map(({ kind, program, rate }) => ({
      text: name,
      "text, bytes": read.symbols.length,
      how: kind,
      bytes: program.bytes.length,
      "of them weights": program.ledger.entries.find((entry) => entry.name === "weights")?.bytes ?? 0,
      "bits/character": decimals(rate),
      "best codec": `${best.codec} ${best.setting}`,
      "its bits/character": decimals(8 * best.alone / charactersOf(read.symbols)),
      "against it, %": decimals(100 * (program.bytes.length / best.alone - 1), 1),
    }));
  }),
  "Bits a character of each text",
);

// %%
const CHINESE: Readonly<Record<string, string>> = {
  "English": "英文",
  "Chinese": "中文",
  "French": "法文",
  "linear": "线性模型",
  "attention": "注意力模型",
  "program": "程序",
  "program with weights": "带权重的程序",
  "bag of words, linear": "线性模型",
  "attention, 8 numbers a word": "注意力模型",
  "two programs": "两个程序",
};
const sentence = lab.measuredOfEach(
  codings,
  ({ name, built }) =>
    `${name}, bits a character: ${built.map(({ kind, rate }) => `${kind} ${rate.toFixed(2)}`).join(", ")}`,
  ({ name, built }) =>
    `${CHINESE[name]}每字符比特数：${
      built.map(({ kind, rate }) => `${CHINESE[kind]} ${rate.toFixed(2)}`).join("，")
    }`,
);
await figures.showMarkdown(`${sentence.en}.\n\n${sentence.zh}。`);

// %% [markdown]
// ### What they write · 生成的文字
//
// Decoding random bits makes a program write on where its text ends. Expect words that are words, and sentences without
// sense; and of Chinese the shape of poems. The program with weights sees fewer bytes at once and has learnt less:
// expect words that are none.
//
// 解码随机比特，程序便续写下去。预期：词是词，句子无意义；中文有诗词的形状。带权重的程序一次看到的字节较少，学得也少，
// 写出的多半不成词。下面依次为：英文的程序、英文带权重的程序、中文的程序、中文带权重的程序。

// %%
const length = section.by({ smoke: 600, quick: 3000, paper: 20_000 });
const written: { readonly name: string; readonly writer: string; readonly bytes: Uint8Array }[] = [];
for (const { name, built } of codings) {
  for (const { kind, program } of built) {
    written.push({
      name,
      writer: kind,
      bytes: (await program.generate(1, seed, { length, timeLimit: Infinity })).symbols,
    });
  }
}
for (const { name, writer, bytes } of written) {
  const shown = textOf(bytes.subarray(0, 420)).replaceAll(/\s+/g, " ").replaceAll(/[*_\[\]<>$\x60�]/g, "");
  await figures.showMarkdown(`**${name}, ${writer}:** *${shown.trim()}* …`);
}

// %% [markdown]
// How like real text is it? Three numbers. *Words*: the share of its words (of Chinese, pairs of neighbouring
// characters) that the judge's piece or the piece that was read has. *Cost*: bits a character under a judge, which is
// the text codec after it has read the judge's piece, that no writer has seen. *Copied*: the share of stretches of 40
// bytes' worth of characters that stand in what was read, letter for letter. Real text that nobody has read sets the
// scale.
//
// 与真实文本有多像？三个数：已知词（words）是其中的词（中文为相邻两字）在评判文本或所读文本中出现过的比例；
// 代价（cost）是评判模型下的每字符比特数，评判模型即读过评判文本的文本编解码器，那段文本写作者都没见过；
// 抄录（copied）是约 40 字节长的片段在所读文本中逐字出现的比例。以谁也没读过的真实文本（real, unseen）为标准。表列依次为：
// 文本、写作者、已知词（%）、代价（比特/字符）、抄录（%）。

// %%
const judged = (await Promise.all(texts.map(async ({ name, read, judge, unseen }, i) => {
  const source = textOf(read.symbols), known = new Set(language.unitsOf(`${source}\n${textOf(judge)}`));
  const primed = await language.openPrimed(judge, codings[i]!.built[0]!.program.spec!, length);
  const real = { name, writer: "real, unseen", bytes: unseen.subarray(0, length) };
  return [real, ...written.filter((one) => one.name === name)].map(({ writer, bytes }) => ({
    text: name,
    writer,
    words: language.knownShare(textOf(bytes), known),
    cost: primed.bitsOf(bytes) / charactersOf(bytes),
    copied: language.copiedShare(textOf(bytes), source, name === "English" ? 40 : 14),
  }));
}))).flat();
await figures.showTable(
  judged.map(({ text, writer, words, cost, copied }) => ({
    text,
    writer,
    "known words, %": decimals(100 * words, 1),
    "cost, bits/character": decimals(cost),
    "copied, %": decimals(100 * copied, 1),
  })),
  "How like real text",
);

// %% [markdown]
// ### A smaller language model · 更小的语言模型
//
// Programs that learn while they decode come nearer to real text than those with weights, as expected, and copy next to
// nothing. Of a program one cannot say how good it would be with fewer bits a weight without training it again. A
// language model of attention in TensorFlow.js, which predicts the bytes of the English text, is a file of numbers as
// users have them: once a seed, made smaller without training again. The score is what it saves of the 8 bits that an
// unknown byte costs, on text that it has not read. Expect codebooks to be nearly free down to some bits a weight,
// zeros and thin matrices to cost more: this model has no weights to spare.
//
// 边解码边学习的程序比带权重的更接近真实文本，几乎不抄录，与预期相符。再看一个由注意力构成的语言模型（TensorFlow.js），
// 它预测英文文本的字节，每个种子一个；训练后不再训练，逐步缩小文件。分数是在未读过的文本上，比一个未知字节的 8 比特节省多少。
// 预期码本到若干比特之前几乎无损，置零与低秩代价较大：这个模型没有多余的权重。
//
// 图例依次为：训练所得、码本、置零加码本、低秩加码本；虚线是训练所得的代价。表列依次为：
// 模型、文件、字节数、为首个文件的百分之几、节省的比特/字节与区间、损失（成对）。文件名中，f32 是训练所得的 32 位浮点数，
// 16 values 是 16 个共享取值，30 % zeros 是 30 % 置零，rank 50 % 是一半的秩。

// %%
const spec: language.AttentionSpec = {
  kind: "attention",
  symbols: 256,
  heads: 2,
  ...section.by({
    smoke: { width: 16, blocks: 1, context: 16 },
    quick: { width: 48, blocks: 1, context: 32 },
    paper: { width: 128, blocks: 3, context: 128 },
  }),
};
const steps = section.by({ smoke: 20, quick: 200, paper: 4000 });
const training = { steps, batch: 32, length: spec.context, rate: 0.015, measurements: 4 };
const { read: learntFrom, judge, unseen } = texts[0]!;
const pieces = {
  train: learntFrom.symbols,
  validation: judge.subarray(0, unseen.length >> 1),
  test: unseen,
};
const english = {
  ...language.languageTask("language model, English", spec, pieces, training, ways),
  validation: judge.subarray(unseen.length >> 1).subarray(0, 2 * unseen.length),
};
const trained = await english.fit(english.train, seeds, context);
trained.forEach(({ flop }) => section.spend(flop));

// %%
const smaller = await lab.measureTask(
  { ...english, fit: () => Promise.resolve(trained) },
  seeds,
  context,
);
const inBytes = (title = "file (bytes)") => ({ title, log: true });
await figures.show(
  figures.lines({
    title: "English language model: what a byte of unseen text costs, against the bytes of the file · " +
      "英文语言模型：未见文本每字节的代价与文件字节数",
    series: lab.taskSeries([smaller]).map(({ y, ...line }) => ({ ...line, y: y.map((saved) => 8 - saved) })),
    x: inBytes(),
    y: { title: "cost (bits/byte)" },
    references: [{ label: "as trained", value: 8 - smaller.points[0]!.score.mean }],
  }),
  "Language model against bytes",
);
await figures.showTable(lab.taskRows([smaller], "saved, bits/byte"), "Files of the language model");
const cost = 8 - smaller.points[0]!.score.mean, allowed = 0.02 * cost;
const shortText = lab.shortestWithin(smaller, allowed);

// %%
const [fewestBytes, allBytes] = [shortText, smaller.points[0]!].map(({ bytes }) =>
  Math.round(bytes.mean).toLocaleString("en")
);
await figures.showMarkdown(
  `The smallest file within 2 % of the cost as trained: ${shortText.way}, ${fewestBytes} of ${allBytes} bytes.\n\n` +
    `代价比训练所得多不到 2 % 的最小文件：“${shortText.way}”，${allBytes} 字节中的 ${fewestBytes}。`,
);

// %% [markdown]
// Is the smaller one faster? Sharing values saves no multiplication; zeros do where a kernel skips them, thin matrices
// do by themselves. Below: multiplications a character in each form, and what the clock says of drawing text from a
// file of each kind, by turns, in the same code, which skips nothing.
//
// 更小是否更快？共享取值不省乘法；置零只有在内核跳过零时才省；低秩本身就省。下面是各种形式每字符的乘法次数，
// 以及用同样的代码（不跳过任何零）轮流生成文字的速度。表列依次为：文件、字节数、每字符乘法次数、每秒写出的字节（中位数）。

// %%
const tensors = language.languageTensors(spec, trained[0]!.stopped.weights);
const textWork = layers.workOf(tensors, ways, language.languageUses(spec));
const leastText = layers.leastWork(smaller, textWork, allowed);

// %%
const files = english.files(trained[0]!), drawing = section.by({ smoke: 4, quick: 24, paper: 200 });
const timed = await lab.latencies(
  [...new Set([smaller.points[0]!.way, shortText.way, leastText.way])].map((way) => {
    const numbers = language.fileNumbers(files.find((file) => file.way === way)!.bytes);
    const start = learntFrom.symbols.subarray(-spec.context);
    return {
      name: way,
      run: () => language.sampleText(spec, numbers, start, drawing, context.random("timed")),
    };
  }),
  section.by({ smoke: 1, quick: 5, paper: 20 }),
  context,
);
await figures.showTable(
  timed.map(({ name, seconds }) => ({
    file: name,
    bytes: Math.round(smaller.points.find(({ way }) => way === name)!.bytes.mean),
    "multiplications a character": Math.round(textWork[name]!),
    "bytes drawn a second (median)": Math.round(drawing / seconds),
  })),
  "Speed of drawing",
);

// %% [markdown]
// The small file is not faster: its multiplications are the same.
//
// 小文件并不更快：乘法次数相同。
//
// ## (2) Sentiment analysis · 情感分析
//
// Reviews of films from IMDb, half of them positive (Maas et al. 2011). The package has them without the split of the
// original and with copies: equal texts are kept once before anything is drawn, so that none is in training and test.
// Versions of one another may remain: below stands how many test reviews begin as one does that was learnt from.
//
// IMDb 影评，褒贬各半（Maas 等，2011）。软件包没有保留原来的划分，还有重复：抽取之前，相同的文本只保留一份，
// 以免训练与测试重复。彼此的改写本可能仍在：表中列出有多少测试影评与学习过的影评开头相同。表列依次为：
// 公布的篇数、不同的篇数、剔除的重复、学习用、测试用、与学习过的开头相同的、每篇平均词数。

// %%
const imdb = section.use(await sentiment.loadReviews(context));
const counts = section.by({
  smoke: { train: 400, test: 100 },
  quick: { train: 12_000, test: 1000 },
  paper: { train: 28_000, test: 10_000 },
});
const drawn = sentiment.splitReviews(
  imdb.reviews,
  { ...counts, test: 2 * counts.test },
  context.random("reviews"),
);
const reviews = { ...drawn, test: drawn.test.slice(0, counts.test) };
const choosing = drawn.test.slice(counts.test); // neither learnt from nor tested on
const similar = sentiment.sharedOpenings(reviews);
await figures.showTable([{
  "published": imdb.published,
  "distinct": imdb.reviews.length,
  "copies left out": imdb.published - imdb.reviews.length,
  "to learn from": reviews.train.length,
  "to be tested on": reviews.test.length,
  "test reviews that begin as one learnt from": similar,
  "words of a review (mean)": Math.round(
    reviews.test.reduce((sum, { words }) => sum + words.length, 0) / reviews.test.length,
  ),
}], "Reviews");

// %% [markdown]
// Three kinds of models. *Linear*: a weight a word, the sum decides (logistic regression; its decay is chosen on a
// tenth of the training reviews that is held back). *Attention*: words as a few numbers each; two learnt questions
// weigh the words of a review against one another, and what they attend to decides; rates and sizes were tried out
// beforehand on training reviews. *Two programs*: one of positive reviews, one of negative ones; a review belongs where
// it costs fewer bits. The list of words is in the file of the first two. Expect the linear model to win: on whole
// reviews few methods of this size beat it.
//
// 三种模型。线性（bag of words, linear）：每词一个权重，由总和判定（逻辑回归，权重衰减在留出的十分之一训练影评上选定）。
// 注意力（attention）：每词几个数，两个学得的问题给影评中的各词加权，由所关注的内容判定。两个程序（two programs）：
// 褒、贬各一个，影评归于所需比特较少的一边。前两种的词表都计入文件。预期线性模型最好：对整篇影评，同样大小的方法很少能胜过它。

// %%
const known = section.by({ smoke: 300, quick: 4000, paper: 20_000 });
const questions = { words: known, reads: 256, width: 8, heads: 2 };
const asking = { epochs: 2, batch: section.by({ smoke: 16, quick: 32, paper: 32 }), rate: 0.01, hidden: 0.4 };
const attentive = sentiment.attentionTask(reviews, questions, asking, ways);
const byWords = sentiment.linearTask(reviews, known, {
  ways: ways.filter(({ rank }) => rank === undefined),
  kept: section.by({ smoke: [100], quick: [2000, 1000, 500, 250, 100, 30], paper: [5000, 1000, 300, 100] }),
});
const wide = { ...attentive, validation: choosing }, linear = { ...byWords, validation: choosing };
const linearModels = await linear.fit(linear.train, seeds, context);
const bags = await lab.measureTask({ ...linear, fit: () => Promise.resolve(linearModels) }, seeds, context);
const wideModels = await wide.fit(wide.train, seeds, context);
const attended = await lab.measureTask({ ...wide, fit: () => Promise.resolve(wideModels) }, seeds, context);

// %% [markdown]
// The programs are given only some of the reviews to read, and only the first of the test reviews to tell apart: a
// review is coded twice, bit by bit.
//
// 程序只读一部分影评，也只判断前一部分测试影评，因为每篇都要逐比特编码两次。图中每条线是该模型在至多这么多字节时最好的文件；
// 虚线是抛硬币（coin）。表列与前面相同，分数为判对的百分比；words 表示只留多少个词，
// bytes of reviews a side 表示褒、贬各读多少字节。

// %%
const fewer = reviews.test.slice(0, section.by({ smoke: 10, quick: 150, paper: 2000 }));
const read = section.by({
  smoke: [8000, 4000],
  quick: [100_000, 30_000, 10_000],
  paper: [2_000_000, 500_000, 100_000],
});
const pairs = await lab.measureTask(
  sentiment.compressionTask({ ...reviews, test: fewer }, read),
  seeds,
  context,
);
const judgedReviews = [bags, attended, pairs];
await figures.show(
  figures.lines({
    title: "Film reviews: the best of each model's files up to so many bytes, words included · " +
      "影评：每个模型在至多这么多字节时最好的文件（计入词表）",
    series: layers.frontiers(judgedReviews),
    x: inBytes(),
    y: { title: "right (%)" },
    references: [{ label: "coin", value: 50 }],
  }),
  "Sentiment against bytes",
);

// %%
await figures.showTable(lab.taskRows(judgedReviews, "right, %"), "Files of the classifiers");
const best = [bags, attended, pairs].map(({ name, points }) => ({ name, ...points[0]! }));
const inNumbers = ({ score, bytes }: typeof best[number]) =>
  [score.mean.toFixed(1), Math.round(bytes.mean).toLocaleString("en")] as const;
const asTrained = lab.measuredOfEach(
  best,
  (one) => `${one.name} ${inNumbers(one)[0]} % right in ${inNumbers(one)[1]} bytes`,
  (one) => `${CHINESE[one.name]}判对 ${inNumbers(one)[0]} %，${inNumbers(one)[1]} 字节`,
);
await figures.showMarkdown(`As trained: ${asTrained.en}.\n\n训练所得：${asTrained.zh}。`);

// %% [markdown]
// What attention looks at, in the smallest file within one point of the numbers as trained: of a positive and a
// negative test review, both short, the words in bold got half of all attention.
//
// 注意力看哪里：取与训练所得相差 1 个百分点以内的最小文件，一褒一贬两篇短的测试影评，加粗的词得到全部注意力的一半。

// %%
const { way } = lab.shortestWithin(attended, 1);
const file = wide.files(wideModels[0]!).find((one) => one.way === way)!;
const short = reviews.test.filter(({ words }) => words.length > 30)
  .toSorted((a, b) => a.words.length - b.words.length);
const two = [true, false].map((positive) => short.find((review) => review.positive === positive)!);
const said = await sentiment.answers(sentiment.decodeWordModel(file.bytes), 256, two);
for (const [i, { words, positive }] of two.entries()) {
  const { shares, logit } = said[i]!, order = [...shares.keys()].sort((a, b) => shares[b]! - shares[a]!);
  let sum = 0;
  const bold = new Set(order.filter((word) => (sum += shares[word]!) - shares[word]! < 0.5));
  const marked = words.slice(0, shares.length).map((word, n) => bold.has(n) ? `**${word}**` : word).join(" ");
  const sides = [positive, logit > 0].map((side) => side ? "positive 褒" : "negative 贬");
  await figures.showMarkdown(`A review 影评: ${sides[0]}, taken for 判为: ${sides[1]}: ${marked}`);
}

// %% [markdown]
// And the work: multiplications a review of the model of attention, additions of the linear one. Codebooks save
// neither.
//
// 再看计算量：注意力模型每篇的乘法次数，线性模型每篇的加法次数；码本都不节省。表列依次为：模型、训练所得的字节数、
// 1 个百分点以内的字节数、如何缩短、训练所得每篇的运算次数、1 个百分点以内的运算次数、如何节省。

// %%
const linearFiles = linear.files(linearModels[0]!);
const linearWork = Object.fromEntries(
  linearFiles.map(({ way, bytes }) => [way, sentiment.linearWords(bytes, reviews.test)]),
);
const attentionWork = layers.workOf(wideModels[0]!.tensors, ways, sentiment.attentionUses({ reads: 256 }));
const reviewModels = [
  { name: "linear", result: bags, work: linearWork },
  { name: "attention", result: attended, work: attentionWork },
].map((model) => ({
  ...model,
  shortest: lab.shortestWithin(model.result, 1),
  least: layers.leastWork(model.result, model.work, 1),
}));
await figures.showTable(
  reviewModels.map(({ name, result, work, shortest, least }) => ({
    model: name,
    "as trained: bytes": Math.round(result.points[0]!.bytes.mean),
    "within 1 point: bytes": Math.round(shortest.bytes.mean),
    "shorter how": shortest.way,
    "as trained: operations a review": Math.round(work[result.points[0]!.way]!),
    "within 1 point: operations": Math.round(work[least.way]!),
    "cheaper how": least.way,
  })),
  "Within one point",
);

// %% [markdown]
// ### An encoder that others have trained · 预训练的句子编码器
//
// Universal Sentence Encoder, the small one (Cer et al. 2018): two blocks of attention, seven million numbers in 28 MB,
// learnt by others from texts of many kinds. It makes 512 numbers of a text. A linear head on them (logistic
// regression) is learnt here, once a seed; its decay is chosen on a fifth of its reviews, and nothing of the encoder is
// trained. To save time it reads 64 pieces of words of a review, half of them from the end (it can read 128), and far
// fewer reviews than the models above: below, those are asked about the same reviews, and a linear model of words is
// learnt from as few.
//
// A receiver who has the encoder needs the head alone, any other one all of it: graph, pieces of words and numbers.
// Expect it to make more of few reviews than words do, and to lose to words that were learnt from many; and of its
// numbers that 5 bits are enough and 3 are not.
//
// 预训练的句子编码器：Universal Sentence Encoder 的小型版（Cer 等，2018），两块注意力，七百万个数，28 MB，
// 由他人在各种文本上训练，把文本变为 512 个数。这里每个种子只训练其上的线性分类头（逻辑回归，权重衰减在其五分之一的影评上选定），
// 编码器本身不再训练。为节省时间，每篇只读 64 个子词，一半取自结尾（它最多能读 128 个），影评也比上面的模型少得多；
// 因此下面让上面的模型判断同样的影评，并用同样少的影评训练一个词的线性模型。
//
// 已有编码器的接收者只需分类头，否则需要全部：计算图、子词表与数。预期影评少时它胜过词的线性模型，但不及用许多影评训练的词；
// 编码器的数用 5 比特足够，3 比特不够。

// %%
const encoder = section.use(await sentiment.loadEncoder(context));
const part = section.by({
  smoke: { train: 40, test: 20, choosing: 20, reads: 16 },
  quick: { train: 600, test: 240, choosing: 160, reads: 64 },
  paper: { train: 12_000, test: 4000, choosing: 1000, reads: 128 },
});
const some = {
  train: reviews.train.slice(0, part.train),
  test: reviews.test.slice(0, part.test),
  validation: choosing.slice(0, part.choosing),
  reads: part.reads,
};
const encoderWays: readonly layers.Way[] = [{}, ...[8, 6, 5, 4, 3].map((bits) => ({ bits }))];
const heads = Array.from({ length: section.by({ smoke: 2, quick: 5, paper: 10 }) }, (_, i) => seed + i);
const tasks = sentiment.encoderTasks(encoder, some, {
  head: [{}, ...[8, 4, 2].map((bits) => ({ bits }))],
  encoder: encoderWays,
});
const fitted = await tasks.alone.fit(some.train, heads, context), ready = () => Promise.resolve(fitted);
const alone = await lab.measureTask({ ...tasks.alone, fit: ready }, heads, context);
const together = await lab.measureTask({ ...tasks.together, fit: ready }, heads, context);

// %% [markdown]
// Who does better, and at how many bytes? The models above as trained, on the same test reviews (of the two programs: on the
// first of them); a linear model of words that reads the same pieces of as few reviews, and one that reads those reviews
// whole.
//
// 谁更好，用多少字节？上面的模型取训练所得，判断同样的测试影评（两个程序只判断其中前一部分）；
// 再用同样少的影评训练两个词的线性模型，一个只读编码器所读的子词（as few pieces），一个读整篇。
// 表列依次为：模型、从什么学习、被问的影评数、字节数、判对的百分比与区间、模型个数。其后的图与表把文件逐步缩小：
// head on the encoder 只计分类头（接收者已有编码器），encoder with head 为编码器加分类头。

// %%
const fewWords = sentiment.linearTask(some, known, { ways: [{}], kept: [] });
const fewQuestions = sentiment.attentionTask(some, questions, asking, [{}]);
const manyWords = { ...fewWords, fit: () => Promise.resolve(linearModels) };
const manyQuestions = { ...fewQuestions, fit: () => Promise.resolve(wideModels) };
const asWords = await lab.measureTask(fewWords, heads, context);
const asMany = await lab.measureTask(manyWords, seeds, context);
const asAttention = await lab.measureTask(manyQuestions, seeds, context);
const excerpt = sentiment.excerptsOf(encoder, part.reads);
const cutDown = (whole: readonly sentiment.Review[]) =>
  whole.map((review) => ({ ...review, words: sentiment.wordsOf(excerpt(review.text)) }));
const excerpts = { train: cutDown(some.train), test: cutDown(some.test) };
const asExcerpts = await lab.measureTask(
  { ...sentiment.linearTask(excerpts, known, { ways: [{}], kept: [] }), name: "bag of words, as few pieces" },
  heads,
  context,
);
const [fewLearnt, allLearnt] = [part.train, counts.train].map((n) => `${n.toLocaleString("en")} reviews`);

// %%
await figures.showTable(
  [
    { result: alone, learnt: fewLearnt, asked: some.test },
    { result: asExcerpts, learnt: fewLearnt, asked: some.test },
    { result: asWords, learnt: fewLearnt, asked: some.test },
    { result: asMany, learnt: allLearnt, asked: some.test },
    { result: asAttention, learnt: allLearnt, asked: some.test },
    { result: pairs, learnt: pairs.points[0]!.way, asked: fewer },
  ].map(({ result: { name, seeds, points: [first] }, learnt, asked }) => ({
    model: name,
    "learnt from": learnt,
    "reviews asked about": asked.length,
    bytes: Math.round(first!.bytes.mean),
    "right, %": lab.plusMinus(first!.score, 1),
    models: seeds,
  })),
  "On the same reviews",
);

// %%
const references = Object.entries({
  "words, the same pieces": asExcerpts,
  "words, as few reviews": asWords,
  "words, many reviews": asMany,
  "two programs": pairs,
});
await figures.show(
  figures.lines({
    title: "Film reviews and a published encoder: right answers against the bytes of the file · " +
      "影评与现成的编码器：判对的百分比与文件字节数",
    series: lab.taskSeries([alone, together]),
    x: inBytes(),
    y: { title: "right (%)" },
    references: references.map(([label, { points: [first] }]) => ({ label, value: first!.score.mean })),
  }),
  "Encoder against bytes",
);
await figures.showTable(lab.taskRows([alone, together], "right, %"), "Files of the encoder and of its head");

// %% [markdown]
// Of so few reviews two or three are a point, and the intervals, over heads, say nothing of other reviews. Embeddings
// tell more: cosines between what the encoder as it came and the one that a file gives back make of the same test
// review; for comparison, between two reviews that follow one another.
//
// 影评这么少，两三篇就是一个百分点；区间只反映不同的分类头，不反映换一批影评。嵌入更能说明变化：同一篇测试影评在原编码器与文件还原的编码器下的嵌入之间的余弦；最后一行是原编码器下相邻两篇影评之间的余弦，以资比较。
// 表列依次为：文件、每个数的比特数、余弦的均值、最小值。

// %%
const published = await tasks.embeddings({}, context);
const numbersOf = Object.values(encoder.tensors).reduce((sum, { values }) => sum + values.length, 0);
const angles = (name: string, bits: string, cosines: readonly number[]) => ({
  encoder: name,
  "bits a number": bits,
  "cosine, mean": decimals(cosines.reduce((a, b) => a + b) / cosines.length, 4),
  "least": decimals(Math.min(...cosines), 4),
});
const rows = [];
for (const [i, way] of encoderWays.entries()) {
  const own = await tasks.embeddings(way, context), { way: name, bytes } = together.points[i]!;
  const cosines = some.test.map((review) => sentiment.cosine(published.get(review)!, own.get(review)!));
  rows.push(angles(name, (8 * bytes.mean / numbersOf).toFixed(2), cosines));
}
const next = (i: number) => published.get(some.test[(i + 1) % some.test.length]!)!;
const others = some.test.map((review, i) => sentiment.cosine(published.get(review)!, next(i)));
await figures.showTable(
  [...rows, angles("two different reviews, f32", "", others)],
  "Embeddings of smaller encoders",
);

// %%
const fewestBits = lab.shortestWithin(together, 1);
const [smallestEncoder, wholeEncoder, headBytes] = [fewestBits, together.points[0]!, alone.points[0]!].map(
  ({ bytes }) => Math.round(bytes.mean).toLocaleString("en"),
);
const [byHead, byPieces, byFew, byMany] = [alone, asExcerpts, asWords, asMany].map(({ points: [first] }) =>
  first!.score.mean.toFixed(1)
);
await figures.showMarkdown(
  `The head, right in ${byHead} %, needs ${headBytes} bytes beside the encoder's. A linear model of words reaches ` +
    `${byPieces} % from as few reviews and of the same pieces, ${byFew} % of whole reviews, ${byMany} % from many. ` +
    `The smallest file within a point on the reviews that choose: ${fewestBits.way}, ${smallestEncoder} of ` +
    `${wholeEncoder} bytes.\n\n` +
    `分类头判对 ${byHead} %，编码器之外只需 ${headBytes} 字节。词的线性模型：用同样少的影评、同样的子词达到 ${byPieces} %，` +
    `读整篇 ${byFew} %，用许多影评 ${byMany} %。在用于选择的影评上相差一个百分点以内的最小文件：` +
    `“${fewestBits.way}”，${wholeEncoder} 字节中的 ${smallestEncoder}。`,
);

// %% [markdown]
// As expected, the head makes more of few reviews than words do of the same pieces; of whole reviews words make more.
// Five bits (32 values) are not enough: they lose 1.8 points, and no smaller file met the condition.
//
// 与预期相符，影评少而子词相同时，分类头胜过词的线性模型；但读整篇时词更好。5 比特（32 个取值）不够，损失 1.8 个百分点，
// 没有更小的文件满足条件，与预期不符。
//
// ## (3) Machine translation · 机器翻译
//
// Short strings of the user interface of Visual Studio Code, English to French and to Chinese. No package has the
// English ones as such; one for testers has them in accented letters, “Mørë Æçtïøñs...”, which come back letter by
// letter. Of sources that differ in case, signs or digits alone one is kept, so that no test source is in training in
// any form; strings that are the same in both languages are left out. Some test strings have a translation that a
// training string has too: their number stands below.
//
// Visual Studio Code 的界面短字符串，英译法与英译中。没有软件包直接提供英文，
// 测试用的语言包里是带变音符号的字母（“Mørë Æçtïøñs...”），逐个字母还原。只在大小写、符号或数字上不同的源字符串只保留一个，
// 使测试源不以任何形式出现在训练中；两种语言相同的字符串剔除。有的测试字符串与训练字符串译文相同，其个数列在下面。表列依次为：
// 译成、公布的字符串、短的（至多 20 个字母）不同字符串、剔除的变体、剔除的未译者、学习用、测试用、训练中也有的测试译文、例子。

// %%
const longest = section.by({ smoke: 12, quick: 20, paper: 40 });
const asked = section.by({ smoke: 20, quick: 150, paper: 500 });
const interfaces = await Promise.all(
  ([["French", "fr"], ["Chinese", "zh-hans"]] as const).map(async ([language, target]) => {
    const loaded = section.use(await translation.loadPairs(target, longest, context));
    const { train, test } = translation.splitPairs(loaded.pairs, 2 * asked, context.random(target));
    return { language, loaded, train, test: test.slice(0, asked), choosing: test.slice(asked) };
  }),
);
await figures.showTable(
  interfaces.map(({ language, loaded, ...split }) => ({
    to: language,
    "strings published": loaded.published,
    [`short (up to ${longest} letters), distinct`]: loaded.pairs.length,
    "variants left out": loaded.variants,
    "untranslated, left out": loaded.untranslated,
    "to learn from": split.train.length,
    "to be tested on": split.test.length,
    "test translations that training has too": translation.sharedTargets(split),
    example: `${split.test[0]!.source} → ${split.test[0]!.target}`,
  })),
  "Strings",
);

// %% [markdown]
// The translator: pieces of words (byte-pair encoding, found in the training strings of both languages) are embedded; a
// block of attention reads the source, another writes the translation piece by piece and looks at the source while it
// does. List of pieces and numbers are in its file. Two things to compare with: the translation of the known string
// that is most like the source, and the source itself. The score is chrF, as sacreBLEU counts it: n-grams of characters
// that agree, from 0 to 100. Expect little: two thousand strings are few to learn a language from, and a translation
// memory is strong where strings repeat.
//
// 翻译模型：子词由训练字符串的字节对编码得到；编码器的一块注意力读入原文，解码器的一块逐个写出译文并查看原文；
// 词表与权重都在文件里。与两种做法比较：与原文最相似的已知字符串的译文（nearest known string），
// 以及原文本身（the source itself）。以 chrF 计分（与 sacreBLEU 算法相同，字符片段的吻合程度，0 至 100）。预期不高：
// 两千条字符串学不会一门语言，而字符串重复时，翻译记忆很强。图中虚线是最近的已知字符串；前一张表列同上，分数为 chrF；
// 后两张表依次列出各做法的 chrF 与逐字译对的百分比，以及最初几条测试字符串（原文、译文、参考译文、最近的已知字符串）。

// %%
const translatorSpec = {
  heads: 4,
  ...section.by({
    smoke: { pieces: 300, reads: 6, writes: 8, width: 16 },
    quick: { pieces: 1200, reads: 8, writes: 10, width: 40 },
    paper: { pieces: 3000, reads: 16, writes: 20, width: 96 },
  }),
};
const epochs = section.by({ smoke: 1, quick: 10, paper: 60 });
const schooling = { epochs, batch: 32, rate: 0.01, hidden: 0.1 };
const shrinking = ways.filter(({ rank = 1, zeros = 0 }) => rank >= 0.5 && zeros <= 0.5);
const learnt = async ({ language: to, train, test, choosing }: typeof interfaces[number]) => {
  const name = `English to ${to}`;
  const plain = translation.translationTask(name, { train, test }, translatorSpec, schooling, shrinking);
  const task = { ...plain, validation: choosing };
  const models = await task.fit(train, seeds, context);
  models.forEach(({ flop }) => section.spend(flop));
  const result = await lab.measureTask({ ...task, fit: () => Promise.resolve(models) }, seeds, context);
  return { to, task, models, result, train, test };
};
const translators = [await learnt(interfaces[0]!), await learnt(interfaces[1]!)];

// %%
const compared = await Promise.all(translators.map(async (one) => {
  const { task, models, result, train, test } = one, shortest = lab.shortestWithin(result, 1);
  const by = async (way: string) => {
    const file = task.files(models[0]!).find((one) => one.way === way)!;
    return await translation.translateBy(file.bytes, translatorSpec.heads, test);
  };
  const said = await by(shortest.way), whole = await by(result.points[0]!.way);
  const sources = test.map(({ source }) => source), wanted = test.map(({ target }) => target);
  const outcomes = {
    "translator as trained": whole.map(({ text }) => text),
    [`translator, ${shortest.way}`]: said.map(({ text }) => text),
    "nearest known string": translation.nearestTranslations(train, sources),
    "the source itself": sources,
  };
  return { ...one, sources, wanted, said, shortest, outcomes };
}));

// %%
await figures.show(
  figures.lines({
    title: "Translation: the best of each model's files up to so many bytes, pieces included · " +
      "翻译：每个模型在至多这么多字节时最好的文件（计入子词表）",
    series: layers.frontiers(translators.map(({ result }) => result)),
    x: inBytes(),
    y: { title: "chrF (0 to 100)" },
    references: compared.map(({ to, wanted, outcomes }) => ({
      label: `${to}: nearest known string`,
      value: translation.chrF(outcomes["nearest known string"]!, wanted),
    })),
  }),
  "Translation against bytes",
);
await figures.showTable(
  lab.taskRows(translators.map(({ result }) => result), "chrF"),
  "Files of the translators",
);

// %%
await figures.showTable(
  compared.flatMap(({ to, wanted, outcomes }) =>
    Object.entries(outcomes).map(([how, texts]) => ({
      to,
      how: `${how}${how.startsWith("translator") ? `, seed ${seed}` : ""}`,
      chrF: decimals(translation.chrF(texts, wanted), 1),
      "letter for letter, %": decimals(100 * translation.exactShare(texts, wanted), 1),
    }))
  ),
  "Translators and what they are compared with",
);

// %%
const exactly = compared.map(({ to, wanted, outcomes }) => {
  const [own, nearest] = [outcomes["translator as trained"], outcomes["nearest known string"]].map((texts) =>
    `${(100 * translation.exactShare(texts!, wanted)).toFixed(1)} %`
  );
  return { to, own, nearest };
});
const letters = lab.measuredOfEach(
  exactly,
  ({ to, own, nearest }) => `to ${to} ${own}, the nearest known string ${nearest}`,
  ({ to, own, nearest }) => `译成${CHINESE[to]} ${own}，最近的已知字符串 ${nearest}`,
);
await figures.showMarkdown(
  `Of the test strings the translator of seed ${seed} gives letter for letter: ${letters.en}.\n\n` +
    `种子 ${seed} 的翻译模型逐字译对的测试字符串：${letters.zh}。`,
);

// %%
await figures.showTable(
  compared.flatMap(({ sources, wanted, said, outcomes }) =>
    sources.slice(0, 6).map((source, i) => ({
      source,
      translated: said[i]!.text,
      reference: wanted[i]!,
      "nearest known string": outcomes["nearest known string"]![i]!,
    }))
  ),
  "The first test strings",
);

// %% [markdown]
// By chrF the nearest known string is ahead of the translator, letter for letter the translator is.
//
// 以 chrF 计，最近的已知字符串优于翻译模型；以逐字译对计，翻译模型更好。
//
// Where the translator looks: a row for each piece that it writes, the end last, a column for each piece of the source
// that it reads; light is much of its attention. Expect words that translate one another to meet, in an order of their
// own in French, where what describes a thing often comes behind it.
//
// 翻译时看哪里：每行是一个写出的片段（最后一行 END 为结束），每列是一个读入的片段，越亮注意力越多。预期互译的词相遇；
// 法文的次序与英文不同，修饰语常在后面。

// %%
for (const { to, said, wanted } of compared) {
  const exact = said.filter(({ text }, i) => text === wanted[i]);
  const shown = (exact.length ? exact : said).reduce((a, b) => b.read.length > a.read.length ? b : a);
  const { read: from, written: into, looked } = shown;
  const map = figures.heatmap({
    title: `${from.join("|")} → ${into.slice(0, -1).join("|")}`,
    values: looked.flat(),
    height: looked.length,
    width: from.length,
    unit: "share",
    rows: `piece written, ${to}`,
    columns: "piece read",
  });
  const ticks = (names: readonly string[]) => ({ tickvals: [...names.keys()], ticktext: [...names] });
  const { xaxis, yaxis } = map.layout;
  const layout = { ...map.layout, xaxis: { ...xaxis, ...ticks(from) }, yaxis: { ...yaxis, ...ticks(into) } };
  await figures.show({ ...map, layout }, `Where it looks, ${to}`);
}

// %% [markdown]
// Words that translate one another do meet in part; with so few strings learnt from, the light is spread. And the work:
// multiplications with weights for a piece that is read and one that is written.
//
// 互译的词有一部分相遇；学习的字符串太少，注意力也就分散。再看计算量：读入一个片段与写出一个片段所需的权重乘法。表列依次为：
// 译成、训练所得的字节数、一分以内的字节数、如何缩短、训练所得每片段的乘法次数、一分以内的乘法次数、如何节省。

// %%
const stringModels = compared.map((one) => {
  const { models, result } = one;
  const uses = translation.translatorUses(models[0]!.tensors);
  const work = layers.workOf(models[0]!.tensors, shrinking, uses);
  return { ...one, work, least: layers.leastWork(result, work, 1) };
});
await figures.showTable(
  stringModels.map(({ to, result, work, shortest, least }) => ({
    to,
    "as trained: bytes": Math.round(result.points[0]!.bytes.mean),
    "within 1 point: bytes": Math.round(shortest.bytes.mean),
    "shorter how": shortest.way,
    "as trained: multiplications a piece": Math.round(work[result.points[0]!.way]!),
    "within 1 point: multiplications": Math.round(work[least.way]!),
    "cheaper how": least.way,
  })),
  "Translators within one point",
);

// %% [markdown]
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured.
//
// 上面写明的论断，与所测得的结果。

// %%
const likeReal = texts.map(({ name }) => {
  const by = (writer: string) => judged.find((one) => one.text === name && one.writer === writer)!;
  const real = by("real, unseen"), drawn = by("program");
  return { name, words: drawn.words / real.words, cost: drawn.cost / real.cost, copied: drawn.copied };
});
const alike = likeReal.map(({ words, cost, copied }) => words >= 0.8 && cost <= 1.25 && copied <= 0.05);

// %%
const percent = (part: number, digits = 1) => `${(100 * part).toFixed(digits)} %`;
section.judge("newText", {
  verdict: lab.verdictOf(alike.every(Boolean), alike.some(Boolean)),
  measured: lab.measuredOfEach(
    likeReal,
    ({ name, words, cost, copied }) =>
      `${name}: ${words.toFixed(2)} of the known words, ${cost.toFixed(2)} × the cost of real text, ${
        percent(copied)
      } copied`,
    ({ name, words, cost, copied }) =>
      `${CHINESE[name]}：已知词为 ${words.toFixed(2)} 倍，代价为真实文本的 ${cost.toFixed(2)} 倍，抄录 ${
        percent(copied)
      }`,
  ),
  numbers: Object.fromEntries(
    likeReal.flatMap(({ name, words, cost }) => [[`${name}, words`, words], [`${name}, cost`, cost]]),
  ),
});

// %%
const shareOf = (result: lab.TaskResult, point: lab.TaskPoint) =>
  point.bytes.mean / result.points[0]!.bytes.mean;
const textShare = shareOf(smaller, shortText), textKept = lab.keeps(shortText, allowed);
const wayOf = (result: lab.TaskResult, way: string) => result.points.find((point) => point.way === way)!;
const moreBits = `${(100 * shortText.loss.mean / cost).toFixed(2)} %`;
section.judge("keepsText", {
  verdict: lab.verdictOf(textKept && textShare <= 0.25, textKept && textShare <= 0.5),
  edge: lab.onEdge(shortText.loss, allowed),
  measured: {
    en: `${shortText.way}: ${percent(textShare)} of the bytes, ${moreBits} more bits`,
    zh: `“${shortText.way}”：字节数 ${percent(textShare)}，比特数多 ${moreBits}`,
  },
  numbers: { bytes: textShare, "bits lost": shortText.loss },
});

// %%
const cheapText = wayOf(smaller, leastText.way), cheapKept = lab.keeps(cheapText, allowed);
section.judge("fastText", {
  verdict: lab.verdictOf(cheapKept && leastText.share <= 0.5, cheapKept && leastText.share <= 0.75),
  edge: cheapText !== smaller.points[0] && lab.onEdge(cheapText.loss, allowed),
  measured: {
    en: `${leastText.way}: ${percent(leastText.share, 0)} of the multiplications a character`,
    zh: `“${leastText.way}”：每字符乘法 ${percent(leastText.share, 0)}`,
  },
  numbers: { multiplications: leastText.share },
});

// %%
const byCompression = pairs.points[0]!.score.mean;
const kept = reviewModels.map(({ name, result, shortest, least }) => ({
  name,
  bytes: shareOf(result, shortest),
  work: least.share,
  good: result.points[0]!.score.mean > byCompression,
  short: lab.keeps(shortest, 1),
  cheap: lab.keeps(wayOf(result, least.way), 1),
  losses: [shortest.loss, wayOf(result, least.way).loss],
  right: result.points[0]!.score.mean,
}));
const smallOnes = kept.map(({ bytes, good, short }) => good && short && bytes <= 0.25);
const cheapOnes = kept.map(({ work, good, cheap }) => good && cheap && work <= 0.5);
const shortened = lab.measuredOfEach(
  kept,
  ({ name, bytes, right }) =>
    `${name}: ${percent(bytes)} of the bytes within a point of ${right.toFixed(1)} %`,
  ({ name, bytes, right }) =>
    `${CHINESE[name]}：与 ${right.toFixed(1)} % 相差一个百分点以内的字节数 ${percent(bytes)}`,
);

// %%
section.judge("sentimentAccuracy", {
  verdict: lab.verdictOf(smallOnes.every(Boolean), smallOnes.some(Boolean)),
  edge: kept.some(({ losses }) => lab.onEdge(losses[0]!, 1)),
  measured: {
    en: `${shortened.en}; by compression alone ${byCompression.toFixed(1)} %`,
    zh: `${shortened.zh}；仅凭压缩 ${byCompression.toFixed(1)} %`,
  },
  numbers: Object.fromEntries(kept.map(({ name, bytes }) => [`${name}, bytes`, bytes])),
});
section.judge("sentimentCost", {
  verdict: lab.verdictOf(cheapOnes.every(Boolean), cheapOnes.some(Boolean)),
  edge: kept.some(({ losses, work }) => work < 1 && lab.onEdge(losses[1]!, 1)),
  measured: lab.measuredOfEach(
    kept,
    ({ name, work }) => `${name}: ${percent(work, 0)} of the operations within a point`,
    ({ name, work }) => `${CHINESE[name]}：一个百分点以内的运算 ${percent(work, 0)}`,
  ),
  numbers: Object.fromEntries(kept.map(({ name, work }) => [`${name}, operations`, work])),
});

// %%
const encoderShare = shareOf(together, fewestBits), useful = together.points[0]!.score.mean > byCompression;
const within = (part: number) => useful && lab.keeps(fewestBits, 1) && encoderShare <= part;
const quarter = together.points.find((point) => shareOf(together, point) <= 1 / 4)!; // the longest such file
const atAQuarter = lab.plusMinus(quarter.loss, 1);
section.judge("pretrainedEncoder", {
  verdict: lab.verdictOf(within(1 / 8), within(1 / 4)),
  edge: lab.onEdge((within(1 / 4) ? fewestBits : quarter).loss, 1),
  measured: {
    en: `chosen: ${fewestBits.way}, ${percent(encoderShare)} of the bytes; ${quarter.way}, ${
      percent(shareOf(together, quarter))
    } of them, loses ${atAQuarter} points of ${byHead} %`,
    zh: `选定“${fewestBits.way}”，字节数 ${percent(encoderShare)}；“${quarter.way}”（${
      percent(shareOf(together, quarter))
    }）从 ${byHead} % 损失 ${atAQuarter} 个百分点`,
  },
  numbers: { bytes: encoderShare, "points lost at a quarter": quarter.loss },
});

// %%
const keptStrings = stringModels.map(({ to, result, shortest, least, wanted, outcomes }) => {
  const exact = (how: string) => translation.exactShare(outcomes[how as keyof typeof outcomes]!, wanted);
  const translates = exact("translator as trained") > exact("nearest known string");
  const bytes = shareOf(result, shortest), cheap = wayOf(result, least.way);
  return {
    to,
    bytes,
    work: least.share,
    translates,
    good: translates && lab.keeps(shortest, 1) && bytes <= 0.25,
    cheaply: translates && lab.keeps(cheap, 1) && least.share <= 0.5,
    losses: [shortest.loss, cheap.loss],
  };
});

// %%
section.judge("translationAccuracy", {
  verdict: lab.verdictOf(keptStrings.every(({ good }) => good), keptStrings.some(({ good }) => good)),
  edge: keptStrings.some(({ losses }) => lab.onEdge(losses[0]!, 1)),
  measured: lab.measuredOfEach(
    keptStrings,
    ({ to, bytes, translates }) =>
      `${to}: ${percent(bytes)} of the bytes within a point, ${
        translates ? "more" : "no more"
      } strings letter for letter than the nearest known string`,
    ({ to, bytes, translates }) =>
      `${CHINESE[to]}：一分以内的字节数 ${percent(bytes)}，逐字译对的字符串${
        translates ? "多于" : "不多于"
      }最近的已知字符串`,
  ),
  numbers: Object.fromEntries(keptStrings.map(({ to, bytes }) => [`${to}, bytes`, bytes])),
});

// %%
section.judge("translationCost", {
  verdict: lab.verdictOf(
    keptStrings.every(({ cheaply }) => cheaply),
    keptStrings.some(({ cheaply }) => cheaply),
  ),
  edge: keptStrings.some(({ losses, work }) => work < 1 && lab.onEdge(losses[1]!, 1)),
  measured: lab.measuredOfEach(
    keptStrings,
    ({ to, work }) => `${to}: ${percent(work, 0)} of the multiplications within a point`,
    ({ to, work }) => `${CHINESE[to]}：一分以内的乘法 ${percent(work, 0)}`,
  ),
  numbers: Object.fromEntries(keptStrings.map(({ to, work }) => [`${to}, multiplications`, work])),
});

// %%
await section.close();
