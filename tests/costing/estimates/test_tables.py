"""Figures as tables of pyarrow and Polars: exact amounts, and sums of all rows."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest

from septet.costing import Batch, Estimate, RateCard
from septet.costing.estimates.tables import make_tables
from septet.exceptions import MissingExtraError

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0079", "currency": "USD", "country": "US"},
        {"prefix": "81", "price": "999999999.999999", "currency": "JPY"},
    ]
)
D = Decimal


@pytest.fixture
def figures():
    result = Estimate(rates=CARD, by=["kind"], savings=True)
    texts = ["one", "a" * 161, "’\ud800", "two", "three", ""]
    numbers = ["+12", "+12", "+8134", "+447", "", "+12"]
    result.add(Batch(texts, numbers, groups=[["a", "b", "b", "b", None, "a"]]))
    return result


def rows_of(kind, figures):
    """Return the tables as lists of tuples, whatever library makes them."""
    if kind == "arrow":
        pytest.importorskip("pyarrow")
        tables = figures.to_arrow()
        return {name: [tuple(row.values()) for row in t.to_pylist()] for name, t in tables.items()}
    pytest.importorskip("polars")
    return {name: frame.rows() for name, frame in figures.to_polars().items()}


@pytest.mark.parametrize("kind", ["arrow", "polars"])
def test_tables(figures, kind) -> None:
    """Every table, with amounts as Decimal."""
    tables = rows_of(kind, figures)
    yen = [D("999999999.999999")] * 3
    assert tables["totals"] == [("JPY", 1, 1, *yen), ("USD", 2, 3, *[D("0.0237")] * 3)]
    assert tables["destinations"] == [
        ("+81", "JPY", 1, 1, *yen),
        ("US", "USD", 2, 3, *[D("0.023700")] * 3),
    ]
    assert sorted(tables["by"], key=str) == [
        ("kind", "a", "USD", 1, 1, *[D("0.007900")] * 3),
        ("kind", "b", "JPY", 1, 1, *yen),
        ("kind", "b", "USD", 1, 2, *[D("0.015800")] * 3),
        ("kind", "b", None, 1, 1, None, None, None),
        ("kind", None, None, 1, 1, None, None, None),
    ]
    assert tables["unpriced"] == [("no number", 1, 1), ("no rate for this number", 1, 1)]
    assert tables["non_gsm_characters"] == [
        ("’", "U+2019", 1),
        ("\\ud800", "U+D800", 1),
    ]
    assert ("without the last unit", "USD", 1, 1, *[D("0.007900")] * 3) in tables["savings"]
    assert {type(row[-1]) for row in tables["totals"]} == {Decimal}


@pytest.mark.parametrize("kind", ["arrow", "polars"])
def test_ranges(kind) -> None:
    """What depends on the network is null, between its bounds, which shares give many decimals."""
    rows = [
        {"prefix": "1", "price": p, "currency": "USD", "network": f"Net {p}"}
        for p in ("1", "3.000001")
    ]
    card = RateCard.from_rows(rows).with_network_shares({"Net 1": D("0.000001")})
    result = Estimate(rates=card)
    result.add(Batch(["one"], ["+12"]))
    bounds = D(1), D("3.000001") - D("0.000002000001")
    assert rows_of(kind, result)["totals"] == [("USD", 1, 1, None, *bounds)]


def test_alternatives() -> None:
    """What MMS would cost instead, and what is saved where it costs less."""
    prices = [("sms", "0.0079"), ("mms", "0.02")]
    card = RateCard.from_rows(
        {"prefix": "1", "price": price, "currency": "USD", "kind": kind} for kind, price in prices
    )
    result = Estimate(rates=card, savings=True)
    result.add(Batch(["Hi", "a" * 460], ["+12025550123"] * 2))
    assert [row[:6] for row in make_tables(result._current)["alternatives"].rows] == [
        ("MMS", "as SMS", "USD", 2, 5, D("0.0395")),
        ("MMS", "instead", "USD", 2, 2, D("0.04")),
        ("MMS", "cheaper", "USD", 1, 4, D("0.0116")),
    ]
    assert make_tables(Estimate()._current)["alternatives"].rows == []


def test_rows_add_up(figures) -> None:
    """The rows of a column have all messages and segments, priced or not."""
    rows = make_tables(figures._current)["by"].rows
    assert sum(row[3] for row in rows) == figures.messages
    assert sum(row[4] for row in rows) == figures.segments
    for currency, total in figures.totals.items():
        assert sum(row[5] for row in rows if row[2] == currency) == total.amount


@pytest.mark.parametrize("kind", ["arrow", "polars"])
def test_nothing(kind) -> None:
    """An estimate of nothing has the same tables, without rows."""
    assert all(rows == [] for rows in rows_of(kind, Estimate(rates=CARD)).values())


@pytest.mark.parametrize("package", ["pyarrow", "polars"])
def test_missing_package(monkeypatch, package) -> None:
    """One sentence names the extra."""
    monkeypatch.setitem(sys.modules, package, None)
    convert = Estimate().to_arrow if package == "pyarrow" else Estimate().to_polars
    with pytest.raises(MissingExtraError, match=package):
        convert()
