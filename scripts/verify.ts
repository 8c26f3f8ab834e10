/** deno task verify: decodes a program and compares every symbol with its source, preprocessed as the program says. */
import { verifyProgram } from "../lib/program/decode.ts";
import { readProgram } from "../lib/program/read.ts";
import { preprocessOf, transform } from "../lib/stages/preprocess.ts";
import { command, LIMIT_OPTION, limited, loadSource, number, options, readFile } from "./command.ts";

const USAGE = "deno task verify x.wasm FOLDER|DATASET [--flatten] [--limit SECONDS]";

await command(async (signal, bar) => {
  const { values, positionals } = options(
    USAGE,
    { flatten: { type: "boolean" }, ...LIMIT_OPTION },
    { least: 2, most: 2 },
  );
  const limit = limited(values);
  const bytes = await readFile(positionals[0]!), wanted = preprocessOf(readProgram(bytes));
  const load = { ...wanted, flatten: values.flatten ?? false, signal, progress: bar.report };
  const expected = transform(await loadSource(positionals[1]!, load), wanted);
  const { symbols, sha256 } = await verifyProgram(bytes, expected, {
    signal,
    progress: bar.report,
    ...limit,
  });
  await bar.close();
  console.log(`verified: ${number(symbols)} symbols identical, SHA-256 ${sha256}`);
});
