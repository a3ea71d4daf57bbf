"""Messages: the parser of callbacks reads their events."""

import re

import pytest

from septet.bandwidth import MessageFailed, MessageReceived, parse_callbacks
from septet.bandwidth.sandbox.messages import SandboxMessage, body_of, new_id
from septet.bandwidth.sandbox.results import Step

NOW = 1793783400.5


def message(**changes):
    values = {
        "id": "1793783400500k3v",
        "account_id": "5550100",
        "time": NOW,
        "application_id": "5d1b7c0e",
        "from_": "+12025550100",
        "to": ("+13125550140", "+12025550"),
        "segment_count": 1,
        "is_mms": True,
        "tag": "grp-1",
        "priority": "high",
        "text": "Tonight",
        "media": ("https://example.com/a.png",),
    }
    return SandboxMessage(**values | changes)


def test_ids():
    """Ids have 29 characters, begin with the time, and are unique."""
    ids = {new_id(NOW) for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"1793783400500[0-9a-z]{16}", message_id) for message_id in ids)


def test_status_event():
    """All documented fields are present; the text is empty."""
    step = Step("+12025550", "message-failed", 4303)
    (event,) = parse_callbacks(body_of(message().status_event(step, NOW + 1)))
    assert type(event) is MessageFailed
    assert (event.to, event.error_code) == ("+12025550", 4303)
    assert event.description == "malformed-invalid-to-number"
    assert event.message_id == "1793783400500k3v"
    assert (event.time - event.message_time).total_seconds() == 1
    assert event.recipients == ("+13125550140", "+12025550")
    assert event.media == ("https://example.com/a.png",)
    assert (event.text, event.tag, event.priority) == ("", "grp-1", "high")
    assert event.direction == "out"


def test_received_event():
    """Our number is the owner, and the text is complete."""
    received = message(direction="in", from_="+13125550140", to=("+12025550100",), text="né ☃")
    (event,) = parse_callbacks(body_of(received.received_event(NOW)))
    assert type(event) is MessageReceived
    assert (event.to, event.from_, event.text) == ("+12025550100", "+13125550140", "né ☃")
    assert event.payload["message"]["owner"] == "+12025550100"


def test_answer():
    """The answer repeats the text, and omits fields that were not given."""
    assert message().answer()["text"] == "Tonight"
    assert set(message(tag=None, priority=None, media=()).answer()) == {
        *("id", "owner", "applicationId", "time", "segmentCount", "direction", "to", "from"),
        "text",
    }


def test_forget():
    """Text and media are deleted; the status remains."""
    failed = message()
    failed.update(Step("+12025550", "message-failed", 4303), NOW + 2)
    failed.forget()
    assert (failed.text, failed.media) == (None, ())
    assert failed.states == {"+12025550": "FAILED"}
    assert failed.error_codes == {"+12025550": 4303}
    assert failed.times == {"+12025550": [NOW + 2]}


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        *(("", 0), ("x", 1), ("x" * 8, 7), ("x" * 9, 8), ("x" * 160, 140), ("[" * 4, 7)),
        ("x" * 161, 140 + 6 + 7 + 1),  # the 8 septets after 153 begin after a fill bit
        *(("x" * 306, 280), ("☃", 2), ("☃" * 70, 140), ("☃" * 71, 140 + 6 + 8)),
    ],
)
def test_octets(text, octets):
    """The octets of an SMS are those of its segments, with their headers."""
    assert message(text=text, is_mms=False, to=("+12025550",)).text_octets == octets
    assert message(text=text).text_octets is None
