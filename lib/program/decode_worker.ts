/**
 * Runs one program's module for `sandbox.ts`, a few items at each request. A request that takes longer than its time
 * is cut off by the engine itself (`timeout` of node:vm): Deno's `Worker.terminate` does not stop a loop in WebAssembly.
 *
 * The module imports nothing, so it reaches nothing but its own memory, whatever this Worker may do.
 */
import { runInThisContext } from "node:vm";

/** The decoder's ABI; see README.md. */
interface DecoderModule {
  readonly memory: WebAssembly.Memory;
  readonly temperature?: WebAssembly.Global;
  readonly given?: WebAssembly.Global;
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
  /** When drawing: the first rows of each image that will be known; 0 by default. */
  readonly given?: number;
  readonly milliseconds: number;
}

/** Make the next items, whose lengths in bytes are given, around what is known of them. */
interface ImagesRequest {
  readonly lengths: readonly number[];
  /** The known rows of each image, one image after another. */
  readonly known?: Uint8Array;
  readonly milliseconds: number;
}

/** A copy of the memory. */
interface MemoryRequest {
  readonly address: number;
  readonly length: number;
}

export type Request = OpenRequest | ImagesRequest | MemoryRequest;

/** The items one after another (none on opening) or the memory, or what went wrong. */
export type Reply =
  | { readonly symbols: Uint8Array<ArrayBuffer> }
  | { readonly failure: "time" | "trap" | "absent"; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(reply: Reply, transfer?: Transferable[]): void;
  /** What `runInThisContext` calls. */
  timed?: () => void;
};

let decoder: DecoderModule;
let place = 0; // where the next image will be

/** The program lacks an export. */
class Absent extends Error {}

scope.onmessage = async ({ data }) => {
  try {
    const symbols = "module" in data ? await open(data) : "lengths" in data ? makeImages(data) : copy(data);
    scope.postMessage({ symbols }, [symbols.buffer]);
  } catch (error) {
    const late = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ failure: late ? "time" : error instanceof Absent ? "absent" : "trap", message });
  }
};

async function open(request: OpenRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { module, drawn, seed, temperature = 1, given = 0, milliseconds } = request;
  const { instance } = await WebAssembly.instantiate(module);
  decoder = instance.exports as unknown as DecoderModule;
  place = 0;
  if (temperature !== 1) set("temperature", temperature);
  within(milliseconds, () => {
    decoder.start(drawn, seed);
    if (given > 0) place = decoder.next();
  });
  if (given > 0) set("given", given);
  return new Uint8Array();
}

function set(name: "temperature" | "given", value: number): void {
  const variable = decoder[name];
  if (!(variable instanceof WebAssembly.Global)) {
    throw new Absent(`This program has no “${name}” to set: it holds no model, or an older decoder.`);
  }
  variable.value = value;
}

function makeImages({ lengths, known, milliseconds }: ImagesRequest): Uint8Array<ArrayBuffer> {
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
