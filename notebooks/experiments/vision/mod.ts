/** What the notebooks use of vision. */
export { type Arm, armsOf, measureArms, type Outcome, pairedGain, RANKS } from "./arms.ts";
export { bitsByClass, drawClasses, drawPixels, fewestBits, programsByClass } from "./class_programs.ts";
export { classesOf, rightOf } from "../networks/classes.ts";
export { picturesOf, probabilities, rounded } from "./classifier.ts";
export { costOf, inTwo, openToTime } from "./cost.ts";
export { detect, detectorLayers, detectorTask } from "./detector.ts";
export { type Leaks, leaksOf, NEAR } from "./duplicates.ts";
export { classifierLayers, multiplications } from "./network.ts";
export { CLOTHES, composeScenes, ofClasses, outlined } from "./objects.ts";
export { answersOf, changeOf, enlarged, fileOf, loadPretrained, PRETRAINED_CLASSES } from "./pretrained.ts";
export { probeAccuracy } from "./probe.ts";
export { componentFeatures, programFeatures, untrained } from "./program_features.ts";
export { type Deletion, deletionOf, saliencyOf } from "./saliency.ts";
export { trainNets } from "./train_nets.ts";
