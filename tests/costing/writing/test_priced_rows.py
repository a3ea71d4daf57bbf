"""The added columns of priced files: one value for each distinct encoding, rate and segments."""

from decimal import Decimal

from septet.costing import Batch, Estimate, RateCard
from septet.costing.writing.priced_rows import RowPrice, RowPricer

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.01", "currency": "USD"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)


def test_rows():
    """Rows that take and cost the same share a value; those without text have their own."""
    texts = ["a", "’", None, "a" * 161, "b", "", "a" * 161, "a" * 39_016]
    numbers = ["+12", "+12", "+12", "+12", "+12", "x", "+331", "+12"]
    facts = Estimate(rates=CARD).add(Batch(texts, numbers))
    rows = RowPricer(CARD).price(facts)
    assert list(rows.numbers) == [0, 1, 2, 3, 0, 2, 4, 5]
    assert list(rows.unit_counts) == [1, 1, 0, 161, 1, 0, 161, 39_016]
    assert rows.prices == [
        RowPrice("gsm7", 1, Decimal("0.01"), "USD", None, Decimal("0.01"), Decimal("0.01")),
        RowPrice("ucs2", 1, Decimal("0.01"), "USD", None, Decimal("0.01"), Decimal("0.01")),
        RowPrice(None, 0, None, None, "no text"),
        RowPrice("gsm7", 2, Decimal("0.02"), "USD", None, Decimal("0.02"), Decimal("0.02")),
        RowPrice("gsm7", 2, Decimal("0.50"), "EUR", None, Decimal("0.50"), Decimal("0.50")),
        RowPrice("gsm7", 256, None, None, "too long to be sent"),
    ]


def test_without_rates():
    """There is no price, and no reason for that."""
    rows = RowPricer(None).price(Estimate().add(Batch(["a"])))
    assert rows.prices == [RowPrice("gsm7", 1, None, None, None)]


def test_reasons():
    """The note says why there is no price."""
    rows = RowPricer(CARD).price(Estimate(rates=CARD).add(Batch(["a", "a"], ["+44", ""])))
    assert [price.note for price in rows.prices] == ["no rate for this number", "no number"]


def test_ranges():
    """A price that depends on the network is empty, with its bounds and a note."""
    rows = [
        {"prefix": "1", "price": p, "currency": "USD", "network": f"Net {p}"} for p in ("1", "3")
    ]
    card = RateCard.from_rows(rows)
    priced = RowPricer(card).price(Estimate(rates=card).add(Batch(["a"], ["+12"])))
    expected = RowPrice("gsm7", 1, None, "USD", "depends on the network", Decimal(1), Decimal(3))
    assert priced.prices == [expected]
