"""What became of each message for each recipient: exactly one outcome, in any order of arrival.

Bandwidth promises one receipt per recipient, delivered or failed. In fact events come at least
once and in any order, and a group with an invalid number has been known to get both receipts for
it. So an outcome is decided by the set of events, never by their order:

* what proves more wins: a failure, a delivery, "nobody knows", handed on, on its way, nothing yet;
* so a failure wins over a delivery of the same message, and the conflict stays visible;
* the codes 9902 (no receipt in time) and 9999 (a code that Bandwidth does not know) prove
  nothing: `UNCONFIRMED` yields to any later receipt, or earlier one;
* among equals the one with an error code wins, then the latest.

Sets can be united, so `Outcomes` of parts that were made anywhere can be added up.

Sources: Bandwidth's messaging overview, "Invalid Phone Numbers and Group Messaging Behavior", and
its support article on code 9902 ("not an indication of message failure").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from .callbacks import (
    Event,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    MessageSending,
    MessageSent,
    StatusEvent,
    Undecodable,
    UnknownEvent,
)
from .errors import ErrorCategory, ErrorCode, find_error

__all__ = ["Outcome", "OutcomeState", "Outcomes"]


class OutcomeState(StrEnum):
    """How far a message has come for one recipient; the later the member, the more it proves."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    DELIVERED = "delivered"
    FAILED = "failed"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


_PROVES = {state: rank for rank, state in enumerate(OutcomeState)}

_STATES: dict[type[Event], OutcomeState] = {
    MessageSending: OutcomeState.SENDING,
    MessageSent: OutcomeState.SENT,
    MessageDelivered: OutcomeState.DELIVERED,
    MessageRead: OutcomeState.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message for one recipient.

    Attributes:
        message_id: The message.
        to: The recipient.
        state: How far it has come.
        event: The event that decides; None as long as no event is about this recipient.
        conflict: Receipts that contradict it, an empty tuple if none does.
    """

    message_id: str
    to: str
    state: OutcomeState
    event: StatusEvent | None
    conflict: tuple[StatusEvent, ...]

    @property
    def time(self) -> datetime | None:
        """When the deciding event happened, in UTC."""
        return None if self.event is None else self.event.time

    @property
    def error_code(self) -> int | None:
        """The provider's number for the reason of `FAILED` and `UNCONFIRMED`."""
        return self.event.error_code if isinstance(self.event, MessageFailed) else None

    @property
    def error(self) -> ErrorCode | None:
        """What the error code means, and whether the message may be sent again."""
        return None if self.error_code is None else find_error(self.error_code)


class Outcomes(Mapping[tuple[str, str], Outcome]):
    """The outcomes of events, by message id and recipient.

    Every recipient of a message that an event names has an outcome, also before any event is about
    it. Events of what came in, and those that do not say what they are about, have none.
    """

    def __init__(self, events: Iterable[Event | Undecodable] = ()) -> None:
        """Add the events."""
        self._events: dict[tuple[str, str], set[StatusEvent]] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event | Undecodable) -> None:
        """Take one more event into account; the same once more changes nothing."""
        if isinstance(event, StatusEvent):
            if event.message_id is not None and event.to is not None:
                self._events.setdefault((event.message_id, event.to), set()).add(event)
        elif not (isinstance(event, UnknownEvent) and event.direction == "out"):
            return
        if event.message_id is not None:
            for recipient in event.recipients:
                self._events.setdefault((event.message_id, recipient), set())

    def __add__(self, other: Self) -> Self:
        """Return the outcomes of the events of both."""
        if not isinstance(other, Outcomes):
            return NotImplemented
        both = type(self)()
        for part in (self, other):
            for key, events in part._events.items():
                both._events.setdefault(key, set()).update(events)
        return both

    def __getitem__(self, key: tuple[str, str]) -> Outcome:
        return _decide(*key, self._events[key])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)


def _decide(message_id: str, to: str, events: set[StatusEvent]) -> Outcome:
    if not events:
        return Outcome(message_id, to, OutcomeState.PENDING, None, ())
    *others, event = sorted(events, key=_weight)
    conflict = tuple(other for other in others if _contradict(event, other))
    return Outcome(message_id, to, _state_of(event), event, conflict)


def _weight(event: StatusEvent) -> tuple[int, bool, datetime, bytes]:
    """Return by what an event wins; the octets only make a tie the same in any order."""
    has_code = _code_of(event) is not None
    time = event.time or datetime.min.replace(tzinfo=UTC)
    return _PROVES[_state_of(event)], has_code, time, event.raw


def _state_of(event: StatusEvent) -> OutcomeState:
    code = _code_of(event)
    error = None if code is None else find_error(code)
    if error is not None and error.category is ErrorCategory.AMBIGUOUS:
        return OutcomeState.UNCONFIRMED
    return _STATES.get(type(event), OutcomeState.FAILED)


def _code_of(event: StatusEvent) -> int | None:
    return event.error_code if isinstance(event, MessageFailed) else None


def _contradict(one: StatusEvent, other: StatusEvent) -> bool:
    """Tell whether two receipts cannot both be true."""
    states = {_state_of(one), _state_of(other)}
    if not states <= {OutcomeState.DELIVERED, OutcomeState.FAILED}:
        return False
    codes = {_code_of(one), _code_of(other)} - {None}
    return len(states) > 1 or len(codes) > 1
