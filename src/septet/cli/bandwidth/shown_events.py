"""Shows the events of a store on the terminal as they are stored."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor

from ...bandwidth import Appended, Event, EventStore, Undecodable
from ...bandwidth.storing.database import Database
from ...display.characters import visible
from ...display.wording import plural
from ..terminal import terminal

__all__ = ["ShownStore"]


class ShownStore(EventStore):
    """A store that prints each new event in one line."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        # In another thread, because a slow terminal must not delay the next commit.
        self._printing = ThreadPoolExecutor(1, thread_name_prefix="septet terminal")

    def submit(self, body: bytes) -> Future[Appended]:
        """Queue the entries of a callback to be stored, and then to be printed."""
        future = super().submit(body)
        future.add_done_callback(self._print)
        return future

    def _print(self, future: Future[Appended]) -> None:
        if future.cancelled() or future.exception() is not None:
            return
        for entry in future.result().new:
            self._printing.submit(_show, entry)


def _show(entry: Event | Undecodable) -> None:
    """Print an event, or a body that is not one, in one line."""
    out = terminal(sys.stdout)
    if not isinstance(entry, Event):
        size = plural(len(entry.raw), "byte")
        out.line(f"stored {size} that could not be read as an event: {visible(entry.reason)}")
        return
    values = [entry.type, entry.message_id, entry.from_, entry.to, entry.description]
    time = "" if entry.time is None else f"{entry.time:%H:%M:%S}  "
    out.line([(time, "faint"), ("  ".join(visible(value) for value in values if value), "plain")])
