"""Savings against the naive way: rewrite every text, then count and price it again."""

import sys
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet import MissingExtraError, Segmenter, transliterate
from septet.costing import Batch, Estimate, Group, RateCard, Savings
from septet.costing.insights import repeats as module
from septet.costing.insights.savings_finder import NEAR_UNITS

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0079", "currency": "USD"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "surcharge": "0.001"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
RECIPIENTS = st.sampled_from([None, "", "+12", "+13", "+447", "+3363", "+999", "555"])
PIECES = st.sampled_from(
    ["’", "“a”", "ą", "e\u0301", "ж", "😀", "👩\u200d👩", "\r\n", "café ", "€", "word " * 9, "…"]
)
TEXTS = (
    st.none()
    | strategies.texts
    | st.lists(PIECES, max_size=12).map("".join)
    | st.tuples(st.sampled_from("a’€"), st.integers(55, 330), PIECES).map(
        lambda facts: facts[0] * facts[1] + facts[2]
    )
)
ROWS = st.lists(st.tuples(TEXTS, RECIPIENTS), max_size=12)
LEVELS = ["punctuation", "letters", "all"]
try:
    transliterate("", "all")
except MissingExtraError:
    LEVELS = LEVELS[:1]


def of(rows, segmenter=None, rates=RATES):
    result = Estimate(segmenter, rates, savings=True)
    texts, recipients = map(list, zip(*rows, strict=True)) if rows else ([], [])
    result.add(Batch(texts, recipients))
    return result


def amounts(estimate):
    return {currency: cost.amount for currency, cost in estimate.totals.items()}


def of_group(group):
    """Return messages, segments and what is not nothing of the costs."""
    costs = {currency: cost.amount for currency, cost in group.costs.items() if cost.amount}
    return group.messages, group.segments, costs


def saved(rows, rewrite, segmenter):
    """Return the texts for which it pays, and what it saves in segments and money."""
    segmenter = segmenter or Segmenter()
    before, after = Estimate(segmenter, RATES), Estimate(segmenter, RATES)
    messages = 0
    for text, to in rows:
        if text and segmenter.count(text) <= 255:
            rewritten = rewrite(text)
            if segmenter.count(rewritten) < segmenter.count(text):
                messages += 1
                before.add(Batch([text], [to]))
                after.add(Batch([rewritten], [to]))
    costs = {name: amount - amounts(after).get(name, 0) for name, amount in amounts(before).items()}
    costs = {name: amount for name, amount in costs.items() if amount}
    return messages, before.segments - after.segments, costs


def whole(rows, segmenter):
    """Return what some rows are, in all."""
    result = Estimate(segmenter, RATES)
    result.add(Batch([text for text, _ in rows], [to for _, to in rows]))
    return result.messages, result.segments, amounts(result)


@given(rows=ROWS, options=strategies.options)
@example(rows=[("’" * 71, "+3363"), ("a" * 160 + "\r\n", "+12")], options={})
def test_changes(rows, options):
    """Each level, and line ends, for every text in which that saves a segment."""
    segmenter = Segmenter(**{**options, "encoding": None})
    found = of(rows, segmenter).savings.changes
    assert list(found) == ["line ends", *LEVELS]
    rewrites = {
        level: lambda text, level=level: segmenter.transliterate(text, level, when="always").text
        for level in LEVELS
    }
    rewrites["line ends"] = lambda text: text.replace("\r\n", "\n")
    for name, rewrite in rewrites.items():
        assert of_group(found[name]) == saved(rows, rewrite, segmenter)


