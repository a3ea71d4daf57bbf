"""Excel workbooks (.xlsx): the sheets of one, and the cells of a sheet as texts.

python-calamine has the whole sheet in memory, and ends the process if that is too small. So a sheet
with too many cells is refused before: it may be a small file with a cell in its last corner.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from functools import cache, reduce
from typing import IO, Any, Self
from xml.parsers import expat

from ..exceptions import MissingExtraError, SourceError

__all__ = ["MAX_CELLS", "Workbook", "text_of_cell"]

MAX_CELLS = 1 << 24
"""The size of the largest sheet, from the first to the last row and column; 32 bytes each."""

_MAX_XML_BYTES = 1 << 30
_MAX_EXACT = 10.0**15  # spreadsheets keep 15 digits of a number


class Workbook:
    """A workbook of one or more sheets of cells.

    Attributes:
        name: The path of the file.
        sheets: The names of the visible sheets, in their order.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Read the names of the sheets.

        Raises:
            OSError: The file cannot be opened.
            MissingExtraError: The extra `excel` is not installed.
            SourceError: The file is not a workbook, has a sheet that is too large, or has no
                visible sheet.
        """
        self.name = os.fsdecode(path)
        with self._reading():
            _check_size(self.name)
            from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

            self._workbook = CalamineWorkbook.from_path(self.name)
            sheets = self._workbook.sheets_metadata
            self._indexes = {
                sheet.name: index
                for index, sheet in enumerate(sheets)
                if sheet.typ == SheetTypeEnum.WorkSheet
            }
            self.sheets = [
                sheet.name
                for sheet in sheets
                if sheet.name in self._indexes and sheet.visible == SheetVisibleEnum.Visible
            ]
        if not self.sheets:
            raise SourceError(f"{self.name} has no visible sheet")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workbook.close()

    def find_sheet(self, name: str) -> str:
        """Return the name of a sheet as the workbook writes it; case does not matter.

        Raises:
            SourceError: There is no such sheet; the message has the names of the visible ones.
        """
        found = [each for each in self._indexes if each.casefold() == name.casefold()]
        if not found:
            names = ", ".join(map(repr, self.sheets))
            raise SourceError(f"{self.name} has no sheet {name!r}; its sheets are {names}")
        return found[0]

    def read_rows(self, sheet: str) -> Iterator[list[Any]]:
        """Load a sheet, and return an iterator over its rows.

        Args:
            sheet: The name of the sheet.

        Returns:
            The cells of each row from the first row of the sheet on, blank ones included: "" for an
            empty cell, else a text, a float, a bool, a date, a time or the like. All rows have the
            same length.

        Raises:
            SourceError: The sheet is damaged.
        """
        with self._reading():
            return self._workbook.get_sheet_by_index(self._indexes[sheet]).iter_rows()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn the errors of reading the file into one that names it."""
        try:
            yield
        except ModuleNotFoundError as error:
            raise MissingExtraError("python-calamine", "excel", "reading .xlsx files") from error
        except (SourceError, FileNotFoundError, PermissionError):
            raise
        except BaseException as error:
            # A panic of the library is no Exception.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                reason = str(error).partition("\n")[0]
                raise SourceError(f"{self.name} is not a workbook: {reason}") from error
            raise


def text_of_cell(cell: Any) -> str:
    """Return a cell as text: a number without decimals it does not have, and a date as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        # Formulas leave numbers such as 0.023700000000000002, which spreadsheets show as 0.0237.
        return f"{cell + 0.0:.15g}" if abs(cell) < _MAX_EXACT else repr(cell)  # not "-0"
    if isinstance(cell, date | time):  # a datetime is a date
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _check_size(path: str) -> None:
    """Check that no sheet is too large for the memory.

    Raises:
        SourceError: One is. Other errors mean that the file is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MAX_XML_BYTES:
            raise SourceError(f"{path} has more than {_MAX_XML_BYTES >> 30} GiB of XML")
        for name in archive.namelist():
            if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
                with archive.open(name) as file:
                    if _count_cells(file) > MAX_CELLS:
                        raise SourceError(
                            f"{path}: a sheet has more than {MAX_CELLS:,} cells between the first "
                            "and the last; save it as CSV"
                        )


def _count_cells(sheet: IO[bytes]) -> int:
    """Return the size of a sheet up to its last row and column with a value.

    Args:
        sheet: The XML of the sheet.
    """
    row = column = last_row = last_column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column
        name = name.rpartition(":")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c" and "r" in attributes:
            letters = attributes["r"].rstrip("0123456789")
            row, column = int(attributes["r"][len(letters) :]), _column_number(letters)
        elif name == "c":
            column += 1
        elif name in ("v", "is", "f"):  # a cell without these has only a format
            last_row, last_column = max(last_row, row), max(last_column, column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.ParseFile(sheet)
    return last_row * last_column


@cache
def _column_number(letters: str) -> int:
    """Return the number of a column from its letters: 1 for A, 27 for AA."""
    return reduce(lambda number, letter: 26 * number + ord(letter) - 64, letters.upper(), 0)
