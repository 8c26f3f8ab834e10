/** One program in the page: what it is, its ledger, its data, and new data drawn from it. */
import { createHash } from "node:crypto";
import { MdlError } from "../../lib/errors.ts";
import { readShape } from "../../lib/image/shape.ts";
import { byteCount, itemLengths } from "../../lib/items.ts";
import { damaged } from "../../lib/program/bytes.ts";
import { ledgerOf } from "../../lib/program/ledger.ts";
import { printable } from "../../lib/printable.ts";
import { readProgram } from "../../lib/program/read.ts";
import { type Draw, drawForm } from "./draw.ts";
import { button, element, number } from "./element.ts";
import { facts } from "./facts.ts";
import { ledgerFigure, ledgerTable } from "./figure.ts";
import { Items } from "./items.ts";
import { type Run, run } from "./run.ts";
import { show } from "./show.ts";

/** What stops: an Escape in the page stops every one that runs. */
const running = new Set<AbortController>();

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !document.querySelector("dialog[open]")) stopAll();
});

function stopAll(): void {
  for (const controller of running) controller.abort();
}

/** What is done, as long as it is not stopped; `at` is told how far it is. It ends in a sentence. */
type Act = (signal: AbortSignal, at: (done: number, total: number) => void) => Promise<string>;

/** Work that a button starts and another one stops, with its progress and its end in words. */
function workplace(name: string, start: HTMLButtonElement) {
  const bar = element("progress", { "aria-label": `${name}: progress`, hidden: true });
  const said = element("span", { role: "status", class: "said" });
  const stop = button("stop", () => controller?.abort(), { hidden: true, title: "Escape stops, too" });
  const home = element("div", { class: "row work" }, stop, bar, said);
  let controller: AbortController | undefined;
  const progress = (done: number, total: number, begun: number) => {
    const seconds = Math.floor((performance.now() - begun) / 1000), since = seconds ? `, ${seconds} s` : "";
    if (done) bar.value = done / Math.max(1, total);
    else bar.removeAttribute("value");
    said.textContent = done
      ? `${name}: ${number(done)} of ${number(total)} bytes${since}`
      : `${name}: the program is at work${since}`;
  };
  /** The focus goes on to the button that can be pressed now. */
  const runs = (is: boolean) => {
    const focused = document.activeElement, [from, to] = is ? [start, stop] : [stop, start];
    stop.hidden = bar.hidden = !is;
    start.disabled = is;
    if (focused === from) to.focus();
  };
  const work = async (act: Act) => {
    const own = controller = new AbortController(), begun = performance.now();
    const state = (word: string) => home.dataset["state"] = word;
    let last: [number, number] = [0, 0];
    const tick = setInterval(() => progress(...last, begun), 200);
    running.add(own);
    runs(true);
    state("running");
    progress(0, 0, begun);
    try {
      const end = await act(own.signal, (...at) => last = at);
      said.textContent = end;
      state("done");
    } catch (error) {
      said.textContent = sentence(error);
      state(error instanceof MdlError && error.code === "interrupted" ? "stopped" : "failed");
    } finally {
      clearInterval(tick);
      running.delete(own);
      runs(false);
    }
  };
  return { element: home, work, stop: () => controller?.abort() };
}

/** An error as a sentence that is fit to be shown. */
export function sentence(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}

/** Runs a module into items, which are shown again at most so often as the screen is. */
async function fill(
  info: Parameters<typeof run>[0],
  items: Items,
  view: { update(): void },
  { start, known, signal }: Pick<Run, "start" | "known" | "signal">,
  at: (done: number, total: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  let waits = false;
  const take = (piece: Uint8Array) => {
    items.take(piece);
    hash.update(piece);
    at(items.ready, items.bytes.length);
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      view.update();
    });
  };
  const lengths = [...itemLengths(items.groups)];
  await run(info, { start, lengths, signal, take, ...(known?.length ? { known } : {}) });
  return hash.digest("hex");
}

/**
 * A program, checked, and shown.
 *
 * @param begin Whether it is decoded at once.
 * @throws {MdlError} as `readProgram`: nothing of it has been run
 */
export function article(name: string, bytes: Uint8Array, begin: boolean): HTMLElement {
  const info = readProgram(bytes), shape = info.modality === "image" ? readShape(info) : undefined;
  const names = info.sizes.names === 0 ? [] : info.names, title = printable(name);
  const place = element("div", { class: "data" }), drawnPlace = element("div", { class: "data" });
  const decode = button("decode", () => decodeAll());
  const drawing = drawForm(info, shape, (asked) => drawAll(asked));
  const decoding = workplace("decoding", decode), drawn = workplace("drawing", drawing.submit);

  const decodeAll = () =>
    decoding.work(async (signal, at) => {
      const begun = performance.now(), items = new Items(info.items, (i) => names[i], shape);
      const view = show(items, info.modality);
      place.replaceChildren(view.element);
      const found = await fill(info, items, view, { start: { drawn: 0, seed: 0 }, signal }, at);
      if (found !== info.sha256) {
        place.replaceChildren();
        throw damaged("its data do not have the SHA-256 that it announces");
      }
      items.whole = true;
      view.update();
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      return `verified: decoded in ${seconds} s, and the data have the SHA-256 that the program announces`;
    });

  const drawAll = (asked: () => Draw) =>
    drawn.work(async (signal, at) => {
      const { items, start, known, said } = asked();
      const view = show(items, info.modality);
      const head = element("h4", {}, `drawn with ${said}`);
      drawnPlace.replaceChildren(head, view.element);
      await fill(info, items, view, { start, signal, ...(known ? { known } : {}) }, at);
      items.whole = true;
      view.update();
      return `drawn with ${said}: these are new data, not those in the file`;
    });

  const heading = element("h2", { tabindex: -1 }, title);
  const made = element(
    "article",
    { "aria-label": title },
    element(
      "header",
      { class: "row" },
      heading,
      button("remove", () => {
        decoding.stop();
        drawn.stop();
        made.remove();
      }, { "aria-label": `remove ${title} from the page` }),
    ),
    facts(info, bytes.length, shape),
    ledgerFigure(ledgerOf(info), byteCount(info.items)),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "ledger" },
      ledgerTable(ledgerOf(info)),
    ),
    element("h3", {}, "Data"),
    element("div", { class: "row" }, decode, decoding.element),
    place,
    element("h3", {}, "New data from its model"),
    drawing.element,
    drawn.element,
    drawnPlace,
  );
  if (begin) void decodeAll();
  return made;
}
