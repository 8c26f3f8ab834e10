/** The model that the module is built with: for drawings, or for photos. */
import * as drawing from "./drawing";
import * as photo from "./photo";

/** Begins to learn. */
export function openModel(): void {
  if (PHOTO) photo.openModel();
  else drawing.openModel();
}

/** Codes the next pixel; one that is `known` is learnt from, and not coded. */
export function codePixel(known: bool): void {
  if (PHOTO) photo.codePixel(known);
  else drawing.codePixel(known);
}
