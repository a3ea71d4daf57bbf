"""Messages within the documented limits, and answers that never raise."""

from __future__ import annotations

import dataclasses
import json
import pickle
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")
import septet
from callback_bodies import any_bodies
from septet.bandwidth import Accepted, Message, MessageError
from septet.bandwidth.messages import message_from_json, unchecked_message_from_json

FROM = "+12025550100"
TO = "+13125550140"
URL = "https://cdn.example.com/9.png"
ZONE = timezone(timedelta(hours=2))


def message(**changes) -> Message:
    """Return a valid message with some fields changed."""
    return Message(**{"application_id": "app", "from_": FROM, "to": TO, "text": "hi"} | changes)


def test_a_whole_message() -> None:
    """Every field is in the JSON object under the provider's name."""
    expiration = datetime(2026, 11, 4, 12, 30, tzinfo=ZONE)
    full = Message("app", FROM, [TO], "hi", [URL], "order-1", "high", expiration)
    assert full.payload() == {
        "applicationId": "app",
        "from": FROM,
        "to": [TO],
        "text": "hi",
        "media": [URL],
        "tag": "order-1",
        "priority": "high",
        "expiration": "2026-11-04T10:30:00Z",
    }
    assert full.expiration == expiration


def test_a_plain_message() -> None:
    """Fields that are not set are not sent."""
    assert message().payload() == {"applicationId": "app", "from": FROM, "to": [TO], "text": "hi"}
    assert message(text=None, media=URL).payload() == {
        "applicationId": "app",
        "from": FROM,
        "to": [TO],
        "media": [URL],
    }


def test_a_message_is_a_value() -> None:
    """Messages are frozen, comparable, hashable and picklable; `replace` checks again."""
    one = message(to=iter([TO]), media=[URL])
    assert one == message(to=(TO,), media=URL)
    assert hash(one) == hash(pickle.loads(pickle.dumps(one)))
    assert dataclasses.replace(one, tag="x").tag == "x"
    with pytest.raises(MessageError):
        dataclasses.replace(one, to=())
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "is_mms", "segment_count"),
    [
        ({"text": "a" * 160}, False, 1),
        ({"text": "a" * 161}, False, 2),
        ({"text": "ж" * 71}, False, 2),
        ({"text": "]" * 153}, False, 3),
        ({"text": "a" * 161, "media": URL}, True, 1),
        ({"text": "a" * 161, "to": [TO, "+13125550141"]}, True, 1),
        ({"text": None, "media": URL}, True, 1),
    ],
)
def test_segments(changes, is_mms, segment_count) -> None:
    """The core counts a text; an MMS and a group message are one segment."""
    assert message(**changes).is_mms is is_mms
    assert message(**changes).segment_count == segment_count


