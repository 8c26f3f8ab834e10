"""Executes the notebook on stdin in the folder argv[1], each cell in at most argv[2] seconds; writes it, with its
outputs, to stdout. Before each code cell a line `cell 3/12: source` goes to stderr, after the last one `cell 13/12:`;
so does a failing cell's error, and the exit code is 1."""

import re
import sys
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionComplete, CellExecutionError, DeadKernelError
from nbclient.util import ensure_async

# Seconds to keep listening once a cell is done: the Deno kernel may say so before it sends the cell's last outputs.
DRAIN = 0.3


class DrainingClient(NotebookClient):
    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        done = False
        while True:
            try:
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=DRAIN if done else None))
            except Empty:
                return
            if message["parent_header"].get("msg_id") != parent_msg_id:
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                done = True


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
