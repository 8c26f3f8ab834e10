/** A model whose layers are left out, or stand in one another's place: an order says which one is at each depth. */
import { weightBytes } from "../../../lib/decoder/transformer.ts";
import type { LanguageModel } from "../../../scripts/laboratory/large_model/llama.ts";

/** How layers are saved: they are left out, or the one before is used once more. */
export type Saving = "left out" | "tied";

/** The order of layers without some of them; the first one cannot be tied to another. */
export function orderWithout(layers: number, saved: readonly number[], saving: Saving): number[] {
  const order: number[] = [];
  for (let layer = 0; layer < layers; layer++) {
    if (!saved.includes(layer) || (saving === "tied" && layer === 0)) order.push(layer);
    else if (saving === "tied") order.push(order.at(-1)!);
  }
  return order;
}

/** The model with layers in that order, as many as it says; in the memory of another one, where there is room. */
export function arranged(
  { spec, vocabulary, memory, weightsAt }: LanguageModel,
  order: readonly number[],
  other?: LanguageModel,
): LanguageModel {
  const bytesOf = (layers: number, tied = spec.tied) => weightBytes({ ...spec, layers, tied });
  const layer = bytesOf(1) - bytesOf(0), first = weightsAt + bytesOf(0, false) - bytesOf(0, true); // the embedding
  const size = weightsAt + bytesOf(order.length), there = other && other.memory.buffer.byteLength >= size;
  const to = new Uint8Array(there ? other.memory.buffer : new SharedArrayBuffer(size), 0, size);
  to.set(memory.subarray(0, first));
  order.forEach((from, i) =>
    to.set(memory.subarray(first + from * layer, first + (from + 1) * layer), first + i * layer)
  );
  to.set(memory.subarray(first + spec.layers * layer), first + order.length * layer);
  return { spec: { ...spec, layers: order.length }, vocabulary, memory: to, weightsAt };
}
