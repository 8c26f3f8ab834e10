// %% [markdown]
// # 2. Core concepts and their connections · 核心概念与联系
//
// The article calls compression the search for a shorter program that generates the data (2.1), names three mechanisms
// that make models compress (2.2), calls compression and generation two sides of one thing (2.3), and draws a chain
// whose new data become data again (2.4). Here each of the four is an experiment.
//
// You will see: every program of a tiny language accounted for, so that for some data the shortest one is *known* and
// not merely hoped for; real programs that give their data back bit for bit; what sharing, hierarchy and attention are
// worth in bytes of real files; what random bits become when a program decodes them; and what is lost when programs
// learn from what programs drew. Terms are in the [glossary](glossary.md).
//
// 中文：文章第 2 节说压缩就是寻找能生成数据的更短程序（2.1），列出三种压缩机制（2.2），认为压缩与生成相互关联（2.3），
// 并画出“新数据再作为输入”的流程图（2.4）。这里逐一做成实验：穷举一种微型语言的全部程序，从而对一部分数据确知其最短程序；
// 运行真实程序并逐位核对；用真实文件的字节数衡量参数共享、层次化结构和注意力机制；用随机比特解码得到新图像；
// 再让模型一代代从前一代生成的数据中学习，看会失去什么。“程序还原数据”只作演示，因为不还原的程序会使笔记本中止。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about three
// minutes on two cores, `paper` took 82 beside other sections. The outputs below
// are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在两个核上约三分钟，`paper` 在同时运行其他任务时用了 82 分钟。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as article from "experiments/article/mod.ts";
import * as enumeration from "experiments/enumeration/mod.ts";
import * as study from "experiments/programs/mod.ts";
import * as rendering from "experiments/scenes/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// What counts as a success is said before anything is measured: thresholds first, numbers after. (The results of section
// 2.2 alone come from an earlier run, which takes too long to be repeated here: their verdicts say so.) That programs give
// their data back whole is no claim here: one that did not would stop the notebook.
//
// 测量之前先写明每条论断及其成立的标准（只有 2.2 的结果来自先前耗时较长的运行，判定会注明）；然后逐条给出判定：成立、部分成立或在此不成立。

// %%
const section = await lab.openSection("02_core_concepts", settings, claims["02_core_concepts"]);

// %%
const { context, seed, preset } = section;
const percent = (of: number, to: number) => 100 * (of / to - 1);
const signed = (interval: lab.Interval, digits = 1) => lab.plusMinus(interval, digits, true);

// %% [markdown]
// ## 2.1 The concept of compression · 压缩的概念
//
// ### Exactly: all programs of a tiny language · 精确：微型语言的全部程序
//
// The shortest program for some data cannot be computed in general. In a language small enough it nearly can: 16
// opcodes, 4 bits each. A program runs in a circle (after its last opcode comes its first), computes on a stack that
// never runs empty (below its bottom lie ones without end), and prints symbols. No opcode can fail.
//
// 一般来说，最短的程序无法计算；但在足够小的语言里几乎可以：16 种操作码，每个 4 比特；
// 程序循环执行（最后一个操作码之后又是第一个），在永不为空的栈上计算并输出符号，任何操作码都不会出错。表列依次为：
// 代码、操作码、含义。push 指压入栈，pop 指弹出；x、y 压入下一个符号的列、行，1 压入 1，d 与 o 复制栈顶与其下一项，
// `+ - * / % & ^ <` 为运算与比较，`.` 弹出并输出，`:` 设标记，`?` 弹出，不为 0 则跳到标记。

// %%
await figures.showTable(
  enumeration.OPCODES.map(([opcode, meaning], code) => ({ code, opcode, meaning })),
  "The tiny language",
);

// %% [markdown]
// For instance `xx*.` prints the squares, for `x` is the place of the next symbol; `o.oo+` goes on adding the last two
// numbers; and the third one prints the smallest divisor above 1 of 2, 3, 4 and so on. Four opcodes are 16 bits.
//
// 例如 `xx*.` 输出平方数，因为 x 是下一个符号的位置；`o.oo+` 不断把最后两个数相加；
// 第三个程序输出 2、3、4 …… 各数大于 1 的最小因数。四个操作码是 16 比特。

// %%
for (const text of ["xx*.", "o.oo+", "x1+1+1:1+oo%?."]) {
  const symbols = enumeration.run(enumeration.parsed(text), { count: 12, width: 12, limit: 1000 });
  console.log(`${text.padEnd(16)} ${4 * text.length} bits 比特: ${symbols.join(" ")} …`);
}

// %% [markdown]
// What we look for: sequences of 256 symbols and pictures of 16×16, each with a rule, and noise, which has none. For
// the noise we expect nothing: there are far fewer short programs than sequences.
//
// 目标：256 个符号的序列与 16×16 的图，各有规律；另有没有规律的噪声，预期找不到它的程序，因为短程序远少于序列。

// %%
const most = section.by({ smoke: 7, quick: 15, paper: 15 });
const targets = [enumeration.sequences(seed), enumeration.patterns(seed)].map((set) => ({
  ...set,
  all: set.all.slice(-most), // noise is the last
}));
const longest = section.by({ smoke: 5, quick: 7, paper: 9 }), limit = 256;
const searches: enumeration.Search[] = [];
for (const set of targets) searches.push(await enumeration.search(set, { longest, limit }, context));

