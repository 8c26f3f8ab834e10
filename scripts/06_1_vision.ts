// %% [markdown]
// # 6.1 Computer vision · 计算机视觉
//
// “In image classification, compressed models can greatly lower the computing cost while accuracy stays high”, says the
// article, and goes on that they also serve to generate images and to detect objects, and are more interpretable. It
// gives no number and no model.
//
// Here each of these is measured. You will see: classifiers of two sets, the bytes of their files against what they get
// right, their multiplications and their time; what a program that compresses images knows of their classes; images
// drawn by one program a class; a detector of things in composed scenes; and a network that others have trained, with
// fewer and fewer bits a weight. Every model is read again from its file before it is scored. Terms are in the
// [glossary](glossary.md).
//
// 中文：文章说压缩模型能在保持准确率的同时大大降低图像分类的计算成本，还可用于图像生成与目标检测，并更具可解释性，
// 但没有给出数字。本节逐项实测：两个数据集上分类器文件的字节数与准确率、乘法次数与用时；压缩程序对类别知道多少；
// 每类一个程序所生成的图像；合成场景中的目标检测；以及一个他人训练好的网络在每个权重的比特数减少时的变化。
// 每个模型都从其文件中重新读出后才计分。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes a minute and shows only that the cells run, `quick` about five minutes of
// computing, on two cores for half of it, `paper` some hours (estimated, not yet run). The outputs below are those of
// `quick`.
//
// 预设：`smoke` 约一分钟，仅表明各单元能运行；`quick` 约需五分钟计算（一半时间用两个核），`paper` 估计数小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as reduction from "experiments/pca/mod.ts";
import * as vision from "experiments/vision/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// The claims, with what each has to reach. When the thresholds were written, pilot runs of single classifiers, of one
// detector and of the network from a package had been seen; no interval over seeds, no time, no probe and no draw.
//
// 各条论断及其成立的标准如下。写定标准时，已经看过单个分类器、一个检测器和那个现成网络的试运行结果；
// 没有看过随机种子的区间、用时、探针或生成图像的结果。

// %%
const section = await lab.openSection("06_1_vision", settings, claims["06_1_vision"]);

// %%
const { context, seed } = section, CLASSES = 10;
const seeds = Array.from(
  { length: section.by({ smoke: 2, quick: 3, paper: 5 }) },
  (_, i) => seed + i,
);
const whole = (n: number) => Math.round(n).toLocaleString("en");
const above = (interval: lab.Interval, least: number) => lab.lowerEnd(interval) > least;
const nearAny = (of: readonly lab.Interval[], threshold: number) =>
  of.some((one) => lab.onEdge(one, threshold));

// %% [markdown]
// ## Classification · 图像分类
//
// ### The images, and leaks between training and test · 数据与泄漏检查
//
// Fashion-MNIST (gray, 28×28) and CIFAR-10 (colour, 32×32), ten classes each. A test image that is also learnt from
// makes memory look like recognition. We look for test images that are in the training set symbol by symbol and leave
// them out, and for such as nearly are. A third part of each set, the validation images, is there to choose files by:
// what is chosen is then judged on the test images.
//
// 两个数据集各十类：Fashion-MNIST（灰度，28×28）与 CIFAR-10（彩色，32×32）。若测试图像也在训练中出现，记忆就会冒充识别；
// 所以逐符号查找与训练集相同的测试图像并剔除，也查找几乎相同的。每个数据集分三份：训练、验证、测试；文件在验证图像上选定，
// 在测试图像上判定。表列依次为：数据集、学习用、选择用、测试用的图像数、两边都有而剔除的、相距不到 8 个灰度级的。

// %%
const sizes = section.by({
  smoke: { train: 300, validation: 60, test: 100, looked: 20 },
  quick: { train: 3000, validation: 500, test: 1000, looked: 200 },
  paper: { train: 45_000, validation: 5000, test: 10_000, looked: 2000 },
});
const until = sizes.train + sizes.validation;
const clothes = await mdl.loadDataset("fashion-mnist", { ...context, take: until + sizes.test });
const animals = await mdl.loadDataset("cifar10", { ...context, take: until });
const part = (set: mdl.Dataset, from: number, count: number) =>
  lab.select(set, Array.from({ length: count }, (_, i) => from + i));
const pairs = [
  { name: "Fashion-MNIST", all: clothes, test: part(clothes, until, sizes.test) },
  {
    name: "CIFAR-10",
    all: animals,
    test: await mdl.loadDataset("cifar10", { ...context, first: "test", take: sizes.test }),
  },
].map(({ name, all, test }) => ({
  name,
  train: image.take(all, sizes.train),
  validation: part(all, sizes.train, sizes.validation),
  test,
}));

// %%
type Three = { name: string; train: mdl.Dataset; validation: mdl.Dataset; test: mdl.Dataset };
const sets: (Three & vision.Leaks)[] = [];
for (const { name, train, validation, test } of pairs) {
  const leaks = await vision.leaksOf(section.use(train), section.use(test), sizes.looked, context);
  sets.push({ name, train, validation, test: leaks.clean, ...leaks });
}

// %%
await figures.showTable(
  sets.map(({ name, train, validation, test, same, near, looked }) => ({
    set: name,
    "learnt from": train.names.length,
    "chosen by": validation.names.length,
    "tested on": test.names.length,
    "in both, left out": same,
    [`nearer than ${vision.NEAR} levels`]: `${near} of ${looked} looked at`,
  })),
  "Images, and leaks",
);

