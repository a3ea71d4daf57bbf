"""Reading JSON Lines: the values of some keys of the object on each line, as columns of texts."""

from __future__ import annotations

import json

from .bounds import check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    JsonColumn: TypeAlias = tuple[str, bool, bool]

__all__ = ["JsonRows"]

_SPACE = b" \t\r"


class JsonRows:
    """Reads the rows of a block of JSON Lines.

    Lines that are no plain objects are left to the caller, who reads them by other means.

    Args:
        block: The lines as UTF-8, each with its line feed.
        columns: For each column the key of its values, whether numbers, true and false are taken
            too, as `json.dumps` writes them, and whether a line without a value is left.
        max_rows: How many rows are read before they must be taken.
        max_line_bytes: The size of the longest line that is read.

    Raises:
        ValueError: The last line lacks its line feed, or `max_rows` is less than 1.
    """

    def __init__(
        self, block: bytes, columns: tuple[JsonColumn, ...], max_rows: int, max_line_bytes: int
    ) -> None:
        if block and not block.endswith(b"\n"):
            raise ValueError("the last line of the block lacks its line feed")
        if max_rows < 1:
            raise ValueError(f"max_rows must be 1 or more, not {max_rows}")
        self._block = block
        self._columns = columns
        self._max_rows = max_rows
        self._max_line_bytes = max_line_bytes
        self._start_rows()

    def __len__(self) -> int:
        """Return the number of rows since the last `take`."""
        return self._row_count

    def read(self, start: int) -> tuple[int, int]:
        """Read lines up to one that is left to the caller; blank lines are no rows.

        Args:
            start: Where the first line begins in the block.

        Returns:
            Where the next line begins, which is the end of the block, or a line that is left, or
            one for which there is no room among `max_rows`; and the number of lines before it.

        Raises:
            ValueError: `start` is not within the block.
        """
        check_rows(start, len(self._block))
        line_count = 0
        while start < len(self._block) and self._row_count < self._max_rows:
            stop = self._block.index(b"\n", start)
            if not self._read_line(self._block[start:stop]):
                break
            start = stop + 1
            line_count += 1
        return start, line_count

    def _read_line(self, line: bytes) -> bool:
        """Add the row of a line, and return whether it is plain."""
        if len(line) > self._max_line_bytes:
            return False
        if not line.strip(_SPACE):
            return True
        cells: list[str | None] = []
        try:
            values = json.loads(line.decode())
            if not isinstance(values, dict):
                return False
            for key, takes_numbers, is_required in self._columns:
                value = values.get(key)
                if takes_numbers and isinstance(value, int | float):
                    value = json.dumps(value)
                if is_required if value is None else not isinstance(value, str):
                    return False
                cells.append(value)
            self.add(cells)
        except (ValueError, RecursionError):
            return False
        return True

    def add(self, cells: Sequence[str | None]) -> None:
        """Add a row that was read by other means.

        Args:
            cells: A text or None for each column.

        Raises:
            UnicodeEncodeError: A text has a lone surrogate, so that it is not UTF-8.
            ValueError: There is not one text for each column, or no room for another row.
        """
        if len(cells) != len(self._columns):
            raise ValueError(f"expected {len(self._columns)} cells, got {len(cells)}")
        if self._row_count >= self._max_rows:
            raise ValueError(f"there are {self._max_rows} rows already")
        for cell in cells:
            if cell is not None and not cell.isascii():
                cell.encode()
        for column, cell in zip(self._cells, cells, strict=True):
            column.append(cell)
        self._row_count += 1

    def take(self) -> list[list[str | None]]:
        """Return the columns of the rows so far, and begin with new ones.

        Returns:
            A column of texts for each key, as `septet.count_many` takes it.
        """
        cells = self._cells
        self._start_rows()
        return cells

    def _start_rows(self) -> None:
        self._cells: list[list[str | None]] = [[] for _ in self._columns]
        self._row_count = 0