// %% [markdown]
// An opcode is chosen only when the instruction pointer reaches it, so one wrong symbol settles all programs with the
// same beginning, and rows of opcodes that a shorter or earlier row equals are never run. Every program is accounted
// for: the columns sum to 16 to the power of the length. Many can be *proved* never to print again, because they come
// by a state that they have been in. *Undecided* are those that agreed with a target so far and then made 256
// instructions without printing. No limit tells whether all of them ever will: that is the halting problem.
//
// 操作码只在执行到它时才选定，所以一个错误的符号就排除了开头相同的全部程序；与更短或更早的写法等价的操作码串不再运行。
// 每个程序都有着落：各列之和等于 16 的 n 次方，n 为程序的操作码数。许多程序可以证明永远不再输出，因为它回到了曾经的状态；
// “未定”的程序到目前为止与目标相符，但执行 256 条指令仍未输出。任何限制都不能断定它们会不会输出，这就是停机问题。表列依次为：
// 所找目标（sequences 序列，pictures 图）、操作码数、程序数、输出了目标的程序数、输出错误的、永不再输出的、
// 重复的（三列为百分比）、未定的程序数、实际运行的开头数、秒数。其后两幅图依次是：
// 各长度的程序数（全部程序、实际运行的开头、未定）与每秒处理的程序数。

// %%
const kinds = ["sequences", "pictures"] as const;
await figures.showTable(
  searches.flatMap((search, s) => enumeration.censusRows(kinds[s]!, search)),
  "Census of all programs",
);

// %%
const { byLength } = enumeration;
await figures.show(
  figures.lines({
    title:
      "Programs for sequences by length (those for pictures would lie on the same lines) · 序列程序的个数与长度（图的程序会落在同样的线上）",
    series: [
      byLength("all programs", searches[0]!, ({ length }) => 16 ** length),
      byLength("beginnings that were run", searches[0]!, ({ prefixes }) => prefixes),
      byLength("undecided", searches[0]!, ({ undecided }) => Number(undecided)),
    ],
    x: { title: "length of the programs (bits)" },
    y: { title: "programs", log: true },
  }),
  "Programs by length",
);

// %%
await figures.show(
  figures.lines({
    title: "Programs settled in a second · 每秒处理的程序数",
    series: kinds.map((kind, s) =>
      byLength(kind, searches[s]!, ({ length, seconds }) => 16 ** length / seconds)
    ),
    x: { title: "length of the programs (bits)" },
    y: { title: "programs/s", log: true },
  }),
  "Programs a second",
);

// %% [markdown]
// Each further opcode means 16 times as many programs, and about 14 times as many beginnings to run; the share that
// stays undecided is a few thousandths at most, and grows slowly. So it can be done, up to a length.
//
// 每多一个操作码，程序增至 16 倍，要运行的开头增至约 14 倍；未定的至多千分之几，比例缓慢增加。所以在一定长度之内可以做到穷举。
//
// The same targets for gzip, brotli and xz, and for this library's chain, which has to bring its neural decoder along.
// All files are decoded and compared; only our own programs contain their decoder. The tiny programs need an
// interpreter, which is the same for all of them: it is a real module, and its bytes stand beside.
//
// 同样的目标再用 gzip、brotli、xz 以及本库的流程（须带上神经网络解码器）来编码，所有文件都解码并核对；
// 只有我们的程序自带解码器。微型程序需要一个共同的解释器，它是真实的模块，其字节数列在旁边。表列依次为：
// 目标、程序、比特数、是否最短（yes 是；perhaps 也许，尚有较短的程序未定；by hand 手写；
// none found 未找到）、gzip、brotli、xz、神经程序、原样存储的程序各需的比特数。其后的图画出同样的长度；图例依次为：
// 微型程序、加上解释器、gzip、brotli、xz、神经程序。

// %%
const interpreter = (await enumeration.interpreterBytes()).length;
const steps = section.by({ smoke: 60, quick: 300, paper: 3000 });
const compared: enumeration.Compared[] = [];
for (const [s, set] of targets.entries()) {
  const descriptions = await enumeration.describe(set, steps, context);
  descriptions.forEach(({ flop }) => section.spend(flop));
  compared.push(...enumeration.compare(set, searches[s]!, descriptions));
}
await figures.showTable(enumeration.shortestRows(compared, longest), "Shortest programs");

// %%
await figures.show(
  figures.dots({
    title:
      `Description lengths (raw: 2,048 bits; the interpreter alone: ${interpreter} bytes) · 描述长度（原始 2,048 比特；仅解释器 ${interpreter} 字节）`,
    x: "length (bits)",
    series: enumeration.DESCRIPTIONS,
    rows: enumeration.descriptionDots(compared, interpreter),
  }),
  "Description lengths",
);

// %% [markdown]
// The tiny programs are far to the left of all files; with the interpreter they are to the right of those of gzip,
// brotli and xz, and only the neural program is longer. For a single target the interpreter is by far the larger part:
// a description always has a constant part. It is paid once. So all targets with a rule are described together: the
// interpreter once, a program for each target that has one, the best codec's file for each that has none, against one
// file of all of them. Expect the former to be shorter.
//
// 微型程序远在所有文件的左边；加上解释器则在 gzip、brotli、xz 的右边，只有神经程序更长。对单个目标，解释器占绝大部分；
// 但它只需付一次。因此把所有有规律的目标放在一起：解释器一份，找到程序的用程序，没找到的用最好的编解码器；
// 与把它们全部放进一个文件相比。预期前者更短。下表各列为：目标（all with a rule 全部有规律的；
// those whose program is known 已知程序的）、编码方式（one file 为合成一个文件；files of their own 为各自一个文件）、比特数。

// %%
const sum = (rows: readonly enumeration.Compared[], of: (one: enumeration.Compared) => number) =>
  rows.reduce((total, one) => total + of(one), 0);
const inOneFile = async (rows: readonly enumeration.Compared[]) =>
  await lab.measureBaselines(enumeration.together(rows.map(({ target }) => target)), {
    effort: "quick",
    only: ["gzip", "brotli", "xz"],
    ...context,
  });