// %% [markdown]
// These are small parts of the sets; among all of their images, copies are more likely, and `paper` looks at all of
// them.
//
// 这里只取了数据集的一小部分；在全部图像中更可能有重复，`paper` 会检查全部。
//
// ### Bytes against accuracy · 字节数与准确率
//
// Four convolutional classifiers. The wide one is shrunk after training: its numbers share a codebook, the smallest
// become 0, or kernels are written as two of lower rank. Two others are shrunk while they learn: 80 % zeros from half
// of the steps on, or three blocks that share their weights. The last is the honest alternative: a narrow network,
// trained as such.
//
// Expect codebooks of 32 values to cost next to nothing, coarse ones, zeros and low rank made afterwards to cost much,
// and what was learnt with its limits to do better.
//
// 四个卷积分类器。宽的（wide）在训练后压缩：数值共用码本，最小的置零，或把卷积核写成两个低秩的核。另有两个在训练中就受限：
// 从训练一半起 80 % 置零（80 % zeros learnt），或三个块共用权重（shared layers）。最后是公平的对照：
// 一开始就训练一个窄网络（narrow）。预期 32 个取值的码本几乎无损，取值更少、事后置零与低秩代价大，在训练中受限的则较好。
//
// 表列依次为：模型、文件、字节数、为首个文件的百分之几、判对的百分比与区间、损失的百分点（与同一种子的首个文件成对比较）。
// 文件名中，f32 是训练所得的 32 位浮点数，16 values 是 16 个共享取值，30 % zeros 是 30 % 置零，rank 75 % 是 75 % 的秩。
// 其后两幅图中越靠左上越好，虚线是随机猜测（by chance）；图例中 codebooks 为码本，zeros and codebooks 为置零加码本，
// low rank and codebooks 为低秩加码本。图下逐个数据集说明：
// 在验证图像上至多损失 1 个百分点的最短文件是哪一个、多少字节、占百分之几。

// %%
const outcomes: { name: string; arms: readonly vision.Outcome[] }[] = [];
for (const { name, train, validation, test } of sets) {
  const epochs = section.by({ smoke: 1, quick: name === "CIFAR-10" ? 5 : 4, paper: 20 });
  const schedule = { epochs, batch: 64, rate: 0.005 };
  const forms = vision.armsOf(train, CLASSES);
  const arms = await vision.measureArms(forms, train, test, validation, schedule, seeds, context);
  for (const { spec } of arms) {
    const one = vision.multiplications(vision.classifierLayers(spec));
    section.spend(6 * one * epochs * train.names.length * seeds.length);
  }
  outcomes.push({ name, arms });
}

// %%
for (const { name, arms } of outcomes) {
  const rows = lab.taskRows(arms.map(({ result }) => result), "right, %");
  await figures.showTable(rows, `Classifiers of ${name}`);
}

// %%
for (const { name, arms } of outcomes) {
  await figures.show(
    figures.lines({
      title: `${name}: what is right against the bytes of the file (mean of ${seeds.length} seeds) · ` +
        `${name}：判对的百分比与文件字节数（${seeds.length} 个种子的均值）`,
      series: lab.taskSeries(arms.map(({ result }) => result)),
      x: { title: "file (bytes)", log: true },
      y: { title: "right (%)" },
      references: [{ label: "by chance", value: 100 / CLASSES }],
    }),
    `Accuracy against bytes, ${name}`,
  );
}

// %%
const wideOf = (arms: readonly vision.Outcome[]) => arms[0]!.result,
  [SHARED, NARROW] = [2, 3] as const;
const shortest = outcomes.map(({ name, arms }) => {
  const best = lab.shortestWithin(wideOf(arms), 1), first = wideOf(arms).points[0]!;
  return { name, best, first, part: best.bytes.mean / first.bytes.mean };
});
await figures.showMarkdown(
  shortest.map(({ name, best, first, part }) =>
    `${name}: the shortest file of the wide classifier that loses at most one point on the validation images is the one of ` +
    `“${best.way}”, ${whole(best.bytes.mean)} B of ${whole(first.bytes.mean)} B (${
      (100 * part).toFixed(1)
    } %), ` +
    `${lab.plusMinus(best.score)} % right of the test images against ${lab.plusMinus(first.score)} %.\n\n` +
    `${name}：宽分类器的文件中，在验证图像上至多损失 1 个百分点的最短者是“${best.way}”，${
      whole(first.bytes.mean)
    } 字节中的 ${whole(best.bytes.mean)}（${(100 * part).toFixed(1)} %）；` +
    `测试图像判对 ${lab.plusMinus(best.score)} %，训练所得的为 ${lab.plusMinus(first.score)} %。`
  ).join("\n\n"),
);

// %% [markdown]
// As expected, codebooks of 32 values cost next to nothing, and zeros that were learnt do better at the same bytes than
// zeros made afterwards; but they are 8.9 and 6.2 points below the wide classifier. Shared layers do about as well as
// it does. On CIFAR-10 no smaller file met the condition, so that “f32”, the file as trained, was chosen.
//
// 与预期相符，32 个取值的码本几乎无损；同样字节数下，学得的置零好于事后置零，但比宽分类器低 8.9 与 6.2 个百分点。
// 共享各层与宽分类器相近。CIFAR-10 上没有更小的文件满足条件，所以选中的是训练所得的文件（f32）。
//
// In the figures, what stands further up and to the left is better. Where a line of the wide classifier lies below that
// of the narrow one at the same bytes, shrinking was worth less than training something small.
//
// ### Multiplications and time · 乘法次数与用时
//
// A codebook shortens the file; the kernels multiply as before. What can lower the computing cost is fewer
// multiplications, and only where kernels leave them out. We count those that the kernels carry out and those that are
// not by 0, and time 64 images, all forms by turns. Each form's accuracy is paired with the wide classifier's, by seed.
//
// 宽分类器的线若在同样字节数处低于窄分类器，压缩就不如直接训练小网络。码本只缩短文件，内核照旧相乘；只有更少的乘法，
// 而且内核真的略过它们，才降低计算成本。这里数内核执行的乘法与其中非零的乘法，并轮流为 64 幅图像计时；
// 准确率按种子与宽分类器成对比较。表列依次为：数据集、形式、增加的百分点（成对）、每幅图像的乘法次数、其中非零的次数与百分比、
// 64 幅图像的毫秒数（中位数）、四分位数。

// %%
const formsOf = (arms: readonly vision.Outcome[]) => {
  const wide = arms[0]!, first = wide.result.points[0]!;
  const trained = arms.map(({ name, spec, models, result }) => ({
    name,
    spec,
    tensors: models[0]!,
    gain: vision.pairedGain(result.points[0]!, first),
    chosenBy: vision.pairedGain(result.points[0]!.choice!, first.choice!),
  }));
  const thin = vision.RANKS.map((rank) => {
    const point = wide.result.points.find(({ way }) => way.startsWith(`rank ${100 * rank} %`))!;
    return {
      name: `wide, rank ${100 * rank} %`,
      spec: wide.spec,
      tensors: vision.inTwo(wide.models[0]!, rank),
      gain: vision.pairedGain(point, first),
      chosenBy: vision.pairedGain(point.choice!, first.choice!),
    };
  });
  return [...trained, ...thin];
};
type Form = ReturnType<typeof formsOf>[number];

