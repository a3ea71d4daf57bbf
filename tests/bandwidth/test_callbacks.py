"""Any bytes are parsed to events, without an exception."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given

pytest.importorskip("msgspec")
from callback_bodies import BODIES, CASES, any_bodies, changed_fields
from septet.bandwidth import (
    Event,
    MessageFailed,
    MessageRead,
    MessageReceived,
    RequestedLocationResponse,
    SuggestionResponse,
    Undecodable,
    UnknownEvent,
    callbacks,
    parse_callbacks,
)
from septet.bandwidth.callbacks import parse_event


def parsed(name: str) -> list[Event | Undecodable]:
    """Return the entries of all bodies of a case."""
    (case,) = (case for case in CASES if case.name == name)
    return [event for body in case.bodies for event in parse_callbacks(body)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_documented_bodies(case) -> None:
    """Each event has the class of its type and all its fields."""
    found = [event for body in case.bodies for event in parse_callbacks(body)]
    assert [type(event).__name__ for event in found] == case.events
    sent = [event for body in case.bodies for event in json.loads(body)]
    for event, payload in zip(found, sent, strict=True):
        assert isinstance(event, Event)
        message = payload["message"]
        assert event.payload == payload
        assert json.loads(event.raw) == payload
        assert event.type == payload["type"]
        assert event.message_id == message["id"]
        assert event.to == payload["to"]
        assert event.recipients == tuple(message["to"])
        assert event.from_ == message["from"]
        assert event.application_id == message["applicationId"]
        assert event.direction == message["direction"]
        assert event.description == payload["description"]
        assert event.segment_count == message["segmentCount"]
        assert event.text == message.get("text", message.get("content", {}).get("text"))
        assert event.media == tuple(message.get("media", ()))
        assert event.tag == message.get("tag")
        assert event.priority == message.get("priority")
        assert event.channel == message.get("channel")
        assert event.carrier_name == payload.get("carrierName")
        assert event.time == datetime.fromisoformat(payload["time"])
        assert event.message_time == datetime.fromisoformat(message["time"])
        if isinstance(event, MessageFailed):
            assert event.error_code == payload["errorCode"]


def test_the_vectors_have_every_documented_type() -> None:
    """Every class has an example."""
    types = {event["type"] for body in BODIES for event in json.loads(body)}
    assert types == set(callbacks._CLASSES)


def test_rich_messages() -> None:
    """The text and media of RBM are in its content; a read message has its time."""
    (read,) = parsed("rbm-read")
    assert isinstance(read, MessageRead)
    assert read.read_time == datetime(2026, 11, 6, 8, 2, 59, tzinfo=UTC)
    body = b"""{"type": "message-received", "message": {"content": {
        "text": "Here", "media": {"fileUrl": "https://a.example/1", "thumbnailUrl": null}}}}"""
    (event,) = parse_callbacks(body)
    assert isinstance(event, MessageReceived)
    assert (event.text, event.media) == ("Here", ("https://a.example/1",))
    (event,) = parse_callbacks(
        body.replace(b'{"content"', b'{"text": "", "media": ["b"], "content"')
    )
    assert isinstance(event, MessageReceived)
    assert (event.text, event.media) == ("", ("b",))


def test_suggestion() -> None:
    """The reply that was tapped, its decoded data, and the message that it was in."""
    (event,) = parsed("rbm-suggestion-response")
    assert isinstance(event, SuggestionResponse)
    assert (event.reply, event.postback) == ("Yes, tomorrow", b"slot=tomorrow")
    assert event.paired_message_id == "1793952000000wfb0bfzfb4n0jp7e"


def test_location() -> None:
    """Latitude and longitude, which the provider writes as text."""
    (event,) = parsed("rbm-location-response")
    assert isinstance(event, RequestedLocationResponse)
    assert event.location == (38.8977, -77.0365)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({}, (None, None, None)),
        ([], (None, None, None)),
        ({"text": 1, "postbackData": 2, "pairedMessageId": None}, (None, None, None)),
        ({"text": "", "postbackData": ""}, ("", b"", None)),
        *(({"postbackData": data}, (None, None, None)) for data in ("é", "a", "YQ", "Y Q==", "_-")),
        ({"postbackData": "/wA=", "pairedMessageId": "17"}, (None, b"\xff\x00", "17")),
    ],
)
def test_odd_suggestions(response, expected) -> None:
    """A value that cannot be read is None; the payload has it."""
    body = {"type": "suggestion-response", "message": {"suggestionResponse": response}}
    (event,) = parse_callbacks(json.dumps(body).encode())
    assert isinstance(event, SuggestionResponse)
    assert (event.reply, event.postback, event.paired_message_id) == expected
    assert event.payload["message"]["suggestionResponse"] == response


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        *((90, -180, (90.0, -180.0)), ("-90.0", "180", (-90.0, 180.0)), (0, 0, (0.0, 0.0))),
        *(("90.1", "0", None), ("0", "-180.1", None), (None, "0", None), ("0", None, None)),
        *(("nan", "0", None), ("0", True, None), ("38,9", "-77", None), ([], {}, None)),
    ],
)
def test_odd_locations(latitude, longitude, expected) -> None:
    """A place is on the globe, or None."""
    location = {"latitude": latitude, "longitude": longitude}
    body = {"type": "requested-location-response", "message": {"locationResponse": location}}
    (event,) = parse_callbacks(json.dumps(body).encode())
    assert isinstance(event, RequestedLocationResponse)
    assert event.location == expected


def test_unknown_types_are_events() -> None:
    """Unknown types and fields are kept."""
    (case,) = (case for case in CASES if case.name == "tag-at-limit")
    (body,) = case.bodies
    (sent,) = parse_callbacks(body)
    (event,) = parse_callbacks(body.replace(b"message-sent", b"message-recalled"))
    assert type(event) is UnknownEvent
    assert event.type == "message-recalled"
    assert isinstance(sent, Event)
    assert (event.message_id, event.to, event.tag) == (sent.message_id, sent.to, sent.tag)
    assert event.payload == sent.payload | {"type": "message-recalled"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON in UTF-8: "),
        (BODIES[0][:-1], "not JSON in UTF-8: "),
        (BODIES[0][:-20], "not JSON in UTF-8: "),
        (b"<html>", "not JSON in UTF-8: "),
        (b"[" * 100_000, "too deeply"),
        (b'{"type":' + b"[" * 100_000, "too deeply"),
        (b'[{"type": "a", "x": NaN}]', "not JSON in UTF-8: "),
        (b"[null]", "not an object"),
        (b'["message-sent"]', "not an object"),
        (b"[[]]", "not an object"),
        (b"[{}]", "no type"),
        (b'[{"type": 5}]', "no type"),
        (b'[{"type": "message-sent", "to": "\xff"}]', "not JSON in UTF-8: "),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_no_event_is_kept_with_a_reason(body, reason) -> None:
    """Its bytes are kept."""
    (found,) = parse_callbacks(body)
    assert isinstance(found, Undecodable)
    assert reason in found.reason
    assert found.raw in (body, body[1:-1])


def test_an_empty_array_has_no_events() -> None:
    """An empty array has no entries."""
    assert parse_callbacks(b" [ ]\n") == []


def test_a_bad_entry_leaves_the_others_alone() -> None:
    """Each entry is parsed by itself, also beside a lone surrogate."""
    good = BODIES[0][1:-1]
    for bad in (b"null", b'{"type": "message-sent", "to": "\xff"}', b'"\\ud83d"'):
        first, second, third = parse_callbacks(b"[" + b", ".join([good, bad, good]) + b"]")
        assert isinstance(first, MessageReceived)
        assert second == Undecodable(bad, second.reason)  # type: ignore[union-attr]
        assert first == third


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("+12", ["+12", "+13"], "+12"),
        (["+12"], ["+12", "+13"], "+12"),
        (None, ["+13"], "+13"),
        ("", "+13", "+13"),
        (None, ["+12", "+13"], None),
        ({"a": 1}, None, None),
        (["+12", "+13"], [], None),
    ],
)
def test_whom_an_event_is_about(outer, inner, expected) -> None:
    """The outer `to`, or the only recipient; otherwise None."""
    payload = {"type": "message-sent", "to": outer, "message": {"to": inner}}
    (event,) = parse_callbacks(json.dumps(payload).encode())
    assert isinstance(event, Event)
    assert event.to == expected


@given(any_bodies)
def test_any_bytes_give_a_result(body) -> None:
    """Events can be compared, hashed, printed and pickled."""
    for found in parse_callbacks(body):
        assert isinstance(found, Event | Undecodable)
        assert found.raw in body
        assert hash(pickle.loads(pickle.dumps(found))) == hash(found)
        assert pickle.loads(pickle.dumps(found)) == found
        assert repr(found).startswith(type(found).__name__)
        if isinstance(found, Undecodable):
            assert found.reason
        if isinstance(found, MessageFailed):
            assert found.error_code is None or 0 <= found.error_code < 2**31
        if isinstance(found, MessageRead):
            assert found.read_time is None or found.read_time.tzinfo is UTC


@given(changed_fields())
def test_an_odd_field_does_not_spoil_its_event(bodies) -> None:
    """An event with any fields has the class of its type, and all its fields."""
    original, changed = (parse_callbacks(body) for body in bodies)
    assert [type(event) for event in changed] == [type(event) for event in original]
    for event, payload in zip(changed, json.loads(bodies[1], parse_int=str), strict=True):
        assert isinstance(event, Event)
        assert set(event.payload) == set(payload)


@given(any_bodies)
def test_parse_event(body) -> None:
    """An entry is read back from its bytes, as `parse_callbacks` returned it."""
    for entry in parse_callbacks(body):
        if isinstance(entry, Event):
            assert parse_event(entry.raw) == entry


def test_parse_event_of_an_array() -> None:
    """An entry that is an array is not split again."""
    (entry,) = parse_callbacks(b'[[{"type": "message-sent"}]]')
    assert isinstance(entry, Undecodable)
    assert parse_event(entry.raw) == entry
