/**
 * deno task ok [--no-tests]: every gate that main must pass. Uses this very Deno, which need not be on PATH.
 */
const GATES: readonly (readonly [name: string, ...args: string[]])[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["types", "check", "lib/mod.ts", "scripts/", "tests/"],
  ["decoder build reproduces", "task", "build", "--check"],
  ["notebooks and scripts in step", "task", "pair", "--check"],
  ["tests", "task", "test"],
  ["notebooks run", "task", "notebooks", "--smoke"],
];

const failed: string[] = [];
for (const [name, ...args] of GATES) {
  if (name === "tests" && Deno.args.includes("--no-tests")) continue;
  console.log(`── ${name}: deno ${args.join(" ")}`);
  const { success } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn().status;
  if (!success) failed.push(name);
}
console.log(failed.length ? `── not ok: ${failed.join(", ")}` : "── ok");
Deno.exit(failed.length ? 1 : 0);
