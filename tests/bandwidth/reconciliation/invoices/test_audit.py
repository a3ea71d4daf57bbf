"""Invoices against stores on both databases: every finding, in exact money."""

from __future__ import annotations

import csv
import json
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from kept_messages import event, keep_events, keep_sent, message
from septet.bandwidth import open_store
from septet.bandwidth.reconciliation import Finding, InvoiceColumns, audit_invoice
from septet.bandwidth.reconciliation.invoices.findings import AuditAmounts
from septet.costing import RateCard
from septet.costing.rates.unpriced import DEPENDS_ON_NETWORK

GROUP = ["+13125550140", "+13125550141"]
CARD = RateCard.from_rows([{"prefix": "1", "price": "0.0079", "currency": "USD"}])
PRICE = Decimal("0.0079")
HEAD = "Message ID,To,Segments,Amount\n"
USD = InvoiceColumns(currency="USD")


@pytest.fixture
def store(url):
    """A store that is closed afterwards."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def audit(store, tmp_path):
    """Audit an invoice of some text; return the findings by message id, and the result."""

    def audit(text, columns=USD, **options):
        path, target = tmp_path / "invoice.csv", tmp_path / "found.csv"
        path.write_text(text, encoding="utf-8")
        options = {"rates": CARD, "all_rows": True} | options
        result = audit_invoice(store, path, columns=columns, output=target, **options)
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {row["message_id"]: row for row in rows}, result

    return audit


def findings(rows):
    return {message_id: row["finding"] for message_id, row in rows.items()}


def test_every_finding(store, audit) -> None:
    """Each message has one, and the differences add up."""
    ids = ("equal", "more", "price", "twice", "silent", "free", "credited")
    sent = {message_id: message("hi") for message_id in ids} | {"group": message("hi", GROUP)}
    keep_sent(store, sent)
    keep_events(
        store,
        event("free", "failed", errorCode=4303),
        event("textless"),
        event("received", "received", "hi"),
    )
    rows, result = audit(
        HEAD + "equal,1,1,0.0079\nmore,1,3,0.0237\nprice,1,1,0.00800000001\ntwice,1,1,0.0079\n"
        "twice,1,1,0.0079\nfree,1,1,0.0079\ncredited,1,1,0.0079\ncredited,1,1,0.0079\n"
        "credited,1,1,-0.0079\ngroup,13125550140,1,0.01\ngroup,13125550141,1,0.01\n"
        "textless,1,1,0.0079\nreceived,1,1,0.002\n=1+2,1,2,0.0158\n,,,5\n"
    )
    assert findings(rows) == {
        "'=1+2": "billed, but not in the store",
        "credited": "",
        "equal": "",
        "free": "billed, although it failed",
        "group": "",
        "more": "billed with other segments",
        "price": "billed at another price",
        "received": "",
        "silent": "sent, but not billed",
        "textless": "",
        "twice": "billed more than once",
    }
    differences = {row["message_id"]: row["difference"] for row in rows.values()}
    assert differences["price"] == "0.00010000001"
    assert differences["silent"] == "-0.0079"
    assert differences["'=1+2"] == "0.0158"
    assert differences["group"] == differences["textless"] == ""
    assert result.finding_count == 6
    assert result.agreed.messages == 4
    assert {reason: each.messages for reason, each in result.not_compared.items()} == {
        "no text is stored": 1
    }
    total = result.total.amounts["USD"]
    assert total.difference == sum(Decimal(text) for text in differences.values() if text)
    assert total.billed == sum(Decimal(row["billed"]) for row in rows.values() if row["billed"])
    # more, =1+2: 2 segments each; twice, free: 1 each; silent: -1; price: a little.
    assert total.difference == 5 * PRICE + Decimal("0.00010000001")
    assert (result.without_id, result.amounts_without_id) == (1, {"USD": 5})
    assert (result.line_count, result.credit_count) == (15, 1)


def test_json(store, audit) -> None:
    """Everything is there, with amounts as decimal texts."""
    keep_sent(store, {"a": message("hi")})
    _, result = audit(HEAD + "a,1,1,0.0079\nb,1,1,0.0079\nc,1,x,0\n")
    values = json.loads(result.to_json())
    assert values["version"] == 1
    assert values["unreadable"]["count"] == 1
    assert values["total"] == {
        "messages": 2,
        "lines": 2,
        "billed_segments": 2,
        "expected_segments": 1,
        "amounts": {"USD": {"billed": "0.0158", "expected": "0.0079", "difference": "0.0079"}},
    }
    assert values["findings"]["billed, but not in the store"]["messages"] == 1
    assert [row["message_id"] for row in values["examples"]] == ["b"]


def test_lines_for_segments(store, audit) -> None:
    """In message detail records each segment has a line; the card gives the money."""
    keep_sent(store, {"two": message("a" * 306), "three": message("a" * 306)})
    rows, result = audit(
        "MessageID,CallDirection,DestinationTn\n"
        + "two,OUTBOUND,13125550140\n" * 2
        + "three,OUTBOUND,13125550140\n" * 3,
        InvoiceColumns(),
    )
    assert findings(rows) == {"two": "", "three": "billed with other segments"}
    assert rows["three"]["difference"] == "0.0079"
    assert result.total.amounts["USD"] == AuditAmounts(5 * PRICE, 4 * PRICE, PRICE)


def test_directions(store, audit) -> None:
    """What is billed as received is not said to be sent."""
    rows, _ = audit("MessageID,Message Direction,Segments\na,INBOUND,1\nb,OUTBOUND,1\n")
    assert findings(rows) == {
        "a": "billed as received, but not in the store",
        "b": "billed, but not in the store",
    }


def test_amounts_without_segments(store, audit) -> None:
    """A line may be a message or a segment; more lines than segments are too many."""
    keep_sent(store, {"one": message("hi"), "two": message("a" * 306), "again": message("hi")})
    rows, _ = audit(
        "message_id,amount\none,0.0079\ntwo,0.0079\ntwo,0.0079\nagain,0.0079\nagain,0.0079\n"
    )
    assert findings(rows) == {"one": "", "two": "", "again": "billed more than once"}


def test_lines_that_share_the_segments(store, audit) -> None:
    """Lines of one segment each are no duplicates, as long as they are as many as segments."""
    keep_sent(store, {name: message("a" * 306) for name in ("split", "whole", "three", "twice")})
    keep_sent(store, {"group": message("hi", GROUP)})
    rows, _ = audit(
        "message_id,to,segments\n"
        + "split,1,1\n" * 2
        + "whole,1,2\n"
        + "three,1,1\n" * 3
        + "twice,1,2\n" * 2
        + "group,1,1\n" * 2
    )
    assert findings(rows) == {
        "group": "billed more than once",
        "split": "",
        "three": "billed more than once",
        "twice": "billed more than once",
        "whole": "",
    }


def test_several_recipients(store, audit) -> None:
    """With a line for each, or one line for all, by recipients or without."""
    keep_sent(store, {name: message("hi", GROUP) for name in ("each", "one", "plain", "three")})
    rows, _ = audit(
        "message_id,segments\neach,1\neach,1\none,1\nplain,2\nthree,1\nthree,1\nthree,1\n"
    )
    assert findings(rows) == {"each": "", "one": "", "plain": "", "three": "billed more than once"}
    rows, _ = audit(HEAD + "each,1,1,\neach,2,1,\neach,2,1,\none,1,1,\nplain,1,1,\nthree,1,1,\n")
    assert findings(rows)["each"] == "billed more than once"


def test_a_duplicate_that_was_credited(store, audit) -> None:
    """Is settled, unless the amounts differ."""
    keep_sent(store, {"a": message("hi"), "b": message("hi")})
    rows, _ = audit(
        HEAD
        + "a,1,1,0.0079\na,1,1,0.0079\na,1,1,-0.0079\nb,1,1,0.0079\nb,1,1,0.0079\nb,1,1,-0.001\n"
    )
    assert findings(rows) == {"a": "", "b": "billed at another price"}


def test_period(store, audit) -> None:
    """Messages outside of it need not be billed, but are compared if they are."""
    keep_sent(store, {"a": message("hi"), "b": message("hi")})
    for since, until in ((date(2026, 11, 5), None), (None, date(2026, 11, 3))):
        rows, _ = audit(HEAD + "a,1,2,0.0158\n", since=since, until=until)
        assert findings(rows) == {"a": "billed with other segments"}
    rows, _ = audit(HEAD + "a,1,2,0.0158\n", since=date(2026, 11, 4), until=date(2026, 11, 4))
    assert findings(rows) == {"a": "billed with other segments", "b": "sent, but not billed"}
    with pytest.raises(ValueError, match="is before"):
        audit(HEAD, since=date(2026, 11, 5), until=date(2026, 11, 4))


def test_other_currency(store, audit) -> None:
    """Currencies are never mixed."""
    keep_sent(store, {"a": message("hi")})
    _, result = audit(HEAD + "a,1,1,0.0079\n", InvoiceColumns(currency="EUR"))
    assert result.total.amounts == {
        "EUR": AuditAmounts(PRICE, Decimal(0), PRICE),
        "USD": AuditAmounts(Decimal(0), PRICE, -PRICE),
    }
    assert [*result.findings] == [Finding.PRICE]


def test_price_that_depends_on_the_network(store, audit) -> None:
    """Any price of the range is right; beyond it, the nearest one was expected."""
    rates = [
        {"prefix": "1", "price": price, "currency": "USD", "network": network}
        for price, network in (("0.01", "A"), ("0.03", "B"))
    ]
    keep_sent(store, {name: message("hi") for name in ("below", "in", "above", "silent")})
    rows, _ = audit(
        HEAD + "below,1,1,0.009\nin,1,1,0.02\nabove,1,1,0.04\n", rates=RateCard.from_rows(rates)
    )
    assert findings(rows) == {
        "above": "billed at another price",
        "below": "billed at another price",
        "in": "",
        "silent": "sent, but not billed",
    }
    assert [rows[name]["difference"] for name in ("above", "below")] == ["0.01", "-0.001"]
    assert (rows["silent"]["expected"], rows["silent"]["note"]) == ("", DEPENDS_ON_NETWORK)


def test_billed_twice_on_an_unknown_network(store, audit) -> None:
    """The price that is nearest to that of one line is expected, also if it is zero."""
    rates = [
        {"prefix": "1", "price": price, "currency": "USD", "network": network}
        for price, network in (("0", "A"), ("0.03", "B"))
    ]
    keep_sent(store, {name: message("hi") for name in ("twice", "uneven", "nothing")})
    lines = "twice,1,1,0.01\ntwice,1,1,0.01\nnothing,1,1,0\n"
    lines += "uneven,1,1,0.01\nuneven,1,1,0.01\nuneven,1,1,0.02\n"
    rows, _ = audit(HEAD + lines, rates=RateCard.from_rows(rates))
    assert {name: (row["expected"], row["difference"]) for name, row in rows.items()} == {
        "twice": ("0.01", "0.01"),
        "uneven": ("0.013333", "0.026667"),
        "nothing": ("0.00", "0.00"),
    }
    assert rows["nothing"]["note"] == ""


def test_without_a_card(store, audit) -> None:
    """Segments are compared, and what was billed is added up."""
    keep_sent(store, {"a": message("hi"), "b": message("hi")})
    rows, result = audit(HEAD + "a,1,1,9\nb,1,2,9\n", rates=None)
    assert findings(rows) == {"a": "", "b": "billed with other segments"}
    assert result.total.amounts["USD"] == AuditAmounts(Decimal(18))


def test_only_findings_are_written(store, audit) -> None:
    """Unless all rows are wanted."""
    keep_sent(store, {"a": message("hi"), "b": message("hi")})
    rows, _ = audit(HEAD + "a,1,1,0.0079\nb,1,2,0.0158\n", all_rows=False)
    assert [*rows] == ["b"]


def test_ids_that_are_hashed(store, audit) -> None:
    """A store and an invoice have the same keys for ids that no index could hold."""
    keep_events(store, event("ü" * 9), event("x" * 600))
    rows, _ = audit("message_id,segments\n" + "ü" * 9 + ",1\n" + "x" * 600 + ",1\n")
    assert set(findings(rows).values()) == {""}
    assert len(rows) == 2


def test_memory(url, tmp_path) -> None:
    """It is that of a batch of lines, and not of all of them."""
    path, count = tmp_path / "invoice.csv", 80_000
    path.write_text(HEAD + "".join(f"m{n:08},1,1,0.0079\n" for n in range(count)))
    with open_store(url) as store:
        tracemalloc.start()
        result = audit_invoice(store, path, columns=USD)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert result.findings[Finding.NOT_SENT].messages == count
    assert result.total.amounts["USD"].billed == count * PRICE
    assert peak < 200 * count
