// %% [markdown]
// # 8. Outlook: trends and challenges · 总结：未来发展趋势与挑战
//
// The article sums up (8.1), looks ahead (8.2, 8.4) and names three open problems (8.3): how compressed models can
// generalise better, how compression can cost less computation, and how the quality of compressed data can be kept. Here
// each is measured, and “ahead” is an extrapolation with its interval, tested on a point that it did not see. The fields
// that 8.2 hopes for, driving and medicine, are not tested here.
//
// You will see: bytes an image against the number of images, and where the curves lead; models on images that they have
// not seen; what a saved byte costs in FLOP and seconds; data that are kept exactly, or refused; and at the end the
// verdicts of the other sections in one table, with all programs of the same photos in another. Three claims are
// judged; cost and quality are shown: seconds that were taken once decide nothing, and a program that lost anything
// would have stopped the notebook. What sums up (8.1) stands at the end. Terms are in the [glossary](glossary.md).
//
// 中文：本节把文章第 8 节的三个挑战变成测量：泛化（见过与未见过的图像每像素各需多少比特）、
// 计算成本（每节省一个字节要多少次浮点运算、多少秒）、质量（数据逐位还原；损坏的程序能否被发现）；
// “未来趋势”是带 95 % 预测区间的外推，并用未参与拟合的点检验；最后汇总本次运行中其余各节的判定。只判定三条论断；
// 成本与质量只作展示：单次计时不足以判定，而丢失数据的程序会使笔记本中止。总结（8.1）放在最后。
// 文章 8.2 提到的自动驾驶与医疗诊断在此不作检验。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about two
// minutes on two cores, `paper` perhaps half an hour (estimated, not yet run). The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上约两分钟，`paper` 估计约半小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as study from "experiments/programs/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// The curve of section 8.2 comes from a command that takes the better part of ten minutes, `deno task scale --preset
// quick` (with `paper`: up to 50,000 images). Its results come with the project, by their SHA-256; those of this
// notebook's preset are taken where there are such, else those of `quick`, and a verdict that was read from them says
// so.
//
// What counts as a success is said before anything is measured here. The curve existed when its claims (`moreData` and
// `ahead`) were written down: for the results of `quick` they describe, for those of `paper` they predict.
//
// 8.2 的曲线来自耗时近十分钟的命令 `deno task scale --preset quick`（`paper` 多至 50,000 幅图像），其结果随项目提供；
// 有本笔记本预设的就用它，否则用 `quick` 的，由它得出的判定会注明“读自存储的结果”。
//
// 测量之前先写明每条论断及其成立的标准。写下 8.2 的两条论断时，`quick` 的曲线已经有了：对 `quick` 的结果它们是描述，
// 对 `paper` 的结果才是预测。

// %%
const section = await lab.openSection("08_outlook", settings, claims["08_outlook"]);

// %%
const { context, preset } = section;

// %% [markdown]
// ## 8.2 (1) More data · 未来发展趋势：更多数据
//
// CIFAR-10 in gray, the first n images; raw 1,024 bytes each. Ours is the whole program, decoder and weights included:
// for few images these dominate, and the general codecs, which bring their knowledge with them uncounted, are ahead.
// Expect our curve to fall below theirs, and then to flatten: what the model could learn is learnt, the rest is the
// images' own.
//
// CIFAR-10 灰度图的前 n 幅，原始每幅 1,024 字节。我们的数字是整个程序，含解码器与权重：图像少时它们占大头，
// 通用编解码器自带知识而不计入，所以领先。预期：图像增多，我们的曲线降到它们之下，然后趋于平缓：能学的都学到了，
// 剩下的是每幅图像自己的。表列依次为：图像数、MDLab 与 xz、WebP、JPEG XL 每幅图像的字节数、我们的模型（stored 为原样存储，
// width 为宽度，parameters 为参数个数）。

