"""The rows of the outbox: messages are read back unchanged, and states change as they should."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import update

from septet.bandwidth import Message
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.outbox_adding import insert_messages
from septet.bandwidth.storing.outbox_rows import (
    claim,
    expire,
    mark_interrupted,
    read_outbox,
    read_queued,
    read_senders,
    record,
    record_unsent,
    refuse,
    resolve,
)
from septet.bandwidth.storing.outbox_table import OUTBOX, OutboxState, row_of_message

PLAIN = Message("app", "+12025550100", "+13125550140", "hi")
MESSAGES = [
    PLAIN,
    Message(
        "app",
        "ACME",
        ["+13125550140", "+13125550141"],
        "nul \0, half \\ud83d, 😀\u2028",
        media="https://example.com/a.png",
        tag="\x7f",
        priority="high",
        expiration=datetime(2030, 1, 2, 3, 4, 5, 678901, UTC),
    ),
    Message("app", "12345", "+13125550140", media=["http://a/b", "http://c"]),
]


@pytest.fixture
def database(url):
    """An empty database, closed after the test."""
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def write(database):
    """Run a job that writes, and return its result."""
    return lambda job, *values: database.write(lambda c: job(c, *values)).result()


def queued(write, number):
    """Return a message that waits to be sent, or None."""
    return {entry.id: entry for entry, _ in write(read_queued, 9)}.get(number)


def take(write, number, runner):
    """Claim or refuse a message as a runner does; None if it is no longer queued."""
    entry = queued(write, number)
    if entry is None:
        return None
    return write(refuse, entry) if entry.message is None else write(claim, entry, runner)


def test_messages_come_back(database, write) -> None:
    """Every field is read back, in the order of adding."""
    numbers = write(insert_messages, None, [row_of_message(message) for message in MESSAGES])
    with database.read() as connection:
        entries = list(read_outbox(connection, None))
    assert [entry.message for entry in entries] == MESSAGES
    assert [entry.id for entry in entries] == numbers == sorted(numbers)
    assert {entry.state for entry in entries} == {OutboxState.QUEUED}
    assert all(entry.changed_at.tzinfo is UTC for entry in entries)


def test_segments() -> None:
    """The segments of a group count once for each recipient."""
    long = Message("app", "+12025550100", "+13125550140", "x" * 161)
    counts = [row_of_message(message).segment_count for message in [*MESSAGES, long]]
    assert counts == [1, 2, 1, 2]


def test_claimed_once(write) -> None:
    """A second runner does not get the message."""
    (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
    taken = take(write, number, "first")
    assert (taken.state, taken.attempt_count) == (OutboxState.SENDING, 1)
    assert take(write, number, "second") is None


class TestChanges:
    """An entry that was read, and has changed when a runner comes back to it."""

    @pytest.fixture
    def entry(self, write):
        (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
        return queued(write, number)

    def test_taken(self, write, entry) -> None:
        """Only the first of two runners gets it, and the other changes nothing."""
        assert write(claim, entry, "first").state is OutboxState.SENDING
        assert queued(write, entry.id) is None
        assert write(claim, entry, "second") is None
        assert write(record_unsent, entry, {"reason": "away"}) is None
        assert write(refuse, replace(entry, stored=b"{")) is None

    def test_other_text(self, write, entry) -> None:
        """Another text is stored, so it is not this text that may be sent."""
        other = json.dumps(PLAIN.payload() | {"text": "other"})
        change = update(OUTBOX).where(OUTBOX.c.id == entry.id).values(message=other)
        write(lambda connection: connection.execute(change))
        assert write(claim, entry, "first") is None
        assert write(record_unsent, entry, {"reason": "away"}) is None
        assert write(claim, queued(write, entry.id), "first").stored == other.encode()

    def test_unsent(self, write, entry) -> None:
        """The attempt counts, and the message stays queued."""
        tried = write(record_unsent, entry, {"status": None, "reason": "away", "answer": b""})
        assert (tried.state, tried.attempt_count) == (OutboxState.QUEUED, 1)
        assert (tried.reason, tried.message) == ("away", PLAIN)
        assert write(claim, queued(write, entry.id), "first").attempt_count == 2


def test_repr_of_states() -> None:
    """The repr is the Python expression."""
    assert repr(OutboxState.QUEUED) == "OutboxState.QUEUED"


class TestLateResult:
    """The result of a runner whose message was marked as interrupted."""

    @pytest.fixture
    def claimed(self, write):
        """A message that a runner was sending, and another runner marked as interrupted."""
        (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
        claimed = take(write, number, "first")
        write(mark_interrupted)
        return claimed

    def test_before_a_decision(self, write, claimed) -> None:
        """The result of the runner that sent the message counts."""
        values = {"state": OutboxState.ACCEPTED, "message_id": "17"}
        assert write(record, claimed, "second", values) is None
        assert write(record, claimed, "first", values).message_id == "17"

    def test_after_a_decision(self, write, claimed) -> None:
        """The decision counts."""
        assert write(resolve, claimed.id, OutboxState.QUEUED, None).state is OutboxState.QUEUED
        assert write(record, claimed, "first", {"state": OutboxState.ACCEPTED}) is None
        assert take(write, claimed.id, "second").attempt_count == 2
        assert write(record, claimed, "first", {"state": OutboxState.ACCEPTED}) is None


class TestUnusable:
    """A stored text that is damaged, or that `Message` refuses now."""

    @pytest.fixture
    def number(self, write):
        """A queued message, with the answer of an earlier attempt."""
        (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
        claimed = take(write, number, "first")
        answer = {"status": 500, "reason": "HTTP 500", "answer": b"oops"}
        write(record, claimed, "first", {"state": OutboxState.QUEUED, **answer})
        return number

    @pytest.fixture
    def damage(self, write, number):
        """Replace the stored text."""

        def job(connection, text) -> None:
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(message=text))

        return partial(write, job)

    def test_refused_at_once(self, write, number, damage) -> None:
        """It is not counted as an attempt, and the answer of the earlier attempt is gone."""
        damage("{")
        refused = take(write, number, "second")
        assert (refused.state, refused.attempt_count) == (OutboxState.REFUSED, 1)
        assert (refused.message, refused.stored) == (None, b"{")
        assert (refused.status, refused.answer) == (None, None)
        assert refused.reason.startswith("not sent, because the stored message cannot be used: ")
        assert take(write, number, "second") is None

    def test_no_runner_has_it(self, write, number, damage) -> None:
        """No result of a runner changes it."""
        damage("{")
        refused = take(write, number, "second")
        assert write(record, refused, "second", {"state": OutboxState.ACCEPTED}) is None

    def test_reason_with_any_character(self, write, number, damage) -> None:
        """It is escaped as ASCII."""
        damage(json.dumps({**PLAIN.payload(), "to": ["€"]}))
        assert "to='\\u20ac': not an E.164 number" in take(write, number, "second").reason

    def test_sent_again(self, write, number, damage) -> None:
        """It is refused again until it is corrected."""
        damage("{")
        take(write, number, "second")
        assert write(resolve, number, OutboxState.QUEUED, None).message is None
        assert take(write, number, "second").state is OutboxState.REFUSED
        damage(json.dumps(PLAIN.payload()))
        assert write(resolve, number, OutboxState.QUEUED, None).message == PLAIN
        assert take(write, number, "second").state is OutboxState.SENDING

    def test_damaged_while_sending(self, database, write, number, damage) -> None:
        """The result is stored as for any other message."""
        claimed = take(write, number, "second")
        damage("")
        write(mark_interrupted)
        with database.read() as connection:
            (entry,) = read_outbox(connection, OutboxState.UNKNOWN)
        assert (entry.message, entry.stored) == (None, b"")
        values = {"state": OutboxState.ACCEPTED, "message_id": "17"}
        assert write(record, claimed, "second", values).message_id == "17"


@pytest.mark.parametrize(
    ("job", "index"),
    [
        (partial(read_queued, max_rows=9), "outbox_state"),
        (partial(read_queued, max_rows=9, sender="+12025550100"), "outbox_queue"),
        (read_senders, "outbox_queue"),
        (partial(expire, max_rows=9), "outbox_expiration"),
        (mark_interrupted, "outbox_state"),
    ],
)
def test_indexes(tmp_path, job, index) -> None:
    """SQLite finds the messages by an index, without a look at all others or all queued ones."""
    database = Database(tmp_path / "events.db")
    with database.read() as connection:
        driver = connection.connection.driver_connection
        statements = []
        driver.set_trace_callback(statements.append)
        job(connection)
        driver.set_trace_callback(None)
        (statement,) = [text for text in statements if "outbox" in text]
        steps = [row[-1] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    database.close()
    searches = [step for step in steps if "outbox" in step]
    assert searches
    assert all(step.startswith("SEARCH outbox") and index in step for step in searches)
    assert not any("B-TREE" in step for step in steps)
