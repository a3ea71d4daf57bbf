"""Excel workbooks (.xlsx) of messages: a sheet whose first row with a cell names the columns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

from ...exceptions import SourceError
from ...files.workbooks import Workbook, text_of_cell
from .sources import Batch, Columns, Source, find_column

__all__ = ["ExcelSource"]

_BATCH_ROWS = 1 << 12


class ExcelSource(Source):
    """A sheet of a workbook."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self.byte_count = os.path.getsize(path)
        with Workbook(path) as workbook:
            rows = workbook.read_rows(workbook.sheets[0])
        self._rows = filter(any, (list(map(text_of_cell, row)) for row in rows))
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
        """Do nothing: the sheet has been loaded."""
