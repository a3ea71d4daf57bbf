"""Merges the events of one message and its row in the outbox into one record."""

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

__all__ = ["Direction", "Medium", "ReportedMessage", "merge_reports"]

Direction: TypeAlias = Literal["sent", "received"]
Medium: TypeAlias = Literal["SMS", "MMS", "RBM"]

_RBM_EVENTS = (MessageRead, SuggestionResponse, RequestedLocationResponse)


@dataclass(frozen=True, slots=True)
class ReportedMessage:
    """What a store contains about one message.

    Attributes:
        message_id: The provider's id.
        time: When the message was created, in UTC; None if no event has the time.
        direction: "sent" or "received".
        medium: "SMS", "MMS" (with media, or to several) or "RBM".
        from_: The sender.
        to: The recipients.
        text: The text; None if it is not stored.
        segment_counts: The distinct segment counts that the provider reported, in ascending order.
        has_media: Whether an event lists media.
    """

    message_id: str
    time: datetime | None
    direction: Direction
    medium: Medium
    from_: str | None
    to: tuple[str, ...]
    text: str | None
    segment_counts: tuple[int, ...]
    has_media: bool = False

    @property
    def is_north_american(self) -> bool:
        """Whether the other side's number begins with +1, or is not known."""
        numbers = self.to if self.direction == "sent" else (self.from_,)
        return not any(number and not number.startswith("+1") for number in numbers)


def merge_reports(stored: StoredMessage) -> ReportedMessage:
    """Return the merged record of a message; the outbox takes precedence over events.

    Args:
        stored: The events, and the message and answer in the outbox, if it was sent from there.
    """
    events, accepted = stored.events, stored.accepted
    segment_counts = {event.segment_count for event in events}
    times = [event.message_time for event in events]
    if accepted is None:
        is_sent = any(
            isinstance(event, StatusEvent) or event.direction == "out" for event in events
        )
        senders = [event.from_ for event in events]
        to = _recipients(events)
        text = _text(events, is_sent)
        medium = _medium(events, to)
    else:
        sent = accepted.message
        is_sent, senders, text = True, [sent.from_, *(event.from_ for event in events)], sent.text
        # A message whose row is damaged has no recipients; its events may have them.
        to = sent.to or _recipients(events)
        medium = ("MMS" if sent.is_mms else "SMS") if sent.to else _medium(events, to)
        segment_counts.add(accepted.segment_count)
        times.append(accepted.time)
    return ReportedMessage(
        message_id=stored.message_id,
        time=next(filter(None, times), None),
        direction="sent" if is_sent else "received",
        medium=medium,
        from_=next(filter(None, senders), None),
        to=to,
        text=text,
        segment_counts=tuple(sorted(count for count in segment_counts if count is not None)),
        has_media=any(event.media for event in events),
    )


def _recipients(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the recipients that an event lists, or else those that the events are about."""
    listed = max((event.recipients for event in events), key=len, default=())
    return listed or tuple(dict.fromkeys(event.to for event in events if event.to))


def _text(events: Sequence[Event], is_sent: bool) -> str | None:
    """Return the text. Events of a sent message have an empty text, because it is not repeated."""
    texts = (event.text for event in events if event.text is not None)
    text = max(texts, key=len, default=None)
    return None if is_sent and not text else text


def _medium(events: Sequence[Event], to: Sequence[str]) -> Medium:
    channels = {event.channel for event in events}
    if "RBM" in channels or any(isinstance(event, _RBM_EVENTS) for event in events):
        return "RBM"
    has_media = any(event.media for event in events)
    return "MMS" if has_media or len(to) > 1 or "MMS" in channels else "SMS"
