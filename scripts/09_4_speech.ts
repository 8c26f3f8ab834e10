// %% [markdown]
// # 9.4 Where compressed models are used: speech · 压缩模型的应用：语音
//
// The article names four fields in which compressed models are used, vision, language, recommendation and speech
// recognition, and says that computing becomes noticeably more efficient and more accurate by them. This notebook is about
// speech. It asks what three models can still do when their files get smaller: which digit was said, who says something,
// whether anybody speaks at all. Then it codes the recordings themselves, without loss.
//
// You will see: a network that learns digits from synthesised voices and is asked by people, which is much harder for
// it than other synthesised voices; a network that knows four speakers, and how much of that may be their language or
// their room; a published network whose file shrinks without any training; multiplications counted; and recordings as
// programs, beside FLAC and WavPack. All sizes are those of files that were read back. Terms are in the
// [glossary](glossary.md).
//
// 中文：文章说压缩模型广泛用于视觉、语言、推荐和语音识别，并能显著提高计算效率和准确性。本节以语音检验：
// 用合成嗓音训练、由真人录音检验的语音数字识别；四位说话人的辨认（并分清嗓音、语言与录音环境的影响）；
// 他人训练的语音活动检测网络在文件缩小后的判断；乘法次数的计数；以及录音的无损编码与 FLAC、WavPack 的比较。
// 所有字节数都来自重新读出的文件。术语见 [glossary · 术语表](glossary.md)。
//
// The settings of the run. `smoke` takes less than a minute and shows only that the cells run, `quick` about five
// minutes on two cores that run another section, too,
// `paper` perhaps half an hour (estimated, not yet run). The outputs below are those of `quick`.
//
// 预设：`smoke` 只需几十秒，仅表明各单元能运行；`quick` 在同时运行另一节的两个核上约五分钟，`paper` 估计约半小时（尚未运行）。下面的输出来自 `quick`。

// %% tags=["parameters"]
import * as lab from "@mdlab/mdlab/laboratory";
import * as figures from "@mdlab/mdlab/figures";
import * as speech from "experiments/speech/mod.ts";
import claims from "../data/claims.json" with { type: "json" };

const settings = { preset: "quick", seed: 1 } as const;

// %% [markdown]
// The claims, with what each has to reach. Of `activity` and `lossless` some numbers were known when their thresholds
// were written, of the others none of the compressed files. To `efficient`, narrower networks were added when it was
// known that thin matrices alone do not reach it; its threshold stayed.
//
// 测量之前先写明每条论断及其成立的标准。写定标准时，“是否有人说话”与“更少的字节保存语音”两条的部分数值已经知道，
// 其余各条没有看过任何压缩后的文件；“计算效率”一条在得知低秩矩阵单独达不到标准之后，加入了更窄的网络，标准本身未变。

// %%
const section = await lab.openSection("09_4_speech", settings, claims["09_4_speech"]);

// %%
const { context } = section;
const seeds = Array.from(
  { length: section.by({ smoke: 2, quick: 3, paper: 10 }) },
  (_, i) => section.seed + i,
);
const one = (value: number, digits = 1) => {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString("en", { ...format, signDisplay: "negative" });
};
const share = (point: lab.TaskPoint, { points }: lab.TaskResult) => point.bytes.mean / points[0]!.bytes.mean;

// %% [markdown]
// ## The recordings · 录音
//
// People's speech comes from the prompts of a telephone exchange, Asterisk: the same prompts in five languages, mono,
// 8,000 samples a second. They are Debian packages: `apt-get` fetches them where there is one. Anywhere else, download
// the five files `asterisk-core-sounds-LANGUAGE-wav_1.6.1-1_all.deb` (en, es, fr, it, ru) of Debian into `data/cache/`;
// the next cell unpacks them on any system, and compares them with what is pinned. In `smoke` synthesised prompts stand
// in for them where they are missing.
//
// There are four voices, as one of them, Allison, speaks both English and Spanish. Everybody else speaks a language
// that nobody else does. No data set of this size can tell a voice from a language, or from the room and the
// microphone, where these always go together; the one voice with two languages is the only handle.
//
// 真人语音来自电话交换机 Asterisk 的提示音：同样的提示语，五种语言，单声道，每秒 8,000 个样本。它们是 Debian 的软件包，
// 有 `apt-get` 的机器自动获取；在别处请把五个文件 `asterisk-core-sounds-LANGUAGE-wav_1.6.1-1_all.deb`（en、es、fr、it、
// ru）下载到 `data/cache/`，下一个单元会解包并核对。`smoke` 时若没有录音，则以合成的提示语代替。
//
// 共有四个人的嗓音，其中 Allison 说英语和西班牙语，其他人各说一种别人不说的语言。嗓音、语言、房间与话筒总在一起出现时，
// 这样大小的数据无法把它们分开；说两种语言的那个嗓音是唯一的线索。表列依次为：
// 语言、说话人、是否录音、提示语条数、分钟数、数字个数。

