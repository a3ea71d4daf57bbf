"""Untrusted JSON: splitting arrays, reading values, and reading fields."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytest.importorskip("msgspec")
from callback_bodies import BAD_TOKENS, ODD_TOKENS, json_values
from septet.bandwidth.reading import (
    integer_of,
    number_of,
    object_of,
    read_json,
    split_array,
    text_of,
    texts_of,
    time_of,
)

DEEP = b"[" * 200_000


@given(st.lists(json_values, max_size=4), st.sampled_from(["", "\ufeff"]))
@example(["\ud800", 1, "\udfff"], "\ufeff")
def test_an_array_is_split_at_its_commas(values, mark) -> None:
    """Each entry keeps its bytes."""
    entries = split_array(mark.encode() + json.dumps(values).encode())
    assert [entry.decode() for entry in entries] == [json.dumps(value) for value in values]


@pytest.mark.parametrize("token", ODD_TOKENS)
def test_odd_entries_leave_the_others_alone(token) -> None:
    """The bytes of an entry are returned, not the value read from them."""
    body = f' [ {{"a" : 1}} ,{token} , [ ]\r\n] '.encode()
    assert split_array(body) == [b'{"a" : 1}', token.encode(), b"[ ]"]


def test_octets_that_are_no_utf8_stay_in_their_entry() -> None:
    """A text in another encoding does not spoil its neighbours."""
    assert split_array(b'["\xe9",{}]') == [b'"\xe9"', b"{}"]


@pytest.mark.parametrize("body", [b'{"a":1}', b"17", b'"["', b"null"])
def test_what_is_no_array_is_one_entry(body) -> None:
    """A value that is not an array is the only entry."""
    assert split_array(body) == [body]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"[",
        b"[1",
        b"[1,",
        b"[1}",
        b"[1] 2",
        b"[1,]",
        b"]",
        b" ]\n",
        b"x",
        DEEP,
        b"[\x00]",
    ]
    + [b'["\\ud800"', b'["\\ud800"] 2', b'["\\ud800",]', b'["\\ud800" 1]', b'["\\ud800"}']
    + [DEEP, b'["\\ud800",' + DEEP, b'["\\ud800","\xff"]', b'["\\ud800",NaN]'],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_not_json_is_one_error(body) -> None:
    """The only exception is ValueError, for any depth."""
    with pytest.raises(ValueError, match=r"."):
        split_array(body)


@given(json_values)
def test_values_are_read_as_the_standard_library_reads_them(value) -> None:
    """Both readers return the same value."""
    assert read_json(json.dumps(value).encode()) == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        (b'"\\ud83d"', "\ud83d"),
        (b"1e999", "1e999"),
        (b"[-1e999,1.5]", ["-1e999", 1.5]),
        (b"9" * 400, int("9" * 400)),
        (b"9" * 5000, "9" * 5000),
        (b'{"a":1,"a":2}', {"a": 2}),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_msgspec_does_not_take(octets, value) -> None:
    """A lone surrogate is kept; a huge number becomes a text."""
    assert read_json(octets) == value


@pytest.mark.parametrize("octets", [token.encode() for token in BAD_TOKENS] + [b'"\xff"', DEEP])
def test_what_nobody_takes(octets) -> None:
    """Also after a value that only the second reader accepts."""
    for body in (octets, b'["\\ud800",' + octets + b"]"):
        with pytest.raises(ValueError, match=r"."):
            read_json(body)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (4303, 4303), ("4303", 4303), ("007", 7), (2.0, 2), (2**31 - 1, 2**31 - 1)]
    + [(value, None) for value in (-1, 2**31, True, 1.5, 1e30, "", "+1", "1.0", "٣", "9" * 5000)]
    + [(value, None) for value in (None, [], {}, [1])],
)
def test_integers(value, expected) -> None:
    """Counts and codes, also as text; a number beyond 32 bits is None."""
    found = integer_of(value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((1, 1.0), (-122.4194, -122.4194), ("37.7749", 37.7749), ("-122.4194", -122.4194)),
        *(("+0.5", 0.5), ("7.", 7.0), ("1e-3", 0.001), ("1E2", 100.0), (0, 0.0)),
        *((value, None) for value in (True, None, [], {}, b"1", math.nan, math.inf, -math.inf)),
        *((value, None) for value in ("", " 1", "1_0", "nan", "inf", ".5", "1,5", "٣", "1e999")),
        ("9" * 21, None),
    ],
)
def test_numbers(value, expected):
    """Finite numbers, also as text, become floats."""
    found = number_of(value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-04T09:10:05Z", datetime(2026, 11, 4, 9, 10, 5, tzinfo=UTC)),
        ("2026-11-04T09:10:05.123456789Z", datetime(2026, 11, 4, 9, 10, 5, 123456, tzinfo=UTC)),
        ("2026-11-04T09:10:05.5+02:00", datetime(2026, 11, 4, 7, 10, 5, 500000, tzinfo=UTC)),
        ("2026-11-04T09:10:05", datetime(2026, 11, 4, 9, 10, 5, tzinfo=UTC)),
        ("9999-12-31T23:59:59-23:59", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-11-04T09:10:60Z", None),
        ("yesterday", None),
        ("\ud800", None),
        (1793783400, None),
        (["2026-11-04T09:10:05Z"], None),
        (None, None),
    ],
)
def test_times(value, expected) -> None:
    """Times are in UTC; other values are None."""
    found = time_of(value)
    assert found == expected
    assert found is None or found.tzinfo is UTC


def test_texts_and_objects() -> None:
    """Values of another type are None or left out."""
    assert (text_of("a"), text_of(1), text_of(None), text_of(["a"])) == ("a", None, None, None)
    assert texts_of(["a", 1, None, ["b"], "c"]) == ("a", "c")
    assert (texts_of("a"), texts_of(None), texts_of({"a": 1})) == (("a",), (), ())
    assert (object_of({"a": 1}), object_of([1]), object_of(None)) == ({"a": 1}, {}, {})
