/** What a decoder may be: how large, of which sections, with which exports. All of it is tested before it is compiled. */
import { MdlError } from "../errors.ts";
import { ByteReader, refused } from "./bytes.ts";
import { checkCode, isNumberType, skipValue } from "./wasm_code.ts";
import type { Section } from "./wasm_module.ts";

/** Several times what our decoders have (11,517 bytes, 61 functions, 22 types, 10 parameters, one result). */
const DECODER_LIMITS = { bytes: 2 ** 15, functions: 256, types: 256, parameters: 32, results: 1 } as const;

const TYPE = 1, FUNCTION = 3, MEMORY = 5, GLOBAL = 6, EXPORT = 7, CODE = 10;

/** Sections that a decoder may have, in this order. Without tables, tags and imports it reaches nothing but its one memory. */
export const SECTIONS: readonly number[] = [TYPE, FUNCTION, MEMORY, GLOBAL, EXPORT, CODE];

/** What a section is called in an error message. */
const FOREIGN_SECTIONS: Readonly<Record<number, string>> = {
  2: "imports",
  4: "a table",
  8: "a start function",
  9: "table elements",
  12: "a data count",
  13: "exception tags",
};

/** Exports by name: the kind, and for all but the memory a type. Variables may be absent. */
const EXPORTS: Readonly<Record<string, string>> = {
  memory: "memory",
  start: "function (i32, i32) → ()",
  next: "function () → (i32)",
  temperature: "variable f32",
  given: "variable i32",
  made: "variable i32",
  length: "variable i32",
};
const REQUIRED = ["memory", "start", "next"] as const;

const NUMBERS: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
};

/**
 * Refuses what could reach outside the module, take memory other than its own or make the compiler take it without
 * bounds, or cannot be run as README.md says: imports, a start function, tables, exception tags, types of the
 * garbage-collected heap; more code than `DECODER_LIMITS` and `FUNCTION_LIMITS` allow; other exports.
 *
 * @throws {MdlError} `not-a-program`; `damaged` where a section is not as WebAssembly has it
 */
export function checkDecoder(sections: readonly Section[]): void {
  let last = 0;
  for (const { id, at } of sections) {
    if (!SECTIONS.includes(id)) {
      const what = FOREIGN_SECTIONS[id] ?? `a section of kind ${id}`;
      throw refused(`has ${what} (byte ${at}), which no program has`);
    }
    if (id <= last) {
      throw new MdlError("not-a-program", `The module's sections are not in order (byte ${at}).`);
    }
    last = id;
  }
  limit("bytes", sections.reduce((sum, { body }) => sum + body.length, 0));
  const open = (id: number, part: string) => {
    const body = sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
    return new ByteReader(body, part);
  };
  const types = readTypes(open(TYPE, "type section"));
  const functions = readFunctions(open(FUNCTION, "function section"));
  const globals = readGlobals(open(GLOBAL, "global section"));
  const described: Readonly<Record<number, (index: number) => string | undefined>> = {
    0: (index) => {
      const type = types[functions[index] ?? -1];
      return type && `function ${type}`;
    },
    2: (index) => index === 0 ? "memory" : undefined,
    3: (index) => globals[index],
  };
  checkExports(open(EXPORT, "export section"), (kind, index) => described[kind]?.(index));
  checkCode(open(CODE, "code section").bytes, functions.length);
}

function limit(what: keyof typeof DECODER_LIMITS, value: number, of = "decoder"): void {
  if (value <= DECODER_LIMITS[what]) return;
  throw new MdlError(
    "not-a-program",
    `The module's ${of} has ${value} ${what}; allowed are ${DECODER_LIMITS[what]}.`,
  );
}

/** Only functions of numbers and vectors: "(i32, i32) → ()". */
function readTypes(reader: ByteReader): string[] {
  const count = reader.varint();
  limit("types", count);
  const types = Array.from({ length: count }, () => {
    if (reader.byte() !== 0x60) otherTypes(reader);
    const [parameters, results] = [list("parameters"), list("results")];
    return `(${parameters.join(", ")}) → (${results.join(", ")})`;
  });
  reader.close();
  return types;

  function list(what: "parameters" | "results"): string[] {
    const length = reader.varint();
    limit(what, length, "function type");
    return [...reader.take(length)].map((type) => NUMBERS[type] ?? otherTypes(reader));
  }
}

function otherTypes({ at }: ByteReader): never {
  throw refused(`has types other than functions of numbers (byte ${at} of its type section)`);
}

/** The type of each function. */
function readFunctions(reader: ByteReader): number[] {
  const count = reader.varint();
  limit("functions", count);
  const functions = Array.from({ length: count }, () => reader.varint());
  reader.close();
  return functions;
}

/** The type of each variable: "variable f32", or "constant f32". */
function readGlobals(reader: ByteReader): string[] {
  const globals: string[] = [];
  for (let count = reader.varint(); count > 0; count--) {
    const type = reader.byte(), changes = reader.byte();
    if (!isNumberType(type)) throw refused("has variables other than numbers");
    skipValue(reader);
    globals.push(`${changes ? "variable" : "constant"} ${NUMBERS[type]}`);
  }
  reader.close();
  return globals;
}

/** The exports of `EXPORTS` and no other, each once. */
function checkExports(
  reader: ByteReader,
  described: (kind: number, index: number) => string | undefined,
): void {
  const seen = new Set<string>();
  for (let count = reader.varint(); count > 0; count--) {
    const name = new TextDecoder().decode(reader.take(reader.varint()));
    const found = described(reader.byte(), reader.varint());
    if (!Object.hasOwn(EXPORTS, name) || seen.has(name) || found !== EXPORTS[name]) {
      const what = seen.has(name) ? "twice" : `as ${found ?? "something else"}`;
      throw refused(`exports “${name}” ${what}, which no program does`);
    }
    seen.add(name);
  }
  reader.close();
  for (const name of REQUIRED) {
    if (!seen.has(name)) throw refused(`does not export “${name}”, which every program does`);
  }
}
