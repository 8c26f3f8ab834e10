/** The files of a program, written with their names and subfolders, byte for byte the same. */
import { basename, dirname, join } from "node:path";
import { MdlError } from "../lib/errors.ts";
import { eachFile, type Files } from "../lib/files/data.ts";
import { byteCount } from "../lib/items.ts";
import type { Program } from "../lib/program/program.ts";
import type { DecodeOptions } from "../lib/program/sandbox.ts";
import type { ProgressBar } from "../lib/progress.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { counted } from "./command.ts";
import { describeChanges, filePaths } from "./laboratory/file_names.ts";
import { assertAllFree, assertWritable, folderFor } from "./outputs.ts";

/**
 * Decodes a program and writes its files into a folder.
 *
 * @throws {MdlError} as `decode`; `not-writable`; `interrupted`, with the number of files that are written
 */
export async function decompressFiles(
  { info: { names, items }, decode }: Pick<Program<Files>, "info" | "decode">,
  output: string,
  force: boolean,
  run: DecodeOptions,
  bar: ProgressBar,
): Promise<void> {
  const paths = filePaths(names),
    folders = Map.groupBy(paths, dirname);
  for (const [folder, within] of folders) {
    await assertAllFree(join(output, folder), within.map((path) => basename(path)), force);
  }
  await using _folder = await folderFor(output);
  await assertWritable(join(output, ".part"));
  const files = await decode(run);
  const changed = describeChanges(names, paths, "");
  const size = byteCount(items).toLocaleString("en");
  console.error(`writing ${counted(paths.length, "file")}, ${size} bytes together, to ${output}`);
  if (changed) console.error(changed);
  for (const folder of folders.keys()) await makeFolder(join(output, folder));
  let done = 0;
  for (const { bytes } of eachFile(files)) {
    if (run.signal?.aborted) {
      const text = `Stopped; ${done} of ${counted(paths.length, "file")} are written: --force begins anew.`;
      throw new MdlError("interrupted", text);
    }
    await saveFile(join(output, paths[done]!), bytes);
    bar.report({ label: "write", done: ++done, total: paths.length, unit: "files" });
  }
  await bar.close();
  console.log(`${counted(paths.length, "file")} in ${output}, SHA-256 ${files.sha256}`);
}
