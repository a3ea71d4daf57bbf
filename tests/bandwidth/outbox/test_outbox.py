"""Adding messages to the outbox, and decisions about unknown and refused ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import (
    DeliveryUnknownError,
    Message,
    OutboxState,
    StoreError,
    ValidationRefusedError,
)


class TestAdd:
    def test_many(self, make_outbox) -> None:
        """They are durable at once, in their order, and nothing is sent."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(3000))
            assert ids == sorted(set(ids))
            assert only(outbox) == {"queued": 3000}
            entries = list(outbox.entries())
            assert [entry.id for entry in entries] == ids
            assert [entry.message for entry in entries] == messages(3000)
            assert service.connections == 0

    def test_none(self, make_outbox) -> None:
        """There is nothing to add and nothing to send."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            assert outbox.add([]) == []
            assert outbox.add([], batch="a") == []
            outbox.run(FAST)
            assert only(outbox) == {}

    def test_all_or_none(self, make_outbox) -> None:
        """If the iterable raises, no message is added."""

        def broken():
            yield from messages(3)
            raise OSError

        with Service(answer()) as service:
            outbox = make_outbox(service)
            with pytest.raises(OSError):  # noqa: PT011
                outbox.add(broken())
            assert only(outbox) == {}

    def test_a_batch_once(self, make_outbox) -> None:
        """A program that does not know whether it has added a batch can add it again."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            ids = outbox.add(messages(3), batch="reminder")
            assert outbox.add(messages(3), batch="reminder") == ids
            with pytest.raises(ValueError, match="'reminder' already exists with other messages"):
                outbox.add(messages(4), batch="reminder")
            assert outbox.add(messages(3), batch="other") != ids
            assert len(outbox.add(messages(3))) == len(outbox.add(messages(3))) == 3
            assert only(outbox) == {"queued": 12}

    def test_a_batch_by_many(self, make_outbox) -> None:
        """The first of several threads adds it."""
        with Service(answer()) as service, ThreadPoolExecutor(8) as pool:
            outbox = make_outbox(service)
            found = pool.map(lambda _: outbox.add(messages(50), batch="a"), range(8))
            assert len({tuple(ids) for ids in found}) == 1
            assert only(outbox) == {"queued": 50}


class TestResolve:
    @pytest.fixture
    def outbox(self, make_outbox):
        """An outbox with an unknown message and a refused one."""
        with Service(raw(b""), answer(400), answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(2))
            outbox.run(FAST, workers=1)
            assert only(outbox) == {"unknown": 1, "refused": 1}
            yield outbox
            self.arrived = texts(service)

    def test_accepted(self, outbox) -> None:
        """The entry gets the provider's id, which a search returns."""
        (entry,) = outbox.unknown()
        settled = outbox.resolve(entry.id, OutboxState.ACCEPTED, "17")
        assert (settled.state, settled.message_id) == (OutboxState.ACCEPTED, "17")
        assert list(outbox.unknown()) == []

    def test_send_again(self, outbox) -> None:
        """Both messages are sent again, and the attempts are counted."""
        for entry in list(outbox.entries()):
            outbox.resolve(entry.id, OutboxState.QUEUED)
        outbox.run(FAST)
        assert only(outbox) == {"accepted": 2}
        assert {entry.attempt_count for entry in outbox.entries()} == {2}

    def test_give_up(self, outbox) -> None:
        """An abandoned message is never sent."""
        (entry,) = outbox.unknown()
        outbox.resolve(entry.id, OutboxState.ABANDONED)
        outbox.run(FAST)
        assert only(outbox) == {"abandoned": 1, "refused": 1}

    @pytest.mark.parametrize(
        ("state", "message_id"),
        [
            (OutboxState.ACCEPTED, None),
            (OutboxState.QUEUED, "17"),
            (OutboxState.UNKNOWN, None),
            (OutboxState.SENDING, None),
        ],
    )
    def test_wrong_decisions(self, outbox, state, message_id) -> None:
        """A state that is not a decision, or does not fit the id."""
        (entry,) = outbox.unknown()
        with pytest.raises(ValueError, match="must be"):
            outbox.resolve(entry.id, state, message_id)

    def test_other_messages(self, outbox) -> None:
        """A message that is accepted already, or an id that does not exist."""
        (entry,) = outbox.unknown()
        outbox.resolve(entry.id, OutboxState.ACCEPTED, "17")
        for number in (entry.id, 10**6):
            with pytest.raises(KeyError):
                outbox.resolve(number, OutboxState.QUEUED)


