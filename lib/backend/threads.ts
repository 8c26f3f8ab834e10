/** How many threads a training has. */
import { MdlError } from "../errors.ts";

const NAME = "MDLAB_THREADS";

/**
 * As many as there are cores; or as MDLAB_THREADS says, where the environment may be read, for processes that share the
 * cores. What is trained does not depend on it.
 *
 * @throws {MdlError} `usage` where that is no number of threads
 */
export function threadsOf(environment: Pick<Deno.Env, "get"> = Deno.env): number {
  const { state } = Deno.permissions.querySync({ name: "env", variable: NAME });
  const asked = state === "granted" ? environment.get(NAME) : undefined;
  if (asked === undefined) return navigator.hardwareConcurrency;
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new MdlError("usage", `${NAME} is a whole number of threads, not “${asked}”.`);
}
