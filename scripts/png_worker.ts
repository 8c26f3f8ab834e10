/** Encodes the pictures that it is sent as PNG. */
import { encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Raster>) => void;
  postMessage(file: Uint8Array, transfer: Transferable[]): void;
};

scope.onmessage = ({ data }) => {
  const file = encodePng(data);
  scope.postMessage(file, [file.buffer]);
};
