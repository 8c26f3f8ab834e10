/** What a transformer of the Llama architecture is, and how it lies in the memory of its module (README.md). */
import { align } from "./memory.ts";

/** Dimensions and constants of a model. */
export interface LlamaSpec {
  /** Tokens; a multiple of 8, as are all widths. */
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  /** Heads of queries, and of the keys and values that they share. */
  readonly heads: number;
  readonly keyHeads: number;
  readonly headWidth: number;
  /** Width of the feed-forward layers. */
  readonly inner: number;
  /** The output's rows are the embedding's. */
  readonly tied: boolean;
  /** Pair i of a head turns by base^(−2i / headWidth) a position. */
  readonly base: number;
  /** What norms add to the mean square. */
  readonly epsilon: number;
}

/** In how much memory it works. */
export interface Workspace {
  /** Positions whose keys are kept, a multiple of 8, at most 1400; the first `sinks` of a window are among them. */
  readonly ring: number;
  readonly sinks: number;
  /** The most positions of a window. */
  readonly positions: number;
  /** Windows side by side. */
  readonly lanes: number;
  /** Rows of a step: at least `lanes`. */
  readonly rows: number;
}

/** Bytes of the block that says all that. */
export const MODEL_BLOCK = 72;

const matrixBytes = (n: number, k: number) => n * (k + 4);

/** Rows of queries, keys and values together. */
function projected({ heads, keyHeads, headWidth }: LlamaSpec): number {
  return (heads + 2 * keyHeads) * headWidth;
}

/** The matrices of a model in the order of memory: rows and columns; norms are f32 vectors, in between. */
export function weightBytes(spec: LlamaSpec): number {
  const { vocabulary, width, layers, heads, headWidth, inner, tied } = spec;
  const layer = 8 * width + matrixBytes(projected(spec), width) + matrixBytes(width, heads * headWidth) +
    matrixBytes(2 * inner, width) + matrixBytes(width, inner);
  return (tied ? 1 : 2) * matrixBytes(vocabulary, width) + layers * layer + 4 * width;
}

/** Bytes that the forward pass takes behind the address `heap` of the block. */
export function workBytes(spec: LlamaSpec, { ring, positions, lanes, rows }: Workspace): number {
  const { vocabulary, width, layers, heads, keyHeads, headWidth, inner } = spec;
  const places = lanes * layers * keyHeads * ring, four = (n: number) => Math.ceil(n / 4) * 4;
  const group = four(heads / keyHeads), padded = four(rows), half = positions * headWidth * 2;
  const angles = [half, half], kept = [places * headWidth, places * headWidth, places * 4, places * 4];
  const looking = [group * headWidth * 2, group * ring * 2, group * 4, group * ring * 4];
  const found = [group * headWidth * 4, headWidth * 4];
  const between = Math.max(projected(spec), 2 * inner), widest = Math.max(width, inner, heads * headWidth);
  const aRow = [4, 4, 4, 4 * width, 4 * width, 4 * between, 2 * widest, 4, 4 * vocabulary]; // bytes
  return [...angles, ...kept, ...looking, ...found, ...aRow.map((bytes) => padded * bytes)]
    .reduce((sum, bytes) => sum + align(bytes), 0);
}

/** Writes the block, little-endian: u32 but for f64 rotation at 40 and f32 epsilon at 48. */
export function writeModelBlock(
  spec: LlamaSpec,
  { ring, sinks, positions, lanes, rows }: Workspace,
  { weights, heap }: { readonly weights: number; readonly heap: number },
): Uint8Array<ArrayBuffer> {
  const block = new DataView(new ArrayBuffer(MODEL_BLOCK));
  const { vocabulary, width, layers, heads, keyHeads, headWidth, inner, tied, base, epsilon } = spec;
  const fields = [vocabulary, width, layers, heads, keyHeads, headWidth, inner, ring, sinks, Number(tied)];
  fields.forEach((field, i) => block.setUint32(4 * i, field, true));
  block.setFloat64(40, base ** (-2 / headWidth), true);
  block.setFloat32(48, epsilon, true);
  [positions, lanes, rows, weights, heap].forEach((field, i) => block.setUint32(52 + 4 * i, field, true));
  return new Uint8Array(block.buffer);
}
