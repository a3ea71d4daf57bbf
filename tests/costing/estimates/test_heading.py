"""Headings: title, sources and date of an estimate, through sums, JSON and pickles."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pytest

from septet import Rules
from septet.costing import Batch, Estimate, estimate
from septet.costing.estimates.heading import Heading, describe_rules
from septet.exceptions import SourceError

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)


def test_of_files(tmp_path) -> None:
    """An estimate of files names them, in order, and the day; one of tables has no names."""
    names = [str(tmp_path / f"{letter}.csv") for letter in "ba"]
    for name in names:
        (tmp_path / name).write_text("body\nHi\n", encoding="utf-8")
    for source in (names, iter(names)):
        result = estimate(source, text="body")
        assert result.heading == Heading(None, date.today(), 2, tuple(names))
    assert estimate({"body": ["Hi"]}, text="body").heading == Heading(None, date.today())


def test_many_files() -> None:
    """The first twenty are kept, also of a sum."""
    names = [f"{number}.csv" for number in range(30)]
    heading = Heading.of_files(names)
    assert (heading.source_count, heading.sources) == (30, tuple(names[:20]))
    both = Heading.of_files(["a.csv"]) + heading
    assert (both.source_count, both.sources) == (31, ("a.csv", *names[:19]))


def test_sum() -> None:
    """The first title, the later day."""
    one, other = Heading("Spring", MAY), Heading("Summer", JUNE)
    assert one + other == Heading("Spring", JUNE)
    assert Heading(None, None) + one == Heading("Spring", MAY)


def test_remarks():
    """They add up, are kept in JSON, and older JSON has none."""
    one = Heading.of_files(["a.xlsx"], ["a.xlsx, sheet 'A': other sheets were not read"])
    total = one + Heading.of_files(["b.csv"]) + one
    assert total.remarks == one.remarks * 2
    assert Heading.from_dict(total.to_dict()) == total
    assert "remarks" not in Heading.of_files(["b.csv"]).to_dict()["sources"]
    with pytest.raises(TypeError, match="expected title and names of sources as text"):
        Heading.from_dict({"sources": {"count": 0, "names": [], "remarks": [1]}})


def test_through_json_and_pickle() -> None:
    """The heading is written, read, pickled and added up with the figures."""
    result = Estimate()
    result.add(Batch(["Hi"]))
    result.heading = Heading("Grüße <1>", MAY, 2, ("a.csv", "b.csv"))
    values = {**result.to_dict(), **json.loads(json.dumps(result.heading.to_dict()))}
    assert (values["title"], values["made_on"]) == ("Grüße <1>", "2026-05-31")
    assert values["sources"] == {"count": 2, "names": ["a.csv", "b.csv"]}
    for copy in (Estimate.from_dict(values), pickle.loads(pickle.dumps(result))):
        assert copy.heading == result.heading
        assert (copy + result).heading.source_count == 4


def test_files_without_a_heading() -> None:
    """An older file has none."""
    assert Estimate.from_dict(Estimate().to_dict()).heading == Heading()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": 7},
        {"rules": {**Rules().to_dict(), "languages": 7}},
        {"made_on": "yesterday"},
        {"made_on": 7},
        {"sources": {}},
        {"sources": {"count": 0, "names": ["a"]}},
        {"sources": {"count": 1, "names": [None]}},
        {"sources": {"count": True, "names": []}},
    ],
)
def test_damaged(wrong) -> None:
    """A value of another form is an error, and not a traceback."""
    values = {**Estimate().to_dict(), **wrong}
    with pytest.raises(SourceError):
        Estimate.from_dict(values)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["GSM-7 where a text allows it, else UCS-2"]),
        ({"encoding": "ucs2"}, ["UCS-2"]),
        ({"provider": "telnyx"}, ["the rules of telnyx"]),
        ({"reference_bits": 16}, ["16-bit references in the headers of long messages"]),
        ({"languages": ["turkish", "urdu"]}, ["national alphabets: turkish, urdu"]),
        ({"keep_graphemes": True}, ["grapheme clusters kept whole"]),
        ({"header_octets": 4}, ["4 octets of other headers in each segment"]),
    ],
)
def test_rules_in_words(options, expected) -> None:
    """Every option that was given is named."""
    words = describe_rules(Rules(**options).to_dict())
    assert all(each in words for each in expected)
    assert ("8-bit references in the headers of long messages" in words) == (
        "reference_bits" not in options
    )