// %%
const { results: scale, stored } = await article.shippedResults<article.ScaleResults>("scale", preset);
const OURS = "MDLab", codecs = [...new Set(scale.points.map(({ codec }) => codec))];
const pointsOf = (codec: string) => scale.points.filter((point) => point.codec === codec);
await figures.showTable(
  pointsOf(OURS).map(({ count, how }) => ({
    images: count,
    ...Object.fromEntries(codecs.map((codec) => {
      const point = pointsOf(codec).find((one) => one.count === count);
      return [`${codec}, bytes an image`, point && Number((point.bytes / count).toFixed(1))];
    })),
    "our model": how,
  })),
  "Bytes an image",
);

// %%
const curve = pointsOf(OURS).map(({ bytes, count }) => bytes / count);
const [fewestImages, mostImages] = [pointsOf(OURS)[0]!.count, pointsOf(OURS).at(-1)!.count];
const rises = curve.slice(1).filter((each, i) => each >= curve[i]!).length;

// %%
const ends = `${curve[0]!.toFixed(1)}, ${curve.at(-1)!.toFixed(1)}`;
section.judge("moreData", {
  verdict: lab.verdictOf(rises === 0, curve.at(-1)! < curve[0]!),
  measured: {
    en:
      `bytes an image for ${fewestImages} and ${
        mostImages.toLocaleString("en")
      } images: ${ends}; it rises at ` +
      `${rises} of ${curve.length - 1} steps`,
    zh: `${fewestImages} 幅与 ${mostImages.toLocaleString("en")} 幅时每幅的字节数：${ends}；${
      curve.length - 1
    } 步中有 ${rises} 步上升`,
  },
  numbers: { "fewest, bytes": curve[0]!, "most, bytes": curve.at(-1)!, rises },
  stored,
});
const before = pointsOf(OURS).at(-3)!.count, less = (100 * (1 - curve.at(-1)! / curve.at(-3)!)).toFixed(1);
await figures.showMarkdown(
  `From ${before.toLocaleString("en")} images to ${
    mostImages.toLocaleString("en")
  } an image's bytes fall by ${less} %: the curve flattens, as expected.\n\n从 ${
    before.toLocaleString("en")
  } 幅到 ${mostImages.toLocaleString("en")} 幅，每幅图像只再节省 ${less} %：曲线如预期趋于平缓。`,
);

// %% [markdown]
// ## 8.2 (2), 8.4 Ahead · 未来发展趋势与研究展望：外推
//
// A law for the curve: bytes an image = a + b·n^(−c). What is paid once falls as 1/n, what is learnt falls more slowly;
// one power stands for both, `a` for what an image costs for ever more images. The numbers of images at which data were
// stored (no model paid) are left out. First the test: fit to all but the largest number, predict that one. An interval
// that holds it is no proof; one that does not would be a refutation.
//
// 曲线的规律：每幅图像的字节数 = a + b·n^(−c)。只付一次的按 1/n 下降，学得的下降较慢，用一个幂代表两者；
// a 是图像无限多时一幅的代价。原样存储（模型得不偿失）的那些图像数不参加拟合。先作检验：用除最大一点以外的各点拟合，
// 再预测该点；落在区间内不算证明，落在区间外则是反驳。表列依次为：
// 编解码器、留出的图像数、实测、预测（每幅字节数）、95 % 预测区间、是否在内（yes 是）。

// %%
const modelled = new Set(pointsOf(OURS).filter(({ how }) => how !== "stored").map(({ count }) => count));
const sizesOf = (codec: string) => pointsOf(codec).filter(({ count }) => modelled.has(count));
const fitted = codecs.filter((codec) => sizesOf(codec).length === modelled.size);
const tests = fitted.map((codec) => ({ codec, ...study.holdOut(sizesOf(codec)) }));
await figures.showTable(
  tests.map(({ codec, count, measured, predicted, inside }) => ({
    codec,
    "images, held out": count,
    "measured, bytes an image": Number(measured.toFixed(1)),
    "predicted": Number(predicted.value.toFixed(1)),
    "95 % interval": `${predicted.low.toFixed(1)} … ${predicted.high.toFixed(1)}`,
    "inside": inside ? "yes" : "no",
  })),
  "Held out",
);

