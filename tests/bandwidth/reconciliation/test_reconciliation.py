"""Whole stores on both databases: every message once, all totals, and the CSV file."""

from __future__ import annotations

import csv
import json
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import update

from callback_bodies import BODIES, any_bodies
from kept_messages import event, keep_events, keep_sent, message
from septet import Segmenter
from septet.bandwidth import Client, Event, Outbox, Receiver, StoreError, open_store
from septet.bandwidth.reconciliation import LeftOut, Reason, Reconciliation, reconcile
from septet.bandwidth.storing.outbox_table import OUTBOX
from septet.costing import RateCard

RECIPIENTS = ["+13125550140", "+13125550141"]
CARD = RateCard.from_rows([{"prefix": "1", "price": "0.0079", "currency": "USD"}])


@pytest.fixture
def store(url):
    """A store that is closed afterwards."""
    with open_store(url) as store:
        yield store


def counts(groups: dict) -> dict[str, int]:
    return {key: sums.messages for key, sums in groups.items()}


def read_rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(store) -> None:
    """Store a message of every kind."""
    sent = {
        "equal": message("Your table is ready"),
        "more": message("a" * 153 * 2),
        "less": message("Don’t " * 13),
        "group": message("hi", RECIPIENTS),
        "silent": message("hi"),
        "free": message("hi"),
    }
    keep_sent(store, sent, equal=1, more=3, less=1, group=1, free=1)
    keep_events(
        store,
        event("equal", "sent"),
        event("equal"),
        event("more", segmentCount=3),
        event("free", "failed", errorCode=4303),
        event("without"),
        event("contradiction", "sent", "hi"),
        event("contradiction", segmentCount=2),
        event("received", "received", "é" * 71, segmentCount=2),
        event("card", channel="RBM"),
        event("rich", "received", "é" * 81, channel="RBM", segmentCount=2),
    )


def test_every_message(store, tmp_path) -> None:
    """Each message is compared or left out, and has a price or a reason."""
    fill(store)
    path = tmp_path / "differences.csv"
    result = reconcile(store, rates=CARD, output=path)
    assert (result.messages, result.differing) == (11, 4)
    assert counts(result.compared) == {
        "SMS sent": 5,
        "MMS sent": 1,
        "SMS received": 1,
        "RBM received": 1,
    }
    assert counts(result.left_out) == {LeftOut.NO_TEXT: 2, LeftOut.NO_COUNT: 1}
    assert counts(result.differences) == {
        Reason.CONTRADICTION: 1,
        Reason.PUNCTUATION: 1,
        Reason.REFERENCE_16: 1,
        Reason.UCS2: 1,
    }
    assert counts(result.unpriced) == {
        "failed and not billed": 1,
        "MMS sent": 1,
        "SMS received": 1,
        "RBM received": 1,
    }
    assert (result.total.estimated, result.total.reported) == (11, 13)
    amounts = result.total.costs["USD"]
    assert (amounts.estimated, amounts.reported) == (6 * Decimal("0.0079"), 7 * Decimal("0.0079"))
    rows = read_rows(path)
    assert [row["message_id"] for row in rows] == ["contradiction", "less", "more", "received"]
    assert [example.message.message_id for example in result.examples] == [
        row["message_id"] for row in rows
    ]


def test_all_rows(store, tmp_path) -> None:
    """There is a row for each message, in the order of ids."""
    fill(store)
    path = tmp_path / "all.csv"
    result = reconcile(store, rates=CARD, output=path, all_rows=True)
    rows = read_rows(path)
    assert len(rows) == result.messages
    assert [row["message_id"] for row in rows] == sorted(row["message_id"] for row in rows)
    assert {row["message_id"]: row["note"] for row in rows if row["note"]} == {
        "card": "no text is stored",
        "free": "failed and not billed",
        "group": "MMS sent",
        "received": "SMS received",
        "rich": "RBM received",
        "silent": "no segmentCount was reported",
        "without": "no text is stored",
    }


