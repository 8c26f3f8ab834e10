/** Tables come back byte for byte, whatever they hold; drawing is repeatable; what the model looks at can be left out. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { tableOf } from "../lib/table/csv.ts";
import { finish } from "../lib/pace.ts";
import { columnsOf, eventsOf } from "../lib/table/columns.ts";
import {
  encodeAs,
  encodeTable,
  readBlock,
  SWITCHES,
  type TableCode,
  type Watch,
} from "../lib/table/engine.ts";
import { openDecoder } from "./open_decoder.ts";

const utf8 = new TextEncoder();

/** Runs the decoder that a code names until it ends, or until it has made so many items. */
async function run(
  code: TableCode,
  { drawn = 0, seed = 0, items = Infinity, length = 0, temperature = 1 } = {},
) {
  const decoder = await openDecoder(code.build, code), { memory, made } = decoder;
  decoder.temperature.value = temperature;
  decoder.start(drawn, seed);
  if (length) decoder.length.value = length;
  const found: Uint8Array[] = [];
  for (let at = 1; at && found.length < items;) {
    at = decoder.next();
    if (at && made.value === decoder.length.value) {
      found.push(new Uint8Array(memory.buffer).slice(at, at + made.value));
    }
  }
  return found;
}

/** Codes rows as events, though few rows do not pay for the longer decoder. */
async function asEvents(bytes: Uint8Array, switches = SWITCHES): Promise<TableCode> {
  const table = tableOf(bytes)!, found = finish(eventsOf(table, finish(columnsOf(table))))!;
  return await encodeAs(table, { ...found, switches }, {});
}

async function roundTrip(bytes: Uint8Array, switches = SWITCHES, encode = encodeTable): Promise<TableCode> {
  const code = (await encode(bytes, switches))!;
  const [file, ...more] = await run(code);
  assertEquals(more, []);
  assertEquals(file, bytes);
  return code;
}

/** Ratings as people give them: whole stars mostly, of items that others have rated, some within the same second. */
function ratings(rows: number): string {
  const { below, uniform } = random(3, "ratings"), lines = ["user,item,rating,time"];
  for (let user = 1; lines.length <= rows; user++) {
    const items = new Set(
      Array.from({ length: 20 + below(40) }, () => 3 + 7 * Math.floor(150 * uniform() ** 2)),
    );
    let time = 9e8 + below(1e8);
    const times = [...items].map(() => time += below(2) ? 0 : below(30));
    const shuffled = [...items].map((item) => [item, times.splice(below(times.length), 1)[0]] as const);
    for (const [item, at] of shuffled.sort(([a], [b]) => a - b)) {
      lines.push(`${user},${item},${(1 + below(2) + below(3) + (below(5) ? 0 : 0.5)).toFixed(1)},${at}`);
    }
  }
  return `${lines.slice(0, rows + 1).join("\n")}\n`;
}

const tables: Readonly<Record<string, string>> = {
  "one column": "name\nAda\nGrace\n\nEdsger\n",
  "a header alone": "a,b,c\n",
  "a header without a line end": "a,b,c",
  "one byte": "a",
  "one line end": "\n",
  "quotes with commas, line ends and quotes": 'a,b\n"1,2","x\ny"\n"say ""no""",3\n"","\r\n"\n',
  "a quote within a cell": 'size,n\n5" pipe,1\n6"x"7,2\n',
  "CR LF": "a,b\r\n1,2\r\n3,4\r\n",
  "CR LF, the last one missing": "a,b\r\n1,2",
  "a lone CR": "a,b\n1,x\ry\n",
  "missing values": "a,b,c\n,,\n1,,3\n,2,\n,,",
  "a byte-order mark": "\ufeffa,b\n1,2\n",
  "a byte-order mark before a quote": '\ufeff"a,b",c\n1,2\n',
  "no last line end": "a,b\n1,2",
  "semicolons": "a;b\n1,5;2\n2,5;3\n",
  "tabs": "a\tb\n1\t2\n",
  "leading zeros, 1.0 against 1": "a,b\n007,1.0\n07,1\n7,1.00\n007,01\n",
  "negative and huge numbers": "a\n-1\n-99999999999999999999\n123456789012345678901234567890\n1e308\n-0\n",
  "dates": `day,n\n${
    Array.from({ length: 60 }, (_, i) => `2024-0${1 + i % 9}-${10 + i % 19},${i}`).join("\n")
  }\n`,
  "Unicode": "词,n\n明月几时有,1\n把酒问青天,2\nÆØÅ 🜚,3\n",
  "long cells": `a,b\n${"x".repeat(700)},${"yz".repeat(300)}\n${"x".repeat(701)},1\n`,
  "a group of one key":
    "u,i\n1,5\n1,7\n1,9\n1,12\n1,15\n2,5\n2,7\n2,9\n2,12\n2,15\n3,5\n3,7\n3,9\n3,12\n3,15\n",
};

