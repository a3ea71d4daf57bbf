"""Templates that differ from row to row: a column holds them, and other columns fill them.

Each distinct template is parsed once, and a kernel fills those of a batch.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import compress
from typing import Any

from ..._kernels import ValueIndex, fill_rows
from ...arrow.structures import read_chunks
from ...arrow.view_columns import ViewColumn
from ...columns.surveys import listed, number_values
from .templates import JoinedTexts, Template, missing_value

__all__ = ["RowTemplates", "without_rows"]

_MAX_REMEMBERED = 1 << 14
_NOTHING = Template("", (), ())


class RowTemplates:
    """Reads the templates of a column, and fills them."""

    def __init__(self, names: Sequence[str]) -> None:
        """Start without templates.

        Args:
            names: The names of the columns that can fill fields, in the order of their values.
        """
        self._columns = {name: index for index, name in enumerate(names)}
        self._forget()

    def _forget(self) -> None:
        self._index = ValueIndex()
        self._templates: list[Template] = []
        self._reasons: dict[int, str] = {}  # why a text is no template, by its number
        self._constants: list[bytes] = []
        self._parts = array("i")  # of all templates: columns, then constants
        self._starts = array("i", [0])

    def read(self, texts: Any) -> array[int]:
        """Return the number of the template of each row.

        Args:
            texts: The column of templates. The numbers are those of this object until the next
                column is read.
        """
        if len(self._templates) > _MAX_REMEMBERED:
            self._forget()
        numbers = number_values(self._index, texts)
        for text in self._index.values(len(self._templates)):
            self._add(text)
        return numbers

    def find_unreadable(self, numbers: Sequence[int], values: Sequence[Any]) -> dict[int, str]:
        """Return the rows that cannot be filled, and the reasons.

        Args:
            numbers: The number of the template of each row.
            values: The columns of values.
        """
        reasons: dict[int, str] = {}
        if bad := self._reasons:
            reasons = {row: bad[number] for row, number in enumerate(numbers) if number in bad}
        for name in self._used():
            column = values[self._columns[name]]
            if column.count(None) if isinstance(column, list) else column.null_count:
                for row, value in enumerate(listed(column)):
                    if value is None and name in self._templates[numbers[row]].fields:
                        reasons.setdefault(row, missing_value(name))
        return reasons

    def fill(self, numbers: array[int], values: Sequence[Any]) -> Any:
        """Return the texts of some rows, none of which is unreadable.

        Args:
            numbers: The number of the template of each row.
            values: The columns of values: lists, or Arrow arrays of text.

        Returns:
            A list if a column of values is a list, else a column that exports an Arrow array.
        """
        used = {name: values[self._columns[name]] for name in self._used()}
        if any(isinstance(column, list) for column in used.values()):
            lists = {name: listed(column) for name, column in used.items()}
            return [self._fill_row(number, row, lists) for row, number in enumerate(numbers)]
        pieces: list[Any] = [b""] * len(self._columns)
        # A chunk keeps the memory alive that its addresses point to.
        chunks = {name: next(read_chunks(column)) for name, column in used.items() if len(column)}
        for name, chunk in chunks.items():
            pieces[self._columns[name]] = chunk.addresses, chunk.offset
        parts, starts = memoryview(self._parts), memoryview(self._starts)
        filled = fill_rows([*pieces, *self._constants], parts, starts, memoryview(numbers))
        return JoinedTexts(*filled)

    def _fill_row(self, number: int, row: int, lists: dict[str, list[str | None]]) -> str:
        template = self._templates[number]
        return template.fill([lists[name][row] or "" for name in template.fields])

    def _used(self) -> dict[str, None]:
        """Return the names of the fields of all templates, in order."""
        return dict.fromkeys(name for template in self._templates for name in template.fields)

    def _add(self, text: str | None) -> None:
        """Add the next template; one that is not valid is empty and has a reason."""
        template = _NOTHING
        try:
            template = _NOTHING if text is None else Template.parse(text)
        except ValueError as error:
            self._reasons[len(self._templates)] = str(error)
        for name in template.fields:
            if name not in self._columns:
                self._reasons[len(self._templates)] = f"no column for {{{name}}}"
                template = _NOTHING
                break
        self._templates.append(template)
        for piece in template.pieces:
            if isinstance(piece, str):
                self._parts.append(len(self._columns) + len(self._constants))
                self._constants.append(piece.encode())
            else:
                self._parts.append(self._columns[template.fields[piece]])
        self._starts.append(len(self._parts))


def without_rows(column: Any, left_out: dict[int, Any]) -> Any:
    """Return a column of a batch without some rows.

    Args:
        column: A list, a `ViewColumn` or an array of pyarrow; None stays None.
        left_out: The indexes of the rows to leave out.
    """
    if column is None:
        return None
    if isinstance(column, ViewColumn):
        column = column.to_list()
    if not isinstance(column, list):
        from .arrow.rows import take_runs

        return take_runs(column, left_out)
    return list(compress(column, [row not in left_out for row in range(len(column))]))
