/** What the notebooks use of recommendation. */
export { calibrated, chanceOfCorrelation, logCounts, logitsOf, meanOf, unknownShare } from "./bits.ts";
export { codecExpectations } from "./codec.ts";
export { codecMovies, compareMovies, compareStars, errorsByKnown, type MovieCost } from "./compare.ts";
export { denseKernel, lowRankKernel, sparseKernel } from "./cost.ts";
export { learnStars } from "./explicit.ts";
export { usersOf } from "./implicit.ts";
export { goingOn, popularity } from "./popularity.ts";
export { answersTo, evenly, meanRanking, queriesOf, rankings } from "./queries.ts";
export { countsOf, leaksOf, loadRatings, ratingsOf, splitAt } from "./ratings.ts";
export { aboveByUsers, type Answered, answered } from "./results.ts";
export {
  attention,
  expectedOf,
  factors,
  itemItem,
  type Recommender,
  RECOMMENDER_WAYS,
  recommendTask,
  starTask,
} from "./tasks.ts";
export { shrunk } from "../../../scripts/laboratory/task/tensor_file.ts";
