/**
 * What a sequence model is trained on at every place: how likely it makes the movie that came next. The softmax over all
 * movies is the code length of that movie, and what a ranking of all movies should follow. It can be estimated from a
 * sample of others, each lowered by the logarithm of how often it is drawn (Bengio & Senécal 2008). SASRec as published
 * asks whether the right movie stands above one that is drawn (Kang & McAuley 2018): each place teaches about two
 * movies, and scores become too sure (Klenitskiy & Vasilev 2023; Petrov & Macdonald 2023).
 */
import * as tf from "@tensorflow/tfjs";

/** What is compared: states f32[P, D], the vectors of movies f32[M, D], and what each one's score has added, f32[M]. */
export interface Compared {
  readonly states: tf.Tensor2D;
  readonly movies: tf.Tensor2D;
  readonly offsets: tf.Tensor1D;
}

const indices = (movies: Int32Array) => tf.tensor1d(movies, "int32");

/** The score of one movie a place, f32[P]. */
const scoresOf = ({ states, movies, offsets }: Compared, which: Int32Array): tf.Tensor =>
  states.mul(tf.gather(movies, indices(which))).sum(1).add(tf.gather(offsets, indices(which)));

/**
 * Mean −log₂ of the softmax over all movies at the right ones, a scalar of bits. The gradient is written out, so that
 * f32[P, M] is walked through five times and not twenty.
 */
export function softmaxLoss({ states, movies, offsets }: Compared, right: Int32Array): tf.Scalar {
  const entropy = tf.customGrad((...given) => {
    const [S, E, save] = given as unknown as [tf.Tensor2D, tf.Tensor2D, (kept: tf.Tensor[]) => void];
    const logits = tf.matMul(S, E, false, true).add(offsets), most = logits.max(1, true); // [P, M], [P, 1]
    const odds = logits.sub(most).exp(), sums = odds.sum(1, true); // [P, M], [P, 1]
    const own = scoresOf({ states: S, movies: E, offsets }, right); // [P]
    save([S, E, odds, sums]);
    return {
      value: sums.log().add(most).squeeze([1]).sub(own).mean().mul(Math.LOG2E),
      gradFunc: (by: tf.Tensor, saved: tf.Tensor[]) => softmaxGradients(by, saved, right),
    };
  });
  return entropy(states, movies) as tf.Scalar;
}

/** Of the states, f32[P, D], and of the movies' vectors, f32[M, D]. */
function softmaxGradients(by: tf.Tensor, saved: tf.Tensor[], right: Int32Array): tf.Tensor[] {
  const [states, movies, odds, sums] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const scale = by.mul(Math.LOG2E / right.length), weighed = states.div(sums) as tf.Tensor2D; // [P, D]
  const met = tf.matMul(odds, movies).div(sums); // [P, D]
  const expected = tf.matMul(weighed, odds, true).transpose(); // [M, D]
  return [
    met.sub(tf.gather(movies, indices(right))).mul(scale),
    expected.sub(tf.unsortedSegmentSum(states, indices(right), movies.shape[0])).mul(scale),
  ];
}

/** The same over the right movie and a sample of others; `expected` is how often a movie is in such a sample. */
export function sampledLoss(
  { states, movies, offsets }: Compared,
  right: Int32Array,
  sample: Int32Array,
  expected: (movie: number) => number,
): tf.Scalar {
  const drawn = (which: Int32Array) =>
    tf.tensor1d(Float32Array.from(which, (movie) => Math.log(expected(movie))));
  const own = scoresOf({ states, movies, offsets }, right).sub(drawn(right)); // [P]
  const vectors = tf.gather(movies, indices(sample)) as tf.Tensor2D; // [S, D]
  const same = tf.equal(indices(right).expandDims(1), indices(sample).expandDims(0)).cast("float32"); // [P, S]
  const theirs = tf.matMul(states, vectors, false, true)
    .add(tf.gather(offsets, indices(sample)).sub(drawn(sample))).sub(same.mul(1e9)); // [P, S]
  return tf.logSumExp(tf.concat([own.expandDims(1), theirs], 1), 1).sub(own).mean().mul(Math.LOG2E);
}

/** As published: −log₂ σ(right) − log₂ σ(−other), one other movie a place; the mean, a scalar of bits. */
export function pairLoss(compared: Compared, right: Int32Array, other: Int32Array): tf.Scalar {
  const [own, theirs] = [right, other].map((which) => scoresOf(compared, which));
  return tf.softplus(own!.neg()).add(tf.softplus(theirs!)).mean().mul(Math.LOG2E);
}
