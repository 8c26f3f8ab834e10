/** Which decoder a model needs, and what each mechanism adds to it: a decoder's bytes are part of every program. */
import { readModule } from "../decoder/modules.ts";
import { adapts, localInputs, mixes, type ModelSpec, tilingOf } from "./spec.ts";

/** The decoder with what the model needs and no more. */
export async function decoderFor(spec: ModelSpec): Promise<Uint8Array> {
  return await readModule(decoderName(spec));
}

/** The name of that build in `scripts/build_decoder.ts`. */
export function decoderName(spec: ModelSpec): string {
  const { fitted, attended } = localInputs(spec);
  const parts = [
    "decoder",
    ...(spec.scales > 1 ? ["pyramid"] : []),
    ...(attended ? ["attention"] : fitted ? ["local"] : []),
    ...(spec.lattice ? ["lattice"] : []),
    ...(mixes(spec) ? ["mixing"] : []),
    ...(tilingOf(spec) ? ["tiles"] : []),
    ...(adapts(spec) ? ["adaptive"] : []),
  ];
  return parts.join("-");
}

/**
 * Bytes of decoder code that each stage adds to those before it: the decoder is built with and without. Attention needs
 * the local predictions, too; where features has them not, they are attention's.
 */
export async function decoderBytes(spec: ModelSpec): Promise<Readonly<Record<string, number>>> {
  const size = async (of: ModelSpec) => (await decoderFor(of)).length;
  const without = await size({ ...spec, scales: 1, attention: "none" });
  const before = await size({ ...spec, attention: "none" });
  return { hierarchy: before - without, attention: await size(spec) - before };
}
