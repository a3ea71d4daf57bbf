"""Excel workbooks (.xlsx) of messages: one sheet, in which a row names the columns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain, islice

from ...display.wording import listed
from ...exceptions import SourceError
from ...files.workbooks import Workbook, text_of_cell
from .headers import MAX_ROWS, find_header
from .sources import Batch, Columns, Source, find_column, list_columns

__all__ = ["ExcelSource"]

_BATCH_ROWS = 1 << 12


class ExcelSource(Source):
    """A sheet of a workbook."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self.byte_count = os.path.getsize(path)
        self._rows: Iterator[list[str]] = iter(())
        with Workbook(path) as workbook:
            header, advice = self._open_sheet(workbook)
        if columns.keep:
            self.header = header
        self._columns = columns = columns.with_fields(header)
        self._indexes = [find_column(name, header, self.name, advice) for name in columns.names]

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of rows; blank rows are left out."""
        while rows := list(islice(self._rows, _BATCH_ROWS)):
            self.rows_read += len(rows)
            columns = list(map(list, zip(*rows, strict=True)))
            cells = [columns[index] for index in self._indexes]
            yield self._make_batch(self._columns.split([*cells, *columns[: len(self.header)]]))

    def close(self) -> None:
        """Do nothing: the sheet has been loaded."""

    def _open_sheet(self, workbook: Workbook) -> tuple[list[str], str]:
        """Choose the sheet, and the row of it that names the columns.

        Returns:
            This row, and what to do if it lacks columns.

        Raises:
            SourceError: The sheets are empty, or several have rows, but none the columns.
        """
        path, given = self.name, self._columns.sheet
        # Not the columns of groups: readers without them must find the same header.
        names = [*self._columns.messages, *self._columns.fields]
        has_several = len(workbook.sheets) > 1
        headers: dict[str, list[str]] = {}
        for sheet in workbook.sheets if given is None else [workbook.find_sheet(given)]:
            texts = (list(map(text_of_cell, row)) for row in workbook.read_rows(sheet))
            numbered = ((number, row) for number, row in enumerate(texts, 1) if any(row))
            first = list(islice(numbered, MAX_ROWS))
            if not first:
                continue
            rows = [row for _, row in first]
            header = find_header(rows, [f"row {number}" for number, _ in first], names)
            headers[sheet] = names_row = rows[header.rows_above]
            self._rows = chain(rows[header.rows_above + 1 :], (row for _, row in numbered))
            remarks = [header.remark] if header.remark else []
            if has_several:
                self.name = f"{path}, sheet {sheet!r}"
            if has_several and given is None:
                others = [repr(other) for other in workbook.sheets if other != sheet]
                remarks.append(
                    f"other sheets were not read ({listed(others)}); --sheet NAME reads another"
                )
            self.remark = "; ".join(remarks)
            if set(names).issubset(names_row):
                break
        else:
            if not headers:
                which = "the first" if given is None else "this"
                raise SourceError(f"{path}: {which} sheet is empty")
            if len(headers) > 1:
                shown = (f"those of {each!r} are {list_columns(headers[each])}" for each in headers)
                wanted = " and ".join(map(repr, dict.fromkeys(names)))
                raise SourceError(f"{path}: no sheet has the columns {wanted}; {'; '.join(shown)}")
        return names_row, header.advice
