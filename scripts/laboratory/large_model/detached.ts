/**
 * A program without its weights, for a receiver who has them: all its other bytes, and the SHA-256 of what is missing.
 * It is no module and runs nowhere by itself; with the weights it is the program again, byte for byte.
 * lib/program/README.md lists its bytes.
 */
import { createHash } from "node:crypto";
import { MdlError } from "../../../lib/errors.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import type { ProgramInfo } from "../../../lib/program/read.ts";

const MAGIC = new TextEncoder().encode("mdlabgap"), VERSION = 1, SHA256 = 32;

/** Bytes of weights, at most. */
const MOST = 2 ** 30;

/** A program with a gap where its weights were. */
export interface Detached {
  /** SHA-256 of the weights, lower-case hexadecimal. */
  readonly sha256: string;
  /** Where they belong, and how many bytes they are. */
  readonly at: number;
  readonly length: number;
  /** All else. */
  readonly rest: Uint8Array;
}

/** Whether a file is a program without its weights. */
export function isDetached(file: Uint8Array): boolean {
  return MAGIC.every((byte, i) => file[i] === byte);
}

/**
 * A program's file without its weights.
 *
 * @throws {MdlError} `usage` for a program that has none
 */
export function detach(program: Uint8Array, { segments }: Pick<ProgramInfo, "segments">): Bytes {
  const weights = segments.find(({ kind }) => kind === "weights");
  if (!weights) throw new MdlError("usage", "The program has no weights that could be left out.");
  const { bytes: { length }, end } = weights, at = end - length;
  const hash = createHash("sha256").update(weights.bytes).digest();
  return concat([
    MAGIC,
    [VERSION],
    hash,
    varint(at),
    varint(length),
    program.subarray(0, at),
    program.subarray(end),
  ]);
}

/** @throws {MdlError} `not-a-program` for any other file; `damaged`; `too-large` */
export function readDetached(file: Uint8Array): Detached {
  if (!isDetached(file)) throw new MdlError("not-a-program", "This is no program without its weights.");
  const reader = new ByteReader(file, "beginning", MAGIC.length), version = reader.byte();
  if (version !== VERSION) {
    const text = `The program without its weights has the version ${version}; this MDLab reads ${VERSION}.`;
    throw new MdlError("not-a-program", text);
  }
  const sha256 = [...reader.take(SHA256)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const at = reader.varint(), length = reader.varint(), rest = reader.take(reader.left);
  if (length > MOST) {
    throw new MdlError("too-large", `The program asks for ${length} bytes of weights; allowed are ${MOST}.`);
  }
  if (at > rest.length) throw reader.damaged("is cut short");
  return { sha256, at, length, rest };
}

/**
 * The program again.
 *
 * @throws {MdlError} `mismatch` for other weights
 */
export function attach({ sha256, at, length, rest }: Detached, weights: Uint8Array): Bytes {
  if (weights.length !== length || createHash("sha256").update(weights).digest("hex") !== sha256) {
    throw new MdlError("mismatch", "These are not the weights that the program was made with.");
  }
  return concat([rest.subarray(0, at), weights, rest.subarray(at)]);
}
