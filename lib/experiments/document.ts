import type { Dataset } from "../data/dataset.ts";
import type { PreprocessOptions } from "../stages/preprocess.ts";

/** What a file of results says of the set that was measured. */
export function setSummary(set: Dataset, preprocess: PreprocessOptions) {
  const { name, names, channels, groups, sha256, provenance } = set;
  const { source, licence } = provenance;
  return {
    name,
    images: names.length,
    channels,
    groups,
    symbols: set.symbols.length,
    sha256,
    preprocess,
    source,
    licence,
  };
}
