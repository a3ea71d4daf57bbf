"""What the provider knows of messages: filters to a query, and the pages of its answer.

Only metadata are kept there, and never a text. A search looks back 14 days at most and gives 10,000
messages at most, newest first; it needs one filter besides `limit`, and is refused without. The
words differ from those of callbacks: "DELIVERED" here is a `MessageDelivered` there.

Source: Bandwidth's OpenAPI description (2026-07-22), `listMessages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias, TypedDict
from urllib.parse import quote, urlencode

from ..reading import integer_of, object_of, text_of, time_of

__all__ = ["Filters", "MessageRecord", "encode_filters"]

Texts: TypeAlias = str | Iterable[str]


class Filters(TypedDict, total=False):
    """What a search may be narrowed by; the provider explains each under its name in camelCase."""

    message_id: str
    source_tn: str
    destination_tn: Texts  # up to 10 numbers, or the beginning of one
    message_status: str
    message_direction: str
    carrier_name: str
    message_type: str
    error_code: int
    from_date_time: datetime
    to_date_time: datetime
    campaign_id: str
    from_bw_latency: int
    bw_queued: bool
    product: str
    location: str
    carrier_queued: bool
    from_carrier_latency: int
    calling_number_country_a3: str
    called_number_country_a3: str
    from_segment_count: int
    to_segment_count: int
    from_message_size: int
    to_message_size: int
    sort: str  # as in "receiveTime:desc"
    limit: int  # messages a page, 100 if not given
    limit_total_count: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """What the provider knows of a message; None where it does not tell, or tells oddly.

    Attributes:
        message_id: The provider's id.
        account_id: The account.
        source_tn: The sender.
        destination_tn: The recipient.
        message_status: As in "DELIVERED".
        message_direction: "INBOUND" or "OUTBOUND".
        message_type: "sms", "mms" or "rcs".
        segment_count: The segments.
        error_code: What `find_error` explains; 0 if there was no error.
        receive_time: When the provider took the message, in UTC.
        carrier_name: The carrier.
        message_size: Octets, with headers.
        message_length: Characters.
        recipient_count: The recipients of a group.
        payload: Every field as it was answered.
    """

    message_id: str | None
    account_id: str | None
    source_tn: str | None
    destination_tn: str | None
    message_status: str | None
    message_direction: str | None
    message_type: str | None
    segment_count: int | None
    error_code: int | None
    receive_time: datetime | None
    carrier_name: str | None
    message_size: int | None
    message_length: int | None
    recipient_count: int | None
    payload: dict[str, Any] = field(repr=False, hash=False)

    @classmethod
    def from_payload(cls, payload: object) -> Self:
        """Read an entry of a page; none raises."""
        entry = object_of(payload)
        return cls(
            message_id=text_of(entry.get("messageId")),
            account_id=text_of(entry.get("accountId")),
            source_tn=text_of(entry.get("sourceTn")),
            destination_tn=text_of(entry.get("destinationTn")),
            message_status=text_of(entry.get("messageStatus")),
            message_direction=text_of(entry.get("messageDirection")),
            message_type=text_of(entry.get("messageType")),
            segment_count=integer_of(entry.get("segmentCount")),
            error_code=integer_of(entry.get("errorCode")),
            receive_time=time_of(entry.get("receiveTime")),
            carrier_name=text_of(entry.get("carrierName")),
            message_size=integer_of(entry.get("messageSize")),
            message_length=integer_of(entry.get("messageLength")),
            recipient_count=integer_of(entry.get("recipientCount")),
            payload=entry,
        )


def encode_filters(filters: Mapping[str, Any], token: str | None = None) -> str:
    """Return the query of a search, from the page that the token names.

    Raises:
        TypeError: There is no such filter.
        ValueError: A time names no zone.
    """
    for name in filters:
        if name not in Filters.__annotations__:
            raise TypeError(f"there is no filter {name!r}")
    pairs = {_camel(name): _written(name, value) for name, value in filters.items()}
    if token is not None:
        pairs["pageToken"] = token
    return urlencode(pairs, quote_via=quote, safe="")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _written(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{name} must be a time with a zone")
        # Without milliseconds a time is refused.
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ",".join(value)
