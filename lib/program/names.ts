import { Buffer } from "node:buffer";

/**
 * Names in few bytes: most lists of names are sorted, or numbered. A name that is the one before it with its last number
 * greater by one ("IMG_099.jpg", "IMG_100.jpg") becomes "". Any other becomes a character and the rest: the character's
 * code less 1 is how many characters it begins with of the name before it, at most 62.
 */
const SHARED = 62;

const isDigit = (character = "") => character >= "0" && character <= "9";

/** The name with its last number greater by one, as wide as it was; undefined where there is no number. */
function successor(name: string): string | undefined {
  let end = name.length;
  while (end > 0 && !isDigit(name[end - 1])) end--;
  let begin = end;
  while (begin > 0 && isDigit(name[begin - 1])) begin--;
  if (begin === end) return undefined;
  const digits = name.slice(begin, end), next = String(BigInt(digits) + 1n).padStart(digits.length, "0");
  return name.slice(0, begin) + next + name.slice(end);
}

/** Names as `restored` takes them. None of them may hold a NUL. */
export function shortened(names: readonly string[]): string[] {
  let before = "";
  return names.map((name) => {
    const isNext = name === successor(before), characters = [...name], known = [...before];
    before = name;
    if (isNext) return "";
    let shared = 0;
    while (shared < SHARED && shared < characters.length && characters[shared] === known[shared]) shared++;
    return String.fromCodePoint(shared + 1) + characters.slice(shared).join("");
  });
}

/** The names that were shortened; undefined where no names are shortened so, or they are longer than `most` says, in bytes. */
export function restored(
  entries: readonly string[],
  most: { readonly name: number; readonly names: number } = { name: Infinity, names: Infinity },
): string[] | undefined {
  let before = "", all = 0;
  const names: string[] = [];
  for (const entry of entries) {
    const shared = entry.charCodeAt(0) - 1, known = [...before];
    const name = entry === ""
      ? successor(before)
      : shared <= Math.min(SHARED, known.length)
      ? known.slice(0, shared).join("") + entry.slice(1)
      : undefined;
    if (name === undefined) return undefined;
    const length = Buffer.byteLength(name);
    all += length + 1;
    if (length > most.name || all > most.names) return undefined; // few entries could become any number of bytes
    names.push(before = name);
  }
  return names;
}