// %%
const costs: { set: string; form: Form; notZero: number; carriedOut: number; time: lab.Latency }[] = [];
for (const [i, { name, arms }] of outcomes.entries()) {
  const forms = formsOf(arms), { symbols, names } = sets[i]!.test;
  const some = symbols.subarray(0, 64 * symbols.length / names.length);
  const opened = forms.map(({ spec, tensors }) => vision.openToTime(spec, tensors, some));
  const times = await lab.latencies(
    forms.map((form, k) => ({ name: form.name, run: () => opened[k]!.run() })),
    section.by({ smoke: 3, quick: 25, paper: 100 }),
    context,
  );
  opened.forEach(({ dispose }) => dispose());
  forms.forEach((form, k) => {
    const cost = vision.costOf(vision.classifierLayers(form.spec), form.tensors);
    costs.push({ set: name, form, ...cost, time: times[k]! });
  });
}

// %%
const firstOf = (set: string) => costs.find((cost) => cost.set === set)!;
const milliseconds = (seconds: number) => Number((1000 * seconds).toFixed(2));
await figures.showTable(
  costs.map(({ set, form, notZero, carriedOut, time }) => ({
    set,
    form: form.name,
    "points gained (paired)": lab.plusMinus(form.gain),
    "multiplications an image": carriedOut,
    "not by 0": notZero,
    "not by 0, %": Number((100 * notZero / firstOf(set).notZero).toFixed(1)),
    "64 images, ms (median)": milliseconds(time.seconds),
    "quartiles, ms": `${milliseconds(time.lower)} – ${milliseconds(time.upper)}`,
  })),
  "Multiplications and time",
);

// %% [markdown]
// The zeros that were learnt leave fewer multiplications that count, and the kernels carry out all of them all the
// same: their time is that of the wide classifier. Sharing saves bytes and no multiplication. The narrow classifier is
// the one that is really faster.
//
// ### More interpretable? · 更具可解释性？
//
// A gradient says to which pixels a decision is sensitive, and can be shown as an explanation. If it names what the
// decision depends on, blanking the tenth of the pixels to which it points costs accuracy, and more than blanking as
// many at random. We compare the wide classifier as trained with its sparse relative in a file of 16 values. There is
// no reason in the article why the compressed one should do better, so expect no clear difference.
//
// 学得的零减少了有效的乘法，但内核照乘不误，用时与宽分类器相同；共享省字节，不省乘法；真正更快的是窄分类器。
//
// 梯度指出决策对哪些像素敏感，可以当作解释展示。若它说得对，遮住其所指的十分之一像素，准确率应下降，
// 且降得比遮住同样多的随机像素更多。比较训练所得的宽分类器（as trained）与其 16 个取值的稀疏版本（80 % zeros, 16 values）。
// 文章没有说明压缩后为何应当更好，所以预期没有明显差别。表列依次为：
// 数据集、分类器、遮住梯度所指像素时损失的百分点、遮住随机像素时损失的百分点；
// 图中依次为图像、训练所得分类器的梯度、压缩后的梯度。

// %%
const PART = 0.1, compressedName = "80 % zeros, 16 values";
const looked = section.by({ smoke: 40, quick: 300, paper: 2000 });
const deletionsOf = async ({ spec, models }: vision.Outcome, set: mdl.Dataset, bits?: number) => {
  const found: vision.Deletion[] = [], pictures = vision.picturesOf(set);
  for (const [i, model] of models.entries()) {
    const form = bits ? vision.rounded(model, bits) : model;
    found.push(await vision.deletionOf(spec, form, pictures, PART, seeds[i]!));
  }
  return found;
};
const deletions: { name: string; wide: vision.Deletion[]; compressed: vision.Deletion[] }[] = [];
for (const [i, { name, arms: [wide, zeros] }] of outcomes.entries()) {
  const some = image.take(sets[i]!.test, looked);
  deletions.push({
    name,
    wide: await deletionsOf(wide!, some),
    compressed: await deletionsOf(zeros!, some, 4),
  });
}

// %%
const parts = (own: readonly { pointed: number; random: number }[], which: "pointed" | "random") =>
  lab.intervalOf(own.map((one) => one[which]));
await figures.showTable(
  deletions.flatMap(({ name, wide, compressed }) =>
    [["as trained", wide], [compressedName, compressed]].map(([form, own]) => ({
      set: name,
      classifier: form as string,
      "points lost when its gradient's pixels are blanked": lab.plusMinus(
        parts(own as typeof wide, "pointed"),
      ),
      "when pixels at random are": lab.plusMinus(parts(own as typeof wide, "random")),
    }))
  ),
  "Deletion test",
);

// %%
const [wideArm, zerosArm] = outcomes[0]!.arms, few = 8, size = 28 * 28;
const sample = image.take(sets[0]!.test, few);
const saliency = async (spec: vision.Outcome["spec"], tensors: vision.Outcome["models"][number]) => {
  const map = await vision.saliencyOf(spec, tensors, sample.symbols);
  const most = sample.names.map((_, n) => Math.max(...map.subarray(n * size, (n + 1) * size)));
  const symbols = Uint8Array.from(map, (v, i) => Math.round(255 * v / most[Math.floor(i / size)]!));
  return lab.contactSheet({ ...sample, symbols }, few);
};
await figures.showImages(
  [
    { title: "images · 图像", picture: lab.contactSheet(sample, few) },
    {
      title: "gradient, as trained · 梯度，训练所得",
      picture: await saliency(wideArm!.spec, wideArm!.models[0]!),
    },
    {
      title: `gradient, ${compressedName} · 梯度，80 % 置零，16 个取值`,
      picture: await saliency(zerosArm!.spec, vision.rounded(zerosArm!.models[0]!, 4)),
    },
  ],
  `Where decisions are sensitive, ${outcomes[0]!.name} · 决策对何处敏感`,
  1,
);