// %%
const recordings = section.use(await speech.promptsOrStandIns(context, section.preset === "smoke"));
const { prompts } = recordings;
const spokenIn = (language: string) => prompts.filter((prompt) => prompt.language === language);
await figures.showTable(
  speech.LANGUAGES.map((language) => {
    const own = spokenIn(language), samples = own.reduce((sum, { samples }) => sum + samples.length, 0);
    return {
      language,
      speaker: own[0]!.speaker,
      recorded: recordings.recorded ? "yes" : "no: stand-ins",
      prompts: own.length,
      minutes: Number(one(samples / 8000 / 60)),
      digits: own.filter(({ name }) => /^digits\/\d$/.test(name)).length,
    };
  }),
  "Recordings",
);

// %% [markdown]
// ## Spoken digits · 语音数字
//
// Ten digits in five languages make fifty words. The recordings have each word once, too few to learn from, so the
// network learns from synthesised voices (eSpeak NG, formants and rules, no recordings in it) of several throats
// (settings of the synthesiser that sound like different people), and is asked by throats that were kept out, and by
// people. That is a shift on purpose: what a model is trained on is seldom what it is asked.
//
// The network hears 20 bands every 16 ms, each word stretched to the same length, each band minus its mean, which takes
// away what a microphone and a telephone line add. Below is what it hears of “seven” in English before that. Expect a
// synthesised vowel to be clean stripes, and a person's to be less so.
//
// 十个数字、五种语言，共五十个词。录音里每个词只有一次，太少，因此网络从合成嗓音学习（eSpeak NG，由共振峰与规则合成，
// 不含录音；不同的设置听来像不同的人），再用留出的合成嗓音与真人提问。这是有意的分布偏移：模型被问到的，很少就是它学过的。
//
// 网络每 16 毫秒听 20 个频带，每个词拉伸到同样长度，每个频带减去均值，以去掉话筒与电话线路的影响。
// 下图是减去均值之前它所听到的英文“seven”，左为合成嗓音，右为真人；纵轴是频带（band，由上到下从 3362 到 188 Hz）。
// 预期合成的元音是干净的条纹，真人的则不那么干净。

// %%
const throats = section.by({ smoke: 1, quick: 16, paper: 26 });
const learnt = await speech.synthesiseDigits("learnt", throats, context);
const keptOut = await speech.synthesiseDigits("asked", section.by({ smoke: 1, quick: 6, paper: 6 }), context);
const people = speech.recordedDigits(prompts);

// %%
const english = (said: typeof people) =>
  said.find(({ digit, language }) => digit === 7 && language === "en")!;
const heard = [learnt, people].map((said) => speech.spectrumOf(english(said).samples));
const GAP = 4, width = heard[0]!.frames + GAP + heard[1]!.frames, quietest = -60;
const map = new Float32Array(width * speech.BANDS).fill(quietest);
heard.forEach(({ values, frames }, i) => {
  for (let t = 0; t < frames; t++) {
    for (let band = 0; band < speech.BANDS; band++) {
      const column = t + (i ? heard[0]!.frames + GAP : 0), row = speech.BANDS - 1 - band;
      map[row * width + column] = Math.max(quietest, values[t * speech.BANDS + band]!);
    }
  }
});

// %%
const [low, high] = [speech.MIDDLES[0]!, speech.MIDDLES.at(-1)!].map(Math.round);
await figures.show(
  figures.heatmap({
    title: `“Seven”: a synthesised voice at the left, ${
      recordings.recorded ? "a person" : "a stand-in"
    } at the right · “seven”（七）：左为合成嗓音，右为${recordings.recorded ? "真人" : "代用嗓音"}`,
    values: map,
    height: speech.BANDS,
    width,
    unit: "power (dB)",
    rows: `band (${high} to ${low} Hz)`,
    columns: "frame (16 ms)",
  }),
  "A digit as the network hears it",
);

// %% [markdown]
// Both say the same: the hiss of the s at the top, two vowels, little between them. The person's pitch lies in lines
// across the vowels at the bottom, where the synthesised one has its formants; whoever learns from one has not seen the
// other.
//
// The network is small: a convolution over five frames with 32 filters, the strongest answer of each in four parts of
// the word, a layer of 64 units, and the ten digits. Expect nearly all of the synthesised voices' digits to be right,
// also of those kept out, and far fewer of people's: chance is 10 %. A file is chosen by every other of the throats
// kept out, and judged by those between, and by people.
//
// 两者说的是同一个词：上方是 s 的嘶声，其后两个元音，中间几乎没有声音。真人的音高是下方横贯元音的细线，
// 合成嗓音那里则是共振峰；学过一种，并没有见过另一种。
//
// 网络很小：跨五帧的卷积，32 个滤波器，取每个在词的四个部分中的最强响应，再经 64 个单元的一层，得到十个数字。
// 预期合成嗓音的数字几乎全对，留出的也是，真人的则少得多；随机猜测为 10 %。文件在一半留出的嗓音上选定，在另一半与真人上判定。
// 表列依次为：语言、说话人、真人判对的百分比、留出的嗓音判对的百分比与区间。

