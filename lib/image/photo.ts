/**
 * Few photos in mode prequential, from the host's side. Their decoder (`lib/decoder/assembly/photo.ts`) is short, and is
 * told little.
 */
import type { Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { trimmed, words } from "../decoder/memory.ts";
import { type EncoderExports, openModule, readModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { concat } from "../program/bytes.ts";
import { type Dataset, symbolCount, widest } from "./dataset.ts";

/**
 * By the number of channels: the build of the modules, where the parameter block lies, and what is in memory in front of it:
 * of gray pictures the upper byte of the left neighbour's weight, 2.
 */
const BUILDS = {
  1: { build: "", block: 96, begin: [0x40] },
  3: { build: "-colour", block: 24_576, begin: [] },
} as const;

/** Bytes of the block in front of its groups, of a group, and behind a code, which has to be 0. */
const FIELDS = 4, GROUP = 12, MARGIN = 4;

/** Rows above a pixel that its neighbours are in: an address of so many above an image has to be none below 0. */
const REACH = 2;

/** Addresses of the first image, behind the last and one that is drawn, and behind all errors. */
interface Layout {
  readonly first: number;
  readonly behind: number;
  readonly end: number;
}

type Shape = Pick<Dataset, "channels" | "groups">;

/** Where all lies: an error's address is four times its value's, and a code of `payload` bytes is in front of the images. */
function layoutOf({ channels, groups }: Shape, payload: number): Layout {
  const symbols = symbolCount(groups, channels) + symbolCount([{ ...groups[0]!, count: 1 }], channels);
  const free = BUILDS[channels].block + FIELDS + GROUP * (groups.length + 1) + MARGIN + payload;
  const above = REACH * widest(groups) * channels;
  const first = Math.max(free, Math.ceil(symbols / 3), above) + 2 * MARGIN, behind = first + symbols;
  return { first, behind, end: 4 * behind };
}

/**
 * The parameter block, little-endian u32: address of the first image; for each group of images the address behind it, bytes
 * of an image, and of a row.
 */
function writeBlock({ first }: Layout, { channels, groups }: Shape): Uint8Array {
  let end = first;
  const fields = groups.flatMap(({ count, height, width }) => {
    const line = width * channels;
    return [end += count * height * line, height * line, line];
  });
  return concat([BUILDS[channels].begin, words([first, ...fields])]);
}

/** What photo_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(code: number): void;
  encodeRow(): number;
}

/**
 * Codes a set; shows progress by symbols.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodePhotos(
  set: Dataset,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<Coded> {
  const { build, block, begin } = BUILDS[set.channels], address = block - begin.length;
  const layout = layoutOf(set, 0), code = layout.end + MARGIN;
  const { encoder, memory } = await openModule<EncoderModule>(`photo_encoder${build}`, code + 65536);
  memory().set(writeBlock(layout, set), address);
  memory().set(set.symbols, layout.first);
  encoder.open(code);
  const pace = encodingPace(context, set.symbols.length, "symbols");
  for (let done = 0, row = 0; (row = encoder.encodeRow()) > 0;) await pace(done += row);
  const estimatedBits = encoder.spent.value, end = encoder.close();
  const bytes = memory().slice(code, end).reverse(), placed = layoutOf(set, bytes.length);
  return {
    mode: "prequential",
    decoder: await readModule(`photo${build}`),
    parameters: { address, bytes: trimmed(writeBlock(placed, set)) },
    payloads: [{ address: placed.first - set.channels - bytes.length, bytes, estimatedBits }],
    memoryBytes: placed.end,
  };
}
