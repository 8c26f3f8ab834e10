/** What new data are asked for: the form with seed, temperature, and how much. */
import type { ImageShape } from "../../lib/image/shape.ts";
import { MdlError } from "../../lib/errors.ts";
import type { ProgramInfo } from "../../lib/program/read.ts";
import type { Start } from "../../lib/program/sandbox.ts";
import { element, labelled } from "./element.ts";
import { Items } from "./items.ts";

/** What is drawn. */
export interface Draw {
  readonly items: Items;
  readonly start: Start;
  readonly known?: Uint8Array;
  /** "seed 7, temperature 1". */
  readonly said: string;
}

/** Images, and bytes of a file, that are drawn at most: programs have room for no longer file. */
const MOST_IMAGES = 10_000, MOST_BYTES = 2 ** 16;

/** What a new file is called, by its kind of data. */
const NAMES: Readonly<Record<string, string>> = {
  text: "drawn.txt",
  table: "drawn.csv",
  audio: "drawn.wav",
  jpeg: "drawn.jpg",
};

function field(value: number, least: number, most: number, step: number | "any" = 1): HTMLInputElement {
  return element("input", {
    type: "number",
    value,
    min: least,
    max: most,
    step,
    required: true,
    class: "short",
  });
}

/** The form; when it is sent, `draw` gets what says what is asked for, or throws an `MdlError`. */
export function drawForm(
  info: ProgramInfo,
  shape: ImageShape | undefined,
  draw: (asked: () => Draw) => void,
) {
  const large = info.modality === "audio" || info.modality === "jpeg",
    name = () => NAMES[info.modality] ?? "drawn";
  const seed = field(1, 0, 2 ** 32 - 1), temperature = field(1, 0.01, 100, "any");
  const count = field(64, 1, MOST_IMAGES),
    length = field(large ? MOST_BYTES : 1000, 1, MOST_BYTES),
    stored = info.mode === "stored";
  const prompt = element("input", { type: "text", maxlength: 10_000 });
  const submit = element("button", { type: "submit" }, "draw");
  const how = shape ? [labelled("images", count)] : stored ? [] : [labelled("bytes", length)];
  if (how.length && ["text", "bytes"].includes(info.modality)) how.push(labelled("prompt", prompt));
  const form = element(
    "form",
    { class: "row", "aria-label": "draw new data" },
    labelled("seed", seed),
    ...(stored ? [] : [labelled("temperature", temperature)]),
    ...how,
    submit,
  );
  const asked = (): Draw => {
    const said = `seed ${seed.value}${stored ? "" : `, temperature ${temperature.value}`}`;
    const start = { drawn: 1, seed: Number(seed.value), temperature: Number(temperature.value) };
    if (shape) {
      const groups = [{ ...shape.groups[0]!, count: Number(count.value) }];
      const group = { count: Number(count.value), bytes: info.items[0]!.bytes };
      return { items: new Items([group], () => undefined, { ...shape, groups }), start, said };
    }
    if (stored) {
      return { items: new Items([{ count: 1, bytes: info.items[0]!.bytes }], name), start, said };
    }
    const known = new TextEncoder().encode(prompt.value),
      bytes = Math.max(known.length, Number(length.value));
    if (bytes > MOST_BYTES) throw new MdlError("too-large", `A new file has at most ${MOST_BYTES} bytes.`);
    const items = new Items([{ count: 1, bytes }], name);
    return { items, start: { ...start, length: bytes, given: known.length }, known, said };
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    draw(asked);
  });
  return { element: form, submit };
}