const ruled = compared.filter(({ target }) => target.name !== "noise");
const known = ruled.filter(({ bits }) => bits), missing = ruled.length - known.length;
const ours = {
  ruled: 8 * interpreter + sum(ruled, ({ bits, codec }) => bits ?? codec),
  known: 8 * interpreter + sum(known, ({ bits }) => bits!),
};
const files = { ruled: await inOneFile(ruled), known: await inOneFile(known) };

// %%
await figures.showTable(
  ([["all with a rule", ruled, "ruled"], ["those whose program is known", known, "known"]] as const).flatMap((
    [targets, rows, which],
  ) => [
    {
      targets,
      what: `interpreter and programs${which === "ruled" ? `, ${missing} by a codec` : ""}`,
      bits: ours[which],
    },
    ...files[which].map(({ codec, bytes }) => ({ targets, what: `${codec}, one file`, bits: 8 * bytes })),
    { targets, what: "the best codec for each, files of their own", bits: sum(rows, ({ codec }) => codec) },
  ]),
  "All targets together",
);
const best = (which: "ruled" | "known") => 8 * Math.min(...files[which].map(({ bytes }) => bytes));
const certain = known.filter(({ found }) => !found.undecided).length;
const grouped = (n: number) => n.toLocaleString("en");
const noise = compared.filter(({ target, found }) => target.name === "noise" && found.program).length;

// %%
section.judge("shorterExists", {
  verdict: lab.verdictOf(ours.ruled < best("ruled"), ours.known < best("known")),
  measured: {
    en:
      `all ${ruled.length} targets with a rule: ${grouped(ours.ruled)} bits, one file ${
        grouped(best("ruled"))
      }; the ` +
      `${known.length} whose program is known: ${grouped(ours.known)} against ${
        grouped(best("known"))
      }; ${certain} ` +
      `proved the shortest, for noise ${noise} found`,
    zh: `全部 ${ruled.length} 个有规律的目标：${grouped(ours.ruled)} 比特，一个文件 ${
      grouped(best("ruled"))
    }；已知程序的 ${known.length} 个：${grouped(ours.known)} 对 ${
      grouped(best("known"))
    }；其中 ${certain} 个证明为最短，噪声找到 ${noise} 个`,
  },
  numbers: {
    "all, bits": ours.ruled,
    "all in one file, bits": best("ruled"),
    "known, bits": ours.known,
    certain,
    noise,
  },
});

// %% [markdown]
// The pictures as their programs printed them, run by the interpreter's module. A gray level is a symbol, brightened.
//
// 由解释器模块运行各程序所输出的图；灰度即符号，已调亮。

// %%
const checked: boolean[] = [], panels = [];
for (const set of targets) {
  for (const { target, program } of compared.filter(({ target }) => set.all.includes(target))) {
    if (!program) continue;
    const symbols = await enumeration.interpret(program, set);
    checked.push(symbols.every((symbol, i) => symbol === target.symbols[i]));
    if (set.width === set.count) continue; // a sequence
    panels.push({ title: enumeration.written(program), picture: enumeration.brightened(symbols, set) });
  }
}
await figures.showImages(panels, "Pictures by tiny programs · 微型程序输出的图", 5);
const right = checked.filter((same) => same).length;
console.log(`${right} of ${checked.length} programs print their target`);
console.log(`${checked.length} 个程序中有 ${right} 个输出其目标`);

// %% [markdown]
// Each is the target, symbol by symbol: a demonstration, for a program that prints something else is not found at all.
//
// 每幅图都与目标逐符号相同；这是演示，因为输出别的内容的程序根本不会被找到。
//
// How much hangs on the limit? A higher one decides more programs, and never all: some count to 2³² before they print.
// Where a target's length does not change with the limit, that is a sign and no proof.
//
// 结果多大程度上取决于限制？限制越高，能断定的程序越多，但永远不是全部：有的程序要数到 2³² 才输出。
// 若某目标的长度不随限制改变，这是迹象而不是证明。表列依次为：限制（指令数）、未定的程序数、找到程序的目标数、它们的总比特数；
// 图中是未定的程序数随限制的变化。

// %%
const limits = [8, 32, 128, 512, 2048], short = section.by({ smoke: 4, quick: 6, paper: 7 });
const byLimit = await enumeration.searchAtLimits(targets, limits, short, context);
await figures.showTable(byLimit.map((one) => ({ ...one })), "By limit");

// %%
await figures.show(
  figures.lines({
    title: `Programs of up to ${
      4 * short
    } bits that are undecided at the limit · 达到限制仍未定的程序（至多 ${4 * short} 比特）`,
    series: [{ name: "undecided", x: limits, y: byLimit.map(({ undecided }) => undecided) }],
    x: { title: "limit (instructions without a symbol)", log: true },
    y: { title: "programs", log: true },
  }),
  "Undecided by limit",
);

// %% [markdown]
// More is decided with a higher limit, as it must be; what was found depends on it only where the last two columns
// change. Here they never do.
//
// 限制越高，未定的程序越少，这是必然的；只有最后两列改变之处，找到的结果才取决于限制。这里两列始终不变，都是 21 个目标、360 比特。

// %% [markdown]
// ### For real: a set and its program · 真实数据及其程序
//
// Real data are beyond any enumeration. What we have are upper bounds: programs that training finds. The *scenes* show
// how far from the shortest such a bound can be: we know what drew them, 64 bits a picture and a renderer. The photos
// (CIFAR-10 in gray) have no program that anybody knows.
//
// 真实数据无法枚举，只有训练找到的上界。“场景”（scenes）由每幅 64 比特和一个渲染器画出，能看出上界离最短还有多远；
// 照片（photos，CIFAR-10 的灰度图）没有已知的短程序。下表各行：照片的神经程序、场景的神经程序、作为程序的渲染器；各列：
// 原始字节、程序字节、占原始的百分比、数据的 SHA-256 校验值、程序输出的校验值、两者是否相同（true 为相同）。