// %%
const steps = section.by({ smoke: 30, quick: 1000, paper: 6000 });
const varied = speech.variedSounds(learnt);
const hearers = await speech.trainNetworks(varied, { classes: 10, steps }, seeds, context);
section.spend(seeds.length * speech.trainingFlop({ classes: 10, steps }));

// %%
const shares = async (said: typeof people) =>
  lab.intervalOf(
    await Promise.all(hearers.map((model) => speech.shareHeard(model, speech.soundsOf(said), context))),
  );
const byLanguage: Record<string, string | number>[] = [];
for (const language of speech.LANGUAGES) {
  const own = (said: typeof people) => said.filter((word) => word.language === language);
  byLanguage.push({
    language,
    speaker: spokenIn(language)[0]!.speaker,
    "people, right %": lab.plusMinus(await shares(own(people))),
    [`kept-out voices, right %; ${lab.intervalName(seeds.length)}`]: lab.plusMinus(
      await shares(own(keptOut)),
    ),
  });
}
await figures.showTable(byLanguage, "Digits by language");

// %% [markdown]
// Fewer of people's digits are right, as expected, and fewest in Russian, but far more than by chance. Of the synthesised
// voices' fewer are right than was expected.
//
// 真人判对的较少，与预期相符，俄语最少，但都远高于随机猜测；合成嗓音判对的则少于预期。
//
// Each language has ten recorded digits, so a language's share moves in steps of ten. Now the files: the same networks
// as trained, with shared values (2 to 256 a matrix, entropy coded), with zeros, and with thin matrices; each file is
// read back and asked again. Expect 16 values to be enough, and 2 or 4 to be far too few.
//
// 每种语言有十个数字录音，所以每种语言的份额以百分之十为一步。再看文件：同样的网络，训练所得、共享取值（每个矩阵 2 至 256 个，
// 熵编码）、置零、低秩；每个文件都读回再问。预期 16 个取值足够，2 或 4 个则远远不够。
//
// 表列依次为：提问者（kept-out voices 留出的嗓音，
// people 真人）、文件、字节数、为首个文件的百分之几、判对的百分比与区间、损失的百分点（成对）。文件名中，
// f32 是训练所得的 32 位浮点数，16 values 是 16 个共享取值，50 % zeros 是 50 % 置零，rank 50 % 是一半的秩。图例：
// as trained 训练所得，codebooks 码本，zeros and codebooks 置零加码本，low rank and codebooks 低秩加码本；
// 虚线是随机猜测（chance）。

// %%
const ofThroat = (i: number) => keptOut.length > 50 ? Math.floor(i / 50) % 2 : i % 2; // fifty words a throat
const [choosing, judging] = [0, 1].map((odd) =>
  speech.soundsOf(keptOut.filter((_, i) => ofThroat(i) === odd))
);
const digitsTask = speech.digitsTask("kept-out voices", hearers, judging!);
const asked = await lab.measureTask({ ...digitsTask, validation: choosing! }, seeds, context);
const shifted = await lab.measureTask(
  speech.digitsTask("people", hearers, speech.soundsOf(people)),
  seeds,
  context,
);
await figures.showTable(lab.taskRows([asked, shifted], "digits right, %"), "Digits against bytes");

// %%
await figures.show(
  figures.lines({
    title: "Spoken digits: right against the bytes of the model's file · 语音数字：判对的百分比与文件字节数",
    series: lab.taskSeries([asked, shifted]),
    x: { title: "file (bytes)", log: true },
    y: { title: "digits right (%)" },
    references: [{ label: "chance", value: 10 }],
  }),
  "Digits right against bytes",
);

// %%
const chosen = lab.shortestWithin(asked, 1);
const atPeople = shifted.points.find(({ way }) => way === chosen.way)!;
const same = (loss: (point: lab.TaskPoint) => number) => loss(chosen) <= 1 && loss(atPeople) <= 1;
const small = share(chosen, asked) <= 1 / 8;

// %%
const [fromVoices, fromPeople] = [asked, shifted].map(({ points }) => lab.plusMinus(points[0]!.score));
const nearly = asked.points[0]!.score.mean >= 90, asPart = `${one(100 * share(chosen, asked))} %`;
const [whose, whoseZh] = recordings.recorded ? ["people's", "真人"] : ["the stand-ins'", "代用嗓音"];
await figures.showMarkdown(
  `As trained, ${fromVoices} % of the kept-out voices' digits are right (${
    nearly ? "nearly all, as expected" : "fewer than expected"
  }) and ${fromPeople} % of ${whose}. The shortest file that loses at most 1 point on the voices to choose by ` +
    `(${chosen.way}) has ${asPart} of the bytes.\n\n` +
    `训练所得的网络判对留出嗓音的 ${fromVoices} %（${
      nearly ? "几乎全对，与预期相符" : "少于预期"
    }），${whoseZh}的 ` +
    `${fromPeople} %。在选择用的嗓音上至多损失 1 个百分点的最短文件（${chosen.way}）占字节数的 ${asPart}。`,
);

