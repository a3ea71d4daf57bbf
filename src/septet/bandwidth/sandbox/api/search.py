"""Searches messages: their status and other facts, but never their text.

Source: Bandwidth's OpenAPI description (2026-07-22), `listMessages`: at least one filter, messages
of the last 14 days, 100 results per page by default, and no results beyond the 10,000th.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
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


class _Row(NamedTuple):
    """A message for one recipient, as an account sees it."""

    message: SandboxMessage
    number: str
    account_id: str

    @property
    def is_inbound(self) -> bool:
        """Whether the message was received."""
        return self.message.direction == "in"

    def latency(self, index: int) -> int | None:
        """Return the seconds before the first or the second change of the status, if it came."""
        times = [self.message.time, *self.message.times.get(self.number, ())]
        return int(times[index + 1] - times[index]) if index + 1 < len(times) else None


_Test = Callable[[_Row], bool]


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
    rows = (
        _Row(message, number, account_id)
        for message in messages
        if message.time > now - _MAX_AGE
        for number in message.states
    )
    matches = [row for row in rows if all(test(row) for test in tests)]
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
        "messages": [
            {name: value_of(row) for name, value_of in _FIELDS.items()}
            for row in matches[offset : offset + limit]
        ],
    }


def _missing(_: _Row) -> None:
    """Return the value of a field that the sandbox does not have."""


_FIELDS: dict[str, Callable[[_Row], Any]] = {
    "messageId": lambda row: row.message.id,
    "accountId": lambda row: row.account_id,
    "sourceTn": lambda row: row.message.from_,
    "destinationTn": lambda row: row.number,
    "messageStatus": lambda row: row.message.states[row.number],
    "messageDirection": lambda row: "INBOUND" if row.is_inbound else "OUTBOUND",
    "messageType": lambda row: "mms" if row.message.is_mms else "sms",
    "segmentCount": lambda row: row.message.segment_count,
    "errorCode": lambda row: row.message.error_codes.get(row.number, 0),
    "receiveTime": lambda row: timestamp(row.message.time),
    "carrierName": _missing,
    "messageSize": lambda row: row.message.text_octets,
    "messageLength": lambda row: row.message.text_length,
    "attachmentCount": lambda row: row.message.media_count,
    "recipientCount": lambda row: len(row.message.to),
    "campaignClass": _missing,
    "campaignId": _missing,
    "bwLatency": lambda row: row.latency(0),
    "carrierLatency": lambda row: row.latency(1),
    "callingNumberCountryA3": lambda row: country_of(row.message.from_),
    "calledNumberCountryA3": lambda row: country_of(row.number),
    "product": lambda row: product_of(row.number if row.is_inbound else row.message.from_),
    "location": _missing,
}


def _sort(rows: list[_Row], order: str) -> None:
    name, _, direction = order.partition(":")
    if name not in _FIELDS or direction not in ("asc", "desc"):
        raise QueryError(f"sort must be a field and :asc or :desc, not {order!r}")
    if name == "receiveTime":  # the default, for which no text need be made of the time
        rows.sort(key=lambda row: row.message.time, reverse=direction == "desc")
        return
    value_of = _FIELDS[name]
    # None cannot be compared with values, so all missing values have the same key.
    rows.sort(
        key=lambda row: (True,) if (value := value_of(row)) is None else (False, value),
        reverse=direction == "desc",
    )


def _equals(field: str) -> Callable[[str], _Test]:
    value_of = _FIELDS[field]

    def test(value: str) -> _Test:
        wanted = value.lower()
        return lambda row: (found := value_of(row)) is not None and found.lower() == wanted

    return test


def _is_one_of(field: str, *values: str) -> Callable[[str], _Test]:
    """Match a field that has one of the documented values."""

    def test(value: str) -> _Test:
        if value.upper() not in map(str.upper, values):
            raise QueryError(f"{field} must be one of {', '.join(values)}, not {value!r}")
        return _equals(field)(value)

    return test


def _is_number(field: str) -> Callable[[str], _Test]:
    """Match one of several numbers, or a number by its first digits."""
    value_of = _FIELDS[field]

    def test(value: str) -> _Test:
        numbers = value.split(",")
        if len(numbers) > _MAX_NUMBERS:
            raise QueryError(f"{field} must be at most {_MAX_NUMBERS} numbers")
        if len(numbers) > 1:
            return lambda row: value_of(row) in numbers
        if len(value) < _SHORTEST_PREFIX:
            return lambda row: bool(value_of(row) == value)
        return lambda row: bool(value_of(row).startswith(value))

    return test


def _is_integer(field: str) -> Callable[[str], _Test]:
    def test(value: str) -> _Test:
        number = _number(field, value)
        return lambda row: bool(_FIELDS[field](row) == number)

    return test


def _at_least(field: str, name: str) -> Callable[[str], _Test]:
    value_of = _FIELDS[field]

    def test(value: str) -> _Test:
        minimum = _number(name, value)
        return lambda row: (found := value_of(row)) is not None and found >= minimum

    return test


def _at_most(field: str, name: str) -> Callable[[str], _Test]:
    value_of = _FIELDS[field]

    def test(value: str) -> _Test:
        maximum = _number(name, value)
        return lambda row: (found := value_of(row)) is not None and found <= maximum

    return test


def _has_state(state: str, name: str) -> Callable[[str], _Test]:
    """Match messages that have a state, or those that do not."""

    def test(value: str) -> _Test:
        is_wanted = _truth(name, value)
        return lambda row: (row.message.states[row.number] == state) == is_wanted

    return test


def _since(value: str) -> _Test:
    time = _time("fromDateTime", value)
    return lambda row: timestamp(row.message.time) >= time


def _until(value: str) -> _Test:
    time = _time("toDateTime", value)
    return lambda row: timestamp(row.message.time) <= time


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
