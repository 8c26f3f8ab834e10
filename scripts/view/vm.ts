/**
 * Of node:vm what the decoding Worker uses, for a browser. The time limit is the page's own here: a browser's
 * `Worker.terminate` ends a loop in WebAssembly, unlike Deno's.
 */
export function runInThisContext(_code: "timed()", _options: { readonly timeout: number }): void {
  (globalThis as unknown as { timed(): void }).timed();
}
