/** Programs of the tiny language as real bytes, printed by a real module: what a description in it costs in all. */
import { MdlError } from "../../../lib/errors.ts";
import { OPCODE_BITS, packed } from "./language.ts";
import type { Targets } from "./targets.ts";

/** Addresses in interpreter.wasm, and the most symbols that have room there. */
const PROGRAM = 16, OUTPUT = 256, MOST = 8192 - OUTPUT;

interface Interpreter {
  readonly memory: WebAssembly.Memory;
  run(length: number, width: number, count: number): void;
}

/** The module's bytes: the same for all programs. It imports nothing. */
export async function interpreterBytes(): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL("interpreter.wasm", import.meta.url));
}

/**
 * Runs a program in interpreter.wasm until it has printed all symbols; one that never does never returns.
 *
 * @throws {MdlError} `too-large` for more than 7,936 symbols or 480 opcodes
 */
export async function interpret(
  program: Uint8Array,
  { width, count }: Pick<Targets, "width" | "count">,
): Promise<Uint8Array> {
  if (count > MOST || program.length * OPCODE_BITS / 8 > OUTPUT - PROGRAM) {
    throw new MdlError(
      "too-large",
      `The interpreter has room for 480 opcodes and ${MOST} symbols: print fewer.`,
    );
  }
  const { instance } = await WebAssembly.instantiate(await interpreterBytes(), {});
  const { memory, run } = instance.exports as unknown as Interpreter;
  new Uint8Array(memory.buffer).set(packed(program), PROGRAM);
  run(program.length, width, count);
  return new Uint8Array(memory.buffer).slice(OUTPUT, OUTPUT + count);
}