for (const [name, text] of Object.entries(tables)) {
  Deno.test(`a table comes back byte for byte: ${name}`, async () => {
    await roundTrip(utf8.encode(text));
  });
}

Deno.test("cells are found where they are", () => {
  const table = tableOf(utf8.encode('\ufeffa,b\r\n"1,\r\n2",\r\n'))!;
  const cells = [...table.starts].map((start, i) =>
    new TextDecoder().decode(table.bytes.subarray(start, table.ends[i]))
  );
  assertEquals(cells, ["a", "b", '"1,\r\n2"', ""]);
  assertEquals([table.columns, table.rows, table.crlf, table.mark], [2, 2, true, true]);
});

Deno.test("what has no table's structure is text", async () => {
  for (
    const text of [
      "",
      "a,b\n1\n",
      "a,b\n1,2,3\n",
      "a,b\n\n1,2\n",
      "a,b\r\n1,2\n3,4\r\n",
      "\ufeff",
      'a,b\n1,"2',
      'a\n"',
      'a,b\n"1,2\n3,4\n',
    ]
  ) {
    assertEquals(tableOf(utf8.encode(text)), undefined, JSON.stringify(text));
    assertEquals(await encodeTable(utf8.encode(text)), undefined);
  }
});

Deno.test("ratings are events of groups, and come back with every switch off", async () => {
  const bytes = utf8.encode(ratings(5000)), all = await roundTrip(bytes, SWITCHES, asEvents);
  assertEquals(all.build, "table-groups");
  assertEquals(all.columns.map(({ kind }) => kind), ["group", "key", "value", "time"]);
  const bits = all.columnBits.reduce((a, b) => a + b);
  assert(
    Math.abs(bits / 8 - all.payloads[0]!.bytes.length) < 0.005 * all.payloads[0]!.bytes.length,
    `${bits / 8}`,
  );
  assert(all.payloads[0]!.bytes.length < 20_000, `${all.payloads[0]!.bytes.length}`);
  for (const off of ["earlierRows", "earlierColumns", "shared"] as const) {
    await roundTrip(bytes, { ...SWITCHES, [off]: false }, asEvents);
  }
  assertEquals((await roundTrip(bytes)).build, "table"); // 5,000 rows do not pay for the longer decoder
});

