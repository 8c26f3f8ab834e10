/**
 * What a text costs under the text codec's model once it has read another one. The encoder reads the first text; its memory
 * and its variables are kept as they are then, and every text is coded from there. Its module exports but one of its
 * variables: here it gets an export for each.
 */
import { type EncoderExports, openModule, readModule } from "../../../lib/decoder/modules.ts";
import { MdlError } from "../../../lib/errors.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import { PREAMBLE, readSection, writeSection } from "../../../lib/program/wasm_module.ts";
import { BLOCK_ADDRESS, heapAddress, memoryBytes, moduleName, writeBlock } from "../../../lib/text/engine.ts";
import { isShipped, type TextSpec } from "../../../lib/text/mechanisms.ts";

/** What is used of the encoder, its variables under their numbers besides. */
interface Encoder extends EncoderExports {
  open(): number;
  encode(count: number): void;
}

/** Costs of texts after the one that was read. */
export interface Primed {
  /** Of the text that was read first. */
  readonly bits: number;
  /** Bits of a text, however many were asked about before. Of one that is longer than the longest, the beginning. */
  bitsOf(text: Uint8Array): number;
}

/** Where the length of the second item stands in the block: behind its fields, a pair, and a count. */
const SECOND_LENGTH = BLOCK_ADDRESS + 28 + 8 + 4;

/**
 * Reads a text.
 *
 * @param longest Bytes of the longest text that is going to be asked about.
 * @throws {MdlError} `unsupported` for a model of mode two-part
 */
export async function openPrimed(text: Uint8Array, spec: TextSpec, longest: number): Promise<Primed> {
  if (isShipped(spec)) {
    throw new MdlError("unsupported", "A model that is shipped learns nothing from what it reads.");
  }
  const bytes = withVariables(await readModule(moduleName("text_encoder", spec)));
  const items = [{ count: 1, bytes: text.length }, { count: 1, bytes: longest }],
    heap = heapAddress(spec, items, 0);
  const module = await WebAssembly.compile(bytes), needed = memoryBytes(spec, items, 0);
  const { encoder, memory } = await openModule<Encoder>(module, needed);
  memory().set(writeBlock(spec, items, { payload: 0, heap }), BLOCK_ADDRESS);
  memory().set(text, heap);
  encoder.open();
  encoder.encode(text.length);
  const kept = memory().slice(), bits = encoder.spent.value;
  const variables = Object.values(encoder).filter((one) => one instanceof WebAssembly.Global)
    .map((variable) => ({ variable, value: variable.value }));
  return {
    bits,
    bitsOf(asked) {
      const length = Math.min(longest, asked.length);
      memory().set(kept);
      for (const { variable, value } of variables) variable.value = value;
      new DataView(encoder.memory.buffer).setUint32(SECOND_LENGTH, length, true);
      memory().set(asked.subarray(0, length), heap + text.length);
      encoder.encode(length);
      return encoder.spent.value - bits;
    },
  };
}

const GLOBALS = 6, EXPORTS = 7, GLOBAL = 3; // numbers of sections, and of a kind of export
const I32 = 0x41, I64 = 0x42, F32 = 0x43, F64 = 0x44; // constants

/** The module with all its variables among its exports. */
function withVariables(module: Uint8Array): Bytes {
  const reader = new ByteReader(module, "encoder", PREAMBLE.length), sections: Bytes[] = [];
  let variables: readonly number[] = [];
  while (reader.left > 0) {
    const { id, body } = readSection(reader);
    if (id === GLOBALS) variables = variablesIn(body);
    sections.push(writeSection(id, id === EXPORTS ? withExports(body, variables) : body));
  }
  return concat([PREAMBLE, ...sections]);
}

function withExports(body: Uint8Array, variables: readonly number[]): Bytes {
  const reader = new ByteReader(body, "exports"), count = reader.varint(), own = reader.take(reader.left);
  const added = variables.map((index) => {
    const name = new TextEncoder().encode(`variable ${index}`);
    return concat([varint(name.length), name, [GLOBAL], varint(index)]);
  });
  return concat([varint(count + added.length), own, ...added]);
}

/** Indices of the globals that can change. */
function variablesIn(body: Uint8Array): readonly number[] {
  const reader = new ByteReader(body, "globals"), variables: number[] = [];
  for (let index = 0, count = reader.varint(); index < count; index++) {
    reader.byte(); // its type
    if (reader.byte()) variables.push(index);
    skipConstant(reader, index);
    reader.byte(); // end
  }
  return variables;
}

/** Passes over what a global begins as. */
function skipConstant(reader: ByteReader, index: number): void {
  const kind = reader.byte();
  if (kind === F32 || kind === F64) return void reader.take(kind === F32 ? 4 : 8);
  if (kind !== I32 && kind !== I64) {
    throw new MdlError("unsupported", `The encoder's variable ${index} does not begin as a constant.`);
  }
  while (reader.byte() >= 128);
}
