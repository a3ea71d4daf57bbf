"""How recipients are written that are not E.164 numbers, in a sample of the first ones."""

import pytest

from septet.costing import Batch, Estimate, RateCard
from septet.costing.rates.phone_numbers import NumberForm

RATES = RateCard.from_rows([{"prefix": "1", "price": "0.01", "currency": "USD"}])


def test_forms():
    """In lists, iterators and Arrow columns; rows without text and other texts have none."""
    pa = pytest.importorskip("pyarrow")
    numbers = ["+12025550123", "n/a", "0044 7911 123456", None, "07911 123456", "447911123456"]
    texts = ["Hi", "Hi", "Hi", "Hi", "Hi", None]
    for column in (numbers, iter(numbers), pa.array(numbers), pa.chunked_array([numbers])):
        estimate = Estimate(rates=RATES)
        estimate.add(Batch(texts, column))
        assert estimate.number_forms == {NumberForm.MARKED, NumberForm.NATIONAL}


def test_a_sample():
    """The first 100 of them are looked at, in all batches."""
    estimate = Estimate(rates=RATES)
    for number in (*["447911123456"] * 99, "0044 7911 123456", "07911 123456"):
        estimate.add(Batch(["Hi"], [number]))
    assert estimate.number_forms == {NumberForm.UNMARKED, NumberForm.MARKED}


def test_sums():
    """Both parts count; JSON has none, and a card that reads all numbers needs none."""
    parts = []
    for number in ("07911 123456", "447911123456"):
        parts.append(Estimate(rates=RATES))
        parts[-1].add(Batch(["Hi"], [number]))
    total = parts[0] + parts[1]
    assert total.number_forms == {NumberForm.NATIONAL, NumberForm.UNMARKED}
    assert not Estimate.from_json(total.to_json()).number_forms
    with_plus = Estimate(rates=RATES.with_plus())
    with_plus.add(Batch(["Hi"], ["07911 123456"]))
    assert not with_plus.number_forms
