/** deno task verify: decodes a program and compares every symbol with its source, preprocessed as the program says. */
import { verifyProgram } from "../lib/program/decode.ts";
import { readProgram } from "../lib/program/read.ts";
import { type PreprocessOptions, transformInPieces } from "../lib/stages/preprocess.ts";
import { command, loadSource, number, options, readFile } from "./command.ts";

const USAGE = "deno task verify x.wasm FOLDER|DATASET [--flatten]";

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, { flatten: { type: "boolean" } }, { least: 2, most: 2 });
  const bytes = await readFile(positionals[0]!), { record } = readProgram(bytes);
  const wanted = (record.preprocess ?? {}) as PreprocessOptions;
  const load = { ...wanted, flatten: values.flatten ?? false, signal, progress: bar.report };
  const expected = await transformInPieces(await loadSource(positionals[1]!, load), wanted, load);
  const { symbols, sha256 } = await verifyProgram(bytes, expected, { signal, progress: bar.report });
  await bar.close();
  console.log(`verified: ${number(symbols)} symbols identical, SHA-256 ${sha256}`);
});
