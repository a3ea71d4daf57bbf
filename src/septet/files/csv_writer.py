"""Writes CSV files that are made of data from outside."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

from .cells import as_text
from .whole_files import text_of

__all__ = ["csv_writer"]


@contextmanager
def csv_writer(
    file: IO[bytes], columns: Sequence[str], from_outside: Collection[str]
) -> Iterator[Callable[[Mapping[str, object]], object]]:
    """Write the names of the columns, and yield a function that writes a row.

    Args:
        file: The file; it stays open.
        columns: The names of the columns, which the rows have as keys.
        from_outside: The columns whose texts come from outside: one that a spreadsheet would run
            as a formula gets an apostrophe before it.
    """
    # Texts from JSON may have lone surrogates.
    with text_of(file, "backslashreplace") as text:
        writer = csv.DictWriter(text, columns)
        writer.writeheader()

        def write_row(row: Mapping[str, object]) -> object:
            texts = {name: value for name in from_outside if isinstance(value := row[name], str)}
            return writer.writerow(
                {**row, **{name: as_text(value) for name, value in texts.items()}}
            )

        yield write_row
