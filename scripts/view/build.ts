/** Building the page from its sources: TypeScript, style and template become one file that needs nothing else. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../../lib/errors.ts";

const folder = fileURLToPath(new URL(".", import.meta.url)), root = join(folder, "../..");

/** The built page. */
export const PAGE = join(folder, "page.html");

/** One script of a module and all that it imports. `deno bundle` fetches its bundler at first use. */
async function bundle(module: string, temporary: string): Promise<string> {
  const out = join(temporary, `${module}.js`);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ..."bundle --quiet --frozen --minify --platform browser --config deno.json".split(" "),
      ...["--import-map", "scripts/view/import_map.json", "-o", out, join("scripts/view", module)],
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return inTag(await Deno.readTextFile(out));
  throw new MdlError("failed", `The page cannot be bundled: ${new TextDecoder().decode(stderr).trim()}`);
}

/** A script as it can stand in a page: what would end its tag is spelled otherwise. */
function inTag(script: string): string {
  return script.trim().replaceAll(/<(?=\/script|!--|script)/gi, "\\x3C");
}

/** What the browser lets the page do: run this script and Workers that it makes, and reach nothing. */
function policy(script: string, style: string): string {
  const source = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${source(script)} 'wasm-unsafe-eval'`,
    `style-src ${source(style)}`,
    "worker-src blob:",
    "media-src blob:",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Where programs stand in the page. */
const NO_PROGRAMS = `<script type="application/json" id="programs">[]</script>`;

/** The page; the same sources give the same bytes. */
export async function buildPage(): Promise<string> {
  const temporary = await Deno.makeTempDir();
  try {
    const style = (await Deno.readTextFile(join(folder, "page.css"))).replaceAll(/\s+/g, " ").trim();
    const script = await bundle("page.ts", temporary), worker = await bundle("worker.ts", temporary);
    const parts: Record<string, string> = {
      policy: `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
      style: `<style>${style}</style>`,
      programs: NO_PROGRAMS,
      worker: `<script type="text/plain" id="worker">${worker}</script>`,
      script: `<script type="module">${script}</script>`,
    };
    const template = await Deno.readTextFile(join(folder, "template.html"));
    return template.replaceAll(/<!-- (\w+) -->/g, (_, name: string) => parts[name]!);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** A page with programs in it. */
export function withPrograms(
  page: string,
  programs: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): string {
  const said = programs.map(({ name, bytes }) => ({ name, base64: bytes.toBase64() }));
  const json = JSON.stringify(said).replaceAll("<", "\\u003c");
  return page.replace(NO_PROGRAMS, () => NO_PROGRAMS.replace("[]", () => json));
}
