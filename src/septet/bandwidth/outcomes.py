"""The outcome of each message for each recipient: exactly one, whatever the order of arrival.

Bandwidth promises one receipt per recipient, delivered or failed. In practice events arrive at
least once and in any order, and a group with an invalid number sometimes gets both receipts for
it. So an outcome depends on the set of events, never on their order:

* the strongest event decides: failed, then delivered, unconfirmed, sent, sending, pending;
* so a failure wins over a delivery of the same message, and the conflict stays visible;
* the codes 9902 (no receipt in time) and 9999 (a code that Bandwidth does not know) prove
  nothing: any receipt, earlier or later, wins over `UNCONFIRMED`;
* of equally strong events, one with an error code wins, then the latest.

Because only the set matters, `Outcomes` of separate parts of the events can be added.

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
    """The state of a message for one recipient, from the weakest evidence to the strongest."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    DELIVERED = "delivered"
    FAILED = "failed"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


_STRENGTHS = {state: rank for rank, state in enumerate(OutcomeState)}

_STATES: dict[type[Event], OutcomeState] = {
    MessageSending: OutcomeState.SENDING,
    MessageSent: OutcomeState.SENT,
    MessageDelivered: OutcomeState.DELIVERED,
    MessageRead: OutcomeState.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a message for one recipient.

    Attributes:
        message_id: The provider's id of the message.
        to: The recipient.
        state: The state of the message for the recipient.
        event: The event that decides; None while no event is about this recipient.
        conflict: The receipts that contradict it; usually empty.
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
        """The provider's error code of `FAILED` and `UNCONFIRMED`."""
        return self.event.error_code if isinstance(self.event, MessageFailed) else None

    @property
    def error(self) -> ErrorCode | None:
        """The meaning of the error code, and whether the message may be sent again."""
        return None if self.error_code is None else find_error(self.error_code)


class Outcomes(Mapping[tuple[str, str], Outcome]):
    """A mapping from message id and recipient to the outcome.

    It has every recipient that an event of a sent message names, even before any event is about
    that recipient. Inbound events, and events without a message id, are ignored.

    Example:
        >>> outcomes = Outcomes(parse_callbacks(body))
        >>> outcomes["1793782800000iyvq", "+13125550140"].state
        OutcomeState.DELIVERED
    """

    def __init__(self, events: Iterable[Event | Undecodable] = ()) -> None:
        """Add events, as `parse_callbacks` returns them."""
        self._events: dict[tuple[str, str], set[StatusEvent]] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event | Undecodable) -> None:
        """Add one event; adding it again changes nothing.

        Args:
            event: An entry of `parse_callbacks`; inbound and undecodable ones change nothing.
        """
        if isinstance(event, StatusEvent):
            if event.message_id is not None and event.to is not None:
                self._events.setdefault((event.message_id, event.to), set()).add(event)
        elif not (isinstance(event, UnknownEvent) and event.direction == "out"):
            return
        if event.message_id is not None:
            for recipient in event.recipients:
                self._events.setdefault((event.message_id, recipient), set())

    def __add__(self, other: Self) -> Self:
        """Return the outcomes of the events of both mappings."""
        if not isinstance(other, Outcomes):
            return NotImplemented
        total = type(self)()
        for part in (self, other):
            for key, events in part._events.items():
                total._events.setdefault(key, set()).update(events)
        return total

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
    """Return the sort key of an event; its bytes make ties independent of the order."""
    has_code = _code_of(event) is not None
    time = event.time or datetime.min.replace(tzinfo=UTC)
    return _STRENGTHS[_state_of(event)], has_code, time, event.raw


def _state_of(event: StatusEvent) -> OutcomeState:
    code = _code_of(event)
    error = None if code is None else find_error(code)
    if error is not None and error.category is ErrorCategory.AMBIGUOUS:
        return OutcomeState.UNCONFIRMED
    return _STATES.get(type(event), OutcomeState.FAILED)


def _code_of(event: StatusEvent) -> int | None:
    return event.error_code if isinstance(event, MessageFailed) else None


def _contradict(one: StatusEvent, other: StatusEvent) -> bool:
    """Return whether two receipts cannot both be true."""
    states = {_state_of(one), _state_of(other)}
    if not states <= {OutcomeState.DELIVERED, OutcomeState.FAILED}:
        return False
    codes = {_code_of(one), _code_of(other)} - {None}
    return len(states) > 1 or len(codes) > 1
