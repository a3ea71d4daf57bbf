"""Everything that a store has about each message: its events and what the outbox sent."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import update

from callback_bodies import BODIES
from kept_messages import event, keep_events, keep_sent, message
from septet.bandwidth import Event, Message, Outbox, OutboxState, open_store, parse_callbacks
from septet.bandwidth.storing.outbox_table import OUTBOX
from septet.bandwidth.storing.tables import EVENTS


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


def test_events_and_outbox_meet(store) -> None:
    """Messages are ordered by the bytes of the id; events or outbox may lack a message."""
    keep_events(
        store,
        event("b", "sent"),
        event("B", "received", "hello"),
        event("b", segmentCount=2),
    )
    keep_sent(store, {"b": message("one"), "a_": message("two"), "a-c": message("three")}, b=3)
    messages = list(store.messages())
    assert [item.message_id for item in messages] == ["B", "a-c", "a_", "b"]
    received, _, _, both = messages
    assert [type(item).__name__ for item in both.events] == ["MessageSent", "MessageDelivered"]
    assert both.accepted.message == message("one")
    assert (both.accepted.id, both.accepted.segment_count) == ("b", 3)
    assert received.accepted is None
    assert [item.accepted and item.accepted.message.text for item in messages] == [
        None,
        "three",
        "two",
        "one",
    ]
    assert [len(item.events) for item in messages] == [1, 0, 0, 2]


def test_every_event_that_names_its_message(store) -> None:
    """Each event is returned once; an event without an id belongs to no message."""
    for body in (*BODIES, b"no json", b'[{"type": "message-sent"}]'):
        store.append(body)
    events = {
        entry
        for body in BODIES
        for entry in parse_callbacks(body)
        if isinstance(entry, Event) and entry.message_id
    }
    messages = list(store.messages())
    assert {item for each in messages for item in each.events} == events
    for each in messages:
        assert {item.message_id for item in each.events} == {each.message_id}
    assert len(messages) == len({item.message_id for item in events})


def test_damaged_octets(store) -> None:
    """A damaged event is left out; the message and its other events are returned."""
    keep_events(store, event("a", "sent"), event("a"))
    damage = update(EVENTS).where(EVENTS.c.type == "message-sent").values(raw=b"{")
    store.database.write(lambda connection: connection.execute(damage)).result()
    (stored,) = store.messages()
    assert (stored.message_id, [item.type for item in stored.events]) == (
        "a",
        ["message-delivered"],
    )


@pytest.mark.parametrize("odd", ["\ud83d", "a\0b", "é", "x" * 3000, "sha256:"], ids=ascii)
def test_odd_ids(store, odd) -> None:
    """Ids are returned unchanged, although the column has a hash."""
    keep_events(store, event(odd, "sent"), event(odd))
    (stored,) = store.messages()
    assert (stored.message_id, len(stored.events)) == (odd, 2)


def test_resolved_by_hand(store) -> None:
    """There is no answer, and a message that was not accepted has no id."""
    from septet.bandwidth.storing.outbox_adding import insert_messages
    from septet.bandwidth.storing.outbox_rows import (
        claim,
        mark_interrupted,
        read_queued,
    )
    from septet.bandwidth.storing.outbox_table import row_of_message

    write = store.database.write
    rows = [row_of_message(message(text)) for text in ("taken", "given up", "waits")]
    numbers = write(lambda c: insert_messages(c, None, rows)).result()
    for entry, _ in store.database.query(read_queued, 2):
        write(lambda c, entry=entry: claim(c, entry, "test")).result()
    write(mark_interrupted).result()
    outbox = Outbox(store, None)
    outbox.resolve(numbers[0], OutboxState.ACCEPTED, "17")
    outbox.resolve(numbers[1], OutboxState.ABANDONED)
    (stored,) = store.messages()
    assert (stored.message_id, stored.accepted.message.text) == ("17", "taken")
    assert (stored.accepted.id, stored.accepted.segment_count) == (None, None)


def test_what_is_sent_comes_back(store) -> None:
    """Any text is read back unchanged."""
    odd = Message("app", "Café"[:3], "+13125550140", "\0\r\n’😀" * 400, tag="é")
    keep_sent(store, {"1": odd})
    (stored,) = store.messages()
    assert stored.accepted.message == odd
    assert json.loads(stored.accepted.raw)["id"] == "1"


@pytest.mark.parametrize(
    ("stored", "to", "text"),
    [
        ("", (), None),
        ('{"from": "+1202', (), None),
        ("[17]", (), None),
        ('{"from": "+12025550100", "to": ["3125550140"], "text": "hi"}', ("3125550140",), "hi"),
    ],
)
def test_sent_and_damaged_since(store, stored, to, text) -> None:
    """The provider's answer is returned, with the readable fields of the message."""
    keep_events(store, event("1"))
    keep_sent(store, {"1": message("hi"), "2": message("there")}, **{"1": 3})
    damage = update(OUTBOX).where(OUTBOX.c.message_id == "1").values(message=stored)
    store.database.write(lambda connection: connection.execute(damage)).result()
    first, second = store.messages()
    assert (first.accepted.message.to, first.accepted.message.text) == (to, text)
    assert (first.accepted.id, first.accepted.segment_count, len(first.events)) == ("1", 3, 1)
    assert second.accepted.message == message("there")