// %%
const count = section.by({ smoke: 24, quick: 200, paper: 333 });
const all = section.use(await mdl.loadDataset("S1", context));
const third = (part: number) => lab.select(all, Array.from({ length: count }, (_, i) => 3 * i + part));
const [data, judging, unseen] = [third(0), third(1), third(2)];
const scenes = section.use(await mdl.loadDataset("scenes", { ...context, seed, take: count }));
const shape = { width: 16, blocks: 1, leastSquares: false };
const training = section.by({
  smoke: [20, 60],
  quick: [30, 100, 300, 1000, 3000],
  paper: [30, 100, 300, 1e3, 3e3, 1e4, 3e4],
});
const program = await study.programAfter(data, shape, training.at(-1)!, context);
const neuralScenes = await study.programAfter(scenes, shape, training.at(-1)!, context);
const renderer = await rendering.rendererProgram(count, seed);
section.spend(program.trained!.flop + neuralScenes.trained!.flop);
await figures.showImages([
  { title: "photos · 照片", picture: lab.contactSheet(image.take(data, 24), 8) },
  { title: "scenes · 场景", picture: lab.contactSheet(image.take(scenes, 24), 8) },
], "Two sets · 两个数据集");

// %%
const verified: Record<string, string | number | boolean>[] = [];
for (
  const [what, set, made] of [
    ["photos, neural program", data, program],
    ["scenes, neural program", scenes, neuralScenes],
    ["scenes, the renderer as a program", scenes, renderer],
  ] as const
) {
  const { sha256 } = await made.verify(set, context), raw = set.symbols.length;
  verified.push({
    what,
    "raw, bytes": raw,
    "program, bytes": made.bytes.length,
    "of raw, %": Number((100 * made.bytes.length / raw).toFixed(1)),
    "SHA-256 of the data": set.sha256.slice(0, 16),
    "of what it printed": sha256.slice(0, 16),
    same: sha256 === set.sha256,
  });
}
await figures.showTable(verified, "Programs of real sets");

// %% [markdown]
// The renderer's program shows how far the neural one is from the shortest: it found that scenes are smooth, and not
// the program that drew them. For comparison, codecs that bring no decoder along:
//
// 渲染器的程序说明神经程序离最短还很远：它学到了场景是平滑的，却没有找到画出它们的程序。再与不带解码器的编解码器比较（表列：
// 数据集、编解码器、字节数、占原始的百分比）：

// %%
const codecs: Record<string, string | number>[] = [];
for (const [what, set] of [["photos", data], ["scenes", scenes]] as const) {
  const options = { effort: "quick", only: ["gzip", "xz"], ...context } as const;
  for (const { codec, bytes } of await lab.measureBaselines(set, options)) {
    const share = Number((100 * bytes / set.symbols.length).toFixed(1));
    codecs.push({ set: what, codec, bytes, "of raw, %": share });
  }
}
await figures.showTable(codecs, "Codecs on the same sets");

// %% [markdown]
// On the photos the neural program is shorter than both. On the scenes xz is shorter than it, and the renderer by far
// the shortest.
//
// 照片的神经程序比 gzip、xz 都短；场景的神经程序则比 xz 长，而渲染器的程序短得多。
//
// ## 2.2 How models compress · 大模型的压缩原理
//
// Sharing, hierarchy and attention, switched on and off in all eight combinations, each trained anew with the same FLOP
// and several seeds; every program was decoded and compared. (Attention here is a fixed function of the pixels: which
// earlier places resemble this one is computed, not learnt.) This takes long, so it is a command of its own, `deno task
// ablate --preset quick` (and with `--sharing` for the kinds of sharing). Its results come with the project, by their
// SHA-256; those of this notebook's preset are taken where there are such, else those of `quick`, and the verdicts say so.
//
// 三种机制的八种组合，各以同样的计算量和若干随机种子重新训练，每个程序都解码并核对（这里的注意力是像素的固定函数，并非学得）。
// 耗时较长，所以结果来自单独的命令，随项目提供，判定会注明。有本笔记本预设的结果就用它，否则用 `quick` 的。
// 图题中的 S1 是所用的数据集：下面一行给出其图像数、原始字节数、预设、每个程序训练的浮点运算次数与随机种子。

// %%
const { results: factorial, stored } = await article.shippedResults<article.FactorialResults>(
  "ablate",
  preset,
);
const { results: sharingResults } = await article.shippedResults<article.SharingResults>(
  "ablate-sharing",
  preset,
);
const { seeds: ablationSeeds, set: ablated } = factorial, runs = ablationSeeds.length;
console.log(
  `${ablated.name}: ${ablated.images} images, ${ablated.symbols.toLocaleString("en")} bytes raw; preset ` +
    `${factorial.preset}, ${factorial.flop.toExponential(1)} FLOP a program, seeds ${
      ablationSeeds.join(", ")
    }`,
);
console.log(
  `${ablated.name}：${ablated.images} 幅图像，原始 ${ablated.symbols.toLocaleString("en")} 字节；预设 ` +
    `${factorial.preset}，每个程序 ${factorial.flop.toExponential(1)} 次浮点运算，种子 ${
      ablationSeeds.join("、")
    }`,
);

