/** JPEG files as a kind of data: they come back byte for byte, and their coefficients are what is coded. */
import { type Codec, MECHANISMS } from "../codec.ts";
import { readModule } from "../decoder/modules.ts";
import { filesCodec } from "../files/codec.ts";
import { eachFile, type Files } from "../files/data.ts";
import { encodeJpeg, type JpegSpec } from "./engine.ts";
import { mechanisms } from "./mechanisms.ts";

/** Bytes of a new file where nobody says, and at most. */
const DRAWN = 50_000, MOST_DRAWN = 2 ** 20;

/** JPEG files. */
export const jpeg: Codec<Files<"jpeg">, JpegSpec, JpegSpec, null> = filesCodec({
  modality: "jpeg",
  newFile: { length: DRAWN, most: MOST_DRAWN, prompted: false },
  mechanisms,
  candidates: (spec) => [spec],
  uses: () => MECHANISMS,
  describe: () => "mixed contexts of coefficients",
  async encode(data, spec, context) {
    const files = [...eachFile(data)].map(({ bytes }) => bytes);
    const { itemBits: _, modelled: __, parts: ___, ...code } = await encodeJpeg(files, spec, context);
    return { ...code, decoder: await readModule("jpeg") };
  },
});
