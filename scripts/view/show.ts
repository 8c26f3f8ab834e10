/** How items are shown, and the choice of another way. */
import { audio } from "./audio.ts";
import { element, labelled } from "./element.ts";
import { files, type MakeFileView } from "./files.ts";
import { hex } from "./hex.ts";
import { jpeg } from "./jpeg.ts";
import type { Items, View } from "./items.ts";
import { pictures } from "./pictures.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";

const FILE_VIEWS: Readonly<Record<string, MakeFileView>> = { text, bytes: hex, table, audio, jpeg };

/** A view of items as their kind is commonly seen, with a choice of others. */
export function show(items: Items, kind: string): View {
  const ways: Record<string, () => View> = {}, chosen = { at: 0 };
  if (items.shape) ways["pictures"] = () => pictures(items);
  for (const [name, make] of Object.entries(FILE_VIEWS)) {
    if (!items.shape || name === "bytes") ways[name] = () => files(items, make, chosen);
  }
  const first = items.shape ? "pictures" : kind in ways ? kind : "bytes", made = new Map<string, View>();
  const choice = element(
    "select",
    {},
    ...Object.keys(ways).map((name) => element("option", { selected: name === first }, name)),
  );
  const place = element("div");
  let view: View;
  const choose = (name: string) => {
    view = made.get(name) ?? ways[name]!();
    made.set(name, view);
    place.replaceChildren(view.element);
    view.update();
  };
  choice.addEventListener("change", () => choose(choice.value));
  choose(first);
  return {
    element: element("div", {}, element("p", { class: "row" }, labelled("shown as", choice)), place),
    update: () => view.update(),
  };
}
