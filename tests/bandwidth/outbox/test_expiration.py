"""Messages that expire, or are cancelled, before they are sent: no request is made for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from sqlalchemy import update

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import Message, OutboxState
from septet.bandwidth.storing.outbox_rows import claim, read_queued
from septet.bandwidth.storing.outbox_table import OUTBOX

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2126, 1, 1, tzinfo=UTC)


def let_expire(connection):
    """Move the expiration of all messages to the past."""
    connection.execute(update(OUTBOX).values(expires_at=LONG_AGO))


class TestExpiration:
    def test_of_messages_and_of_a_call(self, make_outbox) -> None:
        """The earlier time counts."""
        base = "app", "+12025550100", "+13125550140"
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add([Message(*base, "a", expiration=LATER)], expires_at=LATER)
            outbox.add([Message(*base, "b", expiration=LONG_AGO)], expires_at=LATER)
            outbox.add([Message(*base, "c", expiration=LATER)], expires_at=LONG_AGO)
            outbox.add([Message(*base, "d")])
            assert [entry.expires_at for entry in outbox.entries()] == [
                LATER,
                LONG_AGO,
                LONG_AGO,
                None,
            ]
            changed = []
            outbox.run(FAST, on_entry=changed.append)
            assert texts(service) == {"a": 1, "d": 1}
        assert only(outbox) == {"accepted": 2, "expired": 2}
        expired = list(outbox.entries(OutboxState.EXPIRED))
        assert {entry.reason for entry in expired} == {"not sent before it expired"}
        assert {entry.attempt_count for entry in expired} == {0}
        assert sorted(changed, key=lambda entry: entry.id) == list(outbox.entries())

    def test_more_than_is_read_at_once(self, make_outbox) -> None:
        """They take no time of the rate, however many they are."""
        with Service(answer()) as service:
            outbox = make_outbox(service, max_rows=7)
            outbox.add(messages(50), expires_at=LONG_AGO)
            outbox.add(messages(1))
            outbox.run(0.01)
        assert only(outbox) == {"accepted": 1, "expired": 50}

    def test_between_attempts(self, store, make_outbox) -> None:
        """A message that expires while it waits for its next attempt is not sent again."""

        def reply(service, connection):
            store.database.write(let_expire).result()
            return answer(429)(service, connection)

        with Service(reply) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1), expires_at=LATER)
            outbox.run(FAST)
            assert len(service.received) == 1
        assert only(outbox) == {"expired": 1}

    def test_not_claimed(self, store, make_outbox) -> None:
        """A message that expires after it was read is not marked as being sent."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1), expires_at=LATER)
            ((entry, _),) = store.database.query(read_queued, 1)
            store.database.write(let_expire).result()
            assert store.database.write(partial(claim, entry=entry, runner="x")).result() is None
        assert only(outbox) == {"queued": 1}

    def test_zones(self, make_outbox) -> None:
        """A time in any zone is kept in UTC, and one without is refused."""
        there = timezone(timedelta(hours=14))
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1), expires_at=LATER.astimezone(there))
            (entry,) = outbox.entries()
            assert (entry.expires_at, entry.expires_at.tzinfo) == (LATER, UTC)
            with pytest.raises(ValueError, match="with a zone, not 2026-01-01"):
                outbox.add(messages(1), expires_at=LONG_AGO.replace(tzinfo=None))


class TestCancel:
    def test_ids(self, make_outbox) -> None:
        """Queued messages with these ids are never sent."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(5))
            assert outbox.cancel([ids[1], ids[3], 10**6]) == 2
            assert outbox.cancel(iter(ids[:2])) == 1
            outbox.run(FAST)
            assert texts(service) == {"message 2": 1, "message 4": 1}
        assert only(outbox) == {"accepted": 2, "cancelled": 3}

    def test_a_batch(self, make_outbox) -> None:
        """The others are sent, and the batch is not added again."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(2500), batch="a")
            outbox.add(messages(1), batch="b")
            assert outbox.cancel(batch="a") == 2500
            assert outbox.cancel(batch="c") == 0
            assert outbox.add(messages(2500), batch="a") == ids
            outbox.run(FAST)
        assert only(outbox) == {"accepted": 1, "cancelled": 2500}

    def test_many_ids(self, make_outbox) -> None:
        """More ids than a statement may have."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(3))
            assert outbox.cancel(range(100_000)) == 3

    def test_what_may_have_been_sent(self, store, make_outbox) -> None:
        """A message that is being sent, or was, is not cancelled."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(2))
            outbox.run(FAST, workers=1, on_entry=lambda entry: outbox.stop())
            ((entry, _),) = store.database.query(read_queued, 1)
            assert store.database.write(partial(claim, entry=entry, runner="x")).result()
            assert outbox.cancel(ids) == 0
        assert only(outbox) == {"accepted": 1, "sending": 1}

    def test_while_running(self, make_outbox) -> None:
        """A message that was read ahead is not sent."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(50), batch="a")
            outbox.run(FAST, workers=1, on_entry=lambda entry: outbox.cancel(batch="a"))
            assert texts(service).total() < 4
            assert only(outbox) == {
                "accepted": texts(service).total(),
                "cancelled": 50 - texts(service).total(),
            }

    @pytest.mark.parametrize("arguments", [{}, {"entry_ids": [1], "batch": "a"}])
    def test_wrong_arguments(self, make_outbox, arguments) -> None:
        """Either ids or a batch."""
        with Service(answer()) as service, pytest.raises(ValueError, match="give either"):
            make_outbox(service).cancel(**arguments)
