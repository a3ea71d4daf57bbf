"""The outbox: messages are stored first and then sent, each at most once, whatever fails.

A message is durably `SENDING` before the body of its request is written, and only one runner works
at a time. So a message that a new runner finds in this state was being sent when the last runner's
program ended, and the provider may or may not have it. It becomes `UNKNOWN`, and is sent again only
if somebody decides so. A message in any other state was not being sent: while a connection is made,
it is still queued.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ..exceptions import BandwidthError, DeliveryUnknownError, StoreError
from ..messages import Accepted, Message
from ..sending.client import AsyncClient, Client
from ..storing.outbox_adding import insert_messages, insert_sending
from ..storing.outbox_rows import (
    cancel,
    count_states,
    read_outbox,
    record,
    resolve,
)
from ..storing.outbox_table import OutboxEntry, OutboxState, row_of_message
from ..storing.turns import take_turn
from .event_loop import EventLoop
from .fates import values_of_answer, values_of_error
from .figures import OutboxFigures, Tally
from .runner import Runner
from .tuning import Tuning

if TYPE_CHECKING:
    from ..storing.store import EventStore

__all__ = ["Outbox", "OutboxEntry", "OutboxState"]

_DECISIONS = OutboxState.ACCEPTED, OutboxState.QUEUED, OutboxState.ABANDONED


C = TypeVar("C", Client, AsyncClient)


class Outbox(Generic[C]):
    """Messages to send, in the database of a store.

    Several threads and processes may use all methods. With an `AsyncClient`, `run` and `send` are
    coroutines; the other methods only use the database, and block in either case.

    Example:
        >>> with open_store("events.db") as store, Client("9900000", ...) as client:
        ...     outbox = Outbox(store, client)
        ...     outbox.add(messages, batch="reminders of 4 November")
        ...     outbox.run(segments_per_second=10)
    """

    def __init__(
        self,
        store: EventStore,
        client: C,
        *,
        tuning: Tuning = Tuning(),  # noqa: B008 - it is immutable
    ) -> None:
        """Use the database of a store, and a client to send.

        Args:
            store: The store.
            client: A `Client` or an `AsyncClient`; its `max_attempts` and `deadline` do not apply
                to `run`, because the outbox itself decides when to send again.
            tuning: Delays and limits.
        """
        self._database = store.database
        self._client: C = client
        self._tuning = tuning
        self._tally = Tally(tuning.clock)
        self._runners: set[Runner] = set()

    def add(
        self,
        messages: Iterable[Message],
        batch: str | None = None,
        *,
        expires_at: datetime | None = None,
    ) -> list[int]:
        """Store messages to be sent, all of them or none: they are committed in one transaction.

        If the program ends during the call, either all messages are stored or none. On SQLite,
        nothing else can be written meanwhile, about a second for 100,000 messages.

        Args:
            messages: The messages.
            batch: A name for them. A batch that exists already is not added again, so a program
                that does not know whether it has added a batch can simply repeat the call.
            expires_at: The time after which they are not sent any more, with a zone. A message
                whose own `expiration` is earlier expires then.

        Returns:
            The ids of the messages in the outbox.

        Raises:
            ValueError: The batch exists with other messages, or `expires_at` has no zone.
            StoreError: The database cannot be written to.
        """
        if expires_at is not None:
            if expires_at.tzinfo is None:
                raise ValueError(f"expires_at must be a time with a zone, not {expires_at}")
            expires_at = expires_at.astimezone(UTC)
        rows = [row_of_message(message, expires_at) for message in messages]
        job = partial(insert_messages, batch=batch, rows=rows)
        return self._database.write(job).result()

    @overload
    def run(
        self: Outbox[Client],
        segments_per_second: float,
        *,
        sender_segments_per_second: float | Mapping[str, float] | None = None,
        workers: int = 16,
        on_entry: Callable[[OutboxEntry], object] = ...,
    ) -> None: ...

    @overload
    def run(
        self: Outbox[AsyncClient],
        segments_per_second: float,
        *,
        sender_segments_per_second: float | Mapping[str, float] | None = None,
        workers: int = 16,
        on_entry: Callable[[OutboxEntry], object] = ...,
    ) -> Coroutine[Any, Any, None]: ...

    def run(
        self,
        segments_per_second: float,
        *,
        sender_segments_per_second: float | Mapping[str, float] | None = None,
        workers: int = 16,
        on_entry: Callable[[OutboxEntry], object] = lambda entry: None,
    ) -> Coroutine[Any, Any, None] | None:
        """Send the queued messages, until none is left or `stop` is called.

        Messages start in the order of adding. If each sending number has a rate, this holds for
        the messages of a number, and a number that has to wait does not delay the others. Only one
        runner works at a time, across all processes; another waits for its turn. If the provider's
        queue is full, or the provider cannot be reached, all messages wait, and the failed one is
        sent again later. A stored message that is damaged, or that `Message` refuses, becomes
        `REFUSED` and is never sent. A message that was not sent before it expires becomes
        `EXPIRED`, without a request.

        Args:
            segments_per_second: The rate of all messages; the segments of a group count once for
                each recipient.
            sender_segments_per_second: The rate of each sending number, or a mapping from numbers
                to their rates; numbers that it lacks have no rate of their own.
            workers: The largest number of requests at a time.
            on_entry: Called with each message after its state changed, in the caller's thread. With
                an `AsyncClient`, it is called on the event loop, and may be a coroutine function.

        Returns:
            None; with an `AsyncClient`, a coroutine. If its task is cancelled, the current requests
            are finished first, as after `stop`.

        Raises:
            ValueError: A rate or the number of workers is not above 0.
            RefusedError: The provider accepts no message at all, as with `UnauthorizedError`; all
                messages stay queued.
            StoreError: The database cannot be used.
        """
        rates = segments_per_second, sender_segments_per_second
        if isinstance(self._client, AsyncClient):
            return self._run_async(self._client, *rates, workers, on_entry)
        account, perform = self._client.account, self._client.perform
        runner = Runner(
            self._database, account, perform, *rates, workers, self._tally, on_entry, self._tuning
        )
        self._run(runner)
        return None

    async def _run_async(
        self,
        client: AsyncClient,
        segments_per_second: float,
        sender_segments_per_second: float | Mapping[str, float] | None,
        workers: int,
        on_entry: Callable[[OutboxEntry], object],
    ) -> None:
        loop = EventLoop()
        runner = Runner(
            self._database,
            client.account,
            lambda exchange: loop.wait_for(client.perform(exchange)),
            segments_per_second,
            sender_segments_per_second,
            workers,
            self._tally,
            loop.calling(on_entry),
            self._tuning,
        )
        await loop.run(lambda: self._run(runner), on_cancel=runner.stop)

    def _run(self, runner: Runner) -> None:
        self._runners.add(runner)
        try:
            with take_turn(self._database, "outbox", runner.wait) as turn:
                if turn.is_ours:
                    runner.run()
        finally:
            self._runners.discard(runner)

    @overload
    def send(self: Outbox[Client], message: Message) -> Accepted: ...

    @overload
    def send(self: Outbox[AsyncClient], message: Message) -> Coroutine[Any, Any, Accepted]: ...

    def send(self, message: Message) -> Accepted | Coroutine[Any, Any, Accepted]:
        """Send one message at once with the client, and keep it with the provider's answer.

        The message is stored before it is sent. If it was not accepted it becomes `REFUSED`, or
        `UNKNOWN` if it may have been.

        Args:
            message: The message.

        Returns:
            The provider's answer; with an `AsyncClient`, a coroutine that returns it.

        Raises:
            BandwidthError: It was not accepted; or, with `DeliveryUnknownError`, it may have been.
            StoreError: The database cannot be written to; if that was after the message was
                accepted, the error says so.
        """
        if isinstance(self._client, AsyncClient):
            return self._send_async(self._client, message)
        return self._send(message, self._client.send)

    async def _send_async(self, client: AsyncClient, message: Message) -> Accepted:
        loop = EventLoop()

        def send(message: Message) -> Accepted:
            return loop.wait_for(client.send(message))

        return await loop.run(lambda: self._send(message, send), on_cancel=loop.cancel)

    def _send(self, message: Message, send: Callable[[Message], Accepted]) -> Accepted:
        runner = secrets.token_hex()
        write = self._database.write
        entry = write(partial(insert_sending, message=message, runner=runner)).result()
        try:
            accepted = send(message)
        except BaseException as error:
            # An error that is none of ours, such as Ctrl-C, can come at any moment.
            is_known = isinstance(error, BandwidthError) and not isinstance(
                error, DeliveryUnknownError
            )
            state = OutboxState.REFUSED if is_known else OutboxState.UNKNOWN
            self._tally.count(state, 0)
            values = {"state": state, **values_of_error(error)}
            with suppress(StoreError):  # it stays as it is, and becomes `UNKNOWN` later
                write(partial(record, entry=entry, runner=runner, values=values)).result()
            raise
        self._tally.count(OutboxState.ACCEPTED, message.segment_count * len(message.to))
        values = {"state": OutboxState.ACCEPTED, **values_of_answer(accepted)}
        try:
            write(partial(record, entry=entry, runner=runner, values=values)).result()
        except StoreError as error:
            raise StoreError(f"accepted with ID {accepted.id}, but not kept: {error}") from error
        return accepted

    def cancel(self, entry_ids: Iterable[int] | None = None, *, batch: str | None = None) -> int:
        """Cancel queued messages: they become `CANCELLED` and are never sent.

        Messages in any other state are left as they are, because they may have been sent.

        Args:
            entry_ids: The ids of the messages in the outbox.
            batch: The name of a batch, instead of ids.

        Returns:
            The number of cancelled messages.

        Raises:
            ValueError: Both or neither of the arguments are given.
            StoreError: The database cannot be written to.
        """
        if (entry_ids is None) == (batch is None):
            raise ValueError("give either entry_ids or batch")
        job = partial(cancel, numbers=list(entry_ids or ()), batch=batch)
        return self._database.write(job).result()

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

    def figures(self) -> OutboxFigures:
        """Return figures for monitoring; `OutboxMetrics` gives them to Prometheus.

        Raises:
            StoreError: The database cannot be read.
        """
        return self._tally.figures(self.counts())

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
