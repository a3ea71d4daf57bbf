"""Adding messages to the outbox: every value is stored as it is, all messages or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import Text, cast, insert, select

from septet.bandwidth import Message, StoreError
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.outbox_adding import insert_messages, insert_sending
from septet.bandwidth.storing.outbox_rows import expire, read_outbox
from septet.bandwidth.storing.outbox_table import OUTBOX, OutboxState, row_of_message

TIME = datetime(2030, 1, 2, 3, 4, 5, 60, UTC)
TEXTS = ["tab\t newline\n return\r", "\\N \\. \\t \\", "'\"%s {}", "nul \0 é 😀 \u2028"]
MESSAGES = [Message("app", "+12025550100", "+13125550140", text, tag=text) for text in TEXTS]


@pytest.fixture
def database(url):
    """An empty database, closed after the test."""
    opened = Database(url)
    yield opened
    opened.close()


def add(database, rows, batch=None):
    return database.write(partial(insert_messages, batch=batch, rows=rows)).result()


def test_values(database) -> None:
    """No character of a text, a tag or the name of a batch is changed."""
    rows = list(map(row_of_message, MESSAGES))
    names = [None, *TEXTS[:3]]
    ids = [add(database, rows, name) for name in names]
    assert [add(database, rows, name) for name in names[1:]] == ids[1:]
    assert list(chain(*ids)) == list(range(1, 17))
    read = database.stream(read_outbox, OutboxState.QUEUED)
    assert [entry.message for entry in read] == MESSAGES * 4
    batches = database.query(lambda c: c.scalars(select(OUTBOX.c.batch).order_by("id")).all())
    assert batches == [name for name in names for _ in rows]


def test_times(database) -> None:
    """They are those that SQLAlchemy stores, so that expired messages are found."""
    (number,) = add(database, [row_of_message(MESSAGES[0], TIME)])
    before = datetime.now(UTC)
    (entry,) = database.stream(read_outbox, None)
    assert (entry.id, entry.expires_at, entry.attempt_count) == (number, TIME, 0)
    assert timedelta(0) <= before - entry.changed_at < timedelta(minutes=1)
    again = {**database.query(lambda c: c.execute(select(OUTBOX)).one())._mapping, "id": 99}
    database.write(lambda c: c.execute(insert(OUTBOX).values(**again))).result()
    query = select(cast(OUTBOX.c.expires_at, Text), cast(OUTBOX.c.changed_at, Text)).distinct()
    assert len(database.query(lambda c: c.execute(query).all())) == 1


def test_expiration(database) -> None:
    """The earlier one of the message's and the batch's holds."""
    late = Message("app", "+12025550100", "+13125550140", "hi", expiration=TIME)
    past = datetime(2020, 1, 1, tzinfo=UTC)
    add(database, [row_of_message(late), row_of_message(late, past)])
    expired = database.write(partial(expire, max_rows=9)).result()
    assert [entry.expires_at for entry in expired] == [past]


def test_all_or_none(database) -> None:
    """If one row cannot be stored, none is."""
    rows = list(map(row_of_message, MESSAGES))
    rows[2] = rows[2]._replace(message=None)
    with pytest.raises(StoreError, match=r"(?i)not.null"):
        add(database, rows, "a")
    assert list(database.stream(read_outbox, None)) == []
    rows = list(map(row_of_message, MESSAGES))
    assert len(add(database, rows, "a")) == 4


def test_sending(database) -> None:
    """A message that is being sent at once is never queued."""
    entry = database.write(partial(insert_sending, message=MESSAGES[1], runner="a")).result()
    assert (entry.state, entry.attempt_count, entry.message) == ("sending", 1, MESSAGES[1])
    assert list(database.stream(read_outbox, None)) == [entry]
