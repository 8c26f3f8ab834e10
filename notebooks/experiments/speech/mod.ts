/** What the notebooks use of speech. */
export { activityTask, loadSilero, shareDecidedRight } from "./activity.ts";
export { type Cost, costsOf, SAVINGS, type Trained } from "./cost.ts";
export {
  digitsTask,
  recordedDigits,
  shareHeard,
  soundsOf,
  synthesiseDigits,
  variedSounds,
} from "./digits.ts";
export { codeLossless, secondsOf } from "./lossless.ts";
export { BANDS, MIDDLES, spectrumOf } from "./mel.ts";
export { trainingFlop, trainNetworks } from "./network.ts";
export { LANGUAGES, promptsOrStandIns } from "./prompts.ts";
export {
  type Hearing,
  piecesOf,
  shareKnown,
  shareKnownBySilence,
  speakersTask,
  splitByPrompt,
} from "./speakers.ts";