// %%
section.judge("digits", {
  verdict: lab.verdictOf(
    small && same(({ loss }) => lab.upperEnd(loss)),
    small && same(({ loss }) => loss.mean),
  ),
  edge: lab.onEdge(chosen.loss, 1) || lab.onEdge(atPeople.loss, 1),
  measured: {
    en: `${chosen.way}: ${one(100 * share(chosen, asked))} % of the bytes; lost: ${
      lab.plusMinus(chosen.loss)
    } points of kept-out voices, ${lab.plusMinus(atPeople.loss)} of people`,
    zh: `“${chosen.way}”：字节数 ${one(100 * share(chosen, asked))} %；损失（百分点）：留出的嗓音 ${
      lab.plusMinus(chosen.loss)
    }，真人 ${lab.plusMinus(atPeople.loss)}`,
  },
  numbers: { share: share(chosen, asked), keptOut: chosen.loss, people: atPeople.loss },
});

// %% [markdown]
// ## Who speaks · 谁在说话
//
// The same network, four classes, on pieces of half a second; the prompt's speaker is the most probable one of its
// pieces together. Learnt from are English, French, Italian and Russian prompts, asked are others: no prompt's name is
// in both, also not with another prefix (`vm-minutes`, `queue-minutes`), nor a recording that was cut twice.
//
// What would be found without a voice? Two controls say: the speaker by the quietest twentieth of each prompt alone,
// where nobody speaks and only the room and the line are heard (expect more than the 25 % of chance), and Allison's
// Spanish prompts, a language that the network never heard: if it listens to the language, it will not find her there.
//
// 同样的网络，四个类别，输入为半秒的片段；一条提示语的说话人取其各片段合起来最可能者。用英、法、意、俄语的提示语学习，
// 用另一些检验：没有哪条提示语的名称两边都有，改了前缀的（`vm-minutes`、`queue-minutes`）也没有，重复剪辑的录音也剔除。
//
// 没有嗓音时能认出什么？两个对照：只凭每条提示语最安静的二十分之一，那里没有人说话，
// 只听得见房间与线路（预期高于随机猜测的 25 %）；以及 Allison 的西班牙语提示语，网络从未听过该语言：若它听的是语言，
// 就认不出她。第一张表的行依次为：训练所得、每个频带减去均值（一个种子）、只听最安静的帧；列为：
// 其他提示语（other prompts）、Allison 的西班牙语（Allison in Spanish）。

// %%
const every = section.by({ smoke: 5, quick: 1, paper: 1 });
const split = speech.splitByPrompt(prompts.filter((_, i) => i % every === 0)),
  classes = split.speakers.length;
const speakerSteps = section.by({ smoke: 30, quick: 700, paper: 6000 });
const everyOther = (odd: number) => split.asked.filter((_, i) => i % 2 === odd); // to choose by, and to judge by
const pieces = (hearing: speech.Hearing) => ({
  learnt: speech.piecesOf(split.learnt, split.speakers, hearing),
  choosing: speech.piecesOf(everyOther(0), split.speakers, hearing),
  asked: speech.piecesOf(everyOther(1), split.speakers, hearing),
  elsewhere: speech.piecesOf(split.elsewhere, split.speakers, hearing),
});
const plain = pieces("bands as they are"), centred = pieces("each band centred");
const training = { classes, steps: speakerSteps };
const knowers = await speech.trainNetworks(plain.learnt, training, seeds, context);
const deaf = await speech.trainNetworks(centred.learnt, training, seeds.slice(0, 1), context);
section.spend((seeds.length + 1) * speech.trainingFlop(training));

// %%
const speakers = speech.speakersTask("other prompts", knowers, plain.asked, classes);
const known = await lab.measureTask({ ...speakers, validation: plain.choosing }, seeds, context);
const spanish = speech.speakersTask("Allison in Spanish", knowers, plain.elsewhere, classes);
const abroad = await lab.measureTask(spanish, seeds, context);
const byCentred = (test: typeof plain.asked) => speech.shareKnown(deaf[0]!, test, classes, context);
const silence = speech.shareKnownBySilence(split);

// %%
await figures.showTable([
  {
    heard: "as trained",
    "other prompts": lab.plusMinus(known.points[0]!.score),
    "Allison in Spanish": lab.plusMinus(abroad.points[0]!.score),
  },
  {
    heard: "each band minus its mean (one seed)",
    "other prompts": one(await byCentred(centred.asked)),
    "Allison in Spanish": one(await byCentred(centred.elsewhere)),
  },
  { heard: "the quietest frames only", "other prompts": one(silence), "Allison in Spanish": "–" },
], "Speakers known (%)");

