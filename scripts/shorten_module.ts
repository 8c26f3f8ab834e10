/**
 * Makes a WebAssembly module shorter that goes into programs: the same functions, in fewer bytes. What AssemblyScript's
 * compiler leaves is optimised once more for size, as a whole; then constants are written as shorter instructions, which the
 * optimiser would turn back.
 */
import binaryen from "binaryen";
import { ByteReader, concat, varint } from "../lib/program/bytes.ts";
import { skipOperands } from "../lib/program/wasm_code.ts";
import { PREAMBLE, readSection, writeSection } from "../lib/program/wasm_module.ts";

/** Id of a module's code section. */
const CODE = 10;

/** Opcodes. */
const I32 = 0x41, F32 = 0x43, TO_F32 = 0xb2, VECTOR = 0xfd;

/** Behind the prefix of vectors. */
const V128 = 12, SPLAT_I32 = 17, SPLAT_F32 = 19;

/** The module in fewer bytes; the same one gives the same bytes. */
export function shortened(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(optimised(module), "module", PREAMBLE.length),
    parts: Uint8Array[] = [Uint8Array.from(PREAMBLE)];
  while (reader.left > 0) {
    const { id, body } = readSection(reader);
    parts.push(writeSection(id, id === CODE ? shortenFunctions(body) : body));
  }
  return concat(parts);
}

/** Set in full: the compiler, which shares them, leaves settings of its own behind. */
function optimised(binary: Uint8Array): Uint8Array {
  const { SIMD128, NontrappingFPToInt, BulkMemory, BulkMemoryOpt, SignExt, MutableGlobals } =
    binaryen.Features;
  const module = binaryen.readBinary(binary);
  module.setFeatures(SIMD128 | NontrappingFPToInt | BulkMemory | BulkMemoryOpt | SignExt | MutableGlobals);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(20);
  binaryen.setOneCallerInlineMaxSize(2 ** 32 - 1);
  binaryen.setAllowInliningFunctionsWithLoops(false);
  module.optimize();
  module.runPasses(["const-hoisting"]);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

function shortenFunctions(code: Uint8Array): Uint8Array {
  const reader = new ByteReader(code, "code"),
    count = reader.varint(),
    parts: Uint8Array[] = [Uint8Array.from(varint(count))];
  for (let i = 0; i < count; i++) {
    const body = shortenConstants(reader.take(reader.varint()));
    parts.push(Uint8Array.from([...varint(body.length), ...body]));
  }
  return concat(parts);
}

function shortenConstants(body: Uint8Array): number[] {
  const reader = new ByteReader(body, "function");
  for (let runs = reader.varint(); runs > 0; runs--) {
    reader.varint(); // so many variables
    reader.byte(); // of this type
  }
  const bytes = [...body.subarray(0, reader.at)];
  while (reader.left > 0) {
    const at = reader.at;
    skipOperands(reader, reader.byte());
    const taken = body.subarray(at, reader.at), isVector = taken[0] === VECTOR && taken[1] === V128;
    const parts = isVector ? new Int32Array(taken.slice(2).buffer) : [];
    if (taken[0] === F32) bytes.push(...numberOf(taken.slice(1)));
    else if (isVector && parts.every((part) => part === parts[0])) bytes.push(...splatOf(taken.slice(2, 6)));
    else bytes.push(...taken);
  }
  return bytes;
}

/** A whole number up to 8,191 takes up to 5 bytes as f32.const, and 3 or 4 as i32.const, f32.convert_i32_s. */
function numberOf(bytes: Uint8Array): readonly number[] {
  const value = new DataView(bytes.slice().buffer).getFloat32(0, true);
  const isShort = Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 13;
  return isShort ? [I32, ...signed(value), TO_F32] : [F32, ...bytes];
}

/** A vector of four equal parts takes 18 bytes as v128.const, and 4 to 8 as one of them and its splat. */
function splatOf(bytes: Uint8Array): readonly number[] {
  const whole = [I32, ...signed(new DataView(bytes.slice().buffer).getInt32(0, true)), VECTOR, SPLAT_I32];
  const number = [...numberOf(bytes), VECTOR, SPLAT_F32];
  return whole.length <= number.length ? whole : number;
}

/** A number as i32.const has it: seven bits a byte, the lowest first; the last one's sign is the number's. */
function signed(value: number): readonly number[] {
  const low = value & 127, rest = value >> 7;
  return rest === 0 && low < 64 || rest === -1 && low >= 64 ? [low] : [low | 128, ...signed(rest)];
}
