import { MdlError } from "./errors.ts";

/** The Jupyter kernel that this code runs in; undefined in a script. */
export function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter; // outside a kernel, touching it throws
  } catch {
    return undefined;
  }
}

/** The Deno kernel drops failures that no cell awaits: here they are shown below the cell that runs. */
if (kernel()) {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const { reason } = event, failure = reason instanceof MdlError ? reason.message : Deno.inspect(reason);
    console.error(`A call that was not awaited failed: ${failure}`);
  });
}
