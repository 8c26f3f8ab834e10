/**
 * deno task fuzz: reads, decodes and draws from damaged and forged programs for so many minutes. What is neither refused
 * in a sentence nor right is written to results/fuzz/, with what was said of it.
 */
import { freshProgram, judge, mutantOf, type Original, type Outcome } from "./laboratory/fuzz/fuzz.ts";
import { MdlError } from "../lib/errors.ts";
import { saveFile } from "../lib/save.ts";
import { command, decimal, number, options, type Task, wholeNumber } from "./command.ts";
import { folderFor, projectResults } from "./outputs.ts";

const TASK: Task = {
  start: "deno task fuzz",
  about:
    "Reads, decodes and draws from damaged and forged programs; what is neither refused nor right is kept.",
  example: "deno task fuzz --minutes 60 --seed 7",
};

const OPTIONS = {
  minutes: { type: "string", default: "10", value: "N", help: "how long" },
  seed: { type: "string", value: "N", help: "seed of the mutations; another one each time when left out" },
} as const;

/** Bytes that the process may grow by, at most: several times what the limits allow for one program. */
const GROWTH = 2 ** 29;

const FIXTURES = new URL("../tests/fixtures/", import.meta.url);

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS), folder = `${projectResults()}/fuzz`;
  const minutes = decimal("minutes", values.minutes, 0.01, 10_000);
  const seed = values.seed === undefined
    ? crypto.getRandomValues(new Uint32Array(1))[0]!
    : wholeNumber("seed", values.seed, 0);
  console.log(`seed ${seed}, ${minutes} minutes`);
  const originals = await programs(), counts = { refused: 0, decoded: 0, failure: 0 };
  await using _folder = await folderFor(folder);
  const begun = performance.now(), total = Math.ceil(60 * minutes);
  for (let index = 0, done = 0; done < total && !signal.aborted; index++) {
    const mutant = mutantOf(originals, seed, index), before = Deno.memoryUsage().rss;
    const outcome = await judge(mutant), grown = Deno.memoryUsage().rss - before;
    const { verdict, failure }: Outcome = grown > GROWTH
      ? { verdict: "failure", failure: `It took ${grown >> 20} MiB of memory.` }
      : outcome;
    counts[verdict]++;
    if (failure) {
      const path = `${folder}/seed${seed}-${index}`;
      await saveFile(`${path}.wasm`, mutant.bytes);
      await saveFile(
        `${path}.txt`,
        new TextEncoder().encode(`${mutant.original.name}, ${mutant.how}: ${failure}\n`),
      );
      console.log(`${path}.wasm (${mutant.original.name}, ${mutant.how}): ${failure.split("\n")[0]}`);
    }
    done = Math.min(total, (performance.now() - begun) / 1000);
    const note = `${number(index + 1)} programs, ${counts.failure} failures`;
    bar.report({ label: `fuzz, seed ${seed}`, done: Math.floor(done), total, unit: "s", note });
  }
  await bar.close();
  const said = { seed, seconds: Math.round((performance.now() - begun) / 1000), ...counts };
  await saveFile(
    `${folder}/seed${seed}.json`,
    new TextEncoder().encode(JSON.stringify(said, null, 2) + "\n"),
  );
  const { refused, decoded, failure } = counts;
  console.log(
    `seed ${seed}: ${number(refused)} refused, ${number(decoded)} decoded as they should, ${
      number(failure)
    } failures`,
  );
  if (failure) throw new MdlError("mismatch", `Programs that failed are in ${folder}.`);
  if (signal.aborted) throw new MdlError("interrupted", "Stopped before the time was over.");
});

/** The programs of all formats that were, and one of today. */
async function programs(): Promise<Original[]> {
  const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) =>
    name.endsWith(".wasm")
  ).sort();
  const kept = names.map((name) => ({ name, bytes: Deno.readFileSync(new URL(name, FIXTURES)) }));
  return [...kept, await freshProgram()];
}
