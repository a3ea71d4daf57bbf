"""Bodies of requests: read strictly, refused with the field that is at fault."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.bandwidth.sandbox.api.message_requests import InvalidMessageError, read_message

GOOD = {"applicationId": "5d1b7c0e", "from": "+12025550100", "to": ["+13125550140"], "text": "hi"}
NOW = 1793783400.0


def read(**changes):
    return read_message(json.dumps(GOOD | changes).encode(), NOW)


def test_good():
    """Unknown fields and null are as good as absent; one number may be a string."""
    message = read(to="+13125550140", colour="red", tag=None, expiration="2026-11-04T09:10:01Z")
    assert message.to == ("+13125550140",)
    assert message.expiration.timestamp() == NOW + 1


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
        ({"applicationId": 5}, "applicationId"),
        ({"applicationId": None}, "applicationId"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2049}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"media": ["ftp://x"]}, "media"),
        ({"tag": "x" * 1025}, "tag"),
        ({"priority": "low"}, "priority"),
        ({"expiration": "tomorrow"}, "expiration"),
        ({"expiration": "2026-11-04T10:00:00"}, "expiration"),
        ({"expiration": "2026-11-04T09:10:00Z"}, "expiration"),
    ],
)
def test_refused(changes, field):
    """The error names the field as the API does."""
    with pytest.raises(InvalidMessageError) as caught:
        read(**changes)
    assert caught.value.field == field
    assert caught.value.reason


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_no_message(body):
    """What is no JSON object is refused as a whole."""
    with pytest.raises(InvalidMessageError) as caught:
        read_message(body, NOW)
    assert caught.value.field is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from(sorted({*GOOD, "media", "tag", "priority", "expiration"})), VALUES)
def test_any_value(name, value):
    """Whatever stands in a field, there is a message or one kind of error."""
    with contextlib.suppress(InvalidMessageError):
        read(**{name: value})


@given(st.binary())
def test_any_body(body):
    """Whatever the octets, there is one kind of error."""
    with pytest.raises(InvalidMessageError):
        read_message(body, NOW)
