/** The law of all kinds of data, on sets that are empty of interest, odd, or large in names; see tests/codec_test.ts for models. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkCodec } from "./check_codec.ts";
import { codecOf, codecs } from "../lib/codecs.ts";
import { dataset } from "../lib/image/dataset.ts";
import { modelOf } from "../lib/image/model.ts";
import { MdlError } from "../lib/errors.ts";
import { decodeProgram } from "./decoding.ts";
import { MODALITIES } from "../lib/program/header.ts";
import { readProgram } from "../lib/program/read.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { drawScenes } from "../lib/sources/scenes.ts";

const context = contextOf(1), { below } = random(3, "law of codecs");
const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

function noise(channels: 1 | 3, groups: readonly { count: number; height: number; width: number }[]) {
  const bytes = groups.reduce((sum, group) => sum + group.count * group.height * group.width * channels, 0);
  const symbols = Uint8Array.from({ length: bytes }, () => below(256));
  return dataset({ name: "noise", channels, groups, symbols, provenance });
}

Deno.test("stored: any sizes and names come back, and every byte is in the ledger", async () => {
  await checkCodec(noise(1, [{ count: 1, height: 1, width: 1 }]), null, context);
  await checkCodec(
    noise(3, [{ count: 2, height: 3, width: 5 }, { count: 1, height: 200, width: 1 }]),
    null,
    context,
  );
  const named = { ...noise(1, [{ count: 2, height: 2, width: 2 }]), names: ["", "图\n1"] };
  await checkCodec(named, null, context);
});

Deno.test("a model of a format 1 program codes its data again in today's format, with the same weights", async () => {
  const earlier = await Deno.readFile(new URL("fixtures/two_part_v1_pyramid_3.wasm", import.meta.url));
  const model = await modelOf(earlier), set = await decodeProgram(earlier);
  const { bytes } = await checkCodec(set, model, context);
  const weights = (program: Uint8Array) =>
    readProgram(program).segments.find(({ kind }) => kind === "weights")!.bytes;
  assertEquals(weights(bytes), weights(earlier));
});

Deno.test("what another set was coded as is no coding of this one", async () => {
  const set = drawScenes({ take: 2 }), other = drawScenes({ take: 2, seed: 2 });
  const program = await checkCodec(set, null, context);
  await assertRejects(() => program.verify(other), MdlError, "differs first");
});

Deno.test("a program holds names as they are, or refuses them", async () => {
  const set = { ...noise(1, [{ count: 2, height: 2, width: 2 }]), names: ["\ud800", "\ud801"] };
  const error = await assertRejects(() => checkCodec(set, null, context), MdlError, "half a character");
  assertEquals(error.code, "usage");
});

Deno.test("every kind of data is found by its name, and has a number in the header", () => {
  assertEquals([...MODALITIES].sort(), Object.keys(codecs).sort());
  assertThrows(() => codecOf({ modality: "smell" as "image" }), MdlError, "no kind of data “smell”");
  for (const [modality, codec] of Object.entries(codecs)) {
    assertEquals([codec.modality, codecOf({ modality: codec.modality })], [modality, codec]);
  }
});
