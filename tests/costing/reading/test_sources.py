"""Batches, columns by name and purpose, and places of unreadable rows."""

import pytest

from septet.costing.reading.sources import Batch, Cells, Columns, find_column
from septet.costing.reading.templates import Filled, Template
from septet.exceptions import SourceError


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("body", "x.csv has more than one column 'body'; its columns are"),
        ("Phone", r"x.csv has no column 'Phone' \(did you mean 'phone'\?\); its columns are"),
        ("phones", r"x.csv has no column 'phones' \(did you mean 'phone'\?\); its columns are"),
        ("MESAGE TEXT", r"no column 'MESAGE TEXT' \(did you mean 'Message text'\?\)"),
        ("q", "x.csv has no column 'q'; its columns are 'body', 'phone', 'Message text', 'body'$"),
    ],
)
def test_missing_columns(name, message):
    """The error suggests a similar name in any case, if there is one."""
    with pytest.raises(SourceError, match=message):
        find_column(name, ["body", "phone", "Message text", "body"], "x.csv")


def test_many_long_names():
    """A file that is not CSV does not make a message of a megabyte."""
    with pytest.raises(SourceError) as caught:
        find_column("q", ["x" * 100_000, *map(str, range(5_000))], "x.csv")
    assert f"'{'x' * 40}…', '0', '1'" in str(caught.value)
    assert str(caught.value).endswith(", '28' and 4,971 more")


def test_find_column():
    """The result is the index of the column."""
    assert find_column("phone", ["body", "phone"], "x.csv") == 1


def test_split():
    """Cells in the order of `names` are split by purpose, and the rest is kept."""
    template = Template.parse("{a} {b}")
    columns = Columns(None, "to", ("c",), keep=True, template=template)
    assert columns.names == ["to", "a", "b", "c"]
    cells = columns.split(["TO", "A", "B", "C", "X", "Y"])
    assert cells == Cells(None, "TO", ["A", "B"], ["C"], ["X", "Y"])
    assert Columns("body").split(["BODY"]) == Cells("BODY", None, [], [], [])


def test_batch_of_a_template():
    """The texts are made from the values, which are the only copy of them."""
    values = [["Ann", "Bob"], ["1", "2"]]
    batch = Batch(Filled(Template.parse("{name}: {n}"), values))
    assert batch.make_texts() == ["Ann: 1", "Bob: 2"]
    assert batch.values == values
    plain = Batch(("one",))
    assert (plain.make_texts(), plain.values) == (("one",), ())


def test_row_numbers():
    """Unreadable rows have numbers too."""
    batch = Batch(["c", "e", "f"], first_row=3, skipped=[4, 7])
    assert [batch.row_number(index) for index in range(3)] == [3, 5, 6]
    later = Batch(["d", "f"], first_row=3, skipped=[3, 5])
    assert [later.row_number(index) for index in range(2)] == [4, 6]