// %%
const inSpanish = lab.plusMinus(abroad.points[0]!.score), found = abroad.points[0]!.score.mean > 75;
await figures.showMarkdown(
  `Learnt from ${split.learnt.length} prompts, asked of ${split.asked.length} others and of ${split.elsewhere.length} in ` +
    `Spanish; ${split.repeated} were left out as cut twice. The network finds Allison in ${inSpanish} % of the Spanish ` +
    `prompts: a language that it never heard ${
      found ? "hides her little" : "hides her"
    }. The room alone gives ` +
    `${
      one(silence)
    } % of the speakers away, so this is recognition of recordings, of which a voice is a part.\n\n` +
    `学习 ${split.learnt.length} 条提示语，提问另外 ${split.asked.length} 条与西班牙语的 ${split.elsewhere.length} 条，` +
    `剔除重复剪辑的 ${split.repeated} 条。西班牙语的提示语中认出 Allison 的占 ${inSpanish} %：` +
    `没听过的语言${found ? "几乎没有" : ""}掩盖她。仅凭房间就能认出 ${one(silence)} % 的说话人，` +
    "所以这是对录音的识别，嗓音只是其中一部分。",
);
await figures.showTable(lab.taskRows([known, abroad], "prompts right, %"), "Speakers against bytes");

// %%
await figures.show(
  figures.lines({
    title: "Speakers: right against the bytes of the model's file · 说话人：判对的百分比与文件字节数",
    series: lab.taskSeries([known, abroad]),
    x: { title: "file (bytes)", log: true },
    y: { title: "prompts right (%)" },
    references: [{ label: "chance", value: 100 / classes }],
  }),
  "Speakers right against bytes",
);

// %%
const shortest = lab.shortestWithin(known, 1), part = share(shortest, known);
await figures.showMarkdown(
  `The shortest file that loses at most 1 point on the prompts to choose by (${shortest.way}) has ${
    one(100 * part)
  } % of the bytes.\n\n在选择用的提示语上至多损失 1 个百分点的最短文件（${shortest.way}）占字节数的 ${
    one(100 * part)
  } %。`,
);

// %%
section.judge("speakers", {
  verdict: lab.verdictOf(
    part <= 1 / 8 && lab.keeps(shortest, 1),
    part <= 1 / 4 && lab.keeps(shortest, 1),
  ),
  edge: lab.onEdge(shortest.loss, 1),
  measured: {
    en: `${shortest.way}: ${one(100 * part)} % of the bytes, ${lab.plusMinus(shortest.loss)} points lost of ${
      lab.plusMinus(known.points[0]!.score)
    } %`,
    zh: `“${shortest.way}”：字节数 ${one(100 * part)} %，在 ${
      lab.plusMinus(known.points[0]!.score)
    } % 中损失 ${lab.plusMinus(shortest.loss)} 个百分点`,
  },
  numbers: {
    share: part,
    lost: shortest.loss,
    score: known.points[0]!.score,
    spanish: abroad.points[0]!.score,
  },
});

// %% [markdown]
// ## Whether anybody speaks · 是否有人说话
//
// A network that others trained, on far more speech than there is here: Silero's voice activity detector, 2.3 MB of
// ONNX, as telephones and browsers use it. Its numbers are taken out of the file, made fewer, and put back in their
// places; nothing is trained again. Each seed draws scenes of four seconds, one prompt in each, with a hiss below it;
// asked is how many decisions (speech or not, every 32 ms) stay the same. Expect fewer values to be enough than a file
// of 32-bit numbers suggests, but more than for the small networks above, as nothing makes up for what is lost.
//
// 他人用远多于此的语音训练的网络：Silero 的语音活动检测器，2.3 MB 的 ONNX 文件，电话与浏览器都用它。
// 把其中的数取出、减少取值、再放回原处，不再训练。每个种子抽取四秒的场景，各含一条提示语，底下有嘶声；
// 看每 32 毫秒“有人说话与否”的判断有多少不变。预期所需的取值比 32 位浮点数的文件看上去少，但比上面的小网络多，
// 因为没有任何东西弥补损失。表列与前面相同，分数为不变的判断（%）；图中虚线是 99 %。

// %%
const silero = await speech.loadSilero(context), scenes = section.by({ smoke: 1, quick: 4, paper: 20 });
const [toChoose, toJudge] = [0, 1].map((odd) => prompts.filter((_, i) => i % 2 === odd));
const detecting = speech.activityTask(silero, toJudge!, scenes),
  draws = section.by({ smoke: 1, quick: 3, paper: 10 });
const voice = await lab.measureTask({ ...detecting, validation: toChoose! }, seeds.slice(0, draws), context);
await figures.showTable(lab.taskRows([voice], "decisions that stay, %"), "Voice activity against bytes");

