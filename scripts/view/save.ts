/** Giving files to the user. */
import { zipSync } from "fflate";
import { button, element } from "./element.ts";
import type { Items } from "./items.ts";

/** Offers bytes as a download. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content), link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Offers all items as one ZIP archive; what is in it is not compressed again. */
export async function saveAll(
  items: Items,
  extension: string,
  content: (i: number) => Promise<Uint8Array> | Uint8Array,
): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const [i, name] of items.fileNames(extension).entries()) files[name] = await content(i);
  saveFile(
    "data.zip",
    new Blob([zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer>], { type: "application/zip" }),
  );
}

/** Items that are saved together at most: archives and browsers have limits. */
export const MOST_SAVED = 20_000;

/** A button that saves, once there is something whole to be saved; beside it is said what went wrong. */
export function saveButton(label: string, items: Items, act: () => Promise<void> | void) {
  const said = element("span", { role: "status", class: "error" });
  const save = button(label, async () => {
    save.disabled = true;
    said.textContent = "";
    try {
      await act();
    } catch (error) {
      said.textContent = ` Not saved: ${error instanceof Error ? error.message : error}`;
    } finally {
      save.disabled = false;
    }
  });
  return {
    element: element("span", { class: "save" }, save, said),
    update: () => {
      save.disabled = !items.whole;
      save.title = items.whole ? "" : "Data can be saved once they are whole and verified";
    },
  };
}