// %% [markdown]
// The test says something of a classifier only where its gradient's pixels cost more than pixels at random. The claim
// asks for the difference between the two classifiers, paired by seed. Here the two do not differ beyond their
// intervals, as expected.
//
// 只有当遮住梯度所指的像素比遮住随机像素损失更多时，这项检验才说明问题；论断看的是两个分类器之差，按种子成对。这里差别在区间之内，
// 与预期相符。
//
// ## What a compressor knows of classes · 压缩程序对类别知道多少
//
// ### Features for a linear probe · 线性探针
//
// A program is trained to predict the pixels of Fashion-MNIST and has never seen a label. What its last layer reads,
// averaged over 4×4 parts of the image, goes into a linear classifier; so do the pixels themselves, principal
// components, and, as a control, the same network before it was trained. The probe stops when a held-out part says so.
//
// Expect the features to beat the pixels, and the untrained network to come near: averages of nonlinear functions of
// neighbourhoods are useful before anything is learnt.
//
// 一个程序学过预测 Fashion-MNIST 的像素，从未见过标签。它最后一层的输入在图像的 4×4 个部分上取平均，作为线性分类器的特征；
// 同样处理像素本身、主成分，以及（作为对照）训练之前的同一网络。训练在留出的部分不再改善时停止。预期程序的特征优于像素，
// 而未训练的网络也相近，因为邻域的非线性函数的平均值，什么都没学之前就已有用。图中各行依次为：
// 像素（pixels）、32 与 128 个主成分（principal components）、未训练的网络（untrained）、程序的网络。

// %%
const counts = section.by({
  smoke: { train: 200, test: 100, program: 100 },
  quick: { train: 2000, test: 1000, program: 1000 },
  paper: { train: 20_000, test: 10_000, program: 10_000 },
});
const learnt = image.take(sets[0]!.train, counts.train), tested = image.take(sets[0]!.test, counts.test);
const chainOf = (steps: number) =>
  mdl.pipe(mdl.features({ leastSquares: false }), mdl.sharing(), mdl.compress({ steps, exactly: true }));
const components = reduction.principalComponents(image.take(learnt, 1000));
const probes = new Map<string, number[]>();
const note = (name: string, right: number) => void probes.set(name, [...probes.get(name) ?? [], right]);
const dimensions = section.by({ smoke: [16], quick: [32, 128], paper: [32, 64, 128, 256] });
const CELLS = 4;

// %%
for (const one of seeds) {
  const own = mdl.contextOf(one, { ...context, log: () => {} });
  const { output } = await chainOf(section.by({ smoke: 40, quick: 1000, paper: 10_000 }))
    .run(image.take(learnt, counts.program), own);
  section.spend(output.trained!.flop);
  const model = await mdl.modelOf(output.bytes), before = vision.untrained(model, one);
  const probe = async (
    name: string,
    of: (set: mdl.Dataset) => Promise<ReturnType<typeof article.labelledOf>>,
  ) => note(name, await vision.probeAccuracy(await of(learnt), await of(tested), CLASSES, own));
  await probe("pixels", (set) => Promise.resolve(article.labelledOf(set)));
  for (const d of dimensions) {
    await probe(
      `${d} principal components`,
      (set) => Promise.resolve(vision.componentFeatures(components, set, d)),
    );
  }
  await probe("the network, untrained", (set) => vision.programFeatures(before, set, CELLS));
  await probe("the program's network", (set) => vision.programFeatures(model, set, CELLS));
}

// %%
await figures.show(
  figures.strips({
    title: `A linear probe on ${whole(counts.train)} images of Fashion-MNIST · ` +
      `${whole(counts.train)} 幅 Fashion-MNIST 图像上的线性探针`,
    panels: [{
      title: "right (%)",
      rows: [...probes].map(([label, values]) => ({ label, values })),
    }],
    series: seeds.map((seed) => `seed ${seed}`),
    interval: lab.intervalOf,
    intervalName: lab.intervalName(seeds.length),
  }),
  "Linear probes",
);

// %% [markdown]
// What the trained network has beyond the untrained one is what predicting pixels has taught it of classes; the rest
// comes from the form of the features.
//
// ### Classification by compression alone · 仅凭压缩分类
//
// One program a class, trained on that class's images only. A new image belongs to the class whose program needs the
// fewest bits for it. Nothing was trained to tell classes apart. The nearest neighbour among the same images is what it
// has to compare with.
//
// 训练过的网络比未训练的多出来的部分，是预测像素所教给它的类别知识；其余来自特征的形式。
//
// 每类一个程序，只在该类图像上训练；新图像属于所需比特最少的程序所属的类。没有任何东西是为区分类别而训练的；
// 与同样图像中的最近邻比较。图中每一列是图像的类别（0 至 9：T 恤、裤子、套头衫、连衣裙、外套、凉鞋、衬衫、运动鞋、包、短靴），
// 每一行是程序的类别，颜色是每像素比特数；图下给出最少比特与最近邻的正确率。

// %%
const perClass = section.by({ smoke: 12, quick: 100, paper: 1000 });
const known = image.take(sets[0]!.train, CLASSES * perClass);
const asked = image.take(sets[0]!.test, section.by({ smoke: 20, quick: 300, paper: 2000 }));
const programs = await vision.programsByClass(
  known,
  CLASSES,
  { steps: section.by({ smoke: 30, quick: 500, paper: 6000 }), neighbours: 60 },
  context,
);
const bits = await vision.bitsByClass(programs, asked, context);
const byBits = vision.rightOf(vision.fewestBits(bits), asked.labels!);
const nearest = (await lab.neighboursOf(asked, known, context)).map(({ index }) => known.labels![index]!);
const byNeighbour = vision.rightOf(nearest, asked.labels!);

// %%
const meanBits = programs.flatMap((_, k) =>
  vision.CLOTHES.map((_, label) => {
    const own = [...bits[k]!].filter((_, i) => asked.labels![i] === label);
    return own.reduce((a, b) => a + b, 0) / own.length / 784;
  })
);
await figures.show(
  figures.heatmap({
    title: `Bits a pixel of unseen images (columns: ${
      vision.CLOTHES.join(", ")
    }) under each class's program (rows) · 各类程序（行）下，各类未见图像（列）的每像素比特数`,
    values: meanBits,
    height: CLASSES,
    width: CLASSES,
    unit: "bits/pixel",
    rows: "class of the program",
    columns: "class of the image",
  }),
  "Bits by class",
);

// %%
await figures.showMarkdown(
  `Of ${asked.names.length} unseen images, the fewest bits name the class of ${
    byBits.toFixed(1)
  } %, the nearest neighbour ` +
    `of ${byNeighbour.toFixed(1)} %, both with the same ${
      whole(known.names.length)
    } images to learn from.\n\n` +
    `${asked.names.length} 幅未见图像中，最少比特判对 ${byBits.toFixed(1)} %，最近邻判对 ${
      byNeighbour.toFixed(1)
    } %，两者都从同样的 ${whole(known.names.length)} 幅图像学习。`,
);

