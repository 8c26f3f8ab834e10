/** The contexts: hashes of what has been seen, renewed behind each byte. Which family one is of says its place. */
import { BINARY, CHARACTERS, has, LINES, MATCH, ORDERS, record, WORDS } from "./block";
import { at, hash, item, last, past } from "./history";
import { foreseen } from "./match";

export const CONTEXTS = 19;
/** Contexts 0 … ORDER − 1 are the last 1, 2, … characters. */
export const ORDER = 6;

/** The switch of each context's family. */
export function family(context: i32): i32 {
  if (context < 9) return ORDERS;
  return context < 10 ? MATCH : context < (has(BINARY) ? 15 : 17) ? WORDS : LINES;
}

let slots: usize; // records of 16 bytes for each context, the hash is in the last four
let index: i32;

// characters: code units that are complete, the latest first, and the one that is not
const CHARACTER_COUNT = 8;
let characters: usize; // u32[CHARACTER_COUNT]
let open: u32; // its bytes so far
/** Bytes that the character still needs. */
export let missing: i32;
let short: bool; // the last character that is not ASCII has two bytes: a letter, probably

// words, as hashes: the one that is being written (0 between words), and those before it
export let word: u32;
let word1: u32;
let word2: u32;
let word3: u32;
let shape: u32; // kinds of the last ten bytes

// lines, and paragraphs, which empty lines part
let column: u32; // in characters
let line: u32; // of the paragraph
let firstLine: u32; // hash of the paragraph's first line
let thisLine: u32; // hash of this line so far
let lineStart: usize;
let above: usize; // the byte above in the previous line

export function openContexts(records: usize, memory: usize): void {
  slots = records;
  characters = memory;
  open = 0;
  missing = 0;
  word = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  shape = 0;
  column = 0;
  line = 0;
  firstLine = 0;
  thisLine = 0;
  lineStart = at;
  above = at;
}

/** 0 … 7: kinds of characters. */
export function kind(c: u32): i32 {
  if (c >= 128) return 7;
  if (c - 97 < 26) return 1;
  if (c - 65 < 26) return 2;
  if (c - 48 < 10) return 3;
  if (c == 32) return 4;
  if (c == 10) return 5;
  return c == 44 || c == 46 || c == 59 ? 6 : 0;
}

function character(k: i32): u32 {
  return load<u32>(characters + (k << 2) - 4);
}

function add(h: u32): void {
  store<u32>(slots + (index << 4), hash(h, ++index), 12);
}

/** Takes account of the last byte, and computes the hashes. */
export function renewContexts(): void {
  const c = last & 255;
  readCharacter(c);
  index = 0;
  let h = open + 1;
  for (let k = 1; k <= CHARACTER_COUNT; k++) {
    h = hash(h, character(k) + k);
    if (k <= ORDER || k == CHARACTER_COUNT) add(h);
  }
  add(hash(hash(character(2), character(3)), open + 5));
  add(open);
  add(hash(foreseen(), c));
  if (has(BINARY)) addColumns(c);
  else addText(c);
}

function readCharacter(c: u32): void {
  if (missing && (c & 0xc0) == 0x80) {
    open = (open << 8) | c;
    missing--;
  } else {
    open = c;
    missing = c < 0xc0 || !has(CHARACTERS) ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    if (c >= 0xc0) short = c < 0xe0;
  }
  if (missing) return;
  memory.copy(characters + 4, characters, (CHARACTER_COUNT - 1) << 2);
  store<u32>(characters, open);
  open = 0;
  column++;
}

function readWord(c: u32): void {
  const k = kind(c);
  if (k - 1 < 3 || c == 39 || k == 7 && short) {
    word = hash(word, k == 2 ? c + 32 : c);
  } else if (word) {
    word3 = word2;
    word2 = word1;
    word1 = word;
    word = 0;
  }
}

function readLine(c: u32): void {
  if (above < lineStart) above++;
  if (c != 10) {
    thisLine = hash(thisLine, c);
    return;
  }
  if (column <= 1) {
    line = 0;
    firstLine = 0;
  } else if (!line++) firstLine = thisLine;
  thisLine = 0;
  column = 0;
  above = lineStart;
  lineStart = at;
}

function addText(c: u32): void {
  readWord(c);
  readLine(c);
  const w = hash(word, open);
  add(hash(w, word1));
  add(hash(w, c + 256));
  add(hash(w, hash(word1, word2)));
  add(hash(w, word2 * 3 + 7));
  add(hash(w, word3 * 5 + 1));
  shape = shape << 3 | kind(c);
  add(hash(shape, c));
  add(hash(shape & 0xffff, last & 0xffff));
  add(hash(hash(firstLine, line), hash(column, open)));
  add(hash(hash(above < lineStart ? load<u8>(above) : 0, character(1)), open + 9));
}

/** Where in a record the next byte is. */
export function place(): u32 {
  return <u32> (at - item) % max(record(), 4);
}

function addColumns(c: u32): void {
  const length = max(record(), 4), p = place(), up = past(length), c2 = past(2), c3 = past(3);
  add(hash(c2, 1));
  add(hash(c3, 2));
  add(hash(c2 << 8 | c3, 3));
  add(hash(past(4), 4));
  add(hash(c << 8 | c3, 5));
  add(hash(p, up + 256));
  add(hash(p, up << 8 | c));
  add(hash(p, hash(up, past(length << 1))));
  add(hash(up << 8 | c, 6));
}