@given(rows=ROWS)
def test_characters(rows):
    """What the messages with a character cost, and what it costs where it is the only one."""
    segmenter = Segmenter()
    found = of(rows).savings
    rows = [(text, to) for text, to in rows if text and segmenter.count(text) <= 255]
    foreign = [[b.char for b in segmenter.analyze(text).non_gsm_characters] for text, _ in rows]
    assert found.occurrences == Counter(char for chars in foreign for char in chars)
    assert found.characters.keys() == found.occurrences.keys()
    for char, group in found.characters.items():
        its = [row for row, chars in zip(rows, foreign, strict=True) if char in chars]
        assert of_group(group) == whole(its, segmenter)
        alone = [row for row, chars in zip(rows, foreign, strict=True) if set(chars) == {char}]

        def best(text):
            ways = [segmenter.transliterate(text, level, when="always").text for level in LEVELS]
            return min(ways, key=segmenter.count)

        assert of_group(found.alone.get(char, Group())) == saved(alone, best, segmenter)


@given(rows=ROWS, options=strategies.options)
@example(rows=[("a" * 170, "+12"), ("a" * 171, "+12"), ("€" * 81, "+12")], options={})
def test_near(rows, options):
    """Messages that take a segment less without their last few units, and no others."""
    segmenter = Segmenter(**{**options, "encoding": None})
    expected = {}
    for text, to in rows:
        count = segmenter.count(text or "")
        if 1 < count <= 255:
            over = segmenter.advise(text, "punctuation").units_over
            if over <= NEAR_UNITS:
                expected.setdefault(over, []).append((text, to))
    found = of(rows, segmenter).savings.near
    assert found.keys() == expected.keys()
    for over, its in expected.items():

        def cut(text):
            return segmenter.truncate(text, segmenter.count(text) - 1)

        assert of_group(found[over]) == saved(its, cut, segmenter)


@given(rows=ROWS)
def test_repeats(rows):
    """A message counts as repeated if its number had it before, in the order of the rows."""
    expected = {"same number and text": [], "same number": []}
    sent = [(text, to) for text, to in rows if text and to]
    for place, (text, to) in enumerate(sent):
        if (text, to) in sent[:place]:
            expected["same number and text"].append((text, to))
        if to in [earlier for _, earlier in sent[:place]]:
            expected["same number"].append((text, to))
    found = of(rows).savings.repeats
    assert found.keys() == {name for name, its in expected.items() if its}
    for name, group in found.items():
        assert of_group(group) == whole(expected[name], None)


@pytest.mark.parametrize("rates", [RATES, None])
@pytest.mark.parametrize("is_arrow", [False, True])
def test_what_is_no_number_does_not_repeat(rates, is_arrow):
    """Equal cells that are certainly no number say nothing about who gets the message."""
    pa = pytest.importorskip("pyarrow")
    cells = ["4.47911E+11", "4,47911E+11", "447911123456.0", "n/a", "unknown", "-", "0", " ", ""]
    cells += ["29/11/2026", "19.99", None, "#N/A", "0000000000", "ann@example.com"]
    recipients = [*cells, "+12025550123", "07700 900123", "5550123"] * 3
    if is_arrow:
        recipients = pa.array(recipients, pa.string())
    result = Estimate(rates=rates, savings=True)
    result.add(Batch(["Hi"] * len(recipients), recipients))
    counts = {name: group.messages for name, group in result.savings.repeats.items()}
    assert counts == {"same number and text": 6, "same number": 6}


def test_repeats_in_a_region():
    """There it is known what is a number, whatever it looks like."""
    pytest.importorskip("phonenumbers")
    result = Estimate(rates=RATES.in_region("GB"), savings=True)
    result.add(Batch(["Hi"] * 6, ["07700 900123", "12345678", "07700 900123 00000"] * 2))
    assert result.savings.repeats["same number"].messages == 1


def test_too_many_to_remember(monkeypatch):
    """Above the limit repeats are not reported, and the other savings still are."""
    monkeypatch.setattr(module, "MAX_REMEMBERED", 3)
    rows = [("one", "+12"), ("one", "+12"), ("one", "+13"), ("one", "+14"), ("one", "+15")]
    assert of(rows[:4]).savings.repeats["same number"].messages == 1
    found = of(rows)
    assert found.savings.repeats is None
    assert (found + of(rows[:1])).savings.repeats is None
    assert Estimate.from_json(found.to_json()).savings.repeats is None
    found.add(Batch(["one", "’" * 71], ["+12", "+12"]))
    assert found.savings.changes["punctuation"].segments == 1


