/** The tiny language's opcodes and arithmetic (notebooks/experiments/enumeration/language.ts defines them), as both modules run them. */
export const X = 0, Y = 1, ONE = 2, DUP = 3, OVER = 4;
const ADD = 5, SUB = 6, MUL = 7, DIV = 8, MOD = 9, AND = 10, XOR = 11, LESS = 12;
export const PRINT = 13, MARK = 14, JUMP = 15;

/** Bytes of a cell of the stack. */
export const CELL: usize = 4;

/** a op b, modulo 2³². */
export function arithmetic(op: i32, a: u32, b: u32): u32 {
  switch (op) {
    case ADD:
      return a + b;
    case SUB:
      return a - b;
    case MUL:
      return a * b;
    case DIV:
      return b ? a / b : 0;
    case MOD:
      return b ? a % b : a;
    case AND:
      return a & b;
    case XOR:
      return a ^ b;
    default:
      return <u32> (a < b);
  }
}
