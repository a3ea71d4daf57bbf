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

FACTS = ReportedMessage("1", None, "sent", "SMS", None, (), None, ())
FOUND = Comparison(FACTS, None, 2, 3, None, None)


def test_sums() -> None:
    """Currencies stay apart, and what has no price adds none."""
    sums = ComparisonTotals()
    sums.add(replace(FOUND, price=ComparedPrice("USD", Decimal("0.02"), Decimal("0.03"))))
    sums.add(replace(FOUND, price=ComparedPrice("EUR", Decimal("0.000001"), Decimal(0))))
    sums.add(replace(FOUND, price=ComparedPrice("USD", Decimal(0), Decimal("0.000005"))))
    sums.add(replace(FOUND, price="no number"))
    sums.add(replace(FOUND, estimated=None))
    sums.add(replace(FOUND, reported=None))
    assert (sums.messages, sums.estimated, sums.reported, sums.difference) == (6, 10, 15, 5)
    assert sums.costs == {
        "USD": Amounts(Decimal("0.02"), Decimal("0.030005")),
        "EUR": Amounts(Decimal("0.000001"), Decimal(0)),
    }
    assert sums.costs["EUR"].difference == Decimal("-0.000001")
    assert sums.to_dict() == {
        "messages": 6,
        "estimated": 10,
        "reported": 15,
        "difference": 5,
        "cost": {
            "EUR": {"estimated": "0.000001", "reported": "0.00", "difference": "-0.000001"},
            "USD": {"estimated": "0.02", "reported": "0.030005", "difference": "0.010005"},
        },
    }