// %% [markdown]
// In a column of the figure, the row with the fewest bits is the class that is named; what is confused are clothes of
// one outline.
//
// ## Image generation · 图像生成
//
// The same ten programs draw images, each of its class, by decoding random bits. Whether they are any good, a
// classifier says that has learnt from real images: does it recognise the class? It is asked the same of real test
// images, and of images in which every pixel is drawn by itself from the values that it has in the class: their
// outlines are right and everything else is noise. Expect programs to do worse than that: they know neighbourhoods, and
// no outline.
//
// 图的每一列中，比特最少的一行就是所判的类别；容易混淆的是轮廓相同的服装。
//
// 同样的十个程序解码随机比特，各画本类的图像。画得如何，由在真实图像上训练的分类器来说：它认得出类别吗？
// 同样的问题也用于真实的测试图像，以及每个像素从本类取值中独立抽取的图像（轮廓正确，其余全是噪声）。预期程序更差：
// 它们知道邻域，不知道轮廓。图中左为程序所画，右为逐像素抽取，每类一行；表列为：
// 图像（真实测试图像、程序所画、逐像素抽取）、认出类别的百分比与区间。

// %%
const each = section.by({ smoke: 2, quick: 30, paper: 200 });
const drawn = await vision.drawClasses(programs, each, seed);
const dotted = vision.drawPixels(known, CLASSES, each, seed);
const { spec, models } = outcomes[0]!.arms[0]!;
const recognised = async (set: mdl.Dataset) => {
  const right: number[] = [];
  for (const model of models) {
    const found = await vision.probabilities(spec, model, set.symbols);
    right.push(vision.rightOf(vision.classesOf(found, CLASSES), set.labels!));
  }
  return lab.intervalOf(right);
};
const judged = {
  real: await recognised(sets[0]!.test),
  programs: await recognised(drawn),
  pixels: await recognised(dotted),
};

// %%
const firstFew = (set: mdl.Dataset) =>
  lab.contactSheet(
    lab.select(
      set,
      programs.flatMap((_, k) => Array.from({ length: Math.min(each, 5) }, (_, i) => k * each + i)),
    ),
    5,
  );
await figures.showImages([
  { title: "drawn by programs · 程序所画", picture: firstFew(drawn) },
  { title: "drawn pixel by pixel · 逐像素抽取", picture: firstFew(dotted) },
], "Drawn images, a class every row · 生成的图像，每类一行");

// %%
await figures.showTable(
  [["real test images", judged.real], ["drawn by programs", judged.programs], [
    "drawn pixel by pixel",
    judged.pixels,
  ]].map(([what, right]) => ({
    images: what as string,
    [`class recognised, %; ${lab.intervalName(seeds.length)}`]: lab.plusMinus(right as lab.Interval),
  })),
  "What a classifier recognises",
);

// %% [markdown]
// A texture without an outline and an outline full of noise are both no clothes, and the classifier has learnt from
// neither: it says which of the two is nearer to what it looks at, and not which is the better picture.
//
// 有纹理而无轮廓、有轮廓而满是噪声，都不是衣服，分类器也都没有学过：它只说哪一种更接近它所看的东西，并不说哪幅图更好。
// 程序所画的认出得少，与预期相符。
//
// ## Object detection · 目标检测
//
// Scenes that are composed, and so synthetic: one to three pieces of clothing (five classes, in real pictures of
// Fashion-MNIST) of 14 to 24 pixels on a noisy canvas of 48×48. Things of test scenes are in no training scene. A small
// detector in one look says at each of 6×6 places whether something has its middle there, how large it is, and what.
// Mean average precision asks for class, place and size at once (boxes that overlap by half).
//
// Expect it to suffer from coarse numbers sooner than classifiers: a size is a number, and not the largest of ten.
//
// 场景是合成的：48×48 的噪声背景上有一至三件服装（五类，取自 Fashion-MNIST 的真实图像，大小 14 至 24 像素）；
// 测试场景中的物品不在训练场景里。小型检测器看一次，就在 6×6 个位置上说出是否有物体的中心、多大、是什么。
// 平均精度均值同时要求类别、位置与大小正确（方框重叠过半）。预期它比分类器更怕粗糙的数值：大小是一个数，
// 而不是十个中最大的一个。表列与前面相同，分数为平均精度均值；最后的图中，方框是第一个种子的检测器有一半以上把握的物体，
// 标题是它说出的类别：sandal 凉鞋，boot 短靴，trouser 裤子，T-shirt T 恤，bag 包。

// %%
const KINDS = [0, 1, 5, 8, 9];
const plan = section.by({
  smoke: { scenes: 200, tests: 40, epochs: 1 },
  quick: { scenes: 2000, tests: 300, epochs: 5 },
  paper: { scenes: 20_000, tests: 2000, epochs: 12 },
});
const { train: learntFrom, test: askedOf, validation: chosenBy } = sets[0]!;
const [sceneSet, askedScenes, choiceScenes] = [learntFrom, askedOf, chosenBy].map((set, i) =>
  vision.composeScenes(vision.ofClasses(set, KINDS), i ? plan.tests : plan.scenes, seed + i)
);

// %%
const detector = {
  side: sceneSet!.side,
  channels: 1,
  width: 12,
  depth: 2,
  shared: false,
  classes: KINDS.length,
};
const schedule = { epochs: plan.epochs, batch: 16, rate: 0.006 };
const detectors = await vision.trainNets(
  seeds.map((seed) => ({ kind: "detector", spec: detector, train: sceneSet!, schedule, seed })),
  context,
);
section.spend(
  6 * vision.multiplications(vision.detectorLayers(detector)) * plan.epochs * plan.scenes * seeds.length,
);

// %%
const ways = [{}, ...[8, 7, 6, 5, 4, 3].map((bits) => ({ bits })), { zeros: 0.3, bits: 6 }, {
  zeros: 0.5,
  bits: 6,
}];
const task = vision.detectorTask("detector", detector, detectors, askedScenes!, ways);
const detection = await lab.measureTask({ ...task, validation: choiceScenes! }, seeds, context);
await figures.showTable(lab.taskRows([detection], "mean average precision, %"), "Detectors");

// %%
await figures.show(
  figures.lines({
    title: "Detection in composed scenes: mean average precision against bytes · " +
      "合成场景中的检测：平均精度均值与文件字节数",
    series: lab.taskSeries([detection]),
    x: { title: "file (bytes)", log: true },
    y: { title: "mean average precision (%)" },
  }),
  "Detection against bytes",
);

