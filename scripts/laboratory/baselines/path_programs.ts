/** Compressors of files that are programs of their own: used where the user has installed them. */
import { join } from "node:path";
import { contentsOf, type Files } from "../../../lib/files/data.ts";
import { concat } from "../../../lib/program/bytes.ts";
import type { Effort } from "./codec.ts";
import type { Layout } from "./layouts.ts";
import { absentFor, inFolder, output, succeeds, takeOut } from "../run_program.ts";
import { type Outcome, type Trial, verifiedTrial } from "./trials.ts";

/** A program on PATH by the name that people know it by. */
export type ProgramName = "PPMd" | "bzip3" | "zpaq" | "FLAC" | "WavPack";

/** How a program is called, in a folder of its own. */
interface PathProgram {
  readonly program: string;
  /** What decodes, where that is another program. */
  readonly decoder?: string;
  /** Takes WAV files one by one; others take any bytes as one stream. */
  readonly sound?: true;
  /** Options as its command line has them; the shortest archive counts. */
  readonly efforts: readonly string[];
  /** Tried with the slow effort only. */
  readonly slow?: true;
  /** What its archives are called. */
  readonly archive: string;
  /** Makes the archive of `IN`. */
  encode(options: readonly string[], archive: string): readonly string[];
  /** Makes `OUT` of the archive; without `OUT` it writes to stdout. */
  decode(archive: string): readonly string[];
  /** What makes it say its version. */
  readonly version: readonly string[];
}

/** What goes in, and what comes back. */
const IN = "in.wav", OUT = "out.wav";

/** Programs with their strongest settings. */
export const PROGRAMS: Readonly<Record<ProgramName, PathProgram>> = {
  "PPMd": {
    program: "7z",
    efforts: ["-m0=PPMd:o=6:mem=1g", "-m0=PPMd:o=8:mem=1g", "-m0=PPMd:o=16:mem=1g"],
    archive: "x.7z",
    encode: (options, archive) => ["a", "-bd", ...options, archive, IN],
    decode: (archive) => ["e", "-bd", "-so", archive],
    version: ["i"],
  },
  "bzip3": {
    program: "bzip3",
    efforts: ["-b 16", "-b 64"],
    archive: "x.bz3",
    encode: (options, archive) => ["-e", ...options, IN, archive],
    decode: (archive) => ["-d", archive, OUT],
    version: ["--version"],
  },
  "zpaq": {
    program: "zpaq",
    slow: true,
    efforts: ["-m5"],
    archive: "x.zpaq",
    encode: (options, archive) => ["add", archive, IN, "-noattributes", ...options],
    decode: (archive) => ["extract", archive, IN, "-to", OUT],
    version: [],
  },
  "FLAC": {
    program: "flac",
    sound: true,
    efforts: ["-8 -e -p --no-padding --keep-foreign-metadata-if-present"], // the WAV header, too
    archive: "x.flac",
    encode: (options, archive) => ["-s", ...options, IN, "-o", archive],
    decode: (archive) => ["-s", "-d", "--keep-foreign-metadata-if-present", archive, "-o", OUT],
    version: ["--version"],
  },
  "WavPack": {
    program: "wavpack",
    decoder: "wvunpack",
    sound: true,
    efforts: ["-hhx6"],
    archive: "x.wv",
    encode: (options, archive) => ["-q", ...options, IN, "-o", archive],
    decode: (archive) => ["-q", archive, "-o", OUT],
    version: ["--version"],
  },
};

/** Whether a program takes data of that kind, and with that effort. */
export function takesFiles(
  name: ProgramName,
  { modality }: Pick<Files, "modality">,
  effort: Effort,
): boolean {
  const { sound, slow } = PROGRAMS[name];
  return (sound ?? false) === (modality === "audio") && (!slow || effort === "slow");
}

/**
 * Codes files with a program on PATH, decodes its archives and compares.
 *
 * @returns the program's version and its trials, or why there is none
 * @throws {MdlError} `mismatch` when it does not give the files back; `failed` when it fails; `interrupted`
 */
export async function runProgram(name: ProgramName, files: Files, signal?: AbortSignal): Promise<Outcome> {
  const found = PROGRAMS[name], { program, decoder = program } = found;
  const absent = await absentFor([program, decoder]);
  if (absent) return { absent };
  return await inFolder(program, async (folder) => {
    const call = (command: string, args: readonly string[]) => output(command, args, folder, signal);
    const version = await versionOf(program, call, found.version), tried: Trial[] = [];
    for (const effort of found.efforts) {
      const setting = {
        label: effort,
        async encode({ pixels }: { readonly pixels: Uint8Array }) {
          await Deno.writeFile(join(folder, IN), pixels);
          succeeds(program, await call(program, found.encode(effort.split(" "), found.archive)));
          await Deno.remove(join(folder, IN));
          return await takeOut(join(folder, found.archive));
        },
      };
      const decode = async (archive: Uint8Array) => {
        const args = found.decode(found.archive);
        await Deno.writeFile(join(folder, found.archive), archive);
        const { stdout, ...rest } = await call(decoder, args);
        succeeds(decoder, rest);
        await Deno.remove(join(folder, found.archive));
        return args.includes(OUT) ? await takeOut(join(folder, OUT)) : stdout;
      };
      tried.push(await verifiedTrial(name, laid(files), layoutOf(files, found.sound), setting, decode));
    }
    return { version, tried };
  });
}

/** What a trial needs to know of files. */
function laid({ symbols }: Files) {
  return { channels: 1, groups: [{ count: 1, height: 1, width: symbols.length }], symbols } as const;
}

/** Files one by one, or as one stream. */
function layoutOf(files: Files, apart = false): Layout {
  const { symbols } = files, bytes = apart ? contentsOf(files) : [symbols];
  return {
    name: apart ? "files" : "stream",
    pictures: () => bytes.map((pixels) => ({ width: pixels.length, height: 1, channels: 1, pixels })),
    restore: concat,
  };
}

/** What a program on PATH says of its version; "absent" where there is none, or where it may not be run. */
export async function programVersion(name: ProgramName | "paq8px"): Promise<string> {
  const { program, version } = name === "paq8px" ? { program: name, version: [] } : PROGRAMS[name];
  if (await absentFor([program])) return "absent";
  const asked = (folder: string) => versionOf(program, (name, args) => output(name, args, folder), version);
  const said = await inFolder(program, asked);
  return typeof said === "string" ? said : "absent";
}

/** A program's name and the first number with a dot that it says of itself: "flac 1.4.2". */
async function versionOf(
  program: string,
  call: (command: string, args: readonly string[]) => Promise<Deno.CommandOutput>,
  args: readonly string[],
): Promise<string> {
  const { stdout, stderr } = await call(program, args);
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  return [program, ...(/\d+\.\d+(?:\.\d+)*/.exec(said) ?? [])].join(" ");
}
