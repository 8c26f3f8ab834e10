/** Reads the pictures of a folder for `folder.ts`: a large one takes seconds, in which nothing else could run. */
import { type ErrorCode, MdlError } from "../errors.ts";
import { decodeImage, type DecodeOptions, readImageHeader } from "./image_file.ts";
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
  | { readonly picture: Raster; /** Symbols before resizing. */ readonly source: number }
  | { readonly larger: true }
  | { readonly code: ErrorCode; readonly message: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<PictureRequest>) => void;
  postMessage(reply: PictureReply, transfer?: Transferable[]): void;
};

scope.onmessage = async ({ data }) => {
  try {
    const reply = await read(data);
    scope.postMessage(reply, "picture" in reply ? [reply.picture.pixels.buffer as ArrayBuffer] : []);
  } catch (error) {
    const { code, message } = error instanceof MdlError
      ? error
      : new MdlError("unreadable", `The image ${data.name} cannot be read${reason(error)}.`);
    scope.postMessage({ code, message });
  }
};

async function read({ path, name, options, most }: PictureRequest): Promise<PictureReply> {
  const bytes = await Deno.readFile(path), header = await readImageHeader(bytes, name, options);
  const { width, height } = options.size ?? header;
  if (width * height * (options.gray ? 1 : header.channels) > most) return { larger: true };
  const decoded = await decodeImage(bytes, name, options);
  const source = options.gray ? toGray(decoded) : decoded;
  const picture = options.size ? resize(source, width, height) : source;
  return { picture, source: source.pixels.length };
}

/** Why the system does not give a file. */
function reason(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return ": no permission";
  if (error instanceof Deno.errors.NotFound) return ": it is gone, or its name is not in UTF-8";
  return "";
}