// %%
await figures.show(
  figures.lines({
    title: "Voice activity: decisions that stay, against the bytes of the model's file · " +
      "语音活动：不变的判断与文件字节数",
    series: lab.taskSeries([voice]),
    x: { title: "file (bytes)", log: true },
    y: { title: "decisions that stay (%)" },
    references: [{ label: "99 %", value: 99 }],
  }),
  "Decisions that stay against bytes",
);

// %%
const right = async (bits?: number) =>
  await speech.shareDecidedRight(silero, bits ? { bits } : {}, prompts, scenes, context);
const [whole, sixteen] = [await right(), await right(4)], least = lab.shortestWithin(voice, 1);
const kept = share(least, voice);
const [published, leastBytes] = [silero.length, Math.round(least.bytes.mean)].map((n) =>
  n.toLocaleString("en")
);
await figures.showMarkdown(
  `Of the frames in which it is known whether somebody speaks, ${
    one(whole)
  } % are decided right by the model as ` +
    `published, ${
      one(sixteen)
    } % with 16 values in each matrix. The published ONNX file has ${published} bytes; the ` +
    `shortest file that leaves 99 % of the decisions as they were (${least.way}) has ${leastBytes}.\n\n` +
    `在已知是否有人说话的帧中，发布的模型判对 ${one(whole)} %，每个矩阵 16 个取值时判对 ${one(sixteen)} %。` +
    `发布的 ONNX 文件有 ${published} 字节；99 % 的判断不变的最短文件（${least.way}）有 ${leastBytes} 字节。`,
);

// %%
section.judge("activity", {
  verdict: lab.verdictOf(kept <= 1 / 8 && lab.keeps(least, 1), kept <= 1 / 4 && lab.keeps(least, 1)),
  edge: lab.onEdge(least.loss, 1),
  measured: {
    en: `${least.way}: ${one(100 * kept)} % of the bytes, ${
      lab.plusMinus(least.score)
    } % of the decisions stay`,
    zh: `“${least.way}”：字节数 ${one(100 * kept)} %，${lab.plusMinus(least.score)} % 的判断不变`,
  },
  numbers: { share: kept, same: least.score, rightAsPublished: whole, rightOf16Values: sixteen },
});

// %% [markdown]
// ## Computing and accuracy · 计算效率与准确性
//
// Sharing values makes files short and leaves every multiplication where it was. Three things save multiplications:
// thin matrices, with any kernel; zeros, with one that skips them, which dense kernels do not; and a narrower network,
// trained like the whole one, with fewer filters and units. The counts below are of one word, or of one piece of half a
// second; they decide, as times depend on the kernel (section 9.2 has measured those). Expect the narrower networks to
// lose least, as they are the only ones that were trained in their form.
//
// 共享取值使文件变短，却一次乘法也不省。省乘法的有三种：低秩的瘦矩阵，任何内核都省；置零，只有跳过零的内核才省，
// 稠密的内核不省；更窄的网络，滤波器与单元更少，与整个网络同样训练。下面数的是一个词或半秒片段的乘法次数，以它判定，
// 因为时间取决于内核（9.2 节测过）。预期更窄的网络损失最小，因为只有它是按自己的形式训练的。图例：digits 数字，
// speakers 说话人；narrower networks 更窄的网络，thin matrices 瘦矩阵，zeros, if skipped 跳过的零。表列依次为：任务、
// 训练所得的乘法次数、在选择用的嗓音与提示语上至多损失 1 个百分点的最少次数、模型、在判定用的数据上损失的百分点、比例、
// 跳过零时的比例、此时损失的百分点。16 filters 指有 16 个滤波器的更窄的网络。

// %%
const widths = section.by({ smoke: [16], quick: [16, 8], paper: [24, 16, 8, 4] });
const narrowHearers: speech.Trained[] = [], narrowKnowers: speech.Trained[] = [];
for (const filters of widths) {
  const digits = { classes: 10, steps, filters }, speakers = { ...training, filters };
  const name = `${filters} filters`, whole = [{}]; // only as trained
  const ears = await speech.trainNetworks(varied, digits, seeds, context);
  const words = { ...speech.digitsTask(name, ears, judging!, whole), validation: choosing! };
  narrowHearers.push({ result: await lab.measureTask(words, seeds, context), model: ears[0]! });
  const minds = await speech.trainNetworks(plain.learnt, speakers, seeds, context);
  const people = {
    ...speech.speakersTask(name, minds, plain.asked, classes, whole),
    validation: plain.choosing,
  };
  narrowKnowers.push({ result: await lab.measureTask(people, seeds, context), model: minds[0]! });
  section.spend(seeds.length * (speech.trainingFlop(digits) + speech.trainingFlop(speakers)));
}