// %% [markdown]
// All points first. Expect one large step, sharing: without it each of 1,024 predictors has too little to learn from,
// and all of them together have too many weights to pay for. Programs with and without sharing have axes of their own.
//
// 先看全部的点。预期参数共享是最大的一步：没有它，1,024 个预测器各自可学的太少，合起来的权重又太多。
// 有共享与无共享的程序各用一条坐标轴；左侧为打开的机制：sharing 参数共享，hierarchy 层次化结构，attention 注意力机制，
// none 全部关闭；黑色短线是均值与 95 % 置信区间。

// %%
const everyPoint = {
  series: ablationSeeds.map((one) => `seed ${one}`),
  interval: lab.intervalOf,
  intervalName: `mean, ${lab.intervalName(runs)}`,
};
await figures.show(
  figures.strips({
    title:
      `${ablated.name}: all programs of the factorial, trained with equal FLOP · ${ablated.name}：析因实验的全部程序，训练的浮点运算次数相同`,
    panels: article.factorialPanels(factorial.points),
    ...everyPoint,
  }),
  "All points",
);

// %% [markdown]
// An effect is the mean of the four programs with the mechanism less the mean of the four without it; negative saves
// bytes. A waterfall shows the same numbers in one order, and another order would share them out differently.
//
// 效应是“有该机制的四个程序的平均”减去“没有的四个程序的平均”，负值表示节省字节。第一张表的列：
// 机制、参数个数、训练的浮点运算次数、平均字节数、95 % 置信区间、各种子的范围、解码秒数；第二张表的列：
// 效应（× 表示交互作用）、平均字节数、区间、各种子的范围、另两种机制都关、都开时的差。瀑布图把同样的数字按一种次序逐步列出，
// 换一种次序则分摊不同。

// %%
await figures.showTable(article.variantRows(factorial.variants, runs), "Combinations");
await figures.showTable(article.effectRows(factorial.effects, runs), "Effects");
await figures.show(
  figures.waterfall({
    title:
      `${ablated.name}: from raw bytes to the program, switched on in this order · ${ablated.name}：从原始字节到程序，按此次序打开`,
    steps: article.factorialSteps(ablated.symbols, factorial.variants),
    references: factorial.jpegXl
      ? [{ label: `JPEG XL ${factorial.jpegXl.bytes.toLocaleString("en")}`, value: factorial.jpegXl.bytes }]
      : [],
  }),
  "Waterfall of the mechanisms",
);

// %%
for (const mechanism of ["sharing", "hierarchy", "attention"] as const) {
  const { effect } = factorial.effects.find(({ mechanisms }) => mechanisms.join() === mechanism)!;
  const value = `${effect.mean > 0 ? "+" : "−"}${Math.round(Math.abs(effect.mean)).toLocaleString("en")} ± ${
    Math.round(effect.half ?? 0).toLocaleString("en")
  }`;
  section.judge(mechanism, {
    verdict: lab.verdictOf(lab.upperEnd(effect) < 0, effect.mean < 0),
    edge: lab.onEdge(effect, 0),
    measured: {
      en: `main effect ${value} B of ${ablated.symbols.toLocaleString("en")} raw (${runs} seeds)`,
      zh: `主效应 ${value} 字节，原始 ${ablated.symbols.toLocaleString("en")} 字节（${runs} 个种子）`,
    },
    numbers: { effect },
    stored,
  });
}

// %% [markdown]
// Sharing is the large step; hierarchy costs what a coarse pixel without near neighbours costs, and buys prefixes that
// decode; attention changes next to nothing on images of 32×32. That sharing is worth most was expected, that the other
// two cost was not.
//
// 参数共享是最大的一步；层次化结构使文件变长，因为粗像素没有近邻可供预测，换来的是可解码的前缀；
// 注意力在 32×32 的图像上几乎没有影响。参数共享最有价值在意料之中，另外两种机制反而增加字节则出乎意料。

// %% [markdown]
// Sharing has several kinds: across positions, layers, scales, and among the weights' values (a codebook). One at a
// time:
//
// 共享有几种：跨位置（positions）、跨层（layers）、跨尺度（scales），以及权重取值之间（codebook，码本）；
// 另比较网络的宽度（width）。逐项比较，表列依次为：种类、设置（shared 共享，not shared 不共享）、参数个数、
// 为文章编码器的几分之一、为不共享预测器的几分之一、权重字节数、程序字节数、各种子的范围、相差的字节（against 指与何者相比）、
// 95 % 置信区间；图中是同样程序的每一个点，下面一行说明参数可以减到多少而程序不变长。

// %%
await figures.showTable(
  article.sharingRows(sharingResults.cases, sharingResults.seeds.length),
  "Kinds of sharing",
);
await figures.show(
  figures.strips({
    title:
      `${sharingResults.set.name}: kinds of sharing, trained with equal FLOP · ${sharingResults.set.name}：各种共享，训练的浮点运算次数相同`,
    panels: article.sharingPanels(sharingResults.cases),
    ...everyPoint,
  }),
  "Kinds of sharing, all points",
);
const narrowest = article.narrowestSentence(sharingResults.cases);
console.log(`${narrowest.en}\n${narrowest.zh}`);

// %% [markdown]
// Sharing across positions saves most by far, across scales some; across layers the difference is small, and a codebook
// of three or four bits costs more than it saves. The article's 1/10 is width 56 here; even width 16 makes no longer
// program than that.
//
// 跨位置共享节省得最多，跨尺度其次；跨层相差很小；三、四比特的码本得不偿失。文章的“1/10”在此相当于宽度 56；
// 宽度减到 16（1,308 个参数，为文章编码器的 1/71.3），程序仍不比它长。

