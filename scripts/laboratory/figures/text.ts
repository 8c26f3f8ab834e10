/** The one font of static figures, and how wide a text is in it. */
import { FONT } from "./figure.ts";

/** Of opentype.js, what is used here. */
interface Font {
  readonly unitsPerEm: number;
  readonly ascender: number;
  readonly descender: number;
  charToGlyph(char: string): { readonly advanceWidth: number };
}

/** A font file, and the measures that a layout asks for. */
export interface Typeface {
  readonly family: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Height above and below the base line, as shares of the font size. */
  readonly ascent: number;
  readonly descent: number;
  /** Sum of the advance widths, without kerning and ligatures, in the unit of `size`. */
  width(text: string, size: number): number;
}

let loaded: Promise<Typeface> | undefined;

/** Reads DejaVu Sans: Latin, Greek, Cyrillic, mathematics; no Chinese. */
export function typeface(): Promise<Typeface> {
  return loaded ??= load();
}

async function load(): Promise<Typeface> {
  const { parse } = await import("opentype.js");
  await import("dejavu-fonts-ttf/package.json", { with: { type: "json" } }); // else the package may not be there
  const bytes = await Deno.readFile(new URL(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")));
  const font: Font = parse(bytes.buffer);
  return {
    family: FONT,
    bytes,
    ascent: font.ascender / font.unitsPerEm,
    descent: -font.descender / font.unitsPerEm,
    width: (text, size) =>
      [...text].reduce((sum, char) => sum + font.charToGlyph(char).advanceWidth, 0) * size / font.unitsPerEm,
  };
}
