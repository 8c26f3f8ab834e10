/** Texts that a model reads, is compared with and is asked about; and how like them a text is that was drawn. */
import { MdlError } from "../../../lib/errors.ts";
import { type Files, type FilesModality, filesOf } from "../../../lib/files/data.ts";

/** Three pieces of one text, one after another, cut at white space. */
export interface Pieces<M extends FilesModality> {
  /** What programs and models are made of. */
  readonly read: Files<M>;
  /** As long: what texts are judged by, bytes in UTF-8. */
  readonly judge: Uint8Array;
  /** What nobody has read. */
  readonly unseen: Uint8Array;
}

const SPACE = 32; // and what is below it

/**
 * The beginning of a text in pieces.
 *
 * @param bytes Of the first piece, and of the second; the words at their ends are whole, so that there may be more.
 * @throws {MdlError} `usage` for a text that is too short
 */
export function piecesOf<M extends FilesModality>(
  text: Files<M>,
  bytes: { readonly read: number; readonly unseen: number },
): Pieces<M> {
  const { symbols } = text, ends: number[] = [];
  for (const wanted of [bytes.read, bytes.read, bytes.unseen]) {
    const from = (ends.at(-1) ?? 0) + wanted, rest = symbols.subarray(from);
    const end = from + 1 + rest.findIndex((byte) => byte <= SPACE);
    if (end <= from) throw new MdlError("usage", `The text ${text.name} is too short for these pieces.`);
    ends.push(end);
  }
  const [first, second, third] = ends as [number, number, number];
  const own = symbols.slice(0, first);
  return {
    read: filesOf({ ...text, lengths: [first], symbols: own }),
    judge: symbols.slice(first, second),
    unseen: symbols.slice(second, third),
  };
}

/** Words of a text in letters; of one in Chinese, pairs of neighbouring characters. */
export function unitsOf(text: string): readonly string[] {
  const pairs = [...text.matchAll(/\p{Script=Han}(?=(\p{Script=Han}))/gu)].map(([a, b]) => a + b!);
  return [...pairs, ...(text.toLowerCase().match(/[\p{Script=Latin}']+/gu) ?? [])];
}

/** Share of a text's words, or pairs of characters, that occur in another text; NaN of a text that has none. */
export function knownShare(text: string, known: ReadonlySet<string>): number {
  const units = unitsOf(text);
  return units.filter((unit) => known.has(unit)).length / units.length;
}

/** Share of the stretches of so many characters of a text that stand in another one, letter for letter. */
export function copiedShare(text: string, source: string, length: number): number {
  const stretches = Math.max(0, text.length - length + 1);
  let copied = 0;
  for (let at = 0; at < stretches; at++) if (source.includes(text.slice(at, at + length))) copied++;
  return copied / stretches;
}
