/** What a program gives: items that arrive one after another, or piece by piece. */
import { byteCount, type ItemGroup, itemLengths } from "../../lib/items.ts";
import { MdlError } from "../../lib/errors.ts";
import { printable } from "../../lib/printable.ts";
import { fileName, fileNames } from "../laboratory/file_names.ts";
import type { ImageShape } from "../../lib/image/shape.ts";

/** How items are shown: by the kind of data, or as someone wants to see them. */
export type Shown = "image" | "text" | "bytes" | "table" | "audio" | "jpeg";

/** Items, as far as they are there. */
export class Items {
  /** Bytes that are there. */
  ready = 0;
  /** Whether all is there, and is what it should be. */
  whole = false;
  readonly count: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each item begins, and the last one ends. */
  readonly starts: Float64Array;

  /** @throws {MdlError} `too-large` where the browser has no memory for them */
  constructor(
    readonly groups: readonly ItemGroup[],
    /** Each item's name; running numbers where there is none. */
    private readonly names: (i: number) => string | undefined,
    /** Of images. */
    readonly shape?: ImageShape,
  ) {
    const lengths = itemLengths(groups);
    this.count = lengths.length;
    this.starts = new Float64Array(this.count + 1);
    lengths.forEach((length, i) => this.starts[i + 1] = this.starts[i]! + length);
    try {
      this.bytes = new Uint8Array(byteCount(groups));
    } catch (cause) {
      throw new MdlError("too-large", "This browser has no memory for the data.", { cause });
    }
  }

  /** Adds what comes next. */
  take(piece: Uint8Array): void {
    this.bytes.set(piece, this.ready);
    this.ready += piece.length;
  }

  /** An item's name, fit to be shown. */
  name(i: number): string {
    return printable(this.rawName(i));
  }

  /** Names of files for all items, each safe on any system and different from the others. */
  fileNames(extension: string): string[] {
    return fileNames(Array.from({ length: this.count }, (_, i) => this.rawName(i)), extension);
  }

  /** The name of a file for an item, safe on any system. */
  fileName(i: number, extension: string): string {
    return fileName(this.rawName(i), extension);
  }

  length(i: number): number {
    return this.starts[i + 1]! - this.starts[i]!;
  }

  /** Whether an item is there to its end. */
  complete(i: number): boolean {
    return this.ready >= this.starts[i + 1]!;
  }

  /** An item's bytes as far as they are there, a view. */
  of(i: number): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(
      this.starts[i]!,
      Math.max(this.starts[i]!, Math.min(this.ready, this.starts[i + 1]!)),
    );
  }

  /** The item in which a byte lies. */
  at(byte: number): number {
    let first = 0, last = this.count - 1;
    while (first < last) {
      const middle = (first + last) >> 1;
      if (this.starts[middle + 1]! > byte) last = middle;
      else first = middle + 1;
    }
    return first;
  }

  private rawName(i: number): string {
    return this.names(i) ?? String(i).padStart(6, "0");
  }
}

/** Something that shows items, and again when more of them are there. */
export interface View {
  readonly element: HTMLElement;
  update(): void;
}