// %%
const found = await vision.detect(detector, detectors[0]!, askedScenes!);
await figures.showImages(
  [0, 1, 2, 3, 4, 5].map((n) => ({
    title:
      found[n]!.filter(({ score }) => score > 0.5).map(({ label }) => vision.CLOTHES[KINDS[label]!]).join(
        ", ",
      ) ||
      "nothing · 无",
    picture: vision.outlined(askedScenes!, n, found[n]!.filter(({ score }) => score > 0.5)),
  })),
  "Scenes, and what is found in them · 场景，以及在其中找到的物体",
  3,
);

// %% [markdown]
// Outlined is what the detector of the first seed is more than half sure of. Codebooks cost little down to some tens of
// values, and zeros made afterwards cost much, sooner than in classifiers, as expected.
//
// 码本在取值减到几十个之前代价很小，事后置零代价很大；两者都比在分类器中更早变差，与预期相符。
//
// ## A network from a package · 现成的网络
//
// MobileNetV2, 2.6 million numbers, as it comes inside the package nsfwjs: it sorts pictures into drawings, ordinary
// pictures and three kinds that our sets do not hold. It is shipped with 8 bits a number already. With fewer, and
// nothing trained again: on photos, emoji and CIFAR-10 images enlarged to 224×224, how many keep their most probable
// class, and how many bits are its answers away (Kullback–Leibler)? Most pictures are ordinary, so that a broken
// network that always says so agrees with most; the divergence tells. A file is chosen by every other picture, and
// judged by those between.
//
// The second series leaves those kernels at 8 bits that few numbers make: each channel's own, and those behind which
// nothing is cut off. Expect the network to need them.
//
// 现成的网络 MobileNetV2 有 260 万个数，来自 nsfwjs 包：它把图像分为绘画、普通图像和我们的数据集中没有的三类，
// 发布时每个数已只有 8 比特。不再训练，逐步减少比特数：在照片、表情符号和放大到 224×224 的 CIFAR-10 图像上，
// 多少图像保持最可能的类别，输出相差多少比特（Kullback–Leibler 散度）？大多数图像是普通图像，
// 所以一个坏掉、总说“普通”的网络也与大多数一致，散度才看得出来。文件在一半图像上选定，在另一半上判定。
// 第二组让少数敏感的卷积核（由很少的数构成，或其后没有截断）保持 8 比特（256 values），预期网络需要它们。表列依次为：
// 文件、字节数、占发布版的百分比、类别不变的百分比、散度（比特）；图例为：
// 所有卷积核一样（all kernels alike）、敏感的卷积核保持 256 个取值。

// %%
const pretrained = await vision.loadPretrained(context);
const several = section.by({ smoke: 2, quick: 10, paper: 300 });
const everywhere = async (name: string, from: number) => {
  const set = section.use(await mdl.loadDataset(name, { ...context, take: from }));
  return vision.enlarged(lab.select(set, lab.spread(set, several)));
};
const pieces = [
  await everywhere("photos", section.by({ smoke: 20, quick: 200, paper: 1000 })),
  await everywhere("emoji", section.by({ smoke: 20, quick: 100, paper: 1870 })),
  vision.enlarged(image.take(sets[1]!.test, several)),
];
const pictures = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
const original = vision.fileOf(pretrained, 0, false);
const answers = await vision.answersOf(pretrained, original, pictures);

// %%
const kinds = vision.PRETRAINED_CLASSES.length, top = vision.classesOf(answers, kinds);
const commonest = Math.max(...vision.PRETRAINED_CLASSES.map((_, k) => top.filter((own) => own === k).length));
const halfOf = (rows: Float32Array, odd: number) => rows.filter((_, i) => Math.floor(i / kinds) % 2 === odd);
type Changed = {
  way: string;
  careful: boolean;
  bytes: number;
  agreeing: number;
  divergence: number;
  chosenBy: number;
};

// %%
const changes: Changed[] = [];
for (const careful of [false, true]) {
  for (const bits of section.by({ smoke: [4], quick: [8, 6, 5, 4, 3], paper: [8, 7, 6, 5, 4, 3, 2] })) {
    const file = vision.fileOf(pretrained, bits, careful);
    const other = await vision.answersOf(pretrained, file, pictures);
    const [chosen, change] = [0, 1].map((odd) =>
      vision.changeOf(halfOf(answers, odd), halfOf(other, odd), kinds)
    );
    const way = `${2 ** bits} values${careful ? ", 256 in sensitive kernels" : ""}`;
    const chosenBy = chosen!.divergence;
    if (bits < 8 || !careful) changes.push({ way, careful, bytes: file.length, ...change!, chosenBy });
  }
}
await figures.showTable(
  changes.map(({ way, bytes, agreeing, divergence }) => ({
    file: way,
    bytes,
    "of what was shipped, %": Number((100 * bytes / pretrained.shipped).toFixed(1)),
    "same class, %": Number(agreeing.toFixed(1)),
    "divergence, bits": Number(divergence.toFixed(3)),
  })),
  "A network from a package with fewer bits",
);

// %%
await figures.show(
  figures.lines({
    title: `MobileNetV2 without retraining: ${top.length} pictures; always the same answer would agree in ${
      (100 * commonest / top.length).toFixed(0)
    } % · MobileNetV2，不再训练：${top.length} 幅图像；总给同一答案也有 ${
      (100 * commonest / top.length).toFixed(0)
    } % 一致`,
    series: [false, true].map((which) => {
      const own = changes.filter(({ careful }) => careful === which);
      return {
        name: which ? "sensitive kernels with 256 values" : "all kernels alike",
        x: own.map(({ bytes }) => bytes),
        y: own.map(({ divergence }) => divergence),
      };
    }),
    x: { title: `file (bytes; shipped ${whole(pretrained.shipped)})` },
    y: { title: "divergence of its answers (bits)" },
  }),
  "Answers against bytes",
);

// %% [markdown]
// The sensitive kernels do need their values: with them the answers change far less at about as many bytes. A network
// that is small by design has less to spare than one that is wide for its task: compare what as many values a kernel
// cost here with what they cost the classifiers above.
//
// 敏感的卷积核确实需要更多取值：保留它们，字节数相近时输出变化小得多。一个本来就小的网络，比对其任务来说过宽的网络更没有余地：
// 请把同样的取值个数在这里与在上面分类器中的代价相比。
//
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured.
//
// 上面写明的论断，与所测得的结果。

