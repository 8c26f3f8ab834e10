/** deno task build: builds the WebAssembly modules of the decoder and of experiments from their AssemblyScript sources. */
import asc from "assemblyscript/asc";
import { MdlError } from "../lib/errors.ts";
import { command, options, type Task } from "./command.ts";
import { shortened } from "./shorten_module.ts";

const TASK: Task = {
  start: "deno task build",
  about:
    "Builds the WebAssembly modules of the decoder and of experiments from their AssemblyScript sources.",
  example: "deno task build --check",
};

const COMMON = "--runtime stub --noAssert --enable simd --enable nontrapping-f2i --use abort=";

/** Of what goes into programs: built for size. */
const SMALL = "-O3 --shrinkLevel 2 --use ENCODE=0";

/** Of encoders. */
const FAST = "-O3 --use ENCODE=1";

/** Builds of the decoder of images: a name says which parts it has. */
const DECODERS = [
  "decoder",
  "decoder-local",
  "decoder-attention",
  "decoder-pyramid",
  "decoder-pyramid-local",
  "decoder-pyramid-attention",
  "decoder-lattice",
  "decoder-local-lattice",
  "decoder-attention-lattice",
  "decoder-local-mixing",
  "decoder-attention-mixing",
  "decoder-local-lattice-mixing",
  "decoder-attention-lattice-mixing",
  "decoder-local-tiles",
  "decoder-local-lattice-tiles",
  "decoder-local-mixing-tiles",
  "decoder-local-lattice-mixing-tiles",
  "decoder-pyramid-lattice",
  "decoder-pyramid-local-lattice",
  "decoder-pyramid-attention-lattice",
  "decoder-adaptive",
  "decoder-lattice-adaptive",
  "decoder-local-adaptive",
  "decoder-local-lattice-adaptive",
  "decoder-local-mixing-adaptive",
  "decoder-local-lattice-mixing-adaptive",
  "decoder-local-tiles-adaptive",
  "decoder-local-lattice-tiles-adaptive",
  "decoder-local-mixing-tiles-adaptive",
  "decoder-local-lattice-mixing-tiles-adaptive",
] as const;

/** The modules and the flags of each; the names in capitals are constants of the sources. */
const modules = {
  ...Object.fromEntries(DECODERS.map((name) => [name, decoder(name)])) as Record<
    typeof DECODERS[number],
    string
  >,
  "stored": SMALL,
  "scenes": SMALL,
  "encoder": `${FAST} --use TRAIN=0 --use ADAPT=1 ${parts(1, 1, 1, 1, 1)}`,
  "audio": SMALL,
  "audio_encoder": FAST,
  "jpeg": `${SMALL} ${text(1)}`,
  "jpeg_encoder": `${FAST} ${text(1)}`,
  "text": `${SMALL} ${text(0)}`,
  "text-calls": `${SMALL} ${text(0, 0, 1)}`,
  "text-plain": `${SMALL} ${text(1)}`,
  "text-repeats": `${SMALL} ${text(1, 1)}`,
  "text_encoder": `${FAST} ${text(0)}`,
  "text_encoder-plain": `${FAST} ${text(1)}`,
  "text_encoder-repeats": `${FAST} ${text(1, 1)}`,
  "pixels": SMALL,
  "pixels_encoder": FAST,
  "photo": `${SMALL} --use COLOUR=0`,
  "photo-colour": `${SMALL} --use COLOUR=1`,
  "photo_encoder": `${FAST} --use COLOUR=0`,
  "photo_encoder-colour": `${FAST} --use COLOUR=1`,
  "trainer": trainer(0),
  "trainer-relaxed": `${trainer(1)} --enable relaxed-simd`,
  "table": `${SMALL} --use GROUPS=0 --use TEXT=1`,
  "table-groups": `${SMALL} --use GROUPS=1 --use TEXT=0`,
  "table-groups-text": `${SMALL} --use GROUPS=1 --use TEXT=1`,
  "table-encoder": `${FAST} --use GROUPS=1 --use TEXT=1`,
  "transformer": SMALL,
  "transformer_encoder": FAST,
  "shipped": SMALL,
  "shipped_encoder": FAST,
  "enumerate": "-O3 --initialMemory 32",
  "interpreter": "-O3 --shrinkLevel 2 --initialMemory 1",
  "matrices": "-O3 --initialMemory 1",
} as const;

