/**
 * Runs one program's module for `decode.ts`, a few images at each request. A request that takes longer than its time is
 * cut off by the engine itself (`timeout` of node:vm): Deno's `Worker.terminate` does not stop a loop in WebAssembly.
 *
 * The module imports nothing, so it reaches nothing but its own memory, whatever this Worker may do.
 */
import { runInThisContext } from "node:vm";

/** The decoder's ABI; see README.md. */
interface DecoderModule {
  readonly memory: WebAssembly.Memory;
  start(random: number, seed: number): void;
  next(): number;
}

/** Compile the module and begin: random = 1 draws images from the model with that seed. */
interface OpenRequest {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly random: 0 | 1;
  readonly seed: number;
  readonly milliseconds: number;
}

/** Decode the next images, whose lengths in bytes are given. */
interface ImagesRequest {
  readonly lengths: readonly number[];
  readonly milliseconds: number;
}

export type Request = OpenRequest | ImagesRequest;

/** The images one after another (none on opening), or what went wrong. */
export type Reply =
  | { readonly symbols: Uint8Array<ArrayBuffer> }
  | { readonly failure: "time" | "trap"; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(reply: Reply, transfer?: Transferable[]): void;
  /** What `runInThisContext` calls. */
  timed?: () => void;
};

let decoder: DecoderModule;

scope.onmessage = async ({ data }) => {
  try {
    const symbols = "module" in data ? await open(data) : decodeImages(data);
    scope.postMessage({ symbols }, [symbols.buffer]);
  } catch (error) {
    const late = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ failure: late ? "time" : "trap", message });
  }
};

async function open({ module, random, seed, milliseconds }: OpenRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { instance } = await WebAssembly.instantiate(module);
  decoder = instance.exports as unknown as DecoderModule;
  within(milliseconds, () => decoder.start(random, seed));
  return new Uint8Array();
}

function decodeImages({ lengths, milliseconds }: ImagesRequest): Uint8Array<ArrayBuffer> {
  const symbols = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  within(milliseconds, () => {
    let at = 0;
    for (const length of lengths) {
      symbols.set(new Uint8Array(decoder.memory.buffer, decoder.next(), length), at);
      at += length;
    }
  });
  return symbols;
}

/** Calls `work`; throws ERR_SCRIPT_EXECUTION_TIMEOUT when it has not returned in time. */
function within(milliseconds: number, work: () => void): void {
  scope.timed = work;
  runInThisContext("timed()", { timeout: Math.max(1, Math.ceil(milliseconds)) });
}
