"""What a store tells of one message: its events put together, and what the outbox sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from .. import (
    Event,
    MessageRead,
    RequestedLocationResponse,
    StatusEvent,
    StoredMessage,
    SuggestionResponse,
)

__all__ = ["Direction", "Facts", "Medium", "facts_of"]

Direction: TypeAlias = Literal["sent", "received"]
Medium: TypeAlias = Literal["SMS", "MMS", "RBM"]

_OF_RBM = (MessageRead, SuggestionResponse, RequestedLocationResponse)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a message.

    Attributes:
        message_id: The provider's id.
        time: When the message was made, in UTC.
        direction: "sent" or "received".
        medium: "SMS", "MMS" (with media, or to several) or "RBM".
        from_: The sender.
        to: The recipients.
        text: The text; None where none is told.
        figures: The segments that the provider reported, each figure once, the least first.
    """

    message_id: str
    time: datetime | None
    direction: Direction
    medium: Medium
    from_: str | None
    to: tuple[str, ...]
    text: str | None
    figures: tuple[int, ...]


def facts_of(stored: StoredMessage) -> Facts:
    """Return what is told of a message; what the outbox sent goes before what events say of it."""
    events, accepted = stored.events, stored.accepted
    figures = {event.segment_count for event in events}
    times = [event.message_time for event in events]
    if accepted is None:
        is_sent = any(isinstance(e, StatusEvent) or e.direction == "out" for e in events)
        senders = [event.from_ for event in events]
        to = _recipients(events)
        text = _text(events, is_sent)
        medium = _medium(events, to)
    else:
        sent = accepted.message
        is_sent, senders, text = True, [sent.from_, *(event.from_ for event in events)], sent.text
        # A message whose row is damaged has no recipients; its events may tell them.
        to = sent.to or _recipients(events)
        medium = ("MMS" if sent.is_mms else "SMS") if sent.to else _medium(events, to)
        figures.add(accepted.segment_count)
        times.append(accepted.time)
    return Facts(
        message_id=stored.message_id,
        time=next(filter(None, times), None),
        direction="sent" if is_sent else "received",
        medium=medium,
        from_=next(filter(None, senders), None),
        to=to,
        text=text,
        figures=tuple(sorted(figure for figure in figures if figure is not None)),
    )


def _recipients(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the recipients that events list, or else those that they are about."""
    listed = max((event.recipients for event in events), key=len, default=())
    return listed or tuple(dict.fromkeys(event.to for event in events if event.to))


def _text(events: Sequence[Event], is_sent: bool) -> str | None:
    """Return the text: an empty one was received so, or was sent and is not repeated."""
    texts = (event.text for event in events if event.text is not None)
    text = max(texts, key=len, default=None)
    return None if is_sent and not text else text


def _medium(events: Sequence[Event], to: Sequence[str]) -> Medium:
    channels = {event.channel for event in events}
    if "RBM" in channels or any(isinstance(event, _OF_RBM) for event in events):
        return "RBM"
    has_media = any(event.media for event in events)
    return "MMS" if has_media or len(to) > 1 or "MMS" in channels else "SMS"
