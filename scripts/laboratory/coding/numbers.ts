/**
 * Numbers in a file.
 *
 *     bits, and of f32 (0): the numbers; else: 2^bits values (f32) that they share, length and bytes of the indices
 */
import { type ByteReader, varint } from "../../../lib/program/bytes.ts";
import { type Codebook, codebookOf } from "./codebook.ts";
import { decodeSequence, encodeSequence } from "./symbol_code.ts";

/** Fewer numbers than this many a value are written as they are: their codebook would be longer. */
const FEW = 2;

/** Numbers as they are (bits 0), or as the nearest of 2^bits values: 1 to 8. */
export function encodeNumbers(values: Float32Array, bits: number): ArrayLike<number>[] {
  if (!bits || values.length < FEW * 2 ** bits) return [[0], floatBytes(values)];
  const { values: book, indices } = withZero(values, bits), code = encodeSequence(indices, sequence(bits));
  return [[bits], floatBytes(book), varint(code.length), code];
}

const sequence = (bits: number) => ({ alphabet: 2 ** bits, contexts: 1, context: () => 0 });

/** A codebook in which 0 is a value of its own where numbers are exactly 0. */
function withZero(values: Float32Array, bits: number): Codebook {
  const others = values.filter((v) => v !== 0);
  if (others.length === values.length || bits < 2) return codebookOf(values, bits);
  const { values: book, indices } = codebookOf(others, bits, 1);
  let next = 0;
  return {
    values: Float32Array.of(0, ...book),
    indices: Uint8Array.from(values, (v) => v === 0 ? 0 : 1 + indices[next++]!),
  };
}

/** @throws {MdlError} `damaged` */
export function decodeNumbers(reader: ByteReader, count: number): Float32Array {
  const bits = reader.byte();
  if (!bits) return readFloats(reader, count);
  if (bits > 8) throw reader.damaged("has more bits a number than any that is made");
  const book = readFloats(reader, 2 ** bits), code = reader.take(reader.varint());
  const indices = decodeSequence(code, count, sequence(bits)), values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = book[indices[i]!]!;
  return values;
}

/** f32, little-endian. */
export function floatBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length), view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  return bytes;
}

export function readFloats(reader: ByteReader, count: number): Float32Array {
  const bytes = reader.take(4 * count), view = new DataView(bytes.buffer, bytes.byteOffset);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat32(4 * i, true);
  return values;
}