def test_period(store) -> None:
    """Both days are included, in UTC; messages without a time are left out of a period."""
    times = {
        "before": "2026-09-30T23:59:59.999Z",
        "first": "2026-10-01T00:00:00Z",
        "last": "2026-11-01T00:59:59+01:00",
        "after": "2026-10-31T20:00:00-04:00",
        "never": None,
    }
    keep_events(store, *(event(name, "received", "hi", time_=time) for name, time in times.items()))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    result = reconcile(store, since=first, until=last, rates=CARD)
    assert (result.messages, result.total.messages) == (3, 2)
    assert counts(result.left_out) == {LeftOut.NO_TIME: 1}
    assert reconcile(store, since=last).total.messages == 2
    assert reconcile(store, until=first).total.messages == 2
    assert reconcile(store).total.messages == 5
    with pytest.raises(ValueError, match="until=2026-10-01 is before since=2026-10-31"):
        reconcile(store, since=last, until=first)


def test_other_rules(store) -> None:
    """Estimates and reasons follow the given rules."""
    fill(store)
    result = reconcile(store, segmenter=Segmenter(reference_bits=16))
    assert counts(result.differences) == {
        Reason.CONTRADICTION: 1,
        Reason.PUNCTUATION: 1,
        Reason.UCS2: 1,
    }


def test_json(store) -> None:
    """All totals, in ASCII; without a rate card nothing is priced."""
    fill(store)
    keep_events(store, event("ж", "received", "hi", segmentCount=2))
    written = reconcile(store).to_json()
    assert written.isascii()
    facts = json.loads(written)
    assert (facts["version"], facts["messages"], facts["differing"]) == (1, 12, 5)
    assert facts["total"]["difference"] == 3
    assert facts["compared"]["SMS received"] == {
        "messages": 2,
        "estimated": 2,
        "reported": 4,
        "difference": 2,
        "cost": {},
    }
    assert facts["differences"]["16-bit references"]["messages"] == 1
    assert facts["left_out"]["no text is stored"]["reported"] == 2
    assert facts["unpriced"] == {}
    assert facts["examples"][-1]["message_id"] == "ж"
    priced = json.loads(reconcile(store, rates=CARD).to_json())
    assert priced["total"]["cost"]["USD"] == {
        "estimated": "0.0474",
        "reported": "0.0553",
        "difference": "0.0079",
    }
    assert priced["unpriced"]["MMS sent"]["messages"] == 1


def test_nothing(store, tmp_path) -> None:
    """An empty store gives empty totals, and a file with the header only."""
    keep_events(store, {"type": "message-sent"})
    path = tmp_path / "none.csv"
    assert reconcile(store, output=path) == Reconciliation()
    assert read_rows(path) == []
    assert path.read_text().startswith("message_id,time,")


def test_examples_are_few(store) -> None:
    """At most twenty examples are kept."""
    keep_events(store, *(event(str(n), "received", "hi", segmentCount=2) for n in range(50)))
    result = reconcile(store)
    assert (result.differing, len(result.examples)) == (50, 20)


def test_a_failure_leaves_no_file(tmp_path) -> None:
    """An existing file stays as it is."""
    path = tmp_path / "differences.csv"
    path.write_text("before")
    with open_store(tmp_path / "events.db") as store:
        keep_events(store, event("1", "received", "ж"))
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE outbox")
        with pytest.raises(StoreError):
            reconcile(store, output=path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.glob("*.unfinished")] == []


def test_with_the_sandbox(store) -> None:
    """Messages that were sent through the sandbox do not differ."""
    pytest.importorskip("uvicorn")
    pytest.importorskip("httpx2")
    from septet.bandwidth.sandbox import Sandbox
    from septet.serving import Server

    texts = ["Your table is ready", "’" * 71, "]" * 153, "ж" * 66 + "😀" + "ж" * 66, "\0" * 2048]
    with (
        Server(Receiver(store)) as receiver,
        Sandbox(receiver.url) as sandbox,
        Client("5550100", username="me", password="mine", url=sandbox.url) as client,
    ):
        outbox = Outbox(store, client)
        outbox.add([*map(message, texts), message("hi", RECIPIENTS), message("hi", "+12025550")])
        outbox.run(segments_per_second=1e6)
        sandbox.receive("+13125550140", "+12025550100", "a" * 161)
        sandbox.wait_until_idle()
    result = reconcile(store, rates=CARD)
    assert (result.messages, result.differing, result.left_out) == (8, 0, {})
    assert counts(result.compared) == {"SMS sent": 6, "MMS sent": 1, "SMS received": 1}
    assert result.total.estimated == 1 + 2 + 3 + 3 + 31 + 1 + 1 + 2
    assert counts(result.unpriced)["failed and not billed"] == 1