/** The parts that a model of images may have. */
function parts(pyramid: number, local: number, attention: number, lattice: number, mixing: number): string {
  return `--use PYRAMID=${pyramid} --use LOCAL=${local} --use ATTENTION=${attention} --use LATTICE=${lattice} --use MIXING=${mixing}`;
}

/** The parts that a model of text may have. */
function text(plain: number, repeats = 0, calls = 0): string {
  return `--use PLAIN=${plain} --use REPEATS=${repeats} --use CALLS=${calls}`;
}

/** Attention weighs by errors of the local fit, so it has that, too. */
function decoder(name: typeof DECODERS[number]): string {
  const has = (part: string) => Number(name.split("-").includes(part)), attention = has("attention");
  const local = Math.max(has("local"), attention);
  return `${SMALL} --use TRAIN=0 --use TILES=${has("tiles")} --use ADAPT=${has("adaptive")} ${
    parts(has("pyramid"), local, attention, has("lattice"), has("mixing"))
  }`;
}

/** Whose instances share one memory. */
function trainer(relaxed: number): string {
  return `${FAST} --use TRAIN=1 --use ADAPT=0 --use RELAXED=${relaxed} ${parts(1, 1, 1, 0, 1)} ` +
    "--enable threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536";
}

export type ModuleName = keyof typeof modules;
export const moduleNames = Object.keys(modules) as ModuleName[];

/** Those that go into programs. */
export const programModules = moduleNames.filter((name) => modules[name].startsWith(SMALL));

/** The folders of modules that the library does without; their sources find the decoder's as if these lay beside them. */
const ELSEWHERE: Partial<Record<ModuleName, string>> = {
  transformer: "scripts/laboratory/large_model",
  transformer_encoder: "scripts/laboratory/large_model",
  scenes: "notebooks/experiments/scenes",
  enumerate: "notebooks/experiments/enumeration",
  interpreter: "notebooks/experiments/enumeration",
  matrices: "notebooks/experiments/large_model",
};

const LIBRARY = new URL("../lib/decoder/", import.meta.url);

/** A module's folder; its source is in assembly/ there. */
function folderOf(name: ModuleName): URL {
  return ELSEWHERE[name] ? new URL(`../${ELSEWHERE[name]}/`, import.meta.url) : LIBRARY;
}

/** Where a module's built file is. */
export function builtFile(name: ModuleName): URL {
  return new URL(`${name}.wasm`, folderOf(name));
}

/** Compiles a module; the same source gives the same bytes. */
export async function build(name: ModuleName): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    [`${name.split("-")[0]}.ts`, "--outFile", "out.wasm", ...`${COMMON} ${modules[name]}`.split(" ")],
    {
      readFile: (file) => {
        for (const folder of [folderOf(name), LIBRARY]) {
          try {
            return inlined(Deno.readTextFileSync(new URL(`assembly/${file}`, folder)));
          } catch (error) {
            if (!(error instanceof Deno.errors.NotFound)) throw error;
          }
        }
        return null; // asc looks for it elsewhere
      },
      writeFile: (_, contents) => {
        binary = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`${name}: ${error?.message ?? "no output"}\n${stderr.toString()}`);
  return programModules.includes(name) ? shortened(binary) : binary;
}

/** A source with the compiler's decorators: what type checks and formats has them as comments in front of functions. */
const inlined = (source: string) => source.replaceAll(/^\/\/ @inline$/gm, "@inline");

if (import.meta.main) {
  await command(async () => {
    const { values } = options(TASK, {
      check: { type: "boolean", help: "write nothing; fail when a built file is not what its source gives" },
    });
    for (const name of moduleNames) {
      const built = await build(name);
      if (!values.check) Deno.writeFileSync(builtFile(name), built);
      else if (Deno.readFileSync(builtFile(name)).join() !== built.join()) {
        throw new MdlError("mismatch", `${name}.wasm is not what its source gives: run deno task build.`);
      }
      console.log(`${name}.wasm: ${built.length.toLocaleString("en")} bytes`);
    }
  });
}
