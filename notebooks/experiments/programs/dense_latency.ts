/** A family of dense classifiers: parameters, zeros and bits against accuracy and time (article 9.2). */
import type { Labelled } from "../../../scripts/laboratory/measure/labelled.ts";
import {
  type DenseNet,
  netAccuracy,
  netFlop,
  netParameters,
  openNet,
  trainDense,
} from "../networks/dense_classifier.ts";
import { denseLoops, type Loops, nonZero, pruned, rounded, sparseLoops } from "../networks/dense_shrink.ts";
import {
  checkArguments,
  checkOptions,
  NUMBERS,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { latencies, type Latency, type Timed } from "../../../scripts/laboratory/measure/latency.ts";

/** A net as it was timed. */
export interface DenseSpeed extends Latency {
  /** What multiplies: the backend's own kernels, or plain loops that skip zeros or do not. */
  readonly kernel: "backend" | "loops" | "loops that skip zeros";
  readonly parameters: number;
  /** Weights that are not zero. */
  readonly nonZero: number;
  /** FLOP of a sample if no zero is skipped. */
  readonly flop: number;
  /** Bits of a stored weight. */
  readonly bits: number;
  readonly accuracy: number;
}

export interface DenseOptions {
  /** Units of both hidden layers, from the smallest net to the largest. */
  readonly widths: readonly number[];
  readonly steps: number;
  readonly rounds: number;
  /** Samples that are classified in one go. */
  readonly batch: number;
}

const TRAINING = { classes: 10, batch: 128, rate: 2e-3 };

/** Share of the weights that pruning sets to zero, and bits of the coarse ones. */
const ZEROS = 0.9, BITS = 8;

/**
 * Trains a classifier of each width, prunes and rounds the largest, and times all of them by turns.
 *
 * @returns the nets in the order of their widths; then of the largest, pruned and rounded on the backend, and whole and
 * pruned in plain loops; and the FLOP of training
 */
export async function measureDense(
  train: Labelled,
  test: Labelled,
  options: DenseOptions,
  context: Context,
): Promise<{ readonly speeds: readonly DenseSpeed[]; readonly flop: number }> {
  checkArguments("measureDense", { context }, { context: WHOLE_CONTEXT });
  checkOptions("measureDense", options, {
    widths: required(NUMBERS),
    steps: required(whole(0)),
    rounds: required(whole(1)),
    batch: required(whole(1)),
  });
  const { widths, steps, rounds, batch } = options;
  const nets: DenseNet[] = [];
  let flop = 0;
  for (const width of widths) {
    const trained = await trainDense(train, { ...TRAINING, hidden: [width, width], steps }, context);
    nets.push(trained.net);
    flop += trained.flop;
  }
  const largest = nets.at(-1)!, zeros = pruned(largest, ZEROS), coarse = rounded(largest, BITS);
  const inputs = test.inputs.slice(0, batch * test.size), said = `width ${widths.at(-1)}`;
  const cases = [
    ...nets.map((net, i) => onBackend(`width ${widths[i]}`, net, inputs)),
    onBackend(`${said}, ${100 * ZEROS} % zeros`, zeros, inputs),
    { ...onBackend(`${said}, ${BITS} bits`, coarse, inputs), bits: BITS },
    inLoops(said, "loops", largest, denseLoops(largest), inputs),
    inLoops(`${said}, ${100 * ZEROS} % zeros`, "loops", zeros, denseLoops(zeros), inputs),
    inLoops(`${said}, ${100 * ZEROS} % zeros`, "loops that skip zeros", zeros, sparseLoops(zeros), inputs),
  ];
  const times = await latencies(cases.map(({ timed }) => timed), rounds, context);
  const speeds: DenseSpeed[] = [];
  for (const [i, { net, kernel, bits, close }] of cases.entries()) {
    close();
    speeds.push({
      ...times[i]!,
      kernel,
      bits,
      parameters: netParameters(net),
      nonZero: nonZero(net),
      flop: netFlop(net),
      accuracy: await netAccuracy(net, test),
    });
  }
  return { speeds, flop };
}

interface Case {
  readonly net: DenseNet;
  readonly kernel: DenseSpeed["kernel"];
  readonly bits: number;
  readonly timed: Timed;
  close(): void;
}

function onBackend(name: string, net: DenseNet, inputs: Float32Array): Case {
  const open = openNet(net);
  return {
    net,
    kernel: "backend",
    bits: 32,
    close: open.dispose,
    timed: { name, run: () => open.logits(inputs) },
  };
}

function inLoops(
  name: string,
  kernel: Case["kernel"],
  net: DenseNet,
  loops: Loops,
  inputs: Float32Array,
): Case {
  const size = net[0]!.rows;
  const run = () => {
    for (let at = 0; at < inputs.length; at += size) loops(inputs.subarray(at, at + size));
  };
  return { net, kernel, bits: 32, timed: { name, run }, close: () => {} };
}
