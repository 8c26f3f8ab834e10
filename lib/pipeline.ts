/**
 * Stages and their composition (article section 2.4): A data → B preprocess → C features → D sharing → E hierarchy →
 * F attention → G compressed result → H generated data.
 */
import type { Random } from "./random.ts";

/** Determinate progress of one piece of work. */
export interface Progress {
  readonly label: string;
  /** From 0 to `total`. */
  readonly done: number;
  readonly total: number;
  /** What `done` counts: "steps", "images", "bytes" … */
  readonly unit: string;
  /** A figure worth showing beside the bar, for instance "4.81 bits/pixel". */
  readonly note?: string;
}

/** All that a stage may touch besides its input. */
export interface Context {
  readonly seed: number;
  /** The seeded stream of that name; the same name gives the same numbers. */
  random(label: string): Random;
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
  log(line: string): void;
}

/** One step of the chain: pure but for its context. */
export interface Stage<In, Out> {
  /** The article's word, e.g. "preprocess". */
  readonly name: string;
  /** The article's word in Chinese, e.g. "预处理". */
  readonly title: string;
  /** The section of the article that it reproduces, e.g. "2.2 (1)". */
  readonly section: string;
  /** What it does as configured, or "off" / "absent" when it passes its input on unchanged. */
  readonly summary: string;
  /** False when the stage is switched off or has nothing to offer yet: it is then the identity. */
  readonly active: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  run(input: In, context: Context): Promise<Out>;
}
