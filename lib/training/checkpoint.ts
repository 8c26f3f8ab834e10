/** Checkpoints of a training: a line of JSON, then the optimiser's state as f32, all four arrays one after another. */
import { sha256 } from "../hash.ts";
import { concat } from "../program/bytes.ts";
import { makeFolder, saveFile } from "../save.ts";
import { STATE, type State } from "./optimiser.ts";

export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly state: State;
  /** Quantisation steps, once training has begun to quantise. */
  readonly quantisation: Readonly<Record<string, number>> | null;
}

/** The checkpoint of one training. Who uses the training's result removes it, once that is in safety. */
export interface CheckpointFile {
  /** The last checkpoint, or null where there is none that can be used. */
  load(): Promise<Checkpoint | null>;
  /** Throws an MdlError `not-writable`. */
  save(checkpoint: Checkpoint): Promise<void>;
  remove(): Promise<void>;
}

/**
 * The checkpoint in `folder` of the training that `identity` names: all that its result depends on, so that a changed
 * option never resumes from another's state.
 */
export function checkpointFile(folder: string, identity: string): CheckpointFile {
  const path = `${folder}/${sha256(new TextEncoder().encode(identity)).slice(0, 16)}.checkpoint`;
  const remove = () => Deno.remove(path).catch(() => {});
  return {
    remove,
    async load() {
      const bytes = await Deno.readFile(path).catch(() => null);
      const end = bytes?.indexOf(10) ?? -1;
      if (!bytes || end < 0) return null;
      try {
        const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
        const body = bytes.slice(end + 1);
        if (head.identity !== identity || head.sha256 !== sha256(body)) return null;
        const size = body.length / STATE.length;
        const state = STATE.map((
          name,
          i,
        ) => [name, new Float32Array(body.buffer.slice(i * size, (i + 1) * size))]);
        return { step: head.step, quantisation: head.quantisation, state: Object.fromEntries(state) };
      } catch {
        return null; // an older form of checkpoint: train anew
      }
    },
    async save({ step, state, quantisation }) {
      const body = concat(STATE.map((name) => new Uint8Array(state[name].buffer)));
      const head = JSON.stringify({ identity, step, quantisation, sha256: sha256(body) }) + "\n";
      await makeFolder(folder);
      await saveFile(path, concat([new TextEncoder().encode(head), body]));
    },
  };
}
