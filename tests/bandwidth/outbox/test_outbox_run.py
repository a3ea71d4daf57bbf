"""Sending the queued messages: each once, in order, no faster than wanted."""

from __future__ import annotations

import threading
import time

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import (
    Message,
    OutboxState,
)
from septet.bandwidth.messages import message_from_json
from septet.bandwidth.storing import outbox_table


class TestRun:
    def test_all(self, make_outbox) -> None:
        """Each message is sent once, and its entry has the answer."""
        changed = []
        with Service(answer(202, {"id": "17"})) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(50))
            outbox.run(FAST, on_entry=changed.append)
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(50)), 1)
        entries = list(outbox.entries())
        assert {entry.state for entry in entries} == {OutboxState.ACCEPTED}
        assert {entry.message_id for entry in entries} == {"17"}
        assert {(entry.status, entry.answer) for entry in entries} == {(202, b'{"id": "17"}')}
        assert sorted(changed, key=lambda entry: entry.id) == entries
        assert sorted(entry.id for entry in changed) == ids
        assert only(outbox) == {"accepted": 50}

    @pytest.mark.parametrize("name", ["a\0b", "\ud83d", "é", "", 17, "x" * 9999])
    def test_odd_ids(self, make_outbox, name) -> None:
        """An id that a database may refuse is only in the answer; the message is accepted."""
        with Service(answer(202, {"id": name})) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1))
            outbox.run(FAST)
        (entry,) = outbox.entries(OutboxState.ACCEPTED)
        assert entry.message_id is None
        assert entry.answer.startswith(b'{"id":')

    def test_in_order(self, make_outbox) -> None:
        """Messages start in the order of adding."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(20))
            outbox.run(FAST, workers=1)
            arrived = [received.json["text"] for received in service.received]
        assert arrived == [f"message {number}" for number in range(20)]

    def test_more_than_is_read_at_once(self, make_outbox) -> None:
        """Rows are read in parts, so that memory does not grow with the queue."""
        with Service(answer()) as service:
            outbox = make_outbox(service, max_rows=7)
            outbox.add(messages(50))
            outbox.run(FAST)
            assert texts(service).total() == 50
        assert only(outbox) == {"accepted": 50}

    def test_as_many_at_once_as_wanted(self, make_outbox) -> None:
        """As many requests are under way as there are workers, and no more."""
        together = threading.Barrier(4)
        free = threading.Semaphore(4)

        def reply(service, connection):
            assert free.acquire(blocking=False)
            together.wait(10)
            free.release()
            return answer()(service, connection)

        with Service(reply) as service:
            outbox = make_outbox(service)
            outbox.add(messages(12))
            outbox.run(FAST, workers=4)
        assert only(outbox) == {"accepted": 12}

    def test_segments_per_second(self, make_outbox) -> None:
        """The last message starts after the time that the segments before it take."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add([Message("app", "+1202555", "+1312555", "x" * n) for n in (1, 161, 1)])
            start = time.monotonic()
            outbox.run(20)
            assert time.monotonic() - start >= 3 / 20
        assert only(outbox) == {"accepted": 3}

    def test_validated_once(self, make_outbox, monkeypatch) -> None:
        """A stored message is read and validated once, when it is claimed."""
        stored = []

        def count(text: bytes) -> Message:
            stored.append(text)
            return message_from_json(text)

        monkeypatch.setattr(outbox_table, "message_from_json", count)
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(5))
            entries = []
            outbox.run(FAST, workers=1, on_entry=entries.append)
            assert [received.body for received in service.received] == stored
        assert [entry.message for entry in entries] == messages(5)

    def test_stop(self, make_outbox) -> None:
        """Current requests are finished, and the other messages stay queued."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(50))
            outbox.run(FAST, workers=1, on_entry=lambda entry: outbox.stop())
            assert texts(service).total() == 1
            assert only(outbox) == {"accepted": 1, "queued": 49}
            outbox.run(FAST)
        assert only(outbox) == {"accepted": 50}

    def test_an_error_of_the_caller(self, make_outbox) -> None:
        """It ends the run, and no message is lost."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(20))
            with pytest.raises(ZeroDivisionError):
                outbox.run(FAST, workers=4, on_entry=lambda entry: 1 / 0)
            assert only(outbox) == {
                "accepted": texts(service).total(),
                "queued": 20 - texts(service).total(),
            }

    @pytest.mark.parametrize(("rate", "workers"), [(0, 1), (1, 0)])
    def test_wrong_options(self, make_outbox, rate, workers) -> None:
        """They are refused at once."""
        with Service(answer()) as service, pytest.raises(ValueError, match="must be"):
            make_outbox(service).run(rate, workers=workers)
