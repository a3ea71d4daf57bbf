"""The search for what became of messages: facts about them, and never what they say.

Source: Bandwidth, "Get messages": at least one filter, 100 results a page if not told, none beyond
the 10,000th.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from ..clock import timestamp
from ..messages import Record

__all__ = ["SearchError", "search"]

_DEFAULT_LIMIT = 100
_LAST = 10_000
_SHORTEST_PREFIX = 5
_Item = dict[str, Any]
_Test = Callable[[_Item], bool]


class SearchError(ValueError):
    """A query that cannot be answered; the message says why."""


def search(records: Iterable[Record], query: Mapping[str, str], url: str) -> dict[str, Any]:
    """Return a page of what is found.

    Args:
        records: The messages.
        query: Filters, and what is to be shown of what they find.
        url: The address of the search, for the links to other pages.

    Raises:
        SearchError: There is no filter, or one is not known or has no such value.
    """
    tests = [
        _FILTERS[name](value) if name in _FILTERS else _unknown(name)
        for name, value in query.items()
        if name not in ("limit", "pageToken", "sort", "limitTotalCount")
    ]
    if not tests:
        raise SearchError("at least one filter is needed")
    limit = _number("limit", query.get("limit", str(_DEFAULT_LIMIT)))
    offset = _number("pageToken", query.get("pageToken", "0"))
    if not 0 < limit <= _LAST - offset:
        raise SearchError(f"limit and offset are not from 1 to {_LAST}")
    found = [item for item in _items(records) if all(test(item) for test in tests)]
    _sort(found, query.get("sort", "receiveTime:desc"))
    pages: dict[str, Any] = {}
    for name, start in (("prev", offset - limit), ("next", offset + limit)):
        if -limit < start < min(len(found), _LAST):
            token = str(max(0, start))
            pages[f"{name}PageToken"] = token
            pages[f"{name}Page"] = f"{url}?{urlencode({**query, 'pageToken': token})}"
    return {
        "totalCount": len(found),
        "pageInfo": pages,
        "messages": found[offset : offset + limit],
    }


def _items(records: Iterable[Record]) -> Iterator[_Item]:
    for record in records:
        for number, state in record.states.items():
            yield {
                "messageId": record.id,
                "accountId": record.account_id,
                "sourceTn": record.from_,
                "destinationTn": number,
                "messageStatus": state,
                "messageDirection": "INBOUND" if record.direction == "in" else "OUTBOUND",
                "messageType": "mms" if record.is_mms else "sms",
                "segmentCount": record.segment_count,
                "errorCode": record.error_codes.get(number, 0),
                "receiveTime": timestamp(record.time),
                "recipientCount": len(record.to),
            }


def _sort(items: list[_Item], order: str) -> None:
    name, _, direction = order.partition(":")
    if direction not in ("asc", "desc") or (items and name not in items[0]):
        raise SearchError(f"sort={order!r} is not a field with :asc or :desc")
    items.sort(key=lambda item: item[name], reverse=direction == "desc")


def _equals(field: str) -> Callable[[str], _Test]:
    return lambda value: lambda item: str(item[field]).lower() == value.lower()


def _is_number(field: str) -> Callable[[str], _Test]:
    """Match up to ten numbers, or the beginning of one."""

    def test(value: str) -> _Test:
        numbers = value.split(",")
        if len(numbers) > 1:
            return lambda item: item[field] in numbers
        is_prefix = len(value) >= _SHORTEST_PREFIX
        return lambda item: item[field] == value or (is_prefix and item[field].startswith(value))

    return test


def _from(field: str, name: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        least = _number(name, value)
        return lambda item: item[field] >= least

    return test


def _to(field: str, name: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        most = _number(name, value)
        return lambda item: item[field] <= most

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
    "messageStatus": _equals("messageStatus"),
    "messageDirection": _equals("messageDirection"),
    "messageType": _equals("messageType"),
    "errorCode": _equals("errorCode"),
    "fromDateTime": _since,
    "toDateTime": _until,
    "fromSegmentCount": _from("segmentCount", "fromSegmentCount"),
    "toSegmentCount": _to("segmentCount", "toSegmentCount"),
}


def _unknown(name: str) -> _Test:
    raise SearchError(f"{name!r} is not a filter that the sandbox knows")


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise SearchError(f"{name}={value!r} is not a number")
    return int(value)


def _time(name: str, value: str) -> str:
    """Return a time in the form of `receiveTime`, which sorts as times do."""
    try:
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            raise ValueError
        return timestamp(time.timestamp())
    except (ValueError, OverflowError):
        raise SearchError(f"{name}={value!r} is not a time with a zone") from None
