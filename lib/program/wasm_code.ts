/**
 * A decoder's functions, looked through before anything is compiled. Engines take memory for code that grows faster than
 * the code does: where ways part or meet they keep the state of all variables and of all values on the stack. So what a
 * function has of both is limited, and its instructions are those of which decoders are made: arithmetic, memory,
 * structured control flow. Whether it is valid is left to the engine.
 */
import { ByteReader, refused } from "./bytes.ts";

/** What a function may have: several times what those of our decoders have (5,122 bytes, 43, 16 and 155). */
const FUNCTION_LIMITS = {
  bytes: 2 ** 14,
  /** Without its parameters. */
  locals: 128,
  /** Blocks within blocks. */
  nesting: 64,
  /** Blocks, branches, and entries of tables of branches. */
  branches: 512,
} as const;

const BLOCK = 0x02, LOOP = 0x03, IF = 0x04, ELSE = 0x05, END = 0x0b, BR = 0x0c, BR_IF = 0x0d, BR_TABLE = 0x0e;

/** The type of a block that leaves nothing; others leave one number or vector. */
const EMPTY = 0x40;

/** i32, i64, f32, f64, v128. */
export function isNumberType(type: number): boolean {
  return type >= 0x7b && type <= 0x7f;
}

/** What follows an instruction: an index, several after their number, a number with a sign, bytes by their count. */
type Operands = readonly ("index" | "indices" | "signed" | number)[];

const ACCESS: Operands = ["index", "index"]; // alignment, offset

/** Operands by ranges of instructions, first and last. */
const PLAIN: readonly (readonly [first: number, last: number, operands: Operands])[] = [
  [0x00, 0x01, []], // unreachable, nop
  [BLOCK, IF, [1]],
  [ELSE, ELSE, []],
  [END, END, []],
  [BR, BR_IF, ["index"]],
  [BR_TABLE, BR_TABLE, ["indices", "index"]],
  [0x0f, 0x0f, []], // return
  [0x10, 0x10, ["index"]], // call
  [0x1a, 0x1b, []], // drop, select
  [0x20, 0x24, ["index"]], // local and global variables
  [0x28, 0x3e, ACCESS],
  [0x3f, 0x40, [1]], // size of memory, its growth
  [0x41, 0x42, ["signed"]], // i32, i64 constants
  [0x43, 0x43, [4]],
  [0x44, 0x44, [8]],
  [0x45, 0xc4, []], // arithmetic
];

/** Those behind the prefix 0xfc. */
const BULK: typeof PLAIN = [[0, 7, []], [10, 10, [2]], [11, 11, [1]]]; // saturating conversions, copy, fill

/** Those behind the prefix 0xfd: vectors, without relaxed instructions, whose results engines may choose. */
const VECTOR: typeof PLAIN = [
  [0, 11, ACCESS],
  [12, 13, [16]], // constant, shuffle
  [14, 20, []],
  [21, 34, [1]], // lanes
  [35, 83, []],
  [84, 91, [...ACCESS, 1]], // lanes in memory
  [92, 93, ACCESS],
  [94, 255, []],
];

const PREFIXED = new Map([[0xfc, BULK], [0xfd, VECTOR]]);

/** Reads the operands of an instruction, `opcode` having been read. */
export function skipOperands(reader: ByteReader, opcode: number): void {
  const at = reader.at - 1, set = PREFIXED.get(opcode), code = set ? reader.varint() : opcode;
  const found = (set ?? PLAIN).find(([first, last]) => code >= first && code <= last);
  if (!found) {
    const name = set ? `${opcode.toString(16)} ${code}` : opcode.toString(16).padStart(2, "0");
    throw refused(`has an instruction that no decoder has, ${name} (byte ${at} of its ${reader.part})`);
  }
  for (const operand of found[2]) {
    if (operand === "index") reader.varint();
    else if (operand === "indices") { for (let left = reader.varint(); left > 0; left--) reader.varint(); }
    else if (operand === "signed") { while (reader.byte() >= 128); }
    else reader.take(operand);
  }
}

/** Reads a variable's first value: one instruction, then the end. */
export function skipValue(reader: ByteReader): void {
  skipOperands(reader, reader.byte());
  if (reader.byte() !== END) throw refused(`has a variable whose value is computed (byte ${reader.at})`);
}

/**
 * Walks through a code section's body.
 *
 * @throws {MdlError} `not-a-program` for other instructions or above `FUNCTION_LIMITS`; `damaged` when it ends early.
 */
export function checkCode(body: Uint8Array, functions: number): void {
  const reader = new ByteReader(body, "code section"), count = reader.varint();
  if (count !== functions) throw refused(`declares ${functions} functions and has ${count}`);
  for (let i = 0; i < count; i++) checkFunction(reader.stretch(reader.varint(), "code section"), i);
  reader.close();
}

function checkFunction(reader: ByteReader, index: number): void {
  const limit = (what: keyof typeof FUNCTION_LIMITS, unit: string, value: number) => {
    if (value <= FUNCTION_LIMITS[what]) return;
    throw refused(`has ${value} ${unit} in function ${index}; allowed are ${FUNCTION_LIMITS[what]}`);
  };
  limit("bytes", "bytes", reader.left);
  let locals = 0, branches = 0;
  for (let runs = reader.varint(); runs > 0; runs--) {
    limit("locals", "variables", locals += reader.varint());
    if (!isNumberType(reader.byte())) throw refused(`has variables other than numbers in function ${index}`);
  }
  for (let depth = 1; depth > 0;) {
    const opcode = reader.byte();
    switch (opcode) {
      case BLOCK:
      case LOOP:
      case IF: {
        const type = reader.byte();
        if (type !== EMPTY && !isNumberType(type)) {
          throw refused(`has a block of several values in function ${index}`);
        }
        limit("nesting", "blocks within blocks", depth++);
        branches++;
        break;
      }
      case BR:
      case BR_IF:
        reader.varint();
        branches++;
        break;
      case BR_TABLE: {
        const entries = reader.varint() + 1;
        limit("branches", "branches", branches += entries);
        for (let i = 0; i < entries; i++) reader.varint();
        break;
      }
      case ELSE:
        branches++;
        break;
      case END:
        depth--;
        break;
      default:
        skipOperands(reader, opcode);
    }
    limit("branches", "branches", branches);
  }
  reader.close();
}
