"""Excel workbooks (.xlsx): the first visible sheet, whose first row with a cell names the columns.

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
from itertools import islice
from typing import IO, Any
from xml.parsers import expat

from ...exceptions import MissingExtraError, SourceError
from .sources import Batch, Columns, Source, find_column
from .unreadable_rows import first_line

__all__ = ["MAX_CELLS", "ExcelSource"]

MAX_CELLS = 1 << 24
"""The size of the largest sheet, from the first to the last row and column; 32 bytes each."""

_MAX_XML_BYTES = 1 << 30
_BATCH_ROWS = 1 << 12
_MAX_EXACT = 10.0**15  # spreadsheets keep 15 digits of a number


class ExcelSource(Source):
    """A sheet of a workbook."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self.byte_count = os.path.getsize(path)
        with self._opening():
            _check_size(path)
            self._rows = self._open_rows(path)
        header = next(self._rows, None)
        if header is None:
            raise SourceError(f"{path}: the first sheet is empty")
        if columns.keep:
            self.header = header
        self._columns = columns = columns.with_fields(header)
        self._indexes = [find_column(name, header, path) for name in columns.names]

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of rows; blank rows are left out."""
        while rows := list(islice(self._rows, _BATCH_ROWS)):
            self.rows_read += len(rows)
            columns = list(map(list, zip(*rows, strict=True)))
            cells = [columns[index] for index in self._indexes]
            yield self._make_batch(self._columns.split([*cells, *columns[: len(self.header)]]))

    def close(self) -> None:
        """Do nothing: the file is closed when the sheet has been loaded."""

    def _open_rows(self, path: str) -> Iterator[list[str]]:
        """Load the sheet, and return its rows with a cell as texts."""
        try:
            from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
        except ModuleNotFoundError as error:
            raise MissingExtraError("python-calamine", "excel", "reading .xlsx files") from error
        with CalamineWorkbook.from_path(path) as workbook:
            for index, sheet in enumerate(workbook.sheets_metadata):
                is_visible = sheet.visible == SheetVisibleEnum.Visible
                if is_visible and sheet.typ == SheetTypeEnum.WorkSheet:
                    rows = workbook.get_sheet_by_index(index).iter_rows()
                    texts = (list(map(_to_text, row)) for row in rows)
                    return filter(any, texts)
        raise SourceError(f"{path} has no visible sheet")

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Turn the errors of opening the workbook into one that names it."""
        try:
            yield
        except (SourceError, MissingExtraError, FileNotFoundError, PermissionError):
            raise
        except BaseException as error:
            # A panic of the library is no Exception.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                reason = first_line(Exception(error))
                raise SourceError(f"{self.name} is not a workbook: {reason}") from error
            raise


def _to_text(cell: Any) -> str:
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
