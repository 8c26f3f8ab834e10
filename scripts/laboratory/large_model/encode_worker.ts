/** Encodes windows for `encode.ts`, one after another, in an instance of its own. */
import type { Part } from "../../../lib/program/wasm_module.ts";
import { type EncoderExports, openModule } from "../../../lib/decoder/modules.ts";

/** The model in memory, and how much of it there has to be. */
export interface OpenEncoder {
  readonly module: WebAssembly.Module;
  readonly memoryBytes: number;
  readonly parts: readonly Part[];
  /** The longest window. */
  readonly tokens: number;
}

/** Steps of a window: its tokens when it begins. */
export interface EncodeSome {
  readonly tokens?: Int32Array<ArrayBuffer>;
}

/** How many tokens of the window are left; its code and its bits once there are none. */
export interface Encoded {
  readonly left: number;
  readonly code?: Uint8Array<ArrayBuffer>;
  readonly bits?: number;
}

/** What transformer_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): number;
  begin(known: number, count: number, to: number): void;
  encode(): number;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<OpenEncoder | EncodeSome>) => void;
  postMessage(reply: Encoded): void;
};

/** Milliseconds between two answers. */
const PIECE = 200;

let encoder: EncoderModule, free = 0, code = 0;

scope.onmessage = async ({ data }) => {
  if ("module" in data) {
    await open(data);
    return scope.postMessage({ left: 0 });
  }
  if (data.tokens) {
    new Int32Array(encoder.memory.buffer, free, data.tokens.length).set(data.tokens);
    encoder.begin(free, data.tokens.length, code);
  }
  const begun = performance.now();
  let left = 1;
  while (left > 0 && performance.now() - begun < PIECE) left = encoder.encode();
  if (left > 0) return scope.postMessage({ left });
  const bits = encoder.spent.value, end = encoder.close();
  scope.postMessage({ left, bits, code: new Uint8Array(encoder.memory.buffer).slice(code, end) });
};

async function open({ module, memoryBytes, parts, tokens }: OpenEncoder): Promise<void> {
  const opened = await openModule<EncoderModule>(module, memoryBytes + 4 * tokens + 2 ** 16);
  encoder = opened.encoder;
  for (const { address, bytes } of parts) opened.memory().set(bytes, address);
  free = encoder.open();
  code = free + 4 * tokens;
}
