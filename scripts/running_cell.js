/**
 * JupyterLab's extension for `deno task lab`: while cells run, the one that runs stays in sight, until its reader scrolls,
 * clicks or types in the notebook.
 */
const NAME = "mdlab-running-cell";

/** Milliseconds between two looks. */
const LOOK = 250;

/** Notebooks whose readers have gone their own way since cells began to run. */
const left = new Set();

const runningCell = (notebook) =>
  [...notebook.querySelectorAll(".jp-CodeCell")].find((cell) =>
    cell.querySelector(".jp-InputPrompt")?.textContent.startsWith("[*]")
  );

/** Of a cell higher than the window, the end of its outputs counts. */
function show(cell, height) {
  const outputs = cell.querySelectorAll(".jp-OutputArea-child"), last = outputs[outputs.length - 1];
  (cell.offsetHeight > height && last ? last : cell).scrollIntoView({ block: "nearest" });
}

function look() {
  for (const notebook of document.querySelectorAll(".jp-Notebook")) {
    const cell = runningCell(notebook);
    if (!cell) left.delete(notebook);
    else if (!left.has(notebook) && notebook.offsetParent) show(cell, notebook.offsetHeight);
  }
}

function leave({ target }) {
  const notebook = target instanceof Element && target.closest(".jp-Notebook");
  if (notebook && runningCell(notebook)) left.add(notebook);
}

const plugin = {
  id: `${NAME}:plugin`,
  autoStart: true,
  activate() {
    for (const event of ["wheel", "pointerdown", "keydown"]) {
      addEventListener(event, leave, { capture: true, passive: true });
    }
    setInterval(look, LOOK);
  },
};

(globalThis._JUPYTERLAB ??= {})[NAME] = {
  init() {},
  get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
};
