"""Executes the notebook on stdin in the folder argv[1], each cell in at most argv[2] seconds; writes it, with its
outputs, to stdout. Before each code cell a line `cell 3/12: source` goes to stderr, after the last one `cell 13/12:`;
so does a failing cell's error, and the exit code is 1."""

import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

from draining import Draining


class DrainingClient(Draining, NotebookClient):
    pass


def report(cell, cell_index):
    announce(cell_index + 1, cell.source.strip().split("\n", 1)[0][:80])


def announce(number, source):
    print(f"cell {number}/{len(notebook.cells)}: {source}", file=sys.stderr, flush=True)


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


notebook = nbformat.reads(sys.stdin.read(), as_version=4)
client = DrainingClient(
    notebook,
    kernel_name="deno",
    timeout=int(sys.argv[2]),
    iopub_timeout=60,
    record_timing=False,
    coalesce_streams=True,
    on_cell_start=lambda cell, cell_index: report(cell, cell_index) if cell.cell_type == "code" else None,
    resources={"metadata": {"path": sys.argv[1]}},
)
try:
    client.execute()
except CellExecutionError as error:
    traceback = plain(error.traceback).rsplit("------------------", 1)[-1].strip()
    sys.exit(f"The cell failed: {traceback}")
except (CellControlSignal, DeadKernelError, TimeoutError) as error:
    sys.exit(plain(str(error)))
except AssertionError:  # nbclient's own clean-up fails when it is stopped from outside
    sys.exit("The kernel was stopped.")
announce(len(notebook.cells) + 1, "")
sys.stdout.write(nbformat.writes(notebook))
