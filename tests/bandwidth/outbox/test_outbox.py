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
    OutboxState,
)


class TestAdd:
    def test_many(self, outbox) -> None:
        """They are durable at once, in their order, and nothing is sent."""
        with Service(answer()) as service:
            ours = outbox(service)
            ids = ours.add(messages(3000))
            assert ids == sorted(set(ids))
            assert only(ours) == {"queued": 3000}
            entries = list(ours.entries())
            assert [entry.id for entry in entries] == ids
            assert [entry.message for entry in entries] == messages(3000)
            assert service.connections == 0

    def test_none(self, outbox) -> None:
        """There is nothing to add and nothing to send."""
        with Service(answer()) as service:
            ours = outbox(service)
            assert ours.add([]) == []
            assert ours.add([], batch="a") == []
            ours.run(FAST)
            assert only(ours) == {}

    def test_all_or_none(self, outbox) -> None:
        """If the iterable raises, no message is added."""

        def broken():
            yield from messages(3)
            raise OSError

        with Service(answer()) as service:
            ours = outbox(service)
            with pytest.raises(OSError):  # noqa: PT011
                ours.add(broken())
            assert only(ours) == {}

    def test_a_batch_once(self, outbox) -> None:
        """A program that does not know whether it has added a batch can add it again."""
        with Service(answer()) as service:
            ours = outbox(service)
            ids = ours.add(messages(3), batch="reminder")
            assert ours.add(messages(3), batch="reminder") == ids
            with pytest.raises(ValueError, match="'reminder' already exists with other messages"):
                ours.add(messages(4), batch="reminder")
            assert ours.add(messages(3), batch="other") != ids
            assert len(ours.add(messages(3))) == len(ours.add(messages(3))) == 3
            assert only(ours) == {"queued": 12}

    def test_a_batch_by_many(self, outbox) -> None:
        """The first of several threads adds it."""
        with Service(answer()) as service, ThreadPoolExecutor(8) as pool:
            ours = outbox(service)
            found = pool.map(lambda _: ours.add(messages(50), batch="a"), range(8))
            assert len({tuple(ids) for ids in found}) == 1
            assert only(ours) == {"queued": 50}


class TestResolve:
    @pytest.fixture
    def ours(self, outbox):
        """An outbox with an unknown message and a refused one."""
        with Service(raw(b""), answer(400), answer()) as service:
            ours = outbox(service)
            ours.add(messages(2))
            ours.run(FAST, workers=1)
            assert only(ours) == {"unknown": 1, "refused": 1}
            yield ours
            self.arrived = texts(service)

    def test_accepted(self, ours) -> None:
        """The entry gets the provider's id, which a search returns."""
        (entry,) = ours.unknown()
        settled = ours.resolve(entry.id, OutboxState.ACCEPTED, "17")
        assert (settled.state, settled.message_id) == (OutboxState.ACCEPTED, "17")
        assert list(ours.unknown()) == []

    def test_send_again(self, ours) -> None:
        """Both messages are sent again, and the attempts are counted."""
        for entry in list(ours.entries()):
            ours.resolve(entry.id, OutboxState.QUEUED)
        ours.run(FAST)
        assert only(ours) == {"accepted": 2}
        assert {entry.attempt_count for entry in ours.entries()} == {2}

    def test_give_up(self, ours) -> None:
        """An abandoned message is never sent."""
        (entry,) = ours.unknown()
        ours.resolve(entry.id, OutboxState.ABANDONED)
        ours.run(FAST)
        assert only(ours) == {"abandoned": 1, "refused": 1}

    @pytest.mark.parametrize(
        ("state", "message_id"),
        [
            (OutboxState.ACCEPTED, None),
            (OutboxState.QUEUED, "17"),
            (OutboxState.UNKNOWN, None),
            (OutboxState.SENDING, None),
        ],
    )
    def test_wrong_decisions(self, ours, state, message_id) -> None:
        """A state that is not a decision, or does not fit the id."""
        (entry,) = ours.unknown()
        with pytest.raises(ValueError, match="must be"):
            ours.resolve(entry.id, state, message_id)

    def test_other_messages(self, ours) -> None:
        """A message that is accepted already, or an id that does not exist."""
        (entry,) = ours.unknown()
        ours.resolve(entry.id, OutboxState.ACCEPTED, "17")
        for number in (entry.id, 10**6):
            with pytest.raises(KeyError):
                ours.resolve(number, OutboxState.QUEUED)