@pytest.mark.parametrize("from_", [FROM, "55501", "PARCELCO", "A-b + c_d&1", "1st"])
def test_senders(from_) -> None:
    """Numbers, short codes and names are allowed."""
    assert message(from_=from_).payload()["from"] == from_


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "a" * 2048},
        {"text": "😀" * 2048},
        {"text": "", "media": URL},
        {"to": [f"+1312555{n:04}" for n in range(10)]},
        {"to": "+12"},
        {"to": "+123456789012345"},
        {"tag": "x" * 1024},
        {"tag": ""},
        {"media": [URL] * 10},
        {"media": "HTTP://a/" + "b" * 4087},
        {"priority": "default"},
    ],
)
def test_at_the_limit(changes) -> None:
    """Values at the limits are allowed."""
    assert message(**changes).payload()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"application_id": ""}, "application_id='': must not be empty"),
        ({"from_": "2025550100"}, "from_='2025550100': not an E.164 number, a short code or"),
        ({"from_": "+0123456"}, "from_='+0123456': not"),
        ({"from_": "TWELVELETTER"}, "from_='TWELVELETTER': not"),
        ({"from_": "12"}, "from_='12': not"),
        ({"from_": "a.b"}, "from_='a.b': not"),
        ({"from_": "55501\n"}, r"from_='55501\n': not"),
        ({"to": ()}, "to=(): expected 1 to 10 recipients, got 0"),
        ({"to": [f"+1312555{n:04}" for n in range(11)]}, "expected 1 to 10 recipients, got 11"),
        ({"to": [TO, "3125550141"]}, "to='3125550141': not an E.164 number"),
        ({"to": "+1"}, "to='+1': not"),
        ({"to": "+1234567890123456"}, "to='+1234567890123456': not"),
        ({"to": "+1312555014٠"}, "to='+1312555014٠': not"),
        ({"to": f"{TO}\n"}, r"to='+13125550140\n': not"),
        ({"to": [TO, TO]}, "to='+13125550140': duplicate recipient"),
        ({"text": None}, "text=None: a text is required unless media is given"),
        ({"text": ""}, "text='': a text is required unless media is given"),
        ({"text": "a" * 2049}, f"text='{'a' * 59}…: expected at most 2048 characters, got 2049"),
        ({"text": "ok\ud83d"}, r"text='\ud83d': lone surrogate at index 2"),
        ({"media": [URL] * 11}, "expected at most 10 URLs, got 11"),
        ({"media": "ftp://a/b"}, "media='ftp://a/b': not an http or https URL"),
        ({"media": "https://a/b c"}, "media='https://a/b c': not"),
        ({"media": "https://"}, "media='https://': not"),
        ({"media": "http://a/" + "b" * 4088}, "expected at most 4096 characters, got 4097"),
        ({"tag": "x" * 1025}, "expected at most 1024 characters, got 1025"),
        ({"tag": "\udc00"}, r"tag='\udc00': lone surrogate at index 0"),
        ({"priority": "urgent"}, "priority='urgent': must be 'default' or 'high'"),
        ({"priority": ["high"]}, "priority=['high']: must be"),
        ({"expiration": datetime(2026, 11, 4)}, "the time has no zone"),
        ({"expiration": datetime.min.replace(tzinfo=ZONE)}, "outside the calendar"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else None,
)
def test_beyond_the_limit(changes, said) -> None:
    """The error names the field, the value and the limit."""
    with pytest.raises(MessageError) as caught:
        message(**changes)
    assert said in str(caught.value)
    assert caught.value.field == next(iter(changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"application_id": None},
        {"from_": 12025550100},
        {"to": [TO, 13125550141]},
        {"to": 13125550141},
        {"to": None},
        {"text": b"hi"},
        {"media": [b"https://a/b"]},
        {"tag": 7},
        {"expiration": "2026-11-04T10:30:00Z"},
    ],
    ids=str,
)
def test_a_wrong_type(changes) -> None:
    """A TypeError names the field."""
    with pytest.raises(TypeError, match=f"^{next(iter(changes))} must be "):
        message(**changes)


@given(st.text(st.characters(), max_size=400))
def test_any_text(text) -> None:
    """A message can be written as JSON in UTF-8, and `septet.count` gives its segments."""
    if not text or re.search("[\ud800-\udfff]", text):
        with pytest.raises(MessageError):
            message(text=text)
        return
    found = message(text=text)
    assert found.segment_count == septet.count(text)
    assert json.loads(json.dumps(found.payload(), ensure_ascii=False).encode())["text"] == text


ANSWER = {
    "id": "1793782800000iyvqpkvj3e96rtv1",
    "owner": FROM,
    "applicationId": "app",
    "time": "2026-11-04T09:00:00.101Z",
    "segmentCount": 2,
    "direction": "out",
    "to": [TO],
    "from": FROM,
    "text": "hi",
    "media": [URL],
    "tag": "order-1",
    "priority": "default",
    "expiration": "2026-11-05T09:00:00Z",
    "colour": {"red": 1},
}


def test_accepted() -> None:
    """All fields of the answer, known or not, with the message and our own count."""
    sent = message()
    body = json.dumps(ANSWER).encode()
    found = Accepted.from_body(sent, body)
    assert found.message is sent
    assert (found.segment_count, found.message.segment_count) == (2, 1)
    assert (found.id, found.owner, found.application_id) == (ANSWER["id"], FROM, "app")
    assert found.time == datetime(2026, 11, 4, 9, 0, 0, 101000, tzinfo=UTC)
    assert (found.direction, found.from_, found.to) == ("out", FROM, (TO,))
    assert (found.text, found.media, found.tag) == ("hi", (URL,), "order-1")
    assert (found.priority, found.expiration) == ("default", datetime(2026, 11, 5, 9, tzinfo=UTC))
    assert (found.payload, found.raw) == (ANSWER, body)
    assert hash(found) == hash(Accepted.from_body(sent, body))