Deno.test("who watches sees what was expected of every event, and the code stays the same", async () => {
  const table = tableOf(utf8.encode(ratings(300)))!,
    { columns, events } = finish(eventsOf(table, finish(columnsOf(table))))!;
  const { leaves, counts } = events,
    first = counts.map((_, g) => counts.slice(0, g).reduce((a, b) => a + b, 0));
  const seen: number[] = [], groups: number[] = [];
  let movieBits = 0, valueBits = 0;
  const watch: Watch = {
    items(event, odds) {
      seen.push(event);
      const group = first.findLastIndex((begin) => begin <= event);
      for (let had = first[group]!; had < event; had++) assertEquals(odds[events.items[had]!], 0);
      movieBits -= Math.log2(odds[events.items[event]!]! / odds.reduce((a, b) => a + b, 0));
    },
    values(event, chances) {
      groups.push(event);
      for (let k = 0; k < chances.length / leaves.length; k++) {
        const row = chances.subarray(k * leaves.length, (k + 1) * leaves.length);
        assertAlmostEquals(row.reduce((a, b) => a + b, 0), 1, 1e-5);
        valueBits -= Math.log2(row[events.values[event + k]!]!);
      }
    },
  };
  const watched = await encodeAs(table, { columns, events }, {}, { watch });
  const alone = await encodeAs(table, { columns, events }, {});
  assertEquals(watched.payloads[0]!.bytes, alone.payloads[0]!.bytes);
  assertEquals(seen, [...events.items.keys()]);
  assertEquals(groups, [...first]);
  const header = alone.columnBits[2]! - valueBits; // bits of the word “rating” above the column
  assert(header > 16 && header < 64, `${header}`);
  assert(movieBits > 0 && movieBits < events.items.length * Math.log2(events.keys.length));
});

Deno.test("values that are so unlike in number that their tree is too deep are text", () => {
  const rows = ["user,item,value"], counts = [1, 1];
  while (counts.length < 20) counts.push(counts.at(-1)! + counts.at(-2)!);
  counts.forEach((count, value) => {
    for (let i = 0; i < count; i++) rows.push(`${Math.floor(rows.length / 50)},${rows.length % 50},${value}`);
  });
  const table = tableOf(utf8.encode(`${rows.join("\n")}\n`))!,
    found = finish(eventsOf(table, finish(columnsOf(table))));
  assertEquals(found?.columns.map(({ kind }) => kind), ["group", "key", "text"]);
});

Deno.test("events may lack times or values, and have other columns", async () => {
  const lines = ratings(1500).trim().split("\n").map((line) => line.split(","));
  const cut = (cells: (line: readonly string[]) => string[]) =>
    `${lines.map((line) => cells(line).join(",")).join("\n")}\n`;
  for (
    const text of [
      cut(([user, item]) => [user!, item!]),
      cut(([user, item, rating]) => [user!, item!, rating!]),
      cut((
        [user, item, rating, time],
      ) => [user!, Number(rating) > 2 ? `"yes, ${user}"` : "no", time!, item!, rating!]),
      cut(([user, item, rating, time]) => [`user ${user}`, rating!, item!, time!]).replaceAll("\n", "\r\n")
        .trim(),
    ]
  ) {
    const { build, columns } = await roundTrip(utf8.encode(text), SWITCHES, asEvents);
    assertEquals(build, columns.some(({ kind }) => kind === "text") ? "table-groups-text" : "table-groups");
  }
});

Deno.test("other tables come back with every switch off", async () => {
  const { below } = random(1, "weather"), lines = ["day,low,high,sky"];
  for (let day = 1; day < 800; day++) {
    lines.push(`${day},${below(15)}.${below(10)},${20 + below(9)},${below(3) ? "sun" : "rain"}`);
  }
  const bytes = utf8.encode(lines.join("\n")), all = await roundTrip(bytes);
  const sizes = [all.payloads[0]!.bytes.length];
  for (const off of ["earlierRows", "earlierColumns", "shared"] as const) {
    sizes.push((await roundTrip(bytes, { ...SWITCHES, [off]: false })).payloads[0]!.bytes.length);
  }
  assert(sizes.every((size) => size > 800 && size < 3000), `${sizes}`);
});

