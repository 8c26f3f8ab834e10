// %% [markdown]
// # My experiment · 我的实验
//
// What is to be found out, and what would be a surprise.
//
// 要弄清什么，什么结果会出人意料。

// %% tags=["parameters"]
import * as mdl from "@mdlab/mdlab";
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";

const settings = { preset: "quick", seed: 1 } as const;
const { preset, seed } = lab.settingsOf(settings);

// %% [markdown]
// ## Data · 数据

// %%
const set = await mdl.loadDataset("scenes", { take: 40 }); // or: await mdl.loadFolder("/home/me/pictures")
await figures.showImages([
  { title: `${set.names.length} images`, picture: lab.contactSheet(set, 10) },
], "Data");

// %% [markdown]
// ## Chain · 流程

// %%
const chain = mdl.pipe(
  mdl.preprocess(),
  mdl.features(),
  mdl.sharing(),
  mdl.hierarchy(),
  mdl.attention(),
  mdl.compress({ preset }),
);
const { output: program, passages } = await chain.run(set, { seed });
await figures.showTable(lab.chainRows(passages, program), "The chain");

// %% [markdown]
// ## Figure · 图

// %%
await lab.showCodecs(set, program, await lab.measureBaselines(set));
