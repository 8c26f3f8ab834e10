// %% [markdown]
// # 1. Background: history and fields of use · 背景介绍
//
// The article begins with history (1.1): expert systems, AlexNet, deep learning everywhere; and with what large models
// can do (1.2). Here its statements stand beside what was published, and the growth of models is a line fitted to
// published numbers, with its interval.
//
// Then comes the question on which the whole article hangs. If the essence of a large model is compression, a model must
// be a *shorter description of what it was trained on*: the bytes of its weights, and the bytes that the data still cost
// once the model is known. Both can be computed for each model whose loss is published. Nothing is trained in this section;
// it is arithmetic on sourced facts ([data/models.json](../data/models.json)), and one measurement of real compressors on
// real English.
//
// You will see: the article's statements beside published facts; parameters and training data of large models over time,
// with doubling times; what compressors make of English; and each model whose loss is published as a code of its
// training data, in bytes, together with those of which nothing can be said.
//
// 中文：本节核对文章 1.1、1.2 的历史陈述，用已发表的数字拟合大模型的增长并求翻倍时间（附 95 % 区间），然后提出全文的核心问题：
// 大模型是不是其训练数据的更短描述？两段编码的长度 = 权重字节数 + 损失（比特/词元）× 词元数 ÷ 8，与训练数据的字节数以及通用压缩器的
// 结果比较。所有事实均注明出处，未发表的数字一律不填。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. Presets differ in nothing but the amount of text that the compressors get: one million
// (`smoke`), three million (`quick`) or all eleven million characters (`paper`). `quick` takes less than half a minute,
// `paper` somewhat longer. The outputs below are those of `quick`.
//
// 预设之间只有压缩器所读的文本量不同；`quick` 不到半分钟，`paper` 稍长。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as history from "experiments/history/mod.ts";
import * as corpora from "experiments/language/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said first. The thresholds of the last two claims are the plain ones (the data
// themselves, and xz); the code lengths of some models were known when they were written down.
//
// 计算之前先写明每条论断及其成立的标准（写下最后两条时，已知其中一些模型的编码长度）；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("01_background", settings, claims["01_background"]);

// %%
const { context } = section;
const { statements, models, text } = history.loadHistory();

// %% [markdown]
// ## 1.1, 1.2 History and fields of use · 大模型的发展历程与应用领域
//
// Each statement of sections 1.1 and 1.2, the published fact, and whether they agree. The table names the first source;
// all of them are in [data/models.json](../data/models.json).

// %%
await figures.showTable(
  statements.map(({ article, said, zh, fact, verdict, source }) => ({
    "§": article,
    "the article · 文章": `${said} · ${zh}`,
    "published · 已发表": fact,
    "agrees · 判定": lab.VERDICTS[verdict],
    source: source.split(";")[0],
  })),
  "Statements and facts",
);

// %% [markdown]
// ### How fast they grow · 增长速度
//
// Of each paper the largest model: its parameters on a logarithmic axis against time. A straight line there is exponential
// growth. Expect a doubling within about a year, and a wide scatter: the list is a choice, not a sample, and a mixture of
// experts counts all of its experts.

