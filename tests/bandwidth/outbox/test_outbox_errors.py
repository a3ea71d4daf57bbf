"""Errors of the provider, the network and the database: no message is lost or sent twice."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import nullcontext

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import (
    OutboxState,
    StoreError,
    UnauthorizedError,
)
from septet.bandwidth.outbox import pace
from septet.bandwidth.storing import outbox_rows


class TestErrors:
    def test_refused(self, make_outbox) -> None:
        """The entry has the provider's explanation, and the other messages are sent."""
        body = b'{"type": "request-validation", "description": "nul \\u0000 \\ud83d"}'
        with Service(answer(), answer(400, body), answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(3))
            outbox.run(FAST, workers=1)
            assert texts(service).total() == 3
        (entry,) = outbox.entries(OutboxState.REFUSED)
        assert (entry.status, entry.answer) == (400, body)
        assert entry.reason.startswith("HTTP 400 request-validation; nul ")
        assert only(outbox) == {"accepted": 2, "refused": 1}

    def test_queue_is_full(self, make_outbox) -> None:
        """A message that was not accepted is sent again later, and accepted once."""
        replies = [answer(429), answer(), answer(429), answer(429, Retry_After="0"), answer()]
        with Service(*replies) as service:
            outbox = make_outbox(service)
            outbox.add(messages(6))
            outbox.run(FAST, workers=2)
            assert texts(service).total() == 9
        assert only(outbox) == {"accepted": 6}
        assert sum(entry.attempt_count for entry in outbox.entries()) == 9

    def test_pauses(self, make_outbox, monkeypatch) -> None:
        """An error that would hit the next message too causes a pause, as long as requested."""
        pauses = []
        monkeypatch.setattr(pace.Pace, "pause", lambda self, turn, seconds: pauses.append(seconds))
        replies = [
            *(answer(429, Retry_After="7"), raw(b""), answer(500), answer(400)),
            *(answer(503, Retry_After="8"), answer(500, Retry_After="-9"), answer()),
        ]
        with Service(*replies) as service:
            outbox = make_outbox(service)
            outbox.add(messages(6))
            outbox.run(FAST, workers=1)
        assert pauses == [7, 0, 0, 8, 0]

    def test_no_server(self, make_outbox) -> None:
        """The outbox keeps trying until it is stopped."""
        with Service(answer()) as service:
            pass
        outbox = make_outbox(service)
        outbox.add(messages(2))
        changed = []

        def keep(entry):
            changed.append(entry)
            if len(changed) == 5:
                outbox.stop()

        outbox.run(FAST, workers=1, on_entry=keep)
        assert only(outbox) == {"queued": 2}
        assert {entry.state for entry in changed} == {OutboxState.QUEUED}
        assert all("ConnectError" in entry.reason for entry in changed)

    def test_unknown(self, make_outbox) -> None:
        """The message becomes unknown, and the others are sent."""
        with Service(answer(), raw(b""), answer(502, b"<html>"), answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(4))
            outbox.run(FAST, workers=1)
            outbox.run(FAST, workers=1)
            assert set(texts(service).values()) == {1}
        assert only(outbox) == {"accepted": 2, "unknown": 2}
        broken, gateway = outbox.unknown()
        assert (broken.status, broken.answer) == (None, b"")
        assert "the message may or may not have been accepted" in broken.reason
        assert (gateway.status, gateway.answer) == (502, b"<html>")

    @pytest.mark.parametrize("status", [401, 403, 404, 415])
    def test_every_message_would_be_refused(self, make_outbox, status) -> None:
        """After a wrong password all messages stay queued."""
        with Service(answer(status)) as service:
            outbox = make_outbox(service)
            outbox.add(messages(20))
            with pytest.raises(Exception, match=f"HTTP {status}") as caught:
                outbox.run(FAST, workers=2)
            assert isinstance(caught.value, UnauthorizedError) == (status in (401, 403))
            assert only(outbox) == {"queued": 20}
            assert texts(service).total() <= 4

    def test_fault_of_the_provider(self, make_outbox) -> None:
        """A message that always causes a 500 does not block the others forever."""

        def reply(service, connection):
            is_bad = service.received[-1].json["text"] == "message 1"
            return answer(500 if is_bad else 202)(service, connection)

        with Service(reply) as service:
            outbox = make_outbox(service)
            outbox.add(messages(3))
            outbox.run(FAST, workers=1)
            assert texts(service) == {"message 0": 1, "message 1": 5, "message 2": 1}
        assert only(outbox) == {"accepted": 2, "refused": 1}

    def test_closed_client(self, make_outbox) -> None:
        """After an error before its body is written, the message stays queued."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(3))
            make_outbox.clients[0].close()
            with pytest.raises(RuntimeError, match="closed"):
                outbox.run(FAST, workers=1)
        assert only(outbox) == {"queued": 3}

    @pytest.mark.parametrize(("failures", "state"), [(2, "accepted"), (3, "sending")])
    def test_database_stumbles(self, make_outbox, store, monkeypatch, failures, state) -> None:
        """The result is stored as soon as the database can be written to again."""
        write, left = store.database.write, [failures]

        def stumble(job):
            if getattr(job, "func", None) is outbox_rows.record and left[0]:
                left[0] -= 1
                failed = Future()
                failed.set_exception(StoreError("away"))
                return failed
            return write(job)

        monkeypatch.setattr(store.database, "write", stumble)
        with Service(answer(202, {"id": "17"})) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1))
            with nullcontext() if state == "accepted" else pytest.raises(StoreError, match="away"):
                outbox.run(FAST)
            assert only(outbox) == {state: 1}
            outbox.run(FAST)
            assert texts(service).total() == 1
        assert only(outbox) == {"accepted" if state == "accepted" else "unknown": 1}

    def test_closed_store(self, make_outbox, store) -> None:
        """No message is sent unless it could be marked before."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(3))
            store.close()
            with pytest.raises(StoreError, match="closed"):
                outbox.run(FAST)
            assert service.connections == 0
