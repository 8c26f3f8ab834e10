/** What a model's file holds besides numbers: bytes under brotli, with their length before them. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { type ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";

/** Length (varint) and brotli of bytes. */
export function packed(bytes: Uint8Array): Bytes {
  const code = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return concat([varint(code.length), code]);
}

/** @throws {MdlError} `damaged` */
export function unpacked(reader: ByteReader): Uint8Array {
  const code = reader.take(reader.varint());
  try {
    return brotliDecompressSync(code);
  } catch {
    throw reader.damaged("holds what is no brotli");
  }
}

/** Texts without line ends, such as the words that a model knows, a line each. */
export const packedTexts = (texts: readonly string[]): Bytes =>
  packed(new TextEncoder().encode(texts.join("\n")));

/** @throws {MdlError} `damaged` */
export const unpackedTexts = (reader: ByteReader): readonly string[] =>
  new TextDecoder().decode(unpacked(reader)).split("\n");
