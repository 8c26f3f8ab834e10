/** The page: programs are dropped into it, chosen, or in it from the start. */
import { MOST_SYMBOLS } from "../../lib/sources/loading.ts";
import { MdlError } from "../../lib/errors.ts";
import { printable } from "../../lib/printable.ts";
import { article, sentence } from "./article.ts";
import { button, element } from "./element.ts";

/** Bytes of a file that are read at most: a program of as many data as are taken, stored, has room. */
const MOST_BYTES = MOST_SYMBOLS + 2 ** 26;

/** Programs that are decoded at once when they come together; others wait for their button. */
const AT_ONCE = 3;

const programs = document.getElementById("shown")!, errors = document.getElementById("errors")!;

/** Shows a program, or says why not. */
async function add(
  name: string,
  read: () => Promise<Uint8Array> | Uint8Array,
  begin: boolean,
): Promise<void> {
  try {
    const made = article(name, await read(), begin);
    made.id = name;
    programs.append(made);
  } catch (error) {
    const said = element("p", { class: "error" }, `${printable(name)}: ${sentence(error)} `);
    said.append(button("dismiss", () => said.remove()));
    errors.append(said);
  }
}

async function addFiles(files: Iterable<File>): Promise<void> {
  errors.replaceChildren();
  const before = programs.childElementCount;
  for (const [i, file] of [...files].entries()) {
    await add(file.name, async () => {
      if (file.size <= MOST_BYTES) return new Uint8Array(await file.arrayBuffer());
      throw new MdlError("too-large", "The file is larger than any program that is taken.");
    }, i < AT_ONCE);
  }
  const first = programs.children[before]?.querySelector("h2");
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "start" });
}

const field = document.getElementById("file") as HTMLInputElement;
document.getElementById("choose")!.addEventListener("click", () => field.click());
field.addEventListener("change", async () => {
  await addFiles(field.files!);
  field.value = ""; // the same file can be chosen again
});

/** How many of the nested elements the dragged files are over. */
const over = (is: boolean) => document.body.classList.toggle("over", is);
addEventListener("dragover", (event) => {
  event.preventDefault();
  over(true);
});
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget ?? over(false));
addEventListener("drop", (event) => {
  event.preventDefault();
  over(false);
  void addFiles(event.dataTransfer?.files ?? []);
});

/** The program that the address names, which is decoded, too. */
const asked = decodeURIComponent(location.hash.slice(1));

/** What `deno task view` put into the page. */
const embedded: { name: string; base64: string }[] = JSON.parse(
  document.getElementById("programs")!.textContent!,
);
for (const [i, { name, base64 }] of embedded.entries()) {
  const begin = asked ? name === asked : i < AT_ONCE;
  await add(name, () => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)), begin);
}
if (asked) document.getElementById(asked)?.scrollIntoView();
