/** How far a large model can be made smaller: fewer bits, corrected or not, and fewer layers; what text costs under each. */
import process from "node:process";
import type { Context } from "../../../lib/context.ts";
import type { Files } from "../../../lib/files/data.ts";
import type { Preset } from "../../../lib/run.ts";
import { type LanguageModel, modelOf } from "../../../scripts/laboratory/large_model/llama.ts";
import { cutWindows } from "../../../scripts/laboratory/large_model/text.ts";
import { tokenizer, type Tokens } from "../../../scripts/laboratory/large_model/tokenizer.ts";
import { intervalOf } from "../../../scripts/laboratory/measure/interval.ts";
import { arranged, orderWithout, type Saving } from "./arrange.ts";
import { excerpt, type OpenedModel, ratesOf, windowsFrom } from "./coding.ts";
import { corrected, type Correction } from "./correct.ts";
import { forward } from "./forward.ts";
import { openMatrices } from "./matrices.ts";
import { type Quantisation, quantised } from "./quantise.ts";

/** Weights in some form: bytes of their file, and bits a byte of each text under them. */
export interface Shrunk {
  readonly name: string;
  readonly kind: Quantisation["kind"] | Correction["kind"] | Saving;
  /** Of the layers' weights. */
  readonly bits: number;
  /** Layers that are saved. */
  readonly saved: readonly number[];
  readonly bytes: number;
  readonly rates: readonly number[];
}

/** What a layer is worth: bits a byte of the calibration text more without it, and with the one before in its place. */
export interface LayerCost {
  readonly layer: number;
  readonly leftOut: number;
  /** None of the first. */
  readonly tied: number | null;
}

/** What is measured of a model. */
export interface Measured {
  /** What is coded: so many places. */
  readonly text: {
    readonly name: string;
    readonly sha256: string;
    readonly places: number;
    readonly bytes: number;
  };
  /** What corrections and layers are chosen by: another text. */
  readonly calibration: {
    readonly name: string;
    readonly sha256: string;
    readonly tokens: number;
    /** Tokens by which layers are chosen. */
    readonly scanned: number;
  };
  /** As published; in 4 bits, the embedding by a codebook: from it are those with fewer layers; and the others. */
  readonly variants: readonly Shrunk[];
  readonly layers: readonly LayerCost[];
  /** Of processors: all corrections, their pass over the calibration text included; and such a pass alone, a token. */
  readonly seconds: { readonly corrections: number; readonly token: number };
}

/** The document of `deno task shrink`. */
export interface ShrinkResults extends Measured {
  readonly experiment: "shrink";
  readonly model: string;
  readonly preset: Preset;
  readonly mdlab: string;
}

/** How much is measured. */
export interface ShrinkPlan {
  readonly places: number;
  readonly bytes: number;
  /** Windows of the calibration text, and tokens of each. */
  readonly windows: number;
  readonly tokens: number;
  /** Tokens by which each layer is judged. */
  readonly scanned: number;
  /** Layers that are saved together. */
  readonly saved: readonly number[];
}

export const SHRINK_PLANS: Readonly<Record<Preset, ShrinkPlan>> = {
  smoke: { places: 2, bytes: 100, windows: 2, tokens: 16, scanned: 16, saved: [1] },
  quick: { places: 6, bytes: 1_400, windows: 6, tokens: 256, scanned: 192, saved: [1, 3, 6] },
  paper: { places: 12, bytes: 6_000, windows: 32, tokens: 512, scanned: 2_048, saved: [1, 2, 3, 6, 10] },
};

/** Bits of what is rounded further; the layers are published in 4, and the embedding gets 4 in all variants. */
const FEW = [3, 2],
  EVEN: Quantisation = { kind: "even", bits: 4 },
  EMBEDDING: Quantisation = { kind: "codebook", bits: 4 };

/** What stays the same while variants are measured. */
interface Measuring {
  readonly opened: OpenedModel;
  readonly plan: ShrinkPlan;
  readonly context: Context;
  /** Tokens of the calibration text. */
  readonly read: Tokens;
  /** Measures a model on all places, and says so. */
  measured(made: Omit<Shrunk, "rates">, model: LanguageModel): Promise<Shrunk>;
}

/**
 * Measures all variants on places of a text; what is chosen is chosen on a calibration text.
 *
 * @throws {MdlError} `interrupted`
 */
