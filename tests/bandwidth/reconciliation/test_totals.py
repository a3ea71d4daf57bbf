"""ComparisonTotals: what is added, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from septet.bandwidth.reconciliation import (
    Amounts,
    ComparedPrice,
    Comparison,
    ComparisonTotals,
    ReportedMessage,
)

MESSAGE = ReportedMessage("1", None, "sent", "SMS", None, (), None, ())
COMPARISON = Comparison(MESSAGE, None, 2, 3, None, None)


def test_totals() -> None:
    """Currencies are kept apart; messages without a price add no cost."""
    totals = ComparisonTotals()
    totals.add(replace(COMPARISON, price=ComparedPrice("USD", Decimal("0.02"), Decimal("0.03"))))
    totals.add(replace(COMPARISON, price=ComparedPrice("EUR", Decimal("0.000001"), Decimal(0))))
    totals.add(replace(COMPARISON, price=ComparedPrice("USD", Decimal(0), Decimal("0.000005"))))
    totals.add(replace(COMPARISON, price="no number"))
    totals.add(replace(COMPARISON, estimated=None))
    totals.add(replace(COMPARISON, reported=None))
    assert (totals.messages, totals.estimated, totals.reported, totals.difference) == (6, 10, 15, 5)
    assert totals.costs == {
        "USD": Amounts(Decimal("0.02"), Decimal("0.030005")),
        "EUR": Amounts(Decimal("0.000001"), Decimal(0)),
    }
    assert totals.costs["EUR"].difference == Decimal("-0.000001")
    assert totals.to_dict() == {
        "messages": 6,
        "estimated": 10,
        "reported": 15,
        "difference": 5,
        "cost": {
            "EUR": {"estimated": "0.000001", "reported": "0.00", "difference": "-0.000001"},
            "USD": {"estimated": "0.02", "reported": "0.030005", "difference": "0.010005"},
        },
    }
