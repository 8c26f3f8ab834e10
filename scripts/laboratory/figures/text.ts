/** The two fonts of static figures, and how wide a text is in them. */
import { brotliDecompressSync } from "node:zlib";
import { FONT } from "./figure.ts";

/** Of opentype.js, what is used here. */
interface Font {
  readonly unitsPerEm: number;
  readonly ascender: number;
  readonly descender: number;
  charToGlyph(char: string): { readonly advanceWidth: number };
}

/** Font files, and the measures that a layout asks for. */
export interface Typeface {
  readonly family: string;
  /** The first has the letters of most languages, the second those of Chinese. */
  readonly files: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  /** Height above and below the base line, as shares of the font size. */
  readonly ascent: number;
  readonly descent: number;
  /** Sum of the advance widths, without kerning and ligatures, in the unit of `size`. */
  width(text: string, size: number): number;
}

/** Chinese letters and their punctuation, which are all as wide as they are high. */
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6]/;

let loaded: Promise<Typeface> | undefined;

/**
 * Reads DejaVu Sans (Latin, Greek, Cyrillic, mathematics), and a part of Noto Sans SC: the 3,755 characters of GB 2312's
 * first level, its punctuation, and what else the project's own texts have (noto_sans_sc.md says how it was made).
 */
export function typeface(): Promise<Typeface> {
  return loaded ??= load();
}

async function load(): Promise<Typeface> {
  const { parse } = await import("opentype.js");
  await import("dejavu-fonts-ttf/package.json", { with: { type: "json" } }); // else the package may not be there
  const bytes = await Deno.readFile(new URL(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")));
  const packed = await Deno.readFile(new URL("noto_sans_sc.ttf.br", import.meta.url));
  const font: Font = parse(bytes.buffer);
  return {
    family: FONT,
    files: [withoutLigatures(bytes), new Uint8Array(brotliDecompressSync(packed))],
    ascent: font.ascender / font.unitsPerEm,
    descent: -font.descender / font.unitsPerEm,
    width: (text, size) =>
      size * [...text].reduce(
        (sum, char) => sum + (WIDE.test(char) ? 1 : font.charToGlyph(char).advanceWidth / font.unitsPerEm),
        0,
      ),
  };
}

/**
 * A font whose table of substitutions has another name, so that nobody finds it: resvg takes Chinese from the second font
 * only where both fonts make as many glyphs of a text, and “fi” would be one in the first.
 */
function withoutLigatures(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice(), view = new DataView(copy.buffer), tables = view.getUint16(4), GSUB = 0x47535542;
  for (let table = 0; table < tables; table++) {
    const tag = 12 + 16 * table;
    if (view.getUint32(tag) === GSUB) copy.set(new TextEncoder().encode("none"), tag);
  }
  return copy;
}
