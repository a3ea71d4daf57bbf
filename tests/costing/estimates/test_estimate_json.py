"""Estimates through JSON: what is read is what was written, and what is no estimate is refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Segmenter
from septet.costing import Batch, Estimate, RateCard, UnreadableRows
from septet.exceptions import SourceError

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.000001", "currency": "USD", "country": "United States"},
        {"prefix": "44", "price": "999999999.999999", "currency": "GBP", "surcharge": "0.01"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=200) | st.sampled_from(["a" * 161, "’" * 71, "a" * 39_016]),
        st.sampled_from([None, "", "+12", "+4477", "+3363", "555"]),
        st.sampled_from([None, "", "a", "\ud800"]),
    )
)


def of(rows, rates=RATES, segmenter=None):
    result = Estimate(segmenter, rates, ["kind"])
    texts, recipients, kinds = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
    result.add(Batch(texts, recipients, [kinds]))
    return result


@given(ROWS, st.booleans())
def test_there_and_back(rows, is_priced):
    """All that is told survives, lone surrogates and amounts beyond a double too."""
    result = of(rows, RATES if is_priced else None)
    back = Estimate.from_json(result.to_json())
    assert back.to_dict() == result.to_dict()
    assert back.to_json() == result.to_json()
    assert back.destinations == result.destinations
    assert back.groups == result.groups
    assert back.is_priced == is_priced


@given(ROWS, ROWS)
def test_parts_are_the_whole(some, others):
    """What was read adds up to the estimate of all rows, with each other and with what was not."""
    whole = of([*some, *others]).to_dict()
    some, others = of(some), of(others)
    read = [Estimate.from_json(part.to_json()) for part in (some, others)]
    assert (read[0] + read[1]).to_dict() == whole
    assert (some + read[1]).to_dict() == whole
    assert (read[0] + others).to_dict() == whole


def test_before_templates():
    """What was written before there were templates is still read."""
    result = of([("one", "+12", "a")])
    facts = result.to_dict()
    assert facts.pop("template") is None
    assert Estimate.from_dict(facts).to_dict() == result.to_dict()


def test_unreadable_rows():
    """Unreadable rows keep their number and their places."""
    rows = UnreadableRows()
    for line in range(9):
        rows.note(f"a.csv, line {line}", "broken")
    result = of([])
    result.add_unreadable(rows)
    assert Estimate.from_dict(result.to_dict()).unreadable == rows


def test_the_terms_are_kept():
    """What was read is added up only with what was counted and priced alike."""
    read = Estimate.from_json(of([("a", "+12", None)]).to_json())
    assert (read + of([])).messages == 1
    dearer = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
    for other in (of([], None), of([], dearer), of([], segmenter=Segmenter(reference_bits=16))):
        with pytest.raises(ValueError, match="different rules or rates"):
            read + other
    turkish = of([], segmenter=Segmenter(languages=["turkish"]))
    assert Estimate.from_json(turkish.to_json()) + turkish
    with pytest.raises(ValueError, match="takes no batches"):
        read.add(Batch(["a"]))


def test_fingerprint():
    """Cards of the same rates on their days are alike, whatever their order; others are not."""
    rows = [
        {"prefix": "1", "price": "0.1", "currency": "USD"},
        {"prefix": "44", "price": "0.1", "currency": "USD", "valid_from": "2026-01-02"},
    ]
    card = RateCard.from_rows(rows)
    assert len(bytes.fromhex(card.fingerprint)) == 16
    assert card.fingerprint == RateCard.from_rows(rows[::-1]).fingerprint
    assert card.fingerprint != card.on(date(2026, 1, 1)).fingerprint
    for change in ({"price": "0.2"}, {"currency": "EUR"}, {"per": "message"}, {"country": "x"}):
        assert card.fingerprint != RateCard.from_rows([rows[0] | change, rows[1]]).fingerprint


class TestWhatIsNoEstimate:
    @pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000])
    def test_no_json(self, text):
        """What is not JSON at all."""
        with pytest.raises(SourceError, match=r"^not valid JSON: "):
            Estimate.from_json(text)

    @pytest.mark.parametrize("facts", ["[]", "7", "{}", '{"version": "1"}', '{"version": 0}'])
    def test_other_json(self, facts):
        """JSON of something else."""
        with pytest.raises(SourceError, match=r"^not an estimate as septet writes it$"):
            Estimate.from_json(facts)

    def test_newer(self):
        """A form that this version does not know."""
        with pytest.raises(
            SourceError, match="an estimate of version 2: this septet reads up to 1"
        ):
            Estimate.from_dict(of([]).to_dict() | {"version": 2})

    @pytest.mark.parametrize("name", sorted(of([]).to_dict().keys() - {"version", "template"}))
    def test_something_is_missing(self, name):
        """An estimate that lacks a part."""
        facts = of([("’", "+12", "a")]).to_dict()
        del facts[name]
        with pytest.raises(SourceError, match=r"not a whole estimate|contradict each other"):
            Estimate.from_dict(facts)

    @pytest.mark.parametrize(
        "change",
        [
            lambda facts: facts.update(segments=9),
            lambda facts: facts["by_encoding"]["ucs2"]["distribution"].update({"2": 1}),
            lambda facts: facts["cost"]["totals"]["USD"].update(cost="0.01"),
            lambda facts: facts["cost"]["destinations"].append(facts["cost"]["destinations"][0]),
            lambda facts: facts["cost"]["destinations"][0].update(cost="1e-6"),
            lambda facts: facts["cost"].update(priced_on="yesterday"),
            lambda facts: facts["by"].update(kind=7),
            lambda facts: facts.update(more=1),
        ],
    )
    def test_figures_that_were_changed(self, change):
        """Figures that do not follow from each other."""
        facts = json.loads(of([("’", "+12", "a")]).to_json())
        change(facts)
        with pytest.raises(SourceError, match=r"not a whole estimate|contradict each other"):
            Estimate.from_dict(facts)
