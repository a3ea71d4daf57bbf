"""Estimates through JSON: what is read is what was written, and what is no estimate is refused."""

import json
import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Segmenter
from septet.costing import Batch, Estimate, Filled, RateCard, Template, UnreadableRows
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
    result.add(Batch(texts, recipients, groups=[kinds]))
    return result


ADDED_LATER = {"version", "template", "wrongly_decoded", "texts_to_fix"}
"""Fields that are not missing in older files; `version` has an error of its own."""

# Objects whose keys are data: a name may be anything there. A star is any one step.
TABLES = [
    ("by",),
    ("by_encoding",),
    ("by_encoding", "*", "distribution"),
    ("cost", "totals"),
    ("cost", "unpriced"),
    ("distribution",),
    ("savings", "changes"),
    ("savings", "near"),
    ("savings", "repeats"),
]


@cache
def written():
    """An estimate that has something in every part, as JSON."""
    result = Estimate(
        Segmenter(provider="telnyx"), RATES, ["kind"], savings=True, template="{name}"
    )
    names = ["’" * 71, "a" * 2000, "a" * 161, "", "’", "’"]
    numbers = ["+12", "+4477", "+3363", "+12", "555", "+12"]
    texts = Filled(Template.parse("{name}"), [names])
    result.add(Batch(texts, numbers, groups=[["a", None, "b", "a", "a", "a"]]))
    unreadable = UnreadableRows()
    unreadable.add("line 7", "broken")
    result.add_unreadable(unreadable)
    return result.to_json()


def full():
    """The same as plain values of its own."""
    return json.loads(written())


def objects(value, path=()):
    """Yield every object in a value, and its path."""
    if isinstance(value, dict):
        yield path, value
    if isinstance(value, (dict, list)):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in steps:
            yield from objects(inner, (*path, step))


def is_table(path):
    if path[-1:] == ("cost",) and len(path) > 1:
        return True  # of a group, by currency
    return any(
        len(path) == len(table)
        and all(one in ("*", step) for one, step in zip(table, path, strict=True))
        for table in TABLES
    )


def records(facts):
    """Return the paths of the objects whose fields have names of ours."""
    return [path for path, _ in objects(facts) if not is_table(path)]


def known_paths(facts):
    """Return the paths of all fields that cannot be left out."""
    paths = [
        (*path, name) for path, value in objects(facts) if not is_table(path) for name in value
    ]
    later = {("savings", "mms"), ("savings", "rcs")}
    return [p for p in paths if p not in later and (p[0] not in ADDED_LATER or len(p) > 1)]


def part(facts, path):
    for step in path:
        facts = facts[step]
    return facts


def shown(path):
    """Return a path as messages show it."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


@given(ROWS, st.booleans())
def test_there_and_back(rows, is_priced):
    """All figures survive, lone surrogates and amounts beyond a double too."""
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
    assert facts.pop("texts_to_fix") == []
    assert Estimate.from_dict(facts).to_dict() == result.to_dict()


def test_unreadable_rows():
    """Unreadable rows keep their number and their places."""
    rows = UnreadableRows()
    for line in range(9):
        rows.add(f"a.csv, line {line}", "broken")
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
    with pytest.raises(ValueError, match="takes no more batches"):
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

    @pytest.mark.parametrize("path", sorted(known_paths(full())))
    def test_something_is_missing(self, path):
        """The error names the field, at any depth."""
        facts = full()
        *parents, name = path
        del part(facts, parents)[name]
        with pytest.raises(SourceError, match=f"^not a whole estimate: {re.escape(shown(path))} "):
            Estimate.from_dict(facts)

    @pytest.mark.parametrize(
        ("path", "value", "at"),
        [
            ("segments", 9, "segments"),
            ("by_encoding.ucs2.distribution.2", 5, "rows"),
            ("by_encoding.ucs2.distribution.01", 2, "by_encoding.ucs2.distribution"),
            ("by_encoding.gsm7.messages", 9, "by_encoding.gsm7.messages"),
            ("distribution.7", 0, "distribution"),
            ("cost.totals.USD.cost", "0.01", "cost.totals.USD.cost"),
            ("cost.totals.CHF", {"messages": 0}, "cost.totals"),
            ("savings.near.09", {"messages": 0, "segments": 0, "cost": {}}, "savings.near"),
            ("non_gsm_characters.0.code_point", "U+0041", "non_gsm_characters[0].code_point"),
        ],
    )
    def test_contradiction(self, path, value, at):
        """The error names the first figure that does not follow from the others."""
        facts = full()
        *parents, name = path.split(".")
        part(facts, [int(step) if step == "0" else step for step in parents])[name] = value
        message = f"an estimate whose figures contradict each other: see {at}"
        with pytest.raises(SourceError, match=f"^{re.escape(message)}$"):
            Estimate.from_dict(facts)

    def test_repeated_destination(self):
        """What stands there twice would be lost."""
        facts = full()
        facts["cost"]["destinations"].append(facts["cost"]["destinations"][0])
        with pytest.raises(SourceError, match=r"contradict each other: see cost\.destinations$"):
            Estimate.from_dict(facts)

    @pytest.mark.parametrize(
        "change",
        [
            lambda facts: facts["cost"]["destinations"][0].update(cost="1e-6"),
            lambda facts: facts["cost"].update(priced_on="yesterday"),
            lambda facts: facts["by"].update(kind=7),
            lambda facts: facts["by"]["kind"][0].update(value=7),
            lambda facts: facts["by"]["kind"][0].update(messages="x"),
            lambda facts: facts["savings"]["characters"][0].update(occurrences=None),
            lambda facts: facts["savings"]["characters"][0].update(char=1),
            lambda facts: facts["wrongly_decoded"].update(count=-1),
            lambda facts: facts["unreadable"].update(count=True),
            lambda facts: facts["by_encoding"].update(utf8=facts["by_encoding"]["ucs2"]),
        ],
    )
    def test_values_of_another_form(self, change):
        """What cannot be read as an amount, a day, groups or an encoding."""
        facts = full()
        change(facts)
        with pytest.raises(SourceError, match=r"^not a whole estimate: "):
            Estimate.from_dict(facts)


@pytest.mark.parametrize("path", sorted(records(full())))
@pytest.mark.parametrize("value", [1, None, {"more": [{}]}])
def test_unknown_fields(path, value):
    """A later version may add a field anywhere."""
    facts = full()
    part(facts, path)["added"] = value
    back = Estimate.from_dict(facts)
    assert back.to_dict() == full()
    assert (back + back).to_dict() == (Estimate.from_dict(full()) + back).to_dict()
    assert (back + back).segments == 2 * full()["segments"]
