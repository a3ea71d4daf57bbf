"""Tables in memory whose columns are lists of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Any

from ...exceptions import SourceError
from .sources import Batch, Columns, Source
from .templates import missing_value

__all__ = ["ListSource"]


class ListSource(Source):
    """A table in memory whose columns are lists of texts."""

    def __init__(self, name: str, table: Mapping[str, Any], columns: Columns) -> None:
        super().__init__(name, columns)
        self._columns = columns = columns.with_fields(list(table))
        cells = [list(table[column]) for column in columns.names]
        self._row_count = len(cells[0])
        for index, (column, column_cells) in enumerate(zip(columns.names, cells, strict=True)):
            if len(column_cells) != self._row_count:
                first = f"{columns.names[0]!r} has {self._row_count:,} rows"
                other = f"{column!r} has {len(column_cells):,}"
                raise SourceError(f"{name}: columns differ in length: {first}, {other}")
            if index < len(columns.messages):
                self._check_texts(column, column_cells)
            elif index < len(columns.messages) + len(columns.field_names):
                cells[index] = list(map(_as_text, column_cells))
            else:
                self._convert_numbers(column, column_cells)
        if columns.keep:
            self.header = list(table)
            cells += [list(map(_as_text, column)) for column in table.values()]
        self._cells = cells

    def __iter__(self) -> Iterator[Batch]:
        """Yield all readable rows as one batch."""
        reasons: dict[int, str] = {}
        values = self._columns.split(self._cells).values
        fields = () if self._columns.template_column is not None else self._columns.fields
        for name, column in zip(fields, values, strict=False):
            for row, value in enumerate(column):
                if value is None:
                    reasons.setdefault(row, missing_value(name))
        for row in sorted(reasons):
            self.rows_read = row
            self._skip_row(f"row {row + 1}", reasons[row])
        self.rows_read = self._row_count
        is_readable = [row not in reasons for row in range(self._row_count)]
        cells = [list(compress(column, is_readable)) for column in self._cells]
        yield self._make_batch(self._columns.split(cells))

    def close(self) -> None:
        """Do nothing: a table in memory needs no closing."""

    def _check_texts(self, name: str, cells: list[Any]) -> None:
        for row, cell in enumerate(cells, 1):
            if not (cell is None or isinstance(cell, str)):
                raise self._make_type_error(name, row, cell)

    def _convert_numbers(self, name: str, cells: list[Any]) -> None:
        """Replace numbers in a column by their text."""
        for index, cell in enumerate(cells):
            if cell is None or isinstance(cell, str):
                continue
            if not isinstance(cell, int | float):
                raise self._make_type_error(name, index + 1, cell)
            cells[index] = json.dumps(cell)

    def _make_type_error(self, name: str, row: int, cell: object) -> SourceError:
        kind = type(cell).__name__
        return SourceError(f"{self.name}, row {row}: expected text in column {name!r}, got {kind}")


def _as_text(cell: Any) -> str | None:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell, default=str)