sent_messages = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.builds(
        message,
        st.text(st.sampled_from("a]’ж😀\r\n\0"), min_size=1, max_size=400),
        st.sampled_from([RECIPIENTS, "+13125550140", "+81312345678"]),
    ),
)
events = st.builds(
    event,
    st.sampled_from("abcdefgh12345"),
    st.sampled_from(["sent", "delivered", "failed", "received", "read", "recalled"]),
    st.none() | st.text(max_size=200),
    segmentCount=st.none() | st.integers(-1, 4),
    errorCode=st.sampled_from([None, 4303, 4720]),
)


@settings(max_examples=settings.default.max_examples // 3)
@given(
    sent_messages,
    st.lists(events, max_size=20),
    st.lists(any_bodies | st.sampled_from(BODIES), max_size=5),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 4)),
)
def test_totals_match_rows(tmp_path_factory, sent, sent_events, bodies, answers) -> None:
    """Each message has one row, whatever arrives, and the rows add up to the totals."""
    folder = tmp_path_factory.mktemp("store")
    with open_store(folder / "events.db") as store:
        keep_sent(store, sent, **answers)
        keep_events(store, *sent_events)
        for body in bodies:
            store.append(body)
        ids = {stored.message_id for stored in store.events()} - {None} | set(sent)
        assert all(isinstance(stored, Event) for stored in store.events())
        path = folder / "all.csv"
        result = reconcile(store, rates=CARD, output=path, all_rows=True)
    rows = read_rows(path)
    assert result.messages == len(rows) == len(ids)
    assert {row["message_id"] for row in rows} == {
        name.encode(errors="backslashreplace").decode() for name in ids
    }
    compared = [row for row in rows if row["difference"] and not left_out(row)]
    for groups in (result.compared, result.left_out, result.differences, result.unpriced):
        assert all(sums.messages > 0 for sums in groups.values())
    whole = result.total
    assert whole.messages == len(compared)
    for name in ("messages", "estimated", "reported"):
        assert getattr(whole, name) == sum(
            getattr(totals, name) for totals in result.compared.values()
        )
    assert whole.estimated == sum(int(row["estimated_segments"]) for row in compared)
    assert whole.reported == sum(int(row["reported_segments"]) for row in compared)
    assert whole.difference == sum(int(row["difference"]) for row in compared)
    differing = [row for row in rows if row["reason"]]
    assert result.differing == len(differing)
    assert {r["message_id"] for r in compared if r["difference"] != "0"} <= {
        r["message_id"] for r in differing
    }
    priced = [row for row in rows if row["currency"]]
    unpriced = sum(counts(result.unpriced).values())
    assert whole.messages == len(priced) + unpriced
    for name, amount in ("estimated_cost", "estimated"), ("reported_cost", "reported"):
        row_cost = sum((Decimal(row[name]) for row in priced), Decimal())
        amounts = whole.costs.get("USD")
        assert row_cost == getattr(amounts, amount) if amounts else not priced


def left_out(row: dict[str, str]) -> bool:
    return row["note"] in set(LeftOut)


def test_memory(tmp_path) -> None:
    """Memory does not grow with the number of messages: one that is kept takes over 1,000 bytes.

    What the garbage collector has not freed yet differs by some hundred kilobytes.
    """
    peaks = []
    for count in (300, 3_000):
        with open_store(tmp_path / f"{count}.db") as store:
            received = (event(str(n), "received", "a" * 500, segmentCount=4) for n in range(count))
            keep_events(store, *received)
            tracemalloc.start()
            reconcile(store, output=tmp_path / "all.csv", all_rows=True)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000 * (3_000 - 300) / 2


def test_damaged_outbox_rows(store) -> None:
    """Damaged rows are left out without a text."""
    keep_sent(store, {"bad": message("hi"), "good": message("hi")}, bad=1, good=1)
    damage = update(OUTBOX).where(OUTBOX.c.message_id == "bad").values(message='{"text": "h')
    store.database.write(lambda connection: connection.execute(damage)).result()
    result = reconcile(store)
    assert (result.messages, result.total.messages) == (2, 1)
    assert counts(result.left_out) == {LeftOut.NO_TEXT: 1}
