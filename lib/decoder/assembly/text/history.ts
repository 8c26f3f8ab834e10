/** What has been coded: the bytes themselves, and the latest of them where contexts look for them. */

/** Address of the next byte; all before it, from `begin` on, are known. */
export let at: usize;
export let begin: usize;
/** Where the current item begins. */
export let item: usize;
/** The last four bytes, the latest lowest. */
export let last: u32;
/** Bits of the current byte that are known, behind a leading 1; and how many they are. */
export let partial: i32;
export let bits: i32;

export function openHistory(from: usize): void {
  at = from;
  begin = from;
  item = from;
  openByte();
}

/** Goes on at an address, where an item begins: what is drawn is drawn into the same place again and again. */
export function beginItem(address: usize): void {
  at = address;
  item = address;
}

/** Contexts begin anew: nothing before the present place is looked at. */
export function forgetHistory(): void {
  begin = at;
  last = 0;
}

function openByte(): void {
  partial = 1;
  bits = 0;
}

export function addBit(bit: i32): void {
  partial = (partial << 1) | bit;
  bits++;
}

/** Puts the byte away that is complete. */
export function addByte(): void {
  store<u8>(at++, partial);
  last = (last << 8) | (partial & 255);
  openByte();
}

/** The byte `back` places before the next one, 0 where there is none. */
export function past(back: usize): u32 {
  return at >= begin + back ? load<u8>(at - back) : 0;
}

export function hash(a: u32, b: u32): u32 {
  let h = a * 0x2f0b4c47 + b * 0x9e3779b1 + 0x7f4a7c15;
  h ^= h >> 15;
  h *= 0x85ebca6b;
  return h ^ (h >> 13);
}