@pytest.mark.parametrize("time", ["soon", 17, None, "2026-11-04T09:00:60Z", ["x"], "\ud800"])
def test_an_odd_time_costs_only_the_time(time) -> None:
    """The id is read, whatever the other fields are."""
    found = Accepted.from_body(message(), json.dumps(ANSWER | {"time": time}).encode())
    assert (found.id, found.time, found.payload["time"]) == (ANSWER["id"], None, time)


@given(any_bodies)
def test_no_answer_raises(body) -> None:
    """Bodies that are not JSON objects leave all fields empty."""
    found = Accepted.from_body(message(), body)
    assert found.raw == body
    assert repr(found).startswith("Accepted")


FULL = Message(
    "app", FROM, [TO], "’\0", [URL], "order-1", "high", datetime(2026, 11, 4, 12, 30, tzinfo=ZONE)
)


@pytest.mark.parametrize("sent", [message(), message(text=None, media=URL), FULL])
def test_stored(sent) -> None:
    """A message is read back from its JSON text unchanged, checked or not."""
    stored = json.dumps(sent.payload()).encode()
    assert message_from_json(stored) == unchecked_message_from_json(stored) == sent


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (b"", "expected a JSON object, got an empty text"),
        (b'{"applicationId": "app", "fr', "expected a JSON object, got a text that is not JSON: "),
        (b'{"text": "\xff"}', "expected a JSON object, got a text that is not JSON: "),
        (b"[" * 100_000, "expected a JSON object, got a text that is not JSON: "),
        (b"[]", "expected a JSON object, got list"),
        (b"null", "expected a JSON object, got NoneType"),
        (b'{"from": "ACME"}', "missing in the JSON object: applicationId, to"),
    ],
)
def test_stored_and_damaged(stored, said) -> None:
    """The error says what is wrong; unchecked, unreadable fields are empty."""
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        message_from_json(stored)
    sent = unchecked_message_from_json(stored)
    assert (sent.to, sent.text, sent.segment_count) == ((), None, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": ["3125550140"]}, "to='3125550140': not an E.164 number"),
        ({"to": TO}, "to must be a JSON array, not str"),
        ({"to": {TO: 1}}, "to must be a JSON array, not dict"),
        ({"to": [17]}, "to must be str, not int"),
        ({"media": URL}, "media must be a JSON array, not str"),
        ({"media": None}, "media must be a JSON array, not NoneType"),
        ({"from": None}, "from_ must be str, not NoneType"),
        ({"applicationId": 17}, "application_id must be str, not int"),
        ({"text": 17}, "text must be str, not int"),
        ({"text": None}, "text=None: a text is required unless media is given"),
        ({"tag": ["a"]}, "tag must be str, not list"),
        ({"priority": ["high"]}, "priority=['high']: must be"),
        ({"expiration": 17}, "expiration must be datetime, not int"),
        ({"expiration": "soon"}, "expiration='soon': not a time of ISO 8601"),
        ({"expiration": "2030-01-02T03:04:05"}, "the time has no zone"),
    ],
)
def test_stored_and_refused(changes, said) -> None:
    """A field of the wrong type, or an invalid value."""
    stored = json.dumps({**message().payload(), **changes}).encode()
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        message_from_json(stored)
    assert unchecked_message_from_json(stored).from_ == ("" if "from" in changes else FROM)


def test_stored_by_older_rules() -> None:
    """An earlier message is not checked again."""
    stored = json.dumps({**message().payload(), "to": ["3125550140"], "text": "x" * 3000}).encode()
    sent = unchecked_message_from_json(stored)
    assert (sent.to, sent.text, sent.segment_count) == (("3125550140",), "x" * 3000, 20)
