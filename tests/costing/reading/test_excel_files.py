"""Excel workbooks: blank and merged rows, sheets, and what campaigns make of cells."""

from __future__ import annotations

import pytest

from septet.costing import estimate
from septet.costing.reading.campaigns import find_files
from septet.costing.reading.opening import open_source
from septet.exceptions import SourceError
from workbooks import row, write_workbook

HEADER = row("phone", "body")

pytest.importorskip("python_calamine")


def read(path, column="body"):
    """Return all values of a column."""
    with open_source(path, column) as source:
        return [text for batch in source for text in batch.texts]


def test_rows(tmp_path):
    """Blank rows are left out above and below the header; a row of merged cells has one value."""
    merged = '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2"/></row>'
    rows = '<row r="1"><c r="A1"/></row>' + HEADER + row(None, "one") + row(None, None)
    path = write_workbook(tmp_path / "a.XLSX", {"One": rows + row("", "two") + row("t", None)})
    assert read(path) == ["one", "two", ""]
    path = write_workbook(tmp_path / "b.xlsx", {"One": HEADER + merged})
    assert read(path, "phone") == ["x"]
    assert read(path) == [""]


def test_sheets(tmp_path):
    """The first visible sheet is read."""
    sheets = {"[Hidden]": row("no"), "Campaign": HEADER + row("1", "Hi"), "Other": row("body")}
    assert read(write_workbook(tmp_path / "a.xlsx", sheets)) == ["Hi"]


def test_a_campaign(tmp_path):
    """Numbers are recipients, fields and labels, and all columns are written."""
    header = row("phone", "name", "order")
    rows = row(447911123456, "Ann", 7) + row(447911123457, "Zoë", 8.5)
    path = write_workbook(tmp_path / "a.xlsx", {"One": header + rows})
    output = tmp_path / "priced.csv"
    result = estimate(path, template="Hi {name}, {order}", to="phone", by=["order"], output=output)
    assert (result.messages, result.segments) == (2, 2)
    assert set(result.groups["order"]) == {"7", "8.5"}
    assert output.read_text().splitlines()[:2] == [
        "phone,name,order,encoding,unit_count,segment_count,price,currency,note",
        "447911123456,Ann,7,gsm7,9,1,,,",
    ]


def test_many_rows(tmp_path):
    """More rows than a batch has."""
    rows = "".join(row(number, "Hi") for number in range(5000))
    path = write_workbook(tmp_path / "a.xlsx", {"One": HEADER + rows})
    assert read(path, "phone") == list(map(str, range(5000)))


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"One": ""}, "the first sheet is empty"),
        ({"One": row("x")}, "has no column 'body'; its columns are 'x'"),
    ],
)
def test_unreadable_sheets(tmp_path, sheets, message):
    """The error names the file."""
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(SourceError) as caught:
        open_source(path, "body")
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_folders(tmp_path):
    """A workbook is read only when it is named: it may be a copy of another file."""
    write_workbook(tmp_path / "a.xlsx", {"One": HEADER})
    (tmp_path / "a.csv").touch()
    assert find_files(tmp_path) == [str(tmp_path / "a.csv")]
