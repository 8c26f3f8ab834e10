/** Images that a small classifier learns at once. */
import { type Dataset, dataset } from "../lib/image/dataset.ts";
import { random } from "../lib/random.ts";

/** Gray 16×16 noise with a bright bar, upright (label 0) or lying (label 1), at a random place. */
export function bars(count: number, seed: number): Dataset {
  const { below } = random(seed, "bars"), symbols = new Uint8Array(count * 256), labels: number[] = [];
  for (let n = 0; n < count; n++) {
    const label = below(2), place = below(16);
    labels.push(label);
    for (let i = 0; i < 256; i++) {
      symbols[n * 256 + i] = below(100) + ((label ? i >> 4 : i & 15) === place ? 150 : 0);
    }
  }
  return dataset({
    name: "bars",
    channels: 1,
    groups: [{ count, height: 16, width: 16 }],
    symbols,
    labels,
    names: labels.map(String),
    provenance: { source: "computed", licence: "MIT", citation: "bars" },
  });
}
