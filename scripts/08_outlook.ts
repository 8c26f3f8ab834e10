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
// verdicts of the other sections in one table.
//
// 中文：本节把文章第 8 节的三个挑战变成测量：泛化（见过与未见过的图像每像素各需多少比特）、计算成本（每节省一个字节要多少次浮点运算、
// 多少秒）、质量（数据逐位还原；损坏的程序能否被发现）；“未来趋势”是带 95 % 预测区间的外推，并用未参与拟合的点检验；最后汇总本次
// 运行中其余各节的判定。文章 8.2 提到的自动驾驶与医疗诊断在此不作检验。
// 术语见 [glossary · 术语表](glossary.md)。
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
// The curve of section 8.2 comes from a command that takes the better part of ten minutes, `deno task scale --preset quick`
// (with `paper`: up to 50,000 images). It ends with the SHA-256 of its file of results; file and hash stand here, whatever
// the preset of this notebook.

// %%
const scaleResults = {
  file: "data/results/scale-quick.json",
  sha256: "c382486a9d7cdc5c12ee0cf72b56a92beb1897f07510d9777b83e5916f77530b",
};

// %% [markdown]
// What counts as a success is said before anything is measured here. The curve of section 8.2 existed when its claims
// (`moreData`, `ahead`, and `cost` with its seconds) were written down: for the results of `quick` they describe, for those
// of `paper` they predict.
//
// 测量之前先写明每条论断及其成立的标准（8.2 的曲线例外：写下有关论断时，`quick` 的曲线已经有了）；最后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("08_outlook", settings, claims["08_outlook"]);

// %%
const { context } = section;

// %% [markdown]
// ## 8.2 (1) More data · 未来发展趋势：更多数据
//
// CIFAR-10 in gray, the first n images; raw 1,024 bytes each. Ours is the whole program, decoder and weights included: for
// few images these dominate, and the general codecs, which bring their knowledge with them uncounted, are ahead. Expect our
// curve to fall below theirs, and then to flatten: what the model could learn is learnt, the rest is the images' own.

// %%
const scale = await article.loadResults<article.ScaleResults>(scaleResults.file, scaleResults.sha256);
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

// %% [markdown]
// ## 8.2 (2), 8.4 Ahead · 未来发展趋势与研究展望：外推
//
// A law for the curve: bytes an image = a + b·n^(−c). What is paid once falls as 1/n, what is learnt falls more slowly; one
// power stands for both, `a` for what an image costs for ever more images. The numbers of images at which data were
// stored (no model paid) are left out. First the test: fit to all but the largest number, predict that one. An interval
// that holds it is no proof; one that does not would be a refutation.

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

// %% [markdown]
// Then the law of all numbers, carried on to a million images. The bands are 95 % prediction intervals (Student's t
// over the few points there are, to first order in a, b and c). They do not know what the law does not: a wider network
// at larger n, a schedule that no longer sees every image.

