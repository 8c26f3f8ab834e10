import { type Files, type FilesModality, filesOf } from "../lib/files/data.ts";
import { runningNames } from "../lib/items.ts";
import { concat } from "../lib/program/bytes.ts";

/** Files that a test has made. */
export function madeFiles<M extends FilesModality>(
  modality: M,
  contents: readonly Uint8Array[],
  names: readonly string[] = runningNames(contents.length),
): Files<M> {
  return filesOf({
    modality,
    name: "made",
    names,
    lengths: contents.map(({ length }) => length),
    symbols: concat(contents),
    provenance: { source: "computed", licence: "MIT", citation: "made for a test" },
  });
}
