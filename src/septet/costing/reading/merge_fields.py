"""Fields such as {first_name} in a column of texts that other columns could fill."""

from __future__ import annotations

import re
from array import array

from ...columns.surveys import listed_rows
from .opening import open_file
from .sources import Columns

__all__ = ["find_merge_fields"]

_MAX_ROWS = 1000
_FIELD = re.compile(r"\{\{([^{}]+)\}\}|\{([^{}]+)\}")


def find_merge_fields(
    path: str, text: str, encoding: str | None = None, sheet: str | None = None
) -> dict[str, str]:
    """Return the columns of a file that its first texts name in braces.

    Args:
        path: The file, which is not a pipe.
        text: The name of the column of texts.
        encoding: The encoding of a CSV or JSON Lines file; see `estimate`.
        sheet: The sheet of a workbook; see `estimate`.

    Returns:
        The name of each column, and how the first text has it: "{name}" or "{{name}}".

    Raises:
        OSError, SourceError, MissingExtraError, ValueError: As for `open_source`.
    """
    columns = Columns(text, keep=True, encoding=encoding, sheet=sheet)
    with open_file(path, columns) as source:
        batch = next(iter(source), None)
        names = source.header
    if batch is None:
        return {}
    rows = array("i", range(min(_MAX_ROWS, len(batch.texts))))
    found: dict[str, str] = {}
    for row_text in listed_rows(batch.texts, memoryview(rows)):
        for match in _FIELD.finditer(row_text or ""):
            if (name := match[1] or match[2]) in names:
                found.setdefault(name, match[0])
    return found
