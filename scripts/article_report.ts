/**
 * The report on a run of the article's sections: one HTML page that needs nothing else, neither a server nor a network.
 * Programs that sections have kept lie in their folders, and a page beside the report shows what is in them. Figures are pictures until they come into view, where plotly.js makes them interactive.
 */
import { parse } from "@std/csv";
import { marked } from "marked";
import type { Figure } from "./laboratory/figures/figure.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import {
  type Judged,
  measuredWords,
  type Verdict,
  verdictRows,
  VERDICTS,
  verdictWords,
} from "./laboratory/section/claims.ts";
import type { SectionRecord } from "./laboratory/section/record.ts";
import { VERDICT_COLOURS } from "./laboratory/section/summary.ts";

/** A section of the report: its record, the first cell of its script, and the files that it wrote. */
export interface ReportedSection {
  readonly record: SectionRecord;
  /** Markdown: a heading of level 1, then what the section is about. */
  readonly opening: string;
  /** The content of a file in the section's folder. */
  read(file: string): Uint8Array;
}

/** A section that has no record, and why. */
export interface MissingSection {
  readonly section: string;
  readonly reason: string;
}

/** The page beside the report that shows what is in programs; in it, each has the name of its file. */
export const PROGRAMS_PAGE = "programs.html";

/** The programs that a section has kept, by their files' names from the report's folder. */
export function programsOf({ section, programs = [] }: SectionRecord) {
  return programs.map((program) => ({ ...program, file: `${section}/${program.file}` }));
}

/** The page, as HTML. `plotly` is the source of plotly.js. */
export function reportPage(
  sections: readonly ReportedSection[],
  missing: readonly MissingSection[],
  plotly: string,
): string {
  const first = sections[0]!.record, seconds = sections.reduce((sum, { record }) => sum + record.seconds, 0);
  const settings = [
    ["preset · 预设", first.preset],
    ["seed · 种子", String(first.seed)],
    ["backend · 后端", first.backend],
    ["versions · 版本", `MDLab ${first.mdlab}, Deno ${first.deno}, ${first.platform}`],
    ["ended · 完成时间", sections.map(({ record }) => record.ended).sort().at(-1)!],
    ["time of all sections · 总用时", `${(seconds / 60).toFixed(1)} min`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MDLab: the article's claims, measured</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The article's claims, measured · 文章论断的实测报告</h1>
<p>A section declares its claims and their thresholds before it measures anything. A verdict is about these data at
this preset. What columns and lines mean is said in the notebooks of the same names.</p>
<p>各节先写明论断及其标准，然后才测量；判定只针对这里的数据与预设。各表的列与图例的含义见同名的笔记本。</p>
<dl>${settings.map(([name, value]) => `<dt>${text(name!)}</dt><dd>${text(value!)}</dd>`).join("")}</dl>
${missing.map(({ section, reason }) => `<p class="missing">${text(section)}: ${text(reason)}</p>`).join("\n")}
<h2>All verdicts · 全部判定</h2>
${counts(sections)}
${table(sections)}
${sections.map(sectionHtml).join("\n")}
</main>
<script>${plotly.replaceAll("</script", "<\\/script")}</script>
<script>${BEHAVIOUR}</script>
</body>
</html>
`;
}

const text = (raw: string) =>
  raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** How many claims have which verdict. */
function counts(sections: readonly ReportedSection[]): string {
  const all = sections.flatMap(({ record }) => record.verdicts);
  return `<p class="counts">${
    (Object.keys(VERDICTS) as Verdict[]).map((verdict) => {
      const count = all.filter((one) => one.verdict === verdict).length;
      return `<span style="border-color:${VERDICT_COLOURS[verdict]}"><b>${count}</b> ${
        text(VERDICTS[verdict])
      }</span>`;
    }).join(" ")
  }</p>`;
}

const cell = (html: string, style = "") => `<td${style ? ` style="${style}"` : ""}>${html}</td>`;

function table(sections: readonly ReportedSection[]): string {
  const row = (section: string, one: Judged) =>
    `<tr>${
      cell(`<a href="#${section}">${text(one.article)}</a>`) + cell(`${text(one.en)}<br>${text(one.zh)}`) +
      cell(text(measuredWords(one))) +
      cell(text(verdictWords(one)), `border-left: 6px solid ${VERDICT_COLOURS[one.verdict]}`)
    }</tr>`;
  return `<div class="wide"><table><thead><tr><th>§</th><th>claim · 论断</th><th>measured · 实测</th>` +
    `<th>verdict · 判定</th></tr></thead><tbody>${
      sections.flatMap(({ record: { section, verdicts } }) => verdicts.map((one) => row(section, one))).join(
        "\n",
      )
    }</tbody></table></div>`;
}

/** A link of a notebook to a file: the report stands by itself. */
const BESIDE = /\[([^\]]*)\]\((?!https?:)[^)]*\)/g;

function sectionHtml(section: ReportedSection): string {
  const { record, opening, read } = section, { seconds, flop, data } = record;
  const [, heading = record.section, introduction = ""] = /^# (.*)\n?([\s\S]*)$/.exec(opening) ?? [];
  const facts = [
    `${seconds.toFixed(0)} s`,
    ...(flop ? [`${flop.toExponential(2)} training FLOP · 训练的浮点运算次数`] : []),
    ...data.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256.slice(0, 12)}…)`),
  ];
  const shown = record.shown.filter((one) => one.kind !== "table" || !/^(Claims|Verdicts) ·/.test(one.name));
  return `<section id="${record.section}">
<h2>${text(heading)}</h2>
${marked.parse(introduction.replaceAll(BESIDE, "$1"), { async: false })}
<p class="facts">${text(facts.join(" · "))}</p>
<div class="wide">${tableBundle(verdictRows(record.verdicts))["text/html"]}</div>
${programsHtml(record)}
${
    shown.map((one) => {
      if (one.kind === "markdown") return marked.parse(one.text, { async: false });
      if (one.kind === "table") {
        return `<h3>${text(one.name)}</h3><div class="wide">${csvTable(read(one.csv))}</div>`;
      }
      return figureHtml(one.name, read(one.png), decode(read(one.json)));
    }).join("\n")
  }
</section>`;
}