// %%
const said = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${value.toFixed(1)} (${low.toFixed(1)} … ${high.toFixed(1)})`;
const ownTest = tests.find(({ codec }) => codec === OURS)!, held = tests.filter(({ inside }) => inside);
section.judge("ahead", {
  verdict: lab.verdictOf(held.length === tests.length, ownTest.inside),
  measured: {
    en: `${held.length} of ${tests.length} held-out points inside; ours: ${
      ownTest.measured.toFixed(1)
    } measured, ${said(ownTest.predicted)} predicted`,
    zh: `${tests.length} 个未参与拟合的点中有 ${held.length} 个在区间内；我们的实测 ${
      ownTest.measured.toFixed(1)
    }，预测 ${said(ownTest.predicted)}`,
  },
  numbers: { inside: held.length, measured: ownTest.measured, predicted: ownTest.predicted.value },
  stored,
});
const width = Math.max(...tests.map(({ predicted }) => (predicted.high - predicted.low) / predicted.value));
await figures.showMarkdown(
  `The widest interval spans ${
    (100 * width).toFixed(0)
  } % of its prediction: a law of three numbers, fitted to ` +
    `${modelled.size - 1} points, is not easily refuted.\n\n最宽的区间占预测值的 ${
      (100 * width).toFixed(0)
    } %：三个参数的规律拟合 ${modelled.size - 1} 个点，不易被反驳。`,
);

// %% [markdown]
// Then the law of all numbers, carried on to a million images. The bands are 95 % prediction intervals (Student's t
// over the few points there are, to first order in a, b and c). They do not know what the law does not: a wider network
// at larger n, a schedule that no longer sees every image. Expect lines that hardly fall any more, and bands that grow.
//
// 再用全部点拟合，外推到一百万幅图像；阴影为 95 % 预测区间（点很少，用 t 分布，对 a、b、c 取一阶近似）。
// 它们不知道规律所不知道的：图像更多时更宽的网络，或不再看遍所有图像的训练。预期各线几乎不再下降，阴影变宽。表列依次为：
// 编解码器、a、b、c、在 50,000 幅与一百万幅时的值与区间。图中的点为实测，虚线为拟合的规律。

// %%
const FAR = 1e6, laws = new Map(fitted.map((codec) => [codec, study.fitPowerLaw(sizesOf(codec))]));
const least = Math.min(...modelled);
const along = Array.from({ length: 40 }, (_, i) => least * (FAR / least) ** (i / 39));

// %%
await figures.show(
  figures.fits({
    title: "Bytes an image, and where the law a + b·n^(−c) leads (bands: 95 % prediction intervals) · " +
      "每幅图像的字节数，与规律 a + b·n^(−c) 的走向（阴影：95 % 预测区间）",
    series: fitted.map((codec) => {
      const ahead = along.map((count) => study.extrapolate(laws.get(codec)!, count));
      return {
        name: codec,
        x: sizesOf(codec).map(({ count }) => count),
        y: sizesOf(codec).map(({ bytes, count }) => bytes / count),
        fit: {
          x: along,
          y: ahead.map(({ value }) => value),
          low: ahead.map(({ low }) => low),
          high: ahead.map(({ high }) => high),
        },
      };
    }),
    x: { title: "number of images", log: true, format: "~s" },
    y: { title: "size (bytes an image)" },
  }),
  "Extrapolation",
);

// %%
await figures.showTable(
  fitted.map((codec) => {
    const law = laws.get(codec)!;
    return {
      codec,
      "a, bytes": Number(law.a.toFixed(1)),
      b: Number(law.b.toFixed(0)),
      c: Number(law.c.toFixed(3)),
      "at 50,000": said(study.extrapolate(law, 50_000)),
      "at 1,000,000": said(study.extrapolate(law, FAR)),
    };
  }),
  "Laws",
);
const ownLaw = laws.get(OURS)!, rival = laws.get("JPEG XL");
await figures.showMarkdown(
  `By the law a million images would cost ${study.extrapolate(ownLaw, FAR).value.toFixed(1)} bytes each${
    rival ? `, JPEG XL's ${study.extrapolate(rival, FAR).value.toFixed(1)}` : ""
  }: more images of this kind help little from here on; what could help is a model that grows with them.\n\n` +
    `按此规律，一百万幅图像时每幅 ${
      study.extrapolate(ownLaw, FAR).value.toFixed(1)
    } 字节：再增加同类图像帮助不大，需要模型随之增大。`,
);

// %% [markdown]
// From which number of images on is the program the shorter one? As measured (interpolated between two numbers), and by
// the laws, with the range in which the intervals overlap. “Never certain” means that the codec's own interval is too
// wide to say.
//
// 从多少幅图像起程序更短？一是实测（在两个图像数之间插值），二是按规律，并给出区间重叠的范围。
// “never certain”指对方的区间太宽，不能断定。表列依次为：短于何者、实测从多少幅起、按规律从多少幅起、最早、确定从多少幅起。

// %%
const images = (count: number | null) =>
  count === null ? "never certain" : Math.round(count).toLocaleString("en");
const bands = fitted.filter((codec) => codec !== OURS).map((codec) => ({
  codec,
  measured: scale.crossings.find((one) => one.codec === codec)!,
  ...study.crossingBand(laws.get(OURS)!, laws.get(codec)!, least, FAR),
}));
await figures.showTable(
  bands.map(({ codec, measured, at, earliest, latest }) => ({
    "shorter than": codec,
    "measured, from": "at" in measured ? Math.round(measured.at) : undefined,
    "by the laws, from": at === null ? "never" : images(at),
    "at the earliest": images(earliest),
    "certainly from": images(latest),
  })),
  "Crossings",
);

// %% [markdown]
// ## 8.3 (1) Generalisation · 面临的挑战：泛化能力
//
// What is varied here is the number of images, and not how much a model is compressed (3.3 and 6.1 do that): the claim
// is that a program that compresses many images compresses others as well. Programs of n images drawn at random from
// CIFAR-10's training images, several seeds; then the same model on test images that it has not seen. Equal training
// steps for all; no local fit, which would adapt to the new images: what the model knows stands in its weights. How
// hard the images happen to be is taken off: both sets are also measured under a reference that was trained on other
// images altogether.
//
// Expect a model of few images to know them by heart (a large gap), and the gap to close as n grows: with far more
// pixels than parameters, what describes the seen images best has to be what images have in common.
//
// 这里变化的是图像数，而不是模型压缩的程度（那见 3.3 与 6.1）：论断是，压缩了许多图像的程序，压缩其他图像同样好。
// 从 CIFAR-10 的训练图像中随机抽取 n 幅，若干种子，各得一个程序；再用同一模型编码未见过的测试图像。训练步数都相同；
// 不用会适应新图像的局部线性拟合，模型所知都在权重里。图像碰巧难易不同，这一差别由另一批图像上训练的参照模型来扣除。
//
// 预期：图像少时模型把它们背下来（差距大），图像增多则差距消失：像素远多于参数时，最能描述见过的图像的，只能是图像的共性。
// 图例：seen 见过的，unseen 未见的；虚线是其他编解码器在未见图像上的结果；第二幅图是扣除难易之后未见图像多出的代价。

// %%
const plan = section.by({
  smoke: { counts: [5, 20], seeds: [1, 2], steps: 300, width: 16, reference: 20 },
  quick: {
    counts: [10, 30, 100, 300, 1000],
    seeds: [1, 2, 3, 4, 5],
    steps: 1500,
    width: 48,
    reference: 1000,
  },
  paper: {
    counts: [10, 30, 100, 300, 1000, 3000],
    seeds: [1, 2, 3, 4, 5],
    steps: 60_000,
    width: 48,
    reference: 3000,
  },
});
const gray = { gray: true } as const;
const pool = mdl.transform(
  await mdl.loadDataset("cifar10", {
    ...context,
    take: section.by({ smoke: 50, quick: 4000, paper: 10_000 }),
  }),
  gray,
);

// %%
const fresh = await mdl.loadDataset("S1", {
  ...context,
  take: section.by({ smoke: 10, quick: 200, paper: 1000 }),
});
section.use(pool);
section.use(fresh);
const seeds = plan.seeds.map((seed) => section.seed + seed - 1);
const { points, flop, program, data } = await study.measureGeneralisation(
  pool,
  fresh,
  { ...plan, seeds },
  context,
);
section.spend(flop);

// %%
const baselines = await lab.measureBaselines(fresh, {
  ...context,
  effort: "quick",
  only: ["xz", "WebP", "JPEG XL"],
});
const rates = new Map(baselines.map(({ codec, bytes }) => [codec, 8 * bytes / fresh.symbols.length]));
const perCount = plan.counts.map((count) => {
  const here = points.filter((point) => point.count === count);
  const of = (field: "seen" | "unseen" | "gap") => lab.intervalOf(here.map((point) => point[field]));
  return { count, seen: of("seen"), unseen: of("unseen"), gap: of("gap") };
});
const plusMinus = (interval: lab.Interval) => lab.plusMinus(interval, 3);
await figures.showTable(
  perCount.map(({ count, seen, unseen, gap }) => ({
    "training images": count,
    "seen, bits/pixel": plusMinus(seen),
    "unseen, bits/pixel": plusMinus(unseen),
    "gap, bits/pixel": plusMinus(gap),
    "gap, % of seen": Number((100 * gap.mean / seen.mean).toFixed(2)),
  })),
  "Seen and unseen",
);

// %%
await figures.show(
  figures.lines({
    title: `Bits a pixel of seen and unseen images (mean of ${seeds.length} seeds) · ` +
      `见过与未见的图像每像素的比特数（${seeds.length} 个种子的均值）`,
    series: [
      { name: "seen", x: plan.counts, y: perCount.map(({ seen }) => seen.mean) },
      { name: "unseen", x: plan.counts, y: perCount.map(({ unseen }) => unseen.mean) },
    ],
    x: { title: "training images", log: true },
    y: { title: "code length (bits/pixel)" },
    references: [...rates].map(([codec, rate]) => ({ label: `${codec}, the unseen images`, value: rate })),
  }),
  "Generalisation",
);

// %%
await figures.show(
  figures.strips({
    title: "What unseen images cost more, their hardness taken off · 扣除难易之后，未见图像多出的代价",
    panels: [{
      title: "gap (thousandths of a bit a pixel)",
      rows: plan.counts.map((count) => ({
        label: `${count} images`,
        values: points.filter((point) => point.count === count).map(({ gap }) => 1000 * gap),
      })),
    }],
    series: seeds.map((seed) => `seed ${seed}`),
    interval: lab.intervalOf,
    intervalName: `mean, ${lab.intervalName(seeds.length)}`,
  }),
  "Gap by seed",
);

// %%
const { gap, seen, unseen } = perCount.at(-1)!,
  relative = lab.intervalOf(
    points.filter(({ count }) => count === plan.counts.at(-1)).map((point) => 100 * point.gap / seen.mean),
  );
const rate = rates.get("JPEG XL")!,
  shrinks = perCount.slice(1).every(({ gap }, i) => gap.mean < perCount[i]!.gap.mean);
const first = 100 * perCount[0]!.gap.mean / perCount[0]!.seen.mean;
section.judge("generalise", {
  verdict: lab.verdictOf(lab.upperEnd(relative) < 2 && lab.upperEnd(unseen) < rate, shrinks),
  edge: lab.onEdge(relative, 2) || lab.onEdge(unseen, rate),
  measured: {
    en: `${plan.counts.at(-1)!.toLocaleString("en")} images: unseen ones ${
      plusMinus(unseen)
    } bits/pixel (JPEG XL ${rate.toFixed(3)}), ${plusMinus(relative)} % more than seen ones; ${
      plan.counts[0]
    } images: ${first.toFixed(1)} % more`,
    zh: `${plan.counts.at(-1)!.toLocaleString("en")} 幅：未见图像 ${plusMinus(unseen)} 比特/像素（JPEG XL ${
      rate.toFixed(3)
    }），比见过的多 ${plusMinus(relative)} %；${plan.counts[0]} 幅时多 ${first.toFixed(1)} %`,
  },
  numbers: { "gap, bits/pixel": gap, "unseen, bits/pixel": unseen, "JPEG XL, bits/pixel": rate },
});

// %% [markdown]
// With few images the two curves are far apart, with many they meet: there are far more pixels than parameters then,
// and learning by heart no longer pays. As expected.
//
// 图像少时两条曲线相距很远，图像多时重合：像素远多于参数，死记硬背不再划算，与预期相符。
//
// ## 8.3 (2) Cost · 面临的挑战：计算成本
//
// Seconds of the curve above, on the machine that measured it, each taken once (so that they are shown and not judged;
// 3.3 judges cost by medians): ours trains for each set, JPEG XL does not. What is bought for the time is bytes. Expect
// encoding to become cheaper an image, as training is paid once, and decoding to stay what it is.
//
// 上面曲线的用时，由测量它的那台机器给出，每个只测了一次，因此只展示不判定（3.3 用中位数判定）：我们要为每个集合训练，
// JPEG XL 不用。花时间换来的是字节。预期：图像越多，每幅的编码越便宜，因为训练只付一次；解码不变。表列依次为：图像数、
// 编码秒数、JPEG XL 的编码秒数、解码秒数、JPEG XL 的解码秒数、节省的字节（负数为更长）、多用一秒所节省的字节。

// %%
const paired = pointsOf(OURS).flatMap((ours) => {
  const other = pointsOf("JPEG XL").find(({ count }) => count === ours.count);
  return other ? [{ count: ours.count, ours, other, saved: other.bytes - ours.bytes }] : [];
});
await figures.showTable(
  paired.map(({ count, ours, other, saved }) => ({
    images: count,
    "encoding, s": Number(ours.encodingSeconds.toFixed(2)),
    "JPEG XL, s": Number(other.encodingSeconds.toFixed(2)),
    "decoding, s": Number(ours.decodingSeconds.toFixed(2)),
    "JPEG XL decoding, s": Number(other.decodingSeconds.toFixed(2)),
    "bytes saved": saved,
    "bytes saved for each second more": saved > 0
      ? Number(
        (saved /
          (ours.encodingSeconds + ours.decodingSeconds - other.encodingSeconds - other.decodingSeconds))
          .toFixed(0),
      )
      : undefined,
  })),
  "Seconds and bytes",
);

// %%
await figures.show(
  figures.lines({
    title: "Seconds for a thousand images · 一千幅图像的秒数",
    series: [
      { name: "MDLab, encoding", pick: ({ ours }: typeof paired[number]) => ours.encodingSeconds },
      { name: "MDLab, decoding", pick: ({ ours }: typeof paired[number]) => ours.decodingSeconds },
      { name: "JPEG XL, encoding", pick: ({ other }: typeof paired[number]) => other.encodingSeconds },
      { name: "JPEG XL, decoding", pick: ({ other }: typeof paired[number]) => other.decodingSeconds },
    ].map(({ name, pick }) => ({
      name,
      x: paired.filter((one) => pick(one) > 0).map(({ count }) => count),
      y: paired.filter((one) => pick(one) > 0).map((one) => 1000 * pick(one) / one.count),
    })),
    x: { title: "number of images", log: true },
    y: { title: "time (seconds for 1000 images)", log: true },
  }),
  "Seconds",
);

// %% [markdown]
// Our line of encoding falls towards that of JPEG XL, as training is paid once; those of decoding stay an order of
// magnitude apart: a network is run for every pixel. As expected.
//
// 我们的编码线逐渐接近 JPEG XL，因为训练只付一次；解码的两条线始终相差一个数量级，因为每个像素都要运行一次网络。与预期相符。
//
// FLOP of this run's programs. The same training for more images costs the same, and saves more: it is paid once a set,
// like the weights. A byte is “saved” against the raw images here; the last line counts against JPEG XL.
//
// 再看本次运行的程序的浮点运算次数：图像更多时，同样的训练代价相同而节省更多；它像权重一样，每个集合只付一次。
// 这里的“节省”是与原始图像相比；最后一行是与 JPEG XL 相比少多少字节、每字节合多少次浮点运算。表列依次为：
// 图像数、训练的浮点运算次数、训练秒数、解码秒数、程序字节数、每节省一个字节的浮点运算次数。

// %%
await figures.showTable(
  plan.counts.map((count) => {
    const here = points.filter((point) => point.count === count);
    const mean = (pick: (point: typeof here[number]) => number) => lab.intervalOf(here.map(pick)).mean;
    const saved = count * 1024 - mean(({ bytes }) => bytes);
    return {
      images: count,
      "training, FLOP": mean(({ flop }) => flop).toExponential(1),
      "training, s": Number(mean(({ trainingSeconds }) => trainingSeconds).toFixed(2)),
      "decoding, s": Number(mean(({ decodingSeconds }) => decodingSeconds).toFixed(2)),
      "program, bytes": Math.round(mean(({ bytes }) => bytes)),
      "FLOP for each byte saved": saved > 0 ? (mean(({ flop }) => flop) / saved).toExponential(1) : undefined,
    };
  }),
  "FLOP and bytes",
);
const [jpegXl] = await lab.measureBaselines(data, { ...context, effort: "quick", only: ["JPEG XL"] });
const largest = points.at(-1)!, ahead = jpegXl!.bytes - largest.bytes;
console.log(
  `${largest.count} images, seed ${largest.seed}: ${ahead.toLocaleString("en")} bytes less than JPEG XL` +
    (ahead > 0 ? `, ${(largest.flop / ahead).toExponential(1)} FLOP for each` : "") +
    ` · ${largest.count} 幅图像，种子 ${largest.seed}：比 JPEG XL ${ahead > 0 ? "少" : "多"} ${
      Math.abs(ahead).toLocaleString("en")
    } 字节` + (ahead > 0 ? `，每字节合 ${(largest.flop / ahead).toExponential(1)} 次浮点运算` : ""),
);

// %% [markdown]
// ## 8.3 (3) Quality · 面临的挑战：数据质量
//
// The article asks how the quality of compressed data can be ensured. By losing nothing and checking it: every program
// above was decoded, and every symbol compared. And a program that was damaged on its way must say so: copies with one
// bit turned over, at random places, are decoded. “Harmless” are bits that decide nothing, “silent” would be other data
// without a word. Expect most copies to be refused, and none to be silent: the file carries checksums, so that this
// shows what they are for, and is no claim.
//
// 文章问如何保证压缩后的数据质量。答案是什么都不丢，并且核对：上面每个程序都解码并逐符号比较。若程序在途中损坏，
// 解码时必须报错：在随机位置翻转一个比特，再解码。“无害”（harmless）是不起作用的比特，
// “无声”（silent）则是不声不响地给出别的数据。预期大多数副本被拒绝，没有一个无声：文件带有校验和，所以这是演示它们的用处，
// 不是论断。表的各行依次为：还原了每个符号的程序、程序总数、损坏而被拒绝的副本、无害的、无声的。

// %%
const damage = await study.turnBits(
  program.bytes,
  data.sha256,
  section.by({ smoke: 8, quick: 64, paper: 256 }),
  context,
);
await figures.showTable([
  { what: "programs that gave every symbol back", number: points.filter(({ verified }) => verified).length },
  { what: "programs in all", number: points.length },
  { what: "damaged copies, refused", number: damage.refused },
  { what: "damaged copies, harmless", number: damage.harmless },
  { what: "damaged copies, silent", number: damage.silent },
], "Quality");

// %%
const copies = damage.refused + damage.harmless + damage.silent;
await figures.showMarkdown(
  `${points.length} programs gave every symbol back; of ${copies} damaged copies ${damage.refused} were refused, ` +
    `${damage.harmless} were harmless, ${damage.silent} gave other data.\n\n${points.length} 个程序都还原了每个符号；${copies} 个损坏的副本中 ` +
    `${damage.refused} 个被拒绝，${damage.harmless} 个无害，${damage.silent} 个给出了别的数据。`,
);

// %% [markdown]
// ## 8.1 All verdicts · 研究成果总结：各节的判定
//
// The article sums up that compression has achieved much. Here is the sum of the measurements: every claim of the other
// sections, from the records of this very run, and where a section was not run, the command that does it. Failing is an
// answer, too: a claim that could not fail would say nothing, and such are shown in the notebooks as demonstrations.
//
// 文章总结说压缩取得了显著的成果。这里是测量的总和：本次运行中其余各节的全部论断；未运行的节列出运行它的命令。不成立也是答案：
// 不可能不成立的论断什么也没说，在各节只作演示，不在此列。下图按节列出各判定的条数：holds 成立，holds in part 部分成立，
// does not hold here 在此不成立。

// %%
const others = await section.others();
const names = (await article.sectionNames()).filter((name) => !name.startsWith("08"));
await figures.showTable(article.summaryRows(names, others), "All verdicts");

// %%
if (others.length) {
  await figures.show(
    figures.stackedBars({
      title: "Claims of the article by section, and what became of them · 文章各节的论断及其判定",
      labels: others.map((record) => record.section.replaceAll("_", " ")),
      parts: article.verdictParts(others),
      unit: "claims",
    }),
    "Verdicts by section",
  );
} else {
  console.log(
    "No other section was run: deno task reproduce runs them all. · 其余各节都未运行：deno task reproduce 运行全部。",
  );
}

// %% [markdown]
// Of these claims about a quarter hold, nearly a third hold in part, and the rest do not hold here.
//
// 这些论断约四分之一成立，近三分之一部分成立，其余在此不成立。
//
// ### The same photos in several notebooks · 同样的照片，不同的字节数
//
// 1000 photo patches in gray, 32×32, are compressed in several notebooks, and come out at different lengths. They are
// different programs of the same data: trained for longer or shorter, in another order of the pixels, wider or
// narrower. The shortest is none of these: `deno task compress` sees that the patches adjoin, and codes the photos that
// they were cut from.
//
// 几个笔记本都压缩同样的 1000 块 32×32 灰度照片，得到的字节数不同，因为程序不同：训练长短、像素顺序、网络宽窄各异。
// 最短的不在其中：`deno task compress` 会发现图像块彼此相邻，并按切块之前的照片来编码。
// 表列依次为：笔记本、程序、字节数、原因；raster order 为光栅顺序，pyramid order 为金字塔顺序，width 为宽度，
// steps 为训练步数，quick 指该预设。

// %%
const WHY: Readonly<Record<string, string>> = {
  "04_mathematical_model, photos": "raster order, each patch by itself: training and width by the preset",
  "04_mathematical_model, photos, all six steps": "pyramid and attention switched on, trained for few steps",
  "05_practice, photos, pyramid": "pyramid order, 1500 steps in quick: it shows prefixes",
  "09_questions, photos, raster": "raster order, width 32, 2500 steps in quick",
  "09_questions, photos, pyramid": "pyramid order, width 32, 2500 steps in quick",
};

// %%
const made = others.flatMap(({ section, programs = [] }) =>
  programs.filter(({ name }) => `${section}, ${name}` in WHY).map(({ name, bytes }) => ({
    notebook: section,
    program: name,
    bytes,
    why: WHY[`${section}, ${name}`],
  }))
);
const tenth = others.flatMap(({ verdicts }) => verdicts).find(({ id, article }) =>
  id === "tenth" && article === "4.3"
);
const equalFlop = tenth?.numbers["shared"],
  why = "raster order, the shared side of a comparison at 3·10¹⁰ FLOP in quick";
const rows = typeof equalFlop === "number"
  ? [...made, { notebook: "04_mathematical_model", program: "Sharing, shared", bytes: equalFlop, why }]
  : made;
if (rows.length) {
  await figures.showTable(rows.toSorted((a, b) => a.bytes - b.bytes), "Programs of the same photos");
}

// %% [markdown]
// And this section's own. 本节自己的判定：

// %%
await section.close();
