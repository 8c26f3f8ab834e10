/**
 * Builds the WebAssembly modules of lib/decoder from their AssemblyScript sources. `--check` builds to memory and exits
 * with 1 when a built file is not what its source gives.
 */
import asc from "assemblyscript/asc";

const folder = new URL("../lib/decoder/", import.meta.url);

/** Built files, their entry in lib/decoder/assembly/, and the compile-time constants of each. */
const modules: readonly { readonly output: string; readonly source: string; readonly options: readonly string[] }[] = [
  {
    output: "decoder.wasm",
    source: "decoder.ts",
    options: ["--use", "ENCODE=0", "--use", "TRAIN=0", "-O3", "--shrinkLevel", "2"],
  },
  { output: "encoder.wasm", source: "encoder.ts", options: ["--use", "ENCODE=1", "--use", "TRAIN=0", "-O3"] },
  {
    output: "trainer.wasm",
    source: "trainer.ts",
    options: ["--use", "ENCODE=1", "--use", "TRAIN=1", "-O3"].concat(
      ["--enable", "threads", "--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    ),
  },
];

/** Compiles one module; the same source gives the same bytes. */
export async function build(source: string, options: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    [source, "--outFile", "out.wasm", "--runtime", "stub", "--noAssert", "--enable", "simd", "--enable", "nontrapping-f2i", "--use", "abort=", ...options],
    {
      readFile: (name: string) => {
        try {
          return Deno.readTextFileSync(new URL(`assembly/${name}`, folder));
        } catch {
          return null;
        }
      },
      writeFile: (name: string, contents: Uint8Array<ArrayBuffer>) => {
        if (name === "out.wasm") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`AssemblyScript: ${error?.message ?? "no output"}\n${stderr.toString()}`);
  return binary;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  for (const { output, source, options } of modules) {
    const built = await build(source, options);
    const path = new URL(output, folder);
    if (!check) Deno.writeFileSync(path, built);
    else if (Deno.readFileSync(path).join() !== built.join()) {
      console.error(`lib/decoder/${output} is not what its source builds: run deno task build.`);
      Deno.exit(1);
    }
    console.log(`${output}: ${built.length.toLocaleString("en")} bytes`);
  }
}
