/** A WAV file as sound: a player, and its waveform. */
import { readWav, type Wav } from "../../lib/audio/wav.ts";
import { element, number } from "./element.ts";
import type { FileView } from "./files.ts";
import type { Items } from "./items.ts";

/** Pixels of the waveform, and samples that are looked at for each column. */
const WIDTH = 1200, HEIGHT = 120, LOOKED_AT = 200;

/** A sample of the first channel as a number from -1 to 1. */
function sample(view: DataView, { bits, channels, start }: Wav, frame: number): number {
  const at = start + frame * channels * (bits / 8);
  if (bits === 8) return view.getUint8(at) / 128 - 1;
  if (bits === 16) return view.getInt16(at, true) / 2 ** 15;
  return (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
}

/** Draws lowest and highest sample of each column. */
function waveform(canvas: HTMLCanvasElement, bytes: Uint8Array, wav: Wav): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const context = canvas.getContext("2d")!, each = wav.frames / WIDTH, step = Math.max(1, each / LOOKED_AT);
  context.clearRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = "#0072b2";
  for (let x = 0; x < WIDTH; x++) {
    let low = 1, high = -1;
    for (
      let frame = Math.max(0, x * each - 1);
      // the column before ends there
      frame < Math.min(wav.frames, Math.max(x * each + 1, (x + 1) * each));
      frame += step
    ) {
      const value = sample(view, wav, Math.floor(frame));
      [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
    const top = (1 - high) / 2 * HEIGHT, bottom = (1 - low) / 2 * HEIGHT;
    if (high >= low) context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

export function audio(items: Items): FileView {
  const player = element("audio", { controls: true, preload: "metadata" }), said = element("p");
  const canvas = element("canvas", {
    width: WIDTH,
    height: HEIGHT,
    class: "wave",
    role: "img",
    "aria-label": "waveform",
  });
  let file = -1, heard = false;
  const show = (i: number) => {
    if (i !== file) {
      [file, heard] = [i, false];
      URL.revokeObjectURL(player.src);
      player.removeAttribute("src");
      player.load();
    }
    if (heard) return;
    const bytes = items.of(i), wav = readWav(bytes), whole = bytes.length === items.length(i);
    canvas.hidden = !wav;
    player.hidden = !wav;
    if (!wav) {
      said.textContent = whole ? "This is no sound that is known here: look at its bytes." : "";
    } else {
      const seconds = (wav.frames / wav.rate).toFixed(1), kind = wav.channels === 1 ? "mono" : "stereo";
      said.textContent = `${seconds} s, ${number(wav.rate)} Hz, ${wav.bits} bits, ${kind}`;
      waveform(canvas, bytes, wav);
    }
    if (!whole || !items.complete(i)) return;
    heard = true;
    if (wav) player.src = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
  };
  return { element: element("div", {}, canvas, player, said), show };
}
