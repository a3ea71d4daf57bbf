"""Sums and priced files against Decimal arithmetic, row by row, for prices by network."""

import csv
import gzip
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from priced_messages import CARD, Messages
from septet.costing import Batch, Budget, Estimate, Group, estimate
from septet.costing.rates.rate_range import network_key
from septet.exceptions import SourceError

SIZES = [2_000, pytest.param(100_000, marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=SIZES)
def messages(request):
    return Messages(request.param)


def totals(costs):
    return {currency: (cost.lowest, cost.highest) for currency, cost in costs.items()}


@pytest.fixture(scope="module")
def result(messages):
    return estimate(
        messages.columns, text="body", to="phone", network="network", by=["network"], rates=CARD
    )


def test_totals(messages, result):
    """Totals, destinations and groups add up to the exact bounds."""
    expected = messages.totals()
    assert totals(result.totals) == expected
    assert set(expected) == {"USD", "EUR", "GBP"}
    assert totals(sum(result.groups["network"].values(), Group()).costs) == expected
    assert result.totals["GBP"].amount == expected["GBP"][0] == expected["GBP"][1]
    assert result.totals["EUR"].amount is None


def test_parts(messages, result):
    """Parts on lists, and their sum after JSON, are the whole."""
    parts = []
    for start, stop in ((0, 1000), (1000, None)):
        part = Estimate(rates=CARD, by=["network"])
        rows = {name: column[start:stop] for name, column in messages.columns.items()}
        part.add(
            Batch(rows["body"], rows["phone"], groups=[rows["network"]], networks=rows["network"])
        )
        parts.append(Estimate.from_json(part.to_json()))
    assert totals((parts[0] + parts[1]).totals) == totals(result.totals)
    assert (parts[0] + parts[1]).to_dict() == result.to_dict()


def test_json(messages, result):
    """A range has null as its cost, and its bounds below."""
    costs = json.loads(result.to_json())["cost"]["totals"]
    lowest, highest = messages.totals()["EUR"]
    assert costs["EUR"]["cost"] is None
    assert (Decimal(costs["EUR"]["lowest"]), Decimal(costs["EUR"]["highest"])) == (lowest, highest)
    assert set(costs["GBP"]) == {"messages", "segments", "cost"}
    assert Decimal(costs["GBP"]["cost"]) == messages.totals()["GBP"][0]


def test_budgets_hold_the_highest(messages, result):
    """A cost between the bounds may be exceeded, so it counts as exceeded."""
    lowest, highest = messages.totals()["USD"]
    assert Budget({"USD": highest}).violations(result) == []
    (violation,) = Budget({"USD": (lowest + highest) / 2}).violations(result)
    assert violation.startswith(f"{lowest:,} to {highest:,} USD (limit ")


def test_shares(messages):
    """Shares are applied to the exact sums of what is not known."""
    shares = {"AT&T": Decimal("0.45"), "T-Mobile": Decimal("0.333333")}
    card = CARD.with_network_shares(shares, "United States").with_network_shares(
        {"vodafone": Decimal(1)}, "+49"
    )
    shared = estimate(messages.columns, text="body", to="phone", rates=card)
    unknown = estimate(messages.columns, text="body", to="phone", rates=CARD)
    segments = unknown.destinations["United States", "USD"].segments
    prices = {
        network_key(rate.network): Fraction(rate.price + rate.surcharge)
        for rate in CARD.rates
        if rate.prefix == "1"
    }
    known = Fraction(45, 100) * prices["at&t"] + Fraction(333_333, 10**6) * prices["t-mobile"]
    rest = 1 - sum(map(Fraction, shares.values()))
    cost = shared.destinations["United States", "USD"]
    for amount, bound in ((cost.lowest, min), (cost.highest, max)):
        assert Fraction(amount) == segments * (known + rest * bound(prices.values()))
    german = shared.destinations["+49", "EUR"]
    assert german.amount == german.segments * Decimal("0.070001")
    with pytest.raises(ValueError, match="different rules or rates"):
        shared + unknown
    assert Estimate.from_json(shared.to_json()).totals == shared.totals


def test_savings(messages):
    """What repeats cost is a range like everything else."""
    columns = {name: column * 2 for name, column in messages.columns.items() if name != "id"}
    result = estimate(columns, text="body", to="phone", network="network", rates=CARD, savings=True)
    repeated = result.savings.repeats["same number and text"]
    expected = messages.totals()
    once = {currency: (cost.lowest, cost.highest) for currency, cost in repeated.costs.items()}
    assert once == expected


def read_priced(path):
    """Return the names of the added columns, and their values of each row as text."""
    if path.suffix == ".parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        rows = [
            {name: "" if cell is None else str(cell) for name, cell in row.items()}
            for row in pq.read_table(path).to_pylist()
        ]
    else:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    return list(rows[0])[4:], rows


