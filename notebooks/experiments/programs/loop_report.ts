/** What the experiments of sections 2.3 and 2.4 say: rows of tables, series and panels of figures. */
import type { Series } from "../../../scripts/laboratory/figures/curves.ts";
import { median } from "../../../scripts/laboratory/figures/distribution.ts";
import type { Panel } from "../../../scripts/laboratory/figures/strips.ts";
import type { Rows } from "../../../scripts/laboratory/figures/table.ts";
import type { Generation } from "./generations.ts";
import { intervalOf, plusMinus } from "../../../scripts/laboratory/measure/interval.ts";
import type { Sampled } from "./sampling.ts";

/** A loop of several seeds: of each, all generations. */
export interface Loop {
  readonly name: string;
  readonly passed: readonly (readonly Generation[])[];
}

interface Quantity<T> {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly of: (one: T) => number;
}

const QUANTITIES: readonly Quantity<Generation>[] = [
  { name: "program", unit: "bytes", digits: 0, of: ({ bytes }) => bytes },
  { name: "own images", unit: "bits/symbol", digits: 3, of: ({ own }) => own },
  { name: "unseen real images", unit: "bits/symbol", digits: 3, of: ({ unseen }) => unseen },
  { name: "deviation of a pixel", unit: "levels", digits: 1, of: ({ deviation }) => deviation },
  { name: "distance of pairs", unit: "levels", digits: 1, of: ({ distance }) => distance },
];

const SAMPLED: readonly Quantity<Sampled>[] = [
  { name: "program", unit: "bytes", digits: 0, of: ({ program }) => program.bytes.length },
  { name: "gradients", unit: "bits", digits: 4, of: ({ weighed }) => weighed.gradients },
  { name: "levels", unit: "bits", digits: 4, of: ({ weighed }) => weighed.levels },
  { name: "judged", unit: "bits/symbol", digits: 3, of: ({ weighed }) => weighed.judged },
  { name: "nearest datum, median", unit: "levels", digits: 1, of: ({ weighed }) => median(weighed.nearest) },
];

function columns<T>(quantities: readonly Quantity<T>[], all: readonly T[]): Record<string, string> {
  return Object.fromEntries(
    quantities.map((
      { name, unit, digits, of },
    ) => [`${name}, ${unit}`, plusMinus(intervalOf(all.map(of)), digits)]),
  );
}

const generationsOf = ({ passed }: Loop) => passed[0]!.map(({ number }) => number);

/** A row a generation, means with their intervals over the seeds. */
export function loopRows(loop: Loop): Rows {
  return generationsOf(loop).map((number) => ({
    images: loop.name,
    generation: number,
    ...columns(QUANTITIES, loop.passed.map((generations) => generations[number]!)),
  }));
}

/** Each quantity by generation, in per cent more than in generation 0; means over the seeds. */
export function loopSeries(loop: Loop): readonly Series[] {
  const numbers = generationsOf(loop);
  return QUANTITIES.map(({ name, of }) => {
    const mean = (number: number) =>
      intervalOf(loop.passed.map((generations) => of(generations[number]!))).mean;
    return { name, x: numbers, y: numbers.map((number) => 100 * (mean(number) / mean(0) - 1)) };
  });
}

/** Change of a quantity from the first to the last generation, in per cent, of each seed. */
export function changeOf({ passed }: Loop, of: (one: Generation) => number): readonly number[] {
  return passed.map((generations) => 100 * (of(generations.at(-1)!) / of(generations[0]!) - 1));
}

/** The changes over the loop, every seed. */
export function changePanels(loops: readonly Loop[]): readonly Panel[] {
  return QUANTITIES.slice(2).map(({ name, of }) => ({
    title: `${name}: change (%)`,
    rows: loops.map((loop) => ({ label: loop.name, values: changeOf(loop, of) })),
  }));
}

/** A row a length of training, means with their intervals over the seeds. */
export function samplingRows(sampled: readonly Sampled[]): Rows {
  return [...Map.groupBy(sampled, ({ steps }) => steps)].map(([steps, own]) => ({
    "training steps": steps,
    ...columns(SAMPLED, own),
  }));
}

/** A quantity of the samples against the program's bytes, a series a seed. */
export function samplingSeries(sampled: readonly Sampled[], of: (one: Sampled) => number): readonly Series[] {
  return [...Map.groupBy(sampled, ({ seed }) => seed)].map(([seed, own]) => ({
    name: `seed ${seed}`,
    x: own.map(({ program }) => program.bytes.length),
    y: own.map(of),
  }));
}
