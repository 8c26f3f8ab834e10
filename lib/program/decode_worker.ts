/**
 * Runs one program's module for `sandbox.ts`, a few items at each request, or a piece of a long one. A request that takes
 * longer than its time is cut off by the engine itself (`timeout` of node:vm): Deno's `Worker.terminate` does not stop a
 * loop in WebAssembly.
 *
 * The module imports nothing, so it reaches nothing but its own memory, whatever this Worker may do.
 */
import { runInThisContext } from "node:vm";

/** The decoder's ABI; see README.md. */
interface DecoderModule {
  readonly memory: WebAssembly.Memory;
  readonly temperature?: WebAssembly.Global;
  readonly given?: WebAssembly.Global;
  readonly made?: WebAssembly.Global;
  readonly length?: WebAssembly.Global;
  start(drawn: number, seed: number): void;
  next(): number;
}

/** Compile the module and begin. */
export interface OpenRequest {
  readonly module: Uint8Array<ArrayBuffer>;
  /** 0: to decode; 1: to draw items from the model; n > 1: to decode the first n − 1 scales and draw the others. */
  readonly drawn: number;
  /** Of what is drawn. */
  readonly seed: number;
  /** When drawing; 1 by default. */
  readonly temperature?: number;
  /** When drawing: what will be known of each item, its first rows or bytes; 0 by default. */
  readonly given?: number;
  /** When drawing: bytes of an item, where the module makes items of any length. */
  readonly length?: number;
  /** What the host writes into memory first. */
  readonly memory?: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly milliseconds: number;
}

/** Make the next items, whose lengths in bytes are given, around what is known of them. */
interface ItemsRequest {
  readonly lengths: readonly number[];
  /** What is known of each item, one item after another. */
  readonly known?: Uint8Array;
  readonly milliseconds: number;
}

/** Go on with an item for a while, whose first bytes the host has. The module makes items in pieces. */
interface PieceRequest {
  /** Bytes that the host has. */
  readonly from: number;
  /** Bytes of the whole item. */
  readonly to: number;
  /** What is known of it. */
  readonly known?: Uint8Array;
  readonly milliseconds: number;
}

/** A copy of the memory. */
interface MemoryRequest {
  readonly address: number;
  readonly length: number;
}

export type Request = OpenRequest | ItemsRequest | PieceRequest | MemoryRequest;

/** The items one after another, a piece of one, or the memory; on opening nothing, but whether it works in pieces. */
export type Reply =
  | { readonly symbols: Uint8Array<ArrayBuffer>; readonly inPieces?: boolean }
  | { readonly failure: "time" | "trap" | "absent"; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(reply: Reply, transfer?: Transferable[]): void;
  /** What `runInThisContext` calls. */
  timed?: () => void;
};

let decoder: DecoderModule;
let place = 0; // where the next item will be

/** The program lacks an export. */
class Absent extends Error {}

scope.onmessage = async ({ data }) => {
  try {
    if ("module" in data) {
      await open(data);
      return scope.postMessage({ symbols: new Uint8Array(), inPieces: decoder.made !== undefined });
    }
    const symbols = "lengths" in data ? makeItems(data) : "from" in data ? makePiece(data) : copy(data);
    scope.postMessage({ symbols }, [symbols.buffer]);
  } catch (error) {
    const late = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ failure: late ? "time" : error instanceof Absent ? "absent" : "trap", message });
  }
};

async function open(request: OpenRequest): Promise<void> {
  const { module, drawn, seed, temperature = 1, given = 0, length, memory = [], milliseconds } = request;
  const { instance } = await WebAssembly.instantiate(module);
  decoder = instance.exports as unknown as DecoderModule;
  place = 0;
  for (const { address, bytes } of memory) new Uint8Array(decoder.memory.buffer).set(bytes, address);
  if (temperature !== 1) set("temperature", temperature);
  within(milliseconds, () => decoder.start(drawn, seed));
  if (length !== undefined) set("length", length);
  if (given > 0) {
    within(milliseconds, () => place = decoder.next());
    set("given", given);
  }
}

function set(name: "temperature" | "given" | "length", value: number): void {
  const variable = decoder[name];
  if (!(variable instanceof WebAssembly.Global)) {
    throw new Absent(`This program takes no “${name}”: it holds no model, or its decoder cannot.`);
  }
  variable.value = value;
}

function makeItems({ lengths, known, milliseconds }: ItemsRequest): Uint8Array<ArrayBuffer> {
  const symbols = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const each = (known?.length ?? 0) / lengths.length;
  within(milliseconds, () => {
    let at = 0;
    for (const [i, length] of lengths.entries()) {
      if (known) new Uint8Array(decoder.memory.buffer).set(known.subarray(i * each, (i + 1) * each), place);
      place = decoder.next();
      symbols.set(new Uint8Array(decoder.memory.buffer, place, length), at);
      at += length;
    }
  });
  return symbols;
}

/** Milliseconds of a piece: so often the host hears how far the work is, and can stop it. */
const PIECE = 100;

function makePiece({ from, to, known, milliseconds }: PieceRequest): Uint8Array<ArrayBuffer> {
  if (known && from === 0) new Uint8Array(decoder.memory.buffer).set(known, place);
  const begun = performance.now();
  let made = from;
  within(milliseconds, () => {
    do {
      place = decoder.next();
      if (place === 0) throw new Error("there are fewer items than it announces");
      made = decoder.made!.value;
    } while (made < to && performance.now() - begun < PIECE);
  });
  if (made < from || made > to) throw new Error(`an item of ${to} bytes has ${made}`);
  return Uint8Array.from(new Uint8Array(decoder.memory.buffer, place + from, made - from));
}

function copy({ address, length }: MemoryRequest): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new Uint8Array(decoder.memory.buffer, address, length));
}

/** Milliseconds of the longest time limit that the engine takes. */
const LONGEST = 2 ** 31 - 1;

/** Calls `work`; throws ERR_SCRIPT_EXECUTION_TIMEOUT when it has not returned in time. */
function within(milliseconds: number, work: () => void): void {
  scope.timed = work;
  runInThisContext("timed()", { timeout: Math.min(LONGEST, Math.max(1, Math.ceil(milliseconds))) });
}
