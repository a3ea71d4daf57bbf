"""Messages to send, checked and counted before sending, and the provider's answer to them.

The limits are from Bandwidth's OpenAPI description (2026-07-22) and its pages on MMS. The length of
a string is its number of code points, as in JSON Schema. Only the provider can check whether an
expiration is in the future and whether a number exists (codes 4360, 4303).
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
from .times import format_time

__all__ = ["Accepted", "Message", "message_from_json", "unchecked_message_from_json"]

_MAX_TEXT_CHARACTERS = 2048
_MAX_RECIPIENTS = 10
_MAX_MEDIA = 10
_MAX_URL_CHARACTERS = 4096
_MAX_TAG_CHARACTERS = 1024

_E164 = re.compile(E164_PATTERN)
_SHORT_CODE = re.compile(r"[0-9]{3,8}")  # undocumented; fits the short codes of all countries
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}")
_URL = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A message to send, within the provider's documented limits.

    A message with media or several recipients (a group) is an MMS.

    Attributes:
        application_id: The application that the sender's number belongs to.
        from_: The sender: an E.164 number, a short code, or a name of up to 11 characters.
        to: 1 to 10 different E.164 numbers; a single one may be a string.
        text: Up to 2048 characters; required unless media is given.
        media: Up to 10 http or https URLs of up to 4096 characters; a single one may be a string.
        tag: Up to 1024 characters that come back in every callback; do not put personal data here.
        priority: "default" or "high"; None leaves it to the provider.
        expiration: After this time the message is not sent: a time with a zone, kept in UTC.

    Raises:
        TypeError: A value has the wrong type.
        MessageError: A value breaks a limit; the message names the field, the value and the limit.

    Example:
        >>> Message("app", "+12025550100", "+13125550140", "Your table is ready").segment_count
        1
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
            "text": _checked_text("text", text, _MAX_TEXT_CHARACTERS),
            "media": _checked_media(media),
            "tag": _checked_text("tag", tag, _MAX_TAG_CHARACTERS),
            "priority": _checked_priority(priority),
            "expiration": _checked_expiration(expiration),
        }
        if not values["text"] and not values["media"]:
            raise MessageError("text", text, "a text is required unless media is given")
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def is_mms(self) -> bool:
        """Whether the message is sent as an MMS: it has media, or several recipients."""
        return bool(self.media) or len(self.to) > 1

    @property
    def segment_count(self) -> int:
        """The segments of the text as `septet.count` counts them; 1 for an MMS."""
        return 1 if self.is_mms or self.text is None else count(self.text)

    def payload(self) -> dict[str, Any]:
        """Return the JSON object that the provider expects, without fields that are not set."""
        fields = {
            "applicationId": self.application_id,
            "from": self.from_,
            "to": list(self.to),
            "text": self.text,
            "media": list(self.media) or None,
            "tag": self.tag,
            "priority": self.priority,
            "expiration": self.expiration and format_time(self.expiration),
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider's answer when it accepts a message into its queue (202).

    At that point the message is on its way, so no answer raises: a field is None, or an empty
    tuple, if it is missing or cannot be read.

    Attributes:
        message: The message that was sent.
        id: The provider's id of the message, the same for all recipients.
        time: When the message was created, in UTC.
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
        raw: The body of the answer.
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
    payload: dict[str, Any] = field(repr=False, compare=False)  # raw has it too; a dict has no hash
    raw: bytes = field(repr=False)

    @classmethod
    def from_body(cls, message: Message, body: bytes) -> Self:
        """Read the body of the answer to a message; no body raises.

        Args:
            message: The message that was sent.
            body: The body of the answer.
        """
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


def message_from_json(stored: bytes) -> Message:
    """Return the message that a stored JSON text describes.

    Args:
        stored: `Message.payload()` as JSON in UTF-8.

    Raises:
        ValueError: The text is not JSON, or a field is missing.
        TypeError: The JSON value, or a field of it, has the wrong type.
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
    """Parse a stored time; a value that is not text is left for `Message` to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise MessageError("expiration", value, "not a time of ISO 8601") from None


def unchecked_message_from_json(stored: bytes) -> Message:
    """Return a message that was sent earlier, even if it breaks the limits of this version.

    A field that cannot be read is None or empty; so is every field of a text that is not JSON.

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
        raise MessageError("application_id", value, "must not be empty")
    return value


def _checked_sender(value: str) -> str:
    _require_text("from_", value)
    if not any(form.fullmatch(value) for form in (_E164, _SHORT_CODE, _SENDER_ID)):
        raise MessageError("from_", value, "not an E.164 number, a short code or a sender name")
    return value


def _checked_recipients(values: str | Iterable[str]) -> tuple[str, ...]:
    recipients = _checked_texts("to", values)
    if not 1 <= len(recipients) <= _MAX_RECIPIENTS:
        reason = f"expected 1 to {_MAX_RECIPIENTS} recipients, got {len(recipients)}"
        raise MessageError("to", recipients, reason)
    for number in recipients:
        if not _E164.fullmatch(number):
            raise MessageError("to", number, "not an E.164 number")
        if recipients.count(number) > 1:
            raise MessageError("to", number, "duplicate recipient")
    return recipients


def _checked_text(name: str, value: str | None, max_characters: int) -> str | None:
    if value is not None:
        _require_text(name, value)
        if len(value) > max_characters:
            reason = f"expected at most {max_characters} characters, got {len(value)}"
            raise MessageError(name, value, reason)
    return value


def _checked_media(values: str | Iterable[str]) -> tuple[str, ...]:
    media = _checked_texts("media", values)
    if len(media) > _MAX_MEDIA:
        raise MessageError("media", media, f"expected at most {_MAX_MEDIA} URLs, got {len(media)}")
    for url in media:
        _checked_text("media", url, _MAX_URL_CHARACTERS)
        if not _URL.fullmatch(url):
            raise MessageError("media", url, "not an http or https URL")
    return media


def _checked_priority(value: str | None) -> str | None:
    if value not in (None, "default", "high"):
        raise MessageError("priority", value, "must be 'default' or 'high'")
    return value


def _checked_expiration(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise TypeError(f"expiration must be datetime, not {type(value).__name__}")
    if value.tzinfo is None:
        raise MessageError("expiration", value, "the time has no zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise MessageError("expiration", value, "outside the calendar in UTC") from None


def _checked_texts(name: str, values: str | Iterable[str]) -> tuple[str, ...]:
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} must be str or an iterable of str, not {type(values).__name__}")
    texts = (values,) if isinstance(values, str) else tuple(values)
    for value in texts:
        _require_text(name, value)
    return texts


def _require_text(name: str, value: object) -> None:
    """Refuse a value that is not text, and a text that UTF-8 cannot encode."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        half = value[error.start]
        reason = f"lone surrogate at index {error.start}"
        raise MessageError(name, half, reason) from None
