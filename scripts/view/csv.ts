/** The first rows of a CSV file, for looking: whatever the text, it gives rows. */

const SEPARATORS = [",", ";", "\t", "|"];

/** What separates cells: that of which the first line has most. */
function separatorOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)![0];
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

/** Up to `most` rows of cells. A cell that begins with a quote goes on to the quote that closes it; two are one. */
export function csvRows(text: string, most: number): string[][] {
  const separator = separatorOf(text), rows: string[][] = [];
  let row: string[] = [], at = text.startsWith("\ufeff") ? 1 : 0;
  const cell = (): string => {
    let value = "";
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') value += text[at];
        else if (text[at + 1] === '"') value += text[at++];
        else {
          at++;
          break;
        }
      }
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n") at++;
    return value + text.slice(from, at);
  };
  while (at < text.length && rows.length < most) {
    row.push(cell());
    if (text[at] === separator) {
      at++;
      if (at < text.length) continue;
      row.push("");
    }
    at++;
    row[row.length - 1] = row.at(-1)!.replace(/\r$/, "");
    rows.push(row);
    row = [];
  }
  return rows;
}