/** Each program of a section: its file, and the page that shows it. */
function programsHtml(record: SectionRecord): string {
  const programs = programsOf(record).map(({ name, file, bytes, sha256 }) =>
    `<li><a href="${encodeURI(file)}" download>${text(name)}</a>, ${bytes.toLocaleString("en")} bytes, ` +
    `<a href="${PROGRAMS_PAGE}#${encodeURIComponent(file)}">look into it · 查看内容</a> ` +
    `<span class="facts">SHA-256 ${sha256.slice(0, 12)}…</span></li>`
  );
  return programs.length ? `<h3>Programs · 程序</h3>\n<ul class="programs">${programs.join("\n")}</ul>` : "";
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A picture, and beside it the figure that replaces it in view; pictures of pixels stay what they are. */
function figureHtml(name: string, png: Uint8Array, json: string): string {
  const image = `<img alt="${text(name)}" src="data:image/png;base64,${png.toBase64()}">`;
  const interactive = (JSON.parse(json) as Figure).data.length > 0;
  return `<figure class="wide">${image}${
    interactive ? `<script type="application/json">${json.replaceAll("<", "\\u003c")}</script>` : ""
  }</figure>`;
}

/** A table as its CSV file has it. */
function csvTable(bytes: Uint8Array): string {
  const [names = [], ...body] = parse(decode(bytes)) as string[][];
  const rows = body.map((cells) =>
    Object.fromEntries(names.map((name, i) => [name, valueOf(cells[i] ?? "")]))
  );
  return tableBundle(rows)["text/html"];
}

/** A number is what was written as one: "3.0e+10" or "0.990" is a text. */
const valueOf = (cell: string) =>
  cell === "" ? undefined : String(Number(cell)) === cell ? Number(cell) : cell;

/** One figure as a page of its own, which loads plotly.js from a file beside the sections' folders. */
export function figurePage(name: string, json: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${text(name)}</title><script src="../plotly.min.js"></script></head>
<body><div id="figure"></div>
<script>
const figure = ${json.replaceAll("<", "\\u003c")};
Plotly.newPlot("figure", figure.data, figure.layout, { displaylogo: false });
</script></body>
</html>
`;
}

const STYLE = `
body { margin: 0; font: 16px/1.5 "DejaVu Sans", Verdana, "Noto Sans CJK SC", sans-serif; color: #222; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem; }
h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .85rem; } th, td { padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
th { text-align: left; background: #f5f5f5; } .wide { overflow-x: auto; margin: 1rem 0; } figure { margin: 2rem 0; }
pre { overflow-x: auto; background: #f5f5f5; padding: .6rem; font-size: .8rem; } code { overflow-wrap: anywhere; }
.counts span { display: inline-block; border-left: 6px solid; padding: .2rem .8rem; margin: .2rem .6rem .2rem 0; background: #f5f5f5; }
.facts { color: #666; font-size: .8rem; overflow-wrap: anywhere; } .missing { color: #d55e00; }
`;

const BEHAVIOUR = `
const draw = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    draw.unobserve(target);
    const { data, layout } = JSON.parse(target.querySelector("script").textContent), place = document.createElement("div");
    target.append(place);
    Plotly.newPlot(place, data, layout, { displaylogo: false }).then(() => target.querySelector("img").remove());
  }
}, { rootMargin: "400px" });
for (const figure of document.querySelectorAll("figure:has(script)")) draw.observe(figure);
`;
