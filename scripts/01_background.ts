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
// You will see: the article's statements beside published facts; parameters and training data of large models over
// time, with doubling times; what compressors make of English; and each model whose loss is published as a code of its
// training data, in bytes, together with those of which nothing can be said. Terms are in the [glossary](glossary.md).
//
// 中文：本节核对文章 1.1、1.2 的历史陈述，用已发表的数字拟合大模型的增长并求翻倍时间（附 95 % 区间），然后提出全文的核心问题：
// 大模型是不是其训练数据的更短描述？两段编码的长度 = 权重字节数 + 损失（比特/词元）× 词元数 ÷ 8，
// 与训练数据的字节数以及通用压缩器的结果比较。所有事实均注明出处，未发表的数字一律不填。
// 术语见 [glossary · 术语表](glossary.md)。
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
// themselves, and xz); the code lengths of all models were known when it was written down that papers vote.
//
// 计算之前先写明每条论断及其成立的标准（写下“每篇论文一票”时，已知各模型的编码长度）；最后给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("01_background", settings, claims["01_background"]);

// %%
const { context } = section;
const { statements, models, text } = history.loadHistory();

// %% [markdown]
// ## 1.1, 1.2 History and fields of use · 大模型的发展历程与应用领域
//
// Each statement of sections 1.1 and 1.2, the published fact, and whether they agree: a demonstration, no claim, as no
// run could find anything else. The facts are quoted from memory of the papers and were not looked up again; the table
// names the first source, all of them are in [data/models.json](../data/models.json).
//
// 1.1、1.2 的每条陈述与已发表的事实对照。这里只作展示，不作判定，因为任何运行都不会得出别的结果；事实凭对论文的记忆引用，
// 未再查核。表的最后一列是出处。“已发表”一列只有英文，大意依次是：DEC 公司 1980 年起用专家系统配置计算机，
// 日本第五代计算机计划始于 1982 年；年代不错（反向传播，1986），但神经网络源自感知机（1958）而非规则系统；
// 规则须由专家手工总结，出了本领域就失灵；AlexNet 的前五错误率为 15.3 %，第二名 26.2 %；
// 2012 至 2014 年的分类冠军都是卷积网络；ResNet 的集成为 3.57 %，一位受训的标注者为 5.1 %；Inception-v3 的集成为 3.6 %；
// 目标检测的平均精度均值只有 37.4 %，且论文未与人比较；GPT-2、GPT-3 能生成和翻译，BERT 判断情感（94.9 %），
// 但作为编码器不能生成；推荐（2016）、Atari 游戏与围棋（2015、2016）、对话语音识别（词错误率 5.9 %，与专业听写员相当）。

// %%
const AGREES = { "holds": "yes 是", "in part": "in part 部分", "fails": "no 否" } as const;
await figures.showTable(
  statements.map(({ article, said, zh, fact, verdict, source }) => ({
    "§": article,
    "the article · 文章": `${said} · ${zh}`,
    "published · 已发表": fact,
    "agrees · 相符": AGREES[verdict],
    source: source.split(";")[0],
  })),
  "Statements and facts",
);
const agree = statements.filter(({ verdict }) => verdict === "holds").length;
await figures.showMarkdown(
  `${agree} of ${statements.length} statements agree in full. The history is told as others tell it; what is too much ` +
    "is that detectors are as good as people, and that BERT writes text.\n\n" +
    `${statements.length} 条陈述中有 ${agree} 条完全相符；言过其实的是“目标检测达到人类水平”和“BERT 能生成文本”。`,
);

// %% [markdown]
// ### How fast they grow · 增长速度
//
// Of each paper the largest model: its parameters on a logarithmic axis against time. A straight line there is
// exponential growth. Expect a doubling within about a year, and a wide scatter: the list is a choice, not a sample,
// and a mixture of experts counts all of its experts.
//
// 每篇论文取其最大的模型，参数个数用对数坐标画在时间上；直线即指数增长。预期约一年翻一倍，但离散很大：所列模型是挑选而来，
// 不是抽样，而混合专家模型把全部专家都计入。图例：text 为文本模型，images 为图像模型；虚线是最小二乘拟合，
// 阴影是均值的 95 % 置信区间。

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
    title: "Parameters of large models · 大模型的参数个数",
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
// Along the line parameters rise by five orders of magnitude in twelve years; models of a year can lie two apart: the
// line is a trend, not a law. The same now for what they were trained on, in bytes where the source (or a conversion
// that it states) gives them. Fewer papers do: that alone is a finding.
//
// 沿拟合线，十二年间参数增加五个数量级，而同一年的模型可相差两个数量级：这条线是趋势，不是定律。
// 下一幅图是训练数据的字节数（取自出处，
// 或按出处说明的换算）；给出这一数字的论文更少，这本身就是一个发现。

