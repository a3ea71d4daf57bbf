"""What sources have in common: places of unreadable rows, and columns found by name."""

import pytest

from septet.costing import UnreadableRow, UnreadableRows
from septet.costing.reading.sources import position
from septet.exceptions import SourceError


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("body", "x.csv has more than one column 'body'; its columns are"),
        ("Phone", r"x.csv has no column 'Phone' \(perhaps 'phone'\); its columns are"),
        ("phones", r"x.csv has no column 'phones' \(perhaps 'phone'\); its columns are"),
        ("MESAGE TEXT", r"no column 'MESAGE TEXT' \(perhaps 'Message text'\)"),
        ("q", "x.csv has no column 'q'; its columns are 'body', 'phone', 'Message text', 'body'$"),
    ],
)
def test_columns_that_are_not_there(name, message):
    """The nearest name is told, whatever its case, if any is near."""
    with pytest.raises(SourceError, match=message):
        position(name, ["body", "phone", "Message text", "body"], "x.csv")


def test_many_long_names():
    """A file that is something else makes no message of a megabyte."""
    with pytest.raises(SourceError) as caught:
        position("q", ["x" * 100_000, *map(str, range(5_000))], "x.csv")
    assert f"'{'x' * 40}…', '0', '1'" in str(caught.value)
    assert str(caught.value).endswith(", '28' and 4,971 more")


def test_position():
    """A column stands where it stands."""
    assert position("phone", ["body", "phone"], "x.csv") == 1


def test_places_within_a_source():
    """Places get the name of their source, and none is lost."""
    rows = UnreadableRows()
    for line in range(7):
        rows.note(f"line {line}", "broken")
    within = rows.within("x.csv")
    assert within.count == 7
    assert within.examples[0] == UnreadableRow("x.csv, line 0", "broken")
    assert (len(within.examples), rows.examples[0].place) == (5, "line 0")
