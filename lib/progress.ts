/** Progress that a reader sees: one bar that is rewritten in place, in a notebook, in a terminal, or as lines of a log. */
import { kernel } from "./jupyter.ts";
import { columnsOf, printable } from "./printable.ts";

/** Determinate progress of one piece of work. */
export interface Progress {
  /** The piece of work, such as "training". */
  readonly label: string;
  /** From 0 to `total`. */
  readonly done: number;
  /** What `done` comes to. */
  readonly total: number;
  /** What `done` counts: "steps", "images", "bytes" … */
  readonly unit: string;
  /** A figure worth showing beside the bar, for instance "4.81 bits/pixel". */
  readonly note?: string;
}

/** Cells of the bar; milliseconds between two updates in place, and between two lines of a log. */
const CELLS = 24, IN_PLACE = 200, AS_LINES = 10_000;

/** Takes reports, as often as they come; `close` waits until the last one is shown. */
export interface ProgressBar {
  /** Shows how far the work is. */
  report(progress: Progress): void;
  /** Ends the bar. */
  close(): Promise<void>;
}

/** Where lines go: `write` shows one line, over the last one unless that was `final`. */
export interface Surface {
  readonly interval: number;
  write(line: string, final: boolean): void | Promise<void>;
  /** What is written next does not belong to what was written before. */
  end?(): void;
}

/**
 * A bar for where the program runs: the notebook's cell, or stderr (rewritten in place if it is a terminal).
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as figures from "@mdlab/mdlab/figures";
 *
 * const bar = figures.progressBar();
 * await mdl.loadDataset("noise", { take: 3, progress: bar.report });
 * await bar.close();
 * ```
 */
export function progressBar(): ProgressBar {
  return progressOn(kernel() ? notebookSurface() : Deno.stderr.isTerminal() ? terminal() : log());
}

/** A bar on a surface; `now` is a clock in milliseconds. */
export function progressOn(surface: Surface, now: () => number = () => performance.now()): ProgressBar {
  let current: Progress | undefined, start = { time: 0, done: 0 }, shownAt = -Infinity, shown = true;
  let last: Promise<unknown> = Promise.resolve();

  const show = (final: boolean) => {
    if (!current || (shown && !final)) return;
    const line = progressLine(current, (now() - start.time) / 1000, start.done);
    shown = true;
    shownAt = now();
    last = last.then(() => surface.write(line, final));
  };
  const finish = () => {
    show(true);
    current = undefined;
  };
  return {
    report(progress) {
      if (current && current.label !== progress.label) finish();
      if (!current) start = { time: now(), done: progress.done };
      current = progress;
      shown = false;
      if (progress.done >= progress.total) finish();
      else if (now() - shownAt >= surface.interval) show(false);
    },
    async close() {
      finish();
      await last;
      surface.end?.();
    },
  };
}

/**
 * One line: label, bar, share, the time left (or taken, once all is done), count, note: what matters most comes first,
 * for a narrow terminal cuts the line.
 *
 * @param seconds Time since the first report, which said `from`.
 */
export function progressLine(
  { label, done, total, unit, note }: Progress,
  seconds: number,
  from = 0,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 1, full = Math.floor(share * CELLS);
  const bar = "█".repeat(full) + "░".repeat(CELLS - full);
  const count = `${(done < total ? Math.floor(done) : done).toLocaleString("en")}/${
    total.toLocaleString("en")
  } ${unit}`;
  const time = done >= total
    ? `in ${clock(seconds)}`
    : done > from
    ? `${clock(seconds * (total - done) / (done - from))} left`
    : "";
  return printable(
    [label, bar, `${Math.floor(share * 100)} %`, time, count, note].filter(Boolean).join("  "),
  );
}

/** Seconds as m:ss, or h:mm:ss. */
function clock(seconds: number): string {
  const whole = Math.round(seconds), two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** One display, updated in place until the bar is closed: of many pieces of work the last one remains. */
function notebookSurface(): Surface {
  let id: string | undefined;
  return {
    interval: IN_PLACE,
    async write(line) {
      const update = id !== undefined;
      id ??= crypto.randomUUID();
      await kernel()!.display({ "text/plain": line }, { raw: true, display_id: id, update });
    },
    end() {
      id = undefined;
    },
  };
}

const encoder = new TextEncoder();
const toStderr = (text: string) => void Deno.stderr.writeSync(encoder.encode(text));

function terminal(): Surface {
  return {
    interval: IN_PLACE,
    write: (line, final) =>
      toStderr(`\r\x1b[K${fitting(line, Deno.consoleSize().columns - 1)}${final ? "\n" : ""}`),
  };
}

/** As much of a line as fits into so many columns: a longer one could not be rewritten. */
function fitting(line: string, columns: number): string {
  let used = 0;
  return [...line].filter((char) => (used += columnsOf(char)) <= columns).join("");
}

function log(): Surface {
  let last = "";
  return {
    interval: AS_LINES,
    write(line) {
      if (line !== last) toStderr(`${last = line}\n`);
    },
  };
}