// %%
const FAR = 1e6, laws = new Map(fitted.map((codec) => [codec, study.fitPowerLaw(sizesOf(codec))]));
const least = Math.min(...modelled);
const along = Array.from({ length: 40 }, (_, i) => least * (FAR / least) ** (i / 39));
await figures.show(
  figures.fits({
    title: "Bytes an image, and where the law a + b·n^(−c) leads (bands: 95 % prediction intervals)",
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
const said = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${value.toFixed(1)} (${low.toFixed(1)} … ${high.toFixed(1)})`;
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

// %% [markdown]
// From which number of images on is the program the shorter one? As measured (interpolated between two numbers), and by
// the laws, with the range in which the intervals overlap. “Never certain” means that the codec's own interval is too
// wide to say.

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
// Programs of n images drawn at random from CIFAR-10's training images, several seeds; then the same model on test images
// that it has not seen. Equal training steps for all; no local fit, which would adapt to the new images: what the model
// knows stands in its weights. How hard the images happen to be is taken off: both sets are also measured under a reference
// that was trained on other images altogether.
//
// Expect a model of few images to know them by heart (a large gap), and the gap to close as n grows: with far more pixels
// than parameters, what describes the seen images best has to be what images have in common.

// %%
const plan = section.by({
  smoke: { counts: [5, 20], seeds: [1, 2], steps: 300, width: 16, reference: 20 },
  quick: { counts: [10, 30, 100, 300, 1000], seeds: [1, 2, 3], steps: 3000, width: 48, reference: 1000 },
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
const plusMinus = ({ mean, half }: { mean: number; half: number | null }) =>
  `${mean.toFixed(3)} ± ${half?.toFixed(3) ?? "?"}`;
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
    title: `Bits a pixel of seen and unseen images (mean of ${seeds.length} seeds)`,
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
    title: "What unseen images cost more, their hardness taken off",
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

// %% [markdown]
// ## 8.3 (2) Cost · 面临的挑战：计算成本
//
// Seconds of the curve above, on the machine that measured it: ours trains for each set, JPEG XL does not. What is
// bought for the time is bytes.

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
    title: "Seconds for a thousand images",
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
// FLOP of this run's programs. The same training for more images costs the same, and saves more: it is paid once a set,
// like the weights. A byte is “saved” against the raw images here; the last line counts against JPEG XL.

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
const largest = points.at(-1)!, less = jpegXl!.bytes - largest.bytes;
console.log(
  `${largest.count} images, seed ${largest.seed}: ${less.toLocaleString("en")} bytes less than JPEG XL` +
    (less > 0 ? `, ${(largest.flop / less).toExponential(1)} FLOP for each` : ""),
);

// %% [markdown]
// ## 8.3 (3) Quality · 面临的挑战：数据质量
//
// The article asks how the quality of compressed data can be ensured. By losing nothing and checking it: every program
// above was decoded, and every symbol compared. And a program that was damaged on its way must say so: copies with one bit
// turned over, at random places, are decoded. “Harmless” are bits that decide nothing, “silent” would be other data without
// a word. Expect most copies to be refused, and none to be silent.

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

// %% [markdown]
// ## Verdicts · 判定
//
// The claims as declared above, and what was measured; the table of them ends this notebook.

// %%
const curve = pointsOf(OURS).map(({ bytes, count }) => bytes / count);
const rises = curve.slice(1).filter((each, i) => each >= curve[i]!).length;
section.judge("moreData", {
  verdict: lab.verdictOf(rises === 0, curve.at(-1)! < curve[0]!),
  measured: `${curve[0]!.toFixed(1)} bytes an image for ${pointsOf(OURS)[0]!.count} images, ${
    curve.at(-1)!.toFixed(1)
  } for ${pointsOf(OURS).at(-1)!.count.toLocaleString("en")}; it rises at ${rises} of ${
    curve.length - 1
  } steps`,
  numbers: { "fewest, bytes": curve[0]!, "most, bytes": curve.at(-1)!, rises },
});
const ownTest = tests.find(({ codec }) => codec === OURS)!, held = tests.filter(({ inside }) => inside);
section.judge("ahead", {
  verdict: lab.verdictOf(held.length === tests.length, ownTest.inside),
  measured: `${held.length} of ${tests.length} held-out points inside; ours: ${
    ownTest.measured.toFixed(1)
  } measured, ${said(ownTest.predicted)} predicted`,
  numbers: { inside: held.length, measured: ownTest.measured, predicted: ownTest.predicted.value },
});

// %%
const { gap, seen, unseen } = perCount.at(-1)!, upper = 100 * study.upperEnd(gap) / seen.mean;
const shrinks = perCount.slice(1).every(({ gap }, i) => gap.mean < perCount[i]!.gap.mean);
section.judge("generalise", {
  verdict: lab.verdictOf(upper < 2 && study.upperEnd(unseen) < rates.get("JPEG XL")!, shrinks),
  measured:
    `${plan.counts.at(-1)!.toLocaleString("en")} images: unseen ones ${
      plusMinus(unseen)
    } bits/pixel (JPEG XL ${rates.get("JPEG XL")!.toFixed(3)}), ${
      (100 * gap.mean / seen.mean).toFixed(2)
    } % more than seen ones (at most ${upper.toFixed(2)} %); ` +
    `${plan.counts[0]} images: ${(100 * perCount[0]!.gap.mean / perCount[0]!.seen.mean).toFixed(1)} %`,
  numbers: {
    "gap, bits/pixel": gap,
    "unseen, bits/pixel": unseen,
    "JPEG XL, bits/pixel": rates.get("JPEG XL")!,
  },
});
const many = paired.filter(({ count }) => count >= 1000);
const slower = (field: "encodingSeconds" | "decodingSeconds") =>
  many.every(({ ours, other }) => ours[field] > other[field]);

// %%
const times = (field: "encodingSeconds" | "decodingSeconds") =>
  many.map(({ ours, other }) => (ours[field] / other[field]).toFixed(1)).join(", ");
section.judge("cost", {
  verdict: lab.verdictOf(
    slower("encodingSeconds") && slower("decodingSeconds"),
    slower("encodingSeconds") || slower("decodingSeconds"),
  ),
  measured: `${many.map(({ count }) => count.toLocaleString("en")).join(", ")} images: encoding takes ${
    times("encodingSeconds")
  } times as long as JPEG XL's, decoding ${times("decodingSeconds")} times`,
  numbers: { "saved at most images, bytes": paired.at(-1)!.saved, "FLOP of a program": largest.flop },
});
section.judge("quality", {
  verdict: lab.verdictOf(
    points.every(({ verified }) => verified) && damage.silent === 0,
    points.every((p) => p.verified),
  ),
  measured: `${points.length} programs gave every symbol back; of ${
    damage.refused + damage.harmless + damage.silent
  } damaged copies ${damage.refused} were refused, ${damage.silent} gave other data`,
  numbers: { programs: points.length, refused: damage.refused, silent: damage.silent },
});

// %% [markdown]
// ## 8.1 All verdicts · 研究成果总结：各节的判定
//
// The article sums up that compression has achieved much. Here is the sum of the measurements: every claim of the other
// sections, from the records of this very run, and where a section was not run, the command that does it. Failing is
// an answer, too: a claim that could not fail would say nothing.

// %%
const others = await section.others();
const names = (await article.sectionNames()).filter((name) => !name.startsWith("08"));
await figures.showTable(article.summaryRows(names, others), "All verdicts");

// %%
if (others.length) {
  await figures.show(
    figures.stackedBars({
      title: "Claims of the article by section, and what became of them",
      labels: others.map((record) => record.section.replaceAll("_", " ")),
      parts: article.verdictParts(others),
      unit: "claims",
    }),
    "Verdicts by section",
  );
} else console.log("No other section was run: deno task reproduce runs them all.");

// %% [markdown]
// And this section's own.

// %%
await section.close();
