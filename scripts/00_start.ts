// %% [markdown]
// # 0. Start here: your own pictures · 从这里开始：用你自己的图片
//
// A folder of pictures becomes a program that prints them. You will see what the program is made of, what each stage of
// the chain costs, what switching a stage on or off does, new pictures drawn from the same program, other codecs
// (programs that compress and restore, such as JPEG XL) beside it, and a figure of your own. This is a way in and no
// section of the article: nothing is claimed here. Copy it, or let `deno task new my_experiment` make an emptier one.
// Terms are in the [glossary](glossary.md).
//
// 中文：把一个图片文件夹变成一个能输出这些图片的程序。你会看到：程序由什么组成，流程的每一阶段花费多少字节，
// 打开或关闭某一阶段有何影响，同一程序画出的新图片，与其他编解码器的比较，以及一幅你自己的图。这只是入门，不是文章的一节，
// 也不下任何结论。可以复制它，或者用 `deno task new my_experiment` 新建一个更空的笔记本。
// 术语见 [glossary · 术语表](glossary.md)。
//
// The settings: `smoke` takes seconds and shows only that the cells run, `quick` about two minutes on two cores.
//
// 预设：`smoke` 只需几秒，仅表明各单元能运行；`quick` 在两个核上约需两分钟。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as image from "@mdlab/mdlab/image";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";

const settings = { preset: "quick", seed: 1 } as const;
const { preset, seed } = lab.settingsOf(settings);

// %% [markdown]
// ## A folder · 文件夹
//
// Without a folder of yours, this cell writes one: 40 pieces of photos, as PNG files. PNG, JPEG and WebP of any sizes
// will do.
//
// 如果没有指定文件夹，这个单元会写一个：40 块照片，存为 PNG。任何大小的 PNG、JPEG、WebP 都可以。

// %%
let folder = ""; // put your folder here, such as "/home/me/pictures" · 在此填入你的文件夹

if (!folder) {
  const photos = await mdl.loadDataset("photos", { take: 40 });
  folder = `${await Deno.makeTempDir()}/pictures`;
  await lab.saveImages(folder, mdl.transform(photos, { size: { width: 64, height: 48 } }));
}

// %%
const pictures = await mdl.loadFolder(folder, { take: preset === "smoke" ? 8 : 40 });
await figures.showImages([
  {
    title: `${pictures.names.length} pictures · ${pictures.names.length} 幅图片`,
    picture: lab.contactSheet(pictures, 10),
  },
], "My pictures · 我的图片");

// %% [markdown]
// ## The chain · 流程
//
// The stages have the article's names. Each takes what the one before it hands on; a stage that is off hands its input
// on unchanged. The figure is drawn from the chain itself.
//
// 各阶段沿用文章的名称，每一阶段接收上一阶段的结果；关闭的阶段把输入原样传给下一阶段（图中为虚线框）。下图由流程本身画出。
// 框内小字是文章的小节与做法：因果邻域与局部最小二乘预测送入一个残差块；跨位置、尺度共享，6 比特码本；off 为关闭；两段编码：训练、
// 量化、熵编码。其下的英文是运行记录：每个符号的输入个数、参数个数、预计的秒数、所试各模型的参数个数。

// %%
const chain = mdl.pipe(
  mdl.preprocess(), // { gray: true, size: { width: 32, height: 32 } } makes less of it
  mdl.features(),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ preset }),
);
await figures.show(figures.flow("The chain · 流程", chain), "The chain");

// %%
const { output: program, passages } = await chain.run(pictures, { seed });

// %% [markdown]
// ## The ledger · 账目
//
// Every byte of the program has a purpose, and all of them sum to the file: the decoder's code and the weights are in
// it.
//
// 程序的每个字节都有用途，合计等于文件长度；解码器的代码和权重都计入。下图由上到下：
// 原始图片（raw data）、程序各部分的字节、程序总长；payload 为载荷（编码后的图片），weights 为权重，
// decoder code 为解码器代码。

// %%
const steps = figures.ledgerSteps(pictures.symbols.length, program.ledger.entries);
await figures.show(
  figures.waterfall({ title: "From the pictures to the program · 从图片到程序", steps }),
  "Ledger",
);

// %% [markdown]
// ## What each stage costs · 每一阶段的价格
//
// The price of a stage is what the file has to carry for it, not what it saves: that only a second program can tell.
//
// 价格是文件为该阶段承担的字节，而不是它省下的字节；后者要再做一个程序才知道。表列依次为：
// 阶段、文章的小节、做什么（off 表示关闭）、价格（字节）。“做什么”与上图小字相同，这里选中的残差块宽 16。

// %%
await figures.showTable(lab.chainRows(passages, program), "The chain, and what each stage costs");

