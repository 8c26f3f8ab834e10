/** The Jupyter kernel that this code runs in; undefined in a script. */
export function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter; // outside a kernel, touching it throws
  } catch {
    return undefined;
  }
}
