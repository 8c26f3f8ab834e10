/** Sound as a kind of data: WAV files, which come back byte for byte. */
import type { Codec } from "../codec.ts";
import { readModule } from "../decoder/modules.ts";
import { filesCodec } from "../files/codec.ts";
import { contentsOf, type Files } from "../files/data.ts";
import { type AudioSpec, DRAWN_BYTES, encodeAudio } from "./engine.ts";
import { mechanisms } from "./mechanisms.ts";

/** Bytes of a new file: some seconds at most. */
const SECONDS = 160_000;

/** Files of sound. */
export const audio: Codec<Files<"audio">, AudioSpec, AudioSpec, null> = filesCodec({
  modality: "audio",
  newFile: { length: SECONDS, most: DRAWN_BYTES, prompted: false },
  mechanisms,
  describe: () => "least squares and gradient predictors",
  encode: async (data, spec, context) => ({
    ...await encodeAudio(contentsOf(data), spec, context),
    decoder: await readModule("audio"),
  }),
});
