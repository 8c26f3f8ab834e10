/** A kernel's work on an image, cut into pieces between which the host can show progress, or stop. */

/** Symbols of a piece: some tenths of a second for the slowest model. */
const PIECE = 2 ** 15;

/**
 * Rows `first` … `last` − 1 of a pass over an image, of them columns `left` … `right` − 1, and the share of all the work
 * that is done behind them.
 */
export interface Piece {
  readonly pass: number;
  readonly first: number;
  readonly last: number;
  readonly left: number;
  readonly right: number;
  readonly share: number;
}

/** What a module exports that goes through images in pieces; its source documents it. */
export interface PieceModule {
  setPiece(pass: number, first: number, last: number, left: number, right: number): void;
}

/** Tells a module which piece its next call goes through. */
export function setPiece(module: PieceModule, { pass, first, last, left, right }: Piece): void {
  module.setPiece(pass, first, last, left, right);
}

/** The pieces of passes `from` … `to` over an image, in the order in which a kernel takes them. */
export function* pieces(
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  from: number,
  to: number,
): Generator<Piece> {
  const rows = Math.max(1, Math.floor(PIECE / (width * channels))), passes = to - from + 1;
  const columns = Math.min(width, Math.floor(PIECE / channels));
  for (let pass = from; pass <= to; pass++) {
    for (let first = 0; first < height; first += rows) {
      const last = Math.min(height, first + rows);
      for (let left = 0; left < width; left += columns) { // once, unless a row is longer than a piece
        const right = Math.min(width, left + columns), done = first + (last - first) * right / width;
        yield { pass, first, last, left, right, share: (pass - from + done / height) / passes };
      }
    }
  }
}
