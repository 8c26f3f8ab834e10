import { drawScenes, type Scene, SCENE_FIELDS, sceneFields } from "../../../lib/sources/scenes.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Program, programFrom } from "../../../lib/program/program.ts";

/** Where parameter block and payload lie; see assembly/scenes.ts. */
const BLOCK = 1040, PAYLOAD = 1044;

/**
 * The set `scenes` as the program that knows how they are drawn: the renderer itself, and 64 bits a picture. What the
 * set's shortest program comes to is bracketed by its length from above, and from below, in expectation, by those bits
 * (SCENE_BITS).
 *
 * @throws {MdlError} `empty` without scenes
 */
export async function rendererProgram(count: number, seed: number): Promise<Program> {
  if (!(count > 0)) throw new MdlError("empty", "A program of scenes holds at least one.");
  const payload = new BigUint64Array(sceneFields(count, seed).map(packScene));
  const decoder = await Deno.readFile(new URL("scenes.wasm", import.meta.url));
  const coded = {
    mode: "stored" as const,
    decoder,
    memoryBytes: PAYLOAD + payload.byteLength,
    parameters: { address: BLOCK, bytes: new Uint8Array(Uint32Array.of(count).buffer) },
    payloads: [{ address: PAYLOAD, bytes: new Uint8Array(payload.buffer) }],
  };
  return programFrom(drawScenes({ take: count, seed }), coded, { dataset: "scenes", seed });
}

/** The 64 bits of a scene: its fields one after another, the first in the lowest bits. */
export function packScene(scene: Scene): bigint {
  let packed = 0n, at = 0n;
  for (const [field, bits] of Object.entries(SCENE_FIELDS)) {
    packed |= BigInt(scene[field as keyof Scene]) << at;
    at += BigInt(bits);
  }
  return packed;
}
