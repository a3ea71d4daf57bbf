"""Messages sent before: found across batches of all kinds, and by several threads."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Batch, Estimate, Group, RateCard
from septet.costing.estimates.job import Job

pa = pytest.importorskip("pyarrow")

TEXTS = st.sampled_from(["", "one", "two", "’" * 71, "😀", None])
RECIPIENTS = st.sampled_from([None, "", "+12", "+13", "07700 900123", "n/a"])
BATCHES = st.lists(
    st.tuples(st.lists(st.tuples(TEXTS, RECIPIENTS), max_size=6), st.sampled_from("lsdc"))
)


def batch_of(rows, kind):
    """Return a batch of lists, strings, dictionaries or chunks of another size."""
    texts, recipients = [text for text, _ in rows], [to for _, to in rows]
    if kind == "l":
        return Batch(texts, recipients)
    columns = pa.array(texts, pa.string()), pa.array(recipients, pa.string())
    if kind == "d":
        return Batch(*(column.dictionary_encode() for column in columns))
    if kind == "c":
        return Batch(pa.chunked_array([columns[0][:1], columns[0][1:]]), recipients)
    return Batch(*columns)


@given(BATCHES)
def test_batches(batches):
    """A message is a repeat if an earlier one went to its number, whatever holds its row."""
    numbers, messages = set(), set()
    expected = {"same number": 0, "same number and text": 0}
    for rows, _ in batches:
        for text, to in rows:
            if text and to and to != "n/a":
                expected["same number"] += to in numbers
                expected["same number and text"] += (to, text) in messages
                numbers.add(to)
                messages.add((to, text))
    result = Estimate(savings=True)
    for rows, kind in batches:
        result.add(batch_of(rows, kind))
    found = {name: group.messages for name, group in result.savings.repeats.items()}
    assert found == {name: count for name, count in expected.items() if count}


WRITTEN = st.sampled_from(
    [
        *("+447911123456", "447911123456", "00447911123456", "0044 7911-123456", "+447911123457"),
        *("447911123457", "+44 (0)7911 123457", "4479", "+4479", "07911 123456", "n/a", "", None),
    ]
)


@pytest.mark.parametrize("kind", ["l", "s", "d", "c"])
@given(rows=st.lists(st.tuples(st.sampled_from(["one", "two"]), WRITTEN), max_size=8))
def test_numbers_as_the_card_reads_them(kind, rows):
    """However a number is written, it is one number, unless it has no price for how it is."""
    card = RateCard.from_rows([{"prefix": "44", "price": "1", "currency": "GBP"}]).with_plus()
    numbers, messages = set(), set()
    expected = {"same number": 0, "same number and text": 0}
    for text, to in rows:
        digits = "".join(filter(str.isdigit, (to or "").replace("(0)", ""))).removeprefix("00")
        if to == "+4479" or (len(digits) > 7 and digits[0] != "0"):
            expected["same number"] += digits in numbers
            expected["same number and text"] += (digits, text) in messages
            numbers.add(digits)
            messages.add((digits, text))
    result = Estimate(rates=card, savings=True)
    for part in (rows[:3], rows[3:]):
        result.add(batch_of(part, kind))
    found = {name: group.messages for name, group in result.savings.repeats.items()}
    assert found == {name: count for name, count in expected.items() if count}


def test_numbers_of_a_region():
    """Numbers as they are dialled are those with their country code."""
    pytest.importorskip("phonenumbers")
    card = RateCard.from_rows([{"prefix": "44", "price": "1", "currency": "GBP"}])
    numbers = ["07911 123456", "+447911123456", "0044 7911 123456", "07911 123457"]
    for rates, count in ((card.in_region("GB"), 2), (card, 0), (None, 0)):
        result = Estimate(rates=rates, savings=True)
        result.add(Batch(["Hi"] * 4, numbers))
        repeats = result.savings.repeats
        assert sum(group.messages for group in repeats.values()) == 2 * count


def test_parts_of_a_job():
    """Estimates for one job share the key, and one of them finds the repeats of all batches."""
    job = Job.of(None, None, (), True, None)
    parts = [Estimate.for_job(job) for _ in range(2)]
    for number, part in enumerate([*parts, *parts]):
        _, sent = part.add_without_repeats(Batch(["Hi", f"Hi {number}"], ["+12", "+13"]))
        parts[0].find_repeats(sent)
    assert parts[1].savings.repeats == {}
    assert (parts[0] + parts[1]).savings.repeats == {
        "same number and text": Group(3, 3),
        "same number": Group(6, 6),
    }


def test_hashes_differ_between_jobs():
    """Nobody can prepare texts that have the same hash."""
    sent = [Estimate(savings=True).add_without_repeats(Batch(["Hi"], ["+12"]))[1] for _ in range(2)]
    assert sent[0].rows == sent[1].rows == memoryview(array("i", [0]))
    assert sent[0].numbers != sent[1].numbers
    assert sent[0].messages != sent[1].messages


def test_without_recipients_or_savings():
    """There is nothing to find."""
    assert Estimate(savings=True).add_without_repeats(Batch(["Hi"]))[1] is None
    assert Estimate().add_without_repeats(Batch(["Hi"], ["+12"]))[1] is None
