/** Control characters but for the line's end, lone surrogates, and what turns the direction of writing unseen. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text that may come from a file, fit to be shown: what would steer a terminal stands as an escape of JSON, `\u001b`, so
 * that JSON stays what it was.
 *
 * @param lines Whether ends of lines are kept: of what is printed as a whole, not of a name or a sentence.
 */
export function printable(text: string, lines = false): string {
  const seen = text.replaceAll(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return lines ? seen : seen.replaceAll("\n", "\\u000a");
}

/** Columns that a text takes in a terminal: two for a Chinese character. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (/\p{Script=Han}/u.test(char) ? 2 : 1), 0);
}