// %% [markdown]
// ## Switches · 开关
//
// The same pictures with one stage switched, at an equal and short training: attention looks at similar patches, the
// pyramid codes coarse pictures first, and without the local fit 1.1 kB of decoder code stay away.
//
// 同样的图片，每次只切换一个阶段，训练同样短：注意力查看相似的小块，层次化结构（金字塔）先编码粗略的图，
// 不用局部线性拟合则省去 1.1 kB 的解码器代码。表中各行：照旧（as it is）、打开注意力、打开层次化结构、关闭局部拟合；
// difference 为与第一行相差的字节，正数表示文件变长。

// %%
const short = { preset, steps: preset === "smoke" ? 50 : 3000, exactly: true };

async function sizeOf({ seen = {}, order = {}, over = {} }) {
  const stages = [mdl.features(seen), mdl.sharing(), mdl.hierarchy(order), mdl.attention(over)] as const;
  return (await mdl.pipe(...stages, mdl.compress(short)).run(pictures, { seed })).output.bytes.length;
}

// %%
const sizes = {
  "as it is": await sizeOf({}),
  "attention on": await sizeOf({ over: { over: "patches" } }),
  "hierarchy on": await sizeOf({ order: { order: "pyramid" } }),
  "local fit off": await sizeOf({ seen: { leastSquares: false } }),
};

// %%
const base = sizes["as it is"];
await figures.showTable(
  Object.entries(sizes).map(([chain, bytes]) => ({ chain, bytes, "difference, bytes": bytes - base })),
  "One stage switched",
);

// %% [markdown]
// With these pictures and so short a training hierarchy costs most, attention costs a little, and the local fit does not
// pay for its code yet.
//
// 对这些图片，训练这样短时，层次化结构使文件长得最多，注意力使它略长；局部拟合还抵不上自己的解码器代码。
//
// ## New pictures · 新图片
//
// The program decodes random bits in place of its payload: what its model takes for pictures like yours.
//
// 程序用随机比特代替载荷来解码：画出的就是模型眼中与你的图片相像的图。

// %%
const drawn = await mdl.generate({ count: 20 }).run(program, { seed });
await figures.showImages([
  { title: "drawn from the program · 由程序画出", picture: lab.contactSheet(drawn, 10) },
], "New pictures · 新图片");

// %% [markdown]
// ## Other codecs · 其他编解码器
//
// Each in the layout that suits it best, its decoder not counted, ours counted. Below the figure stands whether the
// program is the shortest, and what may help if it is not.
//
// 每个编解码器取最适合它的排列，其解码器不计入，而我们的计入。图下一行说明程序是否最短；若不是，
// 给出可能有用的办法（shorter 即更短，longer 即更长）。

// %%
const codecs = await lab.measureBaselines(pictures);
await lab.showCodecs(pictures, program, codecs);

// %% [markdown]
// ## A figure of your own · 你自己的图
//
// Which pictures are hard? Beside each other: how far a picture's symbols are from their mean, and how many bits its
// symbols take under the model. Any numbers go into `figures.scatter`, `lines`, `heatmap`, `sizeBars` …
//
// 哪些图片难以压缩？横轴是一张图片的符号离其均值多远，纵轴是它的符号在模型下平均需要多少比特。
// 任何数字都可以交给 `figures.scatter`、`lines`、`heatmap`、`sizeBars` 等。

// %%
const bits = await mdl.bitsOf(await mdl.modelOf(program.bytes), pictures);
const each = [...image.images(pictures)].map(({ pixels }, i) => {
  const mean = pixels.reduce((sum, v) => sum + v, 0) / pixels.length;
  const variance = pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length;
  return { deviation: Math.sqrt(variance), rate: bits[i]! / pixels.length };
});

// %%
const figure = figures.scatter({
  title: "Which pictures are hard · 哪些图片难以压缩",
  x: { title: "standard deviation of a picture's symbols" },
  y: { title: "rate (bits/symbol)" },
  series: [{
    name: "pictures",
    x: each.map(({ deviation }) => deviation),
    y: each.map(({ rate }) => rate),
  }],
});
await figures.show(figure, "Which pictures are hard");

// %% [markdown]
// On the whole, the further the symbols of a picture are from their mean, the more bits they take.
//
// 大体上，符号离均值越远的图片，每个符号所需的比特越多。
//
// ## Keep it · 保存
//
// The file needs nothing of MDLab to run; `deno task decompress pictures.wasm --output FOLDER` makes the pictures of it.
// Decoded once more, they are the very same.
//
// 这个文件运行时不需要 MDLab；`deno task decompress pictures.wasm --output FOLDER` 把它变回图片。再解码一次，逐个符号相同。

// %%
const file = `${folder}.wasm`; // beside the folder
await mdl.saveFile(file, program.bytes);
const { symbols } = await mdl.programOf(await Deno.readFile(file)).verify(pictures);
console.log(`${program.bytes.length} bytes; ${symbols} symbols decoded, all the same`);
console.log(`${program.bytes.length} 字节；解码 ${symbols} 个符号，全部相同`);
