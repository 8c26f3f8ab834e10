/** JPEG files as a kind of data: they come back byte for byte, and their coefficients are what is coded. */
import type { Codec, Estimate } from "../codec.ts";
import { counted } from "../counted.ts";
import { readModule } from "../decoder/modules.ts";
import { filesCodec } from "../files/codec.ts";
import { contentsOf, type Files } from "../files/data.ts";
import { encodeJpeg, type JpegSpec } from "./engine.ts";
import { mechanisms } from "./mechanisms.ts";

/** Bytes of a new file where nobody says, and at most. */
const DRAWN = 50_000, MOST_DRAWN = 2 ** 20;

/** How many times as long as a byte that is coded as such one takes that stands in a scan. */
const SLOWER = 2.5;

const files = filesCodec<"jpeg", JpegSpec>({
  modality: "jpeg",
  newFile: { length: DRAWN, most: MOST_DRAWN, prompted: false },
  mechanisms,
  describe: () => "mixed contexts of coefficients",
  async encode(data, spec, context) {
    const { modelled, parts: _, ...code } = await encodeJpeg(contentsOf(data), spec, context);
    const others = modelled.filter((is) => !is).length;
    if (others) {
      context.log(`compress: ${counted(others, "file")} of ${modelled.length} coded as bytes, not as JPEG`);
    }
    return { ...code, decoder: await readModule("jpeg") };
  },
});

/** From how long a sample takes, which is cut and so is coded as bytes. */
const slower = ({ training, encoding, decoding }: Estimate): Estimate => ({
  training,
  encoding: SLOWER * encoding,
  decoding: SLOWER * decoding,
});

/** JPEG files. */
export const jpeg: Codec<Files<"jpeg">, JpegSpec, JpegSpec, null> = {
  ...files,
  estimate: async (data, spec, training, context) =>
    slower(await files.estimate(data, spec, training, context)),
  estimateCoding: async (data, spec, context) => slower(await files.estimateCoding(data, spec, context)),
  smaller: (share, { lengths }) =>
    `take at most ${Math.max(1, Math.floor(share * lengths.length)).toLocaleString("en")} files (take)`,
};