// %%
const costs = [
  { task: "digits", all: speech.costsOf({ result: asked, model: hearers[0]! }, narrowHearers) },
  { task: "speakers", all: speech.costsOf({ result: known, model: knowers[0]! }, narrowKnowers) },
];
await figures.show(
  figures.lines({
    title: "What is right against multiplications: kept-out voices' digits, and speakers · " +
      "判对的百分比与乘法次数：留出嗓音的数字，与说话人",
    series: costs.flatMap(({ task, all }) =>
      speech.SAVINGS.map((saving) => {
        const own = all.filter((cost) => cost.saving === saving);
        const [x, y] = [own.map((cost) => cost.multiplications), own.map(({ score }) => score)];
        return { name: `${task}: ${saving}`, x, y };
      })
    ),
    x: { title: "multiplications", log: true },
    y: { title: "right (%)" },
  }),
  "Right against multiplications",
);

// %%
const fewest = (all: readonly speech.Cost[], skipping: boolean) =>
  all.filter(({ saving, chosenBy }) => chosenBy <= 1 && (skipping || saving !== "zeros, if skipped"))
    .reduce((a, b) => b.multiplications < a.multiplications ? b : a);
const savings = costs.map(({ task, all }) => {
  const before = all[0]!.multiplications, [plainly, skipping] = [fewest(all, false), fewest(all, true)];
  return {
    task,
    "multiplications as trained": before,
    "fewest, at most 1 point lost": plainly.multiplications,
    model: plainly.name,
    "points lost": Number(plainly.loss.toFixed(1)),
    part: Number((plainly.multiplications / before).toFixed(4)),
    "part, where zeros are skipped": Number((skipping.multiplications / before).toFixed(4)),
    "points lost there": Number(skipping.loss.toFixed(1)),
  };
});
await figures.showTable(savings, "Multiplications");

// %%
const narrowed = (model: string) => model.replace(/ filters$/, " 个滤波器");
const halved = lab.measuredOfEach(
  savings,
  ({ task, part, model }) => `${part <= 1 / 2 ? model : "none"} for ${task}`,
  ({ task, part, model }) =>
    `${task === "digits" ? "数字" : "说话人"}：${part <= 1 / 2 ? narrowed(model) : "无"}`,
);
await figures.showMarkdown(
  `Half of the multiplications or fewer, chosen where at most 1 point was lost: ${halved.en}. Shared values alone, which ` +
    "made the shortest files above, save none.\n\n" +
    `选择时至多损失 1 个百分点、乘法减半或更少的：${halved.zh}。上面最短的文件只靠共享取值，一次乘法也不省。`,
);

// %%
const halves = savings.filter((row) => row.part <= 1 / 2 && row["points lost"] <= 1).length;
const skipped = savings.every((row) =>
  row["part, where zeros are skipped"] <= 1 / 2 && row["points lost there"] <= 1
);
section.judge("efficient", {
  verdict: lab.verdictOf(halves === 2, halves === 1 || skipped),
  measured: lab.measuredOfEach(
    savings,
    ({ task, part, model }) => `${task}: ${one(100 * part)} % of the multiplications (${model})`,
    ({ task, part, model }) =>
      `${task === "digits" ? "数字" : "说话人"}：乘法 ${one(100 * part)} %（${narrowed(model)}）`,
  ),
  numbers: { digits: savings[0]!.part, speakers: savings[1]!.part },
});

// %% [markdown]
// Is a model more accurate when it is compressed? Coarser weights can act against overfitting, so it is possible;
// expect differences within what seeds make. The file was fixed before, 16 values in each matrix: the best of fifteen
// files would look better than it is.
//
// 压缩会使模型更准确吗？较粗的权重可能抑制过拟合，所以有可能；预期差别在随机种子的范围之内。文件事先固定为每个矩阵 16 个取值：
// 若从十五个文件中挑最好的，会显得比实际更好。表列为：提问者、用 16 个取值时增加的百分点。

// %%
const coarse = [shifted, known, asked, abroad].map(({ name, points }) => {
  const { loss } = points.find(({ way }) => way === "16 values")!;
  return { name, gain: { ...loss, mean: -loss.mean, least: -loss.most, most: -loss.least } };
});
await figures.showTable(
  coarse.map(({ name, gain }) => ({ asked: name, "points gained with 16 values": lab.plusMinus(gain) })),
  "Accuracy gained",
);
const gains = coarse.slice(0, 2).filter(({ gain: { mean, half } }) => half !== null && mean - half > 0);

// %%
section.judge("accuracy", {
  verdict: lab.verdictOf(gains.length === 2, gains.length === 1),
  edge: coarse.slice(0, 2).some(({ gain }) => lab.onEdge(gain, 0)),
  measured: lab.measuredOfEach(
    coarse.slice(0, 2),
    ({ name, gain }) => `${name}: ${lab.plusMinus(gain, 1, true)} points`,
    ({ name, gain }) =>
      `${name === "people" ? "真人数字" : "说话人"}：${lab.plusMinus(gain, 1, true)} 个百分点`,
  ),
  numbers: { people: coarse[0]!.gain, speakers: coarse[1]!.gain },
});