Deno.test("rows are drawn without end, the same ones with the same seed", async () => {
  for (const [text, encode] of [[ratings(3000), asEvents], [tables["dates"]!, encodeTable]] as const) {
    const code = (await encode(utf8.encode(text)))!;
    const draw = (seed: number, temperature = 1) =>
      run(code, { drawn: 1, seed, items: 6, length: 5000, temperature });
    const [one, again, other, tame] = await Promise.all([draw(1), draw(1), draw(2), draw(1, 0.6)]);
    assertEquals(one, again);
    assert(one!.join() !== other!.join() && one!.join() !== tame!.join());
    const columns = text.split("\n")[0]!.split(",").length;
    for (const drawn of [one!, tame!]) {
      const text = new TextDecoder().decode(Uint8Array.from(drawn.flatMap((item) => [...item])));
      const rows = text.split("\n").slice(0, -1);
      const whole = rows.filter((row) => row.split(",").length === columns);
      assert(whole.length > 0.8 * rows.length, `${whole.length} of ${rows.length} rows`);
    }
  }
});

Deno.test("nothing is learnt from rows that are drawn: the last of 60,000 bytes are those of such a table", async () => {
  const { below } = random(2, "measured"), places = ["Bern", "Basel", "Genf", "Chur"];
  const lines = ["number,place,degrees,kind"];
  for (let i = 0; i < 2000; i++) {
    lines.push(`${1000 + i},${places[below(4)]},${below(30)}.${below(10)},${"ABC"[below(3)]}`);
  }
  const code = (await encodeTable(utf8.encode(lines.join("\n"))))!;
  const drawn = await run(code, { drawn: 1, seed: 1, items: 6, length: 10_000 });
  const rows = new TextDecoder().decode(drawn.at(-1)).split("\n").slice(1, -1);
  const sound = rows.filter((row) => /^\d+,(Bern|Basel|Genf|Chur),\d+\.\d,[ABC]$/.test(row));
  const wild = await run(code, { drawn: 1, seed: 1, items: 6, length: 10_000, temperature: 2 });
  const all = wild.flatMap((item) => new TextDecoder().decode(item).split("\n").slice(1, -1));
  const whole = all.filter((row) => row.split(",").length === 4).length;
  assert(whole > 0.93 * all.length, `${whole} of ${all.length} rows have four cells`);
  assert(
    sound.length > 0.8 * rows.length,
    `${sound.length} of ${rows.length} rows, such as ${rows.slice(-2)}`,
  );
});

Deno.test("a table's size is known", async () => {
  const [payload] = (await asEvents(utf8.encode(ratings(5000)))).payloads;
  assert(Math.abs(payload!.bytes.length / KNOWN - 1) < 0.005, `${payload!.bytes.length} bytes`);
});
const KNOWN = 8537;

Deno.test("encoding stops when it is told to", async () => {
  const stop = new AbortController(), bytes = utf8.encode(ratings(5000));
  const work = encodeTable(bytes, SWITCHES, { signal: stop.signal, progress: () => stop.abort() });
  const { code } = await assertRejects(() => work, MdlError);
  assertEquals(code, "interrupted");
});

Deno.test("a table's block says what the model is; who looks at what rows cost does not change the code", async () => {
  for (const [text, code] of [["a,b\n1,2\n3,2\n", encodeTable], [ratings(300), asEvents]] as const) {
    const bytes = utf8.encode(text),
      plain = (await code(bytes))!,
      table = tableOf(bytes)!,
      costs: number[] = [],
      ends: number[] = [];
    const { slots, switches, columns } = readBlock(plain.parameters.bytes);
    const meter = (end: number, bits: number) => {
      assertEquals(bytes[end - 1], 10);
      ends.push(end);
      costs.push(bits);
    };
    assertEquals([switches.earlierRows, switches.shared, columns], [true, true, plain.columns]);
    const events = code === asEvents ? finish(eventsOf(table, columns))?.events : undefined;
    const again = await encodeAs(table, { columns, events, switches, slots }, {}, { meter });
    assertEquals([again.parameters, again.payloads[0]!.bytes], [plain.parameters, plain.payloads[0]!.bytes]);
    assertEquals(ends.at(-1), bytes.length);
    assertAlmostEquals(costs.at(-1)!, plain.payloads[0]!.estimatedBits!, 1e-6);
  }
});
