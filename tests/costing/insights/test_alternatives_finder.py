"""What messages would cost as MMS or RCS, against the price of each message alone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from septet import Segmenter
from septet.costing import Batch, Cost, Estimate, Group, RateCard, estimate

ROWS = [
    ("1", "sms", "0.0079", "USD", ""),
    ("1", "mms", "0.02", "USD", ""),
    ("1", "rcs", "0.0083", "USD", ""),
    ("1876", "sms", "0.0785", "USD", ""),
    ("44", "sms", "0.04", "GBP", ""),
    ("447", "mms", "0.1", "GBP", "segment"),
    ("44", "rcs", "0.03", "GBP", ""),
    ("447", "rcs-single", "0.07", "GBP", ""),
    ("33", "sms", "0.5", "EUR", "message"),
    ("33", "mms", "0.4", "EUR", ""),
    ("336", "rcs", "0.2", "EUR", "segment"),
    ("49", "sms", "0.07", "EUR", ""),
    ("49", "mms", "0.01", "USD", ""),
    ("34", "mms", "0.01", "EUR", ""),
    ("34", "rcs-single", "0.01", "EUR", ""),
]
RATES = RateCard.from_rows(
    {"prefix": prefix, "kind": kind, "price": price, "currency": currency, "per": per}
    for prefix, kind, price, currency, per in ROWS
)
RECIPIENTS = st.sampled_from(
    [None, "", "+12", "+18765", "+442", "+447", "+3312", "+3363", "+491", "+341", "+999", "555"]
)
TEXTS = (
    st.none()
    | strategies.texts
    | st.tuples(st.sampled_from("a’€é😀"), st.integers(30, 700)).map(lambda pair: pair[0] * pair[1])
)


def price(kind, number, segments=1):
    """Return the price of a message, or None."""
    return RATES.of_kind(kind).price(number, segments) if number else None


def as_rcs(number, text):
    """Return the price of a text as RCS, and its segments."""
    size = len(
        text.encode("utf-16", "surrogatepass")
        .decode("utf-16", "surrogatepass")
        .encode("utf-8", "surrogatepass")
    )
    if size > 160 and (single := price("rcs-single", number)) is not None:
        return single, 1
    return price("rcs", number, -(-size // 160)), -(-size // 160)


def add(group, segments, amount, currency):
    cost = Cost(1, segments, amount)
    return group + Group(1, segments, {currency: cost})


def expected(rows, find):
    """Return the three groups by pricing each message alone."""
    groups = [Group(), Group(), Group()]
    for text, number in rows:
        segments = Segmenter().count(text) if text else 0
        sms = price("sms", number, segments) if 0 < segments <= 255 else None
        if sms is None:
            continue
        other, others = find(number, text)
        if other is None or other.currency != sms.currency:
            continue
        currency = sms.currency
        groups[0] = add(groups[0], segments, sms.highest, currency)
        groups[1] = add(groups[1], others, other.highest, currency)
        if other.highest < sms.highest:
            groups[2] = add(groups[2], segments, sms.highest - other.highest, currency)
    return groups


@given(st.lists(st.tuples(TEXTS, RECIPIENTS), max_size=12), st.booleans())
def test_as_each_message_alone(rows, has_arrow) -> None:
    """Sums over batches of lists and columns; by prefixes of other lengths, and currencies."""
    result = Estimate(rates=RATES, savings=True)
    for part in (rows[:5], rows[5:]):
        texts, recipients = map(list, zip(*part, strict=True)) if part else ([], [])
        if has_arrow and not any("\ud800" <= c <= "\udfff" for text in texts for c in text or ""):
            pa = pytest.importorskip("pyarrow")
            texts, recipients = pa.array(texts, "string"), pa.array(recipients, "string")
        result.add(Batch(texts, recipients))
    mms, rcs = result.savings.mms, result.savings.rcs
    assert [mms.as_sms, mms.instead, mms.cheaper] == expected(
        rows, lambda number, _: (price("mms", number), 1)
    )
    assert [rcs.as_sms, rcs.instead, rcs.cheaper] == expected(rows, as_rcs)


def test_threads_and_parts() -> None:
    """Each part of a campaign has figures of its own, which are added up."""
    messages = {"body": ["a" * 700, "b"] * 500, "to": ["+12", "+447"] * 500}
    one = estimate(messages, text="body", to="to", rates=RATES, savings=True)
    batches = (
        {name: column[i : i + 100] for name, column in messages.items()}
        for i in range(0, 1_000, 100)
    )
    several = estimate(batches, text="body", to="to", rates=RATES, savings=True, threads=3)
    assert several.savings.mms == one.savings.mms
    assert several.savings.rcs == one.savings.rcs
    assert one.savings.mms.cheaper == Group(500, 2_500, {"USD": Cost(500, 2_500, Decimal("9.75"))})


def test_templates() -> None:
    """The bytes are those of the filled texts."""
    recipients = {"name": ["a" * 150, "é" * 80], "to": ["+12", "+12"]}
    rcs = estimate(recipients, template="Hi {name}", to="to", rates=RATES, savings=True).savings.rcs
    assert (rcs.instead.messages, rcs.instead.segments) == (2, 3)


def test_without_rates() -> None:
    """There are no figures without rates of the kind, or without any card."""
    plain = RateCard.from_rows([{"prefix": "1", "price": "1", "currency": "USD"}])
    for rates in (None, plain):
        result = Estimate(rates=rates, savings=True)
        result.add(Batch(["a"], ["+12"]))
        assert (result.savings.mms, result.savings.rcs) == (None, None)


def test_only_single_rcs() -> None:
    """A card may have rates of nothing but RCS messages of more than 160 bytes."""
    rates = RateCard([rate for rate in RATES.all_rates if rate.kind in ("sms", "rcs-single")])
    result = Estimate(rates=rates, savings=True)
    result.add(Batch(["a" * 160, "a" * 161], ["+447"] * 2))
    assert result.savings.rcs.instead == Group(1, 1, {"GBP": Cost(1, 1, Decimal("0.07"))})


def test_region() -> None:
    """National numbers have rates of other kinds too."""
    pytest.importorskip("phonenumbers")
    result = Estimate(rates=RATES.in_region("GB"), savings=True)
    result.add(Batch(["a" * 700], ["07700 900123"]))
    assert result.savings.mms.cheaper == Group(1, 5, {"GBP": Cost(1, 5, Decimal("0.1"))})


def test_networks() -> None:
    """Prices that depend on an unknown network are ranges; what is certain is a saving."""
    rows = [
        ("sms", "0.01", "A"),
        ("sms", "0.02", "B"),
        ("mms", "0.03", "A"),
        ("mms", "0.05", "B"),
    ]
    rates = RateCard.from_rows(
        {"prefix": "1", "kind": kind, "price": price, "currency": "USD", "network": network}
        for kind, price, network in rows
    )
    texts, recipients = ["a" * 459, "a" * 765, "a" * 918], ["+12"] * 3
    result = Estimate(rates=rates, savings=True)
    result.add(Batch(texts, recipients))
    mms = result.savings.mms
    dollars = [group.costs["USD"] for group in (mms.as_sms, mms.instead, mms.cheaper)]
    assert [(cost.messages, cost.segments) for cost in dollars] == [(3, 14), (3, 3), (1, 6)]
    amounts = [(cost.lowest, cost.highest) for cost in dollars]
    assert amounts == [
        (Decimal("0.14"), Decimal("0.28")),
        (Decimal("0.09"), Decimal("0.15")),
        (Decimal("0.01"), Decimal("0.09")),
    ]
    known = Estimate(rates=rates, savings=True)
    known.add(Batch(texts, recipients, networks=["b", "A", None]))
    cheaper = known.savings.mms.cheaper
    assert (cheaper.messages, cheaper.segments) == (3, 14)
    assert cheaper.costs["USD"].lowest == Decimal("0.04")
    assert cheaper.costs["USD"].highest == Decimal("0.12")