// %%
const onSets = (holds: readonly boolean[]) => lab.verdictOf(holds.every(Boolean), holds.some(Boolean));
const percent = (part: number, digits = 0) => `${(100 * part).toFixed(digits)} %`;
section.judge("smaller", {
  verdict: onSets(shortest.map(({ best, part }) => part <= 1 / 8 && lab.keeps(best, 1))),
  edge: nearAny(shortest.map(({ best }) => best.loss), 1),
  measured: lab.measuredOfEach(
    shortest,
    ({ name, best, part, first }) =>
      `${name}: “${best.way}”, ${whole(best.bytes.mean)} B, ${percent(part, 1)} of ${
        whole(first.bytes.mean)
      } B, lost ${lab.plusMinus(best.loss, 2)} points`,
    ({ name, best, part, first }) =>
      `${name}：“${best.way}”，${whole(best.bytes.mean)} 字节，为 ${whole(first.bytes.mean)} 字节的 ${
        percent(part, 1)
      }，损失 ${lab.plusMinus(best.loss, 2)} 个百分点`,
  ),
  numbers: Object.fromEntries(shortest.flatMap(({ name, part, first }) => [
    [`${name}, part of the bytes`, part],
    [`${name}, right, %`, first.score],
  ])),
});

// %%
const cheap = outcomes.map(({ name }) => {
  const first = firstOf(name), own = costs.filter(({ set, form }) => set === name && form.name !== "narrow");
  const kept = own.filter(({ form }) => above(form.chosenBy, -1) || form.name === "wide");
  const part = ({ notZero }: typeof first) => notZero / first.notZero;
  const times = ({ time }: typeof first) => time.seconds / first.time.seconds;
  const good = ({ form }: typeof first) => above(form.gain, -1) || form.name === "wide";
  const fewest = kept.toSorted((a, b) => a.notZero - b.notZero)[0]!;
  return {
    name,
    form: fewest.form.name === "wide" ? undefined : fewest.form,
    part: part(fewest),
    time: times(fewest),
    both: kept.some((cost) => good(cost) && part(cost) <= 0.5 && times(cost) <= 0.5),
    few: good(fewest) && part(fewest) <= 0.5,
  };
});

// %%
section.judge("cheaper", {
  verdict: lab.verdictOf(cheap.every(({ both }) => both), cheap.every(({ few }) => few)),
  edge: nearAny(cheap.flatMap(({ form }) => form?.gain ?? []), -1),
  measured: lab.measuredOfEach(
    cheap,
    ({ name, form, part, time }) =>
      form
        ? `${name}: chosen is “${form.name}”, ${percent(part)} of the multiplications that are not by 0, in ${
          percent(time)
        } of the time, ${lab.plusMinus(form.gain, 1, true)} points`
        : `${name}: no compressed form within a point on the validation images needs fewer multiplications`,
    ({ name, form, part, time }) =>
      form
        ? `${name}：选定“${form.name}”，非零乘法 ${percent(part)}，用时 ${percent(time)}，${
          lab.plusMinus(form.gain, 1, true)
        } 个百分点`
        : `${name}：在验证图像上只差一个百分点以内的压缩形式，乘法都不更少`,
  ),
  numbers: Object.fromEntries(
    cheap.flatMap(({ name, part, time }) => [[`${name}, multiplications`, part], [`${name}, time`, time]]),
  ),
});

// %%
const sharedGains = outcomes.map(({ name, arms }) => ({
  name,
  gain: vision.pairedGain(arms[SHARED]!.result.points[0]!, wideOf(arms).points[0]!),
  part: arms[SHARED]!.result.points[0]!.bytes.mean / wideOf(arms).points[0]!.bytes.mean,
}));
section.judge("shared", {
  verdict: onSets(sharedGains.map(({ gain }) => above(gain, -1))),
  edge: nearAny(sharedGains.map(({ gain }) => gain), -1),
  measured: lab.measuredOfEach(
    sharedGains,
    ({ name, gain, part }) =>
      `${name}: ${lab.plusMinus(gain, 2, true)} points with ${percent(part)} of the bytes`,
    ({ name, gain, part }) => `${name}：字节数 ${percent(part)}，${lab.plusMinus(gain, 2, true)} 个百分点`,
  ),
  numbers: Object.fromEntries(sharedGains.map(({ name, gain }) => [`${name}, points`, gain])),
});

// %%
const large = outcomes.map(({ name, arms }) => {
  const small = lab.shortestWithin(arms[NARROW]!.result, 1);
  const fitting = arms.filter((_, i) =>
    i !== NARROW
  ).flatMap(({ name, result }) =>
    result.points.filter(({ bytes }) => bytes.mean <= small.bytes.mean).map((point) => ({ ...point, name }))
  ).toSorted((a, b) => lab.intervalOf(b.choice!.scores).mean - lab.intervalOf(a.choice!.scores).mean)[0];
  const gain = fitting && vision.pairedGain(fitting, small);
  return { name, small, fitting, gain };
});

// %%
section.judge("large", {
  verdict: onSets(large.map(({ gain }) => gain !== undefined && above(gain, 0))),
  edge: nearAny(large.flatMap(({ gain }) => gain ?? []), 0),
  measured: lab.measuredOfEach(
    large,
    ({ name, small, fitting }) =>
      `${name}: in at most ${whole(small.bytes.mean)} B the narrow one is ${
        lab.plusMinus(small.score)
      } % right, ${
        fitting ? `“${fitting.name}”, ${fitting.way}, ${lab.plusMinus(fitting.score)} %` : "no other fits"
      }`,
    ({ name, small, fitting }) =>
      `${name}：至多 ${whole(small.bytes.mean)} 字节时，窄的判对 ${lab.plusMinus(small.score)} %，${
        fitting ? `“${fitting.name}”（${fitting.way}）${lab.plusMinus(fitting.score)} %` : "其他形式都放不下"
      }`,
  ),
  numbers: Object.fromEntries(large.flatMap(({ name, gain }) => gain ? [[`${name}, points`, gain]] : [])),
});

