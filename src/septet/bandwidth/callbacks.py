"""Parsing callbacks: the body of a request becomes events, without any I/O.

The provider posts a JSON array of event objects, each at least once and in any order, and retries
for 24 hours until the answer is 2xx. So parsing never raises: a field that does not have the
documented form is None, an entry that is not an event is `Undecodable`, and nothing is discarded.
Bandwidth has added types and fields without notice, so unknown ones are kept as well.

    Event
    ├── StatusEvent                     the state of a sent message for one recipient
    │   ├── MessageSending              on the way to the carrier (MMS and groups; until 2027-01-06)
    │   ├── MessageSent                 passed on to the carrier (since 2026-07-06)
    │   ├── MessageDelivered            a receipt of the carrier or handset
    │   ├── MessageFailed               with an error code
    │   └── MessageRead                 RBM only
    ├── InboundEvent                    something arrived for one of our numbers
    │   ├── MessageReceived
    │   ├── SuggestionResponse          RBM only
    │   └── RequestedLocationResponse   RBM only
    └── UnknownEvent                    a type that this version does not know

Source: Bandwidth, "Messaging webhooks" and the OpenAPI description of its SDK (2026-07-22).
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .reading import (
    integer_of,
    number_of,
    object_of,
    read_json,
    split_array,
    text_of,
    texts_of,
    time_of,
)

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
    "parse_event",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry of a callback. All times are in UTC.

    A field is None, or an empty tuple, if it is missing or cannot be read; `payload` has every
    field as it arrived.

    Attributes:
        type: The provider's name of the type.
        message_id: The provider's id of the message, the same for all recipients of a group.
        to: The recipient that the event is about, or our own number for an inbound event. If the
            event does not name it, the only recipient of the message.
        time: When the event happened.
        description: An explanation for people; its wording changes.
        application_id: The application of the message.
        message_time: When the message was created.
        direction: "out" or "in".
        from_: The sender.
        recipients: All recipients of the message.
        text: The text of an inbound message, for RBM that of its `content`; empty in status events.
        media: The URLs of the message's media.
        tag: What the sender attached to the message.
        priority: "default" or "high".
        channel: "SMS", "MMS" or "RBM", if the account uses several.
        segment_count: Segments as the provider counted them; 1 for MMS.
        carrier_name: The recipient's carrier, if the account gets this field.
        payload: Every field as it arrived; for a repeated name the last value.
        raw: The bytes of the event as they arrived.
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
    payload: dict[str, Any] = field(repr=False, compare=False)  # raw has it too; a dict has no hash
    raw: bytes = field(repr=False)


class StatusEvent(Event):
    """The state of a sent message for the recipient `to`."""

    __slots__ = ()


class MessageSending(StatusEvent):
    """An MMS or group message is on its way to the carrier; deprecated by the provider."""

    __slots__ = ()


class MessageSent(StatusEvent):
    """The message was passed on; the carrier has not accepted it yet."""

    __slots__ = ()


class MessageDelivered(StatusEvent):
    """The message reached the carrier or the handset.

    If the account gets no receipts for MMS and groups, those only reached Bandwidth's own network.
    """

    __slots__ = ()


class MessageFailed(StatusEvent):
    """The message failed, or its fate is unknown (codes 9902 and 9999)."""

    __slots__ = ()

    @property
    def error_code(self) -> int | None:
        """The provider's error code, which `find_error` explains."""
        return integer_of(self.payload.get("errorCode"))


class MessageRead(StatusEvent):
    """The recipient has opened the message."""

    __slots__ = ()

    @property
    def read_time(self) -> datetime | None:
        """When the message was opened, in UTC."""
        return time_of(self.payload.get("eventTime"))


class InboundEvent(Event):
    """Something arrived for our number `to`."""

    __slots__ = ()


class MessageReceived(InboundEvent):
    """A message arrived, complete, however many segments it took."""

    __slots__ = ()


class SuggestionResponse(InboundEvent):
    """The recipient tapped a suggested reply or action."""

    __slots__ = ()

    @property
    def reply(self) -> str | None:
        """The text of the suggestion."""
        return text_of(self._response().get("text"))

    @property
    def postback(self) -> bytes | None:
        """The data that the suggestion was sent with, decoded from Base64."""
        data = text_of(self._response().get("postbackData"))
        try:
            return None if data is None else b64decode(data, validate=True)
        except ValueError:
            return None

    @property
    def paired_message_id(self) -> str | None:
        """The id of the message that the suggestion was in."""
        return text_of(self._response().get("pairedMessageId"))

    def _response(self) -> dict[str, Any]:
        return object_of(object_of(self.payload.get("message")).get("suggestionResponse"))


class RequestedLocationResponse(InboundEvent):
    """The recipient sent a requested location."""

    __slots__ = ()

    @property
    def location(self) -> tuple[float, float] | None:
        """The latitude and the longitude, in degrees; None if either is not on the globe."""
        response = object_of(object_of(self.payload.get("message")).get("locationResponse"))
        latitude = number_of(response.get("latitude"))
        longitude = number_of(response.get("longitude"))
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            return None
        return latitude, longitude


class UnknownEvent(Event):
    """An event of a type that this version does not know."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A body, or an entry of a body, that is not an event.

    Attributes:
        raw: Its bytes as they arrived.
        reason: Why it is not an event.
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
    """Return the events of a callback in their order.

    Args:
        body: The body of the request, a JSON array of events. A single event object, as some of the
            provider's pages show it, is read as an array of one.

    Returns:
        An `Event` for each entry of the array, or an `Undecodable` for an entry that is not an
        event. A body that is not JSON is one `Undecodable`.
    """
    try:
        entries = split_array(body)
    except ValueError as error:
        return [Undecodable(body, str(error))]
    return [parse_event(entry) for entry in entries]


def parse_event(raw: bytes) -> Event | Undecodable:
    """Return the event of one entry of a callback, as `Event.raw` has it.

    Args:
        raw: A JSON object; anything else is `Undecodable`.
    """
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