// %% [markdown]
// ## The recordings without loss · 录音的无损压缩
//
// Now speech itself: some prompts of each language as a program that gives the WAV files back, beside FLAC (libFLAC at
// its best level, or the program with its slowest search where it is installed) and WavPack (its slowest mode, where
// installed). Those two may code every prompt alone or all joined, whichever is shorter; the program counts its
// decoder, the names and the headers of the files. Expect it to be ahead of both, as it learns from all that it has
// decoded; it pays in time.
//
// 再看语音本身：每种语言若干条提示语，做成一个能还原 WAV 文件的程序，与 FLAC（libFLAC 的最高级别；若装有该程序，
// 则用其最慢的搜索）和 WavPack（最慢的模式，若已安装）比较。那两者可以逐条编码，也可以连成一条，取较短的；
// 程序则计入解码器、文件名与文件头。预期程序领先，因为它从已解码的全部内容学习，代价是时间。表列依次为：
// 语言、文件数、WAV 字节数、FLAC、WavPack、程序的字节数、其中的解码器、比特/样本、比 FLAC 少百分之几。

// %%
const seconds = section.by({ smoke: 3, quick: 40, paper: 300 });
const codings: (Awaited<ReturnType<typeof speech.codeLossless>> & { language: string })[] = [];
for (const language of speech.LANGUAGES) {
  const some = speech.secondsOf(spokenIn(language), seconds, context);
  codings.push({ language, ...await speech.codeLossless(recordings, some, context) });
}
await figures.showTable(
  codings.map(({ language, files, samples, raw, flac, wavpack, program, decoder }) => ({
    language,
    files,
    "WAV, bytes": raw,
    FLAC: flac,
    WavPack: wavpack ?? "not installed",
    program,
    "of which decoder": decoder,
    "bits/sample": Number(one(8 * program / samples, 2)),
    "below FLAC, %": Number(one(100 * (1 - program / flac))),
  })),
  "Recordings without loss",
);

// %%
const sum = (of: (coding: (typeof codings)[number]) => number) =>
  codings.reduce((all, coding) => all + of(coding), 0);
const wavpack = codings.every((coding) => coding.wavpack !== undefined)
  ? sum((coding) => coding.wavpack!)
  : undefined;
await figures.show(
  figures.sizeBars({
    title: `${sum(({ files }) => files)} prompts in five languages, without loss · 五种语言的 ${
      sum(({ files }) => files)
    } 条提示语，无损`,
    sizes: [
      { label: "FLAC", bytes: sum(({ flac }) => flac) },
      ...(wavpack === undefined ? [] : [{ label: "WavPack", bytes: wavpack }]),
      { label: "five programs", bytes: sum(({ program }) => program), ours: true },
    ],
    references: [{ label: "WAV", value: sum(({ raw }) => raw) }],
  }),
  "Recordings as files",
);

// %%
const below = (of: (coding: (typeof codings)[number]) => number | undefined) =>
  codings.every((coding) => coding.program < (of(coding) ?? Infinity));
const fewer = (than: number) => `${one(100 * (1 - sum(({ program }) => program) / than))} %`;
const thanFlac = fewer(sum(({ flac }) => flac)),
  thanWavPack = wavpack === undefined ? undefined : fewer(wavpack);
await figures.showMarkdown(
  `Together the programs have ${thanFlac} fewer bytes than FLAC${
    thanWavPack ? ` and ${thanWavPack} fewer than WavPack` : ""
  }.\n\n各程序合计比 FLAC 少 ${thanFlac} 的字节${thanWavPack ? `，比 WavPack 少 ${thanWavPack}` : ""}。`,
);

// %%
const bytes = {
  programs: sum(({ program }) => program).toLocaleString("en"),
  flac: sum(({ flac }) => flac).toLocaleString("en"),
};
section.judge("lossless", {
  verdict: lab.verdictOf(
    below(({ flac }) => flac) && below(({ wavpack }) => wavpack),
    below(({ flac }) => flac),
  ),
  measured: {
    en: `programs ${bytes.programs} B, FLAC ${bytes.flac} B, WavPack ${
      wavpack === undefined ? "not installed" : `${wavpack.toLocaleString("en")} B`
    }`,
    zh: `程序 ${bytes.programs} 字节，FLAC ${bytes.flac} 字节，WavPack ${
      wavpack === undefined ? "未安装" : `${wavpack.toLocaleString("en")} 字节`
    }`,
  },
  numbers: { programs: sum(({ program }) => program), flac: sum(({ flac }) => flac) },
});

// %% [markdown]
// ## Verdicts · 判定
//
// What became of the claims. They speak of these recordings and these small networks; fifty recorded digits by four
// people and one voice with two languages are no benchmark of speech recognition.
//
// 以下判定只针对这些录音和这些小网络；四个人的五十个数字录音和一个说两种语言的嗓音，不是语音识别的基准测试。

// %%
await section.close();
