"""Requests to send a message: strict validation that names the invalid field."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.bandwidth.sandbox.api.message_requests import InvalidMessageError, read_message

GOOD = {"applicationId": "5d1b7c0e", "from": "+12025550100", "to": ["+13125550140"], "text": "hi"}
GROUP = ["+13125550140", "+13125550141"]
NOW = 1793783400.0


def read(**changes):
    return read_message(json.dumps(GOOD | changes).encode(), NOW)


def test_valid():
    """Unknown fields and null count as missing; a single number may be a string."""
    message = read(to="+13125550140", colour="red", tag=None, expiration="2026-11-04T09:10:01Z")
    assert message.to == ("+13125550140",)
    assert message.expiration.timestamp() == NOW + 1
    expiration = "2026-11-04t10:10:01.000000001+01:00"
    message = read(expiration=expiration, media="https://x.example/a%20b?c=[~]&d='e'#f")
    assert message.expiration.timestamp() == NOW + 1


@pytest.mark.parametrize("sender", ["+12025550100", "12345"])
def test_group(sender):
    """A group is sent from a number or a short code; anybody may send an MMS to one recipient."""
    assert read(to=GROUP, **{"from": sender}).to == tuple(GROUP)
    mms = read(media=["https://example.com/a.png"], **{"from": "+18885550100"})
    assert mms.is_mms


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from": None}, "from"),
        ({"from": ["+12025550100"]}, "from"),
        ({"from": "not a number!"}, "from"),
        ({"to": None}, "to"),
        ({"to": []}, "to"),
        ({"to": [17]}, "to"),
        ({"to": {}}, "to"),
        ({"to": ["3125550140"]}, "to"),
        ({"to": [f"+1312555{i:04}" for i in range(11)]}, "to"),
        ({"to": GROUP, "from": "+18885550100"}, "to"),
        ({"to": GROUP, "from": "ACME"}, "to"),
        ({"applicationId": 5}, "applicationId"),
        ({"applicationId": None}, "applicationId"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2049}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"media": ["ftp://x"]}, "media"),
        ({"media": ["https://example.com/é.png"]}, "media"),
        ({"media": ["https://example.com/%zz"]}, "media"),
        ({"tag": "x" * 1025}, "tag"),
        ({"priority": "low"}, "priority"),
        ({"expiration": "tomorrow"}, "expiration"),
        ({"expiration": "2026-11-04T10:00:00"}, "expiration"),
        ({"expiration": "20261104T100000Z"}, "expiration"),
        ({"expiration": "2026-11-04T10:00Z"}, "expiration"),
        ({"expiration": "2026-11-04"}, "expiration"),
        ({"expiration": "2026-11-31T10:00:00Z"}, "expiration"),
        ({"expiration": "2026-11-04T09:10:00Z"}, "expiration"),
    ],
)
def test_refused(changes, field):
    """The error has the name of the field in the API."""
    with pytest.raises(InvalidMessageError) as caught:
        read(**changes)
    assert caught.value.field == field
    assert caught.value.reason


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_no_message(body):
    """A body that is not a JSON object is refused as a whole."""
    with pytest.raises(InvalidMessageError) as caught:
        read_message(body, NOW)
    assert caught.value.field is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from(sorted({*GOOD, "media", "tag", "priority", "expiration"})), VALUES)
def test_any_value(name, value):
    """Any value gives a message or an `InvalidMessageError`."""
    with contextlib.suppress(InvalidMessageError):
        read(**{name: value})


@given(st.binary())
def test_any_body(body):
    """Any bytes give an `InvalidMessageError`."""
    with pytest.raises(InvalidMessageError):
        read_message(body, NOW)
