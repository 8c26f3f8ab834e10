import type { Raster } from "../../../lib/image/raster.ts";

/** How much is tried: `quick`, about 20 s for a megabyte of images, or `slow` with the settings that take minutes. */
export type Effort = "quick" | "slow";
export const EFFORTS: readonly Effort[] = ["quick", "slow"];

/** One way to run a codec, by the codec's own name for it. */
export interface Setting {
  readonly label: string;
  /** Tried with the slow effort only. */
  readonly slow?: true;
  /** Tried on these layouts, too, even where another effort did not do well on them. */
  readonly layouts?: readonly string[];
  encode(picture: Raster): Uint8Array | Promise<Uint8Array>;
}

/** A compressor that others use: what our programs are measured against. */
export interface Codec {
  /** What it takes: bytes in a row (a picture one pixel high), or pictures. */
  readonly form: "stream" | "sheet";
  /** No picture may have a longer side (pixels). */
  readonly maxSide?: number;
  /** The first one is the cheapest: it is tried on every layout, the others on the best layouts only. */
  readonly settings: readonly Setting[];
  /** The package with its version, and the library inside where it says so itself. */
  version(): string | Promise<string>;
  /** The pixels, [height, width, channels], of what `encode` made of a picture with that many channels. */
  decode(file: Uint8Array, channels: 1 | 3): Uint8Array | Promise<Uint8Array>;
}