// %% [markdown]
// ## 2.3 Compression and generation · 压缩与生成的联系
//
// A program decodes its payload into the data. Give the same program random bits instead, and it draws what its model
// thinks likely. Nothing is added: the decoder *is* the generator. Expect textures and edges, and no objects.
//
// 程序把载荷解码为数据；给它随机比特，它就画出模型认为可能的图像。没有添加任何东西：解码器就是生成器。预期：有纹理与边缘，
// 没有物体。左为数据，右为随机比特解码所得。

// %%
const samples = await program.generate(count, seed, context);
await figures.showImages([
  { title: "data · 数据", picture: lab.contactSheet(image.take(data, 40), 8) },
  { title: "random bits, decoded · 解码随机比特", picture: lab.contactSheet(image.take(samples, 40), 8) },
], "Random bits · 随机比特");

// %% [markdown]
// They look like textures and edges, as expected. Are they copies? Each sample beside the image of the data that is
// nearest to it. The model knows textures and edges, not objects, so we expect neighbours that look nothing alike.
//
// 果然有纹理与边缘而无物体。它们是复制品吗？每个样本旁边是与之最近的数据，标题是两者相差的灰度级（levels）。
// 预期看起来毫不相像。

// %%
const neighbours = await lab.neighboursOf(samples, data, context);
const pairs = neighbours.map(({ index, distance }, i) => ({ index, distance, i }))
  .sort((a, b) => a.distance - b.distance).slice(0, 8);
await figures.showImages(
  pairs.map(({ index, distance, i }) => {
    const symbols = new Uint8Array([
      ...lab.select(samples, [i]).symbols,
      ...lab.select(data, [index]).symbols,
    ]);
    const two = { channels: data.channels, groups: [{ count: 2, height: 32, width: 32 }], symbols };
    return { title: `${distance.toFixed(1)} levels · 灰度级`, picture: lab.contactSheet(two, 2) };
  }),
  "The samples nearest to data, each with its datum · 离数据最近的样本，各与其最近的数据并列",
  4,
);

// %% [markdown]
// The nearest ones are flat for the most part, and no copies. Are they as likely as data? A program is no impartial
// judge of its own samples, so another model decides, the *judge*: a wider one, trained for longer on other images (a
// second third of the set). The last third, which no program has seen, says what real images are like.
//
// 最近的大多是平坦的图像，并非复制品。它们像数据吗？由另一个更宽、在另外三分之一图像上训练得更久的评判模型（judge）来判断；
// 程序从未见过的最后三分之一图像作为标准。第一幅图是每幅图像在评判模型下的比特数，第二幅是到最近数据的距离；samples 为样本，
// unseen real images 为未见的真实图像。

// %%
const judgeSteps = section.by({ smoke: 60, quick: 3000, paper: 50_000 });
const judgeProgram = await study.programAfter(judging, { ...shape, width: 32 }, judgeSteps, context);
section.spend(judgeProgram.trained!.flop);
const judgement = { judge: await mdl.modelOf(judgeProgram.bytes, context), data, unseen };
const real = await study.weigh(unseen, judgement, context),
  own = await study.weigh(samples, judgement, context);
await figures.show(
  figures.distributions({
    title: "Bits of an image under the judge's model · 每幅图像在评判模型下的比特数",
    x: "code length of an image (bits)",
    unit: "bits",
    samples: [
      { name: "samples", values: await mdl.bitsOf(judgement.judge, samples, context) },
      { name: "unseen real images", values: await mdl.bitsOf(judgement.judge, unseen, context) },
    ],
  }),
  "Judged",
);

// %%
await figures.show(
  figures.distributions({
    title: "Distance to the nearest datum · 到最近数据的距离",
    x: "root mean square of the differences (levels)",
    unit: "levels",
    samples: [
      { name: "samples", values: own.nearest },
      { name: "unseen real images", values: real.nearest },
    ],
  }),
  "Nearest neighbours",
);

// %% [markdown]
// The two distributions lie beside one another in both figures, and are not the same; how far apart they are depends on
// the training's seed, so that the verdict below is over several.
//
// 两图中样本与真实图像的分布相近而不相同；差距因随机种子而异，因此下面按多个种子判定。
//
// ### Does a better compressor sample better? · 压缩得更好，生成得也更好吗？
//
// Programs of the same data, trained from hardly at all to long, with several seeds. If compression and generation are
// one, fewer bytes should go with samples that resemble real images more: in how neighbours differ (gradients; 0 bits:
// alike, 1 bit: never alike), in their values (levels), and in the judge's opinion. Means, with 95 % intervals over the
// seeds.
//
// 同样的数据，训练由短到长，多个种子。若压缩与生成是一回事，字节越少，样本应越像真实图像：相邻像素之差（gradients，梯度；
// 0 比特为完全相同，1 比特为毫无重合）、像素值（levels，灰度级）以及评判模型的看法。表列依次为：
// 训练步数、程序字节数、梯度的散度、像素值的散度、评判模型下每符号比特数、到最近数据距离的中位数；均为均值与 95 % 置信区间。
// 两幅图是同样数字的每一个点，虚线是未见的真实图像。

// %%
const seeds = Array.from({ length: section.by({ smoke: 2, quick: 5, paper: 8 }) }, (_, i) => seed + i);
const sampled = await study.sampleAfter(judgement, { steps: training, seeds, shape }, context);
section.spend(sampled.reduce((sum, { flop }) => sum + flop, 0));
const offBy = ({ weighed }: study.Sampled) => Math.abs(weighed.judged - real.judged);
await figures.showTable(
  study.samplingRows(sampled),
  "Training, bytes and samples",
);

