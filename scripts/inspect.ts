/** deno task inspect: what a program says of itself: ledger, sizes, seed, hashes. Nothing of it is run. */
import { tableBundle } from "../lib/figures/table.ts";
import { imageCount, symbolCount } from "../lib/data/dataset.ts";
import { ledgerOf } from "../lib/program/ledger.ts";
import { readProgram } from "../lib/program/read.ts";
import { command, number, options, readFile } from "./command.ts";

const USAGE = "deno task inspect x.wasm [--json]";

await command(async () => {
  const { values, positionals } = options(USAGE, { json: { type: "boolean" } }, { least: 1, most: 1 });
  const info = readProgram(await readFile(positionals[0]!)), ledger = ledgerOf(info);
  const { mode, order, channels, groups, record, sha256, memoryBytes } = info;
  const symbols = symbolCount(groups, channels), count = imageCount(groups);
  if (values.json) {
    const said = { mode, order, channels, groups, images: count, symbols, memoryBytes, sha256, record };
    return console.log(JSON.stringify({ ...said, bytes: ledger.bytes, ledger: ledger.entries }, null, 2));
  }
  const sizes = groups.slice(0, 3).map((g) => `${number(g.count)} of ${g.width}×${g.height}`);
  console.log(`${positionals[0]}: ${number(ledger.bytes)} bytes, ${mode}, ${order} order`);
  console.log(
    `regenerates ${number(count)} images (${sizes.join(", ")}${groups.length > 3 ? ", …" : ""}), ${
      number(symbols)
    } symbols`,
  );
  console.log(`symbols' SHA-256 ${sha256}`);
  console.log(`memory ${number(memoryBytes)} bytes`);
  for (const [field, value] of Object.entries(record)) {
    console.log(`${field}: ${typeof value === "object" ? JSON.stringify(value) : value}`);
  }
  const rows = [...ledger.entries.map(({ name, bytes }) => ({ entry: name, bytes })), {
    entry: "program",
    bytes: ledger.bytes,
  }];
  console.log(tableBundle(rows)["text/plain"]);
});
