"""Workbooks: their sheets, cells as texts, too large sheets, damaged and other files."""

from __future__ import annotations

import sys

import pytest

from septet.exceptions import MissingExtraError, SourceError
from septet.files import workbooks
from septet.files.workbooks import Workbook, text_of_cell
from workbooks import DAY, DURATION, MOMENT, TIME, cell, row, write_workbook

STYLES = {style: number for number, style in enumerate((0, DAY, MOMENT, TIME, DURATION))}

pytest.importorskip("python_calamine")


def read(path, sheet=None):
    """Return the cells of a sheet as texts."""
    with Workbook(path) as workbook:
        rows = workbook.read_rows(workbook.sheets[0] if sheet is None else sheet)
    return [list(map(text_of_cell, cells)) for cells in rows]


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
    path = write_workbook(tmp_path / "a.xlsx", {"One": f"<row>{cell('x')}{written}</row>"})
    assert read(path) == [["x", expected]]


def test_rows(tmp_path):
    """Rows are counted from the first one of the sheet, and columns from the first with a cell."""
    rows = '<row r="3"><c r="B3"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c></row>'
    path = write_workbook(tmp_path / "a.xlsx", {"One": rows + '<row r="5"><c r="C5"/></row>'})
    assert read(path)[:3] == [["", ""], ["", ""], ["1", ""]]
    assert not any(map(any, read(path)[3:]))


def test_sheets(tmp_path):
    """Hidden sheets are read only when they are named; case does not matter."""
    sheets = {"[Raw]": row("raw"), "Prices": row("a"), "Notes": row("b")}
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    with Workbook(path) as workbook:
        assert workbook.sheets == ["Prices", "Notes"]
        assert workbook.find_sheet("NOTES") == "Notes"
        assert list(workbook.read_rows(workbook.find_sheet("raw"))) == [["raw"]]
        with pytest.raises(SourceError, match=r"has no sheet 'X'; its sheets are 'Prices', 'Not"):
            workbook.find_sheet("X")
    with pytest.raises(SourceError, match=r"b\.xlsx has no visible sheet"):
        Workbook(write_workbook(tmp_path / "b.xlsx", {"[One]": row("x")}))


@pytest.mark.parametrize(
    ("reference", "is_too_large"),
    [('r="XFD1048576"', True), ('r="C1000"', False), ("", False)],
)
def test_size(tmp_path, monkeypatch, reference, is_too_large):
    """A cell in the last corner makes a sheet too large, unless it has only a format."""
    path = tmp_path / "a.xlsx"
    for content in ("<v>1</v>", ""):
        write_workbook(path, {"One": f"{row('x')}<row><c {reference}>{content}</c></row>"})
        if is_too_large and content:
            with pytest.raises(SourceError, match=r"a sheet has more than 16,777,216 cells"):
                Workbook(path)
        else:
            assert read(path)[0][0] == "x"
    monkeypatch.setattr(workbooks, "_MAX_XML_BYTES", 1000)
    with pytest.raises(SourceError, match=r"a.xlsx has more than 0 GiB of XML$"):
        Workbook(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("<row>", "is not a workbook: mismatched tag"),
        ('<row><c r="A"><v>1</v></c></row>', "is not a workbook: "),
    ],
)
def test_damaged_sheets(tmp_path, rows, message):
    """The error names the file."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": rows})
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path} {message}")


def test_damaged_files(tmp_path):
    """Whatever the library raises becomes an error that names the file."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": row("1", "Hi")})
    content = path.read_bytes()
    for damaged in (b"", b"a,b", content[:400], content.replace(b"workbook", b"workbxxk")):
        path.write_bytes(damaged)
        with pytest.raises(SourceError, match=r"a\.xlsx is not a workbook: "):
            Workbook(path)
    with pytest.raises(FileNotFoundError):
        Workbook(tmp_path / "none.xlsx")


def test_without_the_library(tmp_path, monkeypatch):
    """The error names the extra."""
    path = write_workbook(tmp_path / "a.xlsx", {"One": row("x")})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"reading .xlsx files .*septet\[excel\]"):
        Workbook(path)
