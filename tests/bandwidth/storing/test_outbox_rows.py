"""The rows of the outbox: a message comes back as it was, whatever it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import update

from septet.bandwidth import Message
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.outbox_rows import (
    OUTBOX,
    OutboxState,
    claim,
    insert_messages,
    park,
    read_entries,
    record,
    row_of_message,
    settle,
)

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
    """A database that is closed afterwards."""
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def write(database):
    """Write durably."""
    return lambda job, *values: database.write(lambda c: job(c, *values)).result()


def test_messages_come_back(database, write) -> None:
    """Every field, in the order of adding."""
    numbers = write(insert_messages, None, [row_of_message(message) for message in MESSAGES])
    with database.read() as connection:
        entries = list(read_entries(connection, None))
    assert [entry.message for entry in entries] == MESSAGES
    assert [entry.id for entry in entries] == numbers == sorted(numbers)
    assert {entry.state for entry in entries} == {OutboxState.QUEUED}
    assert all(entry.changed_at.tzinfo is UTC for entry in entries)


def test_segments() -> None:
    """By segments, and a group once for each recipient."""
    long = Message("app", "+12025550100", "+13125550140", "x" * 161)
    counts = [row_of_message(message)["segment_count"] for message in [*MESSAGES, long]]
    assert counts == [1, 2, 1, 2]


def test_claimed_once(write) -> None:
    """Who comes second has nothing."""
    (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
    taken = write(claim, number, "first")
    assert (taken.state, taken.attempt_count) == (OutboxState.SENDING, 1)
    assert write(claim, number, "second") is None


def test_how_states_look() -> None:
    """As they are written, not as what they hold."""
    assert repr(OutboxState.QUEUED) == "OutboxState.QUEUED"


class TestTakenForDead:
    """A runner that was taken for dead and is not."""

    @pytest.fixture
    def number(self, write):
        """A message that a runner was sending, and another has set aside."""
        (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
        write(claim, number, "first")
        write(park)
        return number

    def test_tells_the_truth(self, write, number) -> None:
        """What it knows counts, as long as nobody has decided."""
        values = {"state": OutboxState.ACCEPTED, "message_id": "17"}
        assert write(record, number, "second", values) is None
        assert write(record, number, "first", values).message_id == "17"

    def test_comes_too_late(self, write, number) -> None:
        """What was decided stands."""
        assert write(settle, number, OutboxState.QUEUED, None).state is OutboxState.QUEUED
        assert write(record, number, "first", {"state": OutboxState.ACCEPTED}) is None
        assert write(claim, number, "second").attempt_count == 2
        assert write(record, number, "first", {"state": OutboxState.ACCEPTED}) is None


class TestUnusable:
    """A stored text that is damaged, or that `Message` refuses now."""

    @pytest.fixture
    def number(self, write):
        """A message that waits, with the answer of an earlier attempt."""
        (number,) = write(insert_messages, None, [row_of_message(PLAIN)])
        write(claim, number, "first")
        answer = {"status": 500, "reason": "HTTP 500", "answer": b"oops"}
        write(record, number, "first", {"state": OutboxState.QUEUED, **answer})
        return number

    @pytest.fixture
    def damage(self, write, number):
        """Store another text in its place."""

        def job(connection, text) -> None:
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(message=text))

        return partial(write, job)

    def test_refused_at_once(self, write, number, damage) -> None:
        """It was not begun, and what an earlier attempt was answered is not its reason."""
        damage("{")
        refused = write(claim, number, "second")
        assert (refused.state, refused.attempt_count) == (OutboxState.REFUSED, 1)
        assert (refused.message, refused.stored) == (None, b"{")
        assert (refused.status, refused.answer) == (None, None)
        assert refused.reason.startswith("not sent, because the stored message cannot be used: ")
        assert write(claim, number, "second") is None

    def test_no_runner_has_it(self, write, number, damage) -> None:
        """Nothing that a runner has to say changes it."""
        damage("{")
        write(claim, number, "second")
        assert write(record, number, "second", {"state": OutboxState.ACCEPTED}) is None

    def test_a_reason_that_a_database_may_refuse(self, write, number, damage) -> None:
        """It is escaped as ASCII."""
        damage(json.dumps({**PLAIN.payload(), "to": ["€"]}))
        assert "to='\\u20ac': not an E.164 number" in write(claim, number, "second").reason

    def test_sent_again(self, write, number, damage) -> None:
        """It is refused again, unless somebody has corrected it."""
        damage("{")
        write(claim, number, "second")
        assert write(settle, number, OutboxState.QUEUED, None).message is None
        assert write(claim, number, "second").state is OutboxState.REFUSED
        damage(json.dumps(PLAIN.payload()))
        assert write(settle, number, OutboxState.QUEUED, None).message == PLAIN
        assert write(claim, number, "second").state is OutboxState.SENDING

    def test_recorded_and_parked(self, database, write, number, damage) -> None:
        """One that is damaged while it is being sent ends as any other."""
        write(claim, number, "second")
        damage("")
        write(park)
        with database.read() as connection:
            (entry,) = read_entries(connection, OutboxState.UNKNOWN)
        assert (entry.message, entry.stored) == (None, b"")
        values = {"state": OutboxState.ACCEPTED, "message_id": "17"}
        assert write(record, number, "second", values).message_id == "17"
