/** Files, one at a time: which one, and how it is shown is another's affair. */
import { button, counted, element, labelled, number } from "./element.ts";
import type { Items, View } from "./items.ts";
import { MOST_SAVED, saveAll, saveButton, saveFile } from "./save.ts";

/** Something that shows one file. */
export interface FileView {
  readonly element: HTMLElement;
  /** Shows a file, or shows it again when more of it is there. */
  show(i: number): void;
}

/** What makes such a view; `go` leads to another file. */
export type MakeFileView = (items: Items, go: (i: number) => void) => FileView;

/** @param chosen Which file is shown: the same in all views of the items. */
export function files(items: Items, make: MakeFileView, chosen: { at: number }): View {
  const field = element("input", { type: "number", min: 1, max: items.count, value: 1, class: "short" });
  const name = element("span", { class: "name" });
  const go = (i: number) => {
    chosen.at = Math.max(0, Math.min(items.count - 1, i));
    field.value = String(chosen.at + 1);
    view.update();
  };
  field.addEventListener("change", () => go(Math.trunc(Number(field.value) || 1) - 1));
  const before = button("←", () => go(chosen.at - 1), { "aria-label": "the file before" });
  const next = button("→", () => go(chosen.at + 1), { "aria-label": "the next file" });
  const save = saveButton("save this file", items, () => {
    saveFile(items.fileName(chosen.at, ""), new Blob([items.of(chosen.at)]));
  });
  const all = saveButton("save all (ZIP)", items, () => saveAll(items, "", (i) => items.of(i)));
  const several = items.count > 1;
  const shown = make(items, go);
  const view: View = {
    element: element(
      "div",
      {},
      element(
        "div",
        { class: "row" },
        ...(several ? [before, labelled("file", field), `of ${number(items.count)}`, next] : []),
        name,
        save.element,
        ...(several && items.count <= MOST_SAVED ? [all.element] : []),
      ),
      shown.element,
    ),
    update() {
      const { at } = chosen;
      if (document.activeElement !== field) field.value = String(at + 1); // someone may be typing
      name.textContent = `${items.name(at)}, ${counted(items.length(at), "byte")}`;
      before.disabled = at === 0;
      next.disabled = at === items.count - 1;
      save.update();
      all.update();
      shown.show(at);
    },
  };
  return view;
}
