"""The outbox: messages are stored first and then sent, each at most once, whatever fails.

A message is durably `SENDING` before the body of its request is written, and only one runner works
at a time. So a message that a new runner finds in this state was being sent when the last runner's
program ended, and the provider may or may not have it. It becomes `UNKNOWN`, and is sent again only
if somebody decides so. A message in any other state was not being sent: while a connection is made,
it is still queued.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from ..exceptions import BandwidthError, DeliveryUnknownError, StoreError
from ..messages import Accepted, Message
from ..storing.outbox_rows import (
    OutboxEntry,
    OutboxState,
    count_states,
    insert_messages,
    insert_sending,
    read_outbox,
    record,
    resolve,
    row_of_message,
)
from ..storing.turns import take_turn
from .runner import Runner, values_of_answer, values_of_error
from .tuning import Tuning

if TYPE_CHECKING:
    from ..sending.client import Client
    from ..storing.store import EventStore

__all__ = ["Outbox", "OutboxEntry", "OutboxState"]

_DECISIONS = OutboxState.ACCEPTED, OutboxState.QUEUED, OutboxState.ABANDONED


class Outbox:
    """Messages to send, in the database of a store.

    Several threads and processes may use all methods.

    Example:
        >>> with open_store("events.db") as store, Client("9900000", ...) as client:
        ...     outbox = Outbox(store, client)
        ...     outbox.add(messages, batch="reminders of 4 November")
        ...     outbox.run(segments_per_second=10)
    """

    def __init__(
        self,
        store: EventStore,
        client: Client,
        *,
        tuning: Tuning = Tuning(),  # noqa: B008 - it is immutable
    ) -> None:
        """Use the database of a store, and a client to send.

        Args:
            store: The store.
            client: The client; its `max_attempts` and `deadline` do not apply, because the outbox
                itself decides when to send again.
            tuning: Delays and limits.
        """
        self._database = store.database
        self._client = client
        self._tuning = tuning
        self._runners: set[Runner] = set()

    def add(self, messages: Iterable[Message], batch: str | None = None) -> list[int]:
        """Store messages to be sent, all of them or none.

        Args:
            messages: The messages.
            batch: A name for them. A batch that exists already is not added again, so a program
                that does not know whether it has added a batch can simply repeat the call.

        Returns:
            The ids of the messages in the outbox.

        Raises:
            ValueError: The batch exists with other messages.
            StoreError: The database cannot be written to.
        """
        rows = [row_of_message(message) for message in messages]
        job = partial(insert_messages, batch=batch, rows=rows)
        return self._database.write(job).result()

    def run(
        self,
        segments_per_second: float,
        *,
        workers: int = 16,
        on_entry: Callable[[OutboxEntry], object] = lambda entry: None,
    ) -> None:
        """Send the queued messages, until none is left or `stop` is called.

        Messages start in the order of adding. Only one runner works at a time, across all
        processes; another waits for its turn. If the provider's queue is full, or the provider
        cannot be reached, all messages wait, and the failed one is sent again later. A stored
        message that is damaged, or that `Message` refuses, becomes `REFUSED` and is never sent.

        Args:
            segments_per_second: The rate; the segments of a group count once for each recipient.
            workers: The largest number of requests at a time.
            on_entry: Called with each message after its state changed, in the caller's thread.

        Raises:
            ValueError: The rate or the number of workers is not above 0.
            RefusedError: The provider accepts no message at all, as with `UnauthorizedError`; all
                messages stay queued.
            StoreError: The database cannot be used.
        """
        runner = Runner(
            self._database, self._client, segments_per_second, workers, on_entry, self._tuning
        )
        self._runners.add(runner)
        try:
            with take_turn(self._database, runner.wait) as is_ours:
                if is_ours:
                    runner.run()
        finally:
            self._runners.discard(runner)

    def send(self, message: Message) -> Accepted:
        """Send one message at once with the client, and keep it with the provider's answer.

        The message is stored before it is sent. If it was not accepted it becomes `REFUSED`, or
        `UNKNOWN` if it may have been.

        Args:
            message: The message.

        Raises:
            BandwidthError: It was not accepted; or, with `DeliveryUnknownError`, it may have been.
            StoreError: The database cannot be written to; if that was after the message was
                accepted, the error says so.
        """
        runner = secrets.token_hex()
        write = self._database.write
        entry = write(partial(insert_sending, message=message, runner=runner)).result()
        try:
            accepted = self._client.send(message)
        except BaseException as error:
            # An error that is none of ours, such as Ctrl-C, can come at any moment.
            is_known = isinstance(error, BandwidthError) and not isinstance(
                error, DeliveryUnknownError
            )
            state = OutboxState.REFUSED if is_known else OutboxState.UNKNOWN
            values = {"state": state, **values_of_error(error)}
            with suppress(StoreError):  # it stays as it is, and becomes `UNKNOWN` later
                write(partial(record, entry=entry, runner=runner, values=values)).result()
            raise
        values = {"state": OutboxState.ACCEPTED, **values_of_answer(accepted)}
        try:
            write(partial(record, entry=entry, runner=runner, values=values)).result()
        except StoreError as error:
            raise StoreError(f"accepted with ID {accepted.id}, but not kept: {error}") from error
        return accepted

    def stop(self) -> None:
        """Make `run` return after the current requests; signal handlers may call this."""
        for runner in tuple(self._runners):
            runner.stop()

    def counts(self) -> dict[OutboxState, int]:
        """Return the number of messages in each state.

        Raises:
            StoreError: The database cannot be read.
        """
        return self._database.query(count_states)

    def entries(self, state: OutboxState | None = None) -> Iterator[OutboxEntry]:
        """Yield messages in the order of adding, in constant memory.

        Args:
            state: Yield only messages in this state.

        Raises:
            StoreError: The database cannot be read.
        """
        return self._database.stream(read_outbox, state)

    def unknown(self) -> Iterator[OutboxEntry]:
        """Yield the messages that may or may not have been accepted.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.entries(OutboxState.UNKNOWN)

    def resolve(
        self, entry_id: int, state: OutboxState, message_id: str | None = None
    ) -> OutboxEntry:
        """Decide about a message that is unknown or refused.

        Args:
            entry_id: Its id in the outbox.
            state: `ACCEPTED` (the provider has it), `QUEUED` (send it again) or `ABANDONED`.
            message_id: The provider's id of the message; required with `ACCEPTED` only.

        Returns:
            The message with its new state.

        Raises:
            ValueError: The state is not one of the three, or does not fit `message_id`.
            KeyError: No message that is unknown or refused has this id.
            StoreError: The database cannot be written to.
        """
        if state not in _DECISIONS:
            raise ValueError(f"state must be accepted, queued or abandoned, not {state}")
        if (state is OutboxState.ACCEPTED) != bool(message_id):
            raise ValueError("a message_id must be given with accepted, and only then")
        job = partial(resolve, number=entry_id, state=state, message_id=message_id)
        entry = self._database.write(job).result()
        if entry is None:
            raise KeyError(entry_id)
        return entry
