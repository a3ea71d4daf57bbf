"""Messages to be sent, checked and counted before anything is on the wire, and what is accepted.

The limits are those of Bandwidth's OpenAPI description (2026-07-22) and its pages on MMS; a string
there is as long as it has code points, as JSON Schema counts. Whether an expiration is still to
come, and whether a number exists, only the provider can tell (codes 4360, 4303).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self

from ..segmentation import count
from ..standard.limits import E164_PATTERN
from .exceptions import MessageError
from .reading import integer_of, object_of, read_json, text_of, texts_of, time_of

__all__ = ["Accepted", "Message", "message_of", "unchecked_message_of"]

_MOST_CHARACTERS = 2048
_MOST_RECIPIENTS = 10
_MOST_MEDIA = 10
_MOST_URL_CHARACTERS = 4096
_MOST_TAG_CHARACTERS = 1024

_E164 = re.compile(E164_PATTERN)
_SHORT_CODE = re.compile(r"[0-9]{3,8}")  # not described; what short codes of any country have
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}")
_URL = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A message to be sent, within the provider's documented limits.

    It is an MMS if it has media or several recipients (a group).

    Attributes:
        application_id: The application that the sender's number belongs to.
        from_: The sender: an E.164 number, a short code, or a name of up to 11 characters.
        to: Up to 10 different E.164 numbers; one may be given as a string.
        text: Up to 2048 characters; needed unless there are media.
        media: Up to 10 http or https URLs of up to 4096 characters; one may be given as a string.
        tag: Up to 1024 characters, sent back in every callback: nothing personal.
        priority: "default" or "high"; None is what the provider takes for its default.
        expiration: When the message is no longer to be sent: a time with a zone, kept in UTC.

    Raises:
        TypeError: A value is of another type.
        MessageError: A value breaks a limit; the error has the field, the value and the limit.
    """

    application_id: str
    from_: str
    to: tuple[str, ...]
    text: str | None
    media: tuple[str, ...]
    tag: str | None
    priority: Literal["default", "high"] | None
    expiration: datetime | None

    def __init__(
        self,
        application_id: str,
        from_: str,
        to: str | Iterable[str],
        text: str | None = None,
        media: str | Iterable[str] = (),
        tag: str | None = None,
        priority: Literal["default", "high"] | None = None,
        expiration: datetime | None = None,
    ) -> None:
        """Check every value, in the order of the fields."""
        values = {
            "application_id": _checked_application(application_id),
            "from_": _checked_sender(from_),
            "to": _checked_recipients(to),
            "text": _checked_text("text", text, _MOST_CHARACTERS),
            "media": _checked_media(media),
            "tag": _checked_text("tag", tag, _MOST_TAG_CHARACTERS),
            "priority": _checked_priority(priority),
            "expiration": _checked_expiration(expiration),
        }
        if not values["text"] and not values["media"]:
            raise MessageError("text", text, "needed without media")
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def is_mms(self) -> bool:
        """Whether the message goes as an MMS: with media, or to a group."""
        return bool(self.media) or len(self.to) > 1

    @property
    def segment_count(self) -> int:
        """The segments of the text as `septet.count` counts them; 1 for MMS and groups."""
        return 1 if self.is_mms or self.text is None else count(self.text)

    def payload(self) -> dict[str, Any]:
        """Return the JSON object that the provider takes, without what was not given."""
        fields = {
            "applicationId": self.application_id,
            "from": self.from_,
            "to": list(self.to),
            "text": self.text,
            "media": list(self.media) or None,
            "tag": self.tag,
            "priority": self.priority,
            "expiration": self.expiration and self.expiration.isoformat().replace("+00:00", "Z"),
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What the provider answered when it took a message into its queue (202); nothing more.

    The message is on its way by then, so no answer raises: a field is None, or an empty tuple,
    where the answer does not tell it or tells it in a way that cannot be read.

    Attributes:
        message: What was sent.
        id: The provider's id of the message, the same for all recipients.
        time: When the message was made, in UTC.
        segment_count: Segments as the provider counts them; `message.segment_count` has ours.
        owner: The account's number.
        application_id: The application.
        direction: "out".
        from_: The sender.
        to: The recipients.
        text: The text.
        media: The URLs.
        tag: The tag.
        priority: The priority.
        expiration: The expiration, in UTC.
        payload: Every field as it was answered, known or not.
        raw: The octets of the answer.
    """

    message: Message
    id: str | None
    time: datetime | None
    segment_count: int | None
    owner: str | None
    application_id: str | None
    direction: str | None
    from_: str | None
    to: tuple[str, ...]
    text: str | None
    media: tuple[str, ...]
    tag: str | None
    priority: str | None
    expiration: datetime | None
    payload: dict[str, Any] = field(repr=False, compare=False)  # told by raw, and has no hash
    raw: bytes = field(repr=False)

    @classmethod
    def from_body(cls, message: Message, body: bytes) -> Self:
        """Read the answer to a message; no body raises."""
        try:
            payload = object_of(read_json(body))
        except ValueError:
            payload = {}
        return cls(
            message=message,
            id=text_of(payload.get("id")),
            time=time_of(payload.get("time")),
            segment_count=integer_of(payload.get("segmentCount")),
            owner=text_of(payload.get("owner")),
            application_id=text_of(payload.get("applicationId")),
            direction=text_of(payload.get("direction")),
            from_=text_of(payload.get("from")),
            to=texts_of(payload.get("to")),
            text=text_of(payload.get("text")),
            media=texts_of(payload.get("media")),
            tag=text_of(payload.get("tag")),
            priority=text_of(payload.get("priority")),
            expiration=time_of(payload.get("expiration")),
            payload=payload,
            raw=body,
        )


def message_of(stored: bytes) -> Message:
    """Return the message that a stored JSON text describes.

    Args:
        stored: `Message.payload()` as JSON in UTF-8.

    Raises:
        ValueError: The text is not JSON, or a field is missing.
        TypeError: The value, or that of a field, is of another type.
        MessageError: A value breaks a limit.
    """
    if not stored:
        raise ValueError("expected a JSON object, got an empty text")
    try:
        payload = read_json(stored)
    except ValueError as error:
        raise ValueError(f"expected a JSON object, got a text that is not JSON: {error}") from None
    if not isinstance(payload, dict):
        raise TypeError(f"expected a JSON object, got {type(payload).__name__}")
    if missing := [name for name in ("applicationId", "from", "to") if name not in payload]:
        raise ValueError(f"missing in the JSON object: {', '.join(missing)}")
    for name in ("to", "media"):
        if not isinstance(value := payload.get(name, []), list):
            raise TypeError(f"{name} must be a JSON array, not {type(value).__name__}")
    return Message(
        application_id=payload["applicationId"],
        from_=payload["from"],
        to=payload["to"],
        text=payload.get("text"),
        media=payload.get("media", ()),
        tag=payload.get("tag"),
        priority=payload.get("priority"),
        expiration=_read_expiration(payload.get("expiration")),
    )


def _read_expiration(value: Any) -> Any:
    """Return a stored time as a time; a value that is not text is left for `Message` to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise MessageError("expiration", value, "not a time of ISO 8601") from None


def unchecked_message_of(stored: bytes) -> Message:
    """Return a message that was sent, whether or not today's limits would allow it.

    A field that cannot be read is None or empty, and so are all fields of a damaged text.

    Args:
        stored: `Message.payload()` as JSON in UTF-8.
    """
    try:
        payload = object_of(read_json(stored))
    except ValueError:
        payload = {}
    values = {
        "application_id": text_of(payload.get("applicationId")) or "",
        "from_": text_of(payload.get("from")) or "",
        "to": texts_of(payload.get("to")),
        "text": text_of(payload.get("text")),
        "media": texts_of(payload.get("media")),
        "tag": text_of(payload.get("tag")),
        "priority": text_of(payload.get("priority")),
        "expiration": time_of(payload.get("expiration")),
    }
    message = object.__new__(Message)
    for name, value in values.items():
        object.__setattr__(message, name, value)
    return message


def _checked_application(value: str) -> str:
    _require_text("application_id", value)
    if not value:
        raise MessageError("application_id", value, "needed")
    return value


def _checked_sender(value: str) -> str:
    _require_text("from_", value)
    if not any(form.fullmatch(value) for form in (_E164, _SHORT_CODE, _SENDER_ID)):
        raise MessageError("from_", value, "not an E.164 number, a short code or a sender's name")
    return value


def _checked_recipients(values: str | Iterable[str]) -> tuple[str, ...]:
    recipients = _checked_texts("to", values)
    if not 1 <= len(recipients) <= _MOST_RECIPIENTS:
        reason = f"{len(recipients)} recipients are not 1 to {_MOST_RECIPIENTS}"
        raise MessageError("to", recipients, reason)
    for number in recipients:
        if not _E164.fullmatch(number):
            raise MessageError("to", number, "not an E.164 number")
        if recipients.count(number) > 1:
            raise MessageError("to", number, "a recipient twice")
    return recipients


def _checked_text(name: str, value: str | None, most: int) -> str | None:
    if value is not None:
        _require_text(name, value)
        if len(value) > most:
            raise MessageError(name, value, f"{len(value)} characters are more than {most}")
    return value


def _checked_media(values: str | Iterable[str]) -> tuple[str, ...]:
    media = _checked_texts("media", values)
    if len(media) > _MOST_MEDIA:
        raise MessageError("media", media, f"{len(media)} media are more than {_MOST_MEDIA}")
    for url in media:
        _checked_text("media", url, _MOST_URL_CHARACTERS)
        if not _URL.fullmatch(url):
            raise MessageError("media", url, "not an http or https URL")
    return media


def _checked_priority(value: str | None) -> str | None:
    if value not in (None, "default", "high"):
        raise MessageError("priority", value, "neither 'default' nor 'high'")
    return value


def _checked_expiration(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise TypeError(f"expiration must be datetime, not {type(value).__name__}")
    if value.tzinfo is None:
        raise MessageError("expiration", value, "a time without a zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise MessageError("expiration", value, "outside the calendar in UTC") from None


def _checked_texts(name: str, values: str | Iterable[str]) -> tuple[str, ...]:
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} must be str or several of them, not {type(values).__name__}")
    texts = (values,) if isinstance(values, str) else tuple(values)
    for value in texts:
        _require_text(name, value)
    return texts


def _require_text(name: str, value: object) -> None:
    """Refuse what is no text, and text that cannot be written as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        half = value[error.start]
        reason = f"half of a surrogate pair by itself at index {error.start}"
        raise MessageError(name, half, reason) from None
