/** What went wrong, as a word that a program can test. */
export type ErrorCode =
  | "usage" // an option or argument makes no sense
  | "not-found" // no such file, folder or data set
  | "empty" // nothing to work on
  | "unreadable" // a file that is not what its name promises
  | "unsupported" // readable, but outside what MDLab takes (16 bit, alpha, mixed colour)
  | "not-a-program" // bytes that are no MDLab program
  | "damaged" // a program whose checksum, structure or sizes are wrong
  | "mismatch" // decoded data differ from what they are compared with
  | "too-large" // over a limit of memory: take less, or make it smaller
  | "too-long" // a program ran to its time limit
  | "offline" // a package could not be fetched
  | "integrity" // a package was fetched and is not the pinned one
  | "not-writable" // output cannot be written (permission, no such folder, disk full)
  | "failed" // a program that was started for a part of the work did not do it
  | "no-backend" // the asked-for tensor backend is not there
  | "interrupted"; // stopped by the user

/**
 * The one error class of MDLab: a code for programs, and one sentence that a user can act on. Commands print the
 * sentence to stderr and exit with code 1.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * try {
 *   await mdl.loadDataset("cifar11");
 * } catch (error) {
 *   if (!(error instanceof mdl.MdlError)) throw error;
 *   assertEquals(error.code, "not-found");
 *   console.log(error.message); // There is no data set cifar11: the sets are …
 * }
 * ```
 */
export class MdlError extends Error {
  /** "MdlError". */
  override readonly name = "MdlError";
  /** `message` is one plain sentence; `options.cause` what lies behind it. */
  constructor(/** What went wrong. */ readonly code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