@given(ROWS, ROWS)
def test_parts_are_the_whole(some, others):
    """All but repetitions between parts adds up, and goes through JSON."""
    parts = [of(some), Estimate.from_json(of(others).to_json())]
    found, expected = (parts[0] + parts[1]).savings, of([*some, *others]).savings
    found.repeats = expected.repeats = {}
    assert found == expected


@given(ROWS)
def test_arrow(rows):
    """Columns of Arrow give what lists give."""
    pa = pytest.importorskip("pyarrow")
    if any("\ud800" <= char <= "\udfff" for text, _ in rows for char in text or ""):
        return
    result = Estimate(rates=RATES, savings=True)
    texts, recipients = [text for text, _ in rows], [to for _, to in rows]
    result.add(Batch(pa.array(texts, pa.string()), pa.array(recipients, pa.string())))
    assert result.savings == of(rows).savings


def test_levels_that_are_not_installed(monkeypatch):
    """They are no change that could be made; what needs no package is looked for."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    changes = of([("’" * 71, "+12"), ("ж" * 71, "+12")]).savings.changes
    assert {name: group.messages for name, group in changes.items()} == {
        "line ends": 0,
        "punctuation": 1,
    }


def test_without_recipients():
    """Texts alone have no costs and no repeats."""
    result = Estimate(savings=True)
    result.add(Batch(["’" * 71] * 2))
    assert result.savings.changes["punctuation"] == Group(2, 2)
    assert result.savings.repeats == {}


def test_not_asked_for():
    """Nothing is looked for unless it is asked for, and such estimates are no part of one sum."""
    assert Estimate().savings is None
    with pytest.raises(ValueError, match="different rules or rates"):
        Estimate() + Estimate(savings=True)
    assert Savings() + Savings() == Savings()


class TestProviderLimits:
    @pytest.mark.parametrize("provider", ["aws", "telnyx", "vonage", "infobip", None])
    @pytest.mark.parametrize("is_arrow", [False, True])
    def test_limits(self, provider, is_arrow):
        """What each text is beyond, whatever its encoding; the standard's own limit apart."""
        pa = pytest.importorskip("pyarrow")
        segmenter = Segmenter() if provider is None else Segmenter(provider=provider)
        texts = ["a" * 1_530, "a" * 1_531, "€" * 766, "ж" * 630, "ж" * 631, "😀" * 631, "one", None]
        texts += ["a" * 3_201, "ж" * 3_201, "a" * 40_000, "😀" * 1_700, ""]
        recipients = ["+12"] * len(texts)
        expected = Counter()
        for text in texts:
            for limit in segmenter.analyze(text).exceeded_limits if text else ():
                if limit.allowed != 255:
                    expected[limit.limit, limit.allowed] += 1
        result = Estimate(segmenter, RATES)
        if is_arrow:
            texts = pa.array(texts)
        result.add(Batch(texts, recipients))
        assert {key: group.messages for key, group in result.exceeded_limits.items()} == expected
        assert bool(expected) == (provider in ("aws", "telnyx", "vonage"))
        assert Estimate.from_json(result.to_json()).exceeded_limits == result.exceeded_limits

    def test_their_cost(self):
        """Messages beyond a limit have their segments and costs."""
        result = Estimate(Segmenter(provider="telnyx"), RATES)
        result.add(Batch(["a" * 1_531, "a" * 1_530], ["+12", "+12"]))
        assert of_group(result.exceeded_limits["max_segments", 10]) == (
            1,
            11,
            {"USD": 11 * Decimal("0.0079")},
        )
