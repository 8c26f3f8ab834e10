/** What the notebooks use of recommendation. */
export { agreementOf, apart, type ByUser, correlationOf } from "./agreement.ts";
export { chanceOfCorrelation, logCounts, unknownShare } from "./bits.ts";
export { codecExpectations } from "./codec.ts";
export {
  codecMovies,
  compareMovies,
  compareStars,
  distributionOf,
  errorsByKnown,
  type MovieCost,
} from "./compare.ts";
export { denseKernel, lowRankKernel, sparseKernel } from "./cost.ts";
export { learnStars } from "./explicit.ts";
export { usersOf } from "./implicit.ts";
export { goingOn, popularity } from "./popularity.ts";
export { answersTo, evenly, meanRanking, queriesOf, rankings } from "./queries.ts";
export { countsOf, leaksOf, loadRatings, ratingsOf, splitAt } from "./ratings.ts";
export { aboveByUsers, aboveWhere, type Answered, answered } from "./results.ts";
export type { SequenceTraining } from "./sequence.ts";
export { starsByNeighbours } from "./star_neighbours.ts";
export {
  attention,
  expectedOf,
  factors,
  itemItem,
  type Recommender,
  RECOMMENDER_WAYS,
  recommendTask,
  rmseOf,
  starTask,
} from "./tasks.ts";
export { shrunk } from "../../../scripts/laboratory/task/tensor_file.ts";
