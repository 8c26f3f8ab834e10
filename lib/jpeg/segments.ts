/** The structure of a JPEG file (ITU-T T.81): its frame, and its scans with the tables that each is coded with. */

/** A plane of the picture. */
export interface Component {
  readonly id: number;
  /** Samples for each of the frame's largest unit, 1 to 4. */
  readonly horizontal: number;
  readonly vertical: number;
  /** Blocks that scans of the plane alone have. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks with those that fill up the last units of scans of several planes. */
  readonly stride: number;
  readonly height: number;
  /** Where its first coefficient is among all; a block has 64, in rows of frequencies. */
  readonly start: number;
}

/** The picture. */
export interface Frame {
  readonly progressive: boolean;
  readonly components: readonly Component[];
  /** Units of scans of several planes, in a row and in a column. */
  readonly across: number;
  readonly down: number;
  /** Coefficients of all planes. */
  readonly coefficients: number;
}

/** A Huffman table: how many codes there are of 1 to 16 bits, and their symbols. */
export interface Huffman {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** What one scan codes. */
export interface Scan {
  readonly components: readonly {
    readonly component: Component;
    readonly dc?: Huffman;
    readonly ac?: Huffman;
  }[];
  /** The first and the last coefficient, in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** Lowest bit that was known before, 0 where none was, and that is known afterwards. */
  readonly high: number;
  readonly low: number;
  /** Units between two restart markers; 0: there are none. */
  readonly interval: number;
  /** Where in the file its code begins, and ends. */
  readonly start: number;
  readonly end: number;
}

const SOI = 0xd8, EOI = 0xd9, SOS = 0xda, DRI = 0xdd, DHT = 0xc4;
/** Baseline, extended, progressive: with Huffman codes, not differential. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** More coefficients than that are not for a program of ours. */
const MOST_COEFFICIENTS = 2 ** 27;
/** More scans than any encoder makes; and more blocks that all of them go through, some tenths of a microsecond each. */
const MOST_SCANS = 256, MOST_VISITS = 2 ** 25;

/** Whether a file begins as JPEG files do. */
export function isJpeg(file: Uint8Array): boolean {
  return file[0] === 0xff && file[1] === SOI && file[2] === 0xff;
}

/**
 * Reads the structure. Never throws.
 *
 * @returns undefined for what is no JPEG file with 8-bit samples and Huffman codes, or takes too long to go through
 */
export function readSegments(
  file: Uint8Array,
): { readonly frame: Frame; readonly scans: Scan[] } | undefined {
  if (!isJpeg(file)) return undefined;
  const word = (at: number) => (file[at]! << 8) | file[at + 1]!;
  const tables = new Map<number, Huffman>(), scans: Scan[] = [];
  let frame: Frame | undefined, interval = 0, visits = 0;
  for (let at = 2; at + 2 <= file.length;) {
    const kind = file[at + 1]!;
    if (file[at] !== 0xff) return undefined;
    if (kind === 0xff) {
      at++;
      continue;
    }
    if (kind === EOI) break;
    const end = at + 2 + word(at + 2), body = at + 4;
    if (!(end >= body) || end > file.length) return undefined;
    if (FRAMES.includes(kind)) {
      if (frame) return undefined;
      frame = readFrame(file.subarray(body, end), kind === 0xc2);
      if (!frame) return undefined;
    } else if (kind === DHT) {
      if (!readTables(file.subarray(body, end), tables)) return undefined;
    } else if (kind === DRI) interval = word(body);
    else if (kind === SOS) {
      const start = end;
      at = endOfCode(file, start);
      const scan = frame && readScan(file.subarray(body, end), frame, tables);
      if (!scan || scans.length === MOST_SCANS || (visits += blocksOf(scan)) > MOST_VISITS) return undefined;
      scans.push({ ...scan, interval, start, end: at });
      continue;
    } else if (kind < 0xe0 && kind !== 0xdb || kind >= 0xf0 && kind !== 0xfe) return undefined;
    at = end;
  }
  return frame && scans.length > 0 ? { frame, scans } : undefined;
}

/** Blocks that a scan goes through, with those that fill up units. */
function blocksOf({ components }: Pick<Scan, "components">): number {
  return components.reduce((sum, { component: { stride, height } }) => sum + stride * height, 0);
}

/** The first marker that is none of a restart. */
function endOfCode(file: Uint8Array, start: number): number {
  for (let at = start;; at++) {
    at = file.indexOf(0xff, at);
    if (at < 0) return file.length;
    const next = file[at + 1] ?? 0xff;
    if (next !== 0 && (next & 0xf8) !== 0xd0) return at;
  }
}

function readFrame(body: Uint8Array, progressive: boolean): Frame | undefined {
  const height = (body[1]! << 8) | body[2]!, width = (body[3]! << 8) | body[4]!, count = body[5] ?? 0;
  if (body[0] !== 8 || !height || !width || ![1, 3, 4].includes(count) || body.length !== 6 + 3 * count) {
    return undefined;
  }
  const sampling = Array.from({ length: count }, (_, i) => {
    const id = body[6 + 3 * i]!, factors = body[7 + 3 * i]!;
    return { id, horizontal: factors >> 4, vertical: factors & 15 };
  });
  if (new Set(sampling.map(({ id }) => id)).size !== count) return undefined;
  const fits = (n: number) => n >= 1 && n <= 4;
  if (sampling.some(({ horizontal, vertical }) => !fits(horizontal) || !fits(vertical))) return undefined;
  const most = {
    horizontal: Math.max(...sampling.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...sampling.map(({ vertical }) => vertical)),
  };
  const across = Math.ceil(width / (8 * most.horizontal)), down = Math.ceil(height / (8 * most.vertical));
  let start = 0;
  const components = sampling.map(({ id, horizontal, vertical }): Component => {
    const stride = across * horizontal, rows = down * vertical, here = start;
    start += stride * rows * 64;
    return {
      id,
      horizontal,
      vertical,
      columns: Math.ceil(Math.ceil(width * horizontal / most.horizontal) / 8),
      rows: Math.ceil(Math.ceil(height * vertical / most.vertical) / 8),
      stride,
      height: rows,
      start: here,
    };
  });
  return start > MOST_COEFFICIENTS
    ? undefined
    : { progressive, components, across, down, coefficients: start };
}

/** Huffman tables by class (0 DC, 16 AC) and number. */
function readTables(body: Uint8Array, tables: Map<number, Huffman>): boolean {
  for (let at = 0; at < body.length;) {
    const counts = body.slice(at + 1, at + 17), size = counts.reduce((sum, n) => sum + n, 0);
    const symbols = body.slice(at + 17, at + 17 + size), name = body[at]!;
    if (name & 0xec || symbols.length < size || size > 256) return false;
    tables.set(name, { counts, symbols });
    at += 17 + size;
  }
  return true;
}

function readScan(
  body: Uint8Array,
  { components, progressive }: Frame,
  tables: Map<number, Huffman>,
): Omit<Scan, "interval" | "start" | "end"> | undefined {
  const count = body[0]!, [first, last, approximation] = body.subarray(1 + 2 * count);
  if (!count || count > 4 || body.length !== 4 + 2 * count) return undefined;
  const high = approximation! >> 4, low = approximation! & 15;
  if (progressive) {
    if (first! > last! || last! > 63 || (first === 0) !== (last === 0) || first! > 0 && count > 1) {
      return undefined;
    }
    if (low > 13 || high && high !== low + 1) return undefined;
  } else if (first || last !== 63 || approximation) return undefined;
  const planes: Scan["components"][number][] = [];
  for (let i = 1; i < 2 * count; i += 2) {
    const component = components.find(({ id }) => id === body[i]), selected = body[i + 1]!;
    const dc = tables.get(selected >> 4), ac = tables.get(16 | selected & 15);
    if (!component || planes.some((plane) => plane.component === component)) return undefined;
    if (first === 0 && !high && !dc || last! > 0 && !ac) return undefined;
    planes.push({ component, ...dc && { dc }, ...ac && { ac } });
  }
  return { components: planes, first: first!, last: last!, high, low };
}
