"""Headers below titles: which rows are titles, and what is said where they may be more."""

import pytest

from septet.costing.reading.headers import MAX_ROWS, Header, find_header

HEADER = ["phone", "body", "name"]
ROW = ["1", "Hi", "Ann"]


def find(rows, names=("body", "phone")):
    places = [f"line {number}" for number in range(1, len(rows) + 1)]
    return find_header(rows, places, names)


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        ([["Spring"]], "'Spring'"),
        ([["Spring", "", ""], [], [" ", "", " "]], "'Spring', '   '"),
        ([["Made on", "2026-01-31", ""]], "'Made on 2026-01-31'"),
        ([["x" * 70]], "'" + "x" * 60 + "…'"),
    ],
)
def test_titles(above, shown):
    """Rows with fewer cells than the header are titles."""
    remark = f"the header is line {len(above) + 1}, below {shown}"
    assert find([*above, HEADER, ROW]) == Header(len(above), remark)


@pytest.mark.parametrize(
    "above",
    [
        [["Telefon", "Text", "Name"]],
        [["Spring"], ["1", "Hi", "Ann"]],
        [["phone", "", ""]],
        [["sep=;", "", ""]],
    ],
)
def test_rows_that_may_be_more(above):
    """Rows as wide as the header, or with one of the names, are never left out."""
    place = f"line {len(above) + 1}"
    advice = f"; {place} has the wanted names: delete the rows above it"
    assert find([*above, HEADER, ROW]) == Header(advice=advice)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([HEADER, ["Spring"], HEADER], ("body", "phone")),
        ([["Spring"], ["phone", "text", "name"]], ("body", "phone")),
        ([["Spring"], HEADER], ()),
        ([], ("body",)),
    ],
)
def test_the_first_row(rows, names):
    """It is the header if it has the names, or if no row has all of them."""
    assert find(rows, names) == Header()


def test_names_that_are_repeated():
    """A column can be wanted for two things."""
    assert find([["Spring"], HEADER], ("phone", "phone")).rows_above == 1
    assert MAX_ROWS == 20
