"""Bills of a template before there are recipients: every combination of values is counted."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import septet
from septet import Segmenter
from septet.costing import Price, RateCard, estimate_template
from septet.exceptions import EncodingError

RATES = RateCard.from_rows(
    [
        {"prefix": "44", "price": "0.04", "surcharge": "0.001", "currency": "GBP"},
        {"prefix": "1", "price": "0.01", "currency": "USD", "per": "message"},
    ]
)


def test_lengths():
    """A length is one value, a range all of its lengths, each as likely as the others."""
    result = estimate_template("x" * 150 + "{a}", {"a": range(1, 21)}, messages=100)
    assert result.messages == 100
    assert result.lowest.segments == 100
    assert result.likely.segments == 150
    assert result.highest.segments == 200
    assert result.highest_ucs2.segments == 300
    fixed = estimate_template("x" * 150 + "{a}", {"a": 11})
    assert fixed.lowest == fixed.likely == fixed.highest
    assert fixed.lowest.segments == 2


def test_samples():
    """They are counted as they are; a sample in UCS-2 makes the message UCS-2."""
    result = estimate_template("x" * 67 + "{a}", {"a": ["Ann", "Zoë", "Łukasz", ""]})
    assert [bill.segments for bill in (result.lowest, result.likely, result.highest)] == [
        1,
        Decimal("1.25"),
        2,
    ]
    assert result.highest_ucs2 is None


@pytest.mark.parametrize(
    ("to", "lowest", "likely", "highest"),
    [
        ("+447700900123", "0.041", "0.054667", "0.082"),
        ("+12025550123", "0.01", "0.01", "0.01"),
    ],
)
def test_prices(to, lowest, likely, highest):
    """Averages are rounded to six decimals once; a price per message does not change."""
    result = estimate_template("x" * 158 + "{a}", {"a": range(1, 4)}, to=to, rates=RATES)
    for bill, amount in (
        (result.lowest, lowest),
        (result.likely, likely),
        (result.highest, highest),
    ):
        assert bill.price[:2] == (Decimal(amount), Decimal(amount))
    million = estimate_template(
        "x" * 158 + "{a}", {"a": range(1, 4)}, to=to, rates=RATES, messages=3_000_000
    )
    assert million.likely.price.lowest == (164000 if to[1] == "4" else 30000)


def test_no_price():
    """A number without a rate, and messages that are too long."""
    assert estimate_template("x", {}, to="+33612345678", rates=RATES).lowest.price is None
    result = estimate_template("{a}", {"a": range(10_001)}, to="+447700900123", rates=RATES)
    assert result.lowest.price == Price(Decimal("0.041"), Decimal("0.041"), "GBP")
    assert result.highest.segments == 66
    result = estimate_template("{a}" * 5, {"a": 10_000}, to="+447700900123", rates=RATES)
    assert result.highest.segments == 327
    assert result.highest.price is result.likely.price is None


def test_options():
    """The rules of the segmenter count; forced GSM-7 has no bill in UCS-2."""
    long = {"a": range(1, 300)}
    assert estimate_template("{a}", long).highest_ucs2.segments == 5
    assert estimate_template("{a}", long, segmenter=Segmenter("gsm7")).highest_ucs2 is None
    assert estimate_template("{a}", {"a": 160}, segmenter=Segmenter("ucs2")).lowest.segments == 3
    with pytest.raises(EncodingError):
        estimate_template("{a}", {"a": ["ł"]}, segmenter=Segmenter("gsm7"))


def test_many_combinations():
    """Ranges are thinned to three lengths; samples never are."""
    ranges = dict.fromkeys("abcd", range(41))
    result = estimate_template("{a}{b}{c}{d}", ranges)
    assert (result.lowest.segments, result.highest.segments) == (1, 1)
    ranges["d"] = range(100, 142)
    assert estimate_template("{a}{b}{c}{d}", ranges).highest.segments == 2
    with pytest.raises(ValueError, match=r"^1,000,000 combinations of sample values are more"):
        estimate_template("{a}{b}{c}", dict.fromkeys("abc", ["x"] * 100))


@pytest.mark.parametrize(
    ("template", "fields", "message"),
    [
        ("{a}", {}, r"the field {a} of the template has no length and no values"),
        ("a", {"a": 1}, r"the template has no field {a}"),
        ("{a}", {"a": []}, r"the field {a} has no values"),
        ("{a}", {"a": range(3, 1)}, r"the field {a} has no values"),
        ("{a}", {"a": -1}, r"the field {a}: a length must be 0 to 10,000"),
        ("{a}", {"a": 10_001}, r"the field {a}: a length must be 0 to 10,000"),
        ("{a", {"a": 1}, r"the template has an unpaired"),
    ],
)
def test_invalid(template, fields, message):
    """The error names the field."""
    with pytest.raises(ValueError, match=message):
        estimate_template(template, fields)
    for options in ({"messages": 0}, {"rates": RATES}):
        with pytest.raises(ValueError, match=r"must be 1 or more|number of the destination"):
            estimate_template("x", {}, **options)


@given(
    st.text("{x€ł", max_size=80).map(lambda text: text.replace("{", "{{")),
    st.lists(st.text("a€ł", max_size=90), min_size=1, max_size=4),
    st.lists(st.text("b", max_size=90), min_size=1, max_size=4),
)
def test_every_combination(text, first, second):
    """The bills are those of counting each text."""
    template = text + "{a}]{b}"
    result = estimate_template(template, {"a": first, "b": second}, messages=3)
    counts = [septet.count(template.format(a=a, b=b)) for a, b in product(first, second)]
    assert result.lowest.segments == 3 * min(counts)
    assert result.highest.segments == 3 * max(counts)
    assert result.likely.segments == round(Decimal(3 * sum(counts)) / len(counts), 2)