// %%
const program = probes.get("the program's network")!, control = "the network, untrained";
const rivals = [...probes].filter(([name]) => name !== "the program's network");
const ahead = rivals.map(([name, values]) => ({
  name,
  gain: lab.intervalOf(program.map((v, i) => v - values[i]!)),
}));
const inChinese = (name: string) =>
  name === control
    ? "未训练的网络"
    : name.replace("pixels", "像素").replace("principal components", "个主成分");
const gainsOver = {
  en: ahead.map(({ name, gain }) => `${name} ${lab.plusMinus(gain, 1, true)}`).join(", "),
  zh: ahead.map(({ name, gain }) => `${inChinese(name)} ${lab.plusMinus(gain, 1, true)}`).join("，"),
};

// %%
section.judge("features", {
  verdict: lab.verdictOf(
    ahead.every(({ gain }) => above(gain, 0)),
    ahead.every(({ name, gain }) => name === control || gain.mean > 0),
  ),
  edge: nearAny(ahead.map(({ gain }) => gain), 0),
  measured: {
    en: `${
      lab.plusMinus(lab.intervalOf(program))
    } % right on the program's features, against ${gainsOver.en}`,
    zh: `程序特征上判对 ${lab.plusMinus(lab.intervalOf(program))} %，与其他相比（百分点）：${gainsOver.zh}`,
  },
  numbers: Object.fromEntries(ahead.map(({ name, gain }) => [name, gain])),
});

// %%
const hits = (classes: readonly number[]) => classes.map((own, i) => own === asked.labels![i] ? 100 : 0);
const [ownHits, nearHits] = [hits([...vision.fewestBits(bits)]), hits(nearest)];
const behind = lab.intervalOf(ownHits.map((hit, i) => hit - nearHits[i]!)),
  rightShare = lab.intervalOf(ownHits);
section.judge("recognises", {
  verdict: lab.verdictOf(above(behind, -2), above(rightShare, 50)),
  edge: lab.onEdge(behind, -2) || lab.onEdge(rightShare, 50),
  measured: {
    en: `fewest bits ${lab.plusMinus(rightShare)} % right, nearest neighbour ${
      byNeighbour.toFixed(1)
    } %, difference ${lab.plusMinus(behind, 1, true)} points (95 % over images)`,
    zh: `最少比特判对 ${lab.plusMinus(rightShare)} %，最近邻 ${byNeighbour.toFixed(1)} %，相差 ${
      lab.plusMinus(behind, 1, true)
    } 个百分点（图像间的 95 % 区间）`,
  },
  numbers: { "fewest bits, %": rightShare, "less nearest neighbour, points": behind },
});

// %%
const [byPrograms, ofReal, byPixels] = [judged.programs, judged.real, judged.pixels].map((one) =>
  `${lab.plusMinus(one)} %`
);
section.judge("generates", {
  verdict: lab.verdictOf(
    judged.programs.mean >= 0.75 * judged.real.mean && judged.programs.mean > judged.pixels.mean,
    judged.programs.mean >= 3 * 100 / CLASSES,
  ),
  measured: {
    en: `recognised: ${byPrograms} of what programs draw, ${ofReal} of real images, ${byPixels} of what is ` +
      "drawn pixel by pixel",
    zh: `被识别的比例：程序所画 ${byPrograms}，真实图像 ${ofReal}，逐像素所画 ${byPixels}`,
  },
  numbers: { "programs, %": judged.programs, "real, %": judged.real, "pixel by pixel, %": judged.pixels },
});

// %%
const compact = lab.shortestWithin(detection, 2), uncut = detection.points[0]!;
const share = compact.bytes.mean / uncut.bytes.mean, usable = above(uncut.score, 50) && lab.keeps(compact, 2);
const [asTrained, afterwards] = [uncut, compact].map(({ score }) => `${lab.plusMinus(score)} %`);
section.judge("detects", {
  verdict: lab.verdictOf(usable && share <= 1 / 8, usable && share <= 1 / 4),
  edge: lab.onEdge(compact.loss, 2) || lab.onEdge(uncut.score, 50),
  measured: {
    en: `${asTrained} with ${whole(uncut.bytes.mean)} B; ${compact.way}: ${afterwards} with ${
      whole(compact.bytes.mean)
    } B (${percent(share, 1)})`,
    zh: `${whole(uncut.bytes.mean)} 字节时 ${asTrained}；“${compact.way}”：${
      whole(compact.bytes.mean)
    } 字节（${percent(share, 1)}），${afterwards}`,
  },
  numbers: { "mean average precision, %": uncut.score, "part of the bytes": share },
});

// %%
const shortEnough = changes.filter(({ bytes }) => bytes <= 0.75 * pretrained.shipped);
const truest = shortEnough.toSorted((a, b) => a.chosenBy - b.chosenBy)[0];
const within = (agreeing: number, divergence: number) =>
  truest !== undefined && truest.agreeing >= agreeing && truest.divergence <= divergence;
section.judge("pretrained", {
  verdict: lab.verdictOf(within(95, 0.05), within(90, 0.2)),
  measured: truest
    ? {
      en: `${truest.way}: ${whole(truest.bytes)} B of ${whole(pretrained.shipped)} B, same class in ${
        truest.agreeing.toFixed(1)
      } %, ${truest.divergence.toFixed(3)} bits away`,
      zh: `“${truest.way}”：${whole(truest.bytes)} 字节（原 ${whole(pretrained.shipped)}），类别相同 ${
        truest.agreeing.toFixed(1)
      } %，相差 ${truest.divergence.toFixed(3)} 比特`,
    }
    : { en: "no file is short enough", zh: "没有足够短的文件" },
  numbers: truest ? { "same class, %": truest.agreeing, "divergence, bits": truest.divergence } : {},
});

// %%
const clearer = deletions.map(({ name, wide, compressed }) => ({
  name,
  gain: lab.intervalOf(compressed.map((own, i) => own.pointed - wide[i]!.pointed)),
}));
section.judge("interpretable", {
  verdict: onSets(clearer.map(({ gain }) => above(gain, 0))),
  edge: nearAny(clearer.map(({ gain }) => gain), 0),
  measured: lab.measuredOfEach(
    clearer,
    ({ name, gain }) =>
      `${name}: points lost, less those of the one as trained: ${lab.plusMinus(gain, 1, true)}`,
    ({ name, gain }) => `${name}：损失的百分点减去原分类器的：${lab.plusMinus(gain, 1, true)}`,
  ),
  numbers: Object.fromEntries(clearer.map(({ name, gain }) => [`${name}, points`, gain])),
});

// %%
await section.close();
