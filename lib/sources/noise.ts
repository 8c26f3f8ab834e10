import { random } from "../random.ts";
import { type Dataset, dataset } from "../image/dataset.ts";
import type { LoadOptions } from "./loading.ts";

/** 32×32 gray images of independent uniform bytes: a control that must not compress (section 3.3). */
export function drawNoise({ take = 1000, seed = 1 }: LoadOptions): Dataset {
  const { uint32 } = random(seed, "noise");
  return dataset({
    name: "noise",
    channels: 1,
    groups: [{ count: take, height: 32, width: 32 }],
    symbols: Uint8Array.from({ length: take * 32 * 32 }, () => uint32() >>> 24),
    provenance: { source: "computed", licence: "MIT", citation: "uniform random bytes: nothing to learn" },
  });
}
