/** How parameter blocks and memory of the modules are laid out. */

/** Numbers as u32, little-endian. */
export function words(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

/** A block without the zeros at its end: memory is zero. */
export function trimmed(block: Uint8Array): Uint8Array {
  return block.subarray(0, block.findLastIndex((byte) => byte !== 0) + 1);
}

/** The bits of all switches that are on. */
export function switchBits<Name extends string>(
  bits: Readonly<Record<Name, number>>,
  on: Readonly<Record<NoInfer<Name>, boolean>>,
): number {
  return (Object.keys(bits) as Name[]).reduce((sum, name) => sum | (on[name] ? bits[name] : 0), 0);
}

/** Which switches are on, by their bits. */
export function switchesIn<Name extends string>(
  bits: Readonly<Record<Name, number>>,
  word: number,
): Record<Name, boolean> {
  const names = Object.keys(bits) as Name[];
  return Object.fromEntries(names.map((name) => [name, (word & bits[name]) > 0])) as Record<Name, boolean>;
}

/** The multiple of `unit` from there on. */
export function align(address: number, unit = 64): number {
  return Math.ceil(address / unit) * unit;
}