@pytest.mark.parametrize("name", ["priced.csv", "priced.parquet"])
def test_priced_files(messages, tmp_path, name):
    """Each row has its price, or the bounds of it and a note; and they add up."""
    path = tmp_path / name
    options = {"text": "body", "to": "phone", "network": "network", "rates": CARD}
    result = estimate(messages.columns, output=path, **options)
    names, rows = read_priced(path)
    assert names[3:] == ["price", "currency", "note", "price_lowest", "price_highest"]
    for row, price in zip(rows, messages.prices, strict=True):
        cells = [row[name] for name in ("price", "price_lowest", "price_highest", "currency")]
        if price is None:
            assert cells == ["", "", "", ""]
            assert row["note"] != "depends on the network"
        else:
            lowest, highest, currency = price
            assert cells[3] == currency
            assert (Decimal(cells[1]), Decimal(cells[2])) == (lowest, highest)
            assert cells[0] == (cells[1] if lowest == highest else "")
            assert row["note"] == ("" if lowest == highest else "depends on the network")
    for currency, cost in result.totals.items():
        for name, bound in (("price_lowest", cost.lowest), ("price_highest", cost.highest)):
            prices = (Decimal(row[name]) for row in rows if row["currency"] == currency)
            assert sum(prices) == bound


@pytest.mark.parametrize("name", ["priced.csv", "priced.csv.gz", "priced.parquet"])
@pytest.mark.parametrize("last", ["AT&T", None])
def test_columns_of_ranges_follow_when_there_is_one(tmp_path, name, last):
    """Even if only the last of many rows has one; the rows before it have their bounds too."""
    rows = 30_000
    columns = {
        "body": ["Hi"] * rows,
        "phone": ["+12025550123"] * rows,
        "network": ["AT&T"] * (rows - 1) + [last],
    }
    source = tmp_path / "campaign.csv"
    lines = map(",".join, zip(*(map(str, column) for column in columns.values()), strict=True))
    source.write_text("body,phone,network\n" + "\n".join(lines).replace("None", "") + "\n")
    path = tmp_path / name
    estimate(source, text="body", to="phone", network="network", rates=CARD, output=path, threads=2)
    if name.endswith(".gz"):
        path = tmp_path / "unpacked.csv"
        path.write_bytes(gzip.decompress((tmp_path / name).read_bytes()))
    names, priced = read_priced(path)
    assert len(priced) == rows
    has_bounds = "price_highest" in list(priced[0])
    assert has_bounds == (last is None)
    assert {row["price"] for row in priced[:-1]} == {priced[0]["price"]}
    assert Decimal(priced[0]["price"]) == Decimal("0.0109")
    if has_bounds:
        assert {row["price_lowest"] for row in priced[:-1]} == {priced[0]["price"]}
        assert priced[-1]["note"] == "depends on the network"
    else:
        assert names[-1] == "note"


@pytest.mark.parametrize("network", ["AT&T", None])
def test_source_with_a_column_of_that_name(tmp_path, network):
    """It matters only if the column is added."""
    columns = {"body": ["Hi"], "phone": ["+12"], "network": [network], "price_lowest": ["1"]}
    options = {"text": "body", "to": "phone", "network": "network", "rates": CARD}
    path = tmp_path / "priced.csv"
    if network is None:
        with pytest.raises(SourceError, match="has a column 'price_lowest' already"):
            estimate(columns, output=path, **options)
        assert not path.exists()
    else:
        estimate(columns, output=path, **options)
        assert path.read_text().splitlines()[1].startswith("Hi,+12,AT&T,1,gsm7,2,1,0.0109,USD")
