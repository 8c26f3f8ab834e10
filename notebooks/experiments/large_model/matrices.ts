/** f32 matrices in WebAssembly (assembly/matrices.ts): products, and weights that are rounded with regard to inputs. */
import { align } from "../../../lib/decoder/memory.ts";

interface Module {
  readonly memory: WebAssembly.Memory;
  multiply(a: number, b: number, m: number, n: number, k: number, out: number): void;
  gram(x: number, k: number, rows: number, out: number): void;
  factor(h: number, k: number): void;
  round(...places: readonly number[]): void;
}

/** Codes of the weights of a matrix, u8 [n, k], and start and reach of each group of 32 in a row. */
export interface Rounded {
  readonly codes: Uint8Array;
  readonly lines: Float32Array;
}

/** What a matrix is asked. Numbers of all arguments are row by row. */
export interface Matrices {
  /** [m, n] = a [m, k] · b [n, k]ᵀ. */
  multiply(a: Float32Array, b: Float32Array, k: number): Float32Array;
  /** x [k, rows] · xᵀ, of which only what is on the diagonal and left of it counts. */
  gram(x: Float32Array, k: number): Float32Array;
  /** What `round` takes of such a matrix. */
  factor(h: Float32Array, k: number): Float32Array;
  /** Weights w [n, k] as values on lines; `columns` says how much each column counts. Without `u` nothing is corrected. */
  round(w: Float32Array, columns: Float32Array, values: Float32Array, u?: Float32Array): Rounded;
}

const FROM = 1024, GROUP = 32, PAGE = 2 ** 16;

export async function openMatrices(): Promise<Matrices> {
  const bytes = await Deno.readFile(new URL("./matrices.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes);
  const module = instance.exports as unknown as Module, { memory } = module;

  /** Addresses of arrays that are copied into memory, and of room for as many bytes as a number says. */
  const placed = (...parts: readonly (Float32Array | number)[]): number[] => {
    let top = FROM;
    const places = parts.map((part) => {
      const at = top;
      top += align(typeof part === "number" ? part : part.byteLength);
      return at;
    });
    memory.grow(Math.max(0, Math.ceil((top - memory.buffer.byteLength) / PAGE)));
    parts.forEach((part, i) =>
      typeof part === "number" || new Float32Array(memory.buffer, places[i]).set(part)
    );
    return places;
  };
  const numbers = (at: number, count: number) => new Float32Array(memory.buffer, at, count).slice();
  return {
    multiply(a, b, k) {
      const m = a.length / k, n = b.length / k, [x = 0, y = 0, out = 0] = placed(a, b, 4 * m * n);
      module.multiply(x, y, m, n, k, out);
      return numbers(out, m * n);
    },
    gram(x, k) {
      const [from = 0, out = 0] = placed(x, 4 * k * k);
      module.gram(from, k, x.length / k, out);
      return numbers(out, k * k);
    },
    factor(h, k) {
      const [at = 0] = placed(h);
      module.factor(at, k);
      return numbers(at, k * k);
    },
    round(w, columns, values, u) {
      const k = columns.length, n = w.length / k, groups = Math.ceil(k / GROUP);
      const room = 4 * 4 * (k + GROUP), others = [w.length, 8 * n * groups, room];
      const [at = 0, weights = 0, book = 0, codes = 0, lines = 0, rest = 0, factors = 0] = placed(
        ...[w, columns, values],
        ...others,
        ...(u ? [u] : []),
      );
      module.round(at, n, k, u ? factors : 0, weights, book, values.length, codes, lines, rest);
      return {
        codes: new Uint8Array(memory.buffer, codes, n * k).slice(),
        lines: numbers(lines, 2 * n * groups),
      };
    },
  };
}
