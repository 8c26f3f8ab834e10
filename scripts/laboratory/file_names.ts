/**
 * Names of files. What a program or a folder calls something becomes one component of a path here and nowhere else: it
 * cannot lead out of the folder it is put in, and Linux, macOS and Windows all take it.
 */

/** Bytes of a name's UTF-8 that file systems take. */
const LONGEST = 255;

/** Bytes that are kept free of a long name: for the number that tells it from another one, for what a run is called. */
const NUMBER = 12, RUN = 95;

/** Control characters, halves of characters, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Separators, and what Windows takes in no name. */
const FORBIDDEN = /[/\\:*?"<>|]/g;

/** Devices of Windows, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/** The extension that a file's name has of its own: letters and digits behind its last dot. */
const EXTENSION = /(?<=.)\.[\p{L}\p{N}]{1,15}$/u;

const encoder = new TextEncoder();

/**
 * A name as one component of a path. One that is safe as it is stays so; others have `_` where a character cannot be,
 * and are cut to 255 bytes with their extension: the one that is given (".png", say), or else their own.
 */
export function fileName(name: string, extension = ""): string {
  let safe = name.replace(UNSEEN, "_").replace(FORBIDDEN, "_").replace(/^\./, "_") || "_";
  if (DEVICE.test(safe)) safe = `_${safe}`;
  if (!extension) safe = safe.replace(/[. ]+$/, (end) => "_".repeat(end.length));
  const { stem, end } = parted(safe + extension, extension);
  return cut(stem, LONGEST - encoder.encode(end).length) + end;
}

/** A file's name without its extension, and that extension. */
function parted(file: string, extension: string): { readonly stem: string; readonly end: string } {
  const end = extension || (EXTENSION.exec(file)?.[0] ?? "");
  return { stem: file.slice(0, file.length - end.length), end };
}

/** A name to begin that of a run's folder with, which is typed in a shell: letters, digits, `.`, `-` and `_` only. */
export function plainName(name: string): string {
  return cut(fileName(name.replace(/[^\p{L}\p{N}_.-]+/gu, "_")), LONGEST - RUN);
}

/**
 * A file name for each name, in their order, no two of which any file system takes for the same one: they differ in more
 * than case and Unicode normalisation. Names that need no change keep theirs before others get a number.
 */
export function fileNames(names: readonly string[], extension: string): string[] {
  const files = names.map((name) => fileName(name, extension)), taken = new Set<string>();
  const waiting: number[] = [];
  const claim = (file: string) => taken.size < taken.add(fileKey(file)).size;
  const own = (i: number) => files[i] === names[i] + extension;
  for (const i of files.keys()) if (!own(i) || !claim(files[i]!)) waiting.push(i);
  const numbers = new Map<string, number>();
  for (const i of waiting) {
    if (!own(i) && claim(files[i]!)) continue;
    const { stem, end } = parted(files[i]!, extension);
    const short = cut(stem, LONGEST - encoder.encode(end).length - NUMBER), key = fileKey(short + end);
    let n = numbers.get(key) ?? 2;
    while (!claim(`${short}_${n}${end}`)) n++;
    files[i] = `${short}_${n}${end}`;
    numbers.set(key, n + 1);
  }
  return files;
}

/**
 * A path for each name of a file, with its subfolders, no two of which any file system takes for the same one. Where a
 * name could not stay as it is, all files get names in one folder.
 */
export function filePaths(names: readonly string[]): string[] {
  const keys = new Set(names.map(fileKey)), folders = new Set<string>();
  for (const name of names) {
    const parts = name.split("/");
    parts.forEach((_, i) => i > 0 && folders.add(fileKey(parts.slice(0, i).join("/"))));
  }
  const safe = names.every((name) => name.split("/").every((part) => part === fileName(part)));
  return safe && keys.size === names.length && keys.isDisjointFrom(folders)
    ? [...names]
    : fileNames(names, "");
}

/** A sentence on the names whose files are called otherwise; undefined when there are none. */
export function describeChanges(
  names: readonly string[],
  files: readonly string[],
  extension: string,
): string | undefined {
  const changed = [...names.keys()].filter((i) => files[i] !== names[i] + extension);
  if (changed.length === 0) return undefined;
  const shown = changed.slice(0, 3).map((i) => `“${cut(names[i]!.replace(UNSEEN, "�"), 60)}” is ${files[i]}`);
  const count = changed.length === 1 ? "1 name was" : `${changed.length.toLocaleString("en")} names were`;
  return `${count} changed so that each has a file of its own, on any system: ${shown.join(", ")}${
    changed.length > shown.length ? ", …" : ""
  }`;
}

/** Equal for names that some file system takes for the same one. */
export function fileKey(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toUpperCase();
  return name.normalize("NFKD").toLowerCase().toUpperCase().normalize("NFKD")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "");
}

/** As many whole characters of a text as fit into so many bytes. */
function cut(text: string, bytes: number): string {
  if (3 * text.length <= bytes) return text; // there are no more of them
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(bytes)).read);
}
