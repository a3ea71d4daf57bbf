"""The outbox: many messages kept first and sent then, each once at most, whatever breaks.

A message is durably `SENDING` before its request goes out, and only one runner works at a time. So
what a new runner finds there was being sent when the last one died, and nobody knows whether the
provider has it: it is set aside as `UNKNOWN`, and never sent again unless somebody decides so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ..messages import Message
from ..storing.outbox_rows import (
    OutboxEntry,
    OutboxState,
    count_states,
    insert_messages,
    read_entries,
    row_of_message,
    settle,
)
from ..storing.turns import take_turn
from .runner import Runner

if TYPE_CHECKING:
    from ..sending.client import Client
    from ..storing.store import EventStore

__all__ = ["Outbox", "OutboxEntry", "OutboxState"]


class Outbox:
    """Messages to be sent, in the database of a store.

    All methods may be used by several threads and processes.
    """

    def __init__(self, store: EventStore, client: Client) -> None:
        """Use the tables of a store, and a client to send."""
        self._database = store.database
        self._client = client
        self._runners: set[Runner] = set()

    def add(self, messages: Iterable[Message], batch: str | None = None) -> list[int]:
        """Let messages wait to be sent, all of them or none, and return their ids.

        Args:
            messages: What to send.
            batch: A name for them. If they are there under this name already, they are not added
                again, so a program that died and does not know may add them once more.

        Raises:
            ValueError: Other messages are there under this name.
            StoreError: The database cannot be written to.
        """
        rows = [row_of_message(message) for message in messages]
        job = partial(insert_messages, batch=batch, rows=rows)
        return self._database.write(job).result()

    def run(
        self,
        rate: float,
        *,
        workers: int = 16,
        on_entry: Callable[[OutboxEntry], object] = lambda entry: None,
    ) -> None:
        """Send what waits until nothing does, or `stop` is called.

        One runner works at a time, in all processes; another waits for its turn. What was not
        taken because the provider's queue is full or it cannot be reached waits for another try,
        and so do all others meanwhile. The first messages added are the first begun. A stored
        message that is damaged, or that `Message` refuses now, is `REFUSED` and never sent.

        Args:
            rate: Segments a second; those of a group count once for each recipient.
            workers: How many messages may be under way at once.
            on_entry: Is given each message when something became of it, in the caller's thread.

        Raises:
            ValueError: The rate or the number of workers is not above 0.
            RefusedError: The provider accepts no message at all, as with `UnauthorizedError`; all
                messages stay queued.
            StoreError: The database cannot be used.
        """
        runner = Runner(self._database, self._client, rate, workers, on_entry)
        self._runners.add(runner)
        try:
            with take_turn(self._database, runner.wait) as is_ours:
                if is_ours:
                    runner.run()
        finally:
            self._runners.discard(runner)

    def stop(self) -> None:
        """Let `run` return when what is under way is done; signal handlers may call it."""
        for runner in tuple(self._runners):
            runner.stop()

    def counts(self) -> dict[OutboxState, int]:
        """Return how many messages are in each state.

        Raises:
            StoreError: The database cannot be read.
        """
        with self._database.read() as connection:
            return count_states(connection)

    def entries(self, state: OutboxState | None = None) -> Iterator[OutboxEntry]:
        """Yield the messages, or those in a state, in the order of adding, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        with self._database.read() as connection:
            yield from read_entries(connection, state)

    def unknown(self) -> Iterator[OutboxEntry]:
        """Yield the messages of which nobody knows whether they were taken.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.entries(OutboxState.UNKNOWN)

    def settle(
        self, entry_id: int, state: OutboxState, message_id: str | None = None
    ) -> OutboxEntry:
        """Decide what is to become of a message that is unknown or refused.

        Args:
            entry_id: Its id in the outbox.
            state: `ACCEPTED` (it was taken), `QUEUED` (send it again) or `ABANDONED`.
            message_id: The provider's id of one that was taken.

        Raises:
            ValueError: It may not be decided so.
            KeyError: No message that is unknown or refused has this id.
            StoreError: The database cannot be written to.
        """
        decisions = OutboxState.ACCEPTED, OutboxState.QUEUED, OutboxState.ABANDONED
        if state not in decisions or (state is OutboxState.ACCEPTED) != bool(message_id):
            raise ValueError("accepted with a message_id, or queued or abandoned without one")
        job = partial(settle, number=entry_id, state=state, message_id=message_id)
        entry = self._database.write(job).result()
        if entry is None:
            raise KeyError(entry_id)
        return entry
