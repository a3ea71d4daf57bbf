"""Searching the provider's records of messages: filters become a query, answers become records.

The provider keeps metadata only, never a text. A search covers the last 14 days and returns 10,000
messages at most, newest first; the provider refuses it without a filter besides `limit`. The words
differ from those of callbacks: "DELIVERED" here is a `MessageDelivered` there.

Source: Bandwidth's OpenAPI description (2026-07-22), `listMessages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeAlias, TypedDict
from urllib.parse import quote, urlencode

from ..reading import integer_of, object_of, text_of, time_of
from ..times import format_time

__all__ = ["Filters", "MessageRecord", "encode_filters"]

Texts: TypeAlias = str | Iterable[str]


class Filters(TypedDict, total=False):
    """The filters of a search; the provider documents each of them under its name in camelCase."""

    message_id: str
    source_tn: str
    destination_tn: Texts  # up to 10 numbers, or the first digits of one
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
    limit: int  # messages per page, 100 by default
    limit_total_count: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """The provider's record of a message; a field is None if it is missing or cannot be read.

    Attributes:
        message_id: The provider's id.
        account_id: The account.
        source_tn: The sender.
        destination_tn: The recipient.
        message_status: As in "DELIVERED".
        message_direction: "INBOUND" or "OUTBOUND".
        message_type: "sms", "mms" or "rcs".
        segment_count: The segments.
        error_code: The error code, for `find_error`; 0 if there was no error.
        receive_time: When the provider accepted the message, in UTC.
        carrier_name: The carrier.
        message_size: The size in bytes, with headers.
        message_length: The length in characters.
        attachment_count: The media.
        recipient_count: The recipients of a group.
        campaign_class: The class of the 10DLC campaign.
        campaign_id: The id of the 10DLC campaign.
        bw_latency: Seconds in the provider's network, if the account gets this field.
        carrier_latency: Seconds in the carrier's network, if the account gets this field.
        calling_number_country_a3: The country of the sender, as in "USA".
        called_number_country_a3: The country of the recipient.
        product: The product that the message is billed as, as in "LOCAL_A2P" or "RBM_RICH".
        location: The id of the location.
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
    attachment_count: int | None
    recipient_count: int | None
    campaign_class: str | None
    campaign_id: str | None
    bw_latency: int | None
    carrier_latency: int | None
    calling_number_country_a3: str | None
    called_number_country_a3: str | None
    product: str | None
    location: str | None
    payload: dict[str, Any] = field(repr=False, hash=False)

    @classmethod
    def from_payload(cls, payload: object) -> Self:
        """Read an entry of a page; no value raises.

        Args:
            payload: The entry, parsed from JSON.
        """
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
            attachment_count=integer_of(entry.get("attachmentCount")),
            recipient_count=integer_of(entry.get("recipientCount")),
            campaign_class=text_of(entry.get("campaignClass")),
            campaign_id=text_of(entry.get("campaignId")),
            bw_latency=integer_of(entry.get("bwLatency")),
            carrier_latency=integer_of(entry.get("carrierLatency")),
            calling_number_country_a3=text_of(entry.get("callingNumberCountryA3")),
            called_number_country_a3=text_of(entry.get("calledNumberCountryA3")),
            product=text_of(entry.get("product")),
            location=text_of(entry.get("location")),
            payload=entry,
        )


def encode_filters(filters: Mapping[str, Any], token: str | None = None) -> str:
    """Return the query string of a search.

    Args:
        filters: Values by the names in `Filters`.
        token: The page to continue with; None for the first.

    Raises:
        TypeError: A name is not in `Filters`, or a value has another type than there.
        ValueError: A time has no zone.
    """
    for name in filters:
        if name not in Filters.__annotations__:
            raise TypeError(
                f"unknown filter {name!r}; filters are {', '.join(Filters.__annotations__)}"
            )
    pairs = {_camel(name): _format(name, value) for name, value in filters.items()}
    if token is not None:
        pairs["pageToken"] = token
    return urlencode(pairs, quote_via=quote, safe="")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _format(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{name} must have a time zone")
        # The provider refuses a time without milliseconds.
        return format_time(value, "milliseconds")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value)
    try:
        return ",".join(value)
    except TypeError:
        raise TypeError(f"{name}: not a value of a filter: {value!r}") from None