// %%
const withData = largest.filter(({ data }) => data);
const reading = history.growthOf(
  "least squares, 95 % interval of the mean",
  withData,
  ({ data }) => data!.bytes,
);
await figures.show(
  figures.fits({
    title: "What large models were trained on · 大模型的训练数据",
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
// What is read grows faster than what it is read into, and the band is wide: little can be said of so few points.
//
// 训练数据比参数增长得更快，但点太少，区间很宽。
//
// Doubling times, by Student's t on the logarithm. "Bend" is what each further year adds to the doublings a year:
// growth is exponential where 0 lies in its interval. Records are models larger than all before them; since they were
// picked for being large, their line says more of headlines than of models.
//
// 下表是翻倍时间（对数上的 t 分布区间）。“弯曲”（bend）是每过一年、每年翻倍次数的增量：其区间包含 0，才称得上指数增长。
// “纪录”（records）指比此前所有模型都大的模型；它们正是因为大才被选中，所以这一行更多反映新闻而不是模型。各行依次为：
// 全部模型的参数、仅文本模型的参数、纪录的参数、训练数据的字节数；各列为：模型数、翻倍年数、弯曲、拟合解释的百分比。

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

// %%
const rising = Number.isFinite(growing.doubling.high),
  straight = growing.bend.low < 0 && growing.bend.high > 0;
section.judge("growth", {
  verdict: lab.verdictOf(rising && straight, rising),
  measured: {
    en: `parameters of ${growing.models} models double in ${within(growing.doubling)} years; bend ${
      within(growing.bend)
    }`,
    zh: `${growing.models} 个模型的参数每 ${within(growing.doubling)} 年翻一倍；弯曲 ${within(growing.bend)}`,
  },
  numbers: { "doubling, years": growing.doubling.value, "bend": growing.bend.value },
});
await figures.showMarkdown(
  `All models together double in ${
    growing.doubling.value.toFixed(2)
  } years, and no bend is certain; of those of text ` +
    `alone the bend is ${within(language.bend)}. Which models are listed decides as much as time does.\n\n` +
    `全部模型每 ${growing.doubling.value.toFixed(2)} 年翻一倍，看不出确定的弯曲；仅文本模型的弯曲为 ${
      within(language.bend)
    }。选入哪些模型与时间同样重要。`,
);

// %% [markdown]
// ## Abstract: is a large model a compressor? · 摘要：大模型是压缩吗？
//
// First the measure. What does a general compressor make of English? Results for a billion bytes of Wikipedia are
// published; here compressors run on the speeches on the State of the Union (each file decoded and compared; xz with a
// dictionary that holds the whole text). A model has to be below xz's line to have found more than repeated strings.
// “Looked up” says which published numbers were compared with their source again; the others are quoted from memory.
//
// 先看通用压缩器如何处理英文：维基百科十亿字节的结果取自已发表的数字，国情咨文的结果为实测（每个文件都解码并核对；
// xz 的字典容得下全文）。模型必须低于 xz，才算找到了重复字符串之外的规律。表列依次为：
// 压缩器、文本字节数、压缩后字节数、占文本的百分比、是否附带权重（has none 没有权重；
// it learns while it codes 边编码边学习）、是否查核过出处（measured 为实测）、出处。

// %%
const speeches = await corpora.loadText("speeches", context).then((all) =>
  section.by({ smoke: corpora.takeText(all, 1e6), quick: corpora.takeText(all, 3e6), paper: all })
);
section.use(speeches);
const measured = await history.textRates(speeches.name, corpora.utf8(speeches), context);
await figures.showTable(
  [...text, ...measured].map(({ name, bytes, of, prequential, checked, source }) => ({
    compressor: name,
    text: of,
    compressed: bytes,
    "of the text, %": Number((100 * bytes / of).toFixed(1)),
    "ships weights": prequential ? "no: it learns while it codes" : "has none",
    "looked up": checked ? "yes" : measured.some((one) => one.source === source) ? "measured" : "no",
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
// their published precision, 16 or 32 raw bits each, which is more than they are worth. Where a paper has fitted a law
// of loss by parameters and tokens, the area under it can be computed: it stands beside.
//
// Expect models of much text to pass and those of little text to fail: the weights are paid once. The loss is that of
// unseen text where nothing else is published (a little too high), the tokenizer is not counted (a few hundred
// kilobytes). A loss that comes from a law is no published loss of that model: such models are shown, and do not vote.
// And a paper has one vote, however many sizes it tried: seven of the models are one family.
//
// 两段编码先发送权重，再发送该模型下的数据：权重 + 损失 × 词元数（损失以比特计，8 比特为一字节）。
// 序贯编码（prequential）不发送权重：收发双方用已发送的内容训练同一个网络，代价是早期预测不准；其长度是损失曲线下的面积，
// 而论文只画曲线，所以这里用两段编码。它更严格：权重按发布的精度计，每个 16 或 32 比特，超过其实际价值。
// 若论文拟合了损失随参数与词元变化的规律，面积就可以算出，列在旁边。
//
// 损失由拟合规律算出的模型只展示、不投票；每篇论文只有一票（表中有七个模型属于同一系列）。预期：读过大量文本的模型能通过，
// 文本少的不能。表列依次为：模型、权重、损失 × 词元数、两者之和、数据（单位 GB）、占数据的百分比、不计权重的百分比、
// 按规律算出的序贯编码百分比、是否投票（by a law 表示损失由规律算出）、是否查核过出处、损失的来源。
// “损失”一列多为测试或验证数据上的损失（模型未见过，比训练损失略高）；BLOOM 为训练损失；GPT-3、Gopher、Chinchilla 由拟合规律算出。
// 分词器（几百 KB）不计入。

// %%
const lengths = models.flatMap((model) => {
  const length = history.codeLengthOf(model);
  return length ? [{ ...model, ...length, prequential: history.prequentialBytes(model) }] : [];
});
const giga = (bytes: number) => Number((bytes / 1e9).toPrecision(3));
await figures.showTable(
  lengths.map(({ name, weights, payload, total, data, loss, prequential }) => ({
    model: name,
    "weights, GB": giga(weights),
    "loss × tokens, GB": giga(payload),
    "together, GB": giga(total),
    "data, GB": giga(data),
    "of the data, %": Number((100 * total / data).toFixed(1)),
    "without weights, %": Number((100 * payload / data).toFixed(1)),
    "prequential, by the law, %": prequential && Number((100 * prequential / data).toFixed(1)),
    "votes": history.isPublished({ loss }) ? "yes" : "no: by a law",
    "looked up": loss!.checked ? "yes" : "no",
    loss: loss!.how,
  })),
  "Models as two-part codes",
);

// %%
const areas = lengths.filter(({ prequential }) => prequential);
await figures.showMarkdown(
  `The price of learning, which final loss hides: ${
    areas.map(({ name, prequential, payload }) =>
      `${name} +${(100 * (prequential! / payload - 1)).toFixed(1)} %`
    )
      .join(", ")
  } of the payload if no weights are sent. It is far less than the weights: while it learns, a model that reads much ` +
    "is the shorter description.\n\n" +
    `最终损失掩盖了学习的代价：不发送权重时，${
      areas.map(({ name, prequential, payload }) =>
        `${name} 多 ${(100 * (prequential! / payload - 1)).toFixed(1)} %`
      )
        .join("，")
    }，远小于权重本身。`,
);

// %% [markdown]
// The same numbers as a figure: each model by how much it was trained on, and how long weights and data together are,
// in percent of the data.
//
// 同样的数字画成图：横轴是训练数据的字节数，纵轴是权重加数据占数据的百分比；两条虚线是“数据本身”（100 %）和维基百科上的 xz。

// %%
const xz = text.find(({ name }) => name === "xz")!, xzRate = xz.bytes / xz.of;
await figures.show(
  figures.fits({
    title:
      "Models as descriptions of their training data: weights and what the data cost under them · 以模型描述其训练数据：权重，加上数据在模型下的代价",
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
// Points below 100 % are shorter than their data, points below the lower line shorter than xz would be. As expected,
// models that read gigabytes are below 100 %, models of a hundred megabytes above both lines. Much text alone does not
// do for the lower line: GPT-3, Gopher and BLOOM, which have the most weights for what they read, are above it.
//
// 100 % 以下比数据短，低于下面那条线则比 xz 短。与预期相符：读过数十亿字节的模型低于 100 %，只读一亿字节的模型高于两条线。
// 但要低于 xz，单靠文本多还不够：GPT-3、Gopher 与 BLOOM 的权重相对所读文本最多，都在这条线之上。
//
// And those that cannot be judged. A classifier gives labels, not images: all that it could have compressed are the
// labels, and its weights are far longer than those. A masked or a translating model predicts part of the text *given
// the rest*. For most others the loss is a curve in a figure, or not published. Weights against data is then all that
// can be said: weights that are longer than the data are no compression, whatever the loss.
//
// 还有无法判断的模型。分类器给出标签而不是图像：它至多压缩了标签，而权重比标签长得多。
// 掩码模型或翻译模型只在其余文本已知时预测一部分。其余多数模型的损失只是图中的曲线，或没有公布；于是只能比较权重与数据：
// 权重比数据还长，无论损失如何都不是压缩。表列依次为：模型、种类（classifier 分类器，conditional 翻译，language 语言模型，
// masked 掩码模型）、权重、数据、1000 类标签的字节数（GB）、没有编码长度的原因。原因一列的大意：
// 分类器只有给定图像时的标签（VGG 等），翻译与掩码模型只有给定其余文本时的损失；其余是损失只画成曲线、没有公布损失，
// 或没有公布字节数、词元数。

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
// More than half of the models say nothing that could be judged: the thesis is tested on those whose makers published a
// loss and the bytes that were read, a choice that we did not make.
//
// 半数以上的模型无从判断：只有公布了损失与数据字节数的模型才能检验。
//
// ## Verdicts · 判定
//
// The two claims of the abstract, by papers. Most models of two papers read so little that they are longer than their
// data; against xz, BLOOM fails, too, by its weights. Without weights all five would be shorter than xz.
//
// 摘要中的两条论断，按论文投票。两篇论文的多数模型所读数据太少，连数据本身也短不过（部分成立）；与 xz 相比，
// BLOOM 的权重又嫌太多（不成立）。若不计权重，五篇都短于 xz。

// %%
const voters = lengths.filter(history.isPublished);
const votes = history.votesOf(voters, ({ total, data }) => total < data);
const yes = (of: typeof votes) => of.filter(({ vote }) => vote).length;
const shorter = votes.reduce((n, { passed }) => n + passed, 0);
section.judge("shorter", {
  verdict: lab.verdictOf(yes(votes) === votes.length, yes(votes) > votes.length / 2),
  measured: {
    en: `${
      yes(votes)
    } of ${votes.length} papers, ${shorter} of their ${voters.length} models, weights counted; ${
      models.length - voters.length
    } more models publish no loss of their own`,
    zh: `${votes.length} 篇论文中有 ${
      yes(votes)
    } 篇的模型短于数据（计入权重；${voters.length} 个模型中有 ${shorter} 个）；另有 ${
      models.length - voters.length
    } 个模型未公布自己的损失`,
  },
  numbers: { shorter: yes(votes), papers: votes.length },
});

// %%
const texts = voters.filter(({ kind }) => kind === "language");
const against = history.votesOf(texts, ({ total, data }) => total < xzRate * data);
const bare = history.votesOf(texts, ({ payload, data }) => payload < xzRate * data);
section.judge("compressor", {
  verdict: lab.verdictOf(yes(against) === against.length, yes(against) > against.length / 2),
  measured: {
    en: `models of ${yes(against)} of ${against.length} papers are shorter than xz would be (${
      (100 * xzRate).toFixed(1)
    } % of the text); without their weights of ${yes(bare)}`,
    zh: `${against.length} 篇论文中有 ${yes(against)} 篇的模型短于 xz（文本的 ${
      (100 * xzRate).toFixed(1)
    } %）；不计权重则有 ${yes(bare)} 篇`,
  },
  numbers: { shorter: yes(against), papers: against.length, "xz, %": 100 * xzRate },
});

// %%
await section.close();
