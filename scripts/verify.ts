/** deno task verify: decodes a program and compares every symbol with its source, preprocessed as the program says. */
import { verifyProgram } from "../lib/program/decode.ts";
import { readProgram } from "../lib/program/read.ts";
import { preprocessOf, transformInPieces } from "../lib/image/transform.ts";
import {
  command,
  counted,
  LIMIT_OPTION,
  limited,
  loadSource,
  options,
  readFile,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
} from "./command.ts";

const TASK: Task = {
  start: "deno task verify",
  about: "Decodes a program and compares every symbol with the images it was made of; the exit code says so.",
  takes: "x.wasm FOLDER|DATASET",
  least: 2,
  example: "deno task verify pics.wasm pics",
};

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, { ...SOURCE_OPTIONS, ...LIMIT_OPTION });
  const limit = limited(values);
  const bytes = await readFile(positionals[0]!), wanted = preprocessOf(readProgram(bytes));
  const load = { ...wanted, ...sourceOptions(values), signal, progress: bar.report };
  const expected = await transformInPieces(await loadSource(positionals[1]!, load), wanted, load);
  const { symbols, sha256 } = await verifyProgram(bytes, expected, {
    signal,
    progress: bar.report,
    ...limit,
  });
  await bar.close();
  console.log(`verified: ${counted(symbols, "symbol")} identical, SHA-256 ${sha256}`);
});
