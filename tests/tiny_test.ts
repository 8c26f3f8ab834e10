/** The tiny language: what programs print, and that the search for the shortest one misses none. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { describe, together } from "../notebooks/experiments/enumeration/descriptions.ts";
import { openEnumerator } from "../notebooks/experiments/enumeration/enumerator.ts";
import { redundantWindows } from "../notebooks/experiments/enumeration/equivalence.ts";
import { interpret, interpreterBytes } from "../notebooks/experiments/enumeration/interpret.ts";
import { OPCODES, packed, parsed, run, written } from "../notebooks/experiments/enumeration/language.ts";
import { compare, shortestRows } from "../notebooks/experiments/enumeration/report.ts";
import { search } from "../notebooks/experiments/enumeration/search.ts";
import { patterns, sequences, type Targets } from "../notebooks/experiments/enumeration/targets.ts";

const prints = (text: string, count: number, width = count, limit = 1000) => [
  ...run(parsed(text), { count, width, limit }),
];

Deno.test("programs print what the language says", () => {
  assertEquals(prints(".", 3), [1, 1, 1]); // ones without end below the bottom
  assertEquals(prints("o.oo+", 8), [1, 1, 2, 3, 5, 8, 13, 21]);
  assertEquals(prints("x1-.", 3), [255, 0, 1]); // modulo 2³², printed modulo 256
  assertEquals(prints("x1<.x1d+/.", 4), [1, 0, 0, 1]); // columns count symbols, not rounds
  assertEquals(prints("xy*.", 9, 3), [0, 0, 0, 0, 1, 2, 0, 2, 4]);
  assertEquals(prints("1y/.x1y%+.", 2), [0, 2]); // a / 0 = 0, a mod 0 = a
  assertEquals(prints("x1+1+1:1+oo%?.", 8), [2, 3, 2, 5, 2, 7, 2, 3]); // smallest divisors
  assertEquals(prints("xy+", 3), []); // never prints: the limit ends it
});

Deno.test("a program is written in 4 bits an opcode, and read back", () => {
  const text = OPCODES.map(([sign]) => sign).join("");
  assertEquals(written(parsed(text)), text);
  assertEquals([...packed(parsed("y1."))], [0x21, 0x0d]);
});

Deno.test("the interpreter's module prints what the language says, and imports nothing", async () => {
  const module = await WebAssembly.compile(await interpreterBytes());
  assertEquals(WebAssembly.Module.imports(module), []);
  const { below } = random(3, "programs"), extent = { count: 40, width: 8 };
  let compared = 0;
  while (compared < 60) {
    const program = Uint8Array.from({ length: 1 + below(12) }, () => below(16));
    const expected = run(program, { ...extent, limit: 500 });
    if (expected.length < extent.count) continue;
    assertEquals(await interpret(program, extent), expected, written(program));
    compared++;
  }
  const error = await assertRejects(() => interpret(parsed("."), { count: 10_000, width: 1 }), MdlError);
  assertEquals(error.code, "too-large");
});

Deno.test("programs by hand print their targets", async () => {
  for (const { all, ...extent } of [sequences(1), patterns(1)]) {
    for (const { byHand, symbols, name } of all) {
      if (byHand) assertEquals(await interpret(parsed(byHand), extent), symbols, name);
    }
  }
});

/** All programs of a length. */
function* programs(length: number): Generator<Uint8Array> {
  for (let n = 0; n < 16 ** length; n++) {
    yield Uint8Array.from({ length }, (_, i) => n >> 4 * (length - 1 - i) & 15);
  }
}

const LIMIT = 400;

/** What becomes of all programs of a length, run one by one; kept, for two tests ask for it. */
const bruteForce = remembered((targets: Targets, length: number) => {
  const { all, width, count } = targets, found = new Map<string, string>();
  let printed = 0, wrong = 0, open = 0;
  for (const program of programs(length)) {
    const symbols = run(program, { count, width, limit: LIMIT });
    const alive = all.filter((one) => symbols.every((symbol, i) => one.symbols[i] === symbol));
    if (!alive.length) wrong++;
    else if (symbols.length < count) open++;
    else {
      printed++;
      for (const { name } of alive) if (!found.has(name)) found.set(name, written(program));
    }
  }
  return { printed, wrong, open, found };
});

function remembered<T>(
  work: (targets: Targets, length: number) => T,
): (targets: Targets, length: number) => T {
  const known = new Map<Targets, T[]>();
  return (targets, length) => {
    if (!known.has(targets)) known.set(targets, []);
    return known.get(targets)![length] ??= work(targets, length);
  };
}

/** Few symbols, so that brute force is quick; programs have to be longer than 1 to print all. */
const brief = ({ all, width }: Targets, names: readonly string[]): Targets => ({
  count: 24,
  width: width === 256 ? 24 : width,
  all: all.filter(({ name }) => names.includes(name)).map((one) => ({
    ...one,
    symbols: one.symbols.slice(0, 24),
  })),
});

