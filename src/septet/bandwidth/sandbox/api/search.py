"""Searches messages: their status and other facts, but never their text.

Source: Bandwidth's OpenAPI description (2026-07-22), `listMessages`: at least one filter, messages
of the last 14 days, 100 results per page by default, and no results beyond the 10,000th.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from ..clock import timestamp
from ..countries import country_of
from ..messages import SandboxMessage
from ..senders import product_of
from .tokens import read_token, token_of

__all__ = ["QueryError", "search"]

_DEFAULT_LIMIT = 100
_MAX_RESULTS = 10_000
_SHORTEST_PREFIX = 5
_MAX_NUMBERS = 10
_MAX_AGE = 14 * 24 * 3600.0  # seconds
_Item = dict[str, Any]
_Test = Callable[[_Item], bool]


class QueryError(ValueError):
    """An invalid query; the message has the reason."""


def search(
    messages: Iterable[SandboxMessage],
    account_id: str,
    query: Mapping[str, str],
    url: str,
    now: float,
) -> dict[str, Any]:
    """Return one page of the results.

    Args:
        messages: The messages.
        account_id: The account.
        query: The filters, the order and the page.
        url: The address of the search, for the links to other pages.
        now: The time, in seconds since 1970.

    Raises:
        QueryError: There is no filter, or a filter or its value is unknown.
    """
    tests = [
        _FILTERS[name](value) if name in _FILTERS else _unknown(name)
        for name, value in query.items()
        if name not in ("limit", "pageToken", "sort", "limitTotalCount")
    ]
    if not tests:
        raise QueryError("at least one filter is required")
    is_count_limited = _truth("limitTotalCount", query.get("limitTotalCount", "false"))
    limit = _number("limit", query.get("limit", str(_DEFAULT_LIMIT)))
    offset = _offset(query.get("pageToken"))
    if not 0 < limit <= _MAX_RESULTS - offset:
        raise QueryError(
            f"limit must be at least 1, and limit and pageToken together at most {_MAX_RESULTS}"
        )
    items = _items((each for each in messages if each.time > now - _MAX_AGE), account_id)
    matches = [item for item in items if all(test(item) for test in tests)]
    _sort(matches, query.get("sort", "receiveTime:desc"))
    pages: dict[str, Any] = {}
    for name, start in (("prev", offset - limit), ("next", offset + limit)):
        if -limit < start < min(len(matches), _MAX_RESULTS):
            token = token_of(str(max(0, start)))
            pages[f"{name}PageToken"] = token
            pages[f"{name}Page"] = f"{url}?{urlencode({**query, 'pageToken': token})}"
    return {
        "totalCount": min(len(matches), _MAX_RESULTS) if is_count_limited else len(matches),
        "pageInfo": pages,
        "messages": matches[offset : offset + limit],
    }


def _items(messages: Iterable[SandboxMessage], account_id: str) -> Iterator[_Item]:
    for message in messages:
        for number, state in message.states.items():
            is_inbound = message.direction == "in"
            times = [message.time, *message.times.get(number, ())]
            latencies = [int(end - start) for start, end in pairwise(times)] + [None, None]
            yield {
                "messageId": message.id,
                "accountId": account_id,
                "sourceTn": message.from_,
                "destinationTn": number,
                "messageStatus": state,
                "messageDirection": "INBOUND" if is_inbound else "OUTBOUND",
                "messageType": "mms" if message.is_mms else "sms",
                "segmentCount": message.segment_count,
                "errorCode": message.error_codes.get(number, 0),
                "receiveTime": timestamp(message.time),
                "carrierName": None,
                "messageSize": message.text_octets,
                "messageLength": message.text_length,
                "attachmentCount": message.media_count,
                "recipientCount": len(message.to),
                "campaignClass": None,
                "campaignId": None,
                "bwLatency": latencies[0],
                "carrierLatency": latencies[1],
                "callingNumberCountryA3": country_of(message.from_),
                "calledNumberCountryA3": country_of(number),
                "product": product_of(number if is_inbound else message.from_),
                "location": None,
            }


def _sort(items: list[_Item], order: str) -> None:
    name, _, direction = order.partition(":")
    if direction not in ("asc", "desc") or (items and name not in items[0]):
        raise QueryError(f"sort must be a field and :asc or :desc, not {order!r}")
    # None cannot be compared with values, so all missing values have the same key.
    items.sort(
        key=lambda item: (True,) if item[name] is None else (False, item[name]),
        reverse=direction == "desc",
    )


def _equals(field: str) -> Callable[[str], _Test]:
    return lambda value: (
        lambda item: item[field] is not None and str(item[field]).lower() == value.lower()
    )


def _is_one_of(field: str, *values: str) -> Callable[[str], _Test]:
    """Match a field that has one of the documented values."""

    def test(value: str) -> _Test:
        if value.upper() not in map(str.upper, values):
            raise QueryError(f"{field} must be one of {', '.join(values)}, not {value!r}")
        return _equals(field)(value)

    return test


def _is_number(field: str) -> Callable[[str], _Test]:
    """Match one of several numbers, or a number by its first digits."""

    def test(value: str) -> _Test:
        numbers = value.split(",")
        if len(numbers) > _MAX_NUMBERS:
            raise QueryError(f"{field} must be at most {_MAX_NUMBERS} numbers")
        if len(numbers) > 1:
            return lambda item: item[field] in numbers
        is_prefix = len(value) >= _SHORTEST_PREFIX
        return lambda item: item[field] == value or (is_prefix and item[field].startswith(value))

    return test


def _is_integer(field: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        number = _number(field, value)
        return lambda item: bool(item[field] == number)

    return test


def _at_least(field: str, name: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        minimum = _number(name, value)
        return lambda item: item[field] is not None and item[field] >= minimum

    return test


def _at_most(field: str, name: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        maximum = _number(name, value)
        return lambda item: item[field] is not None and item[field] <= maximum

    return test


def _has_state(state: str, name: str) -> Callable[[str], _Test]:
    """Match messages that have a state, or those that do not."""

    def test(value: str) -> _Test:
        is_wanted = _truth(name, value)
        return lambda item: (item["messageStatus"] == state) == is_wanted

    return test


def _since(value: str) -> _Test:
    time = _time("fromDateTime", value)
    return lambda item: item["receiveTime"] >= time


def _until(value: str) -> _Test:
    time = _time("toDateTime", value)
    return lambda item: item["receiveTime"] <= time


_FILTERS: dict[str, Callable[[str], _Test]] = {
    "messageId": _equals("messageId"),
    "sourceTn": _is_number("sourceTn"),
    "destinationTn": _is_number("destinationTn"),
    "messageStatus": _is_one_of(
        *("messageStatus", "RECEIVED", "QUEUED", "SENDING", "SENT", "FAILED", "DELIVERED"),
        *("ACCEPTED", "UNDELIVERED"),
    ),
    "messageDirection": _is_one_of("messageDirection", "INBOUND", "OUTBOUND"),
    "messageType": _is_one_of("messageType", "sms", "mms", "rcs"),
    "errorCode": _is_integer("errorCode"),
    "carrierName": _equals("carrierName"),
    "campaignId": _equals("campaignId"),
    "product": _is_one_of(
        *("product", "LOCAL_A2P", "P2P", "SHORT_CODE_REACH", "TOLL_FREE", "HOSTED_SHORT_CODE"),
        *("ALPHA_NUMERIC", "RBM_MEDIA", "RBM_RICH", "RBM_CONVERSATIONAL"),
    ),
    "location": _equals("location"),
    "callingNumberCountryA3": _equals("callingNumberCountryA3"),
    "calledNumberCountryA3": _equals("calledNumberCountryA3"),
    "bwQueued": _has_state("QUEUED", "bwQueued"),
    "carrierQueued": _has_state("SENT", "carrierQueued"),
    "fromBwLatency": _at_least("bwLatency", "fromBwLatency"),
    "fromCarrierLatency": _at_least("carrierLatency", "fromCarrierLatency"),
    "fromMessageSize": _at_least("messageSize", "fromMessageSize"),
    "toMessageSize": _at_most("messageSize", "toMessageSize"),
    "fromDateTime": _since,
    "toDateTime": _until,
    "fromSegmentCount": _at_least("segmentCount", "fromSegmentCount"),
    "toSegmentCount": _at_most("segmentCount", "toSegmentCount"),
}


def _unknown(name: str) -> _Test:
    raise QueryError(f"there is no filter {name!r}; the filters are {', '.join(_FILTERS)}")


def _truth(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise QueryError(f"{name} must be true or false, not {value!r}")
    return value.lower() == "true"


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise QueryError(f"{name} must be a number, not {value!r}")
    return int(value)


def _offset(token: str | None) -> int:
    """Return the number of entries before the page of a token; None is the first page."""
    try:
        return 0 if token is None else _number("pageToken", read_token(token))
    except ValueError:
        raise QueryError(f"pageToken must be a token of another page, not {token!r}") from None


def _time(name: str, value: str) -> str:
    """Return a time in the format of `receiveTime`, which sorts in order of time."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return timestamp(moment.timestamp())
    except (ValueError, OverflowError):
        raise QueryError(f"{name} must be a time with a time zone, not {value!r}") from None
