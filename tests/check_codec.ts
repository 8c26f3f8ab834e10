import { type AnyData, codecOf, type ModelOf } from "../lib/codecs.ts";
import { MdlError } from "../lib/errors.ts";
import type { Context } from "../lib/context.ts";
import { type Program, programFrom, storedProgram } from "../lib/program/program.ts";

/**
 * The one law of every kind of data: what decodes is what was encoded, in a file of which every byte is accounted for.
 *
 * @param model Codes the data under a model; without one they are stored.
 * @returns the program, decoded and compared
 * @throws {MdlError} `mismatch` where the law does not hold; as encoding and decoding
 */
export async function checkCodec<D extends AnyData>(
  data: D,
  model: ModelOf<D> | null,
  context: Context,
): Promise<Program<D>> {
  const record = { dataset: data.name };
  const program = model
    ? programFrom(data, await codecOf<D>(data).encode(data, model, context), record)
    : await storedProgram(data, record);
  await program.verify(data, { signal: context.signal });
  const { entries, bytes } = program.ledger, sum = entries.reduce((total, entry) => total + entry.bytes, 0);
  if (sum !== program.bytes.length || bytes !== sum) {
    throw new MdlError(
      "mismatch",
      `The ledger of ${data.name} sums to ${sum} bytes, of ${program.bytes.length}.`,
    );
  }
  const decoded = await program.decode({ signal: context.signal });
  if (decoded.names.join("\0") !== data.names.join("\0")) {
    throw new MdlError("mismatch", `The names of ${data.name} are not those that were encoded.`);
  }
  return program;
}
