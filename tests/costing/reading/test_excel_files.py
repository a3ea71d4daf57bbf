"""Excel workbooks: cells as texts, blank and merged rows, too large sheets, other files."""

from __future__ import annotations

import sys

import pytest

from septet.costing import estimate
from septet.costing.reading import excel_files
from septet.costing.reading.campaigns import find_files
from septet.costing.reading.opening import open_source
from septet.exceptions import MissingExtraError, SourceError
from workbooks import DAY, DURATION, MOMENT, TIME, cell, row, write_workbook

HEADER = row("phone", "body")
STYLES = {style: number for number, style in enumerate((0, DAY, MOMENT, TIME, DURATION))}

pytest.importorskip("python_calamine")


def read(path, column="body"):
    """Return all values of a column."""
    with open_source(path, column) as source:
        return [text for batch in source for text in batch.texts]


@pytest.mark.parametrize(
    ("value", "style", "expected"),
    [
        ("  two  ", 0, "  two  "),
        ("+447911123456", 0, "+447911123456"),
        (447911123456, 0, "447911123456"),
        ("4.47911123456E11", None, "447911123456"),
        (447911123456.5, 0, "447911123456.5"),
        (-5, 0, "-5"),
        (0.1, 0, "0.1"),
        (0.023700000000000002, 0, "0.0237"),
        (2.9999999999999996, 0, "3"),
        (0.000001, 0, "1e-06"),
        (-0.0, 0, "0"),
        (123456789012345, 0, "123456789012345"),
        (1234567890123456789, 0, "1.2345678901234568e+18"),
        (True, 0, "TRUE"),
        (46053, DAY, "2026-01-31"),
        (46053.5, MOMENT, "2026-01-31T12:00:00"),
        (0.5, TIME, "12:00:00"),
        (1.25, DURATION, "30:00:00"),
    ],
)
def test_cells(tmp_path, value, style, expected):
    """Integers have no decimals, dates are ISO 8601, and long numbers have lost digits."""
    written = f"<c><v>{value}</v></c>" if style is None else cell(value, STYLES[style])
    path = tmp_path / "a.xlsx"
    write_workbook(path, {"One": HEADER + f"<row>{cell('x')}{written}</row>"})
    assert read(path) == [expected]


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
    ("reference", "is_too_large"),
    [('r="XFD1048576"', True), ('r="C1000"', False), ("", False)],
)
def test_size(tmp_path, monkeypatch, reference, is_too_large):
    """A cell in the last corner makes a sheet too large, unless it has only a format."""
    path = tmp_path / "a.xlsx"
    for content in ("<v>1</v>", ""):
        write_workbook(path, {"One": HEADER + f"<row><c {reference}>{content}</c></row>"})
        if is_too_large and content:
            with pytest.raises(SourceError, match=r"a sheet has more than 16,777,216 cells"):
                open_source(path, "body")
        else:
            open_source(path, "body").close()
    monkeypatch.setattr(excel_files, "_MAX_XML_BYTES", 1000)
    with pytest.raises(SourceError, match=r"a.xlsx has more than 0 GiB of XML$"):
        open_source(path, "body")


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"One": ""}, "the first sheet is empty"),
        ({"[One]": HEADER}, "has no visible sheet"),
        ({"One": row("x")}, "has no column 'body'; its columns are 'x'"),
        ({"One": HEADER + "<row>"}, "is not a workbook: mismatched tag"),
        ({"One": '<row><c r="A"><v>1</v></c></row>'}, "is not a workbook: "),
    ],
)
def test_unreadable_sheets(tmp_path, sheets, message):
    """The error names the file."""
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(SourceError) as caught:
        open_source(path, "body")
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_damaged_files(tmp_path):
    """Whatever the library raises becomes an error that names the file."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": HEADER + row("1", "Hi")})
    content = path.read_bytes()
    for damaged in (b"", b"a,b", content[:400], content.replace(b"workbook", b"workbxxk")):
        path.write_bytes(damaged)
        with pytest.raises(SourceError, match=r"a\.xlsx is not a workbook: "):
            open_source(path, "body")
    with pytest.raises(FileNotFoundError):
        open_source(tmp_path / "none.xlsx", "body")


def test_folders(tmp_path):
    """A workbook is read only when it is named: it may be a copy of another file."""
    write_workbook(tmp_path / "a.xlsx", {"One": HEADER})
    (tmp_path / "a.csv").touch()
    assert find_files(tmp_path) == [str(tmp_path / "a.csv")]


def test_without_the_library(tmp_path, monkeypatch):
    """The error names the extra."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": HEADER})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"reading .xlsx files .*septet\[excel\]"):
        open_source(path, "body")
