/** Control characters, lone surrogates, and what turns the direction of writing or ends a line unseen. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text that may come from a file, fit to be shown: what would steer a terminal stands as an escape of JSON, `\u001b`, so
 * that JSON stays what it was.
 *
 * @param lines Whether ends of lines are kept: of what is printed as a whole, not of a name or a sentence.
 */
export function printable(text: string, lines = false): string {
  return text.replaceAll(UNSEEN, (char) => {
    if (lines && char === "\n") return char;
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
