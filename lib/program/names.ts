/**
 * Names in few bytes: most lists of names are sorted, or numbered. A name that is the one before it with its last number
 * greater by one ("IMG_099.jpg", "IMG_100.jpg") becomes "". Any other becomes a character and the rest: the character's
 * code less 1 is how many characters it begins with of the name before it, at most 62.
 */
const SHARED = 62;

/** The name with its last number greater by one, as wide as it was; undefined where there is no number. */
function successor(name: string): string | undefined {
  const found = /^(.*?)(\d+)(\D*)$/s.exec(name);
  if (!found) return undefined;
  const [, before, digits, behind] = found as unknown as [string, string, string, string];
  return before + String(BigInt(digits) + 1n).padStart(digits.length, "0") + behind;
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

/** The names that were shortened; undefined where no names are shortened so. */
export function restored(entries: readonly string[]): string[] | undefined {
  let before = "";
  const names: string[] = [];
  for (const entry of entries) {
    const shared = entry.charCodeAt(0) - 1, known = [...before];
    const name = entry === ""
      ? successor(before)
      : shared <= Math.min(SHARED, known.length)
      ? known.slice(0, shared).join("") + entry.slice(1)
      : undefined;
    if (name === undefined) return undefined;
    names.push(before = name);
  }
  return names;
}
