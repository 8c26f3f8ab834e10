/** How many threads a training has. */
import { MdlError } from "../errors.ts";

const NAME = "MDLAB_THREADS";

/**
 * As many as there are cores; or as MDLAB_THREADS says, where it may be read, for processes that share the cores. What is
 * trained does not depend on it.
 *
 * @throws {MdlError} `usage` where that is no number of threads
 */
export function threadsOf(): number {
  const { state } = Deno.permissions.querySync({ name: "env", variable: NAME });
  const asked = state === "granted" ? Deno.env.get(NAME) : undefined;
  if (asked === undefined) return navigator.hardwareConcurrency;
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new MdlError("usage", `${NAME} is a whole number of threads, not “${asked}”.`);
}
