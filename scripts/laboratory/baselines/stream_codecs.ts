/** Compressors of bytes: gzip, brotli and zstd as Deno has them built in, xz as liblzma in WebAssembly. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { createUnxz, createXz, initModule, wasmVersionString } from "node-liblzma/wasm";
import type { Codec, Setting } from "./codec.ts";
import { packageVersion } from "./versions.ts";

const builtIn = () => `deno@${Deno.version.deno} (node:zlib)`;

export const gzip: Codec = {
  form: "stream",
  settings: [{ label: "-9", encode: ({ pixels }) => gzipSync(pixels, { level: 9 }) }],
  version: builtIn,
  decode: (file) => gunzipSync(file),
};

export const BROTLI_LEVEL = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };

export const brotli: Codec = {
  form: "stream",
  settings: [{
    label: "-q 11 -w 24",
    encode: ({ pixels }) => brotliCompressSync(pixels, { params: BROTLI_LEVEL }),
  }],
  version: builtIn,
  decode: (file) => brotliDecompressSync(file),
};

/** Told the size beforehand, level 22 takes a few megabytes for a small set in place of 700. */
const zstdLevel = (level: number): Setting => ({
  label: `-${level}`,
  encode({ pixels }) {
    const params = { [constants.ZSTD_c_compressionLevel]: level };
    const options = { params, pledgedSrcSize: pixels.length }; // the latter is not in Deno's types
    return zstdCompressSync(pixels, options);
  },
});

export const zstd: Codec = {
  form: "stream",
  settings: [zstdLevel(19), zstdLevel(22)],
  version: builtIn,
  decode: (file) => zstdDecompressSync(file),
};

const through = (bytes: Uint8Array, transform: TransformStream<Uint8Array, Uint8Array>) =>
  new Response(new Blob([bytes.slice()]).stream().pipeThrough(transform)).bytes();

const EXTREME = 2 ** 31; // LZMA_PRESET_EXTREME

/**
 * Level 7, with a dictionary of 16 MiB: level 9 differs from it in the dictionary alone, and does not fit in the
 * 256 MiB of memory that this build of liblzma takes.
 */
const xzLevel = (label: string, preset: number): Setting => ({
  label,
  async encode({ pixels }) {
    await initModule();
    return await through(pixels, createXz({ preset }));
  },
});

export const xz: Codec = {
  form: "stream",
  settings: [xzLevel("-7e", 7 + EXTREME), xzLevel("-7", 7)],
  async version() {
    await initModule();
    return `${packageVersion("node-liblzma/wasm")} (liblzma ${wasmVersionString()})`;
  },
  async decode(file) {
    await initModule();
    return await through(file, createUnxz());
  },
};
