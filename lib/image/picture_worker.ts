/** Reads the pictures of a folder for `folder.ts`: a large one takes seconds, in which nothing else could run. */
import { type ErrorCode, MdlError } from "../errors.ts";
import { decodeImage, type DecodeOptions } from "./image_file.ts";
import type { ImagePreprocessOptions } from "./transform.ts";
import { type Raster, resize, toGray } from "./raster.ts";

export interface PictureRequest {
  readonly path: string;
  /** What errors call it. */
  readonly name: string;
  readonly options: DecodeOptions & Pick<ImagePreprocessOptions, "gray" | "size">;
  /** Symbols that the picture may have, at most. */
  readonly most: number;
}

export type PictureReply =
  | {
    readonly picture: Raster;
    /** Symbols before resizing. */
    readonly source: number;
    /** Bytes of the file. */
    readonly bytes: number;
  }
  | { readonly larger: true }
  | { readonly code: ErrorCode; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<PictureRequest>) => void;
  postMessage(reply: PictureReply, transfer?: Transferable[]): void;
};

/** The picture has more symbols than it may. */
class TooLarge extends MdlError {}

scope.onmessage = async ({ data }) => {
  try {
    const reply = await read(data);
    scope.postMessage(reply, [reply.picture.pixels.buffer as ArrayBuffer]);
  } catch (error) {
    if (error instanceof TooLarge) return scope.postMessage({ larger: true });
    const { code, message } = error instanceof MdlError
      ? error
      : new MdlError("unreadable", `The image ${data.name} cannot be read${reason(error)}.`);
    scope.postMessage({ code, message });
  }
};

async function read({ path, name, options: { size, gray, ...reading }, most }: PictureRequest) {
  const file = await Deno.readFile(path);
  const decoded = await decodeImage(
    file,
    name,
    reading,
    ({ width, height, channels }) => {
      const target = size ?? { width, height };
      if (target.width * target.height * (gray ? 1 : channels) > most) throw new TooLarge("too-large", name);
    },
  );
  const source = gray ? toGray(decoded) : decoded;
  const picture = size ? resize(source, size.width, size.height) : source;
  return { picture, source: source.pixels.length, bytes: file.length };
}

/** Why the system does not give a file. */
function reason(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return ": no permission";
  if (error instanceof Deno.errors.NotFound) return ": it is gone, or its name is not in UTF-8";
  return "";
}