export async function measureShrinking(
  opened: OpenedModel,
  text: Files,
  calibration: Files,
  plan: ShrinkPlan,
  context: Context,
): Promise<Measured> {
  const windows = windowsFrom(placesIn(text, plan.places, plan.bytes), opened);
  const measured = async (made: Omit<Shrunk, "rates">, model: LanguageModel) => {
    const rates = await ratesOf(model, windows, context), { mean } = intervalOf(rates);
    context.log(`${made.name}: ${made.bytes.toLocaleString("en")} bytes, ${mean.toFixed(3)} bits a byte`);
    return { ...made, rates };
  };
  const read = tokenizer(opened.vocabulary)(calibration.symbols.subarray(0, 8 * plan.windows * plan.tokens));
  const measuring: Measuring = { opened, plan, context, read, measured }, none = { bits: 4, saved: [] };
  const small = quantised(opened, EVEN, EMBEDDING), base = modelOf(small);
  const published = { ...none, name: "as published", kind: "even", bytes: opened.file.length } as const;
  const four = { ...none, name: "4 bits", kind: "even", bytes: small.bytes } as const;
  const variants: Shrunk[] = [await measured(published, opened.model), await measured(four, base)];
  const layers = await costsOfLayers(base, measuring);
  variants.push(...await withFewerLayers(base, layers, measuring));
  const { seconds, shrunk } = await withFewerBits(base, measuring);
  return {
    text: { name: text.name, sha256: text.sha256, places: plan.places, bytes: plan.bytes },
    calibration: {
      name: calibration.name,
      sha256: calibration.sha256,
      tokens: plan.windows * plan.tokens,
      scanned: plan.scanned,
    },
    variants: [...variants, ...shrunk],
    layers,
    seconds,
  };
}

/** Stretches of a text at even distances. */
function placesIn({ name, symbols }: Files, places: number, bytes: number): Files<"text">[] {
  return Array.from({ length: places }, (_, i) => {
    const from = Math.floor((i + 0.5) * symbols.length / places);
    return excerpt(`${name}, from byte ${from}`, symbols, bytes, from);
  });
}

async function costsOfLayers(base: LanguageModel, { plan, context, read }: Measuring): Promise<LayerCost[]> {
  const some = { tokens: read.tokens.slice(0, plan.scanned), lengths: read.lengths.slice(0, plan.scanned) };
  const windows = cutWindows(some, 2), { layers } = base.spec, costs: LayerCost[] = [];
  const rate = async (model: LanguageModel) => intervalOf(await ratesOf(model, windows, context)).mean;
  const whole = await rate(base);
  let other: LanguageModel | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const cost = async (saving: Saving) => {
      other = arranged(base, orderWithout(layers, [layer], saving), other);
      return await rate(other) - whole;
    };
    costs.push({ layer, leftOut: await cost("left out"), tied: layer ? await cost("tied") : null });
  }
  return costs;
}

async function withFewerLayers(
  base: LanguageModel,
  costs: readonly LayerCost[],
  { opened, plan, measured }: Measuring,
): Promise<Shrunk[]> {
  const shrunk: Shrunk[] = [], { layers } = base.spec;
  let other: LanguageModel | undefined;
  for (const kind of ["left out", "tied"] as const) {
    const costOf = ({ leftOut, tied }: LayerCost) => kind === "tied" ? tied ?? Infinity : leftOut;
    const cheapest = costs.toSorted((a, b) => costOf(a) - costOf(b));
    for (const count of plan.saved) {
      const saved = cheapest.slice(0, count).map(({ layer }) => layer).sort((a, b) => a - b);
      const order = orderWithout(layers, saved, kind), name = `4 bits, ${count} of ${layers} layers ${kind}`;
      const bytes = quantised(opened, EVEN, EMBEDDING, new Set(order).size).bytes + order.length;
      other = arranged(base, order, other);
      shrunk.push(await measured({ name, kind, bits: 4, saved, bytes }, other));
    }
  }
  return shrunk;
}

async function withFewerBits(base: LanguageModel, { opened, plan, context, read, measured }: Measuring) {
  const matrices = await openMatrices(), { none } = opened.vocabulary, { windows, tokens } = plan;
  const known = Array.from(read.tokens, (token) => token & 0xffffff); // without what escapes say
  const reads = Array.from(
    { length: windows },
    (_, i) => [none, ...known.slice(i * tokens, (i + 1) * tokens - 1)],
  );
  const started = processorSeconds(), pass = forward(opened, reads.slice(0, 1), matrices);
  while (!pass.next().done);
  const token = (processorSeconds() - started) / tokens, begun = processorSeconds();
  const asked = FEW.flatMap((bits) => (["weighted", "corrected"] as const).map((kind) => ({ kind, bits })));
  const made = corrected(opened, reads, asked, matrices, context);
  const seconds = { corrections: processorSeconds() - begun, token }, shrunk: Shrunk[] = [];
  const simple = FEW.flatMap((bits) => (["even", "codebook"] as const).map((kind) => ({ kind, bits })));
  const variants = [
    ...simple.map((by) => ({ by, make: () => quantised(opened, by, EMBEDDING) })),
    ...asked.map((by, i) => ({ by, make: () => made[i]! })),
  ];
  for (const { by, make } of variants.sort((a, b) => b.by.bits - a.by.bits)) {
    const variant = make(), name = `${by.bits} bits, ${by.kind}`, { bytes } = variant;
    shrunk.push(await measured({ ...by, name, saved: [], bytes }, modelOf(variant, base))); // in its memory
  }
  return { seconds, shrunk };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