// %%
await figures.show(
  figures.scatter({
    title: "How far the samples' gradients are from those of real images · 样本的梯度与真实图像相差多远",
    series: study.samplingSeries(sampled, ({ weighed }) => weighed.gradients),
    x: { title: "program (bytes)" },
    y: { title: "divergence (bits)", log: true },
  }),
  "Gradients against bytes",
);
await figures.show(
  figures.scatter({
    title: "What a judge thinks of the samples · 评判模型对样本的看法",
    series: study.samplingSeries(sampled, ({ weighed }) => weighed.judged),
    x: { title: "program (bytes)" },
    y: { title: "median code length (bits/symbol)" },
    references: [{ label: `real, unseen: ${real.judged.toFixed(2)}`, value: real.judged }],
  }),
  "Judge against bytes",
);

// %% [markdown]
// Up to some training, fewer bytes and better gradients go together; the judge agrees less clearly. A judge counts bits
// and not beauty: flat images cost it little, so a hardly trained program that draws flat ones can be below the line of
// the real ones, and a better one above. Look at the samples themselves, the longest trained program last.
//
// 在一定训练量之前，字节更少与梯度更像同时发生；评判模型的看法没有那么一致：它只计比特，不论美丑，平坦的图像代价低，
// 所以几乎没有训练的程序可以低于真实图像的虚线，较好的程序反而高于它。请看样本本身（标题为训练步数与程序字节数，
// real 为真实图像）。

// %%
await figures.showImages(
  [
    ...sampled.filter((one) => one.seed === seed).map(({ steps, program, samples }) => ({
      title: `${steps} steps 步, ${program.bytes.length.toLocaleString("en")} B`,
      picture: lab.contactSheet(image.take(samples, 16), 4),
    })),
    { title: "real · 真实", picture: lab.contactSheet(image.take(unseen, 16), 4) },
  ],
  "Samples by training · 不同训练量的样本",
  3,
);

// %%
const longestRuns = sampled.filter(({ steps }) => steps === training.at(-1));
const nearestRatio = lab.intervalOf(
  longestRuns.map(({ weighed }) => Math.min(...weighed.nearest) / Math.min(...real.nearest)),
);
const off = lab.intervalOf(longestRuns.map(({ weighed }) => percent(weighed.judged, real.judged)));
const within = (part: number) => Math.abs(off.mean) + off.half! <= part;
const isNew = lab.lowerEnd(nearestRatio) >= 0.5;
section.judge("generates", {
  verdict: lab.verdictOf(isNew && within(10), isNew && within(25)),
  edge: [10, -10, 25, -25].some((part) => lab.onEdge(off, part)) || lab.onEdge(nearestRatio, 0.5),
  measured: {
    en: `the nearest sample is ${lab.plusMinus(nearestRatio, 2)} times as far from its ` +
      `datum as the nearest unseen real image; judged ${
        signed(off)
      } % bits against real images (${seeds.length} seeds)`,
    zh: `最近的样本到数据的距离为最近的未见真实图像的 ${
      lab.plusMinus(nearestRatio, 2)
    } 倍；评判模型下的比特数与真实图像相差 ${signed(off)} %（${seeds.length} 个种子）`,
  },
  numbers: { closest: nearestRatio, "judged, %": off },
});

// %%
const correlations = (of: (one: study.Sampled) => number) =>
  lab.intervalOf(seeds.map((one) => {
    const own = sampled.filter(({ seed }) => seed === one);
    return study.rankCorrelation(own.map(({ program }) => program.bytes.length), own.map(of));
  }));
const byGradients = correlations(({ weighed }) => weighed.gradients), byJudge = correlations(offBy);
const agree = [byGradients, byJudge].map((own) => lab.lowerEnd(own) >= 0.8);
section.judge("better", {
  verdict: lab.verdictOf(agree.every(Boolean), agree.some(Boolean)),
  edge: lab.onEdge(byGradients, 0.8) || lab.onEdge(byJudge, 0.8),
  measured: {
    en: `rank correlation with bytes over ${training.length} trainings: ${
      signed(byGradients, 2)
    } by gradients, ${signed(byJudge, 2)} by the judge (${seeds.length} seeds)`,
    zh: `${training.length} 次训练中与字节数的秩相关：以梯度计 ${signed(byGradients, 2)}，以评判模型计 ${
      signed(byJudge, 2)
    }（${seeds.length} 个种子）`,
  },
  numbers: { gradients: byGradients, judge: byJudge },
});

// %% [markdown]
// ## 2.4 The flow chart · Mermaid 流程图
//
// The article's diagram, drawn from the composed pipeline; dashed stages pass their input on. Its last arrow, new data
// → data, is an experiment: go round.
//
// 文章的流程图由组合的流程画出，虚线框的阶段关闭，把输入原样传下去。最后一个箭头“新数据 → 数据”是一个实验：让它循环起来。
// 框内小字是做法：变为灰度；因果邻域送入一个残差块；跨位置、尺度共享，6 比特码本；off 为关闭；两段编码；解码随机比特生成 200 幅；
// 新数据再作输入。

// %%
const chain = mdl.pipe(
  mdl.preprocess({ gray: true }),
  mdl.features(shape),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ exactly: true }),
  mdl.generate({ count }),
);
await figures.show(figures.flow("The chain of section 2.4 · 文章 2.4 的流程", chain), "The chain");
await figures.showMarkdown("```mermaid\n" + mdl.mermaid(chain) + "\n```");