class TestSend:
    MESSAGE = Message("app", "+12025550100", "+13125550140", "hi")

    def test_accepted(self, store, make_outbox) -> None:
        """It is sent at once, and kept with the answer; nothing else is sent."""
        with Service(answer(202, {"id": "17", "segmentCount": 1})) as service:
            outbox = make_outbox(service)
            outbox.add(messages(1))
            accepted = outbox.send(self.MESSAGE)
            assert texts(service) == {"hi": 1}
        assert (accepted.id, accepted.segment_count) == ("17", 1)
        assert only(outbox) == {"queued": 1, "accepted": 1}
        (entry,) = outbox.entries(OutboxState.ACCEPTED)
        assert (entry.message, entry.message_id, entry.attempt_count) == (self.MESSAGE, "17", 1)
        (stored,) = store.messages()
        assert (stored.message_id, stored.accepted) == ("17", accepted)

    def test_refused(self, make_outbox) -> None:
        """It is kept with the reason, and not sent later."""
        with Service(answer(400, {"type": "t", "description": "No such number"})) as service:
            outbox = make_outbox(service)
            with pytest.raises(ValidationRefusedError):
                outbox.send(self.MESSAGE)
            outbox.run(FAST)
            assert len(service.received) == 1
        (entry,) = outbox.entries()
        assert (entry.state, entry.status) == (OutboxState.REFUSED, 400)
        assert "No such number" in entry.reason

    def test_unknown(self, make_outbox) -> None:
        """It may have been accepted: somebody decides."""
        with Service(raw(b"")) as service:
            outbox = make_outbox(service)
            with pytest.raises(DeliveryUnknownError):
                outbox.send(self.MESSAGE)
            outbox.run(FAST)
            assert len(service.received) == 1
        assert only(outbox) == {"unknown": 1}

    def test_a_runner_that_begins_meanwhile(self, store, make_outbox) -> None:
        """It takes the message for interrupted, but the answer wins."""
        with Service(answer(202, {"id": "17"})) as service:
            outbox = make_outbox(service)
            send = outbox._client.send

            def interrupted(message):
                outbox.run(FAST)
                assert only(outbox) == {"unknown": 1}
                return send(message)

            outbox._client.send = interrupted
            outbox.send(self.MESSAGE)
        assert only(outbox) == {"accepted": 1}

    def test_an_answer_that_cannot_be_kept(self, make_outbox, monkeypatch) -> None:
        """The error has the id, because the message was accepted."""

        def broken(*_, **__):
            raise StoreError("the disk is full")

        with Service(answer(202, {"id": "17"})) as service:
            outbox = make_outbox(service)
            monkeypatch.setattr("septet.bandwidth.outbox.outbox.record", broken)
            with pytest.raises(StoreError, match="accepted with ID 17, but not kept: the disk"):
                outbox.send(self.MESSAGE)
        assert only(outbox) == {"sending": 1}

    def test_a_store_that_cannot_be_written(self, make_outbox, monkeypatch) -> None:
        """Nothing is sent."""

        def broken(*_, **__):
            raise StoreError("the disk is full")

        with Service(answer()) as service:
            outbox = make_outbox(service)
            monkeypatch.setattr("septet.bandwidth.outbox.outbox.insert_sending", broken)
            with pytest.raises(StoreError):
                outbox.send(self.MESSAGE)
            assert service.connections == 0
