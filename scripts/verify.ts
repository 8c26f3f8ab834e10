/** deno task verify: decodes a program and compares every symbol with its source, preprocessed as the program says. */
import { type AnyData, codecOf } from "../lib/codecs.ts";
import { contextOf } from "../lib/context.ts";
import { isDetached } from "./laboratory/large_model/detached.ts";
import { type Program, programOf } from "../lib/program/program.ts";
import { wholeProgram } from "./laboratory/large_model/receiver.ts";
import {
  command,
  counted,
  LIMIT_OPTION,
  limited,
  loadAny,
  options,
  readFile,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
} from "./command.ts";

const TASK: Task = {
  start: "deno task verify",
  about: "Decodes a program and compares every symbol with what it was made of; the exit code says so.",
  takes: "x.wasm FOLDER|FILE|DATASET",
  least: 2,
  example: "deno task verify pics.wasm pics",
};

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, { ...SOURCE_OPTIONS, ...LIMIT_OPTION });
  const limit = limited(values), run = { signal, progress: bar.report };
  const file = await readFile(positionals[0]!);
  const program: Program<AnyData> = isDetached(file)
    ? await wholeProgram(file, { signal, log: console.error }) as unknown as Program<AnyData>
    : programOf<AnyData>(file);
  const { info } = program;
  const { said, apply } = codecOf<AnyData>(info).preprocessing, wanted = said(info);
  const source = await loadAny(positionals[1]!, {
    ...wanted,
    ...sourceOptions(values),
    ...run,
    as: info.modality,
  });
  const expected = await apply(source, wanted, contextOf(1, run));
  const { symbols, sha256 } = await program.verify(expected, { ...run, ...limit });
  await bar.close();
  console.log(`verified: ${counted(symbols, "symbol")} identical, SHA-256 ${sha256}`);
});