// %% [markdown]
// Generation 0 learns from real images, generation 1 from what generation 0's program drew, and so on; as many images
// each time. The second arm keeps half of the images real. Watch the real, unseen images: what they cost under each
// generation's model is what that generation has forgotten of the world.
//
// Such loops are often said to lose diversity. A program that draws from its exact probabilities has no reason to
// narrow; but its small errors are the next one's data, and add up. Which way diversity goes is what the figures will
// tell.
//
// 第 0 代从真实图像学习，第 1 代从第 0 代画出的图像学习，依此类推，每代图像数相同；另一组始终保留一半真实图像。
// 看未见的真实图像：它们在每一代模型下的代价，就是这一代忘掉了多少。常有人说这样的循环会丧失多样性；
// 按精确概率抽样的程序没有理由变窄，但小误差会成为下一代的数据，逐代累积。结果如何，由图说明。
//
// 表列依次为：图像（drawn only 全部为生成的，half real 一半真实）、代、程序字节数、自己的图像与未见真实图像的每符号比特数、
// 一个像素的离差（灰度级）、图像对的距离（灰度级）；后两者衡量多样性。其后两幅图是各代相对第 0 代的变化，图例依次为：
// 程序、自己的图像、未见真实图像、像素的离差、图像对的距离。

// %%
const generations = section.by({ smoke: 1, quick: 3, paper: 12 });
const loopSteps = section.by({ smoke: 60, quick: 600, paper: 10_000 });
const few = section.by({ smoke: 24, quick: 120, paper: 333 });
const loops: (study.Loop & { readonly zh: string })[] = [];
for (
  const [name, zh, real] of [["drawn only", "全部为生成的", 0], ["half real", "一半真实", 0.5]] as const
) {
  const options = { generations, steps: loopSteps, features: shape, real }, passed = [];
  for (const one of seeds) {
    const run = mdl.contextOf(one, { ...context, log: () => {} });
    passed.push(await study.goRound(image.take(data, few), image.take(unseen, few), options, run));
  }
  section.spend(passed.flat().reduce((sum, { flop }) => sum + flop, 0));
  loops.push({ name, zh, passed });
}

// %%
await figures.showTable(loops.flatMap(study.loopRows), "The loop");
console.log(
  `means, and 95 % intervals over ${seeds.length} seeds · 均值与 95 % 置信区间，${seeds.length} 个种子`,
);
for (const loop of loops) {
  await figures.show(
    figures.lines({
      title:
        `The loop, ${loop.name}: mean over ${seeds.length} seeds, against generation 0 · 循环，${loop.zh}：${seeds.length} 个种子的均值，与第 0 代相比`,
      series: study.loopSeries(loop),
      x: { title: "generation" },
      y: { title: "change (%)" },
    }),
    `The loop, ${loop.name}`,
  );
}

// %% [markdown]
// The last generation against the first one, every seed. Bits of unseen real images are what counts: they are the price
// of describing the world with a model that has not seen it for generations.
//
// 最后一代与第一代之比，每个种子一点，黑色短线是均值与 95 % 置信区间。最要紧的是未见真实图像的比特数：
// 它是用几代没有见过世界的模型来描述世界的代价。

// %%
await figures.show(
  figures.strips({
    title: `Change from generation 0 to generation ${generations} · 从第 0 代到第 ${generations} 代的变化`,
    panels: study.changePanels(loops),
    series: seeds.map((one) => `seed ${one}`),
    interval: lab.intervalOf,
    intervalName: `mean, ${lab.intervalName(seeds.length)}`,
  }),
  "Change over the loop",
);

// %%
const [drawnOnly, halfReal] = loops.map((loop) => ({
  bits: lab.intervalOf(study.changeOf(loop, ({ unseen }) => unseen)),
  diversity: lab.intervalOf(study.changeOf(loop, ({ deviation }) => deviation)),
}));
type Kept = { readonly bits: lab.Interval; readonly diversity: lab.Interval };
const kept = ({ bits, diversity }: Kept) =>
  lab.upperEnd(bits) <= 2 && Math.abs(diversity.mean) + diversity.half! < 10;
const near = ({ bits, diversity }: Kept) =>
  lab.onEdge(bits, 2) || lab.onEdge(diversity, 10) || lab.onEdge(diversity, -10);
const changes = [drawnOnly!, halfReal!].map(({ bits, diversity }) =>
  `${signed(bits)} %, ${signed(diversity)} %`
);

// %%
section.judge("loop", {
  verdict: lab.verdictOf(kept(drawnOnly!), kept(halfReal!)),
  edge: near(drawnOnly!) || near(halfReal!),
  measured: {
    en:
      `after ${generations} generations bits of real images and diversity: ${
        changes[0]
      }; with half of the images real ` +
      `${changes[1]}`,
    zh: `${generations} 代之后真实图像的比特数与多样性：${changes[0]}；一半为真实图像时 ${changes[1]}`,
  },
  numbers: {
    "bits, %": drawnOnly!.bits,
    "diversity, %": drawnOnly!.diversity,
    "bits, half real, %": halfReal!.bits,
    "diversity, half real, %": halfReal!.diversity,
  },
});

// %% [markdown]
// What is forgotten adds up from generation to generation, and half of the images being real keeps most of it away.
// Diversity has not shrunk but grown. Below is what each generation learnt from.
//
// 遗忘逐代累积；保留一半真实图像可以避免大部分。多样性不减反增：全部为生成图像时，三代之后像素的离差增加
// 21.0 %，并没有变窄。下面是每一代学习所用的图像。

// %%
for (const { name, zh, passed } of loops) {
  await figures.showImages(
    passed[0]!.map(({ number, set }) => ({
      title: number ? `generation ${number} · 第 ${number} 代` : "real · 真实",
      picture: lab.contactSheet(lab.select(set, lab.spread(set, 16)), 4),
    })),
    `What each generation learnt from, ${name} · 每一代学习所用的图像，${zh}`,
    3,
  );
}

// %%
await section.keep(renderer, "scenes, the renderer");
await section.close();
