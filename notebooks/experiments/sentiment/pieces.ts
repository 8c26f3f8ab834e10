/**
 * Pieces of words as a published encoder reads them: of all ways to cut a text into pieces that it knows, the most probable
 * one (a unigram model; Kudo 2018, as SentencePiece has it).
 */

/** A piece and the logarithm of its probability; in the model's order. */
export type Vocabulary = readonly (readonly [piece: string, score: number])[];

/** Stands for a space; every text begins with one. */
const SPACE = "▁";
/** Pieces before this one stand for no text: 0 for letters that are in no piece, the others for what we do not use. */
const FIRST = 6, UNKNOWN = 0;
/** What a letter that is in no piece costs beyond the least probable piece. */
const PENALTY = 10;

/** Pieces by their letters: where one ends, its number. */
interface Branch {
  readonly next: Map<string, Branch>;
  piece: number;
}

const branch = (): Branch => ({ next: new Map(), piece: UNKNOWN });

/** What cuts texts: to each the numbers of its pieces, unknown letters in a row as one. */
export function cutterOf(vocabulary: Vocabulary): (text: string) => readonly number[] {
  const root = branch(), scores = vocabulary.map(([, score]) => score);
  vocabulary.slice(FIRST).forEach(([piece], i) => {
    let at = root;
    for (const letter of piece) {
      if (!at.next.has(letter)) at.next.set(letter, branch());
      at = at.next.get(letter)!;
    }
    at.piece = FIRST + i;
  });
  const strange = scores.reduce((a, b) => Math.min(a, b), 0) - PENALTY;
  return (text) => {
    const letters = [...text.normalize("NFKC").trim()];
    if (!letters.length) return [];
    const marked = [SPACE, ...letters.map((letter) => letter === " " ? SPACE : letter)];
    const best = new Float64Array(marked.length + 1).fill(-Infinity); // of the letters before each place
    const last = new Int32Array(marked.length + 1), from = new Int32Array(marked.length + 1);
    const reach = (start: number, end: number, piece: number, score: number) => {
      if (best[start]! + score < best[end]!) return; // of equals the one whose last piece is shorter
      best[end] = best[start]! + score;
      last[end] = piece;
      from[end] = start;
    };
    best[0] = 0;
    for (let start = 0; start < marked.length; start++) {
      reach(start, start + 1, UNKNOWN, strange);
      let at = root.next.get(marked[start]!);
      for (let end = start + 1; at; at = at.next.get(marked[end++]!)) {
        if (at.piece !== UNKNOWN) reach(start, end, at.piece, scores[at.piece]!);
      }
    }
    const pieces: number[] = [];
    for (let end = marked.length; end > 0; end = from[end]!) {
      if (last[end] !== UNKNOWN || pieces.at(-1) !== UNKNOWN) pieces.push(last[end]!);
    }
    return pieces.reverse();
  };
}

/** The text that pieces are of. */
export const textOf = (pieces: readonly string[]): string => pieces.join("").replaceAll(SPACE, " ").trim();
