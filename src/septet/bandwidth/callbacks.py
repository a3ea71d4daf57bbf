"""Callbacks: the body of a request to events, without any I/O.

The provider posts a JSON array of event objects, at least once each and in any order, and tries
again for 24 hours until it is answered 2xx. So no body may raise: what an entry does not say in
the documented way is None, what is no event at all is `Undecodable`, and nothing is thrown away.
Bandwidth has added types and fields without notice; unknown ones are kept likewise.

    Event
    ├── StatusEvent                     what became of a message that was sent, for one recipient
    │   ├── MessageSending              on the way to the carrier (MMS and groups; until 2027-01-06)
    │   ├── MessageSent                 handed on downstream (since 2026-07-06)
    │   ├── MessageDelivered            a receipt of the carrier or handset
    │   ├── MessageFailed               with an error code
    │   └── MessageRead                 RBM only
    ├── InboundEvent                    what came in
    │   ├── MessageReceived
    │   ├── SuggestionResponse          RBM only
    │   └── RequestedLocationResponse   RBM only
    └── UnknownEvent                    a type that is not known here

Source: Bandwidth, "Messaging webhooks" and the OpenAPI description of its SDK (2026-07-22).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .reading import integer_of, object_of, read_json, split_array, text_of, texts_of, time_of

__all__ = [
    "Event",
    "InboundEvent",
    "MessageDelivered",
    "MessageFailed",
    "MessageRead",
    "MessageReceived",
    "MessageSending",
    "MessageSent",
    "RequestedLocationResponse",
    "StatusEvent",
    "SuggestionResponse",
    "Undecodable",
    "UnknownEvent",
    "parse_callbacks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the provider tells, once. All times are in UTC.

    A field is None, or an empty tuple, where the event does not tell it or tells it in a way that
    cannot be read; `payload` has what was told.

    Attributes:
        type: The provider's name of the type.
        message_id: The message; one id for all recipients of a group that was sent.
        to: Whom the event is about: the recipient, or our number for what came in. Where the event
            does not say, the only recipient of its message.
        time: When it happened.
        description: Prose for people; its wording changes.
        application_id: The application of the message.
        message_time: When the message was made.
        direction: "out" or "in".
        from_: The sender.
        recipients: All recipients of the message.
        text: The text of what came in, for RBM that of its `content`; empty in status events.
        media: The URLs of the message's media.
        tag: What the sender attached to the message.
        priority: "default" or "high".
        channel: "SMS", "MMS" or "RBM", where several are used.
        segment_count: Segments as the provider counted them; 1 for MMS.
        carrier_name: The recipient's carrier, if the account is told.
        payload: Every field as it arrived; of a name that stands twice the last value.
        raw: The octets of the event as they arrived.
    """

    type: str
    message_id: str | None
    to: str | None
    time: datetime | None
    description: str | None
    application_id: str | None
    message_time: datetime | None
    direction: str | None
    from_: str | None
    recipients: tuple[str, ...]
    text: str | None
    media: tuple[str, ...]
    tag: str | None
    priority: str | None
    channel: str | None
    segment_count: int | None
    carrier_name: str | None
    payload: dict[str, Any] = field(repr=False, compare=False)  # told by raw, and has no hash
    raw: bytes = field(repr=False)


class StatusEvent(Event):
    """What became of a message that was sent, for the recipient `to`."""

    __slots__ = ()


class MessageSending(StatusEvent):
    """An MMS or group message is on its way to the carrier; deprecated by the provider."""

    __slots__ = ()


class MessageSent(StatusEvent):
    """The message was handed on downstream; the carrier has not accepted it yet."""

    __slots__ = ()


class MessageDelivered(StatusEvent):
    """The carrier or the handset has the message.

    Without receipts for MMS and groups on the account, only Bandwidth's core network has it.
    """

    __slots__ = ()


class MessageFailed(StatusEvent):
    """The message failed, or (codes 9902 and 9999) nobody knows what became of it."""

    __slots__ = ()

    @property
    def error_code(self) -> int | None:
        """The provider's number for the reason."""
        return integer_of(self.payload.get("errorCode"))


class MessageRead(StatusEvent):
    """The recipient has opened the message."""

    __slots__ = ()

    @property
    def read_time(self) -> datetime | None:
        """When the message was opened, in UTC."""
        return time_of(self.payload.get("eventTime"))


class InboundEvent(Event):
    """Something came in for our number `to`."""

    __slots__ = ()


class MessageReceived(InboundEvent):
    """A message came in, whole, however many segments it took."""

    __slots__ = ()


class SuggestionResponse(InboundEvent):
    """A suggested reply or action was tapped; `payload` has it."""

    __slots__ = ()


class RequestedLocationResponse(InboundEvent):
    """A location that was asked for; `payload` has it."""

    __slots__ = ()


class UnknownEvent(Event):
    """An event of a type that is not known here."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A body, or an entry of one, that is no event.

    Attributes:
        raw: Its octets as they arrived.
        reason: Why it cannot be read.
    """

    raw: bytes
    reason: str


_CLASSES: dict[str, type[Event]] = {
    "message-sending": MessageSending,
    "message-sent": MessageSent,
    "message-delivered": MessageDelivered,
    "message-failed": MessageFailed,
    "message-read": MessageRead,
    "message-received": MessageReceived,
    "suggestion-response": SuggestionResponse,
    "requested-location-response": RequestedLocationResponse,
}


def parse_callbacks(body: bytes) -> list[Event | Undecodable]:
    """Return the events of a request's body, in their order; no body raises.

    A body that is not JSON is one `Undecodable`; in an array each entry stands for itself. A single
    object, as some of the provider's pages show it, is taken for an array of one.
    """
    try:
        entries = split_array(body)
    except ValueError as error:
        return [Undecodable(body, str(error))]
    return [_parse_entry(entry) for entry in entries]


def _parse_entry(raw: bytes) -> Event | Undecodable:
    try:
        payload = read_json(raw)
    except ValueError as error:
        return Undecodable(raw, str(error))
    if not isinstance(payload, dict):
        return Undecodable(raw, "not an object")
    name = payload.get("type")
    if not isinstance(name, str):
        return Undecodable(raw, "no type")
    message = object_of(payload.get("message"))
    recipients = texts_of(message.get("to"))
    text, media = text_of(message.get("text")), texts_of(message.get("media"))
    if "content" in message:
        content = object_of(message["content"])
        text = text_of(content.get("text")) if text is None else text
        media = media or texts_of(object_of(content.get("media")).get("fileUrl"))
    return _CLASSES.get(name, UnknownEvent)(
        type=name,
        message_id=text_of(message.get("id")) or None,
        to=_only(texts_of(payload.get("to"))) or _only(recipients),
        time=time_of(payload.get("time")),
        description=text_of(payload.get("description")),
        application_id=text_of(message.get("applicationId")),
        message_time=time_of(message.get("time")),
        direction=text_of(message.get("direction")),
        from_=text_of(message.get("from")),
        recipients=recipients,
        text=text,
        media=media,
        tag=text_of(message.get("tag")),
        priority=text_of(message.get("priority")),
        channel=text_of(message.get("channel")),
        segment_count=integer_of(message.get("segmentCount")),
        carrier_name=text_of(payload.get("carrierName")),
        payload=payload,
        raw=raw,
    )


def _only(texts: tuple[str, ...]) -> str | None:
    return texts[0] if len(texts) == 1 else None
