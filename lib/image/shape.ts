/** What a program's header says of images besides the number of bytes of each: channels, and the heights of all groups. */
import type { ItemGroup } from "../items.ts";
import { MdlError } from "../errors.ts";
import { ByteReader, type Bytes, concat, damaged, varint } from "../program/bytes.ts";
import type { Dataset, ImageGroup } from "./dataset.ts";

/** Channels and sizes of a set of images. */
export type ImageShape = Pick<Dataset, "channels" | "groups">;

export function itemsOf({ channels, groups }: ImageShape): ItemGroup[] {
  return groups.map(({ count, height, width }) => ({ count, bytes: height * width * channels }));
}

/** A byte for the channels, then each group's height as an unsigned LEB128 number. */
export function writeShape({ channels, groups }: ImageShape): Bytes {
  return concat([[channels], ...groups.map(({ height }) => varint(height))]);
}

/** @throws {MdlError} `damaged` when no images have that shape; `usage` for a program of other data */
export function readShape({ shape, items, modality = "image" }: {
  readonly shape: Uint8Array;
  readonly items: readonly ItemGroup[];
  readonly modality?: string;
}): ImageShape {
  if (modality !== "image") {
    throw new MdlError("usage", `The program gives data of the kind ${modality}, and images are needed.`);
  }
  const reader = new ByteReader(shape, "shape"), channels = reader.byte();
  if (channels !== 1 && channels !== 3) throw reader.damaged(`has ${channels} channels, not 1 or 3`);
  const groups = items.map(({ count, bytes }): ImageGroup => {
    const height = reader.varint(), width = bytes / channels / height;
    if (Number.isInteger(width) && width > 0) return { count, height, width };
    throw damaged(`no image of ${bytes} bytes has ${height} rows`);
  });
  reader.close();
  return { channels, groups };
}