const BRIEF = [
  brief(sequences(1), ["period 3", "squares", "powers of 2", "Fibonacci", "noise"]),
  brief(patterns(1), ["stripes", "triangle", "checkerboard", "rings"]),
];

Deno.test("the enumeration accounts for every program, as brute force does", async () => {
  for (const targets of BRIEF) {
    const { width, count, all } = targets;
    const work = { width, count, limit: LIMIT, windows: redundantWindows({ sequence: width === count }) };
    const explore = await openEnumerator({ ...work, prune: false, targets: all.map((t) => t.symbols) });
    for (const length of [1, 2, 3, 4]) {
      const alive = 2 ** all.length - 1, sum = { printed: 0, wrong: 0, open: 0 };
      for (let first = 0; first < 16; first++) {
        const { counts } = explore({ first, length, alive });
        sum.printed += Number(counts.printed);
        sum.wrong += Number(counts.wrong);
        sum.open += Number(counts.silent + counts.undecided);
        assertEquals(counts.redundant, 0n);
      }
      const { found: _, ...expected } = bruteForce(targets, length);
      assertEquals(sum, expected, `length ${length}`);
    }
  }
});

Deno.test("the search finds the shortest programs that brute force finds, and the first of them", async () => {
  for (const targets of BRIEF) {
    const { census, findings } = await search(targets, { longest: 4, limit: LIMIT }, contextOf(1));
    for (const { length, ...counts } of census) {
      const { printed, wrong, silent, redundant, undecided } = counts;
      assertEquals(printed + wrong + silent + redundant + undecided, 16n ** BigInt(length));
    }
    const shortest = new Map<string, string>();
    for (const length of [1, 2, 3, 4]) {
      for (const [name, text] of bruteForce(targets, length).found) {
        if (!shortest.has(name)) shortest.set(name, text);
      }
    }
    for (const { name, program } of findings) {
      assertEquals(program && written(program), shortest.get(name) ?? null);
    }
    assert(shortest.size > 1);
  }
});

Deno.test("leaving redundant programs out changes no shortest length; found programs print their targets", async () => {
  for (const targets of [sequences(1), patterns(1)]) {
    const options = { longest: 5, limit: 64 };
    const { findings } = await search(targets, options, contextOf(1));
    const all = await search(targets, { ...options, prune: false }, contextOf(1));
    for (const [t, { name, program, gap }] of findings.entries()) {
      assertEquals(program?.length, all.findings[t]!.program?.length, name);
      if (!program) continue;
      assertEquals(run(program, { ...targets, limit: gap }), targets.all[t]!.symbols, name);
      assert(run(program, { ...targets, limit: gap - 1 }).length < targets.count, name);
    }
  }
});

Deno.test("a higher limit leaves fewer programs undecided and finds nothing longer", async () => {
  const targets = BRIEF[0]!;
  const [low, high] = await Promise.all(
    [4, 400].map((limit) => search(targets, { longest: 5, limit }, contextOf(1))),
  );
  const undecided = (of: typeof low) => of!.findings.map((one) => one.undecided);
  undecided(low).forEach((n, t) => assert(n >= undecided(high)[t]!));
  low!.findings.forEach(({ program }, t) => {
    if (program) assert(high!.findings[t]!.program!.length <= program.length);
  });
});

Deno.test("a search can be stopped", async () => {
  const stop = new AbortController();
  const context = contextOf(1, { signal: stop.signal, progress: () => stop.abort() });
  const error = await assertRejects(
    () => search(sequences(1), { longest: 9, limit: 64 }, context),
    MdlError,
  );
  assertEquals(error.code, "interrupted");
});

Deno.test("other descriptions are real files; the report says what is proved", async () => {
  const backend = await openBackend("wasm");
  try {
    const whole = sequences(1), names = ["squares", "primes from 2 marked", "noise"];
    const targets = { ...whole, all: whole.all.filter(({ name }) => names.includes(name)) };
    const others = await describe(targets, 20, contextOf(1)), [squares, , noise] = others;
    assert(squares!.brotli < 256 && noise!.brotli >= 256); // bytes of 256 symbols
    for (const { neural, stored } of others) assert(neural > stored && stored > 256);
    const compared = compare(targets, await search(targets, { longest: 4, limit: 64 }, contextOf(1)), others);
    assertEquals(compared.map(({ bits }) => bits), [16, 68, null]);
    const said = shortestRows(compared, 4).map((row) => String(row["is it the shortest?"]));
    assertEquals(said[0], "yes");
    assert(said[1]!.startsWith("by hand; none found up to 16 bits"), said[1]);
    assertEquals(together(targets.all).symbols.length, 3 * 256);
  } finally {
    await backend.close();
  }
});
