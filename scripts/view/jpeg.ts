/** A JPEG file as the picture that it is. */
import { element } from "./element.ts";
import type { FileView } from "./files.ts";
import type { Items } from "./items.ts";

export function jpeg(items: Items): FileView {
  const image = element("img", { class: "photo", alt: "" }), said = element("p");
  let file = -1;
  image.addEventListener("error", () => {
    image.hidden = true;
    said.textContent = "This browser cannot show it: look at its bytes.";
  });
  image.addEventListener("load", () => {
    said.textContent = `${image.naturalWidth}×${image.naturalHeight} pixels`;
  });
  return {
    element: element("div", {}, image, said),
    show(i) {
      if (i === file) return;
      URL.revokeObjectURL(image.src);
      image.hidden = !items.complete(i);
      said.textContent = "";
      file = items.complete(i) ? i : -1;
      if (file < 0) return;
      image.alt = items.name(i);
      image.src = URL.createObjectURL(new Blob([items.of(i)], { type: "image/jpeg" }));
    },
  };
}
