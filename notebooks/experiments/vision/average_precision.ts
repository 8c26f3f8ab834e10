/** Mean average precision: how well what was found agrees with what is there, over all levels of confidence. */
import { type Box, overlap, type Thing } from "./objects.ts";

/** A thing that was found, and how sure the finder is. */
export interface Found extends Thing {
  readonly score: number;
}

/** Overlap from which a box that was found is the one that is there. */
const SAME = 0.5;

/**
 * The surest of boxes of one class that overlap by more than half (non-maximum suppression), the surest first.
 */
export function distinct(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of found.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.label !== one.label || overlap(one, other) <= SAME)) kept.push(one);
  }
  return kept;
}

/**
 * Mean over the classes that are there of the area under precision against recall, in percent (PASCAL VOC 2010: precision
 * is the best at that recall or a higher one). Each thing can be found once; boxes overlap by at least a half.
 *
 * @param found What was found in each scene.
 * @param there What is in it.
 */
export function meanAveragePrecision(
  found: readonly (readonly Found[])[],
  there: readonly (readonly Thing[])[],
): number {
  const labels = [...new Set(there.flatMap((own) => own.map(({ label }) => label)))];
  const sum = labels.reduce((sum, label) => sum + averagePrecision(label, found, there), 0);
  return 100 * sum / labels.length;
}

function averagePrecision(
  label: number,
  found: readonly (readonly Found[])[],
  there: readonly (readonly Thing[])[],
): number {
  const left = there.map((own) => own.filter((thing) => thing.label === label) as Box[]);
  const total = left.reduce((sum, own) => sum + own.length, 0);
  const ranked = found.flatMap((own, scene) =>
    own.filter((one) => one.label === label).map((one) => ({ ...one, scene }))
  ).sort((a, b) => b.score - a.score);
  let right = 0;
  const points = ranked.map(({ scene, ...box }, n) => {
    const match = best(box, left[scene]!);
    if (match) {
      left[scene] = left[scene]!.filter((other) => other !== match);
      right++;
    }
    return { recall: right / total, precision: right / (n + 1) };
  });
  let area = 0, ceiling = 0;
  for (let n = points.length - 1; n >= 0; n--) {
    ceiling = Math.max(ceiling, points[n]!.precision);
    area += ceiling * (points[n]!.recall - (points[n - 1]?.recall ?? 0));
  }
  return area;
}

function best(box: Box, others: readonly Box[]): Box | undefined {
  return others.filter((other) => overlap(box, other) >= SAME)
    .sort((a, b) => overlap(box, b) - overlap(box, a))[0];
}
