/** What `deno task samples` is asked, for programs of any kind of data. */
import type { LoadSource } from "../command.ts";
import type { DecodeOptions } from "../../lib/program/sandbox.ts";

export interface Asked {
  /** The SHA-256 of the program's file. */
  readonly hash: string;
  readonly count: number;
  readonly seed: number;
  readonly temperature: number;
  /** The latter two, for titles. */
  readonly how: string;
  /** A source of data that the program does not contain, and how it is read. */
  readonly against?: string;
  readonly source: Pick<LoadSource, "recursive" | "flatten" | "firstFrame">;
  /** Where the files go. */
  readonly folder: string;
  readonly run: DecodeOptions & Required<Pick<DecodeOptions, "signal" | "progress">>;
  /** Writes a file into the folder. */
  save(name: string, content: Uint8Array | string): Promise<void>;
}
