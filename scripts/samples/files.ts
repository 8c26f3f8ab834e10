/** What a program of files draws: a file that goes on behind the data, cut into stretches, beside stretches of the data. */
import { DRAWN_BYTES as SOUND_BYTES } from "../../lib/audio/engine.ts";
import type { ProgressBar } from "../../lib/progress.ts";
import { MdlError } from "../../lib/errors.ts";
import type { Files } from "../../lib/files/data.ts";
import type { Program } from "../../lib/program/program.ts";
import { DRAWN_BYTES as TEXT_BYTES } from "../../lib/text/engine.ts";
import { loadAny } from "../command.ts";
import { lines } from "../laboratory/figures/curves.ts";
import { distributions } from "../laboratory/figures/distribution.ts";
import type { Figure } from "../laboratory/figures/figure.ts";
import { toPng } from "../laboratory/figures/render.ts";
import { type Rows, tableText } from "../laboratory/figures/table.ts";
import { codeLengths, type Weighable } from "./code_lengths.ts";
import { drawnBehind, unseenBehind } from "./go_on.ts";
import { soundFigure, soundRows } from "./sound_statistics.ts";
import { alongOf, soundOf, type Stretches, stretchesOf, stretchRows, unitOf } from "./stretches.ts";
import { headsOf, tableFigure, tableRows } from "./table_statistics.ts";
import { byteFigure, byteRows, textFigure, textRows } from "./text_statistics.ts";
import type { Asked } from "./asked.ts";

const DRAWN = { text: "drawn.txt", bytes: "drawn.bin", table: "drawn.csv", audio: "drawn.wav" } as const;

/** What is written. */
export const namesOfFiles = (modality: Weighable) => [
  DRAWN[modality],
  "bits.png",
  "along.png",
  "statistics.png",
  "samples.json",
];

/**
 * Draws, weighs, and writes what came of it.
 *
 * @throws {MdlError} `usage` for more than the program can draw, or other data that do not go with it; as `codeLengths`
 */
export async function sampleFiles(
  program: Program<Files<Weighable>>,
  asked: Asked,
  bar: ProgressBar,
): Promise<void> {
  const { count, seed, temperature, how, against, source, folder, run, save, hash } = asked,
    { modality } = program.info;
  const other = against === undefined
    ? undefined
    : await loadAny(against, { ...run, ...source, as: modality }) as Files;
  const data = await program.decode(run),
    unit = unitOf(data),
    size = count * unit.bytes,
    kind = data.modality;
  const most = Math.floor((kind === "audio" ? SOUND_BYTES : TEXT_BYTES) / unit.bytes);
  if (count > most) {
    throw new MdlError(
      "usage",
      `--count: at most ${most} stretches can be drawn, of ${unit.bytes.toLocaleString("en")} bytes each.`,
    );
  }
  const unseen = other && unseenBehind(data, other, size);
  const drawn = await program.generate(1, seed, { ...run, temperature, length: size });
  const behind = drawnBehind(data, drawn),
    weigh = (more: Files, drawn: boolean) =>
      codeLengths(program.info, data, more, { every: unit.bytes, drawn }, run);
  if (behind.symbols.length === 0) {
    throw new MdlError("empty", "Nothing that was drawn is a row of the table.");
  }
  const sets = stretchesOf(
    data,
    { name: "drawn", symbols: behind.symbols, lengths: await weigh(behind, true) },
    unseen && { ...unseen, lengths: await weigh(unseen, false) },
  );
  await bar.close();

  const rows = stretchRows(sets, unit), { rows: statistics, figure } = statisticsOf(data, sets);
  console.log(`${tableText(rows)}\n\n${tableText(statistics)}`);
  console.log(ABOUT);
  if (behind.symbols.length < 0.9 * drawn.symbols.length && kind === "table") {
    console.log(
      `A drawn row was none of the table: only the ${
        behind.symbols.length.toLocaleString("en")
      } bytes before it count.`,
    );
  }
  const per = unit.many > 1 ? `${unit.many.toLocaleString("en")} ${unit.one}s` : `a ${unit.one}`;
  await save(DRAWN[kind], drawn.symbols);
  await save(
    "bits.png",
    await toPng(distributions({
      title: `${data.name}: what stretches cost under the program's model: drawn (${how}) and data`,
      x: `code length of ${per} (bits)`,
      unit: "bits",
      of: "stretches",
      samples: sets.map(({ name, stretches }) => ({
        name,
        values: stretches.map(({ bits, units }) => unit.many * bits / units),
      })),
    })),
  );
  await save(
    "along.png",
    await toPng(lines({
      title:
        `${data.name}: the cost along the data, and of what goes on behind them, once all is learnt (${how})`,
      series: alongOf(sets),
      x: { title: "place in the file (kB)" },
      y: { title: `rate (bits/${unit.one})` },
    })),
  );
  await save("statistics.png", await toPng(figure));
  const { dataset } = program.info.record;
  const record = {
    program: hash,
    dataset,
    seed,
    temperature,
    count,
    rows,
    statistics,
    stretches: sets.map(summaryOf),
  };
  await save("samples.json", JSON.stringify(record, null, 2) + "\n");
  console.log(`${folder}: ${namesOfFiles(kind).join(", ")}`);
}

const ABOUT =
  "Drawn stretches go on one behind the other, under a model that has learnt all of the data and goes on to learn; " +
  "near the data are those up to a tenth of their length. Those of the data cost what they do in the program. Copies, new words and distances: of each half against the other, of " +
  "all else against all data.";

/** What is particular to a kind of data; several tables, and what has no table's structure, are text. */
function statisticsOf(data: Files<Weighable>, sets: readonly Stretches[]): { rows: Rows; figure: Figure } {
  const { modality, name, symbols } = data;
  if (modality === "bytes") return { rows: byteRows(sets), figure: byteFigure(name, sets, symbols) };
  if (modality === "audio") {
    const wav = soundOf(data);
    return { rows: soundRows(sets, wav), figure: soundFigure(name, sets, wav) };
  }
  const heads = modality === "table" && data.lengths.length === 1 ? headsOf(symbols) : [];
  const columns = sets.some(({ stretches }) => stretches.some(({ columns }) => columns));
  return {
    rows: heads.length ? tableRows(sets, heads) : textRows(sets),
    figure: columns ? tableFigure(name, sets, heads) : textFigure(name, sets),
  };
}

/** Of each stretch what it cost. */
const summaryOf = ({ name, stretches }: Stretches) => ({
  name,
  stretches: stretches.map(({ at, bits, units }) => ({ at, bits: Number(bits.toFixed(3)), units })),
});
