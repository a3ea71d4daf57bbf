"""The rows of the outbox: a message comes back as it was, whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")

from septet.bandwidth import Message
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.outbox_rows import (
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
