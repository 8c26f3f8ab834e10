/** JPEG files as a kind of data: they come back byte for byte, and their coefficients are what is coded. */
import type { Codec, Estimate } from "../codec.ts";
import { counted } from "../counted.ts";
import { readModule } from "../decoder/modules.ts";
import { filesCodec } from "../files/codec.ts";
import type { Context } from "../context.ts";
import { contentsOf, type Files } from "../files/data.ts";
import type { Progress } from "../progress.ts";
import { encodeFiles } from "./encode.ts";
import type { JpegSpec } from "./engine.ts";
import { mechanisms } from "./mechanisms.ts";

/** Bytes of a new file where nobody says, and at most. */
const DRAWN = 50_000, MOST_DRAWN = 2 ** 20;

const files = filesCodec<"jpeg", JpegSpec>({
  modality: "jpeg",
  newFile: { length: DRAWN, most: MOST_DRAWN, prompted: false },
  mechanisms,
  describe: () => "mixed contexts of coefficients",
  async encode(data, spec, context) {
    const { modelled, parts: _, ...code } = await encodeFiles(contentsOf(data), spec, context);
    const others = modelled.filter((is) => !is).length;
    if (others) {
      context.log(`compress: ${counted(others, "file")} of ${modelled.length} coded as bytes, not as JPEG`);
    }
    return { ...code, decoder: await readModule("jpeg") };
  },
});

/** Files that a trial begins with, evenly spaced; its milliseconds, and from when on its pace counts: before, the engine warms up. */
const TRIED = 16, TRIAL = 800, WARM = 300;

/** By a trial that is stopped. The pace is that of the files' own coefficients: of two files as long, one may take ten times as long. */
async function estimate(data: Files<"jpeg">, spec: JpegSpec, { signal }: Context): Promise<Estimate> {
  const files = contentsOf(data), every = Math.ceil(files.length / TRIED), size = data.symbols.length;
  const spread = Array.from({ length: every }, (_, turn) => files.filter((_, i) => i % every === turn))
    .flat();
  const stop = new AbortController(), both = AbortSignal.any([signal, stop.signal]);
  const begun = performance.now(), reports: { readonly done: number; readonly time: number }[] = [];
  const progress = ({ done }: Progress) => {
    const time = performance.now() - begun;
    if (time >= WARM) reports.push({ done, time });
    if (time >= TRIAL && reports.length > 1) stop.abort();
  };
  const whole = await encodeFiles(spread, spec, { signal: both, progress }).catch((error) => {
    if (signal.aborted || !stop.signal.aborted) throw error;
  });
  const [first, last] = [reports[0]!, reports.at(-1)!];
  const milliseconds = whole
    ? performance.now() - begun
    : first.time + (size - first.done) * (last.time - first.time) / Math.max(1, last.done - first.done);
  return { training: 0, encoding: milliseconds / 1000, decoding: milliseconds / 1000 };
}

/** JPEG files. */
export const jpeg: Codec<Files<"jpeg">, JpegSpec, JpegSpec, null> = {
  ...files,
  estimate: (data, spec, _, context) => estimate(data, spec, context),
  estimateCoding: estimate,
  smaller: (share, { lengths }) =>
    `take at most ${Math.max(1, Math.floor(share * lengths.length)).toLocaleString("en")} files (take)`,
};