// %%
const largest = history.largestOfFamilies(models);
const growing = history.growthOf(
  "least squares, 95 % interval of the mean",
  largest,
  ({ parameters }) => parameters,
);
const seen = [
  { name: "text", kinds: ["language", "masked", "conditional"] },
  { name: "images", kinds: ["image", "classifier"] },
].map(({ name, kinds }) => ({ name, models: largest.filter(({ kind }) => kinds.includes(kind)) }));
await figures.show(
  figures.fits({
    title: "Parameters of large models",
    series: seen.map(({ name, models }, i) => ({
      name,
      x: models.map(history.yearOf),
      y: models.map(({ parameters }) => parameters),
      labels: models.map(({ name }) => name.replace(/ \(.*|-(11|20|65|175)B| (70|405)B/, "")),
      ...(i ? {} : { fit: growing.line }),
    })),
    x: { title: "year", format: "d" },
    y: { title: "parameters", log: true, format: "~s" },
  }),
  "Parameters over time",
);

// %% [markdown]
// The same for what they were trained on, in bytes where the source (or a conversion that it states) gives them. Fewer
// papers do: that alone is a finding.

// %%
const withData = largest.filter(({ data }) => data);
const reading = history.growthOf(
  "least squares, 95 % interval of the mean",
  withData,
  ({ data }) => data!.bytes,
);
await figures.show(
  figures.fits({
    title: "What large models were trained on",
    series: [{
      name: "models",
      x: withData.map(history.yearOf),
      y: withData.map(({ data }) => data!.bytes),
      labels: withData.map(({ name }) =>
        name.replace("Sparse Transformer", "Sparse").replace("Cerebras-GPT", "CGPT")
      ),
      fit: reading.line,
    }],
    x: { title: "year", format: "d" },
    y: { title: "training data (bytes)", log: true, format: "~s" },
  }),
  "Training data over time",
);

// %% [markdown]
// Doubling times, by Student's t on the logarithm. "Bend" is what each further year adds to the doublings a year:
// growth is exponential where 0 lies in its interval. Records are models larger than all before them; since they were
// picked for being large, their line says more of headlines than of models.

// %%
const signed = (value: number) => value.toFixed(2).replace("-", "−");
const within = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${signed(value)} (${signed(low)} … ${signed(high)})`;
const records = history.growthOf("records", history.recordsOf(largest), ({ parameters }) => parameters);
const language = history.growthOf("language", seen[0]!.models, ({ parameters }) => parameters);
await figures.showTable(
  Object.entries({
    "parameters, all": growing,
    "parameters, text alone": language,
    "parameters, records": records,
    "bytes of training data": reading,
  }).map(([what, { models, doubling, bend, explained }]) => ({
    what,
    models,
    "doubles in (years, 95 %)": within(doubling),
    "bend (doublings a year, each year, 95 %)": within(bend),
    "explained, %": Number((100 * explained).toFixed(0)),
  })),
  "Doubling times",
);

// %% [markdown]
// ## Abstract: is a large model a compressor? · 摘要：大模型是压缩吗？
//
// First the measure. What does a general compressor make of English? Results for a billion bytes of Wikipedia are
// published; here compressors run on the speeches on the State of the Union (each file decoded and compared; xz with a
// dictionary that holds the whole text). A model has to be below xz's line to have found more than repeated strings.

// %%
const speeches = await corpora.loadText("speeches", context).then((all) =>
  section.by({ smoke: corpora.takeText(all, 1e6), quick: corpora.takeText(all, 3e6), paper: all })
);
section.use(speeches);
const measured = await history.textRates(speeches.name, corpora.utf8(speeches), context);
await figures.showTable(
  [...text, ...measured].map(({ name, bytes, of, prequential, source }) => ({
    compressor: name,
    text: of,
    compressed: bytes,
    "of the text, %": Number((100 * bytes / of).toFixed(1)),
    "ships weights": prequential ? "no: it learns while it codes" : "has none",
    source,
  })),
  "Compressors on English",
);

// %% [markdown]
// **Two-part and prequential.** A *two-part* code sends the weights first and then the data under them: weights + loss
// × tokens (the loss in bits; 8 bits are a byte). A *prequential* code sends no weights: receiver and sender train the
// same network on what has been sent so far, so that the early, badly predicted symbols are the price of learning
// (`nncp` above does just that, with a Transformer). The prequential length of a training in one pass is the area under
// its loss curve; papers print curves, not their areas, hence two-part here. It is the harder test: weights count at
// their published precision, 16 or 32 raw bits each, which is more than they are worth.
//
// Expect models of much text to pass and those of little text to fail: the weights are paid once. The loss is that of
// unseen text where nothing else is published (a little too high), the tokenizer is not counted (a few hundred
// kilobytes).

// %%
const lengths = models.flatMap((model) => {
  const length = history.codeLengthOf(model);
  return length ? [{ ...model, ...length }] : [];
});
const giga = (bytes: number) => Number((bytes / 1e9).toPrecision(3));
await figures.showTable(
  lengths.map(({ name, weights, payload, total, data, loss }) => ({
    model: name,
    "weights, GB": giga(weights),
    "loss × tokens, GB": giga(payload),
    "together, GB": giga(total),
    "data, GB": giga(data),
    "of the data, %": Number((100 * total / data).toFixed(1)),
    "without weights, %": Number((100 * payload / data).toFixed(1)),
    loss: loss!.how,
  })),
  "Models as two-part codes",
);

// %%
const xz = text.find(({ name }) => name === "xz")!, xzRate = xz.bytes / xz.of;
await figures.show(
  figures.fits({
    title: "Models as descriptions of their training data: weights and what the data cost under them",
    series: (["language", "image"] as const).map((kind) => {
      const these = lengths.filter((one) => one.kind === kind);
      return {
        name: kind === "language" ? "text" : "images",
        x: these.map(({ data }) => data),
        y: these.map(({ total, data }) => 100 * total / data),
        labels: these.map(({ name }) =>
          name.replace("Sparse Transformer", "Sparse").replace("Cerebras-GPT", "CGPT")
        ),
      };
    }),
    x: { title: "training data (bytes)", log: true, format: "~s" },
    y: { title: "weights + loss × tokens (% of the data)", log: true },
    references: [
      { label: "the data as they are", value: 100 },
      { label: "xz on Wikipedia", value: 100 * xzRate },
    ],
  }),
  "Models as compressors",
);

// %% [markdown]
// And those that cannot be judged. A classifier gives labels, not images: all that it could have compressed are the labels,
// and its weights are far longer than those. A masked or a translating model predicts part of the text *given the rest*.
// For most others the loss is a curve in a figure, or not published. Weights against data is then all that can be said:
// weights that are longer than the data are no compression, whatever the loss.

// %%
await figures.showTable(
  models.filter((model) => !history.codeLengthOf(model)).map((model) => {
    const { name, kind, images, data, note } = model, weights = history.weightBytes(model);
    const labels = kind === "classifier" && images ? history.labelBytes(images, 1000) : undefined;
    return {
      model: name,
      kind,
      "weights, GB": giga(weights),
      "data, GB": data && giga(data.bytes),
      "labels of 1000 classes, GB": labels && name !== "ViT-H/14" ? giga(labels) : undefined,
      "why no code length": note ?? "labels given images: no code of the images",
    };
  }),
  "Models without a code length",
);

// %% [markdown]
// ## Verdicts · 判定
//
// The claims as declared above, and what the published numbers say of each.

// %%
const dated = statements.filter(({ dated }) => dated),
  agree = dated.filter(({ verdict }) => verdict === "holds");
section.judge("dates", {
  verdict: lab.verdictOf(agree.length === dated.length, agree.length > dated.length / 2),
  measured: `${agree.length} of ${dated.length} statements with a time agree with what was published`,
  numbers: { agree: agree.length, statements: dated.length },
});
const compared = (what: string) => statements.filter(({ vision }) => vision === what);
const beats = (what: string) =>
  compared(what).every(({ numbers = {} }) => numbers["model, top-5 error, %"]! < numbers["human, %"]!);
const best = Math.min(...compared("classification").map(({ numbers }) => numbers!["model, top-5 error, %"]!));
section.judge("human", {
  verdict: lab.verdictOf(beats("classification") && beats("detection"), beats("classification")),
  measured: `classification: top-5 error ${best} % against a human's ${
    compared("classification")[0]!.numbers!["human, %"]
  } %; detection: the papers compare with no human`,
  numbers: { "model, %": best, "human, %": compared("classification")[0]!.numbers!["human, %"]! },
});
const rising = Number.isFinite(growing.doubling.high),
  straight = growing.bend.low < 0 && growing.bend.high > 0;

// %%
section.judge("growth", {
  verdict: lab.verdictOf(rising && straight, rising),
  measured: `parameters of ${growing.models} models double in ${within(growing.doubling)} years; bend ${
    within(growing.bend)
  }`,
  numbers: { "doubling, years": growing.doubling.value, "bend": growing.bend.value },
});
const below = lengths.filter(({ total, data }) => total < data);
section.judge("shorter", {
  verdict: lab.verdictOf(below.length === lengths.length, below.length > lengths.length / 2),
  measured: `${below.length} of ${lengths.length} models are shorter than their data, weights counted; ` +
    `${models.length - lengths.length} more state no loss`,
  numbers: { shorter: below.length, models: lengths.length },
});
const texts = lengths.filter(({ kind }) => kind === "language");
const papers = (of: typeof texts) => new Set(of.map(({ source }) => source)).size;
const belowXz = texts.filter(({ total, data }) => total < xzRate * data);

// %%
section.judge("compressor", {
  verdict: lab.verdictOf(belowXz.length === texts.length, belowXz.length > texts.length / 2),
  measured: `${belowXz.length} of ${texts.length} language models are shorter than xz would be (${
    (100 * xzRate).toFixed(1)
  } % of the text), from ${papers(belowXz)} of ${papers(texts)} papers; without their weights ${
    texts.filter(({ payload, data }) => payload < xzRate * data).length
  }`,
  numbers: { shorter: belowXz.length, models: texts.length, "xz, %": 100 * xzRate },
});
await section.close();
