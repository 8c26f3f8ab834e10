/** Reading no more of a program's file than the scales that are wanted. */
import { type Bytes, concat } from "../lib/program/bytes.ts";
import { type ProgramFront, readFront, type ReadOptions } from "../lib/program/read.ts";
import { DATA, isModule, PREAMBLE } from "../lib/program/wasm_module.ts";

/** An open file. */
export type Source = Pick<Deno.FsFile, "read">;

/** Sections of a program: the header, six of the decoder, the data. */
const SECTIONS = 8;

/** Bytes that are asked for at once, at most: a length that a file announces is not believed before it is there. */
const CHUNK = 2 ** 16;

/**
 * Reads a program from its beginning to the end of a scale: exactly the prefix that has it. `scales` is told what lies
 * before the data, which has been checked, and says how many scales are wanted; with all of them the file is read to its
 * end. What is read is still to be checked, by `readProgram` with `prefix: true`: where it is not as it should be, or
 * ends early, it is returned as far as it goes.
 *
 * @throws {MdlError} as `readProgram` for what lies before the data, and what `scales` throws
 */
export async function readPrefix(
  source: Source,
  scales: (front: ProgramFront) => number,
  options: Pick<ReadOptions, "limits"> = {},
): Promise<Bytes> {
  const cursor = openCursor(source);
  await cursor.skip(PREAMBLE.length);
  let id = isModule(cursor.bytes()) ? await cursor.byte() : DATA;
  for (let i = 1; i < SECTIONS && id !== DATA; i++) {
    await cursor.skip(await cursor.number());
    id = await cursor.byte();
  }
  if (id !== DATA) await cursor.skip(Infinity); // no program of ours: to be told as of any file
  const front = readFront(cursor.bytes(), options), wanted = scales(front);
  if (wanted >= front.scales) await cursor.skip(Infinity);
  else {
    for (let n = 0; n < 2; n++) await cursor.number(); // length of the section, number of segments
    for (let i = 0; i < front.leading + wanted && !cursor.ended(); i++) {
      await cursor.skip(2); // flags, i32.const
      await cursor.number(); // address
      await cursor.skip(1); // end
      await cursor.skip(await cursor.number());
    }
  }
  return cursor.bytes();
}

/** A place in a file that moves on; behind the end all bytes are 0. */
function openCursor(source: Source) {
  const parts: Uint8Array[] = [];
  let ended = false;
  const skip = async (length: number) => {
    for (let left = length; left > 0 && !ended;) {
      const part = new Uint8Array(Math.min(left, CHUNK)), read = await source.read(part);
      if (read) parts.push(part.subarray(0, read));
      left -= read ?? 0;
      ended = read === null;
    }
  };
  const byte = async () => {
    await skip(1);
    return ended ? 0 : parts.at(-1)![0]!;
  };
  return {
    skip,
    byte,
    ended: () => ended,
    bytes: () => concat(parts),
    /** LEB128, its sign left aside: at most five bytes. */
    async number(): Promise<number> {
      let value = 0;
      for (let i = 0; i < 5; i++) {
        const next = await byte();
        value += (next & 127) * 128 ** i;
        if (next < 128) break;
      }
      return value;
    },
  };
}
