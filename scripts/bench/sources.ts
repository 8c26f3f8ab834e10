/** What `deno task bench` measures: sets by name, with settings of their own, and what a user names. */
import { type AnyData, codecOf, type PreprocessOptions, WAYS } from "../../lib/codecs.ts";
import type { Context } from "../../lib/context.ts";
import { MdlError } from "../../lib/errors.ts";
import type { CompressOptions } from "../../lib/stages/compress.ts";
import { changes, DATA_OPTIONS, loadPrepared, preprocessOptions, refuseIdle } from "../command.ts";
import { fileNames, plainName } from "../laboratory/file_names.ts";
import { loadAny } from "../laboratory/source.ts";
import type { Values } from "../options.ts";

/** What is measured, and how its program is made. */
export interface Source {
  /** In tables, figures and names of files; no other source has it. */
  readonly name: string;
  readonly preprocess: PreprocessOptions;
  /** Of images. */
  readonly ways?: CompressOptions["ways"];
  load(context: Context): Promise<AnyData>;
}

/** A data set, and what is done to it first. */
interface Named {
  readonly source: string;
  readonly preprocess?: PreprocessOptions;
}

const SMALL = { size: { width: 32, height: 32 } };

/** Settings were tuned on S1, S2 and the photos. */
const SETS = {
  "S1": { source: "S1" },
  "S2": { source: "S2" },
  "S3": { source: "S3" },
  "photos": { source: "photos", preprocess: { gray: true, ...SMALL } },
  "photos-colour": { source: "photos", preprocess: SMALL },
  "photos-128": { source: "photos" },
  "native": { source: "native" },
  "cifar10-10k": { source: "cifar10", preprocess: { take: 10_000, gray: true } },
  "scenes": { source: "scenes" },
  "noise": { source: "noise" },
  "speeches": { source: "speeches" },
  "speeches-1mb": { source: "speeches", preprocess: { bytes: 1_000_000 } },
  "moby-dick": { source: "moby-dick" },
  "song-ci": { source: "song-ci" },
  "ratings": { source: "ratings" },
  "lena": { source: "lena" },
  "six-jpeg": { source: "six-jpeg" },
} as const satisfies Record<string, Named>;

/** Names for several sets. */
const GROUPS = {
  "images": ["S1", "S2", "S3", "photos"],
  "text": ["speeches", "speeches-1mb", "moby-dick", "song-ci"],
  "table": ["ratings"],
  "audio": ["lena"],
  "jpeg": ["six-jpeg"],
} as const satisfies Record<string, readonly (keyof typeof SETS)[]>;

/** What names of sets may be, for --help. */
export const SET_NAMES = `${Object.keys(GROUPS).join(", ")}, or some of ${Object.keys(SETS).join(", ")}`;

/**
 * The sets that a list names, such as "text,S1".
 *
 * @throws {MdlError} `usage` for a name that is none
 */
export function namedSources(list: string): readonly Source[] {
  const names = list.split(",").flatMap((name): readonly string[] => {
    if (Object.hasOwn(GROUPS, name)) return GROUPS[name as keyof typeof GROUPS];
    if (Object.hasOwn(SETS, name)) return [name];
    const instead = "a file or folder of your own is named without --sets";
    throw new MdlError("usage", `--sets takes ${SET_NAMES}, not “${name}”: ${instead}.`);
  });
  return [...new Set(names)].map((name) => {
    const { source, preprocess = {} }: Named = SETS[name as keyof typeof SETS];
    const load = async (context: Context) => {
      const loaded = await loadAny(`set:${source}`, { ...context, ...preprocess });
      return await codecOf<AnyData>(loaded).preprocessing.apply(loaded, preprocess, context);
    };
    return { name, preprocess, load };
  });
}

/**
 * Data of any kind that are no set of ours, loaded so that what is wrong with one is said before another is measured. Their
 * programs are those that `compress` makes.
 *
 * @param named Sources whose names are taken.
 * @throws {MdlError} `empty` for a source without a byte; `usage` for options without a source; as `loadPrepared`
 */
export async function ownSources(
  sources: readonly string[],
  values: Values<typeof DATA_OPTIONS>,
  named: readonly Source[],
  context: Context,
): Promise<readonly Source[]> {
  if (sources.length === 0) {
    refuseIdle(values, DATA_OPTIONS, "a folder, file or data set that is named without --sets");
  }
  const all: Awaited<ReturnType<typeof loadPrepared>>[] = [], taken = named.map(({ name }) => name);
  for (const source of new Set(sources)) {
    const one = await loadPrepared(source, values, context);
    if (one.data.symbols.length === 0) {
      throw new MdlError("empty", `${source} holds no byte: there is nothing to measure.`);
    }
    all.push(one);
  }
  const called = all.map(({ data }) =>
    [plainName(data.name), ...changes(preprocessOptions(values))].join("-")
  );
  const names = fileNames([...taken, ...called], "").slice(taken.length);
  return all.map(({ data, preprocess }, i) => ({
    name: names[i]!,
    preprocess,
    ways: WAYS,
    load: () => Promise.resolve(data),
  }));
}
