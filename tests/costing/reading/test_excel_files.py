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


def test_the_sheet_with_the_columns(tmp_path):
    """It is the first visible one that has them, and what was read is said."""
    title = row("Spring") + row()
    sheets = {"Notes": row("Read me", "x"), "A": title + HEADER + row("1", "Hi"), "B": HEADER}
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    result = estimate(path, text="body", to="phone")
    assert (result.messages, result.heading.sources) == (1, (str(path),))
    remark = (
        f"{path}, sheet 'A': the header is row 3, below 'Spring'; other sheets were not read "
        "('Notes', 'B'); --sheet NAME reads another"
    )
    assert result.heading.remarks == (remark,)
    other = estimate(path, text="body", sheet="b")
    assert (other.messages, other.heading.remarks) == (0, ())


def test_the_sheet_that_is_named(tmp_path):
    """A hidden one can be named too; errors have its name if there are several."""
    sheets = {"[Old]": HEADER + row("1", "Hi"), "A": HEADER, "B": row("x")}
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    assert estimate(path, text="body", sheet="OLD").messages == 1
    with pytest.raises(SourceError, match=r"a\.xlsx has no sheet 'C'; its sheets are 'A', 'B'"):
        estimate(path, text="body", sheet="C")
    with pytest.raises(SourceError, match=r"a\.xlsx, sheet 'B' has no column 'body'; its columns"):
        estimate(path, text="body", sheet="B")


def test_rows_of_all_columns(tmp_path):
    """A row above the header that may be a message is never left out."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": row("a", "b") + row() + HEADER})
    with pytest.raises(SourceError, match=r"are 'a', 'b'; row 3 has the wanted names: delete the"):
        read(path)


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
        ({"A": row("x"), "B": ""}, ", sheet 'A' has no column 'body'; its columns are 'x'"),
        (
            {"A": row("x"), "B": row("y", "z"), "[C]": HEADER},
            "no sheet has the columns 'body'; those of 'A' are 'x'; those of 'B' are 'y', 'z'",
        ),
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
