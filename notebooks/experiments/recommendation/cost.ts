/** What a query costs: multiplications of scoring all movies for one user, and kernels that do no more than those. */
import { multiplications } from "../../../scripts/laboratory/task/multiplications.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import { factorised, isMatrix, type Tensor, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** A kernel that scores all movies for a user's vector, f32[movies], and its multiplications. */
export interface Kernel {
  readonly name: string;
  readonly multiplications: number;
  run(user: Float32Array): Float32Array;
}

/** Every number of every movie is multiplied. */
export function denseKernel({ shape, values }: Tensor): Kernel {
  const [movies, width] = shape as [number, number];
  return {
    name: "all numbers",
    multiplications: movies * width,
    run(user) {
      const scores = new Float32Array(movies);
      for (let m = 0, at = 0; m < movies; m++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += values[at++]! * user[i]!;
        scores[m] = sum;
      }
      return scores;
    },
  };
}

/** Zeros are skipped: each movie's other numbers stand in a list with their places. */
export function sparseKernel({ shape, values }: Tensor): Kernel {
  const [movies, width] = shape as [number, number];
  const kept = [...values.keys()].filter((i) => values[i] !== 0);
  const numbers = Float32Array.from(kept, (i) => values[i]!),
    places = Uint16Array.from(kept, (i) => i % width);
  const ends = new Uint32Array(movies);
  for (const i of kept) ends[Math.floor(i / width)]!++;
  for (let m = 1; m < movies; m++) ends[m]! += ends[m - 1]!;
  return {
    name: `${Math.round(100 * (1 - kept.length / values.length))} % zeros, skipped`,
    multiplications: kept.length,
    run(user) {
      const scores = new Float32Array(movies);
      for (let m = 0, at = 0; m < movies; m++) {
        let sum = 0;
        for (const end = ends[m]!; at < end; at++) sum += numbers[at]! * user[places[at]!]!;
        scores[m] = sum;
      }
      return scores;
    },
  };
}

/** The user's vector goes through the right thin matrix first. */
export function lowRankKernel(movies: Tensor, rank: number): Kernel {
  const { left, right } = factorised(movies, rank), width = right.shape[1]!, scored = denseKernel(left);
  return {
    name: `rank ${rank}`,
    multiplications: scored.multiplications + rank * width,
    run(user) {
      const short = new Float32Array(rank);
      for (let k = 0; k < rank; k++) {
        for (let i = 0; i < width; i++) short[k]! += right.values[k * width + i]! * user[i]!;
      }
      return scored.run(short);
    },
  };
}

/**
 * Multiplications of a query to factors that reads so many movies: the user's vector is solved for, all movies scored.
 * What is the same for all users is computed when the file is opened.
 */
export function factorCost({ movies }: Tensors, way: Way, read: number): number {
  const width = movies!.shape[1]!, system = read * width * (width + 1) / 2 + width ** 3 / 6 + width ** 2;
  return Math.ceil(system + multiplications(movies!, way));
}

/**
 * Multiplications of a query to attention that reads as many movies as it can: its matrices once a movie read, but
 * movies and positions, which are looked up; each movie with itself and those before it, twice; all movies in the end.
 */
export function attentionCost(model: Tensors, way: Way): number {
  const read = model["position"]!.shape[0]!, width = model["embedding"]!.shape[1]!;
  const matrices = Object.entries(model).filter(([name, tensor]) =>
    isMatrix(tensor) && !["embedding", "position"].includes(name)
  );
  const blocks = matrices.filter(([name]) => name.endsWith("Mix")).length;
  const once = matrices.reduce((sum, [, tensor]) => sum + multiplications(tensor, way), 0);
  return Math.ceil(
    read * once + blocks * width * read * (read + 1) + multiplications(model["embedding"]!, way),
  );
}
