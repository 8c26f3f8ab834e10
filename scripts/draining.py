"""Executing notebooks with the Deno kernel, which may say that a cell is done before it sends the cell's last outputs:
nbclient drops those."""

from queue import Empty

from nbclient.exceptions import CellExecutionComplete
from nbclient.util import ensure_async

# Seconds to keep listening once a cell is done.
DRAIN = 0.3


class Draining:
    """For a subclass of nbclient's NotebookClient: it stands before it among the bases."""

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
