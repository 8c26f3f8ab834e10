/**
 * Where the numbers lie in an ONNX file, so that they can be taken out, made fewer, and put back in their places. A file is a
 * protocol buffer: fields with a number and a kind, some of which hold fields again (onnx.proto3).
 */
import { MdlError } from "../../../lib/errors.ts";

/** A tensor of f32 in a file. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  /** Bytes of the file that hold its numbers, little-endian. */
  readonly start: number;
  readonly end: number;
}

/** Messages that can hold tensors: for each, the numbers of its fields and the messages in them. */
const INSIDE: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: "graph" },
  graph: { 1: "node", 5: "tensor" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph" },
};

/** Kinds of fields (wire types), fields of a tensor, and its data type f32. */
const VARINT = 0, EIGHT = 1, LENGTH = 2, FOUR = 5;
const DIMS = 1, DATA_TYPE = 2, RAW_DATA = 9, F32 = 1;

interface Field {
  readonly field: number;
  readonly kind: number;
  /** Of a varint. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/**
 * All tensors of f32 that a file holds as raw bytes, in the order of the file, those inside branches included.
 *
 * @throws {MdlError} `unreadable`
 */
export function onnxTensors(file: Uint8Array): readonly OnnxTensor[] {
  const found = [...within(file, "model", 0, file.length)];
  if (!found.length) throw new MdlError("unreadable", "This is no ONNX file with numbers in it.");
  return found;
}

function* within(file: Uint8Array, message: string, start: number, end: number): Generator<OnnxTensor> {
  if (message === "tensor") return void (yield* tensor(file, start, end));
  for (const { field, kind, start: from, end: to } of fields(file, start, end)) {
    const inner = INSIDE[message]![field];
    if (inner && kind === LENGTH) yield* within(file, inner, from, to);
  }
}

function* tensor(file: Uint8Array, start: number, end: number): Generator<OnnxTensor> {
  const shape: number[] = [];
  let raw: Field | undefined, type = 0;
  for (const field of fields(file, start, end)) {
    if (field.field === DATA_TYPE) type = field.value;
    if (field.field === RAW_DATA) raw = field;
    if (field.field !== DIMS) continue;
    if (field.kind === VARINT) shape.push(field.value);
    else for (let at = field.start; at < field.end;) shape.push(varintAt(file, at, (next) => at = next));
  }
  if (type !== F32 || !raw) return;
  if (raw.end - raw.start !== 4 * shape.reduce((a, b) => a * b, 1)) throw damaged(start);
  yield { shape, start: raw.start, end: raw.end };
}

function* fields(file: Uint8Array, start: number, end: number): Generator<Field> {
  for (let at = start; at < end;) {
    const key = varintAt(file, at, (next) => at = next), kind = key % 8, field = Math.floor(key / 8);
    let value = 0, from = at;
    if (kind === VARINT) value = varintAt(file, at, (next) => at = next);
    else if (kind === EIGHT) at += 8;
    else if (kind === FOUR) at += 4;
    else if (kind === LENGTH) {
      const length = varintAt(file, at, (next) => at = next);
      from = at;
      at += length;
    } else throw damaged(at);
    if (at > end) throw damaged(from);
    yield { field, kind, value, start: from, end: at };
  }
}

/** Exact up to 2⁵³, which no length or dimension reaches; negative numbers, which nothing here needs, are rounded. */
function varintAt(file: Uint8Array, at: number, then: (next: number) => void): number {
  let value = 0, scale = 1;
  for (; at < file.length; scale *= 128) {
    const byte = file[at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) {
      then(at);
      return value;
    }
  }
  throw damaged(at);
}

const damaged = (at: number) => new MdlError("unreadable", `The ONNX file makes no sense at byte ${at}.`);
