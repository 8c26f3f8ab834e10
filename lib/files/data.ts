import type { Data } from "../codec.ts";
import { counted } from "../counted.ts";
import { sha256 } from "../hash.ts";
import type { ItemGroup } from "../items.ts";
import { MdlError } from "../errors.ts";

/** The kinds of data of which a program gives files back, byte for byte. */
export type FilesModality = "text" | "bytes" | "table" | "audio" | "jpeg";

/** Files: `symbols` holds their bytes one after another. Immutable. */
export interface Files<M extends FilesModality = FilesModality> extends Data {
  /** The kind of data. */
  readonly modality: M;
  /** Bytes of each file; 0 is a length, too. */
  readonly lengths: readonly number[];
}

/**
 * Files from their parts.
 *
 * @throws {MdlError} `empty` without a file; `usage` when lengths, names and bytes disagree
 */
export function filesOf<M extends FilesModality>(parts: Omit<Files<M>, "sha256">): Files<M> {
  const { name, names, lengths, symbols } = parts;
  if (lengths.length === 0) throw new MdlError("empty", `The set ${name} holds no file.`);
  const size = lengths.reduce((sum, length) => sum + length, 0);
  if (size !== symbols.length || lengths.length !== names.length) {
    const text = `The set ${name} has ${symbols.length} bytes and ${names.length} names for ` +
      `${lengths.length} files of ${size} bytes.`;
    throw new MdlError("usage", text);
  }
  return { ...parts, sha256: sha256(symbols) };
}

/** Number and size of files: "3 files of 12,345 bytes together". */
export function describeFiles({ lengths, symbols }: Pick<Files, "lengths" | "symbols">): string {
  const size = counted(symbols.length, "byte");
  return lengths.length === 1
    ? `a file of ${size}`
    : `${counted(lengths.length, "file")} of ${size} together`;
}

/** Each file of a set: its name and its bytes, a view. */
export function* eachFile(
  { names, lengths, symbols }: Pick<Files, "names" | "lengths" | "symbols">,
): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  let at = 0;
  for (const [i, length] of lengths.entries()) {
    yield { name: names[i]!, bytes: symbols.subarray(at, at += length) };
  }
}

/** The bytes of each file, views. */
export function contentsOf(files: Pick<Files, "names" | "lengths" | "symbols">): Uint8Array[] {
  return [...eachFile(files)].map(({ bytes }) => bytes);
}

/** The lengths as a program's header has them: runs of one length together. */
export function itemsOf({ lengths }: Pick<Files, "lengths">): ItemGroup[] {
  const groups: { count: number; bytes: number }[] = [];
  for (const bytes of lengths) {
    const last = groups.at(-1);
    if (last?.bytes === bytes) last.count++;
    else groups.push({ count: 1, bytes });
  }
  return groups;
}

/** A sentence on the first place where two sets of files differ; undefined when there is none. */
export function firstDifference(decoded: Files, expected: Files): string | undefined {
  const files = decoded.lengths.length, other = expected.lengths.length;
  if (files !== other) {
    return `The program has ${counted(files, "file")}, ${expected.name} has ${counted(other, "file")}.`;
  }
  const there = eachFile(expected);
  for (const { name: own, bytes } of eachFile(decoded)) {
    const { name, bytes: wanted } = there.next().value!;
    if (bytes.length !== wanted.length) {
      return `${own} has ${
        counted(bytes.length, "byte")
      } in the program, and ${name} of ${expected.name} has ${counted(wanted.length, "byte")}.`;
    }
    const at = bytes.findIndex((byte, i) => byte !== wanted[i]);
    if (at >= 0) {
      return `${name} differs first at byte ${at}: it is ${bytes[at]} in the program and ${
        wanted[at]
      } in ${expected.name}.`;
    }
  }
}
