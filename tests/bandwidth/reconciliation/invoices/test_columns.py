"""Columns of an invoice: known headings, named columns, and what is ambiguous."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth.reconciliation import InvoiceColumns
from septet.bandwidth.reconciliation.invoices.columns import find_columns
from septet.exceptions import SourceError


def find(header, **wanted):
    return find_columns(header, InvoiceColumns(**wanted), "i.csv")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["AccountId", "MessageType", "MessageID", "CallDirection", "SourceTn", "DestinationTn"],
            {"id": "MessageID", "direction": "CallDirection", "recipient": "DestinationTn"},
        ),
        (
            ["id", "message_id", "Segment Count", "Amount (usd)", "To"],
            {
                "id": "message_id",
                "segments": "Segment Count",
                "amount": "Amount (usd)",
                "recipient": "To",
                "all_in": "USD",
            },
        ),
        (["ID", "Cost EUR"], {"id": "ID", "amount": "Cost EUR", "all_in": "EUR"}),
        (
            ["Message Id", "Total Cost", "Currency Code", "price", "rate"],
            {"id": "Message Id", "amount": "Total Cost", "currency": "Currency Code"},
        ),
    ],
)
def test_known_headings(header, expected) -> None:
    """In any case and spelling; a currency in the heading holds for all amounts."""
    found = find(header)._asdict()
    assert {role: name for role, name in found.items() if name is not None} == expected


def test_lines_for_segments() -> None:
    """In detail records, or with numbers of segments, a line is a segment."""
    assert find(["MessageID", "CallDirection"]).has_line_for_segment
    assert find(["MessageID", "Segments", "Segment Number"]).has_line_for_segment
    assert not find(["MessageID", "Segments"]).has_line_for_segment
    assert not find(["MessageID", "Amount"]).has_line_for_segment


def test_named_columns() -> None:
    """They win over headings; a currency can be a column or a code."""
    header = ["id", "ref", "n", "eur", "cost", "CUR"]
    found = find(header, id="ref", segments="n", amount="eur", currency="CUR")
    assert (found.id, found.segments, found.amount, found.currency, found.all_in) == (
        *("ref", "n", "eur", "CUR"),
        None,
    )
    found = find(header, currency="EUR")
    assert (found.currency, found.all_in) == (None, "EUR")


@pytest.mark.parametrize(
    ("header", "wanted", "message"),
    [
        (["a", "b"], {}, "no heading is known as that of message ids; name .* --invoice-id"),
        (["Message ID", "Segmente"], {}, "--invoice-segments or --invoice-amount; .* 'Segmente'"),
        (["id", "b"], {"segments": "c"}, "has no column 'c'"),
        (["id", "b"], {"currency": "usd"}, "has no column 'usd'"),
        (["id", "amount", "cost"], {}, "'amount', 'cost' may be the column .*--invoice-amount"),
        (["id", "segments", "parts"], {}, "--invoice-segments"),
        (["id", "to", "recipient"], {}, "another heading"),
    ],
)
def test_errors(header, wanted, message) -> None:
    """Each says what to do."""
    with pytest.raises(SourceError, match=message):
        find(header, **wanted)
